"""The pages of the finance screens that read tills and sales: today, 売上, 端末, the journal, the codes.

Runs a whole city (tests/harness) with the programs of $MADOGUCHI_BUILD.
"""
import hashlib
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness.city import City  # noqa: E402
from harness.http import Refused  # noqa: E402
from harness.process import wait_until  # noqa: E402
from harness.till import Till  # noqa: E402

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
SANITIZER_MARKS = ("AddressSanitizer", "runtime error:", "LeakSanitizer", "ThreadSanitizer")
METHODS = ("cash", "qr", "emoney", "credit", "none")
USERS = {"sato": "finance", "suzuki": "approver", "kansa": "auditor", "kanri": "administrator"}
PASSWORD = "long-enough-for-a-test"


def setUpModule():
    """One city for all: two sales by each method, one of them void, and 0円 issues."""
    global city, till, users, folder
    folder = tempfile.mkdtemp(prefix="pages-")
    unittest.addModuleCleanup(shutil.rmtree, folder, True)
    city = City(BUILD, folder, payment_timeout_ms=3000, inquiry_interval_ms=150)
    unittest.addModuleCleanup(city.__exit__)
    city.start()
    for login, role in USERS.items():
        city.add_user(login, f"{role}の人", role, PASSWORD)
    users = {role: city.sign_in(login, PASSWORD) for login, role in USERS.items()}
    till = city.add_till("KO-01", "shimin-1")
    till.open()
    till.sell_for_cash("juminhyo", ("koseki-zenbu", 2), tendered=5000)
    till.sell_for_cash("inkan")
    for method, brand in (("qr", "paypay"), ("emoney", "transit_ic"), ("credit", "visa")):
        for item in ("juminhyo", "koseki-zenbu"):
            till.sell_cashless(method, brand, item)
    sell_free()
    sell_free()
    for method in ("cash", "qr", "none"):
        sale = next(s for s in till.sales() if s["method"] == method)
        till.post(f"/api/sales/{sale['sale']}/void", reason="申請の取下げ")
    wait_until("the voids", lambda: not [s for s in till.sales() if s["state"] == "voiding"])
    all_read()


def tearDownModule():
    for process in [one.process for one in city.tills.values()] + [city.settlement]:
        status = process.stop()
        log = process.tail(400)
        if status not in (0, None) or any(mark in log for mark in SANITIZER_MARKS):
            raise AssertionError(f"{process.name} ended with {status}:\n{log}")


def sell_free():
    basket = till.ring_up("juminhyo")["basket"]
    till.post("/api/basket/lines/1/exemption", rule="official", reason="公用請求(福祉課)")
    till.post("/api/pay/none", basket=basket["id"])


def all_read():
    """Everything is sent, and the ledger has read it."""
    till.all_sent()

    def is_read():
        rows = users["auditor"].get("/api/sales?limit=500")["rows"]
        ours = till.sales()
        return len(rows) == len(ours) and sum(row["is_void"] for row in rows) == sum(s["state"] == "voided" for s in ours)
    wait_until("the ledger to read it", is_read)


class Pages(unittest.TestCase):
    def setUp(self):
        self.finance, self.auditor, self.manager = users["finance"], users["auditor"], users["administrator"]

    def refused(self, status, code, call, *arguments):
        with self.assertRaises(Refused) as refused:
            call(*arguments)
        self.assertEqual((refused.exception.status, refused.exception.code), (status, code))
        self.assertRegex(refused.exception.message, "[ぁ-ん]", "a sentence for people is Japanese")


class Today(Pages):
    def test_its_sums_equal_the_tills_sales_by_every_method(self):
        today = self.finance.get("/api/today")
        sales = till.sales()
        for row in today["sales"]["by_method"]:
            ours = [s for s in sales if s["method"] == row["method"]]
            sold = [s for s in ours if s["state"] == "sold"]
            void = [s for s in ours if s["state"] == "voided"]
            self.assertTrue(sold, row)
            self.assertEqual((row["count"], row["amount_yen"]), (len(sold), sum(s["total_yen"] for s in sold)), row)
            self.assertEqual((row["void_count"], row["void_yen"]), (len(void), sum(s["total_yen"] for s in void)), row)
            self.assertEqual(row["zero_count"], len(sold) if row["method"] == "none" else 0)
        self.assertEqual([row["method"] for row in today["sales"]["by_method"]], list(METHODS))

    def test_the_total_is_the_sum_of_the_methods(self):
        sales = self.finance.get("/api/today")["sales"]
        for member in ("count", "amount_yen", "zero_count", "void_count", "void_yen"):
            self.assertEqual(sales[member], sum(row[member] for row in sales["by_method"]), member)
        self.assertEqual((sales["zero_count"], sales["void_count"]), (1, 3))

    def test_another_day_has_nothing(self):
        self.assertEqual(self.finance.get("/api/today?date=2020-02-29")["sales"]["amount_yen"], 0)
        self.refused(400, "invalid_request", self.finance.get, "/api/today?date=2020-02-30")

    def test_it_has_every_part_that_is_described(self):
        today = self.finance.get("/api/today")
        for part in ("date", "today", "at", "sales", "reconciliation", "statements", "assessment", "deposits", "cash",
                     "parked_count", "terminals", "waiting"):
            self.assertIn(part, today)
        self.assertEqual(today["statements"][0]["trustee"], "AGG")
        self.assertEqual(today["cash"]["unclosed_count"], 0, "a day that is still running is not late")

    def test_drafts_wait_with_their_sum_and_a_way_there(self):
        self.finance.post("/api/assessments/draft", {"to": str(city.today())})
        today = self.finance.get("/api/today")
        waiting = {row["what"]: row for row in today["waiting"]}
        self.assertEqual(waiting["drafts"]["amount_yen"], today["sales"]["amount_yen"])
        self.assertEqual(waiting["drafts"]["page"], "assessments?state=draft")
        self.assertEqual(today["assessment"]["draft_count"], waiting["drafts"]["count"])
        for row in self.finance.get("/api/assessments?route=cash")["rows"]:
            self.assertEqual(row["received_yen"], row["amount_yen"], "cash is received at once")


class Sales(Pages):
    def test_a_figure_walks_back_to_its_journal_lines_byte_for_byte(self):
        journal = {line["sequence"]: line for line in till.journal()}
        for row in self.finance.get("/api/sales?limit=500")["rows"]:
            detail = self.finance.get(f"/api/sales/{row['sale']}")
            self.assertEqual({name: detail["sale"][name] for name in row}, row)
            self.assertEqual(sum(line["amount_yen"] for line in detail["sale"]["lines"]), row["amount_yen"])
            kinds = [line["kind"] for line in detail["journal"]]
            self.assertIn("sale.recorded", kinds)
            self.assertEqual("sale.voided" in kinds, row["is_void"])
            self.assertEqual("payment.started" in kinds, row["method"] in ("qr", "emoney", "credit"))
            for line in detail["journal"]:
                self.assertEqual(hashlib.sha256(line["raw"].encode()).hexdigest(), line["hash"])
                self.assertEqual(line["parsed"], journal[line["sequence"]]["body"])
                if line["sequence"] + 1 in journal:
                    self.assertEqual(journal[line["sequence"] + 1]["previous"], line["hash"], "the till's own chain says so")

    def test_pages_hold_every_sale_once(self):
        seen, path = [], "/api/sales?limit=3"
        while path:
            page = self.finance.get(path)
            seen += [row["sale"] for row in page["rows"]]
            path = page["next"] and f"/api/sales?limit=3&after={page['next']}"
        self.assertEqual(sorted(seen), sorted(s["sale"] for s in till.sales()))
        self.assertEqual(seen, [row["sale"] for row in self.finance.get(f"/api/sales?date={city.today()}")["rows"]])

    def test_a_receipt_number_finds_its_sale_and_filters_filter(self):
        row = self.finance.get("/api/sales?method=qr")["rows"][0]
        self.assertEqual(self.finance.get(f"/api/sales?search={row['receipt_number']}")["rows"], [row])
        self.assertEqual(self.finance.get(f"/api/sales?search={row['receipt_number']}&method=cash")["rows"], [])
        self.assertEqual(self.finance.get("/api/sales?terminal=KO-99")["rows"], [])
        self.refused(404, "not_found", self.finance.get, "/api/sales/no-such-sale")
        self.refused(404, "not_found", self.finance.get, f"/api/sales/{row['receipt_number']}")


class Journal(Pages):
    def test_the_list_is_the_tills_journal(self):
        lines, path = [], "/api/journal/KO-01?limit=7"
        while path:
            page = self.finance.get(path)
            lines += page["rows"]
            path = page["next"] and f"/api/journal/KO-01?limit=7&after={page['next']}"
        ours = till.journal()
        self.assertEqual([line["parsed"] for line in lines], [line["body"] for line in ours][:len(lines)])
        self.assertGreaterEqual(len(lines), 20)
        self.assertEqual({line["is_parked"] for line in lines}, {False})
        self.assertEqual(self.finance.get("/api/journal/KO-01?from=5&limit=1")["rows"][0]["sequence"], 5)

    def test_each_line_says_whether_the_chain_holds(self):
        for sequence in (1, 2, 9):
            line = self.finance.get(f"/api/journal/KO-01/{sequence}")["line"]
            self.assertEqual((line["sequence"], line["previous_is_right"], line["parked_reason"]), (sequence, True, None))
        self.refused(404, "not_found", self.finance.get, "/api/journal/KO-01/999999")
        self.refused(404, "not_found", self.finance.get, "/api/journal/KO-77")

    def test_nothing_is_parked(self):
        self.assertEqual(self.finance.get("/api/parked"), {"rows": [], "next": None})


class Terminals(Pages):
    def test_the_list_shows_the_state(self):
        row = next(row for row in self.finance.get("/api/terminals")["rows"] if row["terminal"] == "KO-01")
        self.assertEqual((row["state"], row["place_name"], row["day_is_open"], row["is_silent"], row["parked_count"]),
                         ("active", "市民課 1番窓口", True, False, 0))
        self.assertEqual(row["last_business_date"], str(city.today()))
        last = self.finance.get(f"/api/journal/KO-01/{row['acknowledged']['sequence']}")["line"]
        self.assertEqual(last["hash"], row["acknowledged"]["hash"])

    def test_places_are_those_of_the_masters(self):
        rows = self.finance.get("/api/places")["rows"]
        self.assertIn({"place": "shimin-1", "name": "市民課 1番窓口", "section": "shimin", "section_name": "市民課"}, rows)

    def test_a_code_enrols_a_till_once_and_is_shown_once_and_revoking_ends_it(self):
        made = self.manager.post("/api/enrolment-codes", {"terminal": "KO-03", "place": "museum-1"})
        self.assertRegex(made["code"], r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$")
        self.assertNotIn(made["code"], str(self.manager.get("/api/enrolment-codes")))
        museum = Till(city, "KO-03", "museum-1")
        city.tills["KO-03"] = museum
        museum.enrol(made["code"])
        museum.start()
        museum.open()
        museum.all_sent()
        row = self.manager.get("/api/enrolment-codes")["rows"][0]
        self.assertEqual((row["terminal"], row["by"], row["used_at"] is not None), ("KO-03", "kanri", True))
        self.refused(409, "wrong_state", self.manager.post, "/api/enrolment-codes", {"terminal": "KO-03", "place": "museum-1"})

        revoked = self.manager.post("/api/terminals/KO-03/revoke", {"reason": "紛失"})["terminal"]
        self.assertEqual((revoked["state"], revoked["reason"]), ("revoked", "紛失"))
        museum.sell_for_cash(("bijutsu-ippan", 1), tendered=1000)
        wait_until("the till to be refused", lambda: museum.state()["status"]["uplink"]["state"] != "online")
        self.assertEqual([r["terminal"] for r in self.manager.get("/api/sales?limit=500")["rows"] if r["terminal"] == "KO-03"], [])
        self.refused(409, "wrong_state", self.manager.post, "/api/terminals/KO-03/revoke", {"reason": "もう一度"})
        log = [(entry["what"], entry["object"], entry["reason"]) for entry in self.auditor.get("/api/access-log")["rows"]]
        self.assertIn(("revoke", "terminal:KO-03", "紛失"), log)
        self.assertIn(("enrolment_code", "terminal:KO-03", None), log)

    def test_a_code_needs_a_terminal_and_a_place_that_exist(self):
        for body in ({}, {"terminal": "ko 1", "place": "shimin-1"}, {"terminal": "KO-09", "place": "nowhere"}):
            self.refused(400, "invalid_request", self.manager.post, "/api/enrolment-codes", body)
        self.refused(400, "invalid_request", self.manager.post, "/api/terminals/KO-01/revoke", {"reason": "  "})
        self.refused(404, "not_found", self.manager.post, "/api/terminals/KO-88/revoke", {"reason": "紛失"})


class Rights(Pages):
    def test_only_the_administrator_makes_codes_and_revokes(self):
        for role in ("finance", "approver", "auditor"):
            user = users[role]
            self.refused(403, "no_right", user.post, "/api/enrolment-codes", {"terminal": "KO-05", "place": "shimin-1"})
            self.refused(403, "no_right", user.get, "/api/enrolment-codes")
            self.refused(403, "no_right", user.post, "/api/terminals/KO-01/revoke", {"reason": "x"})

    def test_everybody_signed_in_reads_and_nobody_else(self):
        paths = ("today", "sales", "terminals", "places", "journal/KO-01", "journal/KO-01/1", "parked")
        stranger = city.sign_in("sato", PASSWORD)
        stranger.cookie = "madoguchi_session=" + "0" * 64
        for path in paths:
            for user in users.values():
                user.get(f"/api/{path}")
            self.refused(401, "not_signed_in", stranger.get, f"/api/{path}")

    def test_an_unknown_address_is_not_taken_for_a_file(self):
        for path in ("/api/nothing", "/api/today/else", "/api/"):
            self.refused(404, "not_found", self.finance.get, path)
            self.refused(404, "not_found", self.finance.post, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
