"""The aggregator's adapter against its simulator: every fault, and after each the two books agree."""
import unittest

from aggregator_scene import AggregatorScene
from harness.process import wait_until
from harness.till import QR_CODES


class Faults(AggregatorScene):
    """What was asked of the money, by fault; `settle` compares the books each time."""
    charged = ("drop_after", "timeout_after", "late", "twice", "garbage", "half_answer", "error_500_after",
               "system_error_after", "other_order", "other_amount")
    not_charged = ("drop_before", "timeout_before", "error_500", "system_error")

    def test_an_answer_spoiled_after_the_charge_is_a_sale_once(self):
        for behaviour in self.charged:
            with self.subTest(behaviour=behaviour):
                self.net.fault(behaviour, delay_ms=2500)
                _, payment = self.pay()
                self.assertEqual(self.settle(payment), "approved")
                self.assertEqual(len(self.sales_of(payment)), 1)

    def test_a_request_lost_before_the_charge_is_no_sale(self):
        for behaviour in self.not_charged:
            with self.subTest(behaviour=behaviour):
                self.net.fault(behaviour)
                _, payment = self.pay()
                self.assertEqual(self.settle(payment), "not_charged")
                self.assertEqual(self.sales_of(payment), [])

    def test_spoiled_answers_to_inquiries_and_cancels_are_asked_again(self):
        for behaviour in ("drop_before", "garbage", "error_500", "other_order"):
            for first in ("timeout_after", "timeout_before"):
                with self.subTest(behaviour=behaviour, first=first):
                    self.net.fault(first)
                    self.net.fault(behaviour, operation="query", times=2)
                    self.net.fault(behaviour, operation="cancel", times=1)
                    _, payment = self.pay()
                    self.assertEqual(self.settle(payment), "approved" if first == "timeout_after" else "not_charged")
                    self.net.forget_faults()

    def test_a_refusal_says_why(self):
        self.net.fault("decline", failure="PAYMENT_WALLET_INSUFFICIENT_FUNDS")
        _, payment = self.pay()
        self.assertEqual(self.settle(payment), "declined")
        self.assertEqual(self.till.state()["payment"]["code"], "declined_insufficient_balance")

    def test_a_payer_who_takes_his_time_is_awaited(self):
        self.net.fault("user_paying", polls=4)
        _, payment = self.pay()
        self.assertEqual(self.settle(payment), "approved")

    def test_a_payer_who_refuses_in_the_end_has_paid_nothing(self):
        self.net.fault("user_refuses", polls=3)
        _, payment = self.pay()
        self.assertEqual(self.settle(payment), "declined")

    def test_a_charge_that_arrives_after_its_cancel_takes_nothing(self):
        self.net.fault("held_up")
        _, payment = self.pay()
        self.assertEqual(self.settle(payment), "not_charged")
        self.assertEqual(self.net.control("POST", "let-go")["arrived"], [payment])
        self.assert_money_agrees()

    def test_a_sale_is_voided_and_repeated_cancels_move_nothing_twice(self):
        _, payment = self.pay()
        sale = self.sales_of(payment)[0]["sale"]
        self.net.fault("timeout_after", operation="cancel")
        self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
        wait_until("the void", lambda: self.till.sale(sale)["state"] == "voided")
        self.assert_money_agrees()
        self.assertEqual(self.net.book()[payment]["state"], "reversed")

    def test_a_kill_between_charge_and_answer_is_found_at_the_next_start(self):
        self.net.fault("timeout_after")
        self.till.start_payment("qr", "paypay", "juminhyo")
        payment = self.last_payment()
        wait_until("the charge", lambda: payment in self.net.book())
        self.till.kill()
        self.till.start()
        self.till.open()
        self.assertEqual(self.settle(payment), "approved")

    def test_nothing_of_code_or_credential_is_logged_or_kept(self):
        self.net.fault("garbage")
        _, payment = self.pay()
        self.settle(payment)
        seen = self.till.process.tail(100000) + str(self.till.journal())
        self.assertNotIn(QR_CODES["paypay"], seen)
        self.assertNotIn("demo-token", seen)


if __name__ == "__main__":
    unittest.main()
