"""Several services with one store, and tills that send to all of them."""
import json
import os
import pathlib
import threading
import time

from harness import store
from harness.process import ROOT, Process, free_port, run, wait_until
from paper_till import PaperTill, call

PROGRAM = pathlib.Path(os.environ["MADOGUCHI_BUILD"]) / "settlement" / "madoguchi-settlement"
MASTERS = ROOT / "settlement" / "masters" / "sample" / "koriyama.json"


class Services:
    """COUNT services with one store file."""

    def __init__(self, folder, count, connection=None):
        self.folder = pathlib.Path(folder)
        self.database = self.folder / "settlement.db"
        if connection is None:
            store.make(self.database)
        else:
            store.store_file(self.database, connection)
        self.ports = [free_port() for _ in range(count)]
        self.processes = []
        for number, port in enumerate(self.ports):
            config = self.folder / f"service-{number}.conf"
            config.write_text(f"[listen]\nport = {port}\n[store]\ndatabase = settlement.db\n")
            self.processes.append(Process(f"service-{number}", [PROGRAM, "serve", "--config", config], self.folder))

    def start(self, number):
        self.processes[number].start()
        wait_until(f"service {number} to answer", lambda: self.is_up(number))

    def is_up(self, number):
        if not self.processes[number].is_running():
            raise RuntimeError(self.processes[number].tail())
        try:
            return call(self.ports[number], "GET", "/health").status == 200
        except OSError:
            return False

    def run(self, *words, expect=0):
        return run([PROGRAM, *words, "--database", self.database], self.folder, expect)

    def query(self, sql):
        return store.connect(self.database).execute(sql).fetchall()

    def kill_all(self):
        for process in self.processes:
            process.kill()


class Seller(threading.Thread):
    """A till that writes a sale and sends what is not acknowledged, to one service after the other, again and again."""

    def __init__(self, services, terminal, folder, sales):
        super().__init__()
        self.services = services
        self.sales_wanted = sales
        code = json.loads(services.run("enrol-code", "--terminal", terminal, "--place", "shimin-1", "--json"))["code"]
        self.till = PaperTill(folder, services.ports[0], terminal)
        answer = self.till.enrol(code)
        if answer.status != 201:
            raise AssertionError(answer)
        self.till.enrolled()
        self.acknowledged = 0
        self.error = None
        self.is_ending = threading.Event()

    def run(self):
        try:
            while not self.is_ending.is_set() and self.till.sales < self.sales_wanted:
                self.till.cash_sale()
                self.send(len(self.till.lines))
        except Exception as error:  # pylint: disable=broad-except; told to the test
            self.error = error

    def send(self, turn):
        self.till.port = self.services.ports[turn % len(self.services.ports)]
        try:
            answer = self.till.send(self.acknowledged + 1, timeout=60)
        except OSError:
            time.sleep(0.05)  # that service is down; the next turn is another's
            return
        if answer.status == 200:
            # A copy of what this service answered may be behind what the other did, never before what it said itself.
            self.acknowledged = max(self.acknowledged, answer.json["acknowledged"]["sequence"])
        elif answer.status in (429, 503):
            time.sleep(0.05)  # told to send again later
        else:
            raise AssertionError(answer)

    def finish(self):
        """Until everything is acknowledged."""
        turn = 0
        while self.acknowledged < len(self.till.lines):
            self.send(turn)
            turn += 1


def stored_lines(services, till):
    return b"".join(row[0] for row in services.query(
        f"SELECT lines FROM journal_run WHERE terminal = '{till.terminal}' ORDER BY first"))


def audit_findings(services):
    """What waits for the ledger, and what the audit finds."""
    report = json.loads(services.run("audit", "--json"))
    return report["waiting"], report["findings"]
