"""Several service processes on one PostgreSQL: nothing acknowledged is lost, nothing is booked twice, whoever is killed."""
import json
import os
import pathlib
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness import store  # noqa: E402
from harness.process import ROOT, Process, free_port, run, wait_until  # noqa: E402
from paper_till import PaperTill, call  # noqa: E402

PROGRAM = pathlib.Path(os.environ["MADOGUCHI_BUILD"]) / "settlement" / "madoguchi-settlement"
MASTERS = ROOT / "settlement" / "masters" / "sample" / "koriyama.json"
LEDGER = ("sale", "sale_line", "posting", "ledger_terminal", "daily_item", "daily_payment")


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
        elif answer.status not in (429, 503):
            raise AssertionError(answer)

    def finish(self):
        """Until everything is acknowledged."""
        turn = 0
        while self.acknowledged < len(self.till.lines):
            self.send(turn)
            turn += 1


@unittest.skipUnless(store.is_postgresql(), "one SQLite file has one service")
class Processes(unittest.TestCase):
    TILLS = 4

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="madoguchi-processes-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.services = Services(self.folder, 2)
        self.addCleanup(self.services.kill_all)
        self.services.run("masters", "load", "--file", MASTERS)
        for number in range(2):
            self.services.start(number)
        self.sellers = [Seller(self.services, f"KO-{number:02}", self.folder, 60) for number in range(1, self.TILLS + 1)]

    def check_books(self):
        """Every line stands in the journal once and in the books once, and a rebuild makes the same rows."""
        sold = sum(seller.till.sales for seller in self.sellers)
        for seller in self.sellers:
            self.assertIsNone(seller.error)
            stored = b"".join(row[0] for row in self.services.query(
                f"SELECT lines FROM journal_run WHERE terminal = '{seller.till.terminal}' ORDER BY first"))
            self.assertEqual(stored, b"".join(line + b"\n" for line in seller.till.lines))
        wait_until("the ledger", lambda: self.services.query("SELECT count(*) FROM sale")[0][0] == sold)
        self.assertEqual(self.services.query("SELECT sum(amount_yen) FROM posting WHERE ledger = 'drawer'"), [(450 * sold,)])
        self.assertEqual(self.services.query("SELECT sum(count), sum(amount_yen) FROM daily_payment"), [(sold, 450 * sold)])
        report = json.loads(self.services.run("audit", "--json"))
        self.assertEqual((report["waiting"], report["findings"]), (0, []))
        self.services.kill_all()
        before = {table: sorted(self.services.query(f"SELECT * FROM {table}")) for table in LEDGER}
        self.services.run("rebuild")
        for table in LEDGER:
            self.assertEqual(sorted(self.services.query(f"SELECT * FROM {table}")), before[table], table)

    def test_tills_that_upload_to_two_services_are_booked_once(self):
        for seller in self.sellers:
            seller.start()
        for seller in self.sellers:
            seller.join()
            seller.finish()

        self.check_books()

    def test_a_service_killed_in_the_middle_of_anything_loses_nothing_acknowledged(self):
        for seller in self.sellers:
            seller.start()
        for number in (0, 1, 0, 1):
            wait_until("more sales", self.more_than(sum(seller.till.sales for seller in self.sellers) + 8))
            before = {seller.till.terminal: seller.acknowledged for seller in self.sellers}
            self.services.processes[number].kill()
            heads = dict(self.services.query("SELECT terminal, head_sequence FROM terminal"))
            for terminal, sequence in before.items():
                self.assertGreaterEqual(heads[terminal], sequence)
            self.services.start(number)
        for seller in self.sellers:
            seller.join()
            seller.finish()

        self.check_books()

    def more_than(self, count):
        return lambda: (sum(seller.till.sales for seller in self.sellers) >= count
                        or not any(seller.is_alive() for seller in self.sellers))

    def test_what_a_killed_service_took_in_is_booked_by_the_other(self):
        seller = self.sellers[0]
        self.services.processes[1].kill()
        holder = store.Holder(self.services.database, "SELECT pg_advisory_xact_lock(7270512)")  # nobody books anything
        for _ in range(5):
            seller.till.cash_sale()
            seller.send(0)
        seller.finish()
        self.services.processes[0].kill()
        self.services.start(1)
        holder.release()

        wait_until("the other's ledger", lambda: self.services.query("SELECT count(*) FROM sale")[0][0] == 5)

    def test_services_that_start_together_on_an_empty_database_make_its_tables_once(self):
        folder = tempfile.TemporaryDirectory(prefix="madoguchi-processes-")
        self.addCleanup(folder.cleanup)
        several = Services(folder.name, 4)
        self.addCleanup(several.kill_all)
        for process in several.processes:
            process.start()
        for number in range(4):
            wait_until(f"service {number} to answer", lambda number=number: several.is_up(number))

        versions = several.query("SELECT count(*), max(version) FROM schema_version")
        self.assertEqual(versions[0][0], versions[0][1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
