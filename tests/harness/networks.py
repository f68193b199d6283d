"""Simulators of payment networks with a door over TLS: certificates, start, control."""
import json
import pathlib
import sys

from . import http
from .process import ROOT, Process

SIMULATORS = ROOT / "tests" / "simulators"
sys.path.insert(0, str(SIMULATORS))

from loopback.certificates import make_authority, make_certificate, make_rsa_pair  # noqa: E402,F401


def make_certificates(folder):
    """An authority and a server's certificate in FOLDER, once."""
    folder = pathlib.Path(folder)
    if not (folder / "server.pem").exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_authority(str(folder))
        make_certificate(str(folder), "server")
    return folder


class Network:
    """One simulator, `python3 -m MODULE` with its certificate and a book in FOLDER."""

    def __init__(self, city, module, *options, certificates=None):
        self.folder = make_certificates(certificates or city.folder / "certificates")
        self.process = Process(module, [sys.executable, "-m", module, "--certificate", self.folder / "server.pem", "--key",
                                        self.folder / "server.key", "--book", city.folder / f"{module}-book.jsonl", *options],
                               city.folder, {"PYTHONPATH": str(SIMULATORS)})
        city.processes.append(self.process)
        ports = self.process.start(ready_line=True)
        self.port, self.control_port = ports["port"], ports["control_port"]

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    @property
    def ca_file(self):
        return self.folder / "authority.pem"

    def control(self, method, path, body=None):
        return http.call(method, f"http://127.0.0.1:{self.control_port}/control/{path}", body)

    def fault(self, behaviour, **more):
        return self.control("POST", "faults", {"behaviour": behaviour, **more})

    def forget_faults(self):
        return self.control("DELETE", "faults")

    def requests(self, reference=None):
        return [entry["operation"] for entry in self.control("GET", "requests")
                if reference in (None, entry["reference"])]

    def book(self):
        return {entry["reference"]: entry for entry in self.control("GET", "book")}


def write_secret(path, text):
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text + "\n")
    return path


def write_timings(path, *rows):
    """Rhythms for tests: everything that is not named waits for nothing."""
    whole = {"first_wait_ms": 0, "poll_ms": 100, "budget_ms": 60000, "earliest_cancel_ms": 0, "cancel_for_ms": 0,
             "cancel_days": 1, "cancel_until_s": 900, "utc_offset_minutes": 540, "refund_days": 0}
    path.write_text(json.dumps({"timings": [{**whole, **row} for row in rows]}))
    return path
