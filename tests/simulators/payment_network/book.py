"""The truth: every payment the simulated centre knows, what became of it, and the money that moved.

The one idea: the book is a list of events, and an event is on the disk before any answer is sent. Everything else
(states, listings, statements) follows from the events and is rebuilt from them on start.

    unseen ─┬─▶ charged ─┬─▶ reversed
            │            └─▶ refunded   (once all of it went back; until then it stays charged)
            ├─▶ pending ───▶ charged, or canceled
            ├─▶ in_doubt ──▶ charged, or declined
            ├─▶ declined
            └─▶ canceled                (a tombstone: the key was cancelled before it was ever seen)

A payment is known by (channel, reference) for ever: the two channels are different companies and share no keys. A
pending payment succeeds at its due time; whoever looks at the book after that first writes it down, dated at the due
time.
"""

import datetime
import threading
from dataclasses import dataclass, field

from .clock import from_text, to_text
from .journal import Journal, JournalError

MAX_PAYMENTS = 200_000  # some years of a city's counters; the book is held in memory

PENDING, CHARGED, REVERSED, REFUNDED = "pending", "charged", "reversed", "refunded"
IN_DOUBT, DECLINED, CANCELED = "in_doubt", "declined", "canceled"

UNSEEN = None
ALLOWED_FROM = {  # event: the states it may happen in
    PENDING: {UNSEEN},
    CHARGED: {UNSEEN, PENDING, IN_DOUBT},
    DECLINED: {UNSEEN, IN_DOUBT},
    IN_DOUBT: {UNSEEN},
    CANCELED: {UNSEEN, PENDING},
    REVERSED: {CHARGED},
    REFUNDED: {CHARGED},
}
ALWAYS_NUMBERED = {PENDING, IN_DOUBT, REVERSED, REFUNDED}  # a charge after pending or doubt keeps that number
PREFIX = {"qr": "Q", "terminal": "C"}  # of the acquirer's own references


class NotAllowed(Exception):
    """The payment's state does not allow this."""


@dataclass(frozen=True)
class Movement:
    """Money that moved: a charge (AMOUNT positive), a reversal or a refund (negative)."""
    number: int
    kind: str
    reference: str  # of the refund itself where this is one, else the payment's
    acquirer_reference: str
    amount: int
    at: str
    terminal: str
    poi: str


@dataclass(eq=False)
class Payment:
    """Invariants: accepted_at, acquirer_reference and a charge movement exist together or not at all; the refunds
    together never exceed the amount. Brand, amount and fingerprint are None for a tombstone."""
    channel: str
    reference: str
    state: str = UNSEEN
    brand: str = None
    terminal: str = None
    poi: str = None
    amount: int = None
    fingerprint: str = None    # what a repeated request must be equal in; never the code that was shown
    number: int = None         # the centre's serial number of a charge or doubt
    opened_at: str = None
    accepted_at: str = None
    acquirer_reference: str = None
    due_at: str = None         # of a pending payment
    truth_charged: bool = None  # of one in doubt: what the card knows
    failure: str = None
    reversal: Movement = None
    refunds: dict = field(default_factory=dict)

    @property
    def refunded_amount(self) -> int:
        return -sum(refund.amount for refund in self.refunds.values())

    def movements(self) -> list:
        if self.accepted_at is None:
            return []
        charge = Movement(self.number, CHARGED, self.reference, self.acquirer_reference, self.amount, self.accepted_at,
                          self.terminal, self.poi)
        return [charge, *self.refunds.values(), *([self.reversal] if self.reversal else [])]


@dataclass(frozen=True)
class Opening:
    """What is known of a payment when it arrives."""
    channel: str
    reference: str
    brand: str
    terminal: str
    poi: str
    amount: int
    fingerprint: str


class Book:
    """LOCK is held by callers that look first and write after, so that two requests under one key cannot both be
    first."""

    def __init__(self, path, clock):
        self.lock = threading.RLock()
        self._clock = clock
        self._payments = {}
        self._refunds = {}   # (channel, refund reference) -> payment
        self._pending = set()
        self._last_number = 0
        self._journal = Journal(path)
        try:
            self._read_back(path)
        except JournalError:
            self._journal.close()
            raise

    def _read_back(self, path) -> None:
        for line, event in enumerate(self._journal.entries, start=1):
            try:
                self._check(event)
                self._apply(event)
            except (KeyError, TypeError, ValueError, NotAllowed) as error:
                raise JournalError(f"{path}: line {line} does not follow from the lines before: {error!r}") from error
        self._journal.entries = []

    def find(self, channel: str, reference: str):
        with self.lock:
            self._settle_due()
            return self._payments.get((channel, reference))

    def find_refund(self, channel: str, reference: str):
        """The payment refunded under this refund reference, or None."""
        with self.lock:
            return self._refunds.get((channel, reference))

    def payments(self) -> list:
        with self.lock:
            self._settle_due()
            return list(self._payments.values())

    def charge(self, opening: Opening) -> Payment:
        return self._open(CHARGED, opening)

    def decline(self, opening: Opening, failure: str) -> Payment:
        return self._open(DECLINED, opening, failure=failure)

    def pend(self, opening: Opening, delay_ms: int) -> Payment:
        due_at = to_text(self._clock.now() + datetime.timedelta(milliseconds=delay_ms))
        return self._open(PENDING, opening, due_at=due_at)

    def doubt(self, opening: Opening, truth_charged: bool) -> Payment:
        return self._open(IN_DOUBT, opening, truth_charged=truth_charged)

    def cancel(self, channel: str, reference: str) -> Payment:
        """Nothing was taken yet and nothing will be."""
        return self._write(CANCELED, channel, reference)

    def touch(self, payment: Payment, charged: bool) -> Payment:
        """The card in doubt is on the reader again and shows the truth."""
        if charged:
            return self._write(CHARGED, payment.channel, payment.reference)
        return self._write(DECLINED, payment.channel, payment.reference, failure="Cancel")

    def reverse(self, payment: Payment, terminal: str, poi: str) -> Payment:
        return self._write(REVERSED, payment.channel, payment.reference, terminal=terminal, poi=poi)

    def refund(self, payment: Payment, refund_reference: str, amount: int, terminal: str, poi: str) -> Movement:
        self._write(REFUNDED, payment.channel, payment.reference, amount=amount, refund_reference=refund_reference,
                    terminal=terminal, poi=poi)
        return payment.refunds[refund_reference]

    def close(self) -> None:
        with self.lock:
            self._journal.close()

    def _settle_due(self) -> None:
        now = self._clock.now()
        due = [p for p in self._pending if from_text(p.due_at) <= now]
        for payment in sorted(due, key=lambda p: p.number):
            self._write(CHARGED, payment.channel, payment.reference, at=payment.due_at)

    def _open(self, event: str, opening: Opening, **facts) -> Payment:
        return self._write(event, opening.channel, opening.reference, brand=opening.brand, terminal=opening.terminal,
                           poi=opening.poi, amount=opening.amount, fingerprint=opening.fingerprint, **facts)

    def _write(self, event: str, channel: str, reference: str, **facts) -> Payment:
        """Check, put on the disk, then believe."""
        with self.lock:
            if (channel, reference) not in self._payments and len(self._payments) >= MAX_PAYMENTS:
                raise JournalError(f"the book is full: {MAX_PAYMENTS} payments")
            now = to_text(self._clock.now())
            entry = {"event": event, "channel": channel, "reference": reference, "at": now, **facts}
            if event in ALWAYS_NUMBERED or (event == CHARGED and (channel, reference) not in self._payments):
                entry["number"] = self._last_number + 1
            self._check(entry)
            self._journal.append(entry)
            return self._apply(entry)

    def _check(self, entry: dict) -> None:
        payment = self._payments.get((entry["channel"], entry["reference"]))
        state = payment.state if payment else UNSEEN
        if state not in ALLOWED_FROM[entry["event"]]:
            raise NotAllowed(f"a payment that is {state or 'unseen'} cannot become {entry['event']}")
        if entry["event"] == REFUNDED:
            if not 0 < entry["amount"] <= payment.amount - payment.refunded_amount:
                raise NotAllowed("the refunds would exceed the charge")
            if (entry["channel"], entry["refund_reference"]) in self._refunds:
                raise NotAllowed("the refund reference is used")
        if entry["event"] == REVERSED and payment.refunds:
            raise NotAllowed("a part was refunded already")

    def _apply(self, entry: dict) -> Payment:
        channel, reference = key = entry["channel"], entry["reference"]
        payment = self._payments.setdefault(key, Payment(channel, reference))
        if payment.state is UNSEEN:
            payment.opened_at = entry["at"]
            for name in ("brand", "terminal", "poi", "amount", "fingerprint", "number", "due_at", "truth_charged"):
                setattr(payment, name, entry.get(name))
        self._last_number = max(self._last_number, entry.get("number") or 0)
        _EFFECT[entry["event"]](self, payment, entry)
        (self._pending.add if payment.state == PENDING else self._pending.discard)(payment)
        return payment

    def _charged(self, payment: Payment, entry: dict) -> None:
        payment.state = CHARGED
        payment.accepted_at = entry["at"]
        payment.acquirer_reference = f"{PREFIX[payment.channel]}{payment.number:09d}"

    def _declined(self, payment: Payment, entry: dict) -> None:
        payment.state = DECLINED
        payment.failure = entry["failure"]

    def _reversed(self, payment: Payment, entry: dict) -> None:
        payment.state = REVERSED
        payment.reversal = _movement_back(REVERSED, payment, entry, payment.reference, payment.amount)

    def _refunded(self, payment: Payment, entry: dict) -> None:
        reference = entry["refund_reference"]
        payment.refunds[reference] = _movement_back(REFUNDED, payment, entry, reference, entry["amount"])
        self._refunds[(payment.channel, reference)] = payment
        if payment.refunded_amount == payment.amount:
            payment.state = REFUNDED

    def _stands(self, payment: Payment, entry: dict) -> None:
        payment.state = entry["event"]


_EFFECT = {
    PENDING: Book._stands,
    CHARGED: Book._charged,
    DECLINED: Book._declined,
    IN_DOUBT: Book._stands,
    CANCELED: Book._stands,
    REVERSED: Book._reversed,
    REFUNDED: Book._refunded,
}


def _movement_back(kind: str, payment: Payment, entry: dict, reference: str, amount: int) -> Movement:
    return Movement(entry["number"], kind, reference, f"{PREFIX[payment.channel]}{entry['number']:09d}", -amount,
                    entry["at"], entry["terminal"], entry["poi"])
