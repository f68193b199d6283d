"""A company that keeps no reference at all: its lines are found by terminal, slip number and amount together.

Runs the program of $MADOGUCHI_BUILD with a paper till.
"""
import datetime
import json
import os
import shutil
import tempfile
import unittest

from finance_service import FinanceService, today
from harness import store

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
DAY = today() - datetime.timedelta(days=10)
PAY_ON = today() + datetime.timedelta(days=20)


def statement(rows):
    """An aggregator-daily file with slips. ROWS are (slip, yen, hour), or with a day behind them."""
    lines = ['"明細番号","加盟店取引ID","決済会社取引ID","ブランド","端末番号","伝票番号","取引日時","取引区分","取引金額","手数料",'
             '"入金予定日","入金番号"']
    for number, (slip, yen, hour, *day) in enumerate(rows, 1):
        on = day[0] if day else DAY
        lines.append(f'"{number}","","","visa","KO-01","{slip}","{on:%Y/%m/%d} {hour:02}:00:00","売上","{yen}","0",'
                     f'"{PAY_ON:%Y/%m/%d}","P1"')
    lines.append(f'"合計","{len(rows)}","{sum(row[1] for row in rows)}"')
    return ("\r\n".join(lines) + "\r\n").encode("cp932")


class Slips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="slips-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.service = FinanceService(BUILD, cls.folder)
        cls.service.users = cls.service.users[:1]
        cls.addClassCleanup(cls.service.__exit__)
        cls.service.__enter__()
        cls.user = cls.service.sign_in("sato")
        till = cls.service.add_till("KO-01", date=DAY)
        till.open_day()
        cls.plain = till.sell("visa", ("juminhyo", 1), slip="00123")
        cls.twice = [till.sell("visa", ("juminhyo", 2), slip="00124") for _ in range(2)]
        cls.alone = till.sell("visa", ("juminhyo", 3))
        cls.service.wait_for_ledger(till)
        cls.user.post("/api/imports?layout=aggregator-daily&file=slips.csv",
                      statement([("123", 300, 10), ("124", 600, 11), ("0", 900, 12), ("123", 300, 10, DAY - datetime.timedelta(days=2))]),
                      "application/octet-stream")

    def pairs(self):
        with store.connect(self.service.database) as database:
            return sorted(tuple(row) for row in database.execute(
                "SELECT p.payment, m.line, m.matched_by FROM matched AS m JOIN payment AS p "
                "ON p.terminal = m.terminal AND p.started_sequence = m.sequence").fetchall())

    def test_only_what_can_be_nothing_else_is_paired(self):
        self.assertEqual(self.pairs(), [(self.plain["payment"], 2, "slip")])
        found = {(row["class"], row["amount_yen"]) for row in self.user.get("/api/discrepancies?limit=500")["rows"]}
        self.assertEqual({row for row in found if row[0] == "statement_only"},
                         {("statement_only", 600), ("statement_only", 900), ("statement_only", 300)})
        self.assertEqual({row for row in found if row[0] == "pos_only"}, {("pos_only", 600), ("pos_only", 900)})

    def test_the_evidence_shows_the_slips_of_a_line(self):
        row = next(row for row in self.user.get("/api/discrepancies?limit=500")["rows"]
                   if row["class"] == "statement_only" and row["amount_yen"] == 600)
        self.assertIn("124", json.dumps(self.user.get(f"/api/discrepancies/{row['id']}")["evidence"], ensure_ascii=False))
        self.assertIn("伝票124", row["summary"])

    def test_matched_again_from_the_beginning_it_is_the_same_and_the_audit_agrees(self):
        before = self.pairs()
        self.service.run("audit")
        self.service.run("rebuild", "--matching")
        self.assertEqual(self.pairs(), before)

    def test_the_audit_finds_a_pair_whose_slip_is_another(self):
        with store.connect(self.service.database) as database:
            database.execute("UPDATE matched SET line = 3 WHERE matched_by = 'slip'")
            database.commit()
        try:
            findings = json.loads(self.service.run("audit", "--json", expect=1))["findings"]
            self.assertEqual({(row["code"], row["difference_yen"]) for row in findings}, {
                ("match_differs", 300), ("match_unjustified", 300), ("line_left_out", -300), ("line_in_two_places", 600)})
        finally:
            with store.connect(self.service.database) as database:
                database.execute("UPDATE matched SET line = 2 WHERE matched_by = 'slip'")
                database.commit()
        self.service.run("audit")


if __name__ == "__main__":
    unittest.main()
