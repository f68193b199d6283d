"""reconcile-files as a person at a keyboard uses it: several statements, a bank's record, and how it ends.

Runs the program of $MADOGUCHI_BUILD.
"""
import csv
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from finance_service import bank_record, statement

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
LAYOUTS = ROOT / "settlement" / "statements" / "layouts"
DAY = datetime.date(2026, 11, 20)
PAY_ON = datetime.date(2026, 11, 25)
SALES = "reference,acquirer_reference,brand,terminal,accepted_at,amount\n"


class ReconcileFilesTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="files-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.program = pathlib.Path(BUILD).resolve() / "settlement" / "madoguchi-settlement"

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def sales(self, *rows):
        return self.write("sales.csv", SALES + "".join(
            f"{reference},{acquirer},{brand},KO-01,2026-11-20T10:03:11+09:00,{yen}\n"
            for reference, acquirer, brand, yen in rows))

    def run_files(self, sales, statements, *words, expect=0):
        command = [self.program, "reconcile-files", "--sales", sales, "--format", LAYOUTS / "aggregator-daily.json",
                   "--out", self.folder / "out", "--json", *words]
        for path in statements:
            command += ["--statement", path]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return json.loads(done.stdout) if expect == 0 else done.stderr

    def rows(self, name):
        with open(self.folder / "out" / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_several_statements_are_one_and_lines_say_which_file_they_are_of(self):
        sales = self.sales(("a", "Q1", "paypay", 450), ("b", "Q2", "visa", 750), ("c", "Q3", "visa", 300))
        first = self.write("1.csv", statement([("a", "Q1", 450)], DAY, PAY_ON))
        second = self.write("2.csv", statement([("c", "Q3", 310), ("b", "Q2", 750)], DAY, PAY_ON, brand="visa"))

        summary = self.run_files(sales, [first, second])

        self.assertEqual((summary["statement_files"], summary["statement"]["count"], summary["statement"]["yen"]), (2, 3, 1510))
        self.assertEqual(summary["statement"]["bytes"], first.stat().st_size + second.stat().st_size)
        self.assertEqual([(row["reference"], row["line"]) for row in self.rows("matches.csv")], [("a", "2"), ("b", "2:3")])
        found = self.rows("discrepancies.csv")
        self.assertEqual([(row["class"], row["reference"], row["line"], row["sale_amount"], row["statement_amount"])
                          for row in found], [("金額相違", "c", "2:2", "300", "310")])
        self.assertIn("明細ファイル2の2行目", found[0]["evidence"])

    def test_a_line_that_two_statements_have_is_a_duplicate(self):
        sales = self.sales(("a", "Q1", "paypay", 450))
        first = self.write("1.csv", statement([("a", "Q1", 450)], DAY, PAY_ON))
        second = self.write("2.csv", statement([("a", "Q1", 450)], DAY, PAY_ON + datetime.timedelta(days=1)))
        self.run_files(sales, [first, second])
        self.assertEqual([(row["class"], row["line"], row["statement_amount"]) for row in self.rows("discrepancies.csv")],
                         [("重複", "2:2", "450")])

    def test_the_same_file_twice_is_refused_by_name(self):
        sales = self.sales(("a", "Q1", "paypay", 450))
        content = statement([("a", "Q1", 450)], DAY, PAY_ON)
        said = self.run_files(sales, [self.write("1.csv", content), self.write("2.csv", content)], expect=3)
        self.assertIn("同一ファイル再取込", said)
        self.assertIn("2.csv", said)
        self.assertFalse((self.folder / "out" / "summary.json").exists())

    def test_an_error_in_a_later_statement_names_its_place(self):
        sales = self.sales(("a", "Q1", "paypay", 450))
        first = self.write("1.csv", statement([("a", "Q1", 450)], DAY, PAY_ON))
        broken = self.write("2.csv", statement([("b", "Q2", 450)], DAY, PAY_ON).replace(b'"450"', b'"451"', 1))
        self.assertIn("2.csv:3:", self.run_files(sales, [first, broken], expect=3))

    def judge(self, rows, deposits, *words, bank_day=PAY_ON):
        sales = self.sales(*((f"r{n}", f"Q{n}", "paypay", row["yen"]) for n, row in enumerate(rows)))
        lines = [{"reference": f"r{n}", "acquirer": f"Q{n}", **row} for n, row in enumerate(rows)]
        half = max(1, len(lines) // 2)
        files = [self.write("1.csv", statement(lines[:half], DAY, PAY_ON)),
                 self.write("2.csv", statement(lines[half:], DAY, PAY_ON, terminal="KO-02"))]
        bank = self.write("bank.txt", bank_record(deposits, bank_day))
        summary = self.run_files(sales, files, "--bank", bank, "--bank-format", LAYOUTS / "zengin-03.json", *words)
        return summary, [(row["class"], row["payout"], row["expected"], row["received"], row["difference"])
                         for row in self.rows("deposits.csv")]

    def test_payouts_of_all_statements_are_followed_to_the_bank(self):
        kana = "ｶ)ﾐﾎﾝｹﾂｻｲ"
        rows = [{"yen": 1000, "payout": "P1"}, {"yen": 2000, "payout": "P2"}, {"yen": 3000, "payout": "P3"},
                {"yen": 500, "payout": "P1"}, {"yen": 700, "payout": "P4"}, {"yen": 900, "payout": "P5"}]
        summary, deposits = self.judge(rows, [
            (1500, kana, "P1"),                       # of both files
            (1200, kana, "P2"), (800, kana, "P2"),    # one payout by two transfers
            (2340, kana, "P3"),                       # 660 less: a transfer fee
            (750, kana, "P4"),                        # 50 too much
            (99, kana, "")])
        self.assertEqual(deposits, [("入金済", "P1", "1500", "1500", "0"), ("入金済", "P2", "2000", "2000", "0"),
                                    ("振込手数料差引", "P3", "3000", "2340", "-660"), ("入金過大", "P4", "700", "750", "50"),
                                    ("未入金", "P5", "900", "0", "-900"), ("入金元不明", "", "", "99", "99")])
        self.assertEqual((summary["deposits"]["payouts"], summary["deposits"]["credits"]), (5, 6))
        self.assertEqual(summary["deposits"]["classes"]["振込手数料差引"], {"count": 1, "difference_yen": -660})

    def test_a_net_payout_is_its_lines_less_their_fees(self):
        rows = [{"yen": 1000, "payout": "P1"}, {"yen": 500, "payout": "P1"}]  # the fees are 20 and 10
        self.assertEqual(self.judge(rows, [(1470, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")], "--net")[1], [("入金済", "P1", "1470", "1470", "0")])
        self.assertEqual(self.judge(rows, [(1470, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")])[1], [("振込手数料差引", "P1", "1500", "1470", "-30")])

    def test_one_transfer_of_several_payouts_and_what_is_carried_over(self):
        kana = "ｶ)ﾐﾎﾝｹﾂｻｲ"
        rows = [{"yen": 1000, "payout": "P1"}, {"yen": 2000, "payout": "P2"}]
        paid = [("入金済", "P1", "1000", "1000", "0"), ("入金済", "P2", "2000", "2000", "0")]
        self.assertEqual(self.judge(rows, [(3000, kana, "P2")])[1], paid, "its EDI names one, and it is the sum of both")
        evidence = [row["evidence"] for row in self.rows("deposits.csv")]
        self.assertIn("3,000円 ｶ)ﾐﾎﾝｹﾂｻｲ EDI P2 のうち 1,000円", evidence[0])
        self.assertEqual(self.judge(rows, [(3000, kana, "")], "--together", kana)[1], paid)
        missing = [("未入金", "P1", "1000", "0", "-1000"), ("未入金", "P2", "2000", "0", "-2000"),
                   ("入金元不明", "", "", "3000", "3000")]
        self.assertEqual(self.judge(rows, [(3000, kana, "")])[1], missing, "nobody said that it pays both")
        self.assertIn("入金番号 P1、P2 の合計", self.rows("deposits.csv")[2]["evidence"])
        self.assertEqual(self.judge(rows, [(3000, kana, "P2")], "--minimum", "1001")[1],
                         [("繰越", "P1", "0", "0", "0"), ("入金済", "P2", "3000", "3000", "0")])
        self.assertEqual(self.judge([*rows[1:], {"yen": -50, "payout": "P3", "kind": "返金"}], [(1950, kana, "P2")],
                                    "--carry-negative")[1],
                         [("入金済", "P2", "1950", "1950", "0"), ("繰越", "P3", "0", "0", "0")])

    def test_a_wrong_command_line_does_nothing(self):
        sales = self.sales(("a", "Q1", "paypay", 450))
        first = self.write("1.csv", statement([("a", "Q1", 450)], DAY, PAY_ON))
        for words in (("--bank", first), ("--out", self.folder), ("--threads", "3"), ("--minimum", "0"), ("--minimum", "1x"),
                      ("--minimum", "10000001")):
            self.run_files(sales, [first], *words, expect=2)
        said = self.run_files(sales, [first], "--bank", first, "--bank-format", LAYOUTS / "aggregator-daily.json", expect=3)
        self.assertIn("gives", said)
        self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main()
