"""Alipay+'s simulator: signatures of both sides, the course of a payment, and what each fault leaves in the book."""

import http.client
import json
import secrets

from alipay_plus.signature import is_signed, sign
from alipay_plus.wallet import AlipayPlus
from tests.support import Process
from tests.wallet_support import WalletTest

CLIENT = "TEST_5X00000000000000"
CODE = "281666000000000000"
KEY = "01a20421-f38f-7000-a218-8dff3efc1201"
TIME = "2026-11-22T10:00:00+09:00"


class AlipayPlusTest(WalletTest):
    def setUp(self):
        self.book = self.file(f"{secrets.token_hex(4)}.jsonl")
        self.wallet = self.start(AlipayPlus(0, 0, self.book, self.server_tls(), {
            "client_id": CLIENT, "public_key": self.file("rsa-merchant.public.pem"),
            "private_key": self.file("rsa-wallet.private.pem"), "currency": "JPY", "minimum_age_ms": 0}))

    def ask(self, call, body, key="rsa-merchant", client=CLIENT):
        path, data = f"/ams/api/v1/payments/{call}", json.dumps(body).encode("utf-8")
        header = sign(self.file(f"{key}.private.pem"), path, CLIENT, TIME, data)
        status, headers, answer = self.post_bytes(path, data, {"Client-Id": client, "Request-Time": TIME, "Signature": header,
                                                               "Content-Type": "application/json"})
        if status != 200:
            return {"http": status}
        self.is_believable = is_signed(self.file("rsa-wallet.public.pem"), headers.get("signature", ""), path, CLIENT,
                                       headers.get("response-time", ""), answer)
        return json.loads(answer)

    def pay(self, key=KEY, amount=450, code=CODE):
        money = {"currency": "JPY", "value": str(amount)}
        return self.ask("pay", {"productCode": "IN_STORE_PAYMENT", "paymentRequestId": key, "paymentAmount": money,
                                "paymentFactor": {"inStorePaymentScenario": "PaymentCode"},
                                "paymentMethod": {"paymentMethodType": "CONNECT_WALLET", "paymentMethodId": code},
                                "order": {"referenceOrderId": key, "orderDescription": "手数料", "orderAmount": money}})

    def inquire(self, key=KEY):
        return self.ask("inquiryPayment", {"paymentRequestId": key})

    def cancel(self, key=KEY):
        return self.ask("cancel", {"paymentRequestId": key})

    def code(self, answer):
        return answer["result"]["resultStatus"], answer["result"]["resultCode"]


class Course(AlipayPlusTest):
    def test_a_payment_repeated_under_its_key_is_taken_once(self):
        first, again = self.pay(), self.pay()

        self.assertEqual(first, again)
        self.assertEqual((self.code(first), first["paymentAmount"]["value"]), (("S", "SUCCESS"), "450"))
        self.assertTrue(self.is_believable)
        self.assertEqual(self.order(KEY)["kept_amount"], 450)

    def test_a_key_used_for_another_amount_is_refused(self):
        self.pay()
        self.assertEqual(self.code(self.pay(amount=451)), ("F", "REPEAT_REQ_INCONSISTENT"))

    def test_a_payment_waits_for_its_payer_through_so_many_inquiries(self):
        self.fault("user_paying", polls=1)
        self.assertEqual(self.code(self.pay()), ("U", "PAYMENT_IN_PROCESS"))
        self.assertEqual([self.inquire()["paymentStatus"] for _ in range(2)], ["PROCESSING", "SUCCESS"])

    def test_a_cancel_takes_all_back_and_a_key_cancelled_unseen_takes_nothing(self):
        self.pay()
        for key in (KEY, "never-seen"):
            self.assertEqual(self.code(self.cancel(key)), ("S", "SUCCESS"))
            self.assertEqual(self.code(self.cancel(key)), ("S", "SUCCESS"))
        self.assertEqual((self.state(KEY), self.inquire()["paymentStatus"]), ("reversed", "CANCELLED"))
        self.assertEqual((self.code(self.pay("never-seen"))[0], self.state("never-seen")), ("F", "closed"))

    def test_the_window_to_cancel_closes_a_quarter_of_an_hour_after_the_beijing_day(self):
        self.control("POST", "clock", {"now": "2026-11-22T10:00:00+09:00"})
        self.pay("pay-1")
        self.pay("pay-2")
        self.control("POST", "clock", {"now": "2026-11-23T01:14:59+09:00"})
        self.assertEqual(self.code(self.cancel("pay-1"))[0], "S")
        self.control("POST", "clock", {"now": "2026-11-23T01:15:00+09:00"})
        self.assertEqual(self.code(self.cancel("pay-2")), ("F", "CANCEL_WINDOW_EXCEED"))

    def test_refunds_never_exceed_the_payment_and_are_made_once(self):
        payment = self.pay()["paymentId"]

        def refund(name, amount):
            return self.code(self.ask("refund", {"paymentId": payment, "refundRequestId": name,
                                                 "refundAmount": {"currency": "JPY", "value": str(amount)}}))[0]
        self.assertEqual([refund("r-1", 200), refund("r-1", 200), refund("r-1", 100), refund("r-2", 251), refund("r-2", 250)],
                         ["S", "S", "F", "F", "S"])
        self.assertEqual((self.state(KEY), self.order(KEY)["kept_amount"]), ("refunded", 0))
        known = self.ask("inquiryRefund", {"refundRequestId": "r-1"})
        self.assertEqual((known["refundStatus"], known["refundAmount"]["value"]), ("SUCCESS", "200"))
        self.assertEqual(self.code(self.ask("inquiryRefund", {"refundRequestId": "r-3"})), ("F", "REFUND_NOT_EXIST"))

    def test_the_book_survives_a_kill_and_never_holds_the_code(self):
        self.pay()
        self.wallet.stop()
        process = Process("-m", "alipay_plus", "--book", self.book, "--certificate", self.file("server.pem"), "--key",
                          self.file("server.key"), "--merchant-public-key", self.file("rsa-merchant.public.pem"),
                          "--private-key", self.file("rsa-wallet.private.pem"))
        self.addCleanup(process.kill)
        self.port = process.ready["port"]
        self.assertEqual(self.inquire()["paymentStatus"], "SUCCESS")
        with open(self.book, encoding="utf-8") as book:
            self.assertNotIn(CODE, book.read())


class Doors(AlipayPlusTest):
    def test_who_does_not_sign_as_the_merchant_is_refused(self):
        self.assertEqual(self.code(self.ask("inquiryPayment", {"paymentRequestId": KEY}, key="rsa-wallet")),
                         ("F", "INVALID_SIGNATURE"))
        self.assertEqual(self.code(self.ask("inquiryPayment", {"paymentRequestId": KEY}, client="other")),
                         ("F", "INVALID_CLIENT"))

    def test_requests_that_do_not_read_are_refused_and_change_nothing(self):
        for body in ({}, {"paymentRequestId": 1}, {"paymentRequestId": "a b"}, {"paymentRequestId": KEY}):
            self.assertEqual(self.code(self.ask("pay", body)), ("F", "PARAM_ILLEGAL"), body)
        self.assertEqual(self.control("GET", "book"), [])


class Faults(AlipayPlusTest):
    def test_each_fault_leaves_what_it_says_in_the_book(self):
        expected = {"drop_before": None, "drop_after": "charged", "error_500": None, "error_500_after": "charged",
                    "system_error": None, "system_error_after": "charged", "garbage": "charged", "half_answer": "charged",
                    "twice": "charged", "bad_signature": "charged", "other_order": "charged", "other_amount": "charged",
                    "late": "charged", "decline": "declined", "user_paying": "paying", "user_refuses": "paying"}
        for number, (behaviour, state) in enumerate(expected.items()):
            key = f"pay-{number}"
            self.fault(behaviour)
            try:
                self.is_believable = True
                self.pay(key)
            except (OSError, http.client.HTTPException, ValueError):
                pass
            self.assertEqual(self.state(key), state, behaviour)
            self.assertEqual(self.is_believable, behaviour not in ("bad_signature", "garbage"), behaviour)
