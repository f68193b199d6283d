"""Payments where the citizen scans our code: PayPay's adapter and the till, against PayPay's simulator."""
import datetime
import subprocess
import unittest

from presented_scene import PresentedScene
from harness.http import Refused
from harness.networks import make_certificates
from harness.process import wait_until


class ShownCodes(PresentedScene):
    def test_a_code_that_the_citizen_scans_and_pays_becomes_a_sale(self):
        payment, payload = self.show()
        view = self.till.get("/api/citizen")["payment"]
        self.assertEqual((view["amount_yen"], view["brand_name"]), (300, "PayPay"))
        self.assertGreater(view["seconds_left"], 0)
        self.pay_with_phone(payload)
        self.assertEqual(self.settle(payment), "approved")
        self.assertEqual(self.lines_of(payment), ["payment.started", "payment.presented", "payment.resolved:approved"])
        self.assertEqual(self.sales_of(payment)[0]["payment"]["brand"], "paypay")
        self.state_is("none")
        with self.assertRaises(Refused):
            self.till.get(f"/api/citizen/code/{payment}")

    def test_the_code_can_be_scanned_off_paper_too_as_long_as_it_is_shown(self):
        payment, payload = self.show()
        picture = self.city.folder / "code.png"
        picture.write_bytes(self.till.get(f"/api/papers/payment_code/{payment}/picture.png", raw=True))
        read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=True).stdout
        self.assertEqual(read.strip(), payload)
        self.till.post(f"/api/papers/payment_code/{payment}/print")
        wait_until("the paper", lambda: self.outcome_of_paper(payment) == "printed")
        self.pay_with_phone(payload)
        self.assertEqual(self.settle(payment), "approved")
        with self.assertRaises(Refused) as refused:
            self.till.post(f"/api/papers/payment_code/{payment}/print")
        self.assertEqual(refused.exception.code, "no_code_shown")

    def outcome_of_paper(self, payment):
        journal = self.till.journal()
        job = next((row["body"]["job"] for row in journal if row["kind"] == "print.started" and row["body"]["sale"] == payment), None)
        return next((row["body"]["outcome"] for row in journal if row["kind"] == "print.finished" and row["body"]["job"] == job), None)

    def test_the_code_stays_while_nobody_pays_and_while_inquiries_are_lost(self):
        payment, payload = self.show()
        self.net.fault("drop_before", operation="query", times=3)
        self.net.fault("garbage", operation="query", times=2)
        wait_until("inquiries", lambda: self.net.requests(payment).count("query") >= 8)
        self.assertEqual(self.till.state()["payment"]["state"], "showing_code")
        self.pay_with_phone(payload)
        self.assertEqual(self.settle(payment), "approved")

    def test_a_stopped_code_can_no_longer_be_paid_and_the_basket_is_free(self):
        payment, payload = self.show()
        self.till.post("/api/pay/stop")
        self.assertIsNone(self.till.get("/api/citizen")["payment"]["code"])
        self.assertEqual(self.settle(payment), "not_charged")
        with self.assertRaises(Refused):
            self.pay_with_phone(payload)
        self.state_is("not_charged")
        self.assertEqual(self.till.state()["basket"]["total_yen"], 300)

    def test_a_code_paid_just_when_it_is_taken_away_is_a_sale(self):
        self.net.fault("user_pays_at_cancel")
        payment, _ = self.show()
        self.till.post("/api/pay/stop")
        self.assertEqual(self.settle(payment), "approved")

    def test_a_citizen_who_refuses_on_his_phone_has_paid_nothing(self):
        payment, payload = self.show()
        self.pay_with_phone(payload, refuses=True)
        self.assertEqual(self.settle(payment), "declined")

    def test_a_second_payment_of_the_basket_waits_until_the_code_is_gone(self):
        payment, _ = self.show()
        basket = self.till.state()["basket"]
        for path, body in (("/api/pay/cashless", {"method": "credit", "brand": "visa"}),
                           ("/api/pay/cash", {"tendered_yen": 300})):
            with self.assertRaises(Refused):
                self.till.post(path, basket=basket["id"], **body)
        self.till.post("/api/pay/stop")
        self.assertEqual(self.settle(payment), "not_charged")

    def test_brands_that_nobody_makes_codes_for_are_refused_by_name(self):
        self.assertEqual([row["brand"] for row in self.till.ring_up("juminhyo")["basket"]["presented"]], ["paypay"])
        basket = self.till.state()["basket"]
        with self.assertRaises(Refused) as refused:
            self.till.post("/api/pay/presented", basket=basket["id"], brand="aupay")
        self.assertIn("au PAY", str(refused.exception))

    def test_the_scan_of_a_citizens_code_is_not_public_and_nothing_leaves(self):
        state, payment = self.pay()
        self.assertEqual(state["payment"]["state"], "not_charged")
        self.assertEqual(self.settle(payment), "not_charged")
        self.assertEqual(self.net.requests(payment), [])


class LostAnswers(PresentedScene):
    def test_a_code_whose_making_was_not_answered_was_never_shown_and_takes_nothing(self):
        for behaviour in ("drop_before", "drop_after", "timeout_before", "timeout_after", "garbage", "half_answer", "error_500",
                          "error_500_after", "system_error", "other_order", "other_amount"):
            with self.subTest(behaviour=behaviour):
                self.net.fault(behaviour)
                payment = self.begin()
                self.assertEqual(self.settle(payment), "not_charged")
                self.assertNotIn("payment.presented", self.lines_of(payment))

    def test_a_code_made_late_or_answered_twice_is_shown_once(self):
        for behaviour in ("late", "twice"):
            with self.subTest(behaviour=behaviour):
                self.net.fault(behaviour, delay_ms=300)
                payment, payload = self.show()
                self.pay_with_phone(payload)
                self.assertEqual(self.settle(payment), "approved")

    def test_a_lost_answer_to_the_taking_away_is_asked_again(self):
        for behaviour in ("drop_before", "drop_after", "error_500", "garbage"):
            with self.subTest(behaviour=behaviour):
                payment, _ = self.show()
                self.net.fault(behaviour, operation="cancel")
                self.till.post("/api/pay/stop")
                self.assertEqual(self.settle(payment), "not_charged")

    def test_a_sale_is_voided_whatever_becomes_of_the_answers(self):
        for behaviour in ("drop_before", "drop_after", "system_error", "half_answer"):
            with self.subTest(behaviour=behaviour):
                payment, payload = self.show()
                self.pay_with_phone(payload)
                self.assertEqual(self.settle(payment), "approved")
                sale = self.sales_of(payment)[0]["sale"]
                self.net.fault(behaviour, operation="cancel")
                self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
                wait_until("the void", lambda sale=sale: self.till.sale(sale)["state"] == "voided")
                self.assert_money_agrees()

    def test_a_void_after_the_window_is_refused_and_the_sale_stands(self):
        payment, payload = self.show()
        self.pay_with_phone(payload)
        self.assertEqual(self.settle(payment), "approved")
        sale = self.sales_of(payment)[0]["sale"]
        accepted = datetime.datetime.fromisoformat(self.net.book()[payment]["accepted_at"])
        closes = (accepted + datetime.timedelta(days=1)).replace(hour=0, minute=15, second=0, microsecond=0)
        self.net.control("POST", "clock", {"now": closes.isoformat(timespec="milliseconds")})
        self.addCleanup(self.net.control, "POST", "clock", {"now": None})
        self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
        wait_until("the refusal", lambda: self.till.sale(sale)["state"] == "sold")
        self.assert_money_agrees()


class Restarts(PresentedScene):
    def test_a_code_scanned_before_a_power_cut_and_paid_after_it_is_a_sale(self):
        payment, payload = self.show()
        self.till.kill()
        self.pay_with_phone(payload)
        self.till.start()
        self.till.open()
        self.assertEqual(self.settle(payment), "approved")

    def test_after_a_restart_the_code_is_not_shown_again_and_can_be_given_up(self):
        payment, payload = self.show()
        self.till.kill()
        self.till.start()
        self.till.open()
        wait_until("the list", lambda: self.till.open_payments(self.till.state()))
        self.assertIsNone(self.till.get("/api/citizen")["payment"])
        self.till.post("/api/pay/abandon", payment=payment, reason="お客様が取りやめた")
        self.assertEqual(self.settle(payment), "not_charged")
        with self.assertRaises(Refused):
            self.pay_with_phone(payload)

    def test_what_was_paid_after_it_was_given_up_goes_back(self):
        payment, payload = self.show()
        self.till.kill()
        self.till.start()
        self.till.open()
        wait_until("the list", lambda: self.till.open_payments(self.till.state()))
        self.net.fault("drop_before", operation="query", times=100)
        self.till.post("/api/pay/abandon", payment=payment, reason="お客様が取りやめた")
        self.pay_with_phone(payload)
        self.net.forget_faults()
        self.assertEqual(self.settle(payment), "reversed")


class StrangersCertificate(PresentedScene):
    @classmethod
    def start_networks(cls):
        settings = super().start_networks()
        strangers = make_certificates(cls.city.folder / "strangers")
        return settings.replace(str(cls.net.ca_file), str(strangers / "authority.pem"))

    def test_a_certificate_of_another_authority_is_refused_and_nothing_is_sent(self):
        self.begin()
        self.state_is("not_charged")
        self.assertEqual((self.net.requests(), self.net.book()), ([], {}))


class OverTime(PresentedScene):
    timing = {"adapter": "paypay", "budget_ms": 2500}

    def test_a_code_that_nobody_pays_is_taken_away_and_void(self):
        payment, payload = self.show()
        self.assertEqual(self.settle(payment), "not_charged")
        with self.assertRaises(Refused):
            self.pay_with_phone(payload)
        self.state_is("not_charged")


if __name__ == "__main__":
    unittest.main()
