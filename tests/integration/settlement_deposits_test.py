"""Deposits by the terms: what is to come, when, and from whom. Runs the program of $MADOGUCHI_BUILD with a paper till.

No test depends on the day it runs on: days are counted back from today, and terms are daily.
"""
import datetime
import json
import os
import pathlib
import shutil
import tempfile
import unittest

import finance_service
from finance_service import FinanceService, bank_record, statement, today
from harness import store
from harness.http import Refused

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
DAY = today() - datetime.timedelta(days=30)
KANA = "ｶ)ﾐﾎﾝｹﾂｻｲ"
OTHER_KANA = "ｶ)ﾐﾎﾝｶｰﾄﾞ"


CARD_LAYOUT = "card-daily"  # the same columns, from another company


def terms(**members):
    return {"code": "agg", "name": "みほん決済", "trustee": "AGG", "closing": "daily", "pay_after": 2, "holiday": "after",
            "statement_days": 1, "deposit": "gross", "valid_from": "2020-01-01", **members}


SAMPLE = statement([("sample", "S", 1)], DAY, DAY)
LAYOUT = pathlib.Path(__file__).parents[2] / "settlement" / "statements" / "layouts" / "aggregator-daily.json"


def name_no_pay_day(service):
    """From now on the company's statements name none."""
    layout = json.loads(LAYOUT.read_text())
    del layout["fields"]["pay_date"]
    service.put_to_use(layout, SAMPLE, "予定日の列がない")


class DepositsTest(unittest.TestCase):
    def start(self, *rows, trustees=None):
        folder = tempfile.mkdtemp(prefix="deposits-")
        self.addCleanup(shutil.rmtree, folder, True)
        masters = json.loads(finance_service.MASTERS.read_text())
        masters["terms"] = list(rows)
        masters["bank_holidays"] = []
        masters["trustees"] = trustees or masters["trustees"]
        service = FinanceService(BUILD, folder)
        service.users = service.users[:2]
        service.masters = service.folder / "masters.json"
        service.masters.write_text(json.dumps(masters, ensure_ascii=False))
        self.addCleanup(service.__exit__)
        service.__enter__()
        return service, service.sign_in("sato")

    def sell(self, service, *counts, brand="paypay"):
        till = service.add_till("KO-01", date=DAY)
        till.open_day()
        till.sales = [till.sell(brand, ("juminhyo", count)) for count in counts]
        service.wait_for_ledger(till)
        return till

    @staticmethod
    def send(user, content, file, layout="aggregator-daily"):
        return user.post(f"/api/imports?layout={layout}&file={file}", content, "application/octet-stream")

    def bank(self, user, deposits, day, file="bank.txt"):
        """With a credit of somebody else's, which dates the record."""
        self.send(user, bank_record([*deposits, (5000, "ﾀﾅｶ ﾀﾛｳ", "")], day), file, "zengin-03")

    @staticmethod
    def lines(till, *payouts):
        return [{"reference": sale["payment"], "acquirer": sale["acquirer_reference"], "yen": sale["total_yen"],
                 "payout": payout} for sale, payout in zip(till.sales, payouts)]

    @staticmethod
    def found(user):
        return [(row["class"], row["amount_yen"], row["payout"]) for row in user.get("/api/discrepancies")["rows"]]

    def deposits_found(self, user):
        return sorted(row for row in self.found(user) if row[0].startswith("deposit_"))

    @staticmethod
    def payouts(user):
        return {row["payout"]: row for row in user.get("/api/payouts")["rows"]}

    def test_a_payout_without_pay_day_is_missing_when_the_day_of_the_terms_is_past(self):
        """P1 by the terms; P0 is of a day on which there were none: the last resort."""
        service, user = self.start(terms(valid_from=f"{DAY}"))
        till = self.sell(service, 2)
        name_no_pay_day(service)
        old = DAY - datetime.timedelta(days=1)
        self.send(user, statement(self.lines(till, "P1"), DAY, DAY), "a.csv")
        self.send(user, statement([("no-sale-of-ours", "Z", 700)], old, old, payout="P0"), "old.csv")
        self.bank(user, [], DAY + datetime.timedelta(days=1), "1.txt")
        missing = lambda: [row for row in self.found(user) if row[0] != "statement_only"]
        self.assertEqual(missing(), [], "two working days later is not covered by the bank's record yet")
        rows = self.payouts(user)
        self.assertTrue(rows["P1"]["is_due_computed"])
        self.assertLess(f"{DAY + datetime.timedelta(days=1)}", rows["P1"]["due_on"])
        self.assertEqual(rows["P0"]["due_on"], f"{old + datetime.timedelta(days=67)}")

        self.bank(user, [], DAY + datetime.timedelta(days=9), "2.txt")

        self.assertEqual(missing(), [("deposit_short", 600, "P1")])
        summary = next(row["summary"] for row in user.get("/api/discrepancies")["rows"] if row["payout"] == "P1")
        self.assertIn("取決めから計算", summary)
        self.assertEqual(self.payouts(user)["P1"]["state"], "late")
        service.run("audit")
        # A company that pays another payout of this number does not pay ours.
        self.bank(user, [(600, OTHER_KANA, "P1")], DAY + datetime.timedelta(days=9), "3.txt")
        self.assertIn(("deposit_short", 600, "P1"), self.found(user))
        self.assertEqual(self.payouts(user)["P1"]["credited_yen"], 0)
        self.bank(user, [(600, KANA, "P1")], today(), "4.txt")
        self.assertEqual(self.payouts(user)["P1"]["state"], "credited")
        self.assertNotIn(("deposit_short", 600, "P1"), self.found(user))
        rows = self.payouts(user)
        service.run("rebuild", "--matching")
        self.assertEqual(self.payouts(user), rows)
        service.run("audit")

    def test_without_terms_a_payout_is_missing_after_67_days_also_by_a_record_in_which_nothing_moved(self):
        service, user = self.start()
        name_no_pay_day(service)
        sold = today() - datetime.timedelta(days=80)
        self.send(user, statement([("no-sale-of-ours", "Z", 700)], sold, sold, payout="P0"), "old.csv")
        last_resort = sold + datetime.timedelta(days=67)
        row = self.payouts(user)["P0"]
        self.assertEqual((row["due_on"], row["is_due_computed"]), (f"{last_resort}", True))

        self.send(user, bank_record([], last_resort - datetime.timedelta(days=1)), "66.txt", "zengin-03")
        self.assertEqual(self.deposits_found(user), [], "the account was looked at until the day before")
        self.send(user, bank_record([], last_resort + datetime.timedelta(days=7)), "67.txt", "zengin-03")

        self.assertEqual(self.deposits_found(user), [("deposit_short", 700, "P0")])
        self.assertEqual(self.payouts(user)["P0"]["state"], "late")
        row = next(row for row in user.get("/api/imports")["rows"] if row["file_name"] == "67.txt")
        self.assertEqual(row["to"], f"{last_resort + datetime.timedelta(days=7)}")
        service.run("audit")

    def test_a_record_of_today_says_nothing_of_money_that_may_still_come_today(self):
        service, user = self.start()
        sold = today() - datetime.timedelta(days=3)
        self.send(user, statement([("no-sale-of-ours", "Z", 700)], sold, today(), payout="P0"), "a.csv")

        self.send(user, bank_record([], today()), "today.txt", "zengin-03")

        self.assertEqual(self.deposits_found(user), [])

    def test_a_net_deposit_is_the_lines_less_their_fees(self):
        service, user = self.start(terms(deposit="net"))
        till = self.sell(service, 2, 3, 10)
        self.send(user, statement(self.lines(till, "P1", "P1", "P2"), DAY, DAY), "a.csv")
        self.bank(user, [(1470, KANA, "P1"), (1940, KANA, "P2")], DAY)  # 1,500 less 12 and 18; 3,000 less 60, and 1,000
        rows = self.payouts(user)
        self.assertEqual([(row["payout"], row["amount_yen"], row["expected_yen"], row["credited_yen"], row["state"])
                          for row in sorted(rows.values(), key=lambda row: row["payout"])],
                         [("P1", 1500, 1470, 1470, "credited"), ("P2", 3000, 2940, 1940, "short")])
        self.assertEqual(self.found(user), [("deposit_short", 1000, "P2")])
        self.assertIn("差引払い", user.get("/api/discrepancies")["rows"][0]["summary"])
        service.run("audit")
        service.run("rebuild", "--matching")
        self.assertEqual(self.payouts(user)["P1"], rows["P1"])
        service.run("audit")

    def check_rebuilt(self, service, user):
        """It is the same as if all files had come at once, and the audit agrees."""
        service.run("audit")
        rows, found = self.payouts(user), self.found(user)
        service.run("rebuild", "--matching")
        self.assertEqual(self.payouts(user), rows)
        self.assertEqual(sorted(self.found(user)), sorted(found))
        return rows

    def test_what_is_below_the_minimum_is_carried_to_the_next_payout_in_whatever_order_files_come(self):
        service, user = self.start(terms(minimum_yen=1000, carry_negative=True, together=True))
        till = self.sell(service, 2, 3, 10)
        days = [DAY + datetime.timedelta(days=number) for number in range(4)]
        first, second, third = self.lines(till, "P1", "P2", "P3")
        self.send(user, statement([first], DAY, days[0]), "1.csv")
        self.bank(user, [], days[0], "0.txt")
        self.assertEqual(self.payouts(user)["P1"]["state"], "carried")
        self.assertEqual(self.deposits_found(user), [], "too little to be transferred, so nothing is missing")
        self.send(user, statement([third], DAY, days[2]), "3.csv")
        self.bank(user, [(3600, KANA, "")], days[2], "2.txt")  # the company's one transfer of the day, without EDI
        rows = self.payouts(user)
        self.assertEqual([(rows[name]["expected_yen"], rows[name]["carry_yen"], rows[name]["carried_to"],
                           rows[name]["state"]) for name in ("P1", "P3")],
                         [(0, -600, "P3", "carried"), (3600, 600, None, "credited")])

        # A payout between the two takes it instead: 900 and 600 are enough. And one below zero is deducted later.
        self.send(user, statement([second], DAY, days[1]), "2.csv")
        self.send(user, statement([{"reference": "r", "acquirer": "R", "yen": -50, "kind": "返金", "payout": "P4"}], DAY,
                                  days[3]), "4.csv")

        rows = self.check_rebuilt(service, user)
        self.assertEqual([(rows[name]["expected_yen"], rows[name]["carry_yen"], rows[name]["carried_to"])
                          for name in ("P1", "P2", "P3", "P4")],
                         [(0, -600, "P2"), (1500, 600, None), (3000, 0, None), (0, 50, None)])
        found = {row["payout"]: row for row in user.get("/api/discrepancies")["rows"] if row["payout"]}
        self.assertEqual({name: row["amount_yen"] for name, row in found.items()
                          if row["class"] == "deposit_short"}, {"P2": 1500, "P3": 3000})
        self.assertIn("予定のうち 600円は繰越（入金番号 P1）", found["P2"]["summary"])
        self.assertEqual([row["payout"] for row in user.get("/api/payouts?state=carried")["rows"]], ["P4", "P1"])

    def test_one_payout_id_of_two_companies_is_two_payouts(self):
        by_brand = terms(fee_rate=10000, fee_rounding="floor", fee_unit="line")  # the files say 2%
        service, user = self.start(by_brand, trustees=[
            {"code": "AGG", "name": "みほん決済", "kana": KANA, "layout": "aggregator-daily"},
            {"code": "CARD", "name": "みほんカード", "kana": OTHER_KANA, "layout": CARD_LAYOUT}])
        till = self.sell(service, 2, 3)
        layout = {**json.loads(LAYOUT.read_text()), "layout": CARD_LAYOUT, "title": "カード会社の日次明細"}
        service.put_to_use(layout, SAMPLE, "二社目の明細")
        ours, theirs = self.lines(till, "P1", "P1")
        self.send(user, statement([ours], DAY, DAY), "a.csv")
        self.send(user, statement([theirs], DAY, DAY), "c.csv", CARD_LAYOUT)
        self.bank(user, [(600, KANA, "P1"), (100, OTHER_KANA, "P1")], DAY)

        agg, card = (user.get(f"/api/payouts/P1?trustee={code}") for code in ("AGG", "CARD"))

        self.assertEqual([(one["payout"]["trustee"], one["payout"]["amount_yen"], one["payout"]["credited_yen"],
                           one["payout"]["state"]) for one in (agg, card)],
                         [("AGG", 600, 600, "credited"), ("CARD", 900, 100, "short")])
        references = [[line["parsed"] for line in one["evidence"]["statement"]] for one in (agg, card)]
        for (line,), sale in zip(references, till.sales):
            self.assertIn(sale["payment"], [member["value"] for member in line])
        for one, payer in ((agg, KANA), (card, OTHER_KANA)):
            line, = one["evidence"]["bank"]
            self.assertIn(payer, [member["value"] for member in line["parsed"]])
        for address, status, code in (("P1", 409, "ambiguous_payout"), ("P1?trustee=", 404, "not_found"),
                                      ("P1?trustee=NONE", 404, "not_found"), ("P1?trustee=%FF", 404, "not_found"),
                                      ("P2?trustee=AGG", 404, "not_found"), ("P%FF", 404, "not_found")):
            with self.assertRaises(Refused) as refused:
                user.get(f"/api/payouts/{address}")
            self.assertEqual((refused.exception.status, refused.exception.code), (status, code), address)
        # What leads to a payout says whose it is.
        rows = user.get("/api/discrepancies")["rows"]
        self.assertEqual(sorted((row["class"], row["payout"], row["payout_trustee"]) for row in rows),
                         [("fee_differs", "P1", "AGG"), ("fee_differs", "P1", "CARD"),
                          ("transfer_fee_deducted", "P1", "CARD")])
        self.assertEqual([user.get(f"/api/payments/{sale['payment']}")["payment"]["statement"]["trustee"]
                          for sale in till.sales], ["AGG", "CARD"])
        service.run("audit")

    def test_a_payout_says_what_it_is_made_of_by_kind_and_brand(self):
        service, user = self.start(terms())
        rows = [{"reference": "", "acquirer": f"N{number}", "yen": yen, "payout": "P1", "brand": brand, "kind": kind}
                for number, (brand, kind, yen) in enumerate((("paypay", "売上", 1000), ("merpay", "売上", 500), ("paypay", "返金", -300), ("paypay", "売上", 200)))]
        self.send(user, statement(rows, DAY, DAY + datetime.timedelta(days=2)), "a.csv")
        one = user.get("/api/payouts/P1?trustee=AGG")
        shares = [(row["kind"], row["brand"], row["line_count"], row["amount_yen"]) for row in one["shares"]]
        self.assertEqual(shares, [("sale", "merpay", 1, 500), ("sale", "paypay", 2, 1200), ("refund", "paypay", 1, -300)])
        self.assertEqual(sum(row["amount_yen"] for row in one["shares"]), one["payout"]["amount_yen"])
        self.assertEqual(sum(row["fee_yen"] for row in one["shares"]), one["payout"]["fee_yen"])
        self.assertEqual({row["kind_name"] for row in one["shares"]}, {"売上", "返金"})

    def test_a_payout_of_a_file_that_no_company_is_known_for_is_found(self):
        service, user = self.start(trustees=[
            {"code": code, "name": "みほん決済", "kana": KANA, "layout": "paypay"} for code in ("AGG", "CARD")])
        till = self.sell(service, 2)
        self.send(user, statement(self.lines(till, "P1"), DAY, DAY), "a.csv")
        self.assertEqual([user.get(f"/api/payouts/P1{which}")["payout"]["trustee"] for which in ("", "?trustee=")],
                         ["", ""])

    def test_a_person_spreads_a_credit_over_payouts_and_takes_it_back(self):
        """Nothing names the payouts: 1,000 yen for P1 (600), P2 (300), and a part of P3 (300)."""
        service, user = self.start(terms())
        till = self.sell(service, 2, 1, 1)
        pay_on = DAY + datetime.timedelta(days=2)
        self.send(user, statement(self.lines(till, "P1", "P2", "P3"), DAY, pay_on), "a.csv")
        self.bank(user, [(1000, KANA, "")], pay_on)
        credit = next(row for row in user.get("/api/discrepancies")["rows"] if row["class"] == "deposit_over")
        place = user.get(f"/api/discrepancies/{credit['id']}")["evidence"]["bank"][0]
        portions = [{"trustee": "AGG", "payout": payout, "amount_yen": yen} for payout, yen in (("P1", 600), ("P2", 300), ("P3", 100))]
        body = {"import": place["import"], "line": place["line"], "portions": portions, "reason": "振込通知書で確認"}
        for wrong, code in (({"portions": portions[:2]}, "wrong_sum"), ({"portions": portions[:2] + portions[:1]}, "wrong_sum"),
                            ({"portions": [{**portions[0], "payout": "P9", "amount_yen": 1000}]}, "not_found"),
                            ({"line": 99}, "not_found"), ({"portions": []}, "invalid_request"), ({"reason": ""}, "invalid_request")):
            with self.assertRaises(Refused) as refused:
                user.post("/api/credits/spread", {**body, **wrong})
            self.assertEqual(refused.exception.code, code, wrong)

        decision = user.post("/api/credits/spread", body)["decision"]

        self.assertEqual({name: (row["state"], row["credited_yen"]) for name, row in self.payouts(user).items()},
                         {"P1": ("credited", 600), "P2": ("credited", 300), "P3": ("short", 100)})
        self.assertIn(("transfer_fee_deducted", 200, "P3"), self.found(user))
        self.assertEqual(user.get("/api/payouts/P3?trustee=AGG")["spreads"][0]["reason"], "振込通知書で確認")
        with self.assertRaises(Refused) as refused:
            user.post("/api/credits/spread", body)
        self.assertEqual(refused.exception.code, "decided_already")
        service.run("audit")
        before = self.payouts(user)
        service.run("rebuild", "--matching")
        self.assertEqual(self.payouts(user), before)
        self.bank(user, [(200, KANA, "P3")], today(), "2.txt")
        self.assertEqual(self.payouts(user)["P3"]["state"], "credited", "a later record leaves what a person decided")
        service.run("audit")

        user.post(f"/api/credits/spread/{decision}/undo", {"reason": "別の会社の分だった"})

        self.assertEqual({name: row["credited_yen"] for name, row in self.payouts(user).items()}, {"P1": 0, "P2": 0, "P3": 200})
        self.assertIn(("deposit_over", 1000, None), self.found(user), "open again")
        service.run("audit")
        with self.assertRaises(Refused) as refused:
            user.post(f"/api/credits/spread/{decision}/undo", {"reason": "もう一度"})
        self.assertEqual(refused.exception.code, "not_found")
        decision = user.post("/api/credits/spread", {**body, "portions": [portions[0], {**portions[1], "amount_yen": 400}]})["decision"]
        service.run("audit")
        with store.connect(service.database) as database:
            database.execute("UPDATE payout_credit SET amount_yen = amount_yen - 1 WHERE payout = 'P2' AND amount_yen = 400")
            database.commit()
        database.close()
        found = json.loads(service.run("audit", "--json", expect=1))["findings"]
        self.assertIn(("credit_spread_differs", 400, 399), [(row["code"], row["expected_yen"], row["found_yen"]) for row in found])
        self.assertTrue(decision)


if __name__ == "__main__":
    unittest.main()
