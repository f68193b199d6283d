"""The connection to PostgreSQL is lost, before a commit, within it and behind it: the service connects again by itself, the till
is told to repeat, and what it repeats is taken once."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness import store  # noqa: E402
from harness.cutter import MOMENTS, Cutter  # noqa: E402
from harness.process import wait_until  # noqa: E402
from paper_till import call  # noqa: E402
from several_services import MASTERS, Seller, Services, audit_findings, stored_lines  # noqa: E402

INTAKE_LOCK = b"pg_advisory_xact_lock(7270514)"  # only uploads take it


@unittest.skipUnless(store.is_postgresql(), "an SQLite file has no connection")
class Outage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="madoguchi-outage-")
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "direct.store"
        store.make(path)
        host, _, rest = store.connection_of(path).partition(" ")  # a folder with a socket
        self.cutter = Cutter(host.removeprefix("host="), INTAKE_LOCK)
        self.cutter.up()
        self.addCleanup(self.cutter.down)
        self.services = Services(folder.name, 1, f"host=127.0.0.1 port={self.cutter.port} {rest}")
        self.addCleanup(self.services.kill_all)
        self.services.run("masters", "load", "--file", MASTERS)
        self.services.start(0)
        self.till = Seller(self.services, "KO-01", folder.name, 0).till
        self.assertEqual(self.till.send().status, 200)

    def stored(self):
        return stored_lines(self.services, self.till)

    def written(self, count):
        return b"".join(line + b"\n" for line in self.till.lines[:count])

    def readiness(self):
        answer = call(self.services.ports[0], "GET", "/readyz")
        checks = {check["check"]: check["ok"] for check in answer.json["checks"]}
        return answer.status, checks["database"]

    def check_told_to_repeat(self, answer):
        self.assertEqual(answer.status, 503, answer)
        self.assertIn(answer.code, ("too_busy", "store_away"))
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertNotIn(b"127.0.0.1", answer.body)

    def check_books(self):
        sold = self.till.sales
        wait_until("the ledger", lambda: self.services.query("SELECT count(*) FROM sale")[0][0] == sold)
        self.assertEqual(self.services.query("SELECT sum(count), sum(amount_yen) FROM daily_payment"), [(sold, 450 * sold)])
        self.assertEqual(audit_findings(self.services), (0, []))

    def test_a_commit_that_is_cut_at_any_moment_is_repeated_and_taken_once(self):
        for moment in MOMENTS:
            with self.subTest(moment=moment):
                self.till.cash_sale()
                count = len(self.till.lines)
                self.cutter.cut_at(moment)

                answer = self.till.send(count)

                self.assertTrue(self.cutter.was_cut.is_set())
                self.check_told_to_repeat(answer)
                if moment == "before":
                    self.assertEqual(self.stored(), self.written(count - 1))
                elif moment == "done":
                    self.assertEqual(self.stored(), self.written(count))
                again = self.till.send(count)
                self.assertEqual((again.status, again.json["acknowledged"]["sequence"]), (200, count), again)
                self.assertEqual(self.stored(), self.written(count))
        self.check_books()

    def test_while_the_database_is_away_the_service_says_so_and_comes_back_by_itself(self):
        self.assertEqual(self.readiness(), (200, True))
        self.till.cash_sale()

        self.cutter.down()
        self.assertEqual(self.readiness(), (503, False))
        self.check_told_to_repeat(self.till.send(2))
        self.assertEqual(call(self.services.ports[0], "GET", "/healthz").status, 200)

        self.cutter.up()
        self.assertEqual(self.readiness(), (200, True))
        self.assertEqual(self.till.send(2).status, 200)
        self.check_books()


if __name__ == "__main__":
    unittest.main(verbosity=2)
