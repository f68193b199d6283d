"""How tests talk to a simulator: as a process of its own or in this one, over HTTP, and in the terminal's frames."""

import contextlib
import http.client
import io
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from payment_network.network import Network

SIMULATORS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECRET = "test-secret"
PATIENCE_SECONDS = 20.0  # only a fault waits this long
CODE = {"paypay": "900081810000000000000123"}


def scratch_folder(test) -> str:
    """A folder that lasts as long as TEST. In memory where that exists: what is tested is the order of writes, not a
    disk."""
    folder = tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    test.addCleanup(folder.cleanup)
    return folder.name


class Process:
    """A simulator started from the command line; READY is the line it printed."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.executable, *arguments], cwd=SIMULATORS, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"{arguments} did not start: {self.process.communicate()[1].decode()}")
        self.ready = json.loads(line)

    def kill(self) -> None:
        self.process.kill()
        self._collect()

    def stop(self) -> int:
        self.process.terminate()
        return self._collect()

    def _collect(self) -> int:
        _, self.errors = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode


def call(port: int, method: str, path: str, body=None, headers=None, timeout=PATIENCE_SECONDS):
    """(status, decoded body)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        data = None if body is None else json.dumps(body).encode("utf-8")
        connection.request(method, path, body=data, headers=headers or {})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def eventually(condition) -> bool:
    """Whether CONDITION becomes true while patience lasts."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


@contextlib.contextmanager
def complaint(test, pattern: str):
    """What the simulator prints on stderr while this lasts must match PATTERN; it does not clutter the test's
    output."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        yield
    test.assertRegex(said.getvalue(), pattern)


class QrClient:
    def __init__(self, port: int, secret=SECRET):
        self.port = port
        self.headers = {"Authorization": f"Bearer {secret}"}

    def charge(self, reference, amount=450, code=CODE["paypay"], timeout=PATIENCE_SECONDS, **more):
        body = {"merchant_reference": reference, "terminal": "KO-01", "code": code, "amount": amount, "currency": "JPY",
                **more}
        return call(self.port, "POST", "/qr/v1/charges", body, {**self.headers, "Idempotency-Key": reference}, timeout)

    def inquire(self, reference):
        return call(self.port, "GET", f"/qr/v1/charges/{reference}", headers=self.headers)

    def cancel(self, reference):
        return call(self.port, "POST", f"/qr/v1/charges/{reference}/cancel", {"reason": "test"}, self.headers)

    def refund(self, reference, refund_reference, amount):
        return call(self.port, "POST", f"/qr/v1/charges/{reference}/refunds",
                    {"refund_reference": refund_reference, "amount": amount},
                    {**self.headers, "Idempotency-Key": refund_reference})


class TerminalClient:
    """One connection to the terminal. Answers come back as (name of the response, body)."""

    def __init__(self, port: int, sale_id="KO-01", poi_id="POI-1"):
        self.sock = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self.sale_id, self.poi_id = sale_id, poi_id
        self.service_id = 0

    def close(self):
        self.sock.close()

    def send(self, category, body):
        self.service_id += 1
        header = {"ProtocolVersion": "3.0", "MessageClass": "Service", "MessageCategory": category,
                  "MessageType": "Request", "SaleID": self.sale_id, "POIID": self.poi_id,
                  "ServiceID": str(self.service_id)}
        data = json.dumps({"SaleToPOIRequest": {"MessageHeader": header, f"{category}Request": body}}).encode("utf-8")
        self.sock.sendall(struct.pack(">I", len(data)) + data)

    def receive_raw(self) -> bytes:
        (length,) = struct.unpack(">I", self._exactly(4))
        return self._exactly(length)

    def receive(self):
        response = json.loads(self.receive_raw())["SaleToPOIResponse"]
        header = response["MessageHeader"]
        self.answered_service_id = header["ServiceID"]
        return response[f"{header['MessageCategory']}Response"]

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.sock.recv(count - len(data))
            if not piece:
                raise ConnectionError(f"the connection ended after {len(data)} of {count} bytes")
            data += piece
        return data

    def ask(self, category, body):
        self.send(category, body)
        return self.receive()

    @staticmethod
    def payment(reference, amount=300, brand="edy", media="EMoney", kind="Normal", original=None):
        transaction = {"AmountsReq": {"Currency": "JPY", "RequestedAmount": amount}}
        if original:
            transaction["OriginalPOITransaction"] = {"SaleTransactionID": {"TransactionID": original}}
        identity = {"TransactionID": reference, "TimeStamp": "2026-11-22T10:00:00+09:00"}
        return {"SaleData": {"SaleTransactionID": identity},
                "PaymentTransaction": transaction,
                "PaymentData": {"PaymentType": kind, "PaymentBrand": brand, "PaymentMedia": media}}

    def pay(self, reference, **details):
        return self.ask("Payment", self.payment(reference, **details))

    def status(self, reference):
        return self.ask("TransactionStatus", {"SaleTransactionID": {"TransactionID": reference}})

    def reverse(self, reference, reason="MerchantCancel"):
        return self.ask("Reversal", {"OriginalPOITransaction": {"SaleTransactionID": {"TransactionID": reference}},
                                     "ReversalReason": reason})


def outcome(body):
    """(Result, ErrorCondition) of a response."""
    return body["Response"]["Result"], body["Response"]["ErrorCondition"]


class NetworkTest(unittest.TestCase):
    """A network of its own for every test, in this process; the book is on disk."""

    seed, misbehave = 0, 0.0

    def setUp(self):
        self.folder = scratch_folder(self)
        self.book_path = os.path.join(self.folder, "book.jsonl")
        self.network = Network(0, 0, self.book_path, SECRET, self.seed, self.misbehave)
        self.network.start()
        self.addCleanup(self.network.stop)
        self.port = self.network.ports["http_port"]
        self.qr = QrClient(self.port)

    def terminal(self, **ids) -> TerminalClient:
        client = TerminalClient(self.network.ports["terminal_port"], **ids)
        self.addCleanup(client.close)
        return client

    def control(self, method, path, body=None):
        status, answer = call(self.port, method, f"/control/{path}", body)
        self.assertEqual(status, 200, answer)
        return answer

    def script(self, behaviour, **more):
        self.control("POST", "scripts", {"behaviour": behaviour, **more})

    def book(self):
        """{reference: listing} with every key the simulator knows."""
        return {entry["reference"]: entry for entry in self.control("GET", "book?all=1")}

    def state(self, reference):
        return self.book().get(reference, {}).get("state")
