"""Every way in which gateway and terminal can behave, times every thing a clerk can do meanwhile, power cuts included.

Whatever is combined, in the end the money and the records agree: what was taken and kept is one sale, what was given up went back, and
nobody paid twice."""
import concurrent.futures
import contextlib
import itertools
import json
import queue
import sqlite3
import time
import traceback
import unittest

from scene import Scene
from harness.http import Refused
from harness.process import wait_until

BOTH = ("approve", "decline", "timeout_before", "timeout_after", "late", "twice", "drop_before", "drop_after", "half_answer", "garbage")
BEHAVIOURS = {"qr": (*BOTH, "error_500", "error_500_after", "pending"), "terminal": (*BOTH, "in_doubt", "in_doubt_uncharged")}
DELAYS_MS = {"late": 700, "pending": 400}
DECISION_S = 0.3  # by then the centre has decided, if it ever heard of the payment
DOUBTS = ("in_doubt", "in_doubt_uncharged")
BRANDS = {"qr": ("qr", "paypay"), "card": ("credit", "visa"), "touch": ("emoney", "waon"), "no_void": ("emoney", "edy"),
          "confirms": ("emoney", "transit_ic"), "counts": ("emoney", "nanaco"), "again": ("emoney", "id")}
TERMINAL_BRANDS = ("card", "touch", "no_void", "confirms", "counts", "again")
COUNTERS = 6  # cities beside each other: a case is mostly waiting for time to pass
DEEDS = ("wait", "stop", "next_citizen", "abandon", "cash")
CUTS = ("power_cut", "power_cut_after_the_end", "give_up_and_cut", "cash_and_cut")


class Counter(Scene):
    """A city with a till of its own, at which one case is tried after the other."""

    payment_timeout_ms = 500

    # --- what a clerk does while the payment is what it is --------------------------------------------------------------

    def wait(self, _basket, _payment):
        self.till.payment_ended()

    def stop(self, _basket, _payment):
        self.perhaps("/api/pay/stop")

    def next_citizen(self, _basket, _payment):
        """Ring up for the next one, put the unknown aside, and sell to him."""
        state = self.till.post("/api/basket/items", item="koseki-zenbu", quantity=1)
        self.till.payment_ended()
        self.perhaps("/api/pay/set-aside")
        state = self.till.state()
        if state["payment"] is None and state["basket"]["total_yen"] == 450:
            self.till.post("/api/pay/cash", basket=state["basket"]["id"], tendered_yen=450)

    def abandon(self, _basket, payment):
        with self.network_away():
            self.perhaps("/api/pay/abandon", payment=payment, reason="お客様がお急ぎ")

    def cash(self, basket, _payment):
        """The citizen pays otherwise as soon as the till lets him."""
        with self.network_away():
            self.perhaps("/api/pay/cash", basket=basket, tendered_yen=300)

    def power_cut(self, _basket, _payment):
        self.cut()

    def power_cut_after_the_end(self, _basket, _payment):
        self.till.payment_ended()
        self.cut()

    def give_up_and_cut(self, basket, payment):
        self.abandon(basket, payment)
        self.cut()

    def cash_and_cut(self, basket, payment):
        self.cash(basket, payment)
        self.cut()

    @contextlib.contextmanager
    def network_away(self):
        """The clerk acts while nobody can tell what became of the payment: an inquiry that were faster would decide it."""
        end = time.monotonic() + DECISION_S
        while time.monotonic() < end and self.till.state()["payment"] and not self.network(self.last_payment()):
            time.sleep(0.01)
        self.city.set_payment_network(False)
        try:
            self.till.payment_ended()
            yield
        finally:
            self.city.set_payment_network(True)

    # --- helpers -------------------------------------------------------------------------------------------------------

    def perhaps(self, path, **body):
        """Do it where the till allows it; a refusal says why in words."""
        try:
            self.till.post(path, **body)
        except Refused as refused:
            self.assertIn(refused.status, (403, 409))
            self.assertTrue(refused.message)

    def cut(self):
        self.till.kill()
        self.till.start()
        self.till.open()

    def settle(self):
        """Touch the cards that are in doubt until nothing waits for an answer any more."""
        def settled():
            state = self.till.state()
            if state["payment"] and state["payment"]["state"] in ("unknown", "in_doubt"):
                self.perhaps("/api/pay/set-aside")
            self.city.touch_cards()
            waiting = [row for row in state["unresolved"] if row["state"] not in ("held",)]
            return not waiting and (state["payment"] is None or state["payment"]["state"] in ("declined", "not_charged"))
        wait_until("everything to be known", settled, 60)

    def lines(self):
        """The bodies of this case's lines, by kind: read from the database itself, as a program for each look takes longer."""
        with contextlib.closing(sqlite3.connect(f"file:{self.till.database}?mode=ro", uri=True)) as store:
            found = store.execute("SELECT line FROM journal_line WHERE sequence > ? ORDER BY sequence", (self.before,)).fetchall()
        return [(line["kind"], line["body"]) for line in (json.loads(text) for (text,) in found)]

    def bodies(self, kind, **members):
        return [body for this, body in self.lines() if this == kind and members.items() <= body.items()]

    def last_payment(self):
        return self.bodies("payment.started")[-1]["payment"]

    def check(self, basket, payment):
        sales = self.bodies("sale.recorded", sale=basket)
        outcome = [body["result"] for body in self.bodies("payment.resolved", payment=payment)]
        network = (self.network(payment) or {"state": "unseen"})["state"]
        cashless = [sale for sale in sales if sale["payment"]["method"] != "cash"]
        self.assertEqual(len(outcome), 1, "a payment ends once")
        self.assertLessEqual(len(sales), 1, "a basket is sold once")
        if cashless:
            self.assertEqual((outcome, cashless[0]["total_yen"]), (["approved"], 300))
            self.assertFalse(self.bodies("payment.abandoned", payment=payment))
            if not self.bodies("payment.proved", payment=payment, result="not_charged"):
                self.assertEqual(network, "charged", "what was sold was taken")
        else:
            self.assertNotEqual(outcome, ["approved"])
            wanted = ("charged",) if outcome == ["held"] else ("declined", "reversed", "unseen", "canceled")
            self.assertIn(network, wanted, "what was not sold was not taken, or went back")

    def attempt(self, channel, brand, behaviour, deed):
        self.till.clear()
        self.till.clear()  # what had been begun behind comes back once
        with contextlib.closing(sqlite3.connect(f"file:{self.till.database}?mode=ro", uri=True)) as store:
            self.before = store.execute("SELECT MAX(sequence) FROM journal_line").fetchone()[0]
        self.city.script(behaviour, channel=channel, times=1, delay_ms=DELAYS_MS.get(behaviour, 0))
        basket = self.till.start_payment(*BRANDS[brand], "juminhyo")["payment"]
        payment = self.last_payment()
        basket = basket["basket"] if basket else self.till.state()["last_sale"]["sale"]
        getattr(self, deed)(basket, payment)
        self.settle()
        self.check(basket, payment)


def cases(channel, brands, deeds):
    for brand, behaviour, deed in itertools.product(brands, BEHAVIOURS[channel], deeds):
        if behaviour not in DOUBTS and brand not in ("qr", "card"):
            continue  # what the other brands do differently begins with a doubt
        if behaviour in DOUBTS and brand == "card":
            continue
        yield channel, brand, behaviour, deed


class Matrix(unittest.TestCase):
    """Each test takes its cases to as many counters as there are; each counter is a class, since a scene belongs to one."""

    @classmethod
    def setUpClass(cls):
        cls.counters = [type(f"Counter{number}", (Counter,), {}) for number in range(COUNTERS)]
        for counter in cls.counters:
            cls.addClassCleanup(counter.doClassCleanups)
        cls.pool = concurrent.futures.ThreadPoolExecutor(COUNTERS)
        cls.addClassCleanup(cls.pool.shutdown)
        cls.everywhere(lambda counter: counter.setUpClass())

    @classmethod
    def tearDownClass(cls):
        cls.everywhere(lambda counter: counter.tearDownClass())

    @classmethod
    def everywhere(cls, work):
        return list(cls.pool.map(work, cls.counters))

    def run_through(self, *parts):
        waiting = queue.SimpleQueue()
        for case in itertools.chain(*parts):
            waiting.put(case)
        self.assertGreater(waiting.qsize(), 100)

        def serve(counter):
            failures = []
            scene = counter()
            while True:
                try:
                    case = waiting.get_nowait()
                except queue.Empty:
                    break
                try:
                    scene.attempt(*case)
                except Exception:  # told below, with its case: the others go on
                    failures.append(f"{' '.join(case)}:\n{traceback.format_exc()}")
            verdict = scene.till.verify()
            return failures + ([] if "the tables follow" in verdict else [verdict])

        self.assertEqual("\n".join(itertools.chain(*self.everywhere(serve))), "")

    def test_whatever_the_network_does_and_the_clerk_does(self):
        self.run_through(cases("qr", ["qr"], DEEDS), cases("terminal", TERMINAL_BRANDS, DEEDS))

    def test_whatever_the_network_does_and_the_power_goes(self):
        self.run_through(cases("qr", ["qr"], CUTS), cases("terminal", TERMINAL_BRANDS, CUTS))


if __name__ == "__main__":
    unittest.main()
