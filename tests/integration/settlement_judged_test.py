"""What a person has judged, and what comes after it: another line, a corrected file, a change of mind. Runs the program of $MADOGUCHI_BUILD."""
import datetime
import os
import shutil
import tempfile
import unittest

import finance_service
from finance_service import FinanceService, statement, today

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
DAY = today() - datetime.timedelta(days=12)
PAY_ON = DAY + datetime.timedelta(days=3)


class Judged(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="judged-")
        self.addCleanup(shutil.rmtree, folder, True)
        self.service = FinanceService(BUILD, folder)
        self.service.users = finance_service.USERS[:2]
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        till = self.service.add_till("KO-01", date=DAY)
        till.open_day()
        self.sale = till.sell("paypay", ("juminhyo", 3))
        self.yen = self.sale["total_yen"]
        self.service.wait_for_ledger(till)
        self.user, self.approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")

    def bring(self, name, yen, payout="P1", day=DAY, more=""):
        rows = [{"reference": self.sale["payment"], "acquirer": self.sale["acquirer_reference"], "yen": yen, "day": day}]
        return self.user.post(f"/api/imports?layout=aggregator-daily&file={name}{more}", statement(rows, DAY, PAY_ON, payout=payout), "application/octet-stream")

    def correct(self, earlier, name, yen, **more):
        proposal = self.bring(name, yen, more=f"&supersedes={earlier['import']['id']}&reason=teisei", **more)
        self.approver.post(f"/api/replacements/{proposal['replacement']}/confirm", {"reason": "連絡どおり"})
        return proposal

    def open(self):
        return sorted((row["class"], row["amount_yen"]) for row in self.user.get("/api/discrepancies?state=open")["rows"] if row["class"] not in ("deposit_short", "deposit_over"))

    def row(self, name, state="open"):
        return next(row for row in self.user.get(f"/api/discrepancies?state={state}")["rows"] if row["class"] == name)

    def resolve(self, name):
        row = self.row(name)
        answer = self.user.post(f"/api/discrepancies/{row['id']}/resolve", {"kind": "explained", "reason": "電話で確かめた", "version": row["version"]})
        self.user.post("/api/reconcile")
        return row, answer

    def audit(self):
        self.service.run("audit")  # exit 1 when it finds anything

    def test_a_payment_whose_difference_was_judged_and_that_is_reported_once_more_is_a_duplicate(self):
        self.bring("a.csv", self.yen + 50)
        self.resolve("amount_differs")
        self.assertEqual(self.open(), [])
        self.bring("b.csv", self.yen + 50, payout="P2")
        for _ in range(2):  # and no later run forgets it
            self.assertEqual(self.open(), [("duplicate", self.yen + 50)])
            self.audit()
            self.user.post("/api/reconcile")
        self.resolve("duplicate")
        self.assertEqual(self.open(), [])
        self.audit()

    def test_a_remark_that_was_read_does_not_hide_a_difference_that_a_corrected_file_brings(self):
        first = self.bring("a.csv", self.yen, day=DAY + datetime.timedelta(days=2))
        self.resolve("cut_off")
        self.correct(first, "b.csv", self.yen + 50, day=DAY + datetime.timedelta(days=2))
        for _ in range(2):
            self.assertIn(("amount_differs", 50), self.open())
            self.audit()
            self.user.post("/api/reconcile")

    def test_a_difference_that_was_judged_is_judged_anew_when_a_corrected_file_says_another_one(self):
        first = self.bring("a.csv", self.yen + 50)
        judged, _ = self.resolve("amount_differs")
        self.correct(first, "b.csv", self.yen + 90)
        for _ in range(2):
            self.assertIn(("amount_differs", 90), self.open())
            self.audit()
            self.user.post("/api/reconcile")
        again = self.user.get(f"/api/discrepancies/{judged['id']}")
        version = again.get("version", again.get("discrepancy", {}).get("version"))
        self.user.post(f"/api/discrepancies/{judged['id']}/undo", {"reason": "古い行のことだった", "version": version})
        self.user.post("/api/reconcile")
        self.assertIn(("amount_differs", 90), self.open())
        self.audit()


if __name__ == "__main__":
    unittest.main()
