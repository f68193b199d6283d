"""The aggregator's door: scanned codes become tokens, tokens become charges, charges are cancelled and refunded.

The one idea: a key (Idempotency-Key) belongs to the first body that came with it, also when that body was refused. Whoever
sends the same again gets the same charge; whoever sends another is told of the conflict, and nothing happens.

The code that the citizen showed is looked at once, for its brand, and not kept.
"""

import datetime
import hmac
import itertools
import re

from loopback.http_json import Answer, Request
from payment_network.clock import from_text, to_date
from wallets import faults
from wallets.book import AT_CANCEL, CHARGED, CLOSED, DECLINED, PAYING, REFUNDED, REVERSED, NotAllowed
from wallets.wallet import Wallet

STORE = re.compile(r"/stores/([0-9A-Za-z-]{1,64})(/.*)")
REFERENCE = re.compile(r"[0-9A-Za-z-]{1,64}")
TOKENS_MAX = 1000
CANCEL_WINDOW_END = datetime.time(0, 15)  # of the day after: PayPay's, the only one that is public

# By what a shown code is recognised: prefix, length or 0 for any, the aggregator's word for the brand.
PREFIXES = (("90008181", 0, "pay_pay"), ("90000002", 0, "d_barai"), ("900001", 0, "rakuten_pay"),
            ("31589900", 19, "merpay"), ("31589921", 19, "au_pay"),
            *((prefix, 18, "we_chat") for prefix in ("10", "11", "12", "13", "14", "15")),
            *((prefix, 0, "alipay_plus") for prefix in ("25", "26", "27", "28", "29", "30")),
            ("hQVKUFFS", 0, "aeon_pay"))  # a JPQR code: here always AEON Pay's

STATUS = {PAYING: "pending", CHARGED: "successful", REFUNDED: "successful", DECLINED: "failed", REVERSED: "canceled",
          CLOSED: "canceled"}


def refused(status: int, code: str) -> Answer:
    return Answer(status, {"status": "error", "code": code, "errors": []})


def brand_of(code: str) -> str:
    return next((brand for prefix, length, brand in PREFIXES
                 if code.startswith(prefix) and length in (0, len(code))), "unknown")


class Aggregator(Wallet):
    failures = ("PAYMENT_WALLET_REJECTED", "PAYMENT_WALLET_INSUFFICIENT_FUNDS", "PAYMENT_CODE_EXPIRED",
                "PAYMENT_CODE_INVALID", "PAYMENT_METHOD_TEMPORARILY_UNAVAILABLE")
    label = "aggregator"

    def __init__(self, port, control_port, book_path, tls, credential, store):
        super().__init__(port, control_port, book_path, tls)
        self._credential = credential
        self._store = store
        self._numbers = itertools.count(1)
        self._tokens = {}   # id -> brand
        self._cancels = {}  # key -> charge reference

    def handle(self, request: Request) -> Answer:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode("utf-8"), f"Bearer {self._credential}".encode("utf-8")):
            return refused(401, "INVALID_CREDENTIALS")
        if (request.method, request.path) == ("POST", "/tokens"):
            return self._scan(request.json_object())
        if (request.method, request.path) == ("POST", "/charges"):
            return self._served("pay", request, request.headers.get("idempotency-key", ""), self._charge)
        found = STORE.fullmatch(request.path)
        if not found or found[1] != self._store:
            return refused(404, "NOT_FOUND")
        match request.method, found[2].split("/")[1:]:
            case "GET", ["charges"]:
                return self._served("query", request, self._wanted(request), self._list)
            case "GET", ["charges", charge]:
                return self._served("query", request, charge, self._show)
            case "POST", ["charges", charge, "cancels"]:
                return self._served("cancel", request, charge, self._cancel)
            case "POST", ["charges", charge, "refunds"]:
                return self._served("refund", request, charge, self._refund)
            case "GET", ["charges", charge, "refunds"]:
                return self._served("query", request, charge, self._list_refunds)
            case "GET", ["charges", charge, "refunds", number]:
                return self._follow_refund(charge, number)
            case "GET", ["charges", charge, "cancels", number]:
                return self._follow(charge, number)
        return refused(404, "NOT_FOUND")

    def _served(self, operation: str, request: Request, reference: str, act) -> Answer:
        if not REFERENCE.fullmatch(reference):
            return refused(400, "VALIDATION_ERROR")
        choice = self.note(operation, reference)
        if choice.money == faults.NOTHING:
            return self._told(request, choice, refused(500, "INTERNAL_SERVER_ERROR"))
        with self.book.lock:
            answer = refused(404, "NOT_FOUND") if choice.money == faults.MISSING and operation != "query" \
                else act(request, reference, choice)
        self.delay(choice, request)
        return self._told(request, choice, answer)

    @staticmethod
    def _told(_request, choice: faults.Choice, answer: Answer) -> Answer:
        if choice.answer in (faults.ERROR_500, faults.SYSTEM_ERROR):
            return refused(500 if choice.answer == faults.ERROR_500 else 503, "INTERNAL_SERVER_ERROR")
        answer.manner = choice.manner
        for charge in [answer.body, *answer.body.get("items", [])]:
            if choice.answer == faults.OTHER_ORDER and "metadata" in charge:
                charge["metadata"]["merchant_reference"] = "another"
            if choice.answer == faults.OTHER_AMOUNT and charge.get("charged_amount"):
                charge["charged_amount"] += 1
        return answer

    # --- what is asked ----------------------------------------------------------------------------------------------------

    def _scan(self, body: dict) -> Answer:
        data = body.get("data")
        if body.get("payment_type") != "qr_scan" or body.get("type") != "one_time" or not isinstance(data, dict) \
                or not isinstance(data.get("scanned_qr"), str):
            return refused(400, "VALIDATION_ERROR")
        with self.book.lock:
            token = f"11111111-0000-7000-8000-{next(self._numbers):012d}"
            while len(self._tokens) >= TOKENS_MAX:
                del self._tokens[next(iter(self._tokens))]
            self._tokens[token] = brand_of(data["scanned_qr"])
        return Answer(201, {"id": token, "store_id": self._store, "payment_type": "qr_scan", "type": "one_time",
                            "data": {"brand": self._tokens[token]}})

    def _charge(self, request: Request, key: str, choice: faults.Choice) -> Answer:
        body = request.json_object()
        token, amount, metadata = body.get("transaction_token_id"), body.get("amount"), body.get("metadata", {})
        if body.get("currency") != "JPY" or not isinstance(amount, int) or amount < 1 or body.get("capture") is not True \
                or metadata.get("merchant_reference") != key:
            return refused(400, "VALIDATION_ERROR")
        order = self.book.find(key)
        if token not in self._tokens:
            if order is None:
                self.book.close(key)
            elif order.state != CLOSED or order.amount is not None:
                return refused(409, "IDEMPOTENCY_KEY_CONFLICT")
            return refused(400, "INVALID_TOKEN")
        if order is not None:
            same = order.amount == amount and order.note == metadata.get("brand")
            return Answer(200, self._shown(order)) if same else refused(409, "IDEMPOTENCY_KEY_CONFLICT")
        if self._tokens[token] == "unknown":
            self.book.decline(key, amount, "PAYMENT_CODE_INVALID", metadata.get("brand"))
        else:
            self.decide_payment(choice, key, amount, metadata.get("brand"))
        order = self.book.find(key)
        return refused(504, "TIMEOUT") if order is None else Answer(201, self._shown(order))

    @staticmethod
    def _wanted(request: Request) -> str:
        return request.query.get("metadata", "").removeprefix("merchant_reference:")

    def _list(self, _request, reference: str, choice: faults.Choice) -> Answer:
        order = None if choice.money == faults.MISSING else self.book.find(reference)
        if order is None or order.amount is None:
            return Answer(200, {"items": [], "has_more": False, "total_hits": 0})
        self.book.poll(order)
        return Answer(200, {"items": [self._shown(order)], "has_more": False, "total_hits": 1})

    def _of(self, charge: str):
        return next((order for order in self.book.orders() if self._id(order) == charge and order.amount is not None), None)

    def _show(self, _request, charge: str, _choice) -> Answer:
        order = self._of(charge)
        if order is None:
            return refused(404, "NOT_FOUND")
        self.book.poll(order)
        return Answer(200, self._shown(order))

    def _cancel(self, request: Request, charge: str, _choice) -> Answer:
        order, key = self._of(charge), request.headers.get("idempotency-key", "")
        if order is None:
            return refused(404, "NOT_FOUND")
        if self._cancels.get(key) == charge:
            return self._begun("cancels", charge, 1, "successful")
        if order.state == PAYING and order.then == AT_CANCEL:
            self.book.end_waiting(order, CHARGED)
        if order.state == PAYING:
            self.book.close(order.reference)
        elif order.state == CHARGED and not order.refunds and not self._window_is_closed(order):
            self.book.reverse(order)
        elif order.state not in (REVERSED, CLOSED):
            return refused(400, "CANCEL_UNAVAILABLE")
        self._cancels[key] = charge
        return self._begun("cancels", charge, 1, "pending")

    def _refund(self, request: Request, charge: str, _choice) -> Answer:
        body, order, key = request.json_object(), self._of(charge), request.headers.get("idempotency-key", "")
        amount = body.get("amount")
        if order is None:
            return refused(404, "NOT_FOUND")
        if body.get("currency") != "JPY" or not isinstance(amount, int) or not REFERENCE.fullmatch(key):
            return refused(400, "VALIDATION_ERROR")
        earlier = self.book.find_refund(key)
        if earlier is None:
            if order.state not in (CHARGED, REFUNDED):
                return refused(400, "CANCEL_UNAVAILABLE")
            try:
                self.book.refund(order, key, amount)
            except NotAllowed:
                return refused(400, "REFUND_EXCEEDS_SALES")
        elif earlier is not order or order.refunds[key][0] != amount:
            return refused(409, "IDEMPOTENCY_KEY_CONFLICT")
        return Answer(201, self._shown_refund(order, key, "pending"))

    def _shown_refund(self, order, name: str, status: str) -> dict:
        amount, number = order.refunds[name]
        return {"id": f"refunds-{number}", "store_id": self._store, "charge_id": self._id(order), "status": status,
                "amount": amount, "currency": "JPY", "metadata": {"merchant_reference": name}}

    def _list_refunds(self, request: Request, charge: str, choice: faults.Choice) -> Answer:
        order, wanted = self._of(charge), self._wanted(request)
        if order is None:
            return refused(404, "NOT_FOUND")
        names = [] if choice.money == faults.MISSING else [name for name in order.refunds if wanted in ("", name)]
        return Answer(200, {"items": [self._shown_refund(order, name, "successful") for name in names], "has_more": False,
                            "total_hits": len(names)})

    def _follow_refund(self, charge: str, number: str) -> Answer:
        order = self._of(charge)
        for name in order.refunds if order else ():
            shown = self._shown_refund(order, name, "successful")
            if shown["id"] == number:
                return Answer(200, shown)
        return refused(404, "NOT_FOUND")

    @staticmethod
    def _begun(what: str, charge: str, number: int, status: str) -> Answer:
        return Answer(201, {"id": f"{what}-{number}", "charge_id": charge, "status": status})

    def _follow(self, charge: str, number: str) -> Answer:
        return Answer(200, {"id": number, "charge_id": charge, "status": "successful"}) \
            if self._of(charge) and number.startswith("cancels") else refused(404, "NOT_FOUND")

    def _window_is_closed(self, order) -> bool:
        day_after = to_date(order.accepted_at) + datetime.timedelta(days=1)
        zone = from_text(order.accepted_at).tzinfo
        return self.book.clock.now() >= datetime.datetime.combine(day_after, CANCEL_WINDOW_END, zone)

    @staticmethod
    def _id(order) -> str:
        return f"c-{order.reference}"[:64]

    def _shown(self, order) -> dict:
        return {"id": self._id(order), "store_id": self._store, "status": STATUS[order.state],
                "requested_amount": order.amount, "requested_currency": "JPY",
                "charged_amount": order.amount if order.accepted_at else None,
                "charged_currency": "JPY" if order.accepted_at else None,
                "created_on": order.accepted_at or order.opened_at,
                "error": {"code": order.failure} if order.state == DECLINED else None,
                "metadata": {"merchant_reference": order.reference, "brand": order.note}}
