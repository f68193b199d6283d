"""Refunds at networks that contradict themselves: what the adapter says of a refund, compared to the network's own book. The
simulators run in this process, and each lies once, about a refund that it made or did not make."""
import pathlib
import shutil
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "simulators"))

from wallet_channels_test import Probe  # noqa: E402
from aggregator.door import Aggregator, refused  # noqa: E402
from alipay_plus.wallet import AlipayPlus, result  # noqa: E402
from harness.networks import write_secret, write_timings  # noqa: E402
from loopback.certificates import make_authority, make_certificate, make_rsa_pair  # noqa: E402
from paypay.door import PayPay, told  # noqa: E402
from wechat_pay.wallet import WechatPay  # noqa: E402

PAID, PART, AGE_MS = 450, 200, 1000


class Lies:
    """Mixed into a simulator: the next answers to a refund, and to a question about one, are made false by what stands in
    LIES and QUESTION_LIES."""

    def prepare(self):
        self.lies, self.question_lies, self.cancel_lies = [], [], []
        self.requests.clear()

    def tell(self, answer):
        return self.lies.pop(0)(answer) if self.lies else answer

    def tell_cancel(self, answer):
        return self.cancel_lies.pop(0)(answer) if self.cancel_lies else answer

    def tell_question(self, answer):
        return self.question_lies.pop(0)(answer) if self.question_lies else answer


class LyingAggregator(Lies, Aggregator):
    def handle(self, request):
        answer = super().handle(request)
        if request.method == "POST" and request.path.endswith("/cancels"):
            return self.tell_cancel(answer)
        if "/refunds" not in request.path:
            return answer
        return self.tell(answer) if request.method == "POST" else self.tell_question(answer)


class LyingPayPay(Lies, PayPay):
    def handle(self, request):
        answer = super().handle(request)
        if request.method == "DELETE":
            return self.tell_cancel(answer)
        if not request.path.startswith("/v2/refunds"):
            return answer
        return self.tell(answer) if request.method == "POST" else self.tell_question(answer)


class LyingWechatPay(Lies, WechatPay):
    def prepare(self):
        super().prepare()
        self._calls = {path: (operation, act, False) for path, (operation, act, _) in self._calls.items()}

    def _refund(self, fields, choice):
        return self.tell(super()._refund(fields, choice))

    def _reverse(self, fields, choice):
        return self.tell_cancel(super()._reverse(fields, choice))

    def _refund_query(self, fields, choice):
        return self.tell_question(super()._refund_query(fields, choice))


class LyingAlipayPlus(Lies, AlipayPlus):
    def _refund(self, body, reference, choice):
        return self.tell(super()._refund(body, reference, choice))

    def _cancel(self, body, reference, choice):
        return self.tell_cancel(super()._cancel(body, reference, choice))

    def _inquire_refund(self, body, reference, choice):
        return self.tell_question(super()._inquire_refund(body, reference, choice))


class Refunds:
    """`network`, its class, `open` and `settings`; the lies of each network stand in its own class below."""
    questions_before = 1  # how often the adapter asks before it asks for the money

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="refund-lies-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.net = cls.open()
        cls.net.prepare()
        cls.net.start()
        cls.addClassCleanup(cls.net.stop)
        timings = write_timings(cls.folder / "timings.json", {"adapter": cls.network, "brand": ""})
        cls.probe = Probe(cls.folder, f"{cls.settings()}timeout_ms = 3000\n[payment]\ntiming_file = {timings}\n")

    @classmethod
    def tearDownClass(cls):
        status, complaints = cls.probe.end()
        if status != 0:
            raise AssertionError(f"the probe ended with {status}: {complaints}")

    def setUp(self):
        self.net.prepare()
        self.payment, self.name = str(uuid.uuid4()), str(uuid.uuid4())
        self.net.book.pay(self.reference(self.payment), PAID, "paypay")

    @staticmethod
    def reference(name):
        return name

    def refund(self, yen=PART):
        return self.probe.ask("refund", self.payment, PAID, self.network, AGE_MS, self.name, yen)[0]

    def given_back(self):
        return sum(amount for amount, _ in self.net.book.find(self.reference(self.payment)).refunds.values())

    def assert_believed(self, said):
        """What was said in the end is what the book says."""
        self.assertEqual((said, self.given_back()), ("reversed", PART))

    def test_a_refund_that_was_made_and_then_denied_is_not_refused(self):
        for lie in self.denials:
            with self.subTest(lie=lie.__name__):
                self.setUp()
                self.net.lies = [lie]
                first = self.refund()
                self.assertIn(first, ("unknown", "pending", "reversed"))
                self.assert_believed(self.refund() if first != "reversed" else first)

    def test_a_question_about_a_refund_that_is_answered_by_a_refusal_says_nothing(self):
        for lie in self.question_denials:
            with self.subTest(lie=lie.__name__):
                self.setUp()
                self.net.lies = [self.denials[0]]
                self.net.question_lies = [lambda answer: answer] * self.questions_before + [lie] * 2
                self.assertEqual(self.refund(), "unknown")
                self.net.question_lies = []
                self.assert_believed(self.refund())

    def test_another_refund_or_another_amount_is_not_ours(self):
        for lie in self.others:
            with self.subTest(lie=lie.__name__):
                self.setUp()
                self.net.lies = [lie]
                self.net.question_lies = [lambda answer: answer] * self.questions_before + [lie] * 30
                self.assertIn(self.refund(), ("unknown", "pending"))
                self.net.question_lies = []
                self.assert_believed(self.refund())

    def test_a_refund_that_stays_pending_is_never_done_and_is_done_once(self):
        self.net.lies = [self.pending] * 3
        self.net.question_lies = [lambda answer: answer] * self.questions_before + [self.pending] * 30
        self.assertIn(self.refund(), ("pending", "unknown"))
        self.assertIn(self.refund(), ("pending", "unknown"))
        self.net.lies, self.net.question_lies = [], []
        self.assert_believed(self.refund())

    def test_a_refund_is_made_once_also_when_the_network_has_forgotten_its_key(self):
        self.net.lies = [lambda answer: self.lost(answer)]
        self.assertIn(self.refund(), ("unknown", "pending", "reversed"))
        self.net.book._refunds.clear()  # keys live a day, refunds for ever
        self.assert_believed(self.refund())
        self.assertEqual([row["operation"] for row in self.net.requests].count("refund"), 1)

    def cancel(self):
        return self.probe.ask("cancel", self.payment, PAID, self.network, AGE_MS)[0]

    def test_a_cancel_that_was_done_and_then_denied_is_no_payment_to_be_refunded(self):
        self.net.cancel_lies = [self.cancel_denial]
        self.assertEqual((self.cancel(), self.net.book.find(self.reference(self.payment)).kept_amount), ("reversed", 0))

    def test_a_cancel_that_is_refused_because_a_part_went_back_is_refused(self):
        self.assertEqual(self.refund(), "reversed")
        self.assertEqual(self.cancel(), "cannot")

    def test_a_plain_refusal_is_one(self):
        self.assertEqual(self.refund(PAID + 1), "declined")
        self.assertEqual(self.given_back(), 0)


def changed(answer, **members):
    """A body, or the things in its list, with MEMBERS; metadata and amounts are replaced whole."""
    for thing in [answer.body, *answer.body.get("items", [])]:
        if "charge_id" in thing:
            thing.update(members)
    return answer


class AtTheAggregator(Refunds, unittest.TestCase):
    network = "aggregator"

    @classmethod
    def open(cls):
        return LyingAggregator(0, 0, None, None, "s.t", "store-1")

    @classmethod
    def settings(cls):
        return (f"[aggregator]\nurl = http://127.0.0.1:{cls.net.ports['port']}\nstore = store-1\n"
                f"credential_file = {write_secret(cls.folder / 'credential', 's.t')}\n")

    @staticmethod
    def lost(_):
        return refused(500, "INTERNAL_SERVER_ERROR")

    @staticmethod
    def pending(answer):
        return changed(answer, status="pending")

    @staticmethod
    def cancel_denial(_):
        return refused(400, "CANCEL_UNAVAILABLE")

    def too_much(_):
        return refused(400, "REFUND_EXCEEDS_SALES")

    def failed(answer):
        return changed(answer, status="failed", error={"code": "REFUND_NOT_WITHIN_BOUNDS"})

    def other_amount(answer):
        return changed(answer, amount=PART - 100, status="successful")

    def other_currency(answer):
        return changed(answer, currency="CNY", status="successful")

    def other_refund(answer):
        return changed(answer, metadata={"merchant_reference": str(uuid.uuid4())}, status="successful")

    def other_charge(answer):
        return changed(answer, charge_id="c-another", status="successful")

    def not_found(_):
        return refused(404, "NOT_FOUND")

    def bad(_):
        return refused(400, "VALIDATION_ERROR")

    denials = (too_much,)
    question_denials = (not_found, bad, too_much)
    others = (other_amount, other_currency, other_refund, other_charge)


class AtPayPay(Refunds, unittest.TestCase):
    network = "paypay"

    @classmethod
    def open(cls):
        return LyingPayPay(0, 0, None, None, "k", "s-e-c", "m")

    @classmethod
    def settings(cls):
        return (f"[paypay]\nurl = http://127.0.0.1:{cls.net.ports['port']}\napi_key = k\nmerchant = m\n"
                f"secret_file = {write_secret(cls.folder / 'secret', 's-e-c')}\n")

    @staticmethod
    def lost(_):
        return told(500, "08101000", "INTERNAL_SERVER_ERROR")

    @staticmethod
    def with_data(answer, **members):
        if answer.body["data"]:
            answer.body["data"].update(members)
        return answer

    @staticmethod
    def pending(answer):
        return AtPayPay.with_data(answer, status="CREATED")

    @staticmethod
    def cancel_denial(_):
        return told(400, "00200044", "ORDER_NOT_REVERSIBLE")

    def unacceptable(_):
        return told(400, "00200014", "UNACCEPTABLE_OP")

    def no_payment(_):
        return told(404, "00200001", "RESOURCE_NOT_FOUND")

    def bad(_):
        return told(400, "08100006", "INVALID_REQUEST_PARAMS")

    def rate(_):
        return told(429, "08100998", "RATE_LIMIT")

    def other_amount(answer):
        return AtPayPay.with_data(answer, amount={"amount": PART - 100, "currency": "JPY"})

    def other_currency(answer):
        return AtPayPay.with_data(answer, amount={"amount": PART, "currency": "CNY"})

    def other_refund(answer):
        return AtPayPay.with_data(answer, merchantRefundId=str(uuid.uuid4()))

    denials = (unacceptable, no_payment, bad)
    question_denials = (unacceptable, bad, rate)
    others = (other_amount, other_currency, other_refund)

    test_a_refund_is_made_once_also_when_the_network_has_forgotten_its_key = None  # a refund is looked up by its own id there


class AtWechatPay(Refunds, unittest.TestCase):
    network = "wechat_pay"

    @classmethod
    def open(cls):
        return LyingWechatPay(0, 0, None, None, {"appid": "wx1", "mch_id": "19", "key": "k" * 32, "currency": "JPY",
                                                "minimum_age_ms": 0})

    @classmethod
    def settings(cls):
        make_authority(cls.folder)
        make_certificate(cls.folder, "merchant")
        return (f"[wechat_pay]\nurl = http://127.0.0.1:{cls.net.ports['port']}\napp_id = wx1\nmerchant_id = 19\n"
                f"key_file = {write_secret(cls.folder / 'key', 'k' * 32)}\n"
                f"certificate_file = {cls.folder}/merchant.pem\ncertificate_key_file = {cls.folder}/merchant.key\n")

    @staticmethod
    def reference(name):
        return name.replace("-", "")

    @staticmethod
    def lost(_):
        return {"error": "SYSTEMERROR"}

    @staticmethod
    def cancel_denial(_):
        return {"error": "TRADE_ERROR", "recall": "N"}

    def no_order(_):
        return {"error": "ORDERNOTEXIST"}

    def overdue(_):
        return {"error": "TRADE_OVERDUE"}

    def no_money(_):
        return {"error": "NOTENOUGH"}

    def bad(_):
        return {"error": "PARAM_ERROR"}

    def other_amount(found):
        return {**found, **{name: "100" for name in ("refund_fee", "refund_fee_0") if name in found}}

    def other_currency(found):
        return {**found, "refund_fee_type": "CNY", "refund_fee_type_0": "CNY", "fee_type": "CNY"}

    def other_refund(found):
        return {**found, **{name: "0" * 32 for name in ("out_refund_no", "out_refund_no_0") if name in found}}

    denials = (no_order, overdue, no_money, bad)
    question_denials = (bad, no_money, other_refund)
    others = (other_amount, other_currency, other_refund)
    questions_before = 0
    test_a_refund_that_stays_pending_is_never_done_and_is_done_once = None  # taken on is done there
    test_a_refund_is_made_once_also_when_the_network_has_forgotten_its_key = None  # a number is for ever there


class AtAlipayPlus(Refunds, unittest.TestCase):
    network = "alipay_plus"

    @classmethod
    def open(cls):
        for name in ("merchant", "network"):
            make_rsa_pair(cls.folder, name)
        return LyingAlipayPlus(0, 0, None, None, {"client_id": "C", "public_key": cls.folder / "merchant.public.pem",
                                                  "private_key": cls.folder / "network.private.pem", "currency": "JPY",
                                                  "minimum_age_ms": 0})

    @classmethod
    def settings(cls):
        return (f"[alipay_plus]\nurl = http://127.0.0.1:{cls.net.ports['port']}\nclient_id = C\n"
                f"private_key_file = {cls.folder}/merchant.private.pem\nnetwork_key_file = {cls.folder}/network.public.pem\n"
                "merchant_id = M1\nmerchant_name = Koriyama\nstore_id = S1\n")

    @staticmethod
    def lost(_):
        return {"result": result("U", "UNKNOWN_EXCEPTION")}

    @staticmethod
    def pending(found):
        return {**found, "result": result("U", "REFUND_IN_PROCESS")} if "refundStatus" not in found \
            else {**found, "refundStatus": "PROCESSING"}

    @staticmethod
    def cancel_denial(_):
        return {"result": result("F", "CANCEL_WINDOW_EXCEED")}

    def no_order(_):
        return {"result": result("F", "ORDER_NOT_EXIST")}

    def overdue(_):
        return {"result": result("F", "REFUND_WINDOW_EXCEED")}

    def too_much(_):
        return {"result": result("F", "REFUND_AMOUNT_EXCEED")}

    def bad(_):
        return {"result": result("F", "PARAM_ILLEGAL")}

    def other_amount(found):
        return {**found, "refundAmount": {"currency": "JPY", "value": "100"}}

    def other_currency(found):
        return {**found, "refundAmount": {"currency": "CNY", "value": str(PART)}}

    def other_refund(found):
        return {**found, "refundRequestId": str(uuid.uuid4())}

    denials = (no_order, overdue, too_much, bad)
    question_denials = (bad, too_much, other_refund)
    others = (other_amount, other_currency, other_refund)
    questions_before = 0
    test_a_refund_is_made_once_also_when_the_network_has_forgotten_its_key = None  # asked for by its own id there


if __name__ == "__main__":
    unittest.main()
