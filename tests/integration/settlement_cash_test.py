"""払込: cash of two tills goes from their 精算 to the bank: deadlines, the slip, two people, the bank's record, the books, the audit.
Runs the program of $MADOGUCHI_BUILD with paper tills. Days are counted back from today, as deadlines are.
"""
import csv
import datetime
import io
import json
import os
import pathlib
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from finance_service import MASTERS, FinanceService, bank_record, today  # noqa: E402
from gym_till import GymTill, line  # noqa: E402
from harness import store  # noqa: E402
from harness.http import Refused  # noqa: E402

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
JUMINHYO = {"tax": "exempt", "account": "14020102", "section": "shimin", "item": "juminhyo"}
BANK = "みほん銀行 郡山支店"


def is_bank_day(day):
    return day.weekday() < 5 and (day.month, day.day) not in ((12, 31), (1, 1), (1, 2), (1, 3))


def bank_day(day, step):
    """DAY, or the next one in the direction of STEP on which banks work: holidays are none in these masters."""
    while not is_bank_day(day):
        day += datetime.timedelta(days=step)
    return day


PAID = bank_day(today() - datetime.timedelta(days=15), -1)
DAY = PAID - datetime.timedelta(days=1)


class CashOffice:
    """A service with two 所属, whose tills take cash; for tests at the screen, too."""

    def begin(self, screens=None):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.service = FinanceService(BUILD, self.folder.name, screens)
        masters = json.loads(MASTERS.read_text())
        masters["bank_holidays"] = []
        masters["settings"]["cash_limit_yen"] = 5000
        for section in masters["sections"]:
            if section["code"] == "shimin":
                section["cash_officer"] = "渡辺 出納"
        self.service.masters = self.service.folder / "masters.json"
        self.service.masters.write_text(json.dumps(masters, ensure_ascii=False))
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        self.sato, self.suzuki, self.ito = (self.service.sign_in(name) for name in ("sato", "suzuki", "ito"))
        self.tills = {}

    def till(self, terminal, place="shimin-1"):
        if terminal not in self.tills:
            code = json.loads(self.service.run("enrol-code", "--terminal", terminal, "--place", place, "--json"))["code"]
            self.tills[terminal] = GymTill(self.service.folder, self.service.port, terminal, code, place, DAY)
        return self.tills[terminal]

    def take(self, till, yen, day=DAY, off=0, reason=None):
        """A day of TILL that takes YEN in cash and is OFF at the close."""
        till.begin(date=day)
        till.sell_lines(line("住民票の写し", yen, **JUMINHYO))
        till.close(counted=till.drawer_yen + off, reason=reason)
        till.drawer_yen += off
        self.service.wait_for_ledger(till)
        return {"terminal": till.terminal, "sequence": till.opened}

    def prepare(self, *closes, pay_on=PAID, bank=BANK, user=None):
        return (user or self.sato).post("/api/remittances", {"closes": list(closes), "pay_on": str(pay_on), "bank": bank})["id"]

    def confirm(self, number, paid_on=PAID, receipt="領収 17号", user=None):
        return (user or self.suzuki).post(f"/api/remittances/{number}/confirm", {"paid_on": str(paid_on), "receipt": receipt})

    def undo(self, number, user=None, reason="書き損じ"):
        return (user or self.sato).post(f"/api/remittances/{number}/undo", {"reason": reason})

    def show(self, number):
        return self.sato.get(f"/api/remittances/{number}")["rows"][0]

    def bank_says(self, *deposits, day=PAID, file="bank.txt"):
        self.sato.post(f"/api/imports?layout=zengin-03&file={file}", bank_record(deposits, day), "application/octet-stream")
        self.sato.post("/api/reconcile", {})

    def refused(self, code, deed, *args, **more):
        with self.assertRaises(Refused) as caught:
            deed(*args, **more)
        self.assertEqual(caught.exception.code, code)

    def found(self):
        done = self.service.run_raw("audit", "--json", database=True)
        return [row["code"] for row in json.loads(done.stdout)["findings"]]

    def break_store(self, *statements):
        """What a hand in the database does: SQL behind the program's back, triggers and all taken away."""
        with store.connect(self.service.database) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()
        database.close()


class CashTest(CashOffice, unittest.TestCase):
    def setUp(self):
        self.begin()

    # --- what is held ------------------------------------------------------------------------------------------------

    def test_cash_is_late_by_the_banks_calendar_and_over_the_limit_by_name(self):
        self.take(self.till("KO-11"), 3000)
        self.take(self.till("KO-12"), 2500, off=-10, reason="釣り違い")
        self.take(self.till("KO-13", "museum-1"), 400, day=today())
        cash = self.sato.get("/api/cash")
        offices = {row["section"]["code"]: row for row in cash["offices"]}
        self.assertEqual([(row["terminal"], row["deposit_yen"], row["difference_yen"], row["due_on"], row["is_late"])
                          for row in cash["rows"]],
                         [("KO-11", 3000, 0, str(bank_day(DAY + datetime.timedelta(days=1), 1)), True),
                          ("KO-12", 2490, -10, str(bank_day(DAY + datetime.timedelta(days=1), 1)), True),
                          ("KO-13", 400, 0, str(bank_day(today() + datetime.timedelta(days=1), 1)), False)])
        self.assertEqual((offices["shimin"]["held_yen"], offices["shimin"]["is_over_limit"], offices["shimin"]["officer"]),
                         (5490, True, "渡辺 出納"))
        self.assertEqual((offices["bijutsukan"]["late_count"], offices["bijutsukan"]["is_over_limit"]), (0, False))
        page = self.sato.get("/api/today")
        self.assertEqual([(row["name"], row["late_yen"], row["is_over_limit"]) for row in page["remittance"]["offices"]],
                         [("市民課", 5490, True)])
        self.assertEqual({row["what"]: row["count"] for row in page["waiting"] if "cash" in row["what"]},
                         {"late_cash": 2, "cash_limit": 1})

    def test_small_sums_may_be_collected_where_the_city_says_so(self):
        masters = json.loads(self.service.masters.read_text())
        masters["version"] += 1
        masters["settings"] |= {"remittance_small_yen": 3000, "remittance_small_days": 30,
                                "remittance_from": str(DAY - datetime.timedelta(days=1))}
        self.service.masters.write_text(json.dumps(masters, ensure_ascii=False))
        self.service.run("masters", "load", "--file", self.service.masters)
        till = self.till("KO-11")
        self.take(till, 9000, day=DAY - datetime.timedelta(days=2))
        self.take(till, 2000)
        self.assertEqual([(row["deposit_yen"], row["is_late"]) for row in self.sato.get("/api/cash")["rows"]], [(2000, False)],
                         "what was taken before the city began with it is not in it")
        self.take(till, 1500, day=DAY + datetime.timedelta(days=1))
        self.assertEqual([row["is_late"] for row in self.sato.get("/api/cash")["rows"]], [True, True], "3,500 is not small")

    # --- two people --------------------------------------------------------------------------------------------------

    def test_cash_goes_from_the_close_to_the_bank_by_two_people(self):
        first, second = self.take(self.till("KO-11"), 3000), self.take(self.till("KO-12"), 2500, off=-10, reason="釣り違い")
        number = self.prepare(first, second)
        row = self.show(number)
        self.assertEqual((row["amount_yen"], row["difference_yen"], row["close_count"], row["state"], row["officer"]),
                         (5490, -10, 2, "prepared", "渡辺 出納"))
        self.refused("no_right", self.confirm, number, user=self.sato)
        self.confirm(number)
        self.refused("wrong_state", self.confirm, number, user=self.ito)
        self.assertEqual(self.sato.get("/api/cash")["rows"], [])
        row = self.show(number)
        self.assertEqual((row["state"], row["paid_on"], row["confirmed_by"]["login"], row["bank_record"]["state"]),
                         ("confirmed", str(PAID), "suzuki", "waiting"))
        self.bank_says((5490, "ｺｵﾘﾔﾏｼﾔｸｼﾖ", row["reference"]))
        row = self.show(number)
        self.assertEqual((row["bank_record"]["state"], row["bank_record"]["booked_yen"]), ("proved", 5490))
        self.refused("seen_at_bank", self.undo, number)
        self.assertEqual(self.found(), [])

    def test_who_prepared_does_not_confirm_and_who_confirmed_does_not_take_back(self):
        close = self.take(self.till("KO-11"), 3000)
        number = self.prepare(close, user=self.suzuki)
        self.refused("same_person", self.confirm, number)
        self.confirm(number, user=self.ito)
        self.refused("same_person", self.undo, number, user=self.ito)
        self.undo(number)
        self.refused("wrong_state", self.undo, number)
        self.assertEqual(self.show(number)["state"], "undone")
        again = self.prepare(close)
        self.assertEqual([self.show(one)["number"][-6:] for one in (number, again)], ["000001", "000002"])
        self.assertEqual(self.found(), [])

    def test_two_people_who_want_the_same_close_get_one_remittance(self):
        closes = [self.take(self.till("KO-11"), 3000), self.take(self.till("KO-12"), 500)]
        outcomes = []

        def race(user):
            try:
                outcomes.append(self.prepare(*closes, user=user))
            except Refused as refused:
                outcomes.append(refused.code)

        threads = [threading.Thread(target=race, args=(user,)) for user in (self.sato, self.suzuki, self.ito)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(map(str, outcomes)), ["1", "taken_already", "taken_already"])
        self.assertEqual(len(self.sato.get("/api/remittances")["rows"]), 1)

    def test_garbage_is_refused_with_a_sentence(self):
        city, museum = self.take(self.till("KO-11"), 3000), self.take(self.till("KO-12", "museum-1"), 700)
        empty = self.till("KO-13")
        empty.begin(date=DAY)
        empty.close()
        short = self.take(self.till("KO-14"), 100, off=-150, reason="不足")
        self.service.wait_for_ledger(empty)
        good = {"closes": [city], "pay_on": str(PAID), "bank": BANK}
        for code, change in (("invalid_request", {"closes": []}), ("invalid_request", {"closes": "KO-11"}),
                             ("invalid_request", {"closes": [1]}), ("invalid_request", {"closes": [city] * 501}),
                             ("invalid_request", {"closes": [{**city, "sequence": 1.5}]}),
                             ("invalid_request", {"closes": [{**city, "sequence": 2 ** 70}]}),
                             ("chosen_twice", {"closes": [city, city]}), ("several_sections", {"closes": [city, museum]}),
                             ("not_found", {"closes": [{**city, "sequence": 99999}]}),
                             ("nothing_to_pay", {"closes": [{"terminal": "KO-13", "sequence": empty.opened}]}),
                             ("nothing_to_pay", {"closes": [short]}),
                             ("invalid_request", {"pay_on": "2026-02-30"}), ("invalid_request", {"pay_on": None}),
                             ("invalid_request", {"pay_on": str(DAY - datetime.timedelta(days=1))}),
                             ("bank_closed", {"pay_on": str(bank_saturday())}),
                             ("invalid_request", {"bank": " "}), ("invalid_request", {"bank": "銀" * 41})):
            with self.subTest(change=change):
                self.refused(code, self.sato.post, "/api/remittances", {**good, **change})
        number = self.prepare(city, short)
        self.assertEqual(self.show(number)["amount_yen"], 2950, "a drawer that was short of its float takes it from the others")
        for change in ({"receipt": ""}, {"receipt": "号" * 41}, {"paid_on": "x"}, {"paid_on": str(DAY - datetime.timedelta(days=1))},
                       {"paid_on": str(today() + datetime.timedelta(days=1))}):
            with self.subTest(change=change):
                self.refused("invalid_request", self.confirm, number, **{"paid_on": PAID, "receipt": "1", **change})
        self.refused("invalid_request", self.undo, number, reason="  ")
        self.refused("not_found", self.confirm, 4711)
        self.refused("not_found", self.sato.get, "/api/remittances/4711")
        self.refused("invalid_request", self.sato.get, "/api/cash/paper?paper=all")
        self.refused("invalid_request", self.sato.get, "/api/cash/paper?paper=book&from=2024-01-01&to=2026-01-01")

    def test_closes_of_two_fiscal_years_are_two_papers(self):
        till = self.till("KO-11")
        old = self.take(till, 1000, day=datetime.date(2026, 3, 31))
        new = self.take(till, 2000, day=datetime.date(2026, 4, 1))
        self.refused("several_years", self.prepare, old, new)
        self.assertEqual([self.show(self.prepare(one))["number"] for one in (old, new)], ["2025-000001", "2026-000001"])

    # --- the bank ----------------------------------------------------------------------------------------------------

    def states(self, *numbers):
        return [self.show(number)["bank_record"]["state"] for number in numbers]

    def test_amount_and_day_prove_only_what_is_unique_and_it_is_said(self):
        closes = [self.take(self.till(f"KO-1{i}"), yen) for i, yen in enumerate((700, 700, 900))]
        numbers = [self.prepare(close) for close in closes]
        for number in numbers:
            self.confirm(number)
        self.bank_says((700, "ｶﾝｲ", ""), (900, "ｶﾝｲ", ""))
        self.assertEqual(self.states(*numbers), ["several", "several", "proved_amount"])
        self.bank_says((700, "ｶﾝｲ", self.show(numbers[0])["reference"]), file="more.txt")
        self.assertEqual(self.states(*numbers), ["proved", "proved_amount", "proved_amount"])
        self.assertEqual(self.found(), [])
        self.service.run("rebuild")
        self.assertEqual(self.states(*numbers), ["proved", "proved_amount", "proved_amount"])
        self.assertEqual(self.found(), [])

    def test_a_remittance_that_the_bank_does_not_show_is_missing_and_another_amount_differs(self):
        numbers = [self.prepare(self.take(self.till(f"KO-1{i}"), yen)) for i, yen in enumerate((700, 900))]
        for number in numbers:
            self.confirm(number)
        self.assertEqual(self.states(*numbers), ["waiting", "waiting"])
        self.bank_says((890, "ｶﾝｲ", self.show(numbers[1])["reference"]))
        self.assertEqual(self.states(*numbers), ["waiting", "differs"])
        self.bank_says((1, "ｶﾝｲ", ""), day=PAID + datetime.timedelta(days=10), file="later.txt")
        self.assertEqual(self.states(*numbers), ["missing", "differs"])
        waiting = {row["what"]: (row["count"], row["amount_yen"]) for row in self.sato.get("/api/today")["waiting"]}
        self.assertEqual(waiting["unproved_cash"], (2, 1600))
        self.undo(numbers[1])
        self.assertEqual(len(self.sato.get("/api/cash")["rows"]), 1, "what was taken back is to be paid in again")

    # --- papers and books --------------------------------------------------------------------------------------------

    def paper(self, path):
        text = self.sato.get(path + ("&" if "?" in path else "?") + "format=csv", raw=True)
        return list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))

    def test_papers_say_what_was_taken_paid_and_left(self):
        till = self.till("KO-11")
        earlier = self.take(till, 1000, day=DAY - datetime.timedelta(days=1))
        till.begin(date=DAY)
        kept = till.sell_lines(line("住民票の写し", 300, 2, **JUMINHYO))
        till.sell_lines(line("戸籍", 450, **JUMINHYO), brand="paypay")
        till.pay_back(till.ask_back(kept, 100))
        till.move_cash("in", 50)
        till.move_float("lent", 2000)
        till.close(counted=till.drawer_yen - 10, reason="釣り違い")
        self.service.wait_for_ledger(till)
        number = self.prepare(earlier)
        self.confirm(number)
        slip = self.paper(f"/api/remittances/{number}/paper")
        self.assertEqual(slip[-1][-1], "1000")
        period = f"from={DAY}&to={PAID}"
        total = self.paper(f"/api/cash/paper?paper=receipts&{period}")[-1]
        self.assertEqual(total[5:], ["600", "0", "100", "50", "0", "-10", "540"])
        day = self.paper(f"/api/cash/paper?paper=day&{period}&section=shimin")[-1]
        self.assertEqual(day[1:], ["1", "600", "100", "50", "-10", "540", "1000", "1000", "540", "1", "450"])
        month = self.paper(f"/api/cash/paper?paper=month&{period}")
        self.assertEqual([row[7:10] for row in month[1:]], [["1000", "0", "1540"], ["1540", "1000", "540"]])
        book = self.paper(f"/api/cash/paper?paper=book&{period}")
        self.assertEqual([row[3:] for row in book[1:]], [["", "", "1000"], ["540", "", "1540"], ["", "1000", "540"]])
        floats = self.paper(f"/api/cash/paper?paper=float&{period}")[-1]
        self.assertEqual(floats[3:9], ["30000", "2000", "32000", "32540", "540", "32000"])
        for paper in ("receipts", "day", "month", "book", "float"):
            for shape in ("pdf", "xlsx"):
                self.assertGreater(len(self.sato.get(f"/api/cash/paper?paper={paper}&{period}&format={shape}", raw=True)), 1000)

    def test_the_vault_is_emptied_when_the_bank_has_received(self):
        first, second = self.take(self.till("KO-11"), 3000), self.take(self.till("KO-12"), 2500)
        file = self.service.folder / "books.txt"

        def balances():
            self.service.run("export", "--plain-accounting", file)
            asserted = file.read_text().rsplit("(balances)", 1)[1]
            return {row.split()[0]: int(row.split("=")[1].split()[0]) for row in asserted.splitlines() if "=" in row}

        number = self.prepare(first)
        self.assertEqual(sum(yen for name, yen in balances().items() if "vault" in name), 5500)
        self.confirm(number)
        after = balances()
        self.assertEqual((sum(yen for name, yen in after.items() if "vault" in name), after["assets:bank"]), (2500, 3000))
        self.service.run("rebuild")
        self.assertEqual(balances(), after)
        self.undo(number)
        self.assertNotIn("assets:bank", balances())

    # --- the audit, one thing broken at a time ------------------------------------------------------------------------

    def test_storage_keeps_a_close_in_one_remittance_and_lets_nothing_be_changed(self):
        close = self.take(self.till("KO-11"), 3000)
        self.prepare(close)
        for statement in ("UPDATE remittance SET amount_yen = 1", "DELETE FROM remittance", "DELETE FROM remittance_close",
                          "UPDATE remittance_close SET deposit_yen = 1",
                          "UPDATE remittance SET confirmed_by = prepared_by, confirmed_at_ms = 1, paid_on = '2026-01-05', receipt = 'x'",
                          "INSERT INTO remittance_close SELECT remittance + 1, terminal, opened_sequence, municipality, deposit_yen,"
                          " difference_yen, 0 FROM remittance_close"):
            with self.subTest(statement=statement), self.assertRaises(Exception):
                self.break_store(statement)

    def test_the_audit_finds_what_a_hand_in_the_database_changed(self):
        drop = [f"DROP TRIGGER {name}{{}}" for name in ("remittance_is_not_changed", "remittance_is_not_deleted",
                                                        "remittance_close_is_not_changed", "remittance_close_is_not_deleted")]
        tables = ("remittance", "remittance", "remittance_close", "remittance_close")
        first, second = self.take(self.till("KO-11"), 3000), self.take(self.till("KO-12"), 2500)
        number, other = self.prepare(first), self.prepare(second)
        self.confirm(number)
        self.bank_says((3000, "ｶﾝｲ", self.show(number)["reference"]))
        self.assertEqual(self.found(), [])
        self.break_store(*(one.format(f" ON {table}" if store.is_postgresql() else "") for one, table in zip(drop, tables)))
        insert = ("INSERT INTO remittance_close (remittance, terminal, opened_sequence, municipality, deposit_yen, difference_yen,"
                  f" undone_at_ms) VALUES ({other}, 'KO-11', {first['sequence']}, '072036', 3000, 0, 0)")
        index = "CREATE UNIQUE INDEX remittance_close_once ON remittance_close (terminal, opened_sequence) WHERE undone_at_ms = 0"
        mine = f"WHERE remittance = {number}"
        for name, do, undo, codes in (
            ("an altered amount", [f"UPDATE remittance SET amount_yen = 2000 {mine}"],
             [f"UPDATE remittance SET amount_yen = 3000 {mine}"],
             {"remittance_differs", "remittance_unrecorded", "remittance_unproved"}),
            ("a close that gives less", [f"UPDATE remittance_close SET deposit_yen = 2000 {mine}"],
             [f"UPDATE remittance_close SET deposit_yen = 3000 {mine}"], {"remittance_differs", "remittance_close_differs"}),
            ("a hidden difference", [f"UPDATE remittance_close SET difference_yen = -5 {mine}",
                                     f"UPDATE remittance SET difference_yen = -5 {mine}"],
             [f"UPDATE remittance_close SET difference_yen = 0 {mine}", f"UPDATE remittance SET difference_yen = 0 {mine}"],
             {"remittance_close_differs", "remittance_unrecorded"}),
            ("a deleted line", [f"DELETE FROM remittance_close WHERE remittance = {other}"],
             ["INSERT INTO remittance_close (remittance, terminal, opened_sequence, municipality, deposit_yen, difference_yen,"
              f" undone_at_ms) VALUES ({other}, 'KO-12', {second['sequence']}, '072036', 2500, 0, 0)"], {"remittance_differs"}),
            ("a close in two", ["DROP INDEX remittance_close_once", insert],
             [f"DELETE FROM remittance_close WHERE remittance = {other} AND terminal = 'KO-11'", index],
             {"remittance_twice", "remittance_differs"}),
            ("a forged confirmation", [f"UPDATE remittance SET confirmed_by = 'ito', confirmed_at_ms = 5, paid_on = '{PAID}',"
                                       f" receipt = 'x' WHERE remittance = {other}"],
             ["UPDATE remittance SET confirmed_by = '', confirmed_at_ms = 0, paid_on = '', receipt = ''"
              f" WHERE remittance = {other}"], {"remittance_unrecorded"}),
            ("a confirmation of nobody", [f"UPDATE remittance SET confirmed_by = 'nobody' {mine}"],
             [f"UPDATE remittance SET confirmed_by = 'suzuki' {mine}"], {"remittance_one_person", "remittance_unrecorded"}),
            ("another day of receipt", [f"UPDATE remittance SET paid_on = '{DAY}' {mine}"],
             [f"UPDATE remittance SET paid_on = '{PAID}' {mine}"], {"remittance_unrecorded"}),
            ("another line of the bank", [f"UPDATE remittance_seen SET line = line + 1 {mine}"],
             [f"UPDATE remittance_seen SET line = line - 1 {mine}"], {"remittance_unproved"}),
            ("another deposit of the till", ["UPDATE business_day SET deposit_yen = 1 WHERE terminal = 'KO-12'"],
             ["UPDATE business_day SET deposit_yen = 2500 WHERE terminal = 'KO-12'"], {"day_close_differs"}),
            ("a remittance that is gone", [f"DELETE FROM remittance_close WHERE remittance = {number}",
                                           f"DELETE FROM remittance_seen {mine}", f"DELETE FROM remittance {mine}"], [],
             {"remittance_missing", "remittance_altered"}),
        ):
            with self.subTest(name):
                self.break_store(*do)
                self.assertEqual(set(self.found()), codes)
                if undo:
                    self.break_store(*undo)
                    self.assertEqual(self.found(), [])


def bank_saturday():
    day = PAID
    while day.weekday() != 5:
        day += datetime.timedelta(days=1)
    return day


if __name__ == "__main__":
    unittest.main()
