"""A city that sells over a ZVT terminal on a serial line: whatever the line or the terminal does, the terminal's book and ours
say the same about the money."""
import unittest

from scene import Scene

LINE_FAULTS = ("nak", "lost_ack", "bad_crc", "cut_frame", "unheard_ack", "noise")


class CardsOnASerialLine(Scene):
    city_options = {"has_zvt": True}
    payment_timeout_ms = 2500

    def pay(self, brand="visa", method="credit"):
        self.state = self.till.sell_cashless(method, brand, "juminhyo", seconds=90)
        self.till.all_resolved()
        return self.last_payment()

    def assert_books_agree(self):
        lines = self.till.journal()
        undone = {line["body"].get("payment") for line in lines if line["kind"] == "sale.voided"}
        ours = {line["body"]["payment"]["payment"]: line["body"]["total_yen"] for line in lines
                if line["kind"] == "sale.recorded" and line["body"]["payment"].get("payment") not in undone | {None}}
        theirs = {row["reference"]: row["amount"] for row in self.city.book() if row["state"] == "charged"}
        self.assertEqual(ours, theirs)

    def test_a_bad_line_costs_repetitions_and_no_money(self):
        for fault in LINE_FAULTS:
            with self.subTest(fault):
                self.city.spoil_line(fault)
                payment = self.pay()
                self.city.mend_line()
                self.assertEqual(self.network(payment)["state"], "charged")
                self.assertEqual(len(self.sales_of(payment)), 1)
        self.assert_books_agree()

    def test_lost_answers_are_found_out(self):
        for behaviour, charged in (("drop_after", True), ("drop_before", False), ("timeout_after", True), ("half_answer", True),
                                   ("garbage", True), ("twice", True)):
            with self.subTest(behaviour):
                self.city.script(behaviour, channel="terminal")
                payment = self.pay()
                self.assertEqual(len(self.sales_of(payment)), 1 if charged else 0)
        self.assert_books_agree()

    def test_refusals_make_no_sale_and_say_why(self):
        for failure, cause in (("Refusal", "center_error"), ("Deficient", "deficient"), ("InvalidCard", "no_card"),
                               ("UnreachableHost", "communication_error")):
            with self.subTest(failure):
                self.city.script("decline", channel="terminal", failure=failure)
                payment = self.pay()
                self.assertIn(self.lines_of(payment)[-1],
                              ("payment.resolved:declined", "payment.resolved:not_charged"))
                self.assertEqual(self.sales_of(payment), [])
        self.assert_books_agree()

    def test_a_void_goes_back_over_the_line(self):
        payment = self.pay("transit_ic", "emoney")
        self.city.spoil_line("bad_crc")
        self.till.post(f"/api/sales/{self.sales_of(payment)[0]['sale']}/void", reason="打ち間違い")
        self.till.all_resolved()
        wait_for_state(self, payment, "reversed")
        self.assert_books_agree()

    def test_a_card_in_doubt_tells_when_it_is_touched_again(self):
        self.city.script("in_doubt", channel="terminal")
        self.state = self.till.sell_cashless("emoney", "waon", "juminhyo", seconds=90)
        payment = self.last_payment()
        self.assertEqual(self.network(payment)["state"], "in_doubt")
        self.city.touch_cards()
        self.till.all_resolved()
        self.assertEqual(len(self.sales_of(payment)), 1)
        self.assert_books_agree()

    def test_an_answer_that_shows_a_card_number_is_found_out_without_it(self):
        for fault in ("card_in_text", "card_in_pan"):
            with self.subTest(fault):
                self.city.spoil_line(fault)
                payment = self.pay()
                self.city.mend_line()
                self.assertEqual(len(self.sales_of(payment)), 1)
        self.assertNotIn("4111111111111111", self.till.database.read_bytes().decode("latin-1"))
        self.assertNotIn("4111111111111111", self.till.process.tail(10000))
        self.assert_books_agree()


def wait_for_state(test, payment, state):
    from harness.process import wait_until
    wait_until(f"the terminal to say {state}", lambda: test.network(payment)["state"] == state)
    wait_until("the till to know", lambda: any(line["kind"] == "sale.voided" and line["body"].get("payment") == payment
                                               for line in test.till.journal()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
