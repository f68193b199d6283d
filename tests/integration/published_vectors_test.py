"""Every published vector is asserted by a test. The table is tests/fixtures/published_vectors.json: a vector, where it was
published, the file that holds it (a fixture, or the test itself) and the tests that assert it. A vector that no file
holds any more, and a test that is gone or no longer reads the fixture, fail here by name."""
import hashlib
import json
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "fixtures" / "published_vectors.json"
FIXTURES_OF_VECTORS = ("codes/published.json", "cards/blocks.json", "wareki/two_digit_years.txt", "zengin/kana.json",
                       "zengin/sougou-furikomi.bin")


def letters(text):
    """Without what a language puts between: quotes, spaces, line ends, 0x, escapes."""
    return "".join(c for c in text.replace("\\", "") if c.isalnum()).upper()


def bytes_written(text):
    """Hexadecimal digits, however the bytes are written in C: 0x06, 0, "06 01"."""
    spelled = re.sub(r"\b0x([0-9A-Fa-f]{2})\b", r"\1", text)
    spelled = re.sub(r"(?<=[ ,{])0(?=[,}])", "00", spelled)
    return letters(spelled)


def is_held(row, value, text):
    if row.get("exact"):
        return value in text
    if row.get("bytes"):
        return letters(value) in bytes_written(text)
    return letters(value) in letters(text)


class PublishedVectors(unittest.TestCase):
    rows = json.loads(TABLE.read_text("utf-8"))

    def test_every_vector_is_held_by_the_file_that_is_said_to_hold_it(self):
        for row in self.rows:
            with self.subTest(vector=row["vector"]):
                data = (ROOT / row["held_by"]).read_bytes()
                self.assertTrue(row["values"] or "sha256" in row)
                if "sha256" in row:
                    self.assertEqual(hashlib.sha256(data).hexdigest(), row["sha256"])
                    continue
                text = data.decode("utf-8")
                for value in row["values"]:
                    self.assertTrue(is_held(row, value, text), f"{row['held_by']} does not hold {value}")

    def test_every_test_that_is_named_exists_runs_and_reads_the_vector(self):
        for row in self.rows:
            self.assertTrue(row["tests"], row["vector"])
            for test in row["tests"]:
                with self.subTest(vector=row["vector"], test=test):
                    path, name = test.split("::")
                    text = (ROOT / path).read_text("utf-8")
                    defined = rf"^\s*def {name}\(self" if path.endswith(".py") else rf"^{name}\(void \*\*state\)"
                    self.assertRegex(text, re.compile(defined, re.M))
                    if not path.endswith(".py"):
                        self.assertRegex(text, rf"\w+\({name}[,)]", "it is not in the list of main()")
                    if row["held_by"] != path:
                        self.assertIn(row["held_by"], text)

    def test_every_fixture_of_published_vectors_is_in_the_table(self):
        held = {row["held_by"] for row in self.rows}
        for name in FIXTURES_OF_VECTORS:
            self.assertIn(f"tests/fixtures/{name}", held)

    def test_the_kinds_of_vectors_are_all_there(self):
        text = " ".join(row["vector"] for row in self.rows)
        for kind in ("CRC-16", "merchant-presented", "consumer-presented", "PayPay OPA", "WeChat Pay", "Edy", "transit", "era date",
                     "name ー", "name 「」", "総合振込", "ISO 8583", "rcs300_polling_escape", "port100", "ZVT authorize", "ZVT ack",
                     "ZVT abort"):
            self.assertIn(kind, text)


if __name__ == "__main__":
    unittest.main()
