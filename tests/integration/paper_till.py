"""A till written from docs/protocol/journal.md alone: lines, chain, signatures, calls. It shares no code with the product;
the openssl command makes keys and signatures."""
import base64
import hashlib
import http.client
import json
import pathlib
import subprocess
import tempfile
import time
import uuid

ZEROS = "0" * 64


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, capture_output=True, check=True).stdout


class Key:
    """An Ed25519 key in a file of FOLDER."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.path = self.folder / f"{uuid.uuid4()}.pem"
        openssl("genpkey", "-algorithm", "ed25519", "-out", str(self.path))
        self.public = openssl("pkey", "-in", str(self.path), "-pubout", "-outform", "DER")[-32:]

    def sign(self, message):
        with tempfile.NamedTemporaryFile(dir=self.folder) as file:
            file.write(message)
            file.flush()
            signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", str(self.path), "-in", file.name)
        return base64.b64encode(signature).decode()


def is_signed_by(public, message, signature, folder):
    """Whether SIGNATURE (base64) is that of the Ed25519 key PUBLIC (32 bytes) over MESSAGE."""
    folder = pathlib.Path(folder)
    stem = folder / str(uuid.uuid4())
    key, text, sign = stem.with_suffix(".der"), stem.with_suffix(".txt"), stem.with_suffix(".sig")
    key.write_bytes(bytes.fromhex("302a300506032b6570032100") + public)
    text.write_bytes(message)
    sign.write_bytes(base64.b64decode(signature))
    result = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", key, "-in", text,
                             "-sigfile", sign], capture_output=True, check=False)
    return result.returncode == 0


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json.get("error", {}).get("code") if self.body else None

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


def call(port, method, path, body=b"", headers=None, timeout=30):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body if method != "GET" else None, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


class PaperTill:
    """Keeps its journal as a list of lines (bytes without the newline); line n is `lines[n - 1]`."""

    def __init__(self, folder, port, terminal="KO-01", place="shimin-1"):
        self.port = port
        self.terminal = terminal
        self.place = place
        self.key = Key(folder)
        self.lines = []
        self.day = "2026-11-22"
        self.sales = 0

    # --- the journal ----------------------------------------------------------------------------------------------

    def copy(self):
        """Another till with the same disk."""
        twin = PaperTill.__new__(PaperTill)
        twin.__dict__ = {**self.__dict__, "lines": list(self.lines)}
        return twin

    def write(self, kind, **body):
        previous = hashlib.sha256(self.lines[-1]).hexdigest() if self.lines else ZEROS
        line = {"sequence": len(self.lines) + 1, "previous": previous, "terminal": self.terminal,
                "at": f"{self.day}T10:03:11.123+09:00", "business_date": self.day, "kind": kind, "body": body}
        self.lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode())

    def enrolled(self):
        self.write("terminal.enrolled", municipality="072036", terminal=self.terminal, place=self.place,
                   public_key=self.key.public.hex())

    def cash_sale(self, yen=450):
        self.sales += 1
        self.write("sale.recorded", sale=str(uuid.uuid4()), receipt_number=f"{self.terminal}-20261122-{self.sales:04}",
                   received_on=self.day, clerk="sato",
                   lines=[{"item": "koseki-zenbu", "name": "戸籍全部事項証明", "unit_price_yen": yen, "quantity": 1,
                           "amount_yen": yen, "tax": "exempt", "account": "14020101", "section": "shimin",
                           "issuer": "general", "exemption": None}],
                   total_yen=yen, taxes=[{"tax": "exempt", "issuer": "general", "subject_yen": yen, "tax_yen": 0}],
                   payment={"method": "cash", "tendered_yen": yen, "change_yen": 0})

    def hash(self, sequence):
        return hashlib.sha256(self.lines[sequence - 1]).hexdigest()

    # --- the wire ---------------------------------------------------------------------------------------------------

    def statement(self, first, last, last_hash=None):
        return (f"madoguchi-journal-v1\n{self.terminal}\n{first}\n{last}\n{last_hash or self.hash(last)}\n").encode()

    def signature(self, first, last):
        return self.key.sign(self.statement(first, last))

    def send_bytes(self, body, signature, terminal=None, timeout=30):
        return call(self.port, "POST", f"/v1/terminals/{terminal or self.terminal}/journal", body,
                    {"Content-Type": "application/x-ndjson", "Madoguchi-Signature": signature}, timeout)

    def send(self, first=1, last=None, **more):
        last = last or len(self.lines)
        body = b"".join(line + b"\n" for line in self.lines[first - 1:last])
        return self.send_bytes(body, self.signature(first, last), **more)

    def ask(self, path, at_ms=None, headers=None, terminal=None, key=None, signed_path=None):
        at_ms = at_ms or int(time.time() * 1000)
        terminal = terminal or self.terminal
        empty = hashlib.sha256(b"").hexdigest()
        statement = f"madoguchi-request-v1\n{terminal}\nGET\n{signed_path or path}\n{at_ms}\n{empty}\n".encode()
        return call(self.port, "GET", path, headers={"Madoguchi-Terminal": terminal, "Madoguchi-Time": str(at_ms),
                                                     "Madoguchi-Signature": (key or self.key).sign(statement),
                                                     **(headers or {})})

    def position(self, **more):
        return self.ask(f"/v1/terminals/{self.terminal}/position", **more)

    def enrol(self, code):
        body = json.dumps({"code": code, "public_key": self.key.public.hex(), "software": "paper till"})
        return call(self.port, "POST", "/v1/enrolments", body.encode(), {"Content-Type": "application/json"})
