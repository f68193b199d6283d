"""処理未了: a card that left between debit and confirmation, brand by brand, until the truth shows."""
import unittest

from scene import Scene
from harness.process import wait_until


class Doubt(Scene):
    def doubt(self, brand, charged=True):
        """A payment in doubt with BRAND; its id."""
        self.city.script("in_doubt" if charged else "in_doubt_uncharged", channel="terminal", times=1)
        self.till.start_payment("emoney", brand, "juminhyo")
        self.till.payment_ended()
        return self.last_payment()

    def touch_with_a_later_payment(self, earlier, brand):
        """The next citizen is the same one, with the same card."""
        self.city.script("approve", channel="terminal", times=1, earlier=earlier)
        self.till.sell_cashless("emoney", brand, "inkan")
        return self.last_payment()

    def resolution(self, payment):
        return [(line["body"]["result"], line["body"]["how"]) for line in self.till.journal()
                if line["kind"] == "payment.resolved" and line["body"]["payment"] == payment]

    def rule(self, payment):
        return [line["body"]["rule"] for line in self.till.journal()
                if line["kind"] == "payment.in_doubt" and line["body"]["payment"] == payment]

    def proofs(self, payment):
        return [line["body"]["result"] for line in self.till.journal()
                if line["kind"] == "payment.proved" and line["body"]["payment"] == payment]

    def slips(self, payment):
        return [(line["body"]["copy"], line["body"]["outcome"]) for line in self.till.journal()
                if line["kind"] == "print.finished" and line["body"]["form"] == "in_doubt" and line["body"]["sale"] == payment]

    def listed(self, payment):
        return next((row for row in self.till.state()["unresolved"] if row["payment"] == payment), None)

    def tables_follow(self):
        self.assertIn("the tables follow", self.till.verify())

    def test_what_is_in_doubt_has_a_slip_and_says_what_to_do(self):
        payment = self.doubt("waon")
        state = self.till.state()["payment"]
        self.assertEqual((state["state"], state["code"]), ("in_doubt", "in_doubt_touch_proves"))
        self.assertGreater(state["seconds_left"], 0)
        self.assertIn("もう一度請求せず", state["clerk_message"])
        self.assertEqual(set(state["say"]), {"ja", "en", "zh", "ko"})
        wait_until("the slip", lambda: self.slips(payment) == [(0, "printed")])
        self.till.post("/api/pay/set-aside")
        self.assertEqual(self.listed(payment)["code"], "listed_touch_proves")
        self.till.post(f"/api/papers/in_doubt/{payment}/print")
        wait_until("the slip again", lambda: (1, "printed") in self.slips(payment))
        self.city.touch_cards()
        self.till.all_resolved()
        self.assertEqual(self.rule(payment), ["touch_proves"])
        self.tables_follow()

    def test_the_same_card_proves_it_when_it_pays_for_something_else(self):
        first = self.doubt("transit_ic")
        self.till.post("/api/pay/set-aside")
        self.assertEqual(self.listed(first)["code"], "listed_touch_confirms")
        second = self.touch_with_a_later_payment(first, "transit_ic")
        self.till.all_resolved()
        self.assertEqual(self.resolution(first), [("approved", "touch")])
        self.assertEqual([len(self.sales_of(payment)) for payment in (first, second)], [1, 1])

    def test_the_same_card_shows_that_nothing_was_taken(self):
        first = self.doubt("edy", charged=False)
        self.till.post("/api/pay/set-aside")
        second = self.touch_with_a_later_payment(first, "edy")
        self.till.all_resolved()
        self.assertEqual(self.resolution(first), [("not_charged", "touch")])
        self.assertEqual([len(self.sales_of(payment)) for payment in (first, second)], [0, 1])

    def test_a_doubt_survives_a_power_cut_and_the_next_touch(self):
        first = self.doubt("waon")
        self.till.kill()
        self.till.start()
        self.till.open()
        self.assertEqual(self.listed(first)["state"], "in_doubt")
        self.touch_with_a_later_payment(first, "waon")
        self.till.all_resolved()
        self.assertEqual(self.resolution(first), [("approved", "touch")])
        self.assertEqual(len(self.sales_of(first)), 1)
        self.tables_follow()

    def test_nanaco_is_a_sale_at_once_and_proved_later(self):
        payment = self.doubt("nanaco")
        state = self.till.state()
        self.assertIsNone(state["payment"])
        self.assertEqual(state["last_sale"]["brand_name"], "nanaco")
        self.assertEqual((self.listed(payment)["state"], self.listed(payment)["code"]), ("doubtful", "listed_counts_as_sale"))
        self.assertEqual(self.lines_of(payment)[-2:], ["payment.in_doubt", "payment.resolved:approved"])
        self.city.touch_cards()
        wait_until("the proof", lambda: self.proofs(payment) == ["charged"])
        self.assertIsNone(self.listed(payment))
        self.assertEqual(len(self.sales_of(payment)), 1)
        self.assertEqual(self.slips(payment), [])
        self.tables_follow()

    def test_a_nanaco_sale_that_was_not_debited_is_proved_so_and_stands_until_finance_undoes_it(self):
        payment = self.doubt("nanaco", charged=False)
        self.till.kill()
        self.till.start()
        self.till.open()
        self.city.touch_cards()
        wait_until("the proof", lambda: self.proofs(payment) == ["not_charged"])
        self.assertEqual(len(self.sales_of(payment)), 1)
        self.tables_follow()

    def test_id_is_cancelled_by_itself_and_run_again(self):
        for brand, charged, result in (("id", True, "reversed"), ("quicpay", False, "not_charged")):
            first = self.doubt(brand, charged)
            state = wait_until("the way to be free", lambda: (lambda s: s if s["payment"]["state"] == "not_charged" else None)(self.till.state()))
            self.assertEqual(state["payment"]["code"], "not_charged_run_again")
            self.assertEqual(self.resolution(first), [(result, "cancel")])
            basket = state["basket"]
            self.assertEqual(basket["total_yen"], 300)
            self.till.post("/api/pay/cashless", basket=basket["id"], method="emoney", brand=brand)
            self.till.payment_ended()
            second = self.last_payment()
            self.assertEqual([len(self.sales_of(payment)) for payment in (first, second)], [0, 1])
            self.assertEqual(self.network(first)["state"], "reversed" if charged else "declined")
            self.assertEqual(self.network(second)["state"], "charged")
        self.tables_follow()

    def test_an_abandoned_doubt_that_a_later_touch_proves_goes_back(self):
        first = self.doubt("waon")
        self.till.post("/api/pay/abandon", payment=first, reason="お客様がお急ぎ")
        self.touch_with_a_later_payment(first, "waon")
        self.till.all_resolved()
        self.assertEqual(self.resolution(first), [("reversed", "cancel")])
        self.assertEqual(self.network(first)["state"], "reversed")
        self.assertEqual(self.sales_of(first), [])

    # --- what only the statement knows ------------------------------------------------------------------------------

    def take_statement_without_the_network(self):
        """Gateway and terminal are gone for good; the day's statement comes to the finance office."""
        self.city.set_payment_network(False)
        self.addCleanup(self.city.set_payment_network, True)
        self.till.all_sent()
        written = self.city.statements(self.city.today(), self.city.folder / "statements")
        self.city.run("import", "--layout", "aggregator-daily", "--file", written["statement"]["path"])
        self.city.run("reconcile", expect=None)

    def restart(self):
        """A till asks for proofs as soon as it has started, then every minute."""
        self.till.process.stop()
        self.till.start()
        self.till.open()

    def test_a_charge_that_only_the_statement_knows_becomes_a_sale(self):
        self.city.script("timeout_after", channel="qr", times=1)
        self.till.start_payment("qr", "merpay", "juminhyo")
        payment = self.last_payment()
        wait_until("the charge to arrive", lambda: [row for row in self.city.book() if row["reference"] == payment])
        self.city.set_payment_network(False)  # before the till has given up waiting, so that it can never inquire
        self.till.payment_ended()
        self.till.post("/api/pay/set-aside")
        self.take_statement_without_the_network()
        self.restart()
        wait_until("what the statement proves", lambda: self.resolution(payment) == [("approved", "statement")])
        self.assertEqual(len(self.sales_of(payment)), 1)
        self.assertIsNone(self.listed(payment))
        self.tables_follow()

    def test_a_nanaco_sale_in_doubt_is_proved_by_the_statement(self):
        payment = self.doubt("nanaco")
        self.city.touch_cards()
        self.take_statement_without_the_network()
        self.restart()
        wait_until("the proof", lambda: self.proofs(payment) == ["charged"])
        self.tables_follow()


if __name__ == "__main__":
    unittest.main()
