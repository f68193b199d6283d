"""The control door: a test tells the network how to behave, and asks it for the truth.

The one idea: nothing here is part of a payment network; it shares the QR gateway's port so that one number is enough,
it needs no secret, and it stays open when the network is down.
"""

import os

from loopback.http_json import Answer, BadRequest, Request, error_answer, exact_keys

from . import scripts
from .book import CANCELED, IN_DOUBT, PENDING, Book, Payment
from .clock import Clock, from_text, to_text
from .statements import StatementError, write_statements

LABEL = "control"
PREFIX = "/control/"
UNDECIDED = (PENDING, CANCELED)  # keys under which nothing was taken and nothing refused: not listed unless asked for
SCRIPT_KEYS = ("behaviour", "channel", "amount", "reference", "times", "delay_ms", "failure", "earlier", "brand")


class Control:
    def __init__(self, book: Book, plan: scripts.Scripts, clock: Clock, set_network, line=None):
        self._book = book
        self._plan = plan
        self._clock = clock
        self._set_network = set_network
        self._line = line  # the ZVT door; None: there is none
        self._calls = {
            ("POST", "scripts"): self._add_script,
            ("DELETE", "scripts"): self._forget_scripts,
            ("POST", "network"): self._network,
            ("POST", "line"): self._spoil_line,
            ("DELETE", "line"): self._mend_line,
            ("POST", "touch"): self._touch,
            ("POST", "clock"): self._put_clock,
            ("GET", "book"): self._show_book,
            ("POST", "statements"): self._statements,
        }

    def handle(self, request: Request) -> Answer:
        call = self._calls.get((request.method, request.path.removeprefix(PREFIX)))
        return call(request) if call else error_answer(404, "NOT_FOUND", "there is no such call")

    def _add_script(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, SCRIPT_KEYS)
        if "behaviour" not in body:
            raise BadRequest("behaviour is missing")
        try:
            script = self._plan.add(**body)
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return Answer(200, {"script": script.number})

    def _forget_scripts(self, _request) -> Answer:
        return Answer(200, {"forgotten": self._plan.clear()})

    def _network(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, ("up",))
        if not isinstance(body.get("up"), bool):
            raise BadRequest("up is true or false")
        self._set_network(body["up"])
        return Answer(200, {"up": body["up"]})

    def _spoil_line(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, ("fault", "times"))
        times = body.get("times", 1)
        if self._line is None or not isinstance(times, int) or not 1 <= times <= 100:
            raise BadRequest("there is a ZVT line, and times is 1 to 100")
        try:
            self._line.fault(body.get("fault"), times)
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return Answer(200, {})

    def _mend_line(self, _request) -> Answer:
        return Answer(200, {"forgotten": self._line.forget_faults() if self._line else 0})

    def _touch(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, ("reference", "charged"))
        charged = body.get("charged")
        if charged is not None and not isinstance(charged, bool):
            raise BadRequest("charged is true, false or absent")
        with self._book.lock:
            doubtful = [payment for payment in self._book.payments() if payment.state == IN_DOUBT]
            if "reference" in body:
                doubtful = [payment for payment in doubtful if payment.reference == body["reference"]]
                if not doubtful:
                    return error_answer(404, "NOT_IN_DOUBT", "no payment in doubt has this reference")
            touched = [self._book.touch(payment, payment.truth_charged if charged is None else charged)
                       for payment in doubtful]
            return Answer(200, {"touched": [listed(payment) for payment in touched]})

    def _put_clock(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, ("now",))
        if "now" not in body:
            raise BadRequest("now is a time with offset, or null for real time")
        try:
            self._clock.set(None if body["now"] is None else from_text(body["now"]))
        except (ValueError, TypeError) as error:
            raise BadRequest(f"now: {error}") from error
        return Answer(200, {"now": to_text(self._clock.now())})

    def _show_book(self, request: Request) -> Answer:
        unknown = set(request.query) - {"all"}
        if unknown:
            raise BadRequest(f"unknown parameter {sorted(unknown)[0]!r}; known: all")
        with self._book.lock:
            payments = self._book.payments()
            shown = [listed(p) for p in payments if request.query.get("all") == "1" or p.state not in UNDECIDED]
        return Answer(200, shown)

    def _statements(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, ("date", "directory", "plant", "holidays"))
        directory = body.get("directory")
        if not (isinstance(directory, str) and os.path.isabs(directory)):
            raise BadRequest("directory is an absolute path")
        try:
            with self._book.lock:
                payments = self._book.payments()
                return Answer(200, write_statements(payments, body.get("date"), directory, body.get("plant", []),
                                                    body.get("holidays", [])))
        except StatementError as error:
            raise BadRequest(str(error)) from error
        except OSError as error:
            return error_answer(500, "CANNOT_WRITE", f"{directory}: {error.strerror}")


def listed(payment: Payment) -> dict:
    return {"reference": payment.reference, "acquirer_reference": payment.acquirer_reference,
            "channel": payment.channel, "brand": payment.brand, "terminal": payment.terminal, "amount": payment.amount,
            "state": payment.state, "accepted_at": payment.accepted_at, "refunded_amount": payment.refunded_amount}
