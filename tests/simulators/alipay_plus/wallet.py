"""The door of Alipay+: pay, inquiryPayment, cancel, refund."""

import datetime
import json
import re

from loopback.http_json import Answer, BadRequest, Request
from payment_network.clock import from_text, to_text
from wallets import faults
from wallets.book import AT_CANCEL, CHARGED, CLOSED, DECLINED, PAYING, REFUNDED, REVERSED, NotAllowed
from wallets.wallet import Wallet

from .signature import is_signed, sign

PREFIX = "/ams/api/v1/payments/"
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
CANCEL_GRACE = datetime.timedelta(minutes=15)  # after the end of the Beijing day
REFUND_WINDOW = datetime.timedelta(days=365)
KEY = re.compile(r"[0-9A-Za-z_-]{1,64}")
CODE = re.compile(r"(2[5-9]|30)[0-9]{14,22}")
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
TIME = re.compile(r"[0-9TZ:.+-]{10,40}")

STATUS = {CHARGED: "SUCCESS", REFUNDED: "SUCCESS", DECLINED: "FAIL", PAYING: "PROCESSING", CLOSED: "CANCELLED",
          REVERSED: "CANCELLED"}


def result(status: str, code: str) -> dict:
    return {"resultStatus": status, "resultCode": code, "resultMessage": code.lower().replace("_", " ")}


SUCCESS = result("S", "SUCCESS")
IN_PROCESS = result("U", "PAYMENT_IN_PROCESS")
UNKNOWN = result("U", "UNKNOWN_EXCEPTION")
NO_ORDER = result("F", "ORDER_NOT_EXIST")


class AlipayPlus(Wallet):
    failures = ("USER_BALANCE_NOT_ENOUGH", "INVALID_CODE", "RISK_REJECT", "PROCESS_FAIL", "PAYMENT_METHOD_NOT_SUPPORTED")
    label = "alipay-plus"

    def __init__(self, port, control_port, book_path, tls, merchant):
        """MERCHANT: client_id, public_key (of the merchant), private_key (of the wallet), currency, minimum_age_ms."""
        super().__init__(port, control_port, book_path, tls)
        self._merchant = merchant
        self._calls = {"pay": ("pay", self._pay, "paymentRequestId"),
                       "inquiryPayment": ("query", self._inquire, "paymentRequestId"),
                       "cancel": ("cancel", self._cancel, "paymentRequestId"),
                       "refund": ("refund", self._refund, "paymentId"),
                       "inquiryRefund": ("refund_query", self._inquire_refund, "refundRequestId")}

    def handle(self, request: Request) -> Answer:
        call = self._calls.get(request.path.removeprefix(PREFIX))
        if request.method != "POST" or call is None or not request.path.startswith(PREFIX):
            return Answer(404, {})
        operation, act, key = call
        time = request.headers.get("request-time", "")
        if request.headers.get("client-id") != self._merchant["client_id"]:
            return self._answer(request, faults.Choice(), {"result": result("F", "INVALID_CLIENT")})
        if not TIME.fullmatch(time) or not is_signed(self._merchant["public_key"], request.headers.get("signature", ""),
                                                     request.path, self._merchant["client_id"], time, request.body):
            return self._answer(request, faults.Choice(), {"result": result("F", "INVALID_SIGNATURE")})
        try:
            body = request.json_object()
            reference = self._reference(body, key)
        except (BadRequest, KeyError, TypeError):
            return self._answer(request, faults.Choice(), {"result": result("F", "PARAM_ILLEGAL")})
        choice = self.note(operation, reference)
        if choice.answer == faults.ERROR_500 and choice.money == faults.NOTHING:
            return Answer(500, {})
        if choice.money == faults.NOTHING:
            return self._answer(request, choice, {"result": UNKNOWN})
        with self.book.lock:
            try:
                found = {"result": NO_ORDER} if choice.money == faults.MISSING else act(body, reference, choice)
            except (KeyError, TypeError, ValueError):
                found = {"result": result("F", "PARAM_ILLEGAL")}
        self.delay(choice, request)
        if choice.answer == faults.ERROR_500:
            return Answer(500, {})
        if choice.answer == faults.SYSTEM_ERROR:
            found = {"result": UNKNOWN}
        return self._answer(request, choice, found)

    def _reference(self, body: dict, key: str) -> str:
        """The merchant's own key of the payment or refund that is meant."""
        value = body[key]
        if not isinstance(value, str) or not KEY.fullmatch(value):
            raise BadRequest(key)
        if key != "paymentId":
            return value
        return next((order.reference for order in self.book.orders() if self._payment_id(order) == value), value)

    @staticmethod
    def _payment_id(order):
        return None if order.number is None else f"2026112219401080010018875{order.number:010d}"

    def _amount(self, value: dict) -> int:
        if value["currency"] != self._merchant["currency"] or not NUMBER.fullmatch(value["value"]):
            raise ValueError("amount")
        return int(value["value"])

    def _shown(self, order) -> dict:
        facts = {"paymentRequestId": order.reference}
        if order.amount is not None:
            facts["paymentAmount"] = {"currency": self._merchant["currency"], "value": str(order.amount)}
        if order.accepted_at is not None:
            facts["paymentId"] = self._payment_id(order)
            facts["paymentTime"] = order.accepted_at.replace(".000", "")[:19] + "+09:00"
            facts["pspCustomerInfo"] = {"pspName": "ALIPAY_CN"}
        return facts

    # --- what is asked ----------------------------------------------------------------------------------------------------

    def _pay(self, body: dict, reference: str, choice: faults.Choice) -> dict:
        amount = self._amount(body["paymentAmount"])
        order = self.book.find(reference)
        if order is None:
            scenario = body["paymentFactor"]["inStorePaymentScenario"]
            if body["productCode"] != "IN_STORE_PAYMENT" or scenario != "PaymentCode":
                raise ValueError("product")
            if self._amount(body["order"]["orderAmount"]) != amount or not body["order"]["referenceOrderId"]:
                raise ValueError("order")
            if not CODE.fullmatch(body["paymentMethod"]["paymentMethodId"]):
                return {"result": result("F", "INVALID_CODE")}
            self.decide_payment(choice, reference, amount)
            order = self.book.find(reference)
        elif order.amount is not None and order.amount != amount:
            return {"result": result("F", "REPEAT_REQ_INCONSISTENT")}
        if order is None:  # held up on its way
            return {"result": UNKNOWN}
        said = {CHARGED: SUCCESS, REFUNDED: SUCCESS, PAYING: IN_PROCESS, CLOSED: result("F", "ORDER_IS_CANCELED"),
                REVERSED: result("F", "ORDER_IS_CANCELED")}.get(order.state) or result("F", order.failure)
        return {"result": said, **self._shown(order)}

    def _inquire(self, body: dict, reference: str, choice: faults.Choice) -> dict:
        order = self.book.find(reference)
        if order is None:
            return {"result": NO_ORDER}
        self.book.poll(order)
        return {"result": SUCCESS, "paymentStatus": STATUS[order.state],
                "paymentResultCode": order.failure or STATUS[order.state], **self._shown(order)}

    def _cancel(self, body: dict, reference: str, choice: faults.Choice) -> dict:
        order = self.book.find(reference)
        if order is None:
            order = self.book.close(reference)
        minimum_age = datetime.timedelta(milliseconds=self._merchant["minimum_age_ms"])
        if order.state not in (CLOSED, REVERSED) and self.book.age(order) < minimum_age:
            self.requests.append({"operation": "cancel_too_early", "reference": reference})
            return {"result": UNKNOWN}
        if order.state == PAYING and order.then == AT_CANCEL:
            self.book.end_waiting(order, CHARGED)
        if order.state == CHARGED and not order.refunds:
            if self._window_is_closed(order):
                return {"result": result("F", "CANCEL_WINDOW_EXCEED")}
            self.book.reverse(order)
        elif order.state in (PAYING, DECLINED):
            self.book.close(reference)
        elif order.state in (CHARGED, REFUNDED):
            return {"result": result("F", "ORDER_STATUS_INVALID")}
        return {"result": SUCCESS, "paymentRequestId": reference, "cancelTime": to_text(self.book.clock.now())[:19] + "+09:00",
                **({"paymentId": self._payment_id(order)} if order.number is not None else {})}

    def _window_is_closed(self, order) -> bool:
        accepted = from_text(order.accepted_at).astimezone(BEIJING)
        end = datetime.datetime.combine(accepted.date() + datetime.timedelta(days=1), datetime.time(0), BEIJING)
        return self.book.clock.now() >= end + CANCEL_GRACE

    def _refund(self, body: dict, reference: str, choice: faults.Choice) -> dict:
        order, name, amount = self.book.find(reference), body["refundRequestId"], self._amount(body["refundAmount"])
        if not KEY.fullmatch(name):
            raise ValueError("refundRequestId")
        if order is None:
            return {"result": NO_ORDER}
        earlier = self.book.find_refund(name)
        if earlier is None:
            if order.state not in (CHARGED, REFUNDED):
                return {"result": result("F", "ORDER_STATUS_INVALID")}
            if self.book.clock.now() > from_text(order.accepted_at) + REFUND_WINDOW:
                return {"result": result("F", "REFUND_WINDOW_EXCEED")}
            try:
                self.book.refund(order, name, amount)
            except NotAllowed:
                return {"result": result("F", "REFUND_AMOUNT_EXCEED")}
        elif earlier is not order or order.refunds[name][0] != amount:
            return {"result": result("F", "REPEAT_REQ_INCONSISTENT")}
        return {"result": SUCCESS, "refundRequestId": name, "refundId": f"2026112219401080110018875{order.refunds[name][1]:010d}",
                "paymentId": self._payment_id(order),
                "refundAmount": {"currency": self._merchant["currency"], "value": str(amount)},
                "refundTime": to_text(self.book.clock.now())[:19] + "+09:00"}

    def _inquire_refund(self, _body: dict, name: str, _choice: faults.Choice) -> dict:
        order = next((order for order in self.book.orders() if name in order.refunds), None)
        if order is None:
            return {"result": result("F", "REFUND_NOT_EXIST")}
        amount, number = order.refunds[name]
        return {"result": SUCCESS, "refundRequestId": name, "refundId": f"2026112219401080110018875{number:010d}",
                "refundAmount": {"currency": self._merchant["currency"], "value": str(amount)}, "refundStatus": "SUCCESS"}

    def _answer(self, request: Request, choice: faults.Choice, found: dict) -> Answer:
        if choice.answer == faults.OTHER_ORDER and "paymentRequestId" in found:
            found = {**found, "paymentRequestId": "another"}
        if choice.answer == faults.OTHER_AMOUNT and "paymentAmount" in found:
            amount = found["paymentAmount"]
            found = {**found, "paymentAmount": {**amount, "value": str(int(amount["value"]) + 1)}}
        body = json.dumps(found, ensure_ascii=False).encode("utf-8")
        client, time = self._merchant["client_id"], to_text(self.book.clock.now())
        signed = body + b" " if choice.answer == faults.BAD_SIGNATURE else body
        headers = {"Client-Id": client, "Response-Time": time,
                   "Signature": sign(self._merchant["private_key"], request.path, client, time, signed)}
        return Answer(200, body, choice.manner, headers)
