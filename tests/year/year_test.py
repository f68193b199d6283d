"""A city's months: the service's figures against the simulator's own, at every month's end, to the yen.

    year_test.py [--from DAY --to DAY --tills N --sales N --seed N]     default: what CI runs

Runs the program of $MADOGUCHI_BUILD, on SQLite or (MADOGUCHI_TEST_POSTGRESQL) PostgreSQL.
"""
import argparse
import collections
import datetime
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

import breaking  # noqa: E402
from cash import CashOffice  # noqa: E402
from book import Book, fiscal_year  # noqa: E402
from city import ONE_DAY, City  # noqa: E402
from companies import Companies, month_end  # noqa: E402
from doubt import TOLD_AFTER, Doubts  # noqa: E402
from desk import Desk  # noqa: E402
from finance_service import bank_record  # noqa: E402
from seller import Chances, YearTill  # noqa: E402
from harness.process import wait_until  # noqa: E402
import json  # noqa: E402

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
OPTIONS = argparse.Namespace(first=datetime.date(2026, 3, 30), last=datetime.date(2026, 4, 3), end=datetime.date(2026, 6, 2),
                             tills=3, sales=20, seed=1)


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Year(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="year-")
        self.addCleanup(shutil.rmtree, folder, True)
        before = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(before)))
        self.random = random.Random(OPTIONS.seed)
        self.city, self.book = City(OPTIONS.tills), Book()
        self.chances = Chances(Doubts(OPTIONS.last - TOLD_AFTER), self.random)
        self.companies = Companies(self.book, self.random)
        self.office = CashOffice(random.Random(f"cash {OPTIONS.seed}"))
        self.desk = Desk(BUILD, folder, self.city.document, OPTIONS.first)
        self.addCleanup(self.desk.service.__exit__)
        self.desk.open()
        self.tills = [self.enrol(*till) for till in self.city.tills]
        self.days = []

    def enrol(self, terminal, place, items):
        service = self.desk.service
        code = json.loads(service.run("enrol-code", "--terminal", terminal, "--place", place, "--json"))["code"]
        till = YearTill(service.folder, service.port, terminal, code, place, OPTIONS.first)
        till.prepare(items, self.book, self.office, self.chances, self.random)
        return till

    def sell(self, day):
        known = len(self.book.sales)
        back = []
        settled = [sale for till in self.tills for sale in till.pending]
        for till in self.tills:
            back += till.work(day, self.random.randint(OPTIONS.sales // 2, OPTIONS.sales * 3 // 2))
            till.upload()
        self.companies.hear(self.book.sales[known:] + settled, back)
        for till in self.tills:
            wait_until("the ledger", lambda till=till: self.desk.service.ledger_sequence(till.terminal) >= len(till.lines), 300, pause=0.02)

    def pass_day(self, day):
        """What the day brings: sales until LAST, cash to the bank, the statements of the day before, the bank's record."""
        self.desk.at(day, 18)
        for trustee in ("AGG", "EMON", "CARD"):
            report = self.companies.report(trustee, day - ONE_DAY)
            if report is not None:
                self.desk.bring(*report)
        if day <= OPTIONS.last:
            self.sell(day)
        self.office.pay_in(self.desk, day)
        others = [(5000, "ﾀﾅｶ ﾀﾛｳ", "")]
        for yen, _, edi in others:
            self.office.hear_other(day, yen)
        self.desk.bring("zengin-03", f"bank-{day}.txt", bank_record([*self.companies.bank(day), *self.office.bank(day), *others], day))
        self.bank_day = day
        while self.companies.to_accept:
            self.desk.accept_deposit(self.companies.to_accept.pop())

    def compare(self, day):
        """On the morning after DAY."""
        desk, book = self.desk, self.book
        desk.at(day + ONE_DAY, 8)
        desk.assess()
        assessed = book.assess(day)
        self.assertEqual(desk.assessed(), assessed, f"調定 (yen, tax) until {day}")
        years = {fiscal_year(sale.day) for sale in book.sales}
        self.assertEqual(desk.received(years, day), book.received(day), f"収入済額 until {day}")
        payouts = desk.payouts()
        for key, deposit in book.deposits.items():
            row = payouts[key]
            self.assertEqual((row["amount_yen"], row["fee_yen"], row["carry_yen"], row["expected_yen"], row["credited_yen"], row["due_on"]),
                             (deposit.gross_yen, deposit.fee_yen, deposit.carry_yen, deposit.expected_yen, deposit.credited(day),
                              str(deposit.on)), key)
        self.assertEqual(desk.operators(OPTIONS.first, day), book.operators(day), "利用料金")
        self.assertEqual(desk.held(), book.unknown(day), "money that nobody knows of")
        doubtful = book.doubtful()
        self.assertEqual({state: desk.payments(state) for state in doubtful}, doubtful, "結果不明・処理未了")
        self.compare_cash(day)
        say(f"{day}: {len(book.sales)} sales, {sum(yen for yen, _ in assessed.values())} yen assessed: both books agree")

    def compare_cash(self, day):
        desk, office = self.desk, self.office
        drawers = collections.defaultdict(lambda: [0, 0, 0])
        for close in office.closes:
            sums = drawers[close.day.year, close.day.month]
            sums[0] += close.deposit_yen
            sums[1] += close.off_yen
            sums[2] += close.off_yen != 0
        self.assertEqual(desk.drawers(), {month: tuple(sums) for month, sums in drawers.items()}, "精算")
        self.assertEqual(desk.offices(), office.offices(day + ONE_DAY), "cash in the offices")
        yen = {one.id: one.yen for one in office.remittances}
        standings = {number: (standing, yen[number]) for number, standing in office.standings(self.bank_day).items()}
        self.assertEqual(desk.standings(), standings, "払込 at the bank")
        office.happened.update(standing for standing, _ in standings.values())
        self.assertEqual(desk.balances(), {**self.book.balances(), **office.balances()}, "the books as hledger adds them up")

    def test_both_books_agree_at_every_months_end_and_the_audit_finds_nothing(self):
        day = OPTIONS.first
        while day <= OPTIONS.end:
            if day <= OPTIONS.last or self.companies.has_something(day) or self.office.has_something(day) or day == month_end(day):
                self.pass_day(day)
            if day == month_end(day) or day == OPTIONS.last:
                self.compare(day)
            day += ONE_DAY
        self.desk.at(OPTIONS.end, 20)
        self.desk.user.post("/api/reconcile", {})
        for sale in self.book.sales:
            if sale.state == "unknown":  # of the last day: nobody ever learnt it
                self.book.open["still_unknown", sale.rest_yen] += 1
        planted = +(self.book.open + self.companies.open(OPTIONS.end))
        found = self.desk.discrepancies()
        self.assertEqual((found - planted, planted - found), (collections.Counter(), collections.Counter()), "what does not agree is what was planted, by class and yen")
        self.assertIn("pos_only", {name for name, _ in planted}, "it was planted")
        seen = [row for row in self.desk.rows("/api/refunds?state=paid") if row["seen_line"] is not None]
        self.assertEqual((len(seen), len(seen) > 0), (self.companies.refund_lines, True), "every refund that a company reported is known by its line")
        self.assertLessEqual({"in doubt, proved", "in doubt, disproved", "mixed", "part of a refund", "carried over", "set off", "short"}, self.book.kinds())
        self.assertLessEqual({"off", "late", "undone", "proved", "proved_amount", "differs", "missing"}, set(self.office.happened), "all of it happened")
        self.close_the_year()
        self.assertEqual(self.desk.audit(), [])
        self.break_one_rule_at_a_time()

    def break_one_rule_at_a_time(self):
        service, done = self.desk.service, 0
        service.process.kill()  # nobody may use what is copied
        unguarded = service.folder / "unguarded.db"
        breaking.copy_unguarded(service.database, unguarded)
        self.assertEqual(breaking.findings(service.program, unguarded), [])
        for number in range(len(breaking.BREAKS)):
            broken = breaking.break_one(service.program, unguarded, service.folder / "broken.db", number)
            if broken is not None:
                name, is_exact, found = broken
                self.assertTrue(is_exact, f"{name}: the audit found {found}")
                done += 1
        say(f"{done} rules broken, one at a time: the audit found exactly that")
        self.assertGreaterEqual(done, 9, "the city has too little to break")

    def close_the_year(self):
        """The year whose books were closed on 31 May, with the simulator's own figures."""
        year = fiscal_year(OPTIONS.end) - 1
        last = datetime.date(year + 1, 5, 31)
        if OPTIONS.end <= last or all(fiscal_year(sale.day) != year for sale in self.book.sales):
            return
        self.desk.assess()
        closing = self.desk.close(year)
        assessed = sum(yen for key, (yen, _) in self.book.assess(OPTIONS.end).items() if key[0] == year)
        received = sum(yen for key, yen in self.book.received(last).items() if key[0] == year)
        self.assertEqual((closing["state"], closing["assessed_yen"], closing["received_yen"], closing["outstanding_yen"]),
                         ("closed", assessed, received, assessed - received), "年度締め")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name, kind in (("first", datetime.date.fromisoformat), ("last", datetime.date.fromisoformat), ("end", datetime.date.fromisoformat),
                       ("tills", int), ("sales", int), ("seed", int)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(OPTIONS, name))
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
