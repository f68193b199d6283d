"""Several service processes on one PostgreSQL: nothing acknowledged is lost, nothing is booked twice, whoever is killed."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness import store  # noqa: E402
from harness.process import wait_until  # noqa: E402
from several_services import MASTERS, Seller, Services, audit_findings, stored_lines  # noqa: E402

LEDGER = ("sale", "sale_line", "posting", "ledger_terminal", "daily_item", "daily_payment")


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
            self.assertEqual(stored_lines(self.services, seller.till), b"".join(line + b"\n" for line in seller.till.lines))
        wait_until("the ledger", lambda: self.services.query("SELECT count(*) FROM sale")[0][0] == sold)
        self.assertEqual(self.services.query("SELECT sum(amount_yen) FROM posting WHERE ledger = 'drawer'"), [(450 * sold,)])
        self.assertEqual(self.services.query("SELECT sum(count), sum(amount_yen) FROM daily_payment"), [(sold, 450 * sold)])
        self.assertEqual(audit_findings(self.services), (0, []))
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
