"""The aggregator's simulator: tokens, charges under their keys, cancels, refunds, and what each fault leaves in the book."""

import http.client
import unittest

from aggregator.door import Aggregator
from tests.support import call

STORE, CREDENTIAL = "store-1", "secret.token"
CODE = "900081810000000000000017"
KEY = "01a20421-f38f-7000-a218-8dff3efc1201"


class AggregatorTest(unittest.TestCase):
    def setUp(self):
        self.door = Aggregator(0, 0, None, None, CREDENTIAL, STORE)  # without TLS, which wallet_support.py's tests have
        self.door.start()
        self.addCleanup(self.door.stop)

    def ask(self, method, path, body=None, key=None, credential=CREDENTIAL):
        headers = {"Authorization": f"Bearer {credential}", **({"Idempotency-Key": key} if key else {})}
        return call(self.door.ports["port"], method, path, body, headers)

    def token(self, code=CODE):
        return self.ask("POST", "/tokens", {"payment_type": "qr_scan", "type": "one_time", "data": {"scanned_qr": code}})[1]

    def charge(self, key=KEY, amount=450, token=None):
        return self.ask("POST", "/charges", {"transaction_token_id": token or self.token()["id"], "amount": amount,
                                             "currency": "JPY", "capture": True,
                                             "metadata": {"merchant_reference": key, "brand": "paypay"}}, key)

    def listed(self, key=KEY):
        return self.ask("GET", f"/stores/{STORE}/charges?metadata=merchant_reference:{key}")[1]["items"]

    def refund(self, name, amount, key=KEY):
        return self.ask("POST", f"/stores/{STORE}/charges/c-{key}/refunds", {"amount": amount, "currency": "JPY"}, name)

    def state(self, key=KEY):
        order = self.door.book.find(key)
        return order and order.state


class Course(AggregatorTest):
    def test_a_token_tells_the_brand_and_moves_nothing(self):
        self.assertEqual([self.token(code)["data"]["brand"] for code in (CODE, "3158990000000000012", "4111")],
                         ["pay_pay", "merpay", "unknown"])
        self.assertEqual(self.door.book.orders(), [])

    def test_a_charge_repeated_under_its_key_is_taken_once_and_another_body_is_a_conflict(self):
        (made, first), (known, again) = self.charge(), self.charge()
        self.assertEqual((made, known, first), (201, 200, again))
        self.assertEqual(self.charge(amount=451), (409, {"status": "error", "code": "IDEMPOTENCY_KEY_CONFLICT", "errors": []}))
        self.assertEqual((self.listed()[0]["charged_amount"], self.door.book.find(KEY).kept_amount), (450, 450))

    def test_a_key_that_was_spent_by_a_void_use_charges_nothing_any_more(self):
        self.assertEqual(self.charge(token="nobodys")[1]["code"], "INVALID_TOKEN")
        self.assertEqual(self.charge()[0], 409)
        self.assertEqual((self.listed(), self.state()), ([], "closed"))

    def test_a_cancel_is_begun_and_then_done_and_a_repetition_is_the_same(self):
        self.charge()
        path = f"/stores/{STORE}/charges/c-{KEY}/cancels"
        begun = self.ask("POST", path, {}, "cancel-1")[1]
        self.assertEqual((begun["status"], self.ask("GET", f"{path}/{begun['id']}")[1]["status"]), ("pending", "successful"))
        self.assertEqual(self.ask("POST", path, {}, "cancel-1")[1]["status"], "successful")
        self.assertEqual((self.listed()[0]["status"], self.state()), ("canceled", "reversed"))

    def test_refunds_never_exceed_the_charge_and_the_list_names_each_by_its_reference(self):
        self.charge()
        answers = [self.refund(*wanted) for wanted in (("r-1", 200), ("r-1", 200), ("r-1", 100), ("r-2", 251), ("r-2", 250))]
        self.assertEqual([status for status, _ in answers], [201, 201, 409, 400, 201])
        path = f"/stores/{STORE}/charges/c-{KEY}/refunds"
        shown = self.ask("GET", f"{path}?metadata=merchant_reference:r-1")[1]["items"]
        self.assertEqual([(row["amount"], row["currency"], row["charge_id"], row["metadata"], row["status"]) for row in shown],
                         [(200, "JPY", f"c-{KEY}", {"merchant_reference": "r-1"}, "successful")])
        self.assertEqual(len(self.ask("GET", path)[1]["items"]), 2)
        self.assertEqual(self.ask("GET", f"{path}/{shown[0]['id']}")[1], shown[0])
        self.assertEqual((self.state(), self.door.book.find(KEY).kept_amount), ("refunded", 0))


class Doors(AggregatorTest):
    def test_who_has_not_the_credential_or_asks_another_store_is_refused(self):
        self.assertEqual(self.ask("GET", f"/stores/{STORE}/charges", credential="other")[0], 401)
        self.assertEqual(self.ask("GET", "/stores/another/charges")[0], 404)

    def test_requests_that_do_not_read_are_refused_and_change_nothing(self):
        token = self.token()["id"]
        for body in ({}, {"transaction_token_id": token, "amount": "450", "currency": "JPY", "capture": True,
                          "metadata": {"merchant_reference": KEY}},
                     {"transaction_token_id": token, "amount": 450, "currency": "CNY", "capture": True,
                      "metadata": {"merchant_reference": KEY}}):
            self.assertEqual(self.ask("POST", "/charges", body, KEY)[0], 400, body)
        self.assertEqual(self.door.book.orders(), [])


class Faults(AggregatorTest):
    def test_each_fault_leaves_what_it_says_in_the_book(self):
        expected = {"drop_before": None, "drop_after": "charged", "error_500": None, "error_500_after": "charged",
                    "system_error": None, "system_error_after": "charged", "garbage": "charged", "half_answer": "charged",
                    "twice": "charged", "other_order": "charged", "other_amount": "charged", "decline": "declined",
                    "user_paying": "paying", "user_refuses": "paying"}
        for number, (behaviour, state) in enumerate(expected.items()):
            key = f"pay-{number}"
            self.door.faults.add(behaviour)
            try:
                self.charge(key)
            except (OSError, http.client.HTTPException, ValueError):
                pass
            self.assertEqual(self.state(key), state, behaviour)
