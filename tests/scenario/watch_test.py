"""The service as its operators see it: health, readiness, metrics, logs, slow and stuck clients, and the stop."""
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness import http  # noqa: E402
from harness.process import Process, free_port, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PROGRAM = BUILD / "settlement" / "madoguchi-settlement"

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)|[+-]Inf|NaN)\Z")


def parse_metrics(text):
    """The samples of a text in Prometheus' format 0.0.4, as {(name, labels): value}. Strict: raises for whatever is not in it."""
    samples, types, helped, current = {}, {}, set(), None
    if not text.endswith("\n"):
        raise ValueError("the last line does not end")
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            if name in helped:
                raise ValueError(f"{name} has two HELP lines")
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            if kind not in ("counter", "gauge", "histogram") or name in types:
                raise ValueError(line)
            types[name] = kind
            current = name
        else:
            match = SAMPLE.match(line)
            if match is None:
                raise ValueError(f"no sample: {line!r}")
            name, labels, value = match.groups()
            family = current if types.get(current) != "histogram" else re.sub(r"_(bucket|sum|count)\Z", "", name)
            if family != current or (types[current] != "histogram" and name != current):
                raise ValueError(f"{name} stands under {current}")
            if (name, labels or "") in samples:
                raise ValueError(f"twice: {line}")
            samples[name, labels or ""] = float(value)
    if helped != set(types):
        raise ValueError("HELP and TYPE do not pair")
    for name, kind in types.items():
        if kind == "histogram":
            check_histogram(name, samples)
        elif kind == "counter" and not name.endswith("_total"):
            raise ValueError(f"the counter {name} does not end with _total")
    return samples


def check_histogram(name, samples):
    groups = {}
    for (sample, labels), value in samples.items():
        if sample == f"{name}_bucket":
            rest, bound = labels.rsplit(',le="', 1)
            groups.setdefault(rest, []).append((float(bound[:-1]), value))
    for rest, buckets in groups.items():
        counts = [count for _, count in buckets]
        if buckets != sorted(buckets) or counts != sorted(counts) or buckets[-1][0] != float("inf"):
            raise ValueError(f"{name}{{{rest}}}: buckets are not cumulative")
        if samples[f"{name}_count", rest] != counts[-1]:
            raise ValueError(f"{name}{{{rest}}}: the count is not the last bucket")


class Service(unittest.TestCase):
    settings = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.port = free_port()
        self.start()

    def start(self):
        config = self.folder / "settlement.conf"
        config.write_text(f"[listen]\nport = {self.port}\n{self.settings}\n[store]\ndatabase = settlement.db\n")
        self.process = Process("settlement", [PROGRAM, "serve", "--config", config], self.folder)
        self.process.start()
        self.addCleanup(self.process.kill)
        wait_until("the service to answer", self.is_up)

    def is_up(self):
        self.assertTrue(self.process.is_running(), self.process.tail())
        try:
            return self.get("/healthz")
        except OSError:
            return None

    def tearDown(self):
        if self.process.child is not None:
            self.assertEqual(self.process.stop(), 0, self.process.tail())
        self.assertNotIn("Sanitizer", self.process.tail(400))

    def get(self, path, raw=False, headers=None):
        return http.call("GET", f"http://127.0.0.1:{self.port}{path}", None, headers, raw=raw)

    def metrics(self, headers=None):
        return parse_metrics(self.get("/metrics", raw=True, headers=headers).decode())

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.addCleanup(connection.close)
        return connection

    def log(self):
        return self.process.log.read_text()


class Monitoring(Service):
    settings = "[log]\nformat = json\nrequests = all"

    def test_a_running_service_is_healthy_and_ready(self):
        self.assertEqual(self.get("/healthz"), {"health": "ok"})
        answer = self.get("/readyz")
        self.assertTrue(answer["ready"])
        self.assertEqual({check["check"]: check["ok"] for check in answer["checks"]},
                         {"database": True, "ledger": True, "disk": True, "running": True})

    def test_metrics_are_in_the_format_and_count_what_was_asked(self):
        for _ in range(3):
            self.get("/health")
        with self.assertRaises(http.Refused):
            self.get("/v1/masters")
        key = ("madoguchi_http_requests_total", 'route="/health",method="GET",status="200"')
        samples = wait_until("the requests to be counted", lambda: (s := self.metrics()).get(key) == 3 and s)
        self.assertEqual(samples["madoguchi_http_requests_total", 'route="/v1/masters",method="GET",status="403"'], 1)
        self.assertEqual(samples["madoguchi_database_up", ""], 1)
        self.assertEqual(samples["madoguchi_intake_uploads_total", ""], 0)
        self.assertGreater(samples["madoguchi_disk_free_bytes", ""], 0)
        self.assertGreaterEqual(samples["madoguchi_http_connections", ""], 1)

    def test_metrics_are_not_given_through_a_proxy(self):
        with self.assertRaises(http.Refused) as refused:
            self.metrics({"X-Forwarded-For": "192.0.2.7"})
        self.assertEqual(refused.exception.status, 403)

    def test_every_line_of_the_log_is_json_and_a_request_can_be_found_by_its_number(self):
        with self.assertRaises(http.Refused) as refused:
            self.get("/v1/terminals/KO-77/position", headers={"Madoguchi-Terminal": "KO-77", "Cookie": "madoguchi_session=geheim"})
        self.assertEqual(refused.exception.code, "unknown_terminal")

        def found():
            lines = [json.loads(line) for line in self.log().splitlines()]
            return [line for line in lines if line.get("path", "").endswith("/KO-77/position")]
        line = wait_until("the request in the log", found)[0]
        self.assertRegex(line["request"], r"\A[0-9a-f]{16}\Z")
        self.assertEqual((line["subject"], line["method"], line["status"], line["outcome"]),
                         ("request", "GET", 403, "unknown_terminal"))
        self.assertGreaterEqual(line["duration_us"], 0)
        self.assertNotIn("geheim", self.log())


class Token(Service):
    def start(self):
        token = self.folder / "metrics.token"
        token.touch(mode=0o600)
        token.write_text("a-token-for-the-scraper\n")
        self.settings = "[metrics]\ntoken_file = metrics.token"
        super().start()

    def test_metrics_are_given_for_the_token_and_for_nothing_else(self):
        self.assertIn(("madoguchi_database_up", ""), self.metrics({"Authorization": "Bearer a-token-for-the-scraper"}))
        for wrong in (None, {"Authorization": "Bearer a-token-for-the-scrapeR"}, {"Authorization": "Bearer a-token"},
                      {"Authorization": "a-token-for-the-scraper"}):
            with self.subTest(wrong), self.assertRaises(http.Refused) as refused:
                self.metrics(wrong)
            self.assertEqual(refused.exception.status, 403)


class NotReady(Service):
    settings = "[ready]\ndisk_free_mib = 1000000000"

    def test_a_full_disk_is_told(self):
        with self.assertRaises(http.Refused) as refused:
            self.get("/readyz")
        self.assertEqual(refused.exception.status, 503)
        checks = {check["check"]: check["ok"] for check in refused.exception.body["checks"]}
        self.assertEqual(checks, {"database": True, "ledger": True, "disk": False, "running": True})
        self.assertEqual(self.get("/healthz"), {"health": "ok"})


class SlowClients(Service):
    settings = "patience_seconds = 1\nconnections = 8"

    def is_cut(self, connection):
        """Wait until the other side has ended CONNECTION; what came before."""
        came = b""
        try:
            while more := connection.recv(65536):
                came += more
        except ConnectionError:
            pass
        return came

    def drip(self, connection, byte):
        """Send BYTE again and again until the other side has had enough."""
        try:
            while True:
                connection.sendall(byte)
                time.sleep(0.05)
        except OSError:
            return True

    def test_a_head_that_comes_byte_by_byte_is_cut_off(self):
        connection = self.connect()
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        self.assertTrue(self.drip(connection, b"a"))
        self.assertEqual(self.metrics()["madoguchi_http_connections_cut_total", ""], 1)

    def test_a_body_that_comes_byte_by_byte_is_cut_off(self):
        connection = self.connect()
        connection.sendall(b"POST /v1/terminals/KO-01/journal HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
        self.assertTrue(self.drip(connection, b"a"))

    def test_a_connection_that_says_nothing_is_cut_off(self):
        self.assertEqual(self.is_cut(self.connect()), b"")

    def test_a_client_that_asks_and_does_not_read_is_cut_off(self):
        connection = self.connect()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        asked = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 2000  # answers of 10 KB each: more than any buffer holds
        connection.send(asked)
        wait_until("the connection to be cut",
                   lambda: self.metrics()["madoguchi_http_connections_cut_total", ""] >= 1, pause=0.3)

    def test_slow_ones_do_not_keep_others_out(self):
        for _ in range(3):
            self.connect().sendall(b"GET /health HTTP/1.1\r\n")
        self.assertEqual(self.get("/healthz"), {"health": "ok"})

    def test_more_connections_than_there_may_be_are_closed_and_room_comes_back(self):
        many = [self.connect() for _ in range(12)]
        wait_until("room", lambda: self.answers() and True)
        del many

    def answers(self):
        try:
            return self.get("/healthz")
        except OSError:
            return None


class Stopping(Service):
    def test_a_stop_ends_by_itself_and_says_so(self):
        self.assertEqual(self.process.stop(), 0)
        self.assertRegex(self.log(), "stopping.*(.|\n)*stopped")

    def test_a_kept_connection_does_not_hold_up_the_stop(self):
        connection = self.connect()
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertIn(b"200", connection.recv(4096))
        half = self.connect()
        half.sendall(b"POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        self.assertEqual(self.process.stop(), 0)


class WrongSettings(unittest.TestCase):
    def test_words_that_are_not_known_and_tokens_that_are_too_short(self):
        with tempfile.TemporaryDirectory() as folder:
            token = pathlib.Path(folder, "short.token")
            token.touch(mode=0o600)
            token.write_text("short\n")
            for settings, words in (("[log]\nformat = xml", "is text or json"), ("[log]\nrequests = some", "is none, failures or all"),
                                    ("[metrics]\ntoken_file = short.token", "16 to 128 letters")):
                config = pathlib.Path(folder, "settlement.conf")
                config.write_text(f"[listen]\nport = 0\n{settings}\n[store]\ndatabase = settlement.db\n")
                ended = subprocess.run([PROGRAM, "serve", "--config", config], capture_output=True, text=True, timeout=60, check=False)
                self.assertNotEqual(ended.returncode, 0)
                self.assertIn(words, ended.stderr)


if __name__ == "__main__":
    unittest.main()
