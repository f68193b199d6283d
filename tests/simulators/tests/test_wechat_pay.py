"""WeChat Pay's simulator: the published signatures, the course of an order, and what each fault leaves in the book."""

import http.client
import secrets
import ssl
import xml.etree.ElementTree as ElementTree

from tests.support import Process, eventually
from tests.wallet_support import WalletTest
from wechat_pay import messages
from wechat_pay.signature import HMAC_SHA256, sign
from wechat_pay.wallet import WechatPay

KEY = "192006250b4c09247ec02edce69f6a2d"
MERCHANT = {"appid": "wx8888888888888888", "mch_id": "1900000109", "key": KEY, "currency": "JPY", "minimum_age_ms": 0}
CODE = "134567890123456789"
ORDER = "01a20421f38f7000a2188dff3efc1201"
IMPATIENCE_SECONDS = 0.3


class Signatures(WalletTest):
    def test_the_published_example_is_signed_as_published(self):
        fields = {"appid": "wxd930ea5d5a258f4f", "mch_id": "10000100", "device_info": "1000", "body": "test",
                  "nonce_str": "ibuaiVcKdpRxkhJA"}  # pay.weixin.qq.com, the page on the signature
        self.assertEqual(sign(fields, KEY), "9A0A8659F005D6984697E2CA0A9CF3B7")
        self.assertEqual(sign(fields, KEY, HMAC_SHA256), "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6")


class WechatPayTest(WalletTest):
    minimum_age_ms = 0

    def setUp(self):
        self.book = self.file(f"{secrets.token_hex(4)}.jsonl")
        self.wallet = self.start(WechatPay(0, 0, self.book, self.server_tls(),
                                           {**MERCHANT, "minimum_age_ms": self.minimum_age_ms}))

    def ask(self, path, fields, certificate=None, key=KEY, timeout=20):
        fields = {"appid": MERCHANT["appid"], "mch_id": MERCHANT["mch_id"], "nonce_str": secrets.token_hex(8), **fields}
        fields["sign"] = sign(fields, key, fields.get("sign_type", "MD5"))
        status, _, body = self.post_bytes(path, messages.write(fields), certificate=certificate, timeout=timeout)
        if status != 200:
            return {"http": status}
        answer = {element.tag: element.text or "" for element in ElementTree.fromstring(body.decode("utf-8"))}
        if answer["return_code"] == "SUCCESS":
            self.is_believable = answer["sign"] == sign(answer, KEY, fields.get("sign_type", "MD5"))
        return answer

    def pay(self, order=ORDER, amount=450, code=CODE, timeout=20, **more):
        return self.ask("/pay/micropay", {"body": "手数料", "out_trade_no": order, "total_fee": str(amount), "fee_type": "JPY",
                                          "spbill_create_ip": "127.0.0.1", "auth_code": code, **more}, timeout=timeout)

    def query(self, order=ORDER):
        return self.ask("/pay/orderquery", {"out_trade_no": order})

    def reverse(self, order=ORDER, certificate="merchant"):
        return self.ask("/secapi/pay/reverse", {"out_trade_no": order}, certificate)

    def refund(self, name, amount, order=ORDER, total=450):
        return self.ask("/secapi/pay/refund", {"out_trade_no": order, "out_refund_no": name, "total_fee": str(total),
                                               "refund_fee": str(amount)}, "merchant")


class Course(WechatPayTest):
    def test_a_payment_is_taken_once_and_told_on_inquiry(self):
        paid = self.pay()
        again = self.pay()
        told = self.query()

        self.assertEqual((paid["result_code"], paid["total_fee"], paid["out_trade_no"]), ("SUCCESS", "450", ORDER))
        self.assertEqual(again["err_code"], "ORDERPAID")
        self.assertEqual((told["trade_state"], told["transaction_id"]), ("SUCCESS", paid["transaction_id"]))
        self.assertTrue(self.is_believable)
        self.assertEqual(self.order(ORDER)["kept_amount"], 450)

    def test_the_answer_is_signed_as_its_request_was(self):
        self.pay(sign_type="HMAC-SHA256")
        self.assertTrue(self.is_believable)

    def test_an_order_waits_for_its_payer_through_so_many_inquiries(self):
        self.fault("user_paying", polls=2)
        self.assertEqual(self.pay()["err_code"], "USERPAYING")
        self.assertEqual([self.query()["trade_state"] for _ in range(3)], ["USERPAYING", "USERPAYING", "SUCCESS"])

    def test_a_payer_who_refuses_ends_in_an_error(self):
        self.fault("user_refuses", polls=0)
        self.pay()
        self.assertEqual(self.query()["trade_state"], "PAYERROR")
        self.assertEqual(self.state(ORDER), "declined")

    def test_a_reverse_takes_the_whole_order_back_and_may_be_repeated(self):
        self.pay()
        self.assertEqual([self.reverse()["result_code"] for _ in range(2)], ["SUCCESS", "SUCCESS"])
        self.assertEqual((self.state(ORDER), self.query()["trade_state"]), ("reversed", "REVOKED"))

    def test_an_order_reversed_before_it_was_seen_takes_nothing_when_it_arrives(self):
        self.fault("held_up")
        with self.assertRaises(TimeoutError):
            self.pay(timeout=IMPATIENCE_SECONDS)
        self.assertEqual(self.query()["err_code"], "ORDERNOTEXIST")
        self.reverse()
        self.control("POST", "let-go")
        self.assertEqual((self.state(ORDER), self.pay()["err_code"]), ("closed", "ORDERCLOSED"))

    def test_a_payment_held_up_on_its_way_is_taken_when_nobody_cancelled_it(self):
        self.fault("held_up")
        with self.assertRaises(TimeoutError):
            self.pay(timeout=IMPATIENCE_SECONDS)
        self.control("POST", "let-go")
        self.assertEqual(self.state(ORDER), "charged")

    def test_what_is_paid_just_when_the_reverse_comes_goes_back(self):
        self.fault("user_pays_at_cancel")
        self.pay()
        self.reverse()
        self.assertEqual((self.state(ORDER), self.order(ORDER)["kept_amount"]), ("reversed", 0))

    def test_after_seven_days_nothing_is_reversed(self):
        self.control("POST", "clock", {"now": "2026-11-22T10:00:00+09:00"})
        self.pay()
        self.control("POST", "clock", {"now": "2026-11-29T10:00:01+09:00"})
        self.assertEqual(self.reverse()["err_code"], "REVERSE_EXPIRE")
        self.assertEqual(self.state(ORDER), "charged")

    def test_refunds_never_exceed_the_payment_and_are_made_once(self):
        self.pay()
        self.assertEqual(self.refund("r-1", 200)["result_code"], "SUCCESS")
        self.assertEqual(self.refund("r-1", 200)["result_code"], "SUCCESS")
        self.assertEqual(self.refund("r-2", 251)["result_code"], "FAIL")
        self.assertEqual(self.refund("r-2", 250)["result_code"], "SUCCESS")
        self.assertEqual((self.state(ORDER), self.order(ORDER)["kept_amount"]), ("refunded", 0))
        known, never = (self.ask("/pay/refundquery", {"out_trade_no": ORDER, "out_refund_no": name}) for name in ("r-1", "r-3"))
        self.assertEqual((known["refund_status_0"], known["out_refund_no_0"], known["refund_fee_0"]), ("SUCCESS", "r-1", "200"))
        self.assertEqual(never["err_code"], "REFUNDNOTEXIST")

    def test_the_book_survives_a_kill_and_never_holds_the_code(self):
        self.pay()
        self.wallet.stop()
        key = self.file("api.key")
        with open(key, "w", encoding="ascii") as file:
            file.write(KEY + "\n")
        process = Process("-m", "wechat_pay", "--book", self.book, "--certificate", self.file("server.pem"), "--key",
                          self.file("server.key"), "--authority", self.file("authority.pem"), "--api-key-file", key)
        self.addCleanup(process.kill)
        self.port = process.ready["port"]
        self.assertEqual(self.query()["trade_state"], "SUCCESS")
        with open(self.book, encoding="utf-8") as book:
            self.assertNotIn(CODE, book.read())


class TooEarly(WechatPayTest):
    minimum_age_ms = 15000

    def test_a_reverse_too_soon_after_the_payment_is_refused_and_noted(self):
        self.pay()
        self.assertEqual(self.reverse()["recall"], "Y")
        self.assertIn("cancel_too_early", [asked["operation"] for asked in self.control("GET", "requests")])
        self.assertEqual(self.state(ORDER), "charged")


class Doors(WechatPayTest):
    def test_money_goes_back_only_to_the_merchants_certificate(self):
        self.pay()
        self.assertEqual(self.reverse(certificate=None), {"http": 400})
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.reverse(certificate="intruder")
        self.assertEqual(self.state(ORDER), "charged")

    def test_a_wrong_signature_or_merchant_is_refused(self):
        self.assertEqual(self.ask("/pay/orderquery", {"out_trade_no": ORDER}, key="x")["return_code"], "FAIL")
        self.assertEqual(self.ask("/pay/orderquery", {"out_trade_no": ORDER, "mch_id": "1"})["err_code"],
                         "APPID_MCHID_NOT_MATCH")

    def test_documents_that_are_more_than_text_elements_are_refused(self):
        for body in (b"", b"<xml>", b"<!DOCTYPE a><xml/>", b"<xml><a><b/></a></xml>", b"<xml><a/><a/></xml>", b"<other/>"):
            _, _, answer = self.post_bytes("/pay/micropay", body)
            self.assertIn(b"FAIL", answer)


class Faults(WechatPayTest):
    def test_each_fault_leaves_what_it_says_in_the_book(self):
        expected = {"drop_before": None, "drop_after": "charged", "error_500": None, "error_500_after": "charged",
                    "system_error": None, "system_error_after": "charged", "garbage": "charged", "half_answer": "charged",
                    "twice": "charged", "bad_signature": "charged", "other_order": "charged", "other_amount": "charged",
                    "late": "charged", "decline": "declined", "user_paying": "paying", "user_refuses": "paying"}
        for number, (behaviour, state) in enumerate(expected.items()):
            order = f"order{number:03d}"
            self.fault(behaviour)
            try:
                self.is_believable = True
                self.pay(order)
            except (OSError, http.client.HTTPException, ElementTree.ParseError, UnicodeDecodeError):
                pass
            self.assertEqual(self.state(order), state, behaviour)
            self.assertEqual(self.is_believable, behaviour != "bad_signature", behaviour)

    def test_a_payment_that_times_out_is_taken_or_not_as_the_fault_says(self):
        for behaviour, state in (("timeout_before", None), ("timeout_after", "charged")):
            self.fault(behaviour)
            with self.assertRaises(TimeoutError):
                self.pay(behaviour, timeout=IMPATIENCE_SECONDS)
            self.assertTrue(eventually(lambda: self.state(behaviour) == state), behaviour)

    def test_answers_to_inquiries_and_reverses_can_be_lost_too(self):
        self.pay()
        for operation, ask in (("query", self.query), ("cancel", self.reverse)):
            self.fault("drop_after", operation=operation)
            with self.assertRaises((OSError, http.client.HTTPException)):
                ask()
        self.assertEqual(self.state(ORDER), "reversed")

    def test_a_fault_that_would_test_nothing_is_refused(self):
        for wrong in ({"behaviour": "wonder"}, {"behaviour": "held_up", "operation": "query"},
                      {"behaviour": "decline", "failure": "X"}, {"behaviour": "late", "delay_ms": -1}):
            with self.assertRaises(AssertionError):
                self.control("POST", "faults", wrong)
