"""One bad day of a city: every way in which payments, statements and deposits can disagree arises once, by its name and to
the yen. The worked day of docs/reconciliation.md is this one.

Runs the program of $MADOGUCHI_BUILD with a paper till. 訓練取引の混入 needs a layout that names training: matcher_test.c.
"""
import datetime
import json
import os
import shutil
import tempfile
import unittest

import finance_service
from finance_service import FinanceService, bank_record, statement, today
from harness.http import Refused

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
DAY = today() - datetime.timedelta(days=10)
PAY_ON = today() - datetime.timedelta(days=3)
KANA = "ｶ)ﾐﾎﾝｹﾂｻｲ"
TERMS = [{"code": "agg", "name": "みほん決済", "trustee": "AGG", "closing": "daily", "pay_after": 2, "holiday": "after",
          "statement_days": 1, "deposit": "gross", "valid_from": "2020-01-01"},
         {"code": "agg-visa", "name": "みほん決済 Visa", "trustee": "AGG", "brand": "visa", "closing": "daily", "pay_after": 2,
          "holiday": "after", "statement_days": 1, "deposit": "gross", "fee_rate": 10000, "fee_rounding": "floor",
          "fee_unit": "line", "valid_from": "2020-01-01"}]
# class: (yen of each row, what its sentence says)
WANTED = {
    "pos_only": ([300], "POSにあり、明細にない"),
    "statement_only": ([999], "明細にあり、POSにない"),
    "amount_differs": ([10], "明細が10円多い"),
    "count_differs": ([1000, 500, 1500], "合計の金額は等しい"),
    "brand_differs": ([900], "ブランドが違う"),
    "duplicate": ([300], "明細に同じ取引が重ねてある"),
    "reversal_only": ([-50], "POSにその取消・返金がない"),
    "paid_though_voided": ([450], "取消・返金がない"),
    "cut_off": ([1800], "日付が違う"),
    "fee_differs": ([5], "取決め（1%、明細ごとに切捨て）では4円"),
    "deposit_short": ([1800], "予定 1,800円、入金 0円"),
    "deposit_over": ([1], "差 1円"),
    "transfer_fee_deducted": ([440], "振込手数料の範囲内"),
    "still_unknown": ([300], "決済の結果が分からない"),
    "in_doubt": ([300], "カードの処理が完了したか分からない"),
}


class ClassesTest(unittest.TestCase):
    def start(self):
        folder = tempfile.mkdtemp(prefix="classes-")
        self.addCleanup(shutil.rmtree, folder, True)
        masters = json.loads(finance_service.MASTERS.read_text())
        masters["terms"] = TERMS
        service = FinanceService(BUILD, folder)
        service.users = service.users[:1]
        service.masters = service.folder / "masters.json"
        service.masters.write_text(json.dumps(masters, ensure_ascii=False))
        self.addCleanup(service.__exit__)
        service.__enter__()
        return service

    @staticmethod
    def sell(service):
        """Payments of 300, 600 … 1,800 yen by paypay, one by visa that is voided, and two whose outcome is not known."""
        till = service.add_till("KO-01", date=DAY)
        till.open_day()
        till.sales = [till.sell("paypay", ("juminhyo", 1 + n)) for n in range(6)]
        till.alone = till.sell("paypay", ("juminhyo", 1))
        till.voided = till.sell("visa", ("koseki", 1))
        till.void(till.voided)
        till.leave_unknown(till.start_payment("paypay", ("juminhyo", 1)))
        till.leave_in_doubt(till.start_payment("suica", ("juminhyo", 1)))
        service.wait_for_ledger(till)
        return till

    @staticmethod
    def import_all(user, till):
        def line(sale, **more):
            return {"reference": sale["payment"], "acquirer": sale["acquirer_reference"], "yen": sale["total_yen"], **more}

        def send(content, file, layout="aggregator-daily"):
            return user.post(f"/api/imports?layout={layout}&file={file}", content, "application/octet-stream")
        first, second, third, fourth, fifth, sixth = till.sales
        send(statement([
            line(first), line(first, payout="P2"),
            line(second, yen=610, payout="P2"),
            line(third, brand="merpay", payout="P2"),
            line(fourth, payout="P3"),
            line(fifth, yen=1000, acquirer="part-1", payout="P3"), line(fifth, yen=500, acquirer="part-2", payout="P3"),
            line(till.voided, brand="visa", payout="P1"),
            {"reference": "ffffffff-ffff-7fff-8fff-ffffffffffff", "acquirer": "QX", "yen": 999, "payout": "P1"},
            {"reference": "ffffffff-ffff-7fff-8fff-fffffffffffe", "acquirer": "QY", "yen": -50, "kind": "取消", "payout": "P1"},
        ], DAY, PAY_ON), "day.csv")
        send(statement([line(sixth, payout="P4")], DAY + datetime.timedelta(days=1), PAY_ON), "next-day.csv")
        # P1: 300 + 450 + 999 - 50 = 1,699; P2: 300 + 610 + 900 = 1,810; P3: 1,200 + 1,000 + 500 = 2,700; P4: 1,800
        send(bank_record([(1699, KANA, "P1"), (1811, KANA, "P2"), (2260, KANA, "P3")], PAY_ON), "bank.txt", "zengin-03")
        return send

    def test_every_class_arises_once_with_its_yen_and_its_evidence(self):
        service = self.start()
        user = service.sign_in("sato")
        till = self.sell(service)
        send = self.import_all(user, till)

        found = {}
        for row in user.get("/api/discrepancies?limit=500")["rows"]:
            found.setdefault(row["class"], []).append(row)

        if os.environ.get("SHOW_THE_DAY"):
            print(service.run("discrepancies", expect=1))
        self.assertEqual({name: sorted(row["amount_yen"] for row in rows) for name, rows in found.items()},
                         {name: sorted(yen) for name, (yen, _) in WANTED.items()})
        for name, rows in found.items():
            for row in rows:
                self.assertIn(WANTED[name][1], row["summary"])
                evidence = user.get(f"/api/discrepancies/{row['id']}")["evidence"]
                self.assertTrue(evidence["journal"] or evidence["statement"] or evidence["bank"] or row["payout"], row)
        # The remaining two are about files.
        with self.assertRaises(Refused):
            send(statement([(till.sales[0]["payment"], "x", 300)], DAY, PAY_ON).replace(b'"300"', b'"301"', 1), "cut.csv")
        incomplete = user.get("/api/discrepancies?class=file_incomplete")["rows"]
        self.assertIn("明細ファイル不完全", incomplete[0]["summary"])
        again = send(bank_record([(1699, KANA, "P1"), (1811, KANA, "P2"), (2260, KANA, "P3")], PAY_ON), "bank.txt", "zengin-03")
        self.assertIn("同一ファイル再取込", again["message"])

    def test_the_order_in_which_files_come_changes_nothing(self):
        """The bank's record before the statements, and a run between all of them."""
        service = self.start()
        user = service.sign_in("sato")
        till = self.sell(service)
        user.post("/api/reconcile")
        send = self.import_all(user, till)
        before = self.facts(user)
        user.post("/api/reconcile")
        self.assertEqual(self.facts(user), before, "a run that finds nothing new changes nothing")
        self.assertEqual({name for name, _, _ in before}, set(WANTED))
        self.assertTrue(send(statement([(till.alone["payment"], "x", 300)], DAY, PAY_ON, payout="P9"), "late.csv"))
        self.assertNotIn("pos_only", {name for name, _, _ in self.facts(user)}, "an open item waits until its line comes")

        wanted = self.facts(user)
        service.run("audit")
        service.run("rebuild", "--matching")
        self.assertEqual(self.facts(user), wanted, "matched again from the beginning, the day is the same")
        service.run("audit")

    @staticmethod
    def facts(user):
        rows = user.get("/api/discrepancies?limit=500")["rows"]
        return sorted((row["class"], row["amount_yen"], row["summary"]) for row in rows)


if __name__ == "__main__":
    unittest.main()
