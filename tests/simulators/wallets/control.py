"""The control door of a wallet's simulator: plain HTTP on a port of its own, no part of any wallet."""

from loopback.http_json import Answer, BadRequest, Request, error_answer, exact_keys
from payment_network.clock import from_text, to_text

FAULT_KEYS = ("behaviour", "operation", "reference", "times", "delay_ms", "polls", "failure")


class Control:
    """WALLET has book, faults, requests (a list of what was asked) and let_go()."""

    def __init__(self, wallet):
        self._wallet = wallet
        self._calls = {
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): lambda _: Answer(200, {"forgotten": wallet.faults.clear()}),
            ("POST", "clock"): self._put_clock,
            ("POST", "let-go"): lambda _: Answer(200, {"arrived": wallet.let_go()}),
            ("POST", "pay"): lambda request: wallet.customer_pays(request.json_object()),
            ("GET", "book"): self._show_book,
            ("GET", "requests"): lambda _: Answer(200, list(wallet.requests)),
        }

    def handle(self, request: Request) -> Answer:
        call = self._calls.get((request.method, request.path.removeprefix("/control/")))
        return call(request) if call else error_answer(404, "NOT_FOUND", "there is no such call")

    def _add_fault(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, FAULT_KEYS)
        try:
            return Answer(200, {"fault": self._wallet.faults.add(**body).number})
        except (ValueError, TypeError) as error:
            raise BadRequest(str(error)) from error

    def _put_clock(self, request: Request) -> Answer:
        body = request.json_object()
        exact_keys(body, ("now",))
        clock = self._wallet.book.clock
        try:
            clock.set(None if body.get("now") is None else from_text(body["now"]))
        except (ValueError, TypeError) as error:
            raise BadRequest(f"now: {error}") from error
        return Answer(200, {"now": to_text(clock.now())})

    def _show_book(self, _request) -> Answer:
        with self._wallet.book.lock:
            return Answer(200, [{"reference": order.reference, "state": order.state, "amount": order.amount,
                                 "accepted_at": order.accepted_at, "kept_amount": order.kept_amount,
                                 "refunds": {name: amount for name, (amount, _) in order.refunds.items()}}
                                for order in self._wallet.book.orders()])
