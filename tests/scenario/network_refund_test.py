"""Refunds through the networks: each is done once, whatever becomes of its answer, and never beyond what was paid."""
import unittest

from aggregator_scene import AggregatorScene
from presented_scene import PresentedScene
from wallet_channels_test import Probe

REFUND = "01a20421-f38f-7000-a218-8dff3efc12{:02d}"
AGE_MS = 100000
# What is lost of a refund's answer. PayPay's and the aggregator's own "unknown" among them.
LOST = ("drop_before", "drop_after", "timeout_after", "garbage", "half_answer", "error_500", "error_500_after", "system_error")


class Refunds:
    """NETWORK is the adapter; `paid` makes a payment of 300 yen and gives its id."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        settings = cls.till.config.read_text()
        start = settings.index(f"[{cls.network}]")
        cls.probe = Probe(cls.till.folder, settings[start:settings.index("[payment_terminal]")])

    @classmethod
    def tearDownClass(cls):
        status, complaints = cls.probe.end()
        super().tearDownClass()
        if status != 0:
            raise AssertionError(f"the probe ended with {status}: {complaints}")

    def refund(self, payment, number, yen):
        return self.probe.ask("refund", payment, 300, self.network, AGE_MS, REFUND.format(number), yen)[0]

    def test_a_refund_whose_answer_is_lost_is_repeated_and_done_once(self):
        for number, behaviour in enumerate(LOST, start=10):
            with self.subTest(behaviour=behaviour):
                payment = self.paid()
                self.net.fault(behaviour, operation="refund")
                first = self.refund(payment, number, 300)
                self.assertIn(first, ("unknown", "reversed"))
                self.assertEqual(self.refund(payment, number, 300), "reversed")
                self.assertEqual(self.refund(payment, number, 300), "reversed")
                self.assertEqual(self.net.book()[payment]["refunds"], {REFUND.format(number): 300})
                self.assert_money_agrees()

    def test_more_than_was_paid_is_refused_and_nothing_moves(self):
        payment = self.paid()
        self.assertEqual(self.refund(payment, 30, 301), "declined")
        self.assertEqual(self.net.book()[payment]["refunds"], {})
        self.assert_money_agrees()

    def test_what_was_never_paid_is_not_refunded(self):
        self.assertEqual(self.refund("01a20421-f38f-7000-a218-8dff3efc9999", 31, 300), self.never_paid)

    def test_a_refunded_payment_can_no_longer_be_cancelled_beside_it(self):
        payment = self.paid()
        self.assertEqual(self.refund(payment, 32, 100), "reversed")
        self.assertIn(self.probe.ask("cancel", payment, 300, self.network, AGE_MS)[0], ("cannot", "unknown"))
        self.assertEqual(self.net.book()[payment]["kept_amount"], 200)
        self.assert_money_agrees()


class AtTheAggregator(Refunds, AggregatorScene):
    network = "aggregator"
    never_paid = "unknown"  # it confirmed the charge once: denying it now denies no refund
    payment_timeout_ms = 4000

    def paid(self):
        _, payment = self.pay()
        self.assertEqual(self.settle(payment), "approved")
        return payment

    def test_parts_are_refunded_until_nothing_is_left(self):
        payment = self.paid()
        self.assertEqual([self.refund(payment, 40 + i, 100) for i in range(4)], ["reversed"] * 3 + ["declined"])
        self.assert_money_agrees()


class AtPayPay(Refunds, PresentedScene):
    network = "paypay"
    never_paid = "declined"
    payment_timeout_ms = 4000

    def paid(self):
        payment, payload = self.show()
        self.pay_with_phone(payload)
        self.assertEqual(self.settle(payment), "approved")
        return payment


if __name__ == "__main__":
    unittest.main()
