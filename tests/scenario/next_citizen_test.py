"""The next citizen is rung up while the last one still pays: whose money is whose, whatever comes of the payment."""
import unittest

from scene import Scene
from harness.http import Refused
from harness.process import wait_until


class NextCitizen(Scene):
    def start(self, behaviour="approve", delay_ms=1200, channel="terminal", **options):
        """A payment of 300 yen under way; the id of its basket."""
        self.city.script(behaviour, channel=channel, times=1, **({"delay_ms": delay_ms} if delay_ms else {}), **options)
        state = self.till.start_payment(*(("qr", "paypay") if channel == "qr" else ("credit", "visa")), "juminhyo")
        return state["payment"]["basket"]

    def ring_up_next(self):
        """The next citizen wants 450 yen; the state then."""
        return self.till.post("/api/basket/items", item="koseki-zenbu", quantity=1)

    def ended(self):
        return wait_until("the payment to end", lambda: (lambda s: s if s["payment"] is None or s["payment"]["state"] in ("declined", "not_charged") else None)(self.till.state()))

    def refused(self, path, **body):
        with self.assertRaises(Refused) as refused:
            self.till.post(path, **body)
        return refused.exception.code

    def sold(self, basket):
        return [line["body"]["total_yen"] for line in self.till.journal() if line["kind"] == "sale.recorded" and line["body"]["sale"] == basket]

    def tearDown(self):
        state = self.till.state()
        if state["payment"] and state["payment"]["state"] in ("unknown", "in_doubt"):
            self.till.post("/api/pay/set-aside")
        self.till.all_resolved()
        self.till.clear()
        self.till.clear()  # what had been begun behind comes back once

    def test_an_approved_payment_leaves_the_next_basket_as_it_is(self):
        first = self.start()
        state = self.ring_up_next()
        self.assertEqual((state["payment"]["basket"], state["payment"]["amount_yen"], state["payment"]["count"]), (first, 300, 1))
        self.assertNotEqual(state["basket"]["id"], first)
        self.assertEqual(state["basket"]["total_yen"], 450)
        citizen = self.till.get("/api/citizen")
        self.assertEqual((citizen["view"], citizen["total_yen"]), ("paying", 300))
        state = self.ended()
        self.assertEqual((state["last_sale"]["sale"], state["basket"]["total_yen"]), (first, 450))
        citizen = self.till.get("/api/citizen")
        self.assertEqual((citizen["view"], citizen["lines"]), ("paid", []))
        sold = self.till.post("/api/pay/cash", basket=state["basket"]["id"], tendered_yen=500)
        self.assertEqual((sold["last_sale"]["total_yen"], sold["basket"]["count"]), (450, 0))
        self.assertEqual(self.sold(first), [300])

    def test_a_repeated_request_for_the_first_is_one_payment(self):
        first = self.start()
        self.ring_up_next()
        payments = len([line for line in self.till.journal() if line["kind"] == "payment.started"])
        for _ in range(3):
            self.till.post("/api/pay/cashless", basket=first, method="credit", brand="visa")
        self.ended()
        for _ in range(2):
            self.till.post("/api/pay/cashless", basket=first, method="credit", brand="visa")
        self.assertEqual(len([line for line in self.till.journal() if line["kind"] == "payment.started"]), payments)
        self.assertEqual(self.sold(first), [300])

    def test_the_next_one_cannot_be_paid_before_the_first_is_out_of_hand(self):
        self.start()
        next_basket = self.ring_up_next()["basket"]["id"]
        self.assertEqual(self.refused("/api/pay/cash", basket=next_basket, tendered_yen=500), "payment_running")
        self.assertEqual(self.refused("/api/pay/cashless", basket=next_basket, method="qr", brand=None), "payment_running")
        self.ended()
        self.till.post("/api/pay/cash", basket=next_basket, tendered_yen=450)
        self.assertEqual(self.sold(next_basket), [450])

    def test_a_declined_payment_comes_back_by_itself_when_nothing_was_rung_up(self):
        first = self.start("decline", 0)
        state = self.ended()
        self.assertEqual((state["payment"]["state"], state["basket"]["id"]), ("declined", first))

    def test_a_declined_payment_waits_while_the_next_has_lines_and_is_paid_in_cash(self):
        first = self.start("decline")
        second = self.ring_up_next()["basket"]["id"]
        state = self.ended()
        self.assertEqual((state["payment"]["basket"], state["basket"]["id"]), (first, second))
        self.assertEqual(self.refused("/api/pay/cash", basket=second, tendered_yen=450), "payment_running")
        state = self.till.post("/api/pay/cash", basket=first, tendered_yen=300)
        self.assertEqual((self.sold(first), state["last_sale"]["sale"]), ([300], first))
        self.assertEqual((state["basket"]["id"], state["basket"]["total_yen"], state["payment"]), (second, 450, None))

    def test_the_clerk_goes_back_to_the_declined_one_and_the_next_waits_behind(self):
        first = self.start("decline")
        second = self.ring_up_next()["basket"]["id"]
        self.ended()
        state = self.till.post("/api/pay/clear")
        self.assertEqual((state["basket"]["id"], state["next"]), (first, {"count": 1, "total_yen": 450}))
        self.till.post("/api/basket/items", item="inkan", quantity=1)  # the first citizen wants one thing more
        state = self.till.delete("/api/basket")
        self.assertEqual((state["basket"]["id"], state["next"]), (second, None))

    def test_a_second_try_that_runs_lets_the_next_one_go_on(self):
        first = self.start("decline")
        second = self.ring_up_next()["basket"]["id"]
        self.ended()
        self.city.script("approve", channel="terminal", times=1, delay_ms=1000)
        state = self.till.post("/api/pay/cashless", basket=first, method="credit", brand="visa")
        self.assertEqual((state["basket"]["id"], state["next"]["total_yen"]), (first, 450))
        state = self.ring_up_next()
        self.assertEqual((state["basket"]["id"], state["basket"]["total_yen"], state["next"]), (second, 900, None))
        state = self.ended()
        self.assertEqual((self.sold(first), state["basket"]["total_yen"]), ([300], 900))

    def test_cash_for_an_unknown_payment_gives_its_money_back_and_the_next_comes_back(self):
        first = self.start("timeout_after", 0, "qr")
        payment = self.last_payment()
        wait_until("the charge", lambda: self.network(payment))
        self.city.set_payment_network(False)
        try:
            second = self.ring_up_next()["basket"]["id"]
            wait_until("the doubt", lambda: self.till.state()["payment"]["state"] == "unknown")
            self.assertEqual(self.refused("/api/pay/cash", basket=second, tendered_yen=450), "payment_running")
            state = self.till.post("/api/pay/cash", basket=first, tendered_yen=300)
            self.assertEqual((state["basket"]["id"], state["basket"]["total_yen"]), (second, 450))
        finally:
            self.city.set_payment_network(True)
        self.till.all_resolved()
        self.assertEqual(self.network(payment)["state"], "reversed")
        self.assertEqual(self.sold(first), [300])

    def test_an_unknown_payment_set_aside_leaves_the_next_in_hand(self):
        first = self.start("timeout_after", 0, "qr")
        payment = self.last_payment()
        wait_until("the charge", lambda: self.network(payment))
        self.city.set_payment_network(False)
        try:
            second = self.ring_up_next()["basket"]["id"]
            wait_until("the doubt", lambda: self.till.state()["payment"]["state"] == "unknown")
            state = self.till.post("/api/pay/set-aside")
            self.assertEqual((state["payment"], state["basket"]["id"]), (None, second))
            self.till.post("/api/pay/cash", basket=second, tendered_yen=450)
        finally:
            self.city.set_payment_network(True)
        self.till.all_resolved()
        self.assertEqual((self.sold(first), self.sold(second)), ([300], [450]))

    def test_a_code_that_is_stopped_brings_its_basket_back_before_the_next(self):
        first = self.till.ring_up("juminhyo")["basket"]["id"]
        self.till.post("/api/pay/cashless", basket=first, method="qr", brand=None)
        second = self.ring_up_next()["basket"]["id"]
        state = self.till.post("/api/pay/stop")
        self.assertEqual((state["payment"], state["basket"]["id"], state["next"]["count"]), (None, first, 1))
        state = self.till.post("/api/pay/cash", basket=first, tendered_yen=300)
        self.assertEqual(state["basket"]["id"], second)

    def test_a_code_pays_the_basket_that_it_was_asked_for(self):
        first = self.till.ring_up("juminhyo")["basket"]["id"]
        self.till.post("/api/pay/cashless", basket=first, method="qr", brand="paypay")
        self.ring_up_next()
        self.till.post("/api/pay/code", code="900081810000000000000017")
        self.ended()
        self.assertEqual(self.sold(first), [300])

    def test_the_next_one_can_be_put_aside_and_taken_back_while_the_first_pays(self):
        first = self.start(delay_ms=2500)
        second = self.ring_up_next()["basket"]["id"]
        state = self.till.post("/api/basket/hold", basket=second, label="眼鏡の方")
        self.assertEqual((state["basket"]["count"], state["payment"]["state"], len(state["held"])), (0, "running", 1))
        state = self.till.post(f"/api/holds/{state['held'][0]['hold']}/recall")
        self.assertEqual((state["basket"]["id"], state["payment"]["basket"]), (second, first))
        self.ended()
        self.assertEqual((self.sold(first), self.till.state()["basket"]["total_yen"]), ([300], 450))

    def test_a_power_cut_loses_what_nobody_paid_and_nothing_else(self):
        first = self.start("approve", 800)
        self.ring_up_next()
        self.till.kill()
        self.till.start()
        self.till.open()
        self.till.all_resolved()
        self.assertEqual(self.sold(first), [300])
        self.assertEqual(self.till.state()["basket"]["count"], 0)
        self.assertIn("the tables follow", self.till.verify())


if __name__ == "__main__":
    unittest.main()
