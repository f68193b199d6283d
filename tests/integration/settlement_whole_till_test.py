"""What finance sees of a till that does all that a till can do: the sale with how its price came about, refunds, the drawer's day,
収納日報, 利用料金, 調定 of both routes; and the audit, which must agree."""
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from finance_service import MASTERS, FinanceService, today  # noqa: E402
from gym_till import GymTill, line  # noqa: E402
from harness.http import Refused  # noqa: E402

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
SANITIZER_MARKS = ("AddressSanitizer", "runtime error:", "LeakSanitizer", "ThreadSanitizer")
DAY = today() - datetime.timedelta(days=3)
NEXT = DAY + datetime.timedelta(days=1)

REDUCTION = {"rule": "disabled", "name": "障害者減免", "granter": "障がい福祉課", "yen": 500}
PRICING = {"tariff": "gym-2026", "set": 1, "facts": {"hours": 2},
           "rows": [{"text": "1時間1,000円×2", "yen": 2000}, {"text": "障害者減免", "yen": -500}]}
OVERRIDE = {"list_price_yen": 500, "reason": "精算機の故障", "approved_by": "suzuki"}


def setUpModule(screens=None):
    """One city for all: a gym of the city's, an arena whose fees are its operator's, two days of one till."""
    global service, till, user, sales, folder
    folder = tempfile.mkdtemp(prefix="whole-")
    unittest.addModuleCleanup(shutil.rmtree, folder, True)
    service = FinanceService(BUILD, folder, screens)
    unittest.addModuleCleanup(service.__exit__)
    service.__enter__()
    load_facilities()
    user = service.sign_in("sato")
    code = json.loads(service.run("enrol-code", "--terminal", "KO-11", "--place", "museum-1", "--json"))["code"]
    till = GymTill(service.folder, service.port, "KO-11", code, "museum-1", DAY)
    till.append("masters.applied", version=2, sha256="0" * 64)
    sales = {}
    first_day()
    second_day()
    service.wait_for_ledger(till)


def load_facilities():
    masters = json.loads(MASTERS.read_text())
    masters["version"] = 2
    masters["facilities"] += [
        {"code": "gym", "name": "東部体育館", "section": "bijutsukan", "revenue": "usage_fee", "valid_from": "2020-04-01"},
        {"code": "arena", "name": "アイスアリーナ", "section": "bijutsukan", "revenue": "operator_fee",
         "operator": "みほん管理株式会社", "valid_from": "2020-04-01"}]
    masters["drawers"] += [{"code": "D-1", "name": "体育館", "place": "museum-1", "terminal": "KO-11"}]
    file = service.folder / "masters.json"
    file.write_text(json.dumps(masters, ensure_ascii=False))
    service.run("masters", "load", "--file", file)


def first_day():
    till.begin(float_yen=30000)
    till.issue_ticket("T-1")
    till.come_in("child", 3)
    till.come_in("child", -1)
    sales["reduced"] = till.sell_lines(line("会議室", 1000, 2, item="room", facility="gym", reduction=REDUCTION,
                                            pricing=PRICING))
    sales["mixed"] = till.sell_lines(
        line("戸籍全部事項証明", 450, tax="exempt", account="14020101", section="shimin"),
        line("駐車場", 550, 2, item="parking", facility="gym", ticket="T-1"),
        cash=600, brand="paypay", reference={"kind": "reservation", "number": "Y-1234"})
    sales["overridden"] = till.sell_lines(line("駐車場", 300, item="parking", facility="gym", override=OVERRIDE))
    till.close_ticket("T-1")
    till.move_cash("in", 5000)
    till.move_cash("out", 2000)
    till.move_float("lent", 10000)
    till.inspect()
    till.hand_over("ito")
    till.move_float("returned", 5000)
    till.close(counted=till.drawer_yen - 10, reason="釣銭の渡し間違い")


def second_day():
    till.begin(float_yen=20000, date=NEXT)
    till.pay_back(till.ask_back(sales["reduced"], 500))
    sales["asked"] = till.ask_back(sales["mixed"], 950, "gateway", [{"line": 1, "amount_yen": 50},
                                                                   {"line": 2, "amount_yen": 900}])
    till.take_back(till.ask_back(sales["overridden"], 300, "bank_transfer"))
    sales["free"] = till.sell_lines(line("会議室", 1000, item="room", facility="gym", exemption={
        "rule": "official", "name": "公用", "reason": "選挙事務"}))
    sales["operators"] = till.sell_lines(line("アリーナ", 660, item="skate", facility="arena"))
    till.issue_ticket("T-2")
    till.append("drawer.opened", clerk="sato", reason="no_sale", note="両替のため")
    till.close()


def tearDownModule():
    status = service.process.stop()
    log = service.process.tail(400)
    if status != 0 or any(mark in log for mark in SANITIZER_MARKS):
        raise AssertionError(f"the service ended with {status}:\n{log}")


class Pages(unittest.TestCase):
    maxDiff = None

    def refused(self, status, code, path):
        with self.assertRaises(Refused) as refused:
            user.get(path)
        self.assertEqual((refused.exception.status, refused.exception.code), (status, code))
        self.assertRegex(refused.exception.message, "[ぁ-ん]")


class Sale(Pages):
    def test_a_reduced_line_tells_who_granted_what_and_how_the_tariff_came_to_it(self):
        sale = user.get(f"/api/sales/{sales['reduced']['sale']}")["sale"]
        one = sale["lines"][0]
        self.assertEqual(one["reduction"], REDUCTION)
        self.assertEqual(one["pricing"], PRICING)
        self.assertEqual(one["facility"], {"code": "gym", "name": "東部体育館", "is_operator_fee": False})
        self.assertEqual((one["amount_yen"], one["override"], one["exemption"]), (1500, None, None))

    def test_an_overridden_price_tells_the_list_price_and_who_allowed_it(self):
        one = user.get(f"/api/sales/{sales['overridden']['sale']}")["sale"]["lines"][0]
        self.assertEqual((one["override"], one["unit_price_yen"]), (OVERRIDE, 300))

    def test_a_mixed_sale_shows_its_parts_line_by_line(self):
        sale = user.get(f"/api/sales/{sales['mixed']['sale']}")["sale"]
        self.assertEqual(sale["parts"], [{"method": "cash", "brand": None, "amount_yen": 600},
                                         {"method": "qr", "brand": "paypay", "amount_yen": 950}])
        self.assertEqual([one["cash_yen"] for one in sale["lines"]], [450, 150])
        self.assertEqual((sale["is_mixed"], sale["lines"][1]["ticket"]), (True, "T-1"))
        self.assertEqual(sale["reference"], {"kind": "reservation", "kind_name": "予約", "number": "Y-1234"})

    def test_it_is_found_by_the_reservation(self):
        rows = user.get("/api/sales?search=Y-1234")["rows"]
        self.assertEqual([row["sale"] for row in rows], [sales["mixed"]["sale"]])

    def test_its_refunds_hang_on_it_with_their_journal_lines(self):
        answer = user.get(f"/api/sales/{sales['reduced']['sale']}")
        self.assertEqual([(row["state"], row["amount_yen"], row["means_name"]) for row in answer["refunds"]],
                         [("paid", 500, "現金")])
        self.assertEqual([one["kind"] for one in answer["journal"]], ["sale.recorded", "refund.requested", "refund.paid"])


class Refunds(Pages):
    def test_what_waits_is_listed_first_with_its_lines_and_what_is_left_of_the_sale(self):
        answer = user.get("/api/refunds")
        self.assertEqual((answer["waiting_count"], answer["waiting_yen"]), (1, 950))
        row = answer["rows"][0]
        self.assertEqual((row["refund"], row["means"], row["sale_yen"], row["refunds_yen"], row["is_too_much"]),
                         (sales["asked"]["refund"], "gateway", 1550, 950, False))
        self.assertEqual(row["lines"], [{"line": 1, "amount_yen": 50}, {"line": 2, "amount_yen": 900}])
        self.assertEqual((row["approved_by"], row["ended_on"]), ("suzuki", None))

    def test_every_state_has_its_list(self):
        self.assertEqual(len(user.get("/api/refunds?state=all")["rows"]), 3)
        paid = user.get("/api/refunds?state=paid")["rows"][0]
        self.assertEqual((paid["ended_on"], paid["ended_approved_by"]), (str(NEXT), "suzuki"))
        gone = user.get("/api/refunds?state=withdrawn")["rows"][0]
        self.assertEqual((gone["ended_reason"], gone["amount_yen"]), ("申出の取下げ", 300))
        self.refused(400, "invalid_request", "/api/refunds?state=lost")

    def test_pages_follow_each_other_without_loss(self):
        seen, after = [], None
        for _ in range(4):
            answer = user.get("/api/refunds?state=all&limit=1" + (f"&after={after}" if after else ""))
            seen += [row["refund"] for row in answer["rows"]]
            after = answer["next"]
            if after is None:
                break
        self.assertEqual((len(seen), len(set(seen))), (3, 3))

    def test_the_morning_page_waits_for_them(self):
        answer = user.get("/api/today")
        self.assertEqual((answer["refunds"]["waiting_count"], answer["refunds"]["waiting_yen"]), (1, 950))
        self.assertIn("refunds", [one["what"] for one in answer["waiting"]])


class Days(Pages):
    def day(self, date=DAY):
        row = next(row for row in user.get(f"/api/days?from={date}&to={date}")["rows"])
        return user.get(f"/api/days/{row['terminal']}/{row['sequence']}")

    def test_the_close_stands_beside_what_its_lines_say(self):
        closing = self.day()["day"]["closing"]
        for name, yen in (("float", 35000), ("cash_in", 5000), ("cash_out", 2000), ("refund_cash", 0),
                          ("expected_cash", 30000 + 1500 + 600 + 300 + 5000 - 2000 + 5000)):
            self.assertEqual(closing[name], {"said_yen": yen, "ours_yen": yen, "is_right": True}, name)
        self.assertEqual((closing["difference_yen"], closing["difference_reason"]), (-10, "釣銭の渡し間違い"))
        self.assertEqual((closing["deposit_yen"], closing["float_returned_yen"], closing["number"]), (5390, 35000, 1))

    def test_counts_are_told_by_denomination(self):
        day = self.day()
        self.assertEqual(sum(row["yen"] * row["count"] for row in day["counts"]), 40390)
        self.assertEqual(day["counts"][0], {"yen": 10000, "count": 4})

    def test_all_that_moved_the_cash_is_in_order(self):
        events = self.day()["events"]
        self.assertEqual([one["what"] for one in events],
                         ["cash_in", "cash_out", "float_lent", "inspection", "count_handover", "handover",
                          "float_returned", "count_close"])
        self.assertEqual([one["expected_yen"] for one in events if one["what"] in ("inspection", "handover")],
                         [45400, 45400])
        self.assertEqual(events[5]["other"], "ito")

    def test_the_next_day_has_its_refund_and_its_opening_without_a_sale(self):
        day = self.day(NEXT)
        self.assertEqual([one["what"] for one in day["events"]], ["refund", "count_close"])
        self.assertEqual([one["note"] for one in day["no_sale_openings"]], ["両替のため"])
        self.assertEqual(day["day"]["closing"]["refund_cash"]["ours_yen"], 500)

    def test_days_that_differ_can_be_asked_for(self):
        rows = user.get("/api/days?state=differs")["rows"]
        self.assertEqual([row["business_date"] for row in rows], [str(DAY)])
        self.assertEqual(user.get("/api/days?state=open")["rows"], [])
        self.refused(404, "not_found", "/api/days/KO-11/99999")

    def test_the_morning_page_knows_what_is_to_be_paid_in(self):
        cash = user.get(f"/api/today?date={DAY}")["cash"]
        self.assertEqual((cash["closed_count"], cash["deposit_yen"], cash["difference_yen"]), (1, 5390, -10))


class Reports(Pages):
    def rows(self, query):
        answer = user.get(f"/api/reports/receipts?{query}")
        return answer, {(row["facility"]["code"] if row["facility"] else None, row["item"]["code"], row["unit_price_yen"]): row
                        for row in answer["rows"]}

    def test_the_day_is_told_by_facility_and_item(self):
        answer, rows = self.rows(f"date={DAY}")
        self.assertEqual(answer["amount_yen"], 1500 + 1550 + 300)
        room, parking = rows["gym", "room", 1000], rows["gym", "parking", 550]
        self.assertEqual((room["quantity"], room["amount_yen"], room["reduction_yen"], room["cash_yen"]), (2, 1500, 500, 1500))
        self.assertEqual((parking["quantity"], parking["cash_yen"], parking["cashless_yen"]), (2, 150, 950))
        self.assertEqual(rows[None, "戸籍全部事項証明", 450]["cash_yen"], 450)
        self.assertEqual({(row["method"], row["brand"]): (row["count"], row["amount_yen"]) for row in answer["by_brand"]},
                         {("cash", None): (2, 2400), ("qr", "paypay"): (1, 950)})

    def test_a_period_adds_its_days_up_and_counts_what_was_free(self):
        answer, rows = self.rows(f"from={DAY}&to={NEXT}")
        self.assertEqual(rows["gym", "room", 1000]["zero_quantity"], 1)
        self.assertEqual(rows["gym", "room", 1000]["quantity"], 2)
        self.assertEqual(answer["refunds"], [{"means": "cash", "count": 1, "amount_yen": 500}])
        self.assertEqual(rows["arena", "skate", 660]["facility"]["operator"], "みほん管理株式会社")

    def test_one_facility_can_be_asked_for(self):
        answer, rows = self.rows(f"from={DAY}&to={NEXT}&facility=arena")
        self.assertEqual(list(rows), [("arena", "skate", 660)])
        self.assertEqual(answer["amount_yen"], 660)
        answer, rows = self.rows(f"date={DAY}&facility=none")
        self.assertEqual(answer["amount_yen"], 450)

    def test_visitors_and_tickets_are_counted(self):
        answer, _ = self.rows(f"from={DAY}&to={NEXT}")
        self.assertEqual([(row["facility"]["name"], row["category"], row["count"]) for row in answer["entries"]],
                         [("東部体育館", "child", 2)])
        ticket = answer["tickets"][0]
        self.assertEqual((ticket["issued"], ticket["paid"], ticket["left"], ticket["open"]), (2, 1, 0, 1))

    def test_a_period_that_is_none_is_refused(self):
        for query in (f"from={NEXT}&to={DAY}", "from=2020-01-01&to=2026-01-01", "date=2026-02-30"):
            self.refused(400, "invalid_request", f"/api/reports/receipts?{query}")


class Assessments(Pages):
    @classmethod
    def setUpClass(cls):
        cls.drafted = user.post("/api/assessments/draft", {})

    def test_the_operators_money_is_left_to_it(self):
        self.assertEqual((self.drafted["operator_count"], self.drafted["operator_yen"]), (1, 660))
        answer = user.get(f"/api/operator-revenue?from={DAY}&to={NEXT}")
        self.assertEqual(answer["amount_yen"], 660)
        row = answer["rows"][0]
        self.assertEqual((row["facility"]["name"], row["operator"], row["route_name"], row["tax_yen"]),
                         ("アイスアリーナ", "みほん管理株式会社", "現金", 60))

    def test_a_mixed_sale_is_in_two_assessments_that_add_up_to_it(self):
        links = user.get(f"/api/sales/{sales['mixed']['sale']}")["assessments"]
        routes = {}
        for link in links:
            one = user.get(f"/api/assessments/{link['id']}")["assessment"]
            evidence = user.get(f"/api/assessments/{link['id']}/evidence?limit=500")["rows"]
            routes[one["route"], one["account"]] = sum(row["amount_yen"] for row in evidence
                                                       if row["sale"] == sales["mixed"]["sale"])
            for row in evidence:
                self.assertEqual(row["method"] == "cash", one["route"] == "cash", row)
        self.assertEqual(routes, {("cash", "14020101"): 450, ("cash", "14010901"): 150, ("AGG", "14010901"): 950})


class Books(Pages):
    def test_nothing_is_parked_and_the_audit_agrees(self):
        self.assertEqual(user.get("/api/parked")["rows"], [])
        answer = json.loads(service.run("audit", "--json"))
        self.assertEqual(answer["findings"], [], answer)

    def test_the_acquirer_is_compared_with_the_cashless_part_only(self):
        row = next(row for row in user.get("/api/payments")["rows"] if row["payment"] == sales["mixed"]["payment"])
        self.assertEqual(row["amount_yen"], 950)


class PlainAccounting(Pages):
    """hledger, which knows nothing of us, adds the exported books up."""

    @classmethod
    def setUpClass(cls):
        cls.file = pathlib.Path(folder) / "books.journal"
        cls.said = service.run("export", "--plain-accounting", cls.file)

    def hledger(self, *words, file=None):
        return subprocess.run(["hledger", "--file", file or self.file, *words], env={**os.environ, "LANG": "C.UTF-8"},
                              capture_output=True, text=True, timeout=60)

    def balances(self, *words):
        done = self.hledger("balance", "--flat", "--output-format", "json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = json.loads(done.stdout)[0]
        return {row[0]: sum(self.whole_yen(amount["aquantity"]) for amount in row[3]) for row in rows}

    def whole_yen(self, quantity):
        self.assertEqual(quantity["decimalPlaces"], 0)
        return quantity["decimalMantissa"]

    def test_it_comes_to_the_same_balance_of_every_account(self):
        self.assertEqual(self.hledger("check", "--strict").stderr, "")
        balances = self.balances("--depth", "2")
        self.assertEqual(balances, {
            "assets:receivable": 950, "assets:vault": 5390 + 160, "expenses:over-short": 10, "expenses:refund": 500,
            "equity:cash-other": -3000, "revenues:14010901": -(1500 + 1100 + 300 + 660), "revenues:14020101": -450})

    def test_the_days_revenue_is_what_the_report_says(self):
        report = user.get(f"/api/reports/receipts?date={DAY}")["amount_yen"]
        balances = self.balances("--begin", str(DAY), "--end", str(NEXT), "revenues", "--depth", "1")
        self.assertEqual(balances, {"revenues": -report})

    def test_every_entry_is_named_by_its_journal_line(self):
        done = self.hledger("print", "code:KO-11:", "--output-format", "json")
        codes = [entry["tcode"] for entry in json.loads(done.stdout)]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertIn(f"KO-11:{self.sale_sequence('mixed')}", codes)

    def sale_sequence(self, name):
        return user.get(f"/api/sales/{sales[name]['sale']}")["sale"]["sequence"]

    def test_a_balanced_change_is_refused_by_the_assertions(self):
        text = self.file.read_text()
        changed = pathlib.Path(folder) / "changed.journal"
        entry = next(entry for entry in text.split("\n\n") if f"(KO-11:{self.sale_sequence('reduced')})" in entry)
        changed.write_text(text.replace(entry, entry.replace("1500 JPY", "1400 JPY")))
        self.assertNotEqual(changed.read_text(), text)
        done = self.hledger("check", file=changed)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("assertion", done.stderr)

    def test_the_same_books_give_the_same_bytes(self):
        again = pathlib.Path(folder) / "again.journal"
        service.run("export", "--plain-accounting", again)
        self.assertEqual(again.read_bytes(), self.file.read_bytes())


if __name__ == "__main__":
    unittest.main(verbosity=2)
