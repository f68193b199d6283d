"""A streaming standby is promoted while tills upload: nothing that was acknowledged is lost, nothing is booked twice."""
import os
import pathlib
import signal
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness.postgresql import ROLE, Cluster, as_owner, tools  # noqa: E402
from harness.process import wait_until  # noqa: E402
from paper_till import call  # noqa: E402
from several_services import MASTERS, Seller, Services, audit_findings, stored_lines  # noqa: E402


class Pair:
    """A primary whose commits wait until the standby has applied them, and that standby."""

    def __init__(self):
        self.primary = Cluster().make()
        self.standby = Cluster()
        self.primary.make_database("city")
        as_owner([tools() / "pg_basebackup", "-D", self.standby.data, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d",
                  f"host={self.primary.folder} user=postgres application_name=standby"])
        self.standby.start()
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.primary.sql("ALTER SYSTEM SET synchronous_commit = remote_apply")
        self.primary.sql("SELECT pg_reload_conf()")
        wait_until("the standby to be waited for", self.is_synchronous)

    def is_synchronous(self):
        return self.primary.sql("SELECT sync_state FROM pg_stat_replication").strip() == "sync"

    def connection(self):
        return (f"host={self.primary.folder},{self.standby.folder} user={ROLE} dbname=city "
                "target_session_attrs=read-write")

    def kill_primary(self):
        """kill -9 of the server; its children end when they see that it is gone."""
        pid = self.primary.data / "postmaster.pid"
        os.kill(int(pid.read_text(encoding="utf-8").split()[0]), signal.SIGKILL)
        pid.unlink()  # nobody may be there to reap it, and then pg_ctl would take it for running

    def promote(self):
        as_owner([tools() / "pg_ctl", "-D", self.standby.data, "-w", "promote"])

    def remove(self):
        self.standby.remove()
        self.primary.remove()


class Promotion(unittest.TestCase):
    TILLS = 3

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="madoguchi-standby-")
        self.addCleanup(folder.cleanup)
        self.pair = Pair()
        self.addCleanup(self.pair.remove)
        self.services = Services(folder.name, 2, self.pair.connection())
        self.addCleanup(self.services.kill_all)
        self.services.run("masters", "load", "--file", MASTERS)
        for number in range(2):
            self.services.start(number)
        self.sellers = [Seller(self.services, f"KO-{number:02}", folder.name, 20) for number in range(1, self.TILLS + 1)]

    def sold(self):
        return sum(seller.till.sales for seller in self.sellers)

    def is_ready(self, number):
        return call(self.services.ports[number], "GET", "/readyz").status == 200

    def test_what_the_dead_primary_acknowledged_stands_on_the_promoted_standby(self):
        for seller in self.sellers:
            seller.start()
        wait_until("sales", lambda: self.sold() >= 12)

        self.pair.kill_primary()
        wait_until("the services to say that they are not ready", lambda: not (self.is_ready(0) or self.is_ready(1)))
        acknowledged = {seller.till.terminal: seller.acknowledged for seller in self.sellers}
        self.pair.promote()
        heads = dict(self.services.query("SELECT terminal, head_sequence FROM terminal"))
        for seller in self.sellers:
            seller.join()
            seller.finish()

        for terminal, sequence in acknowledged.items():
            self.assertGreaterEqual(heads[terminal], sequence)
        for seller in self.sellers:
            self.assertIsNone(seller.error)
            self.assertEqual(stored_lines(self.services, seller.till), b"".join(line + b"\n" for line in seller.till.lines))
        wait_until("the ledger", lambda: self.services.query("SELECT count(*) FROM sale")[0][0] == self.sold())
        self.assertEqual(self.services.query("SELECT sum(count), sum(amount_yen) FROM daily_payment"),
                         [(self.sold(), 450 * self.sold())])
        self.assertEqual(audit_findings(self.services), (0, []))
        self.assertTrue(self.is_ready(0) and self.is_ready(1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
