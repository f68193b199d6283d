"""JSON over HTTP/1.1 on a Listener, with answers that can go wrong on purpose.

The one idea: a handler returns an Answer, and the answer carries the *manner* in which it is sent. Deciding what is
true and spoiling how it is told are thus two separate acts, and no handler touches a socket.
"""

import json
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from .listener import Connection, ConnectionGone, Listener

MAX_BODY_BYTES = 1 << 20   # the largest honest body is a list of some thousand planted faults
MAX_CONNECTIONS = 64       # some tills, a browser and a test; each connection is a thread
IDLE_SECONDS = 60.0        # a kept-alive connection nobody uses gives its thread back
SILENCE_SECONDS = 300.0    # longer than any client waits for an answer that never comes

JSON_TYPE = "application/json; charset=utf-8"
TEXT_TYPE = "text/plain; charset=utf-8"

WHOLE = "whole"        # the answer as it should be
SILENT = "silent"      # nothing, the connection stays open until the client gives up
CUT = "cut"            # nothing, the connection is reset
HALF = "half"          # the head and half of the body, then the end
GARBAGE = "garbage"    # 200 and a body that is neither JSON nor XML
TWICE = "twice"        # the whole answer, and once more on the same connection

NOT_JSON = b"<html>Service Temporarily Unava\x00\xff"


@dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes
    connection: Connection

    def json_object(self) -> dict:
        """The body as an object; an empty body is an empty object. Raises BadRequest."""
        if not self.body:
            return {}
        try:
            value = json.loads(self.body.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise BadRequest("the body is not JSON in UTF-8") from error
        if not isinstance(value, dict):
            raise BadRequest("the body is not a JSON object")
        return value


@dataclass
class Answer:
    """BODY is an object to be written as JSON, or bytes that go out as they are, as TEXT_TYPE."""
    status: int
    body: object = field(default_factory=dict)
    manner: str = WHOLE
    headers: dict = field(default_factory=dict)


class BadRequest(Exception):
    """What the client sent does not read; the text says why and goes into a 400."""


def error_answer(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}})


def exact_keys(body: dict, allowed) -> None:
    """A misspelt key in a request to a simulator would silently test nothing: refuse it."""
    unknown = sorted(set(body) - set(allowed))
    if unknown:
        raise BadRequest(f"unknown key {unknown[0]!r}; known: {', '.join(sorted(allowed))}")


def json_door(name: str, port: int, handle, tls=None) -> Listener:
    """A Listener that reads requests and sends what HANDLE(Request) answers; over TLS where TLS is a server context."""

    def serve(connection: Connection) -> None:
        if tls is not None:
            connection.begin_tls(tls)
        _Conversation(connection, handle)

    return Listener(name, port, serve, MAX_CONNECTIONS, IDLE_SECONDS)


class _Conversation(BaseHTTPRequestHandler):
    """Reads requests with the standard library's parser (which bounds the line and the headers); writes by itself."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def __init__(self, connection: Connection, handle):
        self._peer = connection
        self._handle = handle
        super().__init__(connection.sock, connection.sock.getpeername(), None)

    def _serve(self) -> None:
        request = self._read_request()
        if request is None:
            return
        try:
            answer = self._handle(request)
        except BadRequest as error:
            answer = error_answer(400, "BAD_REQUEST", str(error))
        self._tell(answer)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _serve

    def _read_request(self):
        if "Transfer-Encoding" in self.headers:
            return self._refuse(501, "NOT_IMPLEMENTED", "send a Content-Length, not a Transfer-Encoding")
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            return self._refuse(400, "BAD_REQUEST", "Content-Length is not a number")
        if len(length) > len(str(MAX_BODY_BYTES)) or int(length) > MAX_BODY_BYTES:
            return self._refuse(413, "TOO_LARGE", f"a body has at most {MAX_BODY_BYTES} bytes")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionGone("the client left in the middle of its request")
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, urllib.parse.unquote(path), dict(urllib.parse.parse_qsl(query)), headers, body,
                       self._peer)

    def _refuse(self, status: int, code: str, message: str) -> None:
        self.close_connection = True  # the body was not read, so the next request cannot be found
        self._tell(error_answer(status, code, message))

    def _tell(self, answer: Answer) -> None:
        if answer.manner == CUT:
            self._peer.cut()
            raise ConnectionGone("cut instead of an answer")
        if answer.manner == SILENT:
            self.close_connection = True
            self._peer.wait(SILENCE_SECONDS)
            return
        is_text = isinstance(answer.body, bytes)
        body = answer.body if is_text else json.dumps(answer.body, ensure_ascii=False).encode("utf-8")
        if answer.manner == GARBAGE:
            body = NOT_JSON
        status = 200 if answer.manner == GARBAGE else answer.status
        more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        head = (f"HTTP/1.1 {status} {self.responses.get(status, ('Answer',))[0]}\r\n"
                f"Content-Type: {TEXT_TYPE if is_text else JSON_TYPE}\r\nContent-Length: {len(body)}\r\n{more}"
                f"{'Connection: close' if self.close_connection else 'Connection: keep-alive'}\r\n\r\n").encode("ascii")
        if answer.manner == HALF:
            self.close_connection = True
            self._peer.send(head + body[:len(body) // 2])
            return
        self._peer.send((head + body) * (2 if answer.manner == TWICE else 1))

    def send_error(self, code, message=None, explain=None):
        """Called by the parser for a request line or header that does not read."""
        self._refuse(int(code), "BAD_REQUEST", message or "the request does not read")

    def log_message(self, *_):
        """No request log: a path is not an event, and a failure is printed where it happens."""
