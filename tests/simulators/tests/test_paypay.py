"""PayPay's simulator: its signature against the published example, codes, cancels until their time, one refund of an order."""

import base64
import hashlib
import hmac
import json
import time
import unittest

from loopback.http_json import Request
from paypay.door import PayPay, is_signed
from tests.support import call

API_KEY, SECRET = "key", "secret"
JSON = "application/json"
KEY = "01a20421-f38f-7000-a218-8dff3efc1201"


def header(method, path, body):
    """As PayPay's page describes it, written here once more."""
    data = None if body is None else json.dumps(body).encode("utf-8")
    kind = "empty" if data is None else JSON
    digest = "empty" if data is None else base64.b64encode(hashlib.md5(kind.encode() + data).digest()).decode()
    epoch = str(int(time.time()))
    text = "\n".join((path, method, "nonce", epoch, kind, digest))
    mac = base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()
    return f"hmac OPA-Auth:{API_KEY}:{mac}:nonce:{epoch}:{digest}"


class PayPayTest(unittest.TestCase):
    def setUp(self):
        self.door = PayPay(0, 0, None, None, API_KEY, SECRET, "merchant")
        self.door.start()
        self.addCleanup(self.door.stop)

    def ask(self, method, path, body=None, authorization=None):
        """(HTTP status, code, data)."""
        status, answer = call(self.door.ports["port"], method, path, body, {
            "Authorization": authorization or header(method, path, body), "X-ASSUME-MERCHANT": "merchant",
            **({"Content-Type": JSON} if body is not None else {})})
        return status, answer["resultInfo"]["code"], answer["data"]

    def control(self, method, path, body):
        return call(self.door.ports["control_port"], method, f"/control/{path}", body)

    def make(self, key=KEY):
        return self.ask("POST", "/v2/codes", {"merchantPaymentId": key, "codeType": "ORDER_QR",
                                              "amount": {"amount": 450, "currency": "JPY"}})

    def paid(self, key=KEY):
        payload = self.make(key)[2]["url"]
        self.assertEqual(self.control("POST", "pay", {"payload": payload})[0], 200)
        return self.details(key)["paymentId"]

    def details(self, key=KEY):
        return self.ask("GET", f"/v2/codes/payments/{key}")[2]

    def refund(self, name, payment, amount):
        return self.ask("POST", "/v2/refunds", {"merchantRefundId": name, "paymentId": payment, "reason": "",
                                                "amount": {"amount": amount, "currency": "JPY"}})


class Signatures(unittest.TestCase):
    def test_the_example_of_the_page_is_signed_as_we_compute_it(self):
        body = json.dumps({"sampleRequestBodyKey1": "sampleRequestBodyValue1",
                           "sampleRequestBodyKey2": "sampleRequestBodyValue2"}, separators=(",", ":")).encode()
        value = ("hmac OPA-Auth:APIKeyGenerated:NW1jKIMnzR7tEhMWtcJcaef+nFVBt7jjAGcVuxHhchc=:acd028:1579843452:"
                 "1j0FnY4flNp5CtIKa7x9MQ==")
        request = Request("POST", "/v2/codes", {}, {"authorization": value, "content-type": "application/json;charset=UTF-8;"},
                          body, None)
        self.assertTrue(is_signed("APIKeySecretGenerated", "APIKeyGenerated", request, 1579843452))
        self.assertFalse(is_signed("APIKeySecretGenerated", "APIKeyGenerated", request, 1579843452 + 121))
        self.assertFalse(is_signed("another", "APIKeyGenerated", request, 1579843452))


class Course(PayPayTest):
    def test_a_code_is_made_once_and_paid_by_whoever_scans_it(self):
        self.assertEqual(self.make()[:2], (201, "SUCCESS"))
        self.assertEqual(self.make()[:2], (400, "DUPLICATE_DYNAMIC_QR_REQUEST"))
        self.assertEqual(self.details()["status"], "CREATED")
        self.control("POST", "pay", {"payload": f"https://qr.paypay.example/{KEY}"})
        self.assertEqual(self.details()["status"], "COMPLETED")

    def test_a_deleted_code_cannot_be_paid_and_a_paid_one_cannot_be_deleted(self):
        self.make()
        self.assertEqual(self.ask("DELETE", f"/v2/codes/code-{KEY}")[:2], (200, "SUCCESS"))
        self.assertEqual(self.control("POST", "pay", {"payload": f"https://qr.paypay.example/{KEY}"})[0], 400)
        self.paid("pay-2")
        self.assertEqual(self.ask("DELETE", "/v2/codes/code-pay-2")[:2], (400, "ALREADY_PAID"))

    def test_a_payment_is_cancelled_until_fourteen_minutes_and_59_seconds_of_the_next_day(self):
        self.control("POST", "clock", {"now": "2026-11-22T23:59:00+09:00"})
        for key, now, expected in (("pay-1", "2026-11-23T00:14:59+09:00", (202, "REQUEST_ACCEPTED")),
                                   ("pay-2", "2026-11-23T00:15:00+09:00", (400, "ORDER_NOT_REVERSIBLE"))):
            self.control("POST", "clock", {"now": "2026-11-22T23:59:00+09:00"})
            self.paid(key)
            self.control("POST", "clock", {"now": now})
            self.assertEqual(self.ask("DELETE", f"/v2/payments/{key}")[:2], expected, now)

    def test_an_order_has_one_refund_which_is_found_by_its_own_name(self):
        payment = self.paid()
        self.assertEqual(self.ask("GET", "/v2/refunds/r-1")[:2], (404, "NO_SUCH_REFUND_ORDER"))
        self.assertEqual(self.refund("r-1", payment, 451)[0], 400)
        self.assertEqual(self.refund("r-1", payment, 200)[2]["status"], "REFUNDED")
        self.assertEqual([self.refund(name, payment, 100)[0] for name in ("r-1", "r-2")], [400, 400])
        self.assertEqual(self.ask("GET", "/v2/refunds/r-1")[2]["amount"], {"amount": 200, "currency": "JPY"})
        self.assertEqual(self.door.book.find(KEY).kept_amount, 250)

    def test_who_does_not_sign_is_refused_and_nothing_happens(self):
        self.assertEqual(self.ask("GET", f"/v2/codes/payments/{KEY}", authorization="hmac OPA-Auth:key:a:b:1:c")[0], 401)
        self.assertEqual(self.door.book.orders(), [])
