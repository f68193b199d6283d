"""収納 and 消込: which 調定 a deposit pays for, what is outstanding, and the papers of it. Runs the program of $MADOGUCHI_BUILD
with a paper till; days are counted back from today, and terms are daily.
"""
import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import uuid

import finance_service
from finance_service import FinanceService, bank_record, statement, today
from harness import store

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
DAY = today() - datetime.timedelta(days=20)
KANA = "ｶ)ﾐﾎﾝｹﾂｻｲ"
YEAR = DAY.year if DAY.month >= 4 else DAY.year - 1
ONE_DAY = datetime.timedelta(days=1)


def terms(**members):
    return {"code": "agg", "name": "みほん決済", "trustee": "AGG", "closing": "daily", "pay_after": 2, "holiday": "none",
            "statement_days": 1, "deposit": "gross", "valid_from": "2020-01-01", **members}


class Collection(unittest.TestCase):
    """Two sales by AGG in each of P1 … P3, one that no statement names, one in cash, all 調定 approved. The statements of
    these tests take a fee of 2 % a line."""

    def start(self, **members):
        folder = tempfile.mkdtemp(prefix="collection-")
        self.addCleanup(shutil.rmtree, folder, True)
        masters = json.loads(finance_service.MASTERS.read_text())
        masters["terms"], masters["bank_holidays"] = [terms(**members)], []
        self.service = FinanceService(BUILD, folder)
        self.service.users = self.service.users[:2]
        self.service.masters = self.service.folder / "masters.json"
        self.service.masters.write_text(json.dumps(masters, ensure_ascii=False))
        self.addCleanup(self.service.__exit__)
        self.service.__enter__()
        self.user, self.approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        self.till = self.service.add_till("KO-01", date=DAY)
        self.till.open_day()
        self.sales = [self.till.sell("paypay", (item, count))
                      for item, count in (("juminhyo", 1), ("koseki", 2)) * 3] + [self.till.sell("paypay", ("koseki", 1))]
        self.till.sell_for_cash(("joseki", 1))
        self.service.wait_for_ledger(self.till)
        self.approve()
        rows = [{"reference": sale["payment"], "acquirer": sale["acquirer_reference"], "yen": sale["total_yen"],
                 "payout": f"P{number // 2 + 1}"} for number, sale in enumerate(self.sales[:6])]
        self.bring(statement(rows, DAY, DAY + 2 * ONE_DAY), "a.csv")

    def approve(self):
        self.user.post("/api/assessments/draft", {})
        rows = self.user.get("/api/assessments?state=draft")["rows"]
        for user, what in ((self.user, "propose"), (self.approver, "approve")):
            rows = user.post(f"/api/assessments/{what}", {"assessments": [{"id": row["id"], "version": row["version"]}
                                                                          for row in rows]})["rows"]

    def bring(self, content, name, layout="aggregator-daily"):
        self.user.post(f"/api/imports?layout={layout}&file={name}", content, "application/octet-stream")

    def bank(self, deposits, day, name="bank.txt"):
        self.bring(bank_record([*deposits, (5000, "ﾀﾅｶ ﾀﾛｳ", "")], day), name, "zengin-03")

    def year(self, to=""):
        return self.user.get(f"/api/collection?fiscal_year={YEAR}&to={to}")

    def paper(self, path):
        pdf = self.user.get(path, raw=True)
        return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    def test_a_deposit_is_followed_to_the_assessments_it_pays(self):
        self.start()
        credited = DAY + 2 * ONE_DAY
        self.bank([(1200, KANA, "P1"), (1000, KANA, "P2")], credited)
        total = self.year()["total"]
        self.assertEqual(total, {"assessed_yen": 4800, "received_yen": 750 + 1200 + 1000, "outstanding_yen": 1850,
                                 "due_later_yen": 0, "late_yen": 200 + 1200, "unreported_yen": 450, "misses_closing_yen": 0})
        day = self.user.get(f"/api/collection/day?date={credited}")
        self.assertEqual([(row["payout"], row["came_yen"], row["revenue_yen"], row["is_whole"]) for row in day["deposits"]],
                         [("P1", 1200, 1200, True), ("P2", 1000, 1000, False)])
        self.assertEqual({part["account"]["code"]: part["amount_yen"] for part in day["deposits"][0]["parts"]},
                         {"14020101": 900, "14020102": 300})
        self.assertEqual(sum(part["amount_yen"] for part in day["deposits"][1]["parts"]), 1000)
        self.assertEqual(self.user.get(f"/api/collection/day?date={DAY}")["cash_yen"], 750)
        self.assertEqual(self.year(to=DAY)["total"]["received_yen"], 750, "as of the day before anything was credited")
        rows = self.user.get(f"/api/collection/open?fiscal_year={YEAR}")["rows"]
        self.assertEqual(sorted((row["payout"] or "", row["stand"], row["amount_yen"], row["age_days"]) for row in rows),
                         [("", "unreported", 450, (today() - DAY).days - 2), ("P2", "late", 200, (today() - DAY).days - 2),
                          ("P3", "late", 1200, (today() - DAY).days - 2)])
        one = self.user.get(f"/api/collection/open?fiscal_year={YEAR}&account=14020102")
        self.assertEqual(one["outstanding_yen"], 200 + 300, "of P2 the account with the smaller number came first")
        self.papers_say_the_same(credited)

        self.bank([(200, KANA, "P2")], credited + ONE_DAY, "2.txt")

        late = self.user.get(f"/api/collection/day?date={credited + ONE_DAY}")["deposits"]
        self.assertEqual([(row["payout"], row["came_yen"], row["revenue_yen"]) for row in late], [("P2", 200, 200)])
        self.assertEqual(self.year()["total"]["received_yen"], 750 + 2400)

    def test_a_sale_shows_the_way_of_its_money_up_to_the_banks_line(self):
        self.start()
        credited = DAY + 2 * ONE_DAY
        self.bank([(1200, KANA, "P1")], credited)
        paid = self.sales[0]
        way = self.user.get(f"/api/sales/{paid['sale']}")["way"]
        self.assertEqual([(row["payment"], row["state"], row["amount_yen"], row["line_amount_yen"], row["payout"], row["credited_on"]) for row in way],
                         [(paid["payment"], "matched", paid["total_yen"], paid["total_yen"], "P1", str(credited))])
        self.assertEqual([(line["booked_on"], line["amount_yen"]) for line in way[0]["bank"]], [(str(credited), 1200)])
        shown = self.user.get(f"/api/imports/{way[0]['import']}/lines")["rows"]
        self.assertIn(paid["payment"], next(row for row in shown if row["line"] == way[0]["line"])["raw"])
        announced = self.user.get(f"/api/sales/{self.sales[2]['sale']}")["way"][0]
        self.assertEqual((announced["payout"], announced["credited_on"], announced["bank"]), ("P2", None, []))
        unheard = self.user.get(f"/api/sales/{self.sales[6]['sale']}")["way"][0]
        self.assertEqual((unheard["line"], unheard["payout"], unheard["bank"]), (None, None, []))
        cash = next(row for row in self.user.get(f"/api/sales?date={DAY}")["rows"] if row["method"] == "cash")
        self.assertEqual(self.user.get(f"/api/sales/{cash['sale']}")["way"], [])

    def papers_say_the_same(self, credited):
        year = self.paper(f"/api/collection/paper?fiscal_year={YEAR}")
        for words in ("調定収納一覧表", "4,800", "2,950", "1,850", "地方自治法第210条"):
            self.assertIn(words, year)
        day = self.paper(f"/api/collection/day/paper?from={DAY}&to={credited}")
        for words in ("収納日計表", "現金", "P1", "2,950"):
            self.assertIn(words, day)
        rows = self.user.get(f"/api/collection/day/paper?date={credited}&format=csv", raw=True).decode("utf-8-sig").splitlines()
        self.assertEqual(len(rows), 1 + 2 + 2, "head, and two accounts of either payout")
        with self.assertRaises(finance_service.http.Refused) as refused:
            self.user.get("/api/collection/day?from=2020-01-01&to=2026-01-01")
        self.assertIn("400日", refused.exception.message)

    def test_a_net_deposit_is_income_in_full_and_its_fee_expenditure(self):
        self.start(deposit="net")
        credited = DAY + 2 * ONE_DAY
        self.bank([(1176, KANA, "P1"), (1177, KANA, "P2")], credited)  # a yen too much for P2
        self.assertEqual(self.year()["total"]["received_yen"], 750 + 2400)
        deposits = self.user.get(f"/api/collection/day?date={credited}")["deposits"]
        self.assertEqual([(row["came_yen"], row["revenue_yen"], row["deducted_fee_yen"], row["other_yen"]) for row in deposits],
                         [(1176, 1200, 24, 0), (1177, 1200, 24, 1)])
        text = self.paper(f"/api/collection/fees/paper?date={credited}")
        for words in ("決済手数料支出依頼書", "役務費", "差引", "2,400", "48", "2,353"):
            self.assertIn(words, text)

    def test_a_payment_that_came_in_pieces_pays_its_assessment_in_full_when_their_deposit_has_come(self):
        self.start()
        pieces = [{"reference": f"LOST-{yen}", "acquirer": f"L{yen}", "yen": yen, "payout": "P9"} for yen in (150, 300)]
        self.bring(statement(pieces, DAY, DAY + 2 * ONE_DAY), "b.csv")
        rows = self.user.get("/api/discrepancies?limit=500")["rows"]
        lines = [row["side"] for row in rows if row["class"] == "statement_only"]
        ours = next(row["side"] for row in rows if row["payment"] == self.sales[6]["payment"])
        self.assertEqual(self.user.get(f"/api/collection/open?fiscal_year={YEAR}")["rows"][0]["stand"], "unreported")
        self.user.post("/api/splits", {**ours, "lines": lines, "reason": "二つに分かれた"})
        before = self.year()["total"]["received_yen"]
        self.bank([(450, KANA, "P9")], DAY + 2 * ONE_DAY, "b.txt")
        self.assertEqual(self.year()["total"]["received_yen"] - before, 450)
        self.assertEqual(self.year()["total"]["unreported_yen"], 0)
        self.service.run("audit")

    def test_a_fee_that_a_person_accepted_and_a_pair_that_a_person_made_count_as_received(self):
        self.start()
        self.bank([(760, KANA, "P1")], DAY + 2 * ONE_DAY)
        self.assertEqual(self.year()["total"]["received_yen"], 750 + 760)
        row = next(row for row in self.user.get("/api/discrepancies")["rows"] if row["class"] == "transfer_fee_deducted")
        self.user.post(f"/api/discrepancies/{row['id']}/resolve", {"kind": "fee_accepted", "reason": "440円の振込手数料", "version": row["version"]})
        self.assertEqual(self.year()["total"]["received_yen"], 750 + 1200)
        last = self.sales[6]
        self.bring(statement([{"reference": "", "acquirer": "LOST", "yen": 450, "payout": "P9"}], DAY, DAY + 2 * ONE_DAY), "b.csv")
        self.bank([(450, KANA, "P9")], DAY + 2 * ONE_DAY, "b.txt")
        before = self.year()["total"]["received_yen"]
        self.assertEqual(before, 750 + 1200)
        rows = self.user.get("/api/discrepancies")["rows"]
        ours = next(row["side"] for row in rows if row["payment"] == last["payment"])
        theirs = next(row["side"] for row in rows if row["class"] == "statement_only")
        self.user.post("/api/pairs", {**ours, **theirs, "reason": "控えで確認"})
        self.assertEqual(self.year()["total"]["received_yen"], before + 450)

    def test_a_void_after_the_deposit_leaves_no_revenue_and_shows_what_waits(self):
        self.start()
        credited = DAY + 2 * ONE_DAY
        self.till.void(self.sales[0])
        self.service.wait_for_ledger(self.till)
        self.approve()
        self.bank([(1200, KANA, "P1")], credited)
        total = self.year()["total"]
        self.assertEqual((total["assessed_yen"], total["received_yen"]), (4500, 750 + 900))
        deposit = self.user.get(f"/api/collection/day?date={credited}")["deposits"][0]
        self.assertEqual((deposit["revenue_yen"], deposit["other_yen"]), (900, 300), "300 yen of nobody's 調定")
        self.a_part_paid_back_on_a_later_day_is_a_decrease()

    def a_part_paid_back_on_a_later_day_is_a_decrease(self):
        refund = {"refund": str(uuid.uuid4()), "sale": self.sales[1]["sale"], "amount_yen": 450, "means": "gateway"}
        self.till.date = DAY + ONE_DAY
        self.till.append("refund.requested", receipt_number=self.sales[1]["receipt_number"], reason="重複", clerk="sato",
                         approved_by="suzuki", lines=[{"line": 1, "amount_yen": 450}], **refund)
        self.till.append("refund.paid", clerk="sato", approved_by="suzuki", **refund)
        self.service.wait_for_ledger(self.till)
        self.approve()
        decrease = self.user.get("/api/assessments?kind=decrease&route=AGG&account=14020101")["rows"]
        self.assertEqual([(row["amount_yen"], row["count"], row["state"]) for row in decrease], [(450, 1, "approved")])
        total = self.year()["total"]
        self.assertEqual((total["assessed_yen"], total["received_yen"]), (4500 - 450, 750 + 450))
        told = self.user.get("/api/refunds?state=paid")["rows"][0]
        self.assertEqual((told["treatment"], told["treatment_year"]), ("decrease", YEAR))
        self.service.run("audit")
        self.a_store_that_another_program_holds_is_told_in_words()

    def a_store_that_another_program_holds_is_told_in_words(self):
        if store.is_postgresql():
            return  # a row waits there, and is given as soon as the other is done
        with sqlite3.connect(self.service.database, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            with self.assertRaises(finance_service.http.Refused) as refused:
                self.user.post("/api/assessments/draft", {})
            other.execute("ROLLBACK")
        other.close()
        self.assertEqual((refused.exception.status, refused.exception.code), (503, "busy"))
        self.assertIn("ほかの処理がデータベースを使っている", refused.exception.message)
        self.user.post("/api/assessments/draft", {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
