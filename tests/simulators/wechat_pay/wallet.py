"""The door of WeChat Pay: micropay, orderquery, reverse, refund."""

import datetime
import re
import secrets

from loopback.http_json import Answer, BadRequest, Request
from payment_network.clock import from_text
from wallets import faults
from wallets.book import AT_CANCEL, CHARGED, CLOSED, DECLINED, PAYING, REFUNDED, REVERSED, NotAllowed
from wallets.wallet import Wallet

from . import messages
from .signature import MD5, is_signed, sign

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
ORDER = re.compile(r"[0-9A-Za-z_*|-]{6,32}")
CODE = re.compile(r"1[0-5][0-9]{16}")
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
ADDRESS = re.compile(r"[0-9a-fA-F.:]{3,45}")
REVERSE_WINDOW = datetime.timedelta(days=7)
REFUND_WINDOW = datetime.timedelta(days=365)

# What a second micropay under a number hears, by what became of the first.
TAKEN = {CHARGED: "ORDERPAID", REFUNDED: "ORDERPAID", CLOSED: "ORDERCLOSED", REVERSED: "ORDERREVERSED",
         PAYING: "OUT_TRADE_NO_USED", DECLINED: "OUT_TRADE_NO_USED"}
STATE = {CHARGED: "SUCCESS", REFUNDED: "REFUND", CLOSED: "REVOKED", REVERSED: "REVOKED", PAYING: "USERPAYING",
         DECLINED: "PAYERROR"}
WORDS = {"SYSTEMERROR": "系统错误", "USERPAYING": "需要用户输入支付密码", "NOTENOUGH": "余额不足", "ORDERNOTEXIST": "此交易订单号不存在",
         "AUTHCODEEXPIRE": "二维码已过期，请用户在微信上刷新后再试", "AUTH_CODE_INVALID": "授权码检验错误"}


class WechatPay(Wallet):
    failures = ("NOTENOUGH", "AUTHCODEEXPIRE", "AUTH_CODE_ERROR", "NOTSUPORTCARD", "TRADE_ERROR", "BUYER_MISMATCH")
    label = "wechat-pay"

    def __init__(self, port, control_port, book_path, tls, merchant):
        """MERCHANT: appid, mch_id, key, currency, and minimum_age_ms, before which a reverse is refused and noted."""
        super().__init__(port, control_port, book_path, tls)
        self._merchant = merchant
        self._calls = {"/pay/micropay": ("pay", self._pay, False), "/pay/orderquery": ("query", self._query, False),
                       "/secapi/pay/reverse": ("cancel", self._reverse, True),
                       "/secapi/pay/refund": ("refund", self._refund, True),
                       "/pay/refundquery": ("refund_query", self._refund_query, False)}

    def handle(self, request: Request) -> Answer:
        call = self._calls.get(request.path)
        if request.method != "POST" or call is None:
            return Answer(404, b"")
        operation, act, needs_certificate = call
        if needs_certificate and not request.connection.has_client_certificate():
            return Answer(400, "<html>400 No required SSL certificate was sent</html>".encode("ascii"))
        try:
            fields = messages.read(request.body)
        except BadRequest as error:
            return self._failed(str(error))
        if not is_signed(fields, self._merchant["key"]):
            return self._failed("签名错误")
        if fields.get("appid") != self._merchant["appid"] or fields.get("mch_id") != self._merchant["mch_id"]:
            return self._answer(fields, faults.Choice(), error="APPID_MCHID_NOT_MATCH")
        if not 1 <= len(fields.get("nonce_str", "")) <= 32 or not ORDER.fullmatch(fields.get("out_trade_no", "")):
            return self._answer(fields, faults.Choice(), error="PARAM_ERROR")
        choice = self.note(operation, fields["out_trade_no"])
        if choice.answer == faults.ERROR_500 and choice.money == faults.NOTHING:
            return Answer(500, b"")
        if choice.money == faults.NOTHING:
            return self._answer(fields, choice, error="SYSTEMERROR")
        with self.book.lock:
            found = {"error": "ORDERNOTEXIST"} if choice.money == faults.MISSING else act(fields, choice)
        self.delay(choice, request)
        if choice.answer == faults.ERROR_500:
            return Answer(500, b"")
        if choice.answer == faults.SYSTEM_ERROR:
            found = {"error": "SYSTEMERROR"}
        return self._answer(fields, choice, **found)

    # --- what is asked: each returns the fields of its answer, or {"error": code} -------------------------------------

    def _pay(self, fields: dict, choice: faults.Choice) -> dict:
        order = self.book.find(fields["out_trade_no"])
        if order is not None:
            return {"error": TAKEN[order.state]}
        if not fields.get("body") or not ADDRESS.fullmatch(fields.get("spbill_create_ip", "")):
            return {"error": "LACK_PARAMS"}
        if not NUMBER.fullmatch(fields.get("total_fee", "")) or fields.get("fee_type") != self._merchant["currency"]:
            return {"error": "PARAM_ERROR"}
        if not CODE.fullmatch(fields.get("auth_code", "")):
            return {"error": "AUTH_CODE_INVALID"}
        self.decide_payment(choice, fields["out_trade_no"], int(fields["total_fee"]))
        order = self.book.find(fields["out_trade_no"])
        if order is None:  # held up on its way
            return {}
        if order.state == DECLINED:
            return {"error": order.failure}
        return {"error": "USERPAYING"} if order.state == PAYING else self._paid(order)

    def _query(self, fields: dict, choice: faults.Choice) -> dict:
        order = self.book.find(fields["out_trade_no"])
        if order is None:
            return {"error": "ORDERNOTEXIST"}
        self.book.poll(order)
        state = {"trade_state": STATE[order.state], "trade_state_desc": STATE[order.state]}
        return {**self._paid(order), **state} if order.state in (CHARGED, REFUNDED) else \
            {"out_trade_no": order.reference, **state}

    def _paid(self, order) -> dict:
        at = from_text(order.accepted_at).astimezone(BEIJING)
        return {"openid": "oUpF8uN95-Ptaags6E_roPHg7AG0", "is_subscribe": "N", "trade_type": "MICROPAY", "bank_type": "OTHERS",
                "fee_type": self._merchant["currency"], "total_fee": str(order.amount), "cash_fee": str(order.amount),
                "cash_fee_type": self._merchant["currency"],
                "transaction_id": f"4200000000{at:%Y%m%d}{order.number:010d}", "out_trade_no": order.reference,
                "time_end": f"{at:%Y%m%d%H%M%S}"}

    def _reverse(self, fields: dict, choice: faults.Choice) -> dict:
        order = self.book.find(fields["out_trade_no"])
        if order is None:
            self.book.close(fields["out_trade_no"])
            return {"recall": "N"}
        minimum_age = datetime.timedelta(milliseconds=self._merchant["minimum_age_ms"])
        if order.state not in (CLOSED, REVERSED) and self.book.age(order) < minimum_age:
            self.requests.append({"operation": "cancel_too_early", "reference": order.reference})
            return {"error": "SYSTEMERROR", "recall": "Y"}
        if order.state == PAYING and order.then == AT_CANCEL:
            self.book.end_waiting(order, CHARGED)
        if order.state == CHARGED:
            if self.book.clock.now() > from_text(order.accepted_at) + REVERSE_WINDOW:
                return {"error": "REVERSE_EXPIRE", "recall": "N"}
            if order.refunds:
                return {"error": "TRADE_ERROR", "recall": "N"}
            self.book.reverse(order)
        elif order.state in (PAYING, DECLINED):
            self.book.close(order.reference)
        elif order.state == REFUNDED:
            return {"error": "TRADE_ERROR", "recall": "N"}
        return {"recall": "N"}

    def _refund(self, fields: dict, choice: faults.Choice) -> dict:
        order, name = self.book.find(fields["out_trade_no"]), fields.get("out_refund_no", "")
        if not re.fullmatch(r"[0-9A-Za-z_*|@-]{1,64}", name) or not NUMBER.fullmatch(fields.get("refund_fee", "")) or \
                not NUMBER.fullmatch(fields.get("total_fee", "")):
            return {"error": "PARAM_ERROR"}
        if order is None:
            return {"error": "ORDERNOTEXIST"}
        amount = int(fields["refund_fee"])
        earlier = self.book.find_refund(name)
        if earlier is None:
            if order.state not in (CHARGED, REFUNDED) or int(fields["total_fee"]) != order.amount:
                return {"error": "TRADE_STATE_ERROR" if order.state not in (CHARGED, REFUNDED) else "INVALID_REQUEST"}
            if self.book.clock.now() > from_text(order.accepted_at) + REFUND_WINDOW:
                return {"error": "TRADE_OVERDUE"}
            try:
                self.book.refund(order, name, amount)
            except NotAllowed:
                return {"error": "REFUND_FEE_MISMATCH"}
        elif earlier is not order or order.refunds[name][0] != amount:
            return {"error": "INVALID_REQUEST"}
        return {"transaction_id": self._paid(order)["transaction_id"], "out_trade_no": order.reference,
                "out_refund_no": name, "refund_id": f"5030000{order.refunds[name][1]:021d}", "refund_fee": str(amount),
                "total_fee": str(order.amount), "cash_fee": str(order.amount)}

    def _refund_query(self, fields: dict, choice: faults.Choice) -> dict:
        order, name = self.book.find(fields["out_trade_no"]), fields.get("out_refund_no", "")
        if order is None or name not in order.refunds:
            return {"error": "REFUNDNOTEXIST"}
        amount, number = order.refunds[name]
        return {"transaction_id": self._paid(order)["transaction_id"], "out_trade_no": order.reference, "refund_count": "1",
                "total_fee": str(order.amount), "cash_fee": str(order.amount), "fee_type": self._merchant["currency"],
                "out_refund_no_0": name, "refund_id_0": f"5030000{number:021d}", "refund_fee_0": str(amount),
                "refund_status_0": "SUCCESS"}

    # --- answers --------------------------------------------------------------------------------------------------------

    @staticmethod
    def _failed(words: str) -> Answer:
        """The request does not even read: such an answer is not signed."""
        return Answer(200, messages.write({"return_code": "FAIL", "return_msg": words}))

    def _answer(self, request: dict, choice: faults.Choice, error=None, **facts) -> Answer:
        fields = {"return_code": "SUCCESS", "return_msg": "OK", "appid": self._merchant["appid"],
                  "mch_id": self._merchant["mch_id"], "nonce_str": secrets.token_hex(16),
                  "result_code": "FAIL" if error else "SUCCESS",
                  **({"err_code": error, "err_code_des": WORDS.get(error, error)} if error else {}), **facts}
        if choice.answer == faults.OTHER_ORDER:
            fields["out_trade_no"] = "0" * 32
        if choice.answer == faults.OTHER_AMOUNT and "total_fee" in fields:
            fields["total_fee"] = str(int(fields["total_fee"]) + 1)
        key = self._merchant["key"] + ("x" if choice.answer == faults.BAD_SIGNATURE else "")
        fields["sign"] = sign(fields, key, request.get("sign_type", MD5))  # as the request was
        return Answer(200, messages.write(fields), choice.manner)
