"""What follows from the terms with a payment company: what is late, what is missing, what its fee should be.

Runs the program of $MADOGUCHI_BUILD with paper tills. No test depends on the day it runs on: all terms are daily and count
working days, and the holidays of the test's masters are none.
"""
import datetime
import json
import os
import shutil
import tempfile
import unittest

import finance_service
from finance_service import FinanceService, statement, today

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
LONG_AGO = datetime.timedelta(days=10)


def row(code, **members):
    return {"code": code, "name": code, "trustee": "AGG", "closing": "daily", "pay_after": 2, "holiday": "after",
            "statement_days": 1, "deposit": "gross", "valid_from": "2020-01-01", **members}


class TermsTest(unittest.TestCase):
    def start(self, *terms, holidays=()):
        folder = tempfile.mkdtemp(prefix="terms-")
        self.addCleanup(shutil.rmtree, folder, True)
        masters = json.loads(finance_service.MASTERS.read_text())
        masters["terms"] = list(terms)
        masters["bank_holidays"] = [{"code": f"{day}", "name": "祝日"} for day in holidays]
        service = FinanceService(BUILD, folder)
        service.users = service.users[:1]
        service.masters = service.folder / "masters.json"
        service.masters.write_text(json.dumps(masters, ensure_ascii=False))
        self.addCleanup(service.__exit__)
        service.__enter__()
        return service

    def sell(self, service, *, day=None, brands=("paypay",), terminal="KO-01"):
        till = service.add_till(terminal, date=day or today() - LONG_AGO)
        till.open_day()
        till.sales = [till.sell(brand, ("juminhyo", 2)) for brand in brands]
        service.wait_for_ledger(till)
        return till

    @staticmethod
    def late(user):
        return {row["trustee"]: row["is_late"] for row in user.get("/api/today")["statements"]}

    def test_a_statement_that_did_not_come_is_late_also_when_none_ever_came(self):
        service = self.start(row("agg"))
        user = service.sign_in("sato")
        self.assertEqual(self.late(user), {"AGG": False, "CARD": False}, "nothing was sold: nothing is expected")
        till = self.sell(service)
        self.assertEqual(self.late(user), {"AGG": True, "CARD": False})
        self.assertIn("late_statements", [waiting["what"] for waiting in user.get("/api/today")["waiting"]])

        user.post("/api/imports?layout=aggregator-daily&file=a.csv",
                  statement([(till.sales[0]["payment"], "x", 600)], till.date, today()), "application/octet-stream")

        self.assertEqual(self.late(user), {"AGG": False, "CARD": False})

    def test_a_company_that_closes_by_the_month_is_not_late_and_misses_nothing_in_between(self):
        day = today() - LONG_AGO
        closing_day = 28 if day.day > 28 else max(1, day.day - 1)  # the period of the sale ends about a month later
        for terms, is_due in ((row("agg", closing="monthly", closing_day=closing_day, pay_after=1, statement_days=10), False),
                              (row("agg"), True)):
            service = self.start(terms)
            user = service.sign_in("sato")
            self.sell(service, day=day)
            user.post("/api/reconcile")
            self.assertEqual(self.late(user)["AGG"], is_due)
            self.assertEqual([found["class"] for found in user.get("/api/discrepancies")["rows"]],
                             ["pos_only"] if is_due else [])

    def test_holidays_of_the_banks_give_the_statement_more_days(self):
        day = today() - LONG_AGO
        holidays = [day + datetime.timedelta(days=n) for n in range(1, 11)]
        service = self.start(row("agg"), holidays=holidays)
        user = service.sign_in("sato")
        self.sell(service, day=day)
        user.post("/api/reconcile")
        self.assertFalse(self.late(user)["AGG"])
        self.assertEqual(user.get("/api/discrepancies")["rows"], [])

    def test_each_brand_whose_fee_is_not_as_agreed_is_named_with_the_yen(self):
        """The statements of the tests take 2 % of each line, cut off."""
        service = self.start(row("all", fee_rate=20000, fee_rounding="floor", fee_unit="line"),
                             row("visa", brand="visa", fee_rate=15000, fee_rounding="half_up", fee_unit="payout"))
        user = service.sign_in("sato")
        till = self.sell(service, brands=("paypay", "visa", "visa"))
        rows = [{"reference": sale["payment"], "acquirer": f"q{n}", "yen": sale["total_yen"], "brand": brand}
                for n, (sale, brand) in enumerate(zip(till.sales, ("paypay", "visa", "visa")))]
        user.post("/api/imports?layout=aggregator-daily&file=a.csv", statement(rows, till.date, today()),
                  "application/octet-stream")

        found = user.get("/api/discrepancies")["rows"]

        self.assertEqual([(one["class"], one["brand"], one["amount_yen"], one["payout"]) for one in found],
                         [("fee_differs", "visa", 6, "P1")])
        self.assertIn("2件 1,200円: 明細の手数料は24円、取決め（1.5%、入金ごとに四捨五入）では18円。明細が6円多い。",
                      found[0]["summary"])
        user.post("/api/reconcile")
        self.assertEqual(len(user.get("/api/discrepancies")["rows"]), 1, "it stays until a person has read it")
        user.post(f"/api/discrepancies/{found[0]['id']}/resolve",
                  {"kind": "fee_accepted", "reason": "改定の通知が届いていた", "version": found[0]["version"]})
        user.post("/api/reconcile")
        self.assertEqual(user.get("/api/discrepancies")["rows"], [])

    def test_the_rate_of_the_day_of_the_payment_holds(self):
        change = today() - LONG_AGO
        before = f"{change - datetime.timedelta(days=1)}"
        service = self.start(row("all", fee_rate=90000, fee_rounding="floor", fee_unit="line", valid_to=before),
                             row("all", fee_rate=20000, fee_rounding="floor", fee_unit="line", valid_from=f"{change}"))
        user = service.sign_in("sato")
        till = self.sell(service)
        user.post("/api/imports?layout=aggregator-daily&file=a.csv",
                  statement([(till.sales[0]["payment"], "x", 600)], till.date, today()), "application/octet-stream")
        self.assertEqual(user.get("/api/discrepancies")["rows"], [])

    def test_the_command_line_lists_discrepancies_and_judges_as_on_a_day(self):
        service = self.start(row("agg"))
        user = service.sign_in("sato")
        day = today() - LONG_AGO
        till = self.sell(service, day=day)
        on = lambda date, expect: json.loads(service.run("reconcile", "--date", f"{date}", "--json", expect=expect))

        self.assertEqual(service.process.stop(), 0)  # it judges by today when a page is asked for
        self.assertEqual(on(day, 0)["open_count"], 0, "its statement may still come")
        self.assertEqual(json.loads(service.run("discrepancies", "--json"))["rows"], [])
        due = day + datetime.timedelta(days=7)  # after a working day, however New Year falls
        self.assertEqual(on(due, 1)["open_count"], 1)
        listed = json.loads(service.run("discrepancies", "--json", expect=1))
        self.assertEqual([(one["class"], one["amount_yen"], one["payment"], one["opened_on"]) for one in listed["rows"]],
                         [("pos_only", 600, till.sales[0]["payment"], f"{due}")])
        service.start()
        user = service.sign_in("sato")
        self.assertEqual(listed["rows"], [{key: one[key] for key in listed["rows"][0]}
                                          for one in user.get("/api/discrepancies")["rows"]])
        self.assertEqual(json.loads(service.run("discrepancies", "--class", "duplicate", "--json"))["rows"], [])
        service.run("reconcile", "--date", f"{day}", expect=3)  # a run has been there already
        service.run("reconcile", "--date", f"{today() + datetime.timedelta(days=1)}", expect=3)
        service.run("reconcile", "--date", "tomorrow", expect=2)


if __name__ == "__main__":
    unittest.main()
