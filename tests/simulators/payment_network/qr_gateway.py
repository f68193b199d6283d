"""The QR gateway: charges, inquiries, cancels and refunds over HTTP.

The one idea: a charge is decided under the book's lock, once per key, and only then does the answer go its scripted
way. A request under a key the book knows is answered from the book and never meets a script again.

The code the citizen showed is read once to find the brand. What is kept of it is a part of a keyed digest over the
whole request, by which a repeated request is recognised; the key is the merchant secret, which is not in the book.
"""

import dataclasses
import datetime
import hashlib
import hmac
import json
import re

from loopback import http_json
from loopback.http_json import Answer, BadRequest, Request, error_answer, exact_keys

from . import brands, scripts
from .book import CANCELED, CHARGED, DECLINED, PENDING, REFUNDED, REVERSED, Book, NotAllowed, Opening, Payment
from .clock import Clock, from_text, to_date
from .fields import is_amount, is_reference

LABEL = "gateway"  # connections of this door, to be cut when the network goes down
PREFIX = "/qr/v1/charges"
CHANNEL = scripts.QR
TERMINAL = re.compile(r"[!-~]{1,32}")  # printable ASCII, as it goes into a CSV
CODE = re.compile(r"[!-~]{1,512}")     # digits, or the Base64 of a JPQR code
CANCEL_WINDOW_END = datetime.time(0, 15)  # of the day after acceptance

CHARGE_KEYS = ("merchant_reference", "terminal", "code", "brand", "amount", "currency")
STATUS = {PENDING: "pending", CHARGED: "successful", REFUNDED: "successful", DECLINED: "failed", REVERSED: "canceled",
          CANCELED: "canceled"}
MANNER = {scripts.NO_ANSWER: http_json.SILENT, scripts.CUT: http_json.CUT, scripts.HALF: http_json.HALF,
          scripts.GARBAGE: http_json.GARBAGE}


class QrGateway:
    def __init__(self, book: Book, plan: scripts.Scripts, clock: Clock, secret: str):
        self._book = book
        self._plan = plan
        self._clock = clock
        self._secret = secret

    def handle(self, request: Request) -> Answer:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode("utf-8"), f"Bearer {self._secret}".encode("utf-8")):
            return error_answer(401, "UNAUTHORIZED", "the merchant secret is wrong")
        match request.method, request.path.removeprefix(PREFIX).split("/"):
            case "POST", [""]:
                return self._charge(request)
            case "GET", ["", reference]:
                return self._inquire(reference)
            case "POST", ["", reference, "cancel"]:
                return self._cancel(request, reference)
            case "POST", ["", reference, "refunds"]:
                return self._refund(request, reference)
        return error_answer(404, "NOT_FOUND", "there is no such call")

    def _charge(self, request: Request) -> Answer:
        opening, shown_brand = self._read_charge(request)
        with self._book.lock:
            known = self._book.find(CHANNEL, opening.reference)
            if known:
                return self._repeated(known, opening)
            choice = self._plan.choose(CHANNEL, opening.reference, opening.amount)
            if choice.money == scripts.NOTHING:
                return self._told(choice, None)
            if choice.brand:
                opening, shown_brand = dataclasses.replace(opening, brand=choice.brand), choice.brand
            self._decide(choice, opening, shown_brand)
        if choice.delay_ms and choice.money != scripts.PENDING:
            request.connection.wait(choice.delay_ms / 1000)
        return self._told(choice, opening.reference)

    def _read_charge(self, request: Request):
        body = request.json_object()
        exact_keys(body, CHARGE_KEYS)
        reference, code, brand = body.get("merchant_reference"), body.get("code"), body.get("brand")
        if not is_reference(reference):
            raise BadRequest("merchant_reference is 1 to 64 of 0-9 A-Z a-z -")
        if request.headers.get("idempotency-key") != reference:
            raise BadRequest("the Idempotency-Key header is not the merchant_reference")
        if not (isinstance(code, str) and CODE.fullmatch(code)):
            raise BadRequest("code is 1 to 512 printable ASCII characters")
        if not (isinstance(body.get("terminal"), str) and TERMINAL.fullmatch(body["terminal"])):
            raise BadRequest("terminal is 1 to 32 printable ASCII characters")
        if not is_amount(body.get("amount")) or body.get("currency") != "JPY":
            raise BadRequest("amount is 1 to 9999999 and currency is JPY")
        if not (brand is None or isinstance(brand, str) and len(brand) <= 32):
            raise BadRequest("brand is a brand code or absent")
        shown_brand = brand or brands.brand_of_code(code)
        stored_brand = shown_brand if shown_brand in brands.BRANDS else None
        opening = Opening(CHANNEL, reference, stored_brand, body["terminal"], None, body["amount"],
                          self._fingerprint(body))
        return opening, shown_brand

    def _fingerprint(self, body: dict) -> str:
        canonical = json.dumps(body, sort_keys=True, ensure_ascii=False).encode("utf-8")
        return hmac.new(self._secret.encode("utf-8"), canonical, hashlib.sha256).hexdigest()[:16]

    def _decide(self, choice: scripts.Choice, opening: Opening, shown_brand) -> Payment:
        if shown_brand is None:
            return self._book.decline(opening, "CODE_UNKNOWN")
        if not brands.is_brand_of({brands.QR}, shown_brand):
            return self._book.decline(opening, "BRAND_UNAVAILABLE")
        if choice.money == scripts.DECLINE:
            return self._book.decline(opening, choice.failure)
        if choice.money == scripts.PENDING or choice.delay_ms and choice.answer != scripts.LATE:
            return self._book.pend(opening, choice.delay_ms)
        return self._book.charge(opening)

    def _repeated(self, known: Payment, opening: Opening) -> Answer:
        if known.fingerprint is not None and known.fingerprint != opening.fingerprint:
            return error_answer(409, "IDEMPOTENCY_KEY_CONFLICT", "the key was used with another body")
        return Answer(200, self._shown(known))

    def _told(self, choice: scripts.Choice, reference) -> Answer:
        """The charge as it now stands, in the manner chosen. REFERENCE is None where the centre never heard of it."""
        if choice.answer == scripts.ERROR_500:
            return error_answer(500, "INTERNAL_SERVER_ERROR", "the result is unknown: inquire")
        manner = MANNER.get(choice.answer, http_json.WHOLE)
        if reference is None:
            return Answer(200, None, manner)
        with self._book.lock:
            return Answer(200, self._shown(self._book.find(CHANNEL, reference)), manner)

    def _inquire(self, reference: str) -> Answer:
        with self._book.lock:
            payment = self._book.find(CHANNEL, reference)
            return Answer(200, self._shown(payment)) if payment else not_found()

    def _cancel(self, request: Request, reference: str) -> Answer:
        exact_keys(request.json_object(), ("reason",))
        if not is_reference(reference):
            raise BadRequest("the merchant reference is 1 to 64 of 0-9 A-Z a-z -")
        with self._book.lock:
            payment = self._book.find(CHANNEL, reference)
            if payment is None or payment.state == PENDING:
                payment = self._book.cancel(CHANNEL, reference)
            elif payment.state in (CHARGED, REFUNDED):
                if payment.refunds:
                    return error_answer(409, "CHARGE_REFUNDED", "a part was refunded already: refund the rest")
                if self._window_is_closed(payment):
                    return error_answer(409, "CANCEL_WINDOW_CLOSED", "refund instead")
                self._book.reverse(payment, payment.terminal, None)
            return Answer(200, self._shown(payment))

    def _window_is_closed(self, payment: Payment) -> bool:
        day_after = to_date(payment.accepted_at) + datetime.timedelta(days=1)
        closes = datetime.datetime.combine(day_after, CANCEL_WINDOW_END, from_text(payment.accepted_at).tzinfo)
        return self._clock.now() >= closes

    def _refund(self, request: Request, reference: str) -> Answer:
        body = request.json_object()
        exact_keys(body, ("refund_reference", "amount"))
        refund_reference, amount = body.get("refund_reference"), body.get("amount")
        if not is_reference(refund_reference) or not is_amount(amount):
            raise BadRequest("refund_reference is 1 to 64 of 0-9 A-Z a-z - and amount is 1 to 9999999")
        if request.headers.get("idempotency-key") != refund_reference:
            raise BadRequest("the Idempotency-Key header is not the refund_reference")
        with self._book.lock:
            payment = self._book.find(CHANNEL, reference)
            if payment is None:
                return not_found()
            earlier = self._book.find_refund(CHANNEL, refund_reference)
            if earlier is None:
                if payment.state not in (CHARGED, REFUNDED):
                    return error_answer(409, "REFUND_EXCEEDS_CHARGE", "nothing is left to refund")
                try:
                    self._book.refund(payment, refund_reference, amount, payment.terminal, None)
                except NotAllowed:
                    return error_answer(409, "REFUND_EXCEEDS_CHARGE", "less than that is left to refund")
            elif earlier is not payment or -payment.refunds[refund_reference].amount != amount:
                return error_answer(409, "IDEMPOTENCY_KEY_CONFLICT", "the key was used for another refund")
            refund = payment.refunds[refund_reference]
            return Answer(200, {"refund_reference": refund_reference, "acquirer_reference": refund.acquirer_reference,
                                "status": "successful", "amount": amount})

    @staticmethod
    def _shown(payment: Payment) -> dict:
        return {"merchant_reference": payment.reference, "acquirer_reference": payment.acquirer_reference,
                "status": STATUS[payment.state], "brand": payment.brand, "amount": payment.amount,
                "accepted_at": payment.accepted_at, "failure_code": payment.failure}


def not_found() -> Answer:
    return error_answer(404, "CHARGE_NOT_FOUND", "this key was never seen")
