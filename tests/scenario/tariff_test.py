"""madoguchi-pos tariff: the examples of docs/tariffs.md are what the program prints, and mistakes have their place."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve() / "pos" / "madoguchi-pos"


def run(*words, stdin=None):
    return subprocess.run([PROGRAM, "tariff", *map(str, words)], capture_output=True, text=True, check=False, input=stdin,
                          timeout=60)


def blocks_of_page():
    """The fenced blocks of the page: (language, text)."""
    page = (ROOT / "docs" / "tariffs.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    def check(self, text):
        path = self.write("t.json", text)
        result = run("--check", path)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.returncode, 1)
        return [line.removeprefix(f"{path}:") for line in result.stderr.splitlines()]


class Page(Commands):
    def setUp(self):
        super().setUp()
        rows = [json.loads(text) for language, text in blocks_of_page() if language == "json"]
        self.file = self.write("t.json", {"tariffs": [row for row in rows if "form" in row],
                                          "reductions": [row for row in rows if "granters" in row]})

    def test_every_row_of_the_page_is_right(self):
        result = run("--check", self.file)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, f"{self.file}: 料金 7 件、減免 1 件。誤りはありません。\n")

    def test_every_case_of_the_page_is_priced_as_the_page_says(self):
        blocks = blocks_of_page()
        cases = 0
        for (language, text), (_, printed) in zip(blocks, blocks[1:]):
            if language == "json" and "facts" in json.loads(text):
                result = run("--file", self.file, "--case", self.write("case.json", text))
                self.assertEqual((result.stderr, result.stdout), ("", printed))
                cases += 1
        self.assertEqual(cases, 9)

    def test_every_form_asks_for_the_facts_that_the_page_names(self):
        asked = {}
        for code in ("koseki", "tochi-hyoka", "josetsuten", "tobu-kojin", "bunka-hall", "hayama-p", "churin-teiki"):
            answer = json.loads(run("--file", self.file, "--questions", code).stdout)
            asked[answer["form"]] = [question["id"] for question in answer["questions"]]
        self.assertEqual(asked, {
            "fixed": ["quantity"], "steps": ["count", "copies"], "persons": ["bands", "persons"],
            "bands": ["used_on", "use", "hours", "air", "equipment", "residence", "fee"],
            "parking": ["entered_at", "left_at", "lost_ticket", "prepaid_at", "prepaid_yen"],
            "season": ["class", "period", "starts_on", "quantity"]})

    def test_a_price_as_json_adds_up(self):
        case = self.write("case.json", {"tariff": "josetsuten", "on": "2026-11-22", "facts": {"persons": {"adult": 2, "child": 3}}})
        answer = json.loads(run("--file", self.file, "--case", case, "--json").stdout)
        self.assertEqual((answer["tariff"], answer["on"], answer["total_yen"]), ("josetsuten", "2026-11-22", 400))
        self.assertEqual([(line["label"], line["quantity"], line["amount_yen"]) for line in answer["lines"]],
                         [("一般", 2, 400), ("小中学生", 3, 0)])
        for line in answer["lines"]:
            self.assertEqual(sum(row["yen"] for row in line["rows"]), line["amount_yen"])


class Mistakes(Commands):
    def test_every_wrong_row_is_told_with_its_line(self):
        told = self.check('{\n "tariffs": [\n'
                          '  {"code":"a","name":"A","form":"fixed","valid_from":"2026-04-01",\n   "price_yen":"450"},\n'
                          '  {"code":"b","name":"B","form":"fixed","valid_from":"2026-04-01"},\n'
                          '  {"code":"c","name":"C","form":"fixed","valid_from":"2026-04-01","price_yen":1,"prise":2}],\n'
                          ' "reductions": [{"code":"r","name":"R","granters":[],"rates":[],"valid_from":"2026-04-01"}]}')
        self.assertEqual([line.split(" ")[0] for line in told],
                         ["4:4:", "5:3:", "6:81:", "7:40:", ""])
        self.assertIn("tariffs[0].price_yen: 0 から 9999999 の整数(円)を書いてください", told[0])
        self.assertIn("tariffs[2].prise: ", told[2])

    def test_rows_of_one_code_that_overlap_are_told_with_both_lines(self):
        row = '{"code":"a","name":"A","form":"fixed","price_yen":1,"valid_from":"%s","valid_to":%s}'
        told = self.check('{"tariffs":[\n' + ",\n".join((row % ("2026-04-01", "null"), row % ("2025-04-01", '"2026-03-31"'),
                                                        row % ("2027-04-01", "null"))) + "]}")
        self.assertEqual(len(told), 2)
        self.assertIn("4:53: tariffs[2].valid_from: a は 2 行目の tariffs[0] と有効期間が重なります", told[0])

    def test_what_is_no_json_is_told_with_its_line(self):
        self.assertEqual(self.check('{"tariffs":[\n {"code":"a",}]}'), ["2:14: a key in quotes is missing"])
        self.assertEqual(self.check('{"tariffs":[],\n"tariffs":[]}'),
                         ['2:1: the key "tariffs" stands twice in one object'])
        self.assertEqual(self.check('{"tarifs":[]}'), ["1:2: tarifs: ここに書けるのは tariffs と reductions です"])

    def test_a_case_that_has_no_price_is_told_in_a_sentence(self):
        file = self.write("t.json", {"tariffs": [{"code": "a", "name": "A", "form": "fixed", "price_yen": 1, "valid_from": "2026-04-01"}]})
        for case, said in (
                ({"tariff": "a", "on": "2026-11-22", "facts": {"quantity": 0}}, "「数量」は 1 から 999 の整数で入れてください。"),
                ({"tariff": "a", "on": "2026-03-31", "facts": {}}, "2026-03-31 に有効な a が tariffs にありません"),
                ({"tariff": "a", "on": "2026-11-31", "facts": {}}, "on: 営業日を 2026-11-22 の形で書いてください"),
                ({"tariff": "a", "on": "2026-11-22", "fact": {}}, "fact: ここには書けない項目です"),
                ({"tariff": "a", "on": "2026-11-22", "reductions": [{"rule": "r"}]}, "有効な r が reductions にありません")):
            result = run("--file", file, "--case", self.write("case.json", case))
            self.assertEqual((result.returncode, result.stdout), (3, ""))
            self.assertIn(said, result.stderr)

    def test_files_and_options_that_do_not_fit_have_their_exit_codes(self):
        self.assertEqual(run("--check", self.folder / "none.json").returncode, 3)
        self.assertEqual(run("--check", "a", "--case", "b").returncode, 2)
        self.assertEqual(run("--file", "a").returncode, 2)
        self.assertEqual(run("--fiel", "a").returncode, 2)
        self.assertEqual(run("--help").returncode, 0)
        self.assertEqual(run("--check", "-", stdin='{"tariffs":[]}').returncode, 0)

    def test_the_sample_masters_are_a_file_of_tariffs(self):
        result = run("--check", ROOT / "settlement" / "masters" / "sample" / "koriyama.json")
        self.assertEqual((result.returncode, result.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
