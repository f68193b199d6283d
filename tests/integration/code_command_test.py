"""madoguchi-pos code, as a person at a keyboard uses it."""
import base64
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve() / "pos" / "madoguchi-pos"
COUNTER = ["--merchant-presented", "--name", "KORIYAMA CITY", "--city", "KORIYAMA", "--postal-code", "9638601", "--jpqr",
           "0000000000010,0001,000001,000001", "--local-name", "郡山市役所"]


def run(*words, text=None):
    done = subprocess.run([str(PROGRAM), "code", *words], input=text, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Code(unittest.TestCase):
    def test_a_camera_reads_the_picture_as_the_payload(self):
        with tempfile.TemporaryDirectory() as folder:
            picture = pathlib.Path(folder) / "code.png"
            status, payload, errors = run(*COUNTER, "--amount-yen", "3450", "--png", str(picture))
            self.assertEqual((status, errors), (0, ""))
            seen = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, timeout=60)
        self.assertEqual(seen.stdout, payload)

    def test_our_own_code_is_known_as_the_wrong_side_of_a_payment(self):
        payload = run(*COUNTER)[1].strip()
        status, told, _ = run("--decode", payload)
        self.assertEqual(status, 1)
        self.assertIn("お店用のコードです", told)
        self.assertIn("郡山市役所", told)

    def test_a_one_time_code_from_standard_input_is_not_repeated(self):
        code = "900081810000000000000017"
        status, told, _ = run("--decode", "-", text=code + "\n")
        self.assertEqual(status, 0)
        self.assertIn("paypay", told)
        self.assertNotIn(code, told)

    def test_a_poster_is_never_made_in_the_place_of_a_code_with_an_amount(self):
        """A citizen types any amount into a poster: an empty variable in a script must not make one."""
        for amount in ("", "0", "00", "007", "-1", "1.5", "１００", "10000000", "9999999999999"):
            status, payload, errors = run(*COUNTER, "--amount-yen", amount)
            self.assertEqual((status, payload), (3, ""), amount)
            self.assertIn("--amount-yen", errors)
        self.assertIn("5407999999", run(*COUNTER, "--amount-yen", "9999999")[1])
        self.assertIn("54011", run(*COUNTER, "--amount-yen", "1")[1])

    def test_control_characters_are_neither_written_nor_shown(self):
        at = COUNTER.index("--name") + 1
        status, payload, errors = run(*COUNTER[:at], "KORI\x1b[31mYAMA", *COUNTER[at + 1:])
        self.assertEqual((status, payload), (3, ""))
        self.assertIn("--name", errors)
        hostile = "0002010102110204ABCD52049311530339254035005802JP5907K\x1b[31mO6004KORI6304"
        crc = 0xFFFF
        for byte in hostile.encode():
            crc ^= byte << 8
            for _ in range(8):
                crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
        status, told, _ = run("--decode", f"{hostile}{crc:04X}")
        self.assertEqual(status, 1)
        self.assertIn("K?[31mO", told)
        self.assertNotIn("\x1b", told)

    def test_what_a_code_has_no_room_for_is_named(self):
        def changed(option, value):
            at = COUNTER.index(option) + 1
            return [*COUNTER[:at], value, *COUNTER[at + 1:]]
        for words, said in ((changed("--name", "KORIYAMA CITY HALL OF FUKUSHIMA"), "--name"),
                            (changed("--name", "郡山市"), "--local-name"),
                            (changed("--city", "KORIYAMA FUKUSHIMA"), "--city"),
                            (changed("--postal-code", "963860A"), "--postal-code"),
                            (changed("--jpqr", COUNTER[COUNTER.index("--jpqr") + 1] + ",1"), "--jpqr")):
            status, payload, errors = run(*words)
            self.assertEqual((status, payload), (3, ""), words)
            self.assertIn(said, errors)
        for words in ((*COUNTER, "--name", "ANOTHER"), ("--merchant-presented", "--name", "--city", "K")):
            status, payload, errors = run(*words)
            self.assertEqual((status, payload), (2, ""), words)
            self.assertIn("--name", errors)

    def test_a_card_number_in_a_label_and_a_nul_are_not_shown(self):
        label = b"4111111111111111"
        template = bytes.fromhex("4f07a0000000555555") + bytes([0x50, len(label)]) + label
        code = base64.b64encode(bytes.fromhex("85054350563031" + "61") + bytes([len(template)]) + template).decode()
        _, told, _ = run("--decode", code)
        self.assertIn("application label", told)
        self.assertNotIn("4111", told)
        self.assertNotIn(label.hex(), told)
        status, told, errors = run("--decode", "-", text="900081810000000000000017\0x\n")
        self.assertEqual((status, told), (3, ""))
        self.assertIn("NUL", errors)

    def test_digits_are_as_many_as_the_profile_has(self):
        levels = COUNTER[COUNTER.index("--jpqr") + 1]
        for option, wrong in (("--postal-code", "963860"), ("--postal-code", "963-8601"), ("--jpqr", levels[:-1]),
                              ("--jpqr", levels.replace(",0001,", ",000A,")), ("--jpqr", levels + ",")):
            words = list(COUNTER)
            words[words.index(option) + 1] = wrong
            status, payload, errors = run(*words)
            self.assertEqual((status, payload), (3, ""), (option, wrong))
            self.assertIn(option, errors)
        for option, wrong in (("--category", "93"), ("--category", "939A"), ("--reference", "R" * 26), ("--terminal", "窓口")):
            status, payload, errors = run(*COUNTER, option, wrong)
            self.assertEqual((status, payload), (3, ""), (option, wrong))
            self.assertIn(option, errors)

    def test_a_card_number_in_other_clothes_is_not_shown_either(self):
        spelled = ((0x50, b"4111.1111.1111.1111"), (0x50, b"41111111 11111111"), (0x82, bytes.fromhex("4111111111111111")),
                   (0x50, b"4111111111111111\x01"))
        for tag, value in spelled:
            template = bytes.fromhex("4f07a0000000555555") + bytes([tag, len(value)]) + value
            code = base64.b64encode(bytes.fromhex("8505435056303161") + bytes([len(template)]) + template).decode()
            status, told, _ = run("--decode", code)
            self.assertEqual(status, 0, told)
            self.assertIn(f"({len(value)} bytes, not shown)", told)
            self.assertNotIn("1111", told)
            self.assertNotIn("31313131", told)

    def test_what_is_missing_is_named(self):
        status, _, errors = run(*COUNTER[:5])
        self.assertEqual(status, 3)
        self.assertIn("--jpqr", errors)

    def test_garbage_of_any_kind_is_answered_with_a_sentence(self):
        for garbage in ("", "x", "hQVDUFYwMQ==", "hQVDUFYw", "000201" + "9" * 60, "１２３", "0" * 5000):
            status, told, errors = run("--decode", garbage)
            self.assertEqual((status, errors), (1, ""), garbage)
            self.assertGreater(len(told.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
