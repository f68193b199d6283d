"""The whole network put together: one book, one plan, two doors and the control door.

The one idea: the network between the till and this simulator is up or down as one thing. Down, the terminal's port
refuses and its connections are reset; the QR gateway shares its port with the control door, so there a request is reset
unread.
"""

import threading

from acquirer_host.link import Link
from loopback import http_json
from loopback.http_json import Answer, Request, error_answer

from . import control, qr_gateway
from .book import Book
from .clock import Clock
from .control import Control
from .qr_gateway import QrGateway
from .scripts import Scripts
from .terminal import Terminal
from .zvt_door import ZvtDoor


FORWARD_SECONDS = 0.5  # between tries to send queued reversals


class Network:
    """ACQUIRER_PORT: where an acquirer's host answers for credit cards; None: the centre does. ZVT_PATH: where the
    terminal is on a serial line as well; None: it is not."""

    def __init__(self, http_port: int, terminal_port: int, book_path, secret: str, seed: int, misbehave: float,
                 acquirer_port=None, acquirer_seconds=5.0, zvt_path=None):
        clock, plan = Clock(), Scripts(seed, misbehave)
        self._book = Book(book_path, clock)
        self._gateway = QrGateway(self._book, plan, clock, secret)
        self._link = None if acquirer_port is None else \
            Link(acquirer_port, f"{book_path}.acquirer" if book_path else None, clock, acquirer_seconds)
        self._terminal = Terminal(terminal_port, self._book, plan, clock, self._link)
        self._zvt = None if zvt_path is None else ZvtDoor(zvt_path, self._terminal, self._terminal.practice)
        self._control = Control(self._book, plan, clock, self.set_up, self._zvt)
        self._stopping = threading.Event()
        self._http = http_json.json_door("http", http_port, self._handle)
        self._is_up = True
        self._switching = threading.Lock()

    @property
    def ports(self) -> dict:
        return {"http_port": self._http.port, "terminal_port": self._terminal.listener.port}

    def start(self) -> None:
        self._http.open()
        self._terminal.listener.open()
        if self._zvt is not None:
            self._zvt.start()
        if self._link is not None:
            threading.Thread(target=self._forward, name="forward", daemon=True).start()

    def _forward(self) -> None:
        """Reversals that the acquirer has not answered are sent again and again."""
        while not self._stopping.wait(FORWARD_SECONDS):
            if self._link.queued():
                self._link.flush()

    def stop(self) -> None:
        self._stopping.set()
        if self._zvt is not None:
            self._zvt.stop()
        self._terminal.stop()
        self._http.stop()
        self._book.close()
        if self._link is not None:
            self._link.close()

    def set_up(self, is_up: bool) -> None:
        with self._switching:
            self._is_up = is_up
            if self._zvt is not None:
                self._zvt.plug(is_up)
            if is_up:
                self._terminal.listener.open()
            else:
                self._terminal.listener.shut()
                self._http.cut(lambda connection: connection.label == qr_gateway.LABEL)

    def _handle(self, request: Request) -> Answer:
        if request.path.startswith(control.PREFIX):
            request.connection.label = control.LABEL
            return self._control.handle(request)
        request.connection.label = qr_gateway.LABEL
        if not self._is_up:
            return Answer(503, None, http_json.CUT)
        if request.path.startswith(qr_gateway.PREFIX):
            return self._gateway.handle(request)
        return error_answer(404, "NOT_FOUND", "there is no such call")
