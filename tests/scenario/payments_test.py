"""Every way in which a payment can go, seen from the clerk, the journal and the network's own book."""
import time
import unittest

from scene import Scene
from harness.http import Refused
from harness.process import wait_until


class QrPayments(Scene):
    def pay(self, behaviour=None, **options):
        if behaviour:
            self.city.script(behaviour, channel="qr", times=1, **options)
        state = self.till.sell_cashless("qr", "paypay", "juminhyo")
        return state, self.last_payment()

    def assert_paid_once(self, payment):
        self.till.all_resolved()
        self.assertEqual(len(self.sales_of(payment)), 1)
        self.assertEqual(self.network(payment)["state"], "charged")
        self.assertEqual(self.lines_of(payment)[-1], "payment.resolved:approved")

    def assert_not_paid(self, payment):
        self.till.all_resolved()
        self.assertEqual(self.sales_of(payment), [])
        row = self.network(payment)
        self.assertIn(row["state"] if row else "unseen", ("declined", "reversed", "unseen"))

    def test_an_approved_code_becomes_a_sale(self):
        state, payment = self.pay()
        self.assertEqual(state["last_sale"]["brand_name"], "PayPay")
        self.assert_paid_once(payment)

    def test_a_declined_code_keeps_the_basket_and_says_why(self):
        state, payment = self.pay("decline")
        self.assertEqual(state["payment"]["state"], "declined")
        self.assertTrue(state["payment"]["clerk_message"])
        self.assertEqual(state["basket"]["total_yen"], 300)
        self.assert_not_paid(payment)

    def test_an_answer_lost_after_the_charge_is_found_by_inquiry(self):
        _, payment = self.pay("timeout_after")
        self.assert_paid_once(payment)
        self.assertIn("payment.unknown", self.lines_of(payment))

    def test_a_request_lost_before_the_charge_is_cancelled_before_it_is_believed(self):
        _, payment = self.pay("timeout_before")
        self.assert_not_paid(payment)
        self.assertEqual(self.lines_of(payment)[-1], "payment.resolved:not_charged")

    def test_a_late_answer_is_a_sale_once(self):
        _, payment = self.pay("late", delay_ms=2500)
        self.assert_paid_once(payment)

    def test_a_doubled_answer_is_a_sale_once(self):
        _, payment = self.pay("twice")
        self.assert_paid_once(payment)

    def test_a_pending_charge_is_awaited(self):
        _, payment = self.pay("pending", delay_ms=1200)
        self.assert_paid_once(payment)

    def test_a_server_error_without_charge_is_no_sale(self):
        _, payment = self.pay("error_500")
        self.assert_not_paid(payment)

    def test_a_server_error_after_the_charge_is_a_sale(self):
        _, payment = self.pay("error_500_after")
        self.assert_paid_once(payment)

    def test_a_connection_dropped_after_the_charge_is_a_sale(self):
        _, payment = self.pay("drop_after")
        self.assert_paid_once(payment)

    def test_a_connection_dropped_before_the_charge_is_no_sale(self):
        _, payment = self.pay("drop_before")
        self.assert_not_paid(payment)

    def test_half_an_answer_is_not_believed_but_inquired(self):
        _, payment = self.pay("half_answer")
        self.assert_paid_once(payment)

    def test_an_answer_that_is_not_json_is_inquired(self):
        _, payment = self.pay("garbage")
        self.assert_paid_once(payment)

    def test_an_unreachable_network_charges_nothing_and_cash_can_be_taken(self):
        self.city.set_payment_network(False)
        try:
            state, payment = self.pay()
            self.assertIn(state["payment"]["state"], ("not_charged", "unknown"))
            basket = state["basket"]
            sold = self.till.post("/api/pay/cash", basket=basket["id"], tendered_yen=500)
            self.assertEqual(sold["last_sale"]["change_yen"], 200)
        finally:
            self.city.set_payment_network(True)
        self.assert_not_paid(payment)

    def test_cash_taken_while_the_result_is_unknown_gives_the_money_back(self):
        self.city.script("timeout_after", channel="qr", times=1)
        state = self.till.start_payment("qr", "paypay", "juminhyo")
        payment = self.last_payment()
        wait_until("the charge", lambda: self.network(payment))
        self.city.set_payment_network(False)
        try:
            state = self.till.payment_ended()
            self.assertEqual(state["payment"]["state"], "unknown")
            self.till.post("/api/pay/cash", basket=state["basket"]["id"], tendered_yen=300)
        finally:
            self.city.set_payment_network(True)
        self.till.all_resolved()
        self.assertEqual(self.sales_of(payment), [])
        self.assertEqual(self.network(payment)["state"], "reversed")

    def test_no_second_cashless_payment_starts_before_the_first_is_terminal(self):
        self.city.script("pending", channel="qr", times=1, delay_ms=4000)
        state = self.till.sell_cashless("qr", "paypay", "juminhyo")
        basket = state["basket"]["id"]
        with self.assertRaises(Refused) as refused:
            self.till.post("/api/pay/cashless", basket=basket, method="credit", brand="visa")
        self.assertEqual(refused.exception.code, "payment_running")
        self.till.all_resolved()

    def test_a_merchant_code_shown_by_mistake_is_told_apart(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand=None)
        with self.assertRaises(Refused) as refused:
            self.till.post("/api/pay/code", code="00020101021229300012D156000000000510A93FO3230Q")
        self.assertEqual(refused.exception.code, "merchant_code")
        self.till.post("/api/pay/stop")

    def test_a_paid_code_is_nowhere_in_files_or_logs(self):
        code = "900081819876543210987654"
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand="paypay")
        self.till.post("/api/pay/code", code=code)
        self.till.payment_ended()
        self.till.all_resolved()
        for path in self.till.folder.iterdir():
            self.assertNotIn(code.encode(), path.read_bytes(), path.name)


class TerminalPayments(Scene):
    def pay(self, behaviour=None, method="credit", brand="visa", **options):
        if behaviour:
            self.city.script(behaviour, channel="terminal", times=1, **options)
        state = self.till.sell_cashless(method, brand, "juminhyo")
        return state, self.last_payment()

    def test_an_approved_card_becomes_a_sale_with_masked_number(self):
        state, payment = self.pay()
        self.assertEqual(state["last_sale"]["brand_name"], "Visa")
        sale = self.sales_of(payment)[0]
        self.assertRegex(sale["payment"]["masked_number"], r"^\d{0,6}[x*]+\d{4}$")

    def test_a_declined_card_is_no_sale(self):
        state, payment = self.pay("decline")
        self.assertEqual(state["payment"]["state"], "declined")
        self.assertEqual(self.network(payment)["state"], "declined")

    def test_an_answer_lost_after_the_debit_is_found_by_status_query(self):
        _, payment = self.pay("timeout_after")
        self.till.all_resolved()
        self.assertEqual(len(self.sales_of(payment)), 1)

    def test_a_connection_cut_after_the_debit_is_found_by_status_query(self):
        _, payment = self.pay("drop_after")
        self.till.all_resolved()
        self.assertEqual(len(self.sales_of(payment)), 1)

    def test_a_request_that_never_arrived_is_no_sale(self):
        _, payment = self.pay("drop_before")
        self.till.all_resolved()
        self.assertEqual(self.sales_of(payment), [])

    def test_a_doubled_answer_is_not_taken_for_the_next_payment(self):
        _, first = self.pay("twice")
        _, second = self.pay()
        self.till.all_resolved()
        self.assertEqual([len(self.sales_of(p)) for p in (first, second)], [1, 1])

    def test_a_card_taken_away_is_in_doubt_until_it_is_touched_again(self):
        state, payment = self.pay("in_doubt", "emoney", "waon")
        self.assertEqual(state["payment"]["state"], "in_doubt")
        self.till.post("/api/pay/set-aside")
        time.sleep(1)
        self.assertEqual([p["state"] for p in self.till.state()["unresolved"]], ["in_doubt"])
        self.city.touch_cards()
        self.till.all_resolved()
        self.assertEqual(len(self.sales_of(payment)), 1)
        self.assertIn("payment.in_doubt", self.lines_of(payment))

    def test_the_receipt_of_a_citizen_sent_on_waits_to_be_asked_for_over_a_restart_too(self):
        _, payment = self.pay("in_doubt", "emoney", "waon")
        self.till.post("/api/pay/set-aside")
        self.city.touch_cards()
        self.till.all_resolved()
        sale = self.sales_of(payment)[0]["sale"]

        def offered():
            return [row["print"] for row in self.till.state()["unprinted"] if row["sale"] == sale]

        self.assertEqual(offered(), ["found_out"])
        self.till.sell_for_cash("inkan")
        self.till.all_printed()
        self.assertEqual(offered(), ["found_out"])
        self.till.kill()
        self.till.start()
        self.till.post("/api/clerk/sign-in", clerk="sato", pin="1111")
        self.till.sell_for_cash("inkan")  # printed after whatever a start asks for
        self.till.all_printed()
        self.assertEqual(offered(), ["found_out"])
        self.till.post(f"/api/papers/receipt/{sale}/print")
        self.till.all_printed()
        self.assertEqual(offered(), [])
        copies = [line["body"]["copy"] for line in self.till.journal() if line["kind"] == "print.finished" and line["body"]["sale"] == sale]
        self.assertEqual(copies, [0])  # the first paper, and not 再発行

    def test_a_card_in_doubt_that_was_not_debited_is_no_sale(self):
        _, payment = self.pay("in_doubt_uncharged", "emoney", "waon")
        self.till.post("/api/pay/set-aside")
        self.city.touch_cards()
        self.till.all_resolved()
        self.assertEqual(self.sales_of(payment), [])

    def test_an_abandoned_payment_goes_back_when_it_was_taken(self):
        _, payment = self.pay("in_doubt", "emoney", "transit_ic")
        self.till.post("/api/pay/abandon", payment=payment, reason="お客様がお急ぎ")
        self.city.touch_cards()
        self.till.all_resolved()
        self.assertEqual(self.sales_of(payment), [])
        self.assertEqual(self.network(payment)["state"], "reversed")
        self.assertEqual(self.lines_of(payment)[-1], "payment.resolved:reversed")

    def test_an_abandoned_brand_without_void_is_held_for_refund(self):
        _, payment = self.pay("in_doubt", "emoney", "edy")
        self.till.post("/api/pay/abandon", payment=payment, reason="お客様がお急ぎ")
        self.city.touch_cards()
        self.till.all_resolved()
        self.assertEqual(self.lines_of(payment)[-1], "payment.resolved:held")
        self.assertEqual(self.network(payment)["state"], "charged")

    def test_a_void_reverses_the_card_and_keeps_the_receipt_number(self):
        self.pay()
        sale = self.till.sales()[0]
        self.till.post(f"/api/sales/{sale['sale']}/void", reason="申請の取下げ")
        for _ in range(200):
            now = self.till.sales()[0]
            if now["state"] == "voided":
                break
            time.sleep(0.05)
        self.assertEqual((now["state"], now["receipt_number"]), ("voided", sale["receipt_number"]))
        self.assertEqual(self.network(self.last_payment())["state"], "reversed")

    def test_a_void_without_an_answer_is_listed_and_stands_on_the_close(self):
        self.pay()
        sale = self.till.sales()[0]
        payment = self.last_payment()
        self.city.set_payment_network(False)
        try:
            self.till.post(f"/api/sales/{sale['sale']}/void", reason="申請の取下げ")
            self.assertIn("確かめています", self.till.sales()[0]["void_hint"])
            self.assertIn(payment, [row["payment"] for row in self.till.state()["unresolved"]])
            self.assertIn(payment, self.till.post("/api/day/count", counted_cash_yen=0)["unresolved"])
        finally:
            self.city.set_payment_network(True)
        self.till.all_resolved()
        self.assertEqual(self.till.sales()[0]["state"], "voided")

    def test_a_brand_that_cannot_be_voided_says_so(self):
        self.pay(None, "emoney", "nanaco")
        sale = self.till.sales()[0]
        self.assertFalse(sale["can_void"])
        with self.assertRaises(Refused) as refused:
            self.till.post(f"/api/sales/{sale['sale']}/void", reason="申請の取下げ")
        self.assertEqual(refused.exception.code, "brand_cannot_void")

    def test_a_processors_clock_that_is_decades_off_does_not_choose_the_year(self):
        for wrong in ("2020-03-31T10:00:00.000+09:00", "2099-04-01T10:00:00.000+09:00"):
            self.city._control("POST", "/clock", {"now": wrong})
            self.addCleanup(self.city._control, "POST", "/clock", {"now": None})
            self.till.sell_cashless("qr", "merpay", "juminhyo")
            sale = [line for line in self.till.journal() if line["kind"] == "sale.recorded"][-1]
            self.assertEqual(sale["body"]["received_on"], sale["business_date"])


if __name__ == "__main__":
    unittest.main()
