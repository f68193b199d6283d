"""PayPay's door: codes are made, looked up, deleted; payments are cancelled and refunded.

The one idea: a code is paid by somebody with a phone, who is not on this door. The control door's `pay` is that phone: it is
given what the code says, as a camera would read it. A code that nobody pays dies after its five minutes.
"""

import base64
import datetime
import hashlib
import hmac
import re
import time

from loopback.http_json import Answer, BadRequest, Request, exact_keys
from payment_network.clock import from_text, to_date
from wallets import faults
from wallets.book import AT_CANCEL, CHARGED, CLOSED, DECLINED, PAYING, REFUNDED, REVERSED, NotAllowed
from wallets.wallet import Wallet

REFERENCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
AUTHORIZATION = re.compile(r"hmac OPA-Auth:([^:]+):([^:]+):([^:]+):(\d+):([^:]+)")
SKEW_SECONDS = 120
LIFE_SECONDS = 300
CANCEL_END = datetime.time(0, 15)  # of the day after: usable until 00:14:59
CUSTOMER = "customer"  # a code waits for somebody's phone

STATUS = {PAYING: "CREATED", CHARGED: "COMPLETED", REFUNDED: "REFUNDED", DECLINED: "FAILED", REVERSED: "CANCELED",
          CLOSED: "EXPIRED"}


def told(status: int, code_id: str, code: str, data=None) -> Answer:
    return Answer(status, {"resultInfo": {"code": code, "message": code.lower(), "codeId": code_id}, "data": data})


def is_signed(secret: str, key: str, request: Request, now: float) -> bool:
    """Whether the header is what PayPay would compute itself."""
    found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not found or found[1] != key or abs(now - int(found[4])) > SKEW_SECONDS:
        return False
    kind, digest = "empty", "empty"
    if request.body:
        kind = request.headers.get("content-type", "")
        digest = base64.b64encode(hashlib.md5(kind.encode("utf-8") + request.body).digest()).decode("ascii")
    text = "\n".join((request.path, request.method, found[3], found[4], kind, digest))
    mac = base64.b64encode(hmac.new(secret.encode("utf-8"), text.encode("utf-8"), hashlib.sha256).digest()).decode("ascii")
    return found[5] == digest and hmac.compare_digest(mac, found[2])


class PayPay(Wallet):
    failures = ("DYNAMIC_QR_BAD_REQUEST",)
    label = "paypay"

    def __init__(self, port, control_port, book_path, tls, key, secret, merchant):
        super().__init__(port, control_port, book_path, tls)
        self._key, self._secret, self._merchant = key, secret, merchant

    def handle(self, request: Request) -> Answer:
        if not is_signed(self._secret, self._key, request, time.time()) \
                or request.headers.get("x-assume-merchant") != self._merchant:
            return told(401, "08100016", "UNAUTHORIZED")
        match request.method, request.path.split("/")[1:]:
            case "POST", ["v2", "codes"]:
                return self._served("pay", request, self._name(request, "merchantPaymentId"), self._make_code)
            case "GET", ["v2", "codes", "payments", reference]:
                return self._served("query", request, reference, self._details)
            case "DELETE", ["v2", "codes", code]:
                return self._served("cancel", request, code.removeprefix("code-"), self._delete_code)
            case "DELETE", ["v2", "payments", reference]:
                return self._served("cancel", request, reference, self._cancel)
            case "POST", ["v2", "refunds"]:
                return self._served("refund", request, self._name(request, "merchantRefundId"), self._refund)
            case "GET", ["v2", "refunds", name]:
                return self._served("query", request, name, self._refund_details)
        return told(404, "08100024", "NOT_FOUND")

    @staticmethod
    def _name(request: Request, key: str) -> str:
        name = request.json_object().get(key)
        return name if isinstance(name, str) else ""

    def _served(self, operation: str, request: Request, reference: str, act) -> Answer:
        if not REFERENCE.fullmatch(reference):
            return told(400, "08100006", "INVALID_REQUEST_PARAMS")
        choice = self.note(operation, reference)
        if choice.money == faults.NOTHING:
            return self._told(choice, told(500, "08101000", "INTERNAL_SERVER_ERROR"))
        with self.book.lock:
            self._let_die()
            answer = act(request, reference, choice)
        self.delay(choice, request)
        return self._told(choice, answer)

    @staticmethod
    def _told(choice: faults.Choice, answer: Answer) -> Answer:
        if choice.answer in (faults.ERROR_500, faults.SYSTEM_ERROR):
            return told(500, "08101000", "INTERNAL_SERVER_ERROR") if choice.answer == faults.ERROR_500 \
                else told(503, "08100999", "MAINTENANCE_MODE")
        answer.manner = choice.manner
        data = answer.body["data"]
        if choice.answer == faults.OTHER_ORDER and data:
            data["merchantPaymentId"] = "another"
        if choice.answer == faults.OTHER_AMOUNT and data and "amount" in data:
            data["amount"]["amount"] += 1
        return answer

    def _let_die(self) -> None:
        for order in self.book.orders():
            if order.state == PAYING and self.book.age(order).total_seconds() >= LIFE_SECONDS:
                self.book.close(order.reference)

    def customer_pays(self, body: dict) -> Answer:
        """A phone scans PAYLOAD."""
        exact_keys(body, ("payload", "refuses"))
        reference = str(body.get("payload", "")).rsplit("/", 1)[-1]
        with self.book.lock:
            self._let_die()
            order = self.book.find(reference)
            if order is None or order.state != PAYING:
                raise BadRequest("nobody can pay with this code")
            self.book.end_waiting(order, DECLINED if body.get("refuses") else CHARGED)
        return Answer(200, {"reference": reference})

    # --- what is asked ----------------------------------------------------------------------------------------------------

    def _make_code(self, request: Request, reference: str, choice: faults.Choice) -> Answer:
        body = request.json_object()
        amount = body.get("amount", {})
        if body.get("codeType") != "ORDER_QR" or amount.get("currency") != "JPY" or not isinstance(amount.get("amount"), int) \
                or not 0 < amount["amount"] < 10 ** 11 or len(body.get("orderDescription", "")) > 255:
            return told(400, "01650000", "DYNAMIC_QR_BAD_REQUEST")
        if self.book.find(reference) is not None:
            return told(400, "01652073", "DUPLICATE_DYNAMIC_QR_REQUEST")
        if choice.money == faults.REFUSE:
            self.book.decline(reference, amount["amount"], choice.failure)
            return told(400, "01650000", choice.failure)
        if choice.money == faults.DO:
            self.book.wait_for_payer(reference, amount["amount"], 0, CUSTOMER)
        else:
            self.decide_payment(choice, reference, amount["amount"])
        order = self.book.find(reference)
        opened = from_text(order.opened_at).timestamp()
        return told(201, "08100001", "SUCCESS", {
            "codeId": f"code-{reference}", "url": f"https://qr.paypay.example/{reference}", "expiryDate": int(opened) + LIFE_SECONDS,
            "merchantPaymentId": reference, "amount": {"amount": order.amount, "currency": "JPY"}, "codeType": "ORDER_QR"})

    def _details(self, _request, reference: str, choice: faults.Choice) -> Answer:
        order = None if choice.money == faults.MISSING else self.book.find(reference)
        if order is None or order.amount is None:
            return told(400, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND")
        self.book.poll(order)
        data = {"merchantPaymentId": reference, "status": STATUS[order.state],
                "amount": {"amount": order.amount, "currency": "JPY"}}
        if order.accepted_at is not None:
            data |= {"paymentId": self._payment_id(order), "acceptedAt": int(from_text(order.accepted_at).timestamp())}
        return told(200, "08100001", "SUCCESS", data)

    @staticmethod
    def _payment_id(order) -> str:
        return f"0400000000{order.number:010d}"

    def _delete_code(self, _request, reference: str, choice: faults.Choice) -> Answer:
        order = None if choice.money == faults.MISSING else self.book.find(reference)
        if order is None:
            return told(404, "01652072", "NOT_FOUND")
        if order.state == PAYING and order.then == AT_CANCEL:
            self.book.end_waiting(order, CHARGED)
        if order.state == PAYING:
            self.book.close(reference)
            return told(200, "08100001", "SUCCESS")
        return told(404, "01652072", "NOT_FOUND") if order.accepted_at is None else told(400, "01652074", "ALREADY_PAID")

    def _cancel(self, _request, reference: str, choice: faults.Choice) -> Answer:
        order = None if choice.money == faults.MISSING else self.book.find(reference)
        if order is None:
            return told(404, "00200001", "RESOURCE_NOT_FOUND")
        if order.state == CHARGED and not order.refunds and not self._window_is_closed(order):
            self.book.reverse(order)
        elif order.state != REVERSED:
            return told(400, "00200044", "ORDER_NOT_REVERSIBLE")
        return told(202, "08100001", "REQUEST_ACCEPTED")

    def _window_is_closed(self, order) -> bool:
        day_after = to_date(order.accepted_at) + datetime.timedelta(days=1)
        return self.book.clock.now() >= datetime.datetime.combine(day_after, CANCEL_END, from_text(order.accepted_at).tzinfo)

    def _refund(self, request: Request, name: str, _choice) -> Answer:
        body = request.json_object()
        order = next((order for order in self.book.orders() if order.number and self._payment_id(order) == body["paymentId"]),
                     None)
        if order is None:
            return told(404, "00200001", "RESOURCE_NOT_FOUND")
        if self.book.find_refund(name) is not None or order.refunds:
            return told(400, "00200014", "UNACCEPTABLE_OP")  # one refund of an order, as the pages say
        try:
            self.book.refund(order, name, body["amount"]["amount"])
        except NotAllowed:
            return told(400, "00200013", "UNACCEPTABLE_OP")
        return self._shown_refund(order, name)

    def _refund_details(self, _request, name: str, _choice) -> Answer:
        order = self.book.find_refund(name)
        return told(404, "00200018", "NO_SUCH_REFUND_ORDER") if order is None else self._shown_refund(order, name)

    def _shown_refund(self, order, name: str) -> Answer:
        return told(200, "08100001", "SUCCESS", {"status": "REFUNDED", "merchantRefundId": name,
                                                 "paymentId": self._payment_id(order),
                                                 "amount": {"amount": order.refunds[name][0], "currency": "JPY"}})
