"""The payment terminal: length-prefixed JSON over TCP.

The one idea: the connection and the payment have separate lives. A payment runs in a thread of its own, so that the
reader stays free for an Abort, and losing the connection loses only the answer. One payment runs at a time for a
(POIID, SaleID) pair: from the moment the request is taken until just before its answer is sent, others are Busy.
"""

import struct
import sys
import threading
from dataclasses import dataclass, field

from acquirer_host.link import Unreachable
from loopback.listener import Connection, ConnectionGone, Listener

from . import brands, scripts
from .book import CHARGED, IN_DOUBT, REFUNDED, REVERSED, Book, NotAllowed, Opening
from .clock import Clock, to_date
from .terminal_messages import (MEDIA, MessageFormat, Unreadable, as_practice, daily_log, failure, frame, frame_length, in_doubt,
                                movements_of, need_amount, need_reference, payment_response, pick, read_request, refund_response,
                                reply, reversal_response, success, totals_response, transaction_totals)

CHANNEL = scripts.TERMINAL
MAX_CONNECTIONS = 64    # tills of a test, each with a connection or two
MAX_RUNNING = 64        # payments at once, each a thread: one per pair, and no test has more pairs
IDLE_SECONDS = 3600.0   # a till keeps its connection over a quiet hour
STOP_SECONDS = 2.0      # a running payment ends at once when the simulator stops
BRAND_OF_AN_UNNAMED_CREDIT_CARD = "visa"
NOT_JSON = b"\x02TRX OK\x03\xff\xfe"


@dataclass
class Running:
    """A payment between its request and its answer. STOP ends its waiting; ABORTED says that the till asked for it."""
    reference: str
    stop: threading.Event = field(default_factory=threading.Event)
    aborted: bool = False
    decided: bool = False


class Terminal:
    """ACQUIRER (acquirer_host.link.Link) is asked about credit cards before the book is written; None: the centre decides
    all by itself. What it approved and the book does not have, because the power failed in between, is undone at the start.
    """

    def __init__(self, port, book: Book, plan: scripts.Scripts, clock: Clock, acquirer=None):
        """PORT None: the practice desk of another terminal, which has a book of its own and no centre."""
        self._book = book
        self._is_practice = port is None
        self.practice = None if self._is_practice else \
            Terminal(None, Book(None, clock), scripts.Scripts(0, 0.0), clock)
        self._settled = {}  # (POIID, SaleID) -> numbers of movements that a settlement has counted; not kept in the book
        self._acquirer = acquirer
        if acquirer is not None:
            acquirer.undo_unless(self._stands_in_book)
        self._plan = plan
        self._clock = clock
        self._running = {}  # (POIID, SaleID) -> Running; guarded by the book's lock, as the two change together
        self._workers = set()
        self._stopping = False
        self.listener = None if self._is_practice else \
            Listener("terminal", port, self._serve, MAX_CONNECTIONS, IDLE_SECONDS)
        self._categories = {"Login": self._login, "Diagnosis": self._diagnosis, "Payment": self._payment,
                            "Reversal": self._reversal, "TransactionStatus": self._status, "Abort": self._abort,
                            "GetTotals": self._totals, "Reconciliation": self._reconcile}

    def stop(self) -> None:
        if self.practice is not None:
            self.listener.stop()
            self.practice.stop()
        with self._book.lock:
            self._stopping = True
            for running in self._running.values():
                running.stop.set()
            workers = list(self._workers)
        for worker in workers:
            worker.join(STOP_SECONDS)

    def _serve(self, connection: Connection) -> None:
        while True:
            try:
                length = frame_length(connection.receive_exactly(4))
                header, body = read_request(connection.receive_exactly(length))
            except Unreadable as error:
                print(f"terminal: connection dropped: {error}", file=sys.stderr)
                connection.cut()
                return
            if header["MessageCategory"] == "Login":
                connection.label = "practice" if body and body.get("TrainingModeFlag") else "terminal"
            desk = self.practice if connection.label == "practice" else self
            answer = desk._answer(connection, header, body)
            if answer is not None:
                connection.send(frame(desk._marked(answer)))

    def _marked(self, message: dict) -> dict:
        return as_practice(message) if self._is_practice else message

    def _answer(self, connection: Connection, header: dict, body):
        handler = self._categories.get(header["MessageCategory"])
        if handler is None or body is None:
            return reply(header, failure("MessageFormat", "Reason=category"))
        try:
            return handler(connection, header, body)
        except MessageFormat as error:
            print(f"terminal: {header['MessageCategory']} refused: {error}", file=sys.stderr)
            if header["MessageCategory"] == "Abort":
                return None  # an Abort is never answered
            return reply(header, failure("MessageFormat", "Reason=content"))

    def _login(self, _connection, header: dict, _body) -> dict:
        return reply(header, success())

    def _diagnosis(self, _connection, header: dict, _body) -> dict:
        with self._book.lock:
            busy = _pair(header) in self._running
        return reply(header, {**success(), "POIStatus": {"GlobalStatus": "Busy" if busy else "OK"},
                              "HostStatus": [{"AcquirerID": "simulated-centre", "IsReachableFlag": True}]})

    def _status(self, _connection, header: dict, body: dict) -> dict:
        reference = need_reference(body)
        with self._book.lock:
            if self._is_running(reference):
                return reply(header, failure("InProgress"))
            stands = self._as_it_stands(reference)
        return reply(header, {**success(), "RepeatedMessageResponse": stands} if stands else failure("NotFound"))

    def _abort(self, _connection, _header, body: dict) -> None:
        reference = need_reference(body)
        with self._book.lock:
            for running in self._running.values():
                if running.reference == reference and not running.decided:
                    running.aborted = True
                    running.stop.set()

    def _totals(self, _connection, header: dict, _body) -> dict:
        with self._book.lock:
            day = self._clock.now().date()
            log = daily_log(self._payments(), header["SaleID"], header["POIID"], day)
            moved = [(payment, movement)
                     for payment, movement in movements_of(self._payments(), header["SaleID"], header["POIID"])
                     if to_date(movement.at) == day]
        return totals_response(header, log, transaction_totals(moved))

    def _reconcile(self, _connection, header: dict, body: dict) -> dict:
        if body.get("ReconciliationType") != "SaleReconciliation":
            raise MessageFormat("ReconciliationType is SaleReconciliation")
        with self._book.lock:
            if _pair(header) in self._running:
                return reply(header, failure("Busy"))
            settled = self._settled.setdefault(_pair(header), set())
            moved = [(payment, movement)
                     for payment, movement in movements_of(self._payments(), header["SaleID"], header["POIID"])
                     if (movement.kind, movement.number) not in settled]
            settled.update((movement.kind, movement.number) for _, movement in moved)
        return reply(header, {**success(), "ReconciliationType": "SaleReconciliation",
                              "TransactionTotals": transaction_totals(moved)})

    def _reversal(self, connection: Connection, header: dict, body: dict) -> dict:
        reference = need_reference(body, "OriginalPOITransaction")
        answer = self._reverse_in_book(header, body, reference)
        if self._acquirer is not None and not self._stands_in_book(reference):
            self._acquirer.void(reference)  # queued durably; the host hears of it now or later
        return answer

    def _stands_in_book(self, reference: str) -> bool:
        with self._book.lock:
            payment = self._book.find(CHANNEL, reference)
            return payment is not None and payment.state in (CHARGED, REFUNDED) or \
                self._book.find_refund(CHANNEL, reference) is not None

    def _reverse_in_book(self, header: dict, body: dict, reference: str) -> dict:
        if body.get("ReversalReason") not in ("MerchantCancel", "Malfunction"):
            raise MessageFormat("ReversalReason is MerchantCancel or Malfunction")
        with self._book.lock:
            if _pair(header) in self._running or self._is_running(reference):
                return reply(header, failure("Busy"))
            payment = self._book.find(CHANNEL, reference)
            if payment is None:
                self._book.cancel(CHANNEL, reference)
                return reply(header, failure("NotFound"))
            if payment.state == IN_DOUBT and brands.BRANDS[payment.brand].runs_again:
                self._book.touch(payment, payment.truth_charged)
            if payment.state == IN_DOUBT:
                return reply(header, in_doubt())  # what is not known to be taken cannot be given back: touch the card
            if payment.state in (CHARGED, REFUNDED) and not brands.BRANDS[payment.brand].can_be_voided:
                return reply(header, failure("NotAllowed"))
            if payment.refunds:
                return reply(header, failure("NotAllowed", "Reason=refunded"))
            if payment.state == CHARGED:
                self._book.reverse(payment, header["SaleID"], header["POIID"])
            if payment.state == REVERSED:
                return reply(header, reversal_response(payment))
            return reply(header, failure("NotFound"))  # declined or cancelled: nothing was taken

    def _payment(self, connection: Connection, header: dict, body: dict):
        reference, amount = need_reference(body, "SaleData"), need_amount(body)
        kind = pick(body, "PaymentData", "PaymentType")
        if kind == "Refund":
            return self._refund(header, body, reference, amount)
        if kind != "Normal":
            raise MessageFormat("PaymentType is Normal or Refund")
        brand = self._brand(body)
        with self._book.lock:
            if self._is_running(reference):
                return reply(header, failure("InProgress"))
            if self._book.find_refund(CHANNEL, reference):
                raise MessageFormat("the key is that of a refund")
            known = self._book.find(CHANNEL, reference)
            if known:
                if known.amount is not None and (known.amount, known.fingerprint or known.brand) != (amount, brand):
                    raise MessageFormat("the key was used with another amount or brand")
                return reply(header, payment_response(known))
            if _pair(header) in self._running or len(self._running) >= MAX_RUNNING:
                return reply(header, failure("Busy"))
            if not brands.is_brand_of(MEDIA, brand):
                return reply(header, failure("NotAllowed"))
            choice = self._plan.choose(CHANNEL, reference, amount)
            opening = Opening(CHANNEL, reference, choice.brand or brand, header["SaleID"], header["POIID"], amount,
                              fingerprint=brand)  # a repetition asks for the same brand, whatever the card was
            if choice.money == scripts.NOTHING:
                return self._say_nothing(connection, choice)
            running = self._running[_pair(header)] = Running(reference)
            details = (connection, header, opening, choice, running)
            worker = threading.Thread(target=self._run, args=details, daemon=True)
            self._workers.add(worker)
        worker.start()
        return None

    @staticmethod
    def _brand(body: dict) -> str:
        data = body["PaymentData"]
        media, brand = data.get("PaymentMedia"), data.get("PaymentBrand")
        if media not in MEDIA.values() or not (brand is None or isinstance(brand, str)):
            raise MessageFormat("PaymentMedia is Credit or EMoney, PaymentBrand a brand code")
        if not brand and media == "Credit":
            return BRAND_OF_AN_UNNAMED_CREDIT_CARD
        if brand in brands.BRANDS and MEDIA.get(brands.BRANDS[brand].payout) != media:
            raise MessageFormat("PaymentBrand is not of that PaymentMedia")
        return brand

    @staticmethod
    def _say_nothing(connection: Connection, choice: scripts.Choice) -> None:
        """The request was lost on the way; the centre and the terminal never heard of it."""
        if choice.answer == scripts.CUT:
            connection.cut()
            raise ConnectionGone("cut instead of an answer")

    def _run(self, connection, header: dict, opening: Opening, choice: scripts.Choice, running: Running) -> None:
        try:
            waits_first = choice.answer != scripts.LATE
            if waits_first:
                running.stop.wait(choice.delay_ms / 1000)  # the card is not there yet: an Abort can still stop it
            with self._book.lock:
                if self._stopping and not running.aborted:
                    return
                running.decided = True
            refusal = self._ask_acquirer(opening, choice, running)
            with self._book.lock:
                self._decide(opening, choice, running, refusal)
            if not waits_first:
                running.stop.wait(choice.delay_ms / 1000)
            with self._book.lock:
                del self._running[_pair(header)]
                told = payment_response(self._book.find(CHANNEL, opening.reference))
                message = frame(self._marked(reply(header, {**told, **self._touched(choice)})))
            self._tell(connection, choice, message)
        except ConnectionGone:
            pass  # the till left before its answer: it will ask
        except Exception as error:
            print(f"terminal: payment {opening.reference} failed: {error!r}", file=sys.stderr)
            connection.cut()
        finally:
            with self._book.lock:
                if self._running.get(_pair(header)) is running:
                    del self._running[_pair(header)]
                self._workers.discard(threading.current_thread())

    def _touched(self, choice: scripts.Choice) -> dict:
        """What the card tells of an earlier payment that was in doubt; nothing when it was in none."""
        earlier = self._book.find(CHANNEL, choice.earlier) if choice.earlier else None
        if earlier is None or earlier.state != IN_DOUBT:
            return {}
        self._book.touch(earlier, earlier.truth_charged)
        return {"EarlierTransaction": {"SaleTransactionID": {"TransactionID": earlier.reference},
                                       **payment_response(earlier)}}

    def _ask_acquirer(self, opening: Opening, choice: scripts.Choice, running: Running):
        """Why the acquirer of a credit card does not pay; None when it does, or nobody has to be asked."""
        is_credit = brands.BRANDS[opening.brand].payout == brands.CARD
        if self._acquirer is None or running.aborted or choice.money != scripts.CHARGE or not is_credit:
            return None
        try:
            approved = self._acquirer.sale(opening.reference, opening.terminal, opening.amount)
        except Unreachable:
            return "UnreachableHost"  # whatever the host did is undone before it is asked anything else
        return None if approved else "Refusal"

    def _decide(self, opening: Opening, choice: scripts.Choice, running: Running, refusal) -> None:
        if running.aborted:
            self._book.decline(opening, "Aborted")
        elif refusal is not None:
            self._book.decline(opening, refusal)
        elif choice.money == scripts.DECLINE:
            self._book.decline(opening, choice.failure)
        elif choice.money in (scripts.IN_DOUBT_CHARGED, scripts.IN_DOUBT_UNCHARGED):
            self._book.doubt(opening, truth_charged=choice.money == scripts.IN_DOUBT_CHARGED)
        else:
            self._book.charge(opening)

    @staticmethod
    def _tell(connection: Connection, choice: scripts.Choice, message: bytes) -> None:
        if choice.answer == scripts.NO_ANSWER:
            return
        if choice.answer == scripts.CUT:
            connection.cut()
        elif choice.answer == scripts.HALF:
            connection.send(message[:len(message) // 2])
            connection.end()
        elif choice.answer == scripts.GARBAGE:
            connection.send(struct.pack(">I", len(NOT_JSON)) + NOT_JSON)
        else:
            connection.send(message * 2 if choice.answer == scripts.TWICE else message)

    def _refund(self, header: dict, body: dict, reference: str, amount: int) -> dict:
        original = need_reference(body, "PaymentTransaction", "OriginalPOITransaction")
        with self._book.lock:
            if _pair(header) in self._running or self._is_running(original):
                return reply(header, failure("Busy"))
            payment = self._book.find(CHANNEL, original)
            earlier = self._book.find_refund(CHANNEL, reference)
            if earlier:
                if earlier is not payment or -payment.refunds[reference].amount != amount:
                    raise MessageFormat("the key was used for another refund")
            elif self._book.find(CHANNEL, reference):
                raise MessageFormat("the key is that of a payment")
            elif payment is None:
                return reply(header, failure("NotFound"))
            elif not brands.BRANDS[payment.brand].can_be_refunded if payment.brand else True:
                return reply(header, failure("NotAllowed"))
            elif not self._acquirer_refunds(payment, reference, amount):
                return reply(header, failure("UnreachableHost"))
            else:
                try:
                    self._book.refund(payment, reference, amount, header["SaleID"], header["POIID"])
                except NotAllowed:
                    return reply(header, failure("Refusal", "CenterResultCode=G61"))  # more than is left to refund
            return reply(header, refund_response(payment, payment.refunds[reference]))

    def _acquirer_refunds(self, payment, reference: str, amount: int) -> bool:
        if self._acquirer is None or brands.BRANDS[payment.brand].payout != brands.CARD or \
                amount > (payment.amount or 0) - payment.refunded_amount:  # the book refuses that itself
            return True
        try:
            return self._acquirer.refund(reference, payment.terminal, amount)
        except Unreachable:
            return False

    def _is_running(self, reference: str) -> bool:
        return any(running.reference == reference for running in self._running.values())

    def _as_it_stands(self, reference: str):
        """The PaymentResponse of a payment or refund as the book has it now; None when it has none."""
        refunded = self._book.find_refund(CHANNEL, reference)
        if refunded:
            return refund_response(refunded, refunded.refunds[reference])
        payment = self._book.find(CHANNEL, reference)
        return payment_response(payment) if payment else None

    def _payments(self) -> list:
        return [payment for payment in self._book.payments() if payment.channel == CHANNEL]


def _pair(header: dict):
    return header["POIID"], header["SaleID"]
