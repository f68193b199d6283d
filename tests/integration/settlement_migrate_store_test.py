"""A store that outgrew its file: moved to PostgreSQL, compared row by row, and worked on there.

The day in it has sales of every method, imports, pairs, discrepancies, decided ones, 調定 that were approved and exported. Runs on a
cluster only (MADOGUCHI_TEST_POSTGRESQL); the source is SQLite.
"""
import datetime
import os
import pathlib
import shutil
import tempfile
import unittest

from finance_service import FinanceService, statement, today
from harness import store

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")


class OnSqlite:
    """Within it, the harness makes and reads SQLite files, whatever the cluster."""

    def __enter__(self):
        self.cluster, store.CLUSTER_FILE = store.CLUSTER_FILE, None

    def __exit__(self, *_):
        store.CLUSTER_FILE = self.cluster


def setUpModule():
    global service
    folder = tempfile.mkdtemp(prefix="migrate-")
    unittest.addModuleCleanup(shutil.rmtree, folder, True)
    with OnSqlite():
        service = FinanceService(BUILD, folder)
        service.__enter__()
        unittest.addModuleCleanup(service.__exit__)
        work_a_day(service)
        service.process.stop()


def work_a_day(service):
    till = service.add_till("KO-01", date=today() - datetime.timedelta(days=10))
    till.open_day()
    sales = [till.sell("paypay", ("juminhyo", 1 + n)) for n in range(3)]
    till.sell_for_cash(("koseki", 1))
    till.void(till.sell("visa", ("koseki", 1)))
    till.leave_unknown(till.start_payment("paypay", ("juminhyo", 1)))
    service.wait_for_ledger(till)
    user, approver = service.sign_in("sato"), service.sign_in("suzuki")
    rows = [(sale["payment"], sale["acquirer_reference"], sale["total_yen"]) for sale in sales[:2]] + [("x", "QX", 999)]
    user.post("/api/imports?layout=aggregator-daily&file=a.csv", statement(rows, today(), today()), "application/octet-stream")
    found = user.get("/api/discrepancies?limit=50")["rows"]
    assert found, "a day without anything to decide tries nothing"
    user.post("/api/assessments/draft", {})
    drafts = user.get("/api/assessments?state=draft")["rows"]
    assert drafts, "a day without 調定 tries nothing"
    user.post("/api/assessments/propose", {"assessments": [{"id": row["id"], "version": row["version"]} for row in drafts]})
    proposed = user.get("/api/assessments?state=proposed")["rows"]
    rows = approver.post("/api/assessments/approve",
                         {"assessments": [{"id": row["id"], "version": row["version"]} for row in proposed]})["rows"]
    user.post("/api/exports", {"ids": [row["id"] for row in rows]})


class MigrateStore(unittest.TestCase):
    def setUp(self):
        self.target = pathlib.Path(tempfile.mkdtemp(prefix="target-")) / "store.conf"
        self.addCleanup(shutil.rmtree, self.target.parent)
        store.make(self.target)

    def move(self, *words, target=None):
        return service.run_raw("migrate-store", "--to", target or self.target, *words, database=True)

    def test_every_row_is_there_and_the_audit_agrees_and_work_goes_on(self):
        done = self.move()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("both stores hold the same rows", done.stdout)
        self.assertIn("compared journal_run: ", done.stderr)
        again = self.move("--compare-only")
        self.assertEqual(again.returncode, 0, again.stderr + again.stdout)

        moved = service.run_raw("audit", "--database", self.target)
        self.assertEqual(moved.returncode, 0, moved.stdout + moved.stderr)
        self.assertEqual(service.run_raw("rebuild", "--matching", "--database", self.target).returncode, 0)
        database = store.connect(self.target)
        top = database.execute("SELECT max(discrepancy) FROM discrepancy").fetchone()[0]
        with self.assertRaises(Exception, msg="the triggers are awake again"):
            database.execute("DELETE FROM access_log")
        following = database.execute("SELECT nextval(pg_get_serial_sequence('discrepancy', 'discrepancy'))").fetchone()[0]
        self.assertGreater(following, top)

    def test_a_row_that_is_changed_gone_or_new_is_named(self):
        self.assertEqual(self.move().returncode, 0)
        database = store.connect(self.target)
        database.execute("UPDATE sale SET total_yen = total_yen + 1 WHERE sequence = (SELECT min(sequence) FROM sale)")
        database.execute("DELETE FROM open_item")
        database.execute("INSERT INTO matching_progress (terminal, sequence) VALUES ('KO-09', 1)")
        done = self.move("--compare-only")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stdout, r"sale: terminal KO-01, sequence \d+: total_yen differs")
        self.assertRegex(done.stdout, r"open_item: .*: only in the source")
        self.assertRegex(done.stdout, r"matching_progress: terminal KO-09: only in the target")
        self.assertRegex(done.stdout, r"\d+ rows differ")

    def test_a_store_that_holds_something_is_not_written_to(self):
        self.assertEqual(self.move().returncode, 0)
        done = self.move()
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("no empty store", done.stderr)
        self.assertEqual(self.move("--compare-only").returncode, 0)

    def test_a_running_service_is_not_moved_away_from_under_its_tills(self):
        self.addCleanup(service.process.stop)
        service.start()
        done = self.move()
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("stop the service", done.stderr)
        self.assertEqual(store.connect(self.target).execute("SELECT count(*) FROM terminal").fetchone()[0], 0)
        self.assertTrue(service.is_up())
        service.process.stop()
        self.assertEqual(self.move().returncode, 0)

    def test_a_failure_in_the_middle_leaves_the_target_empty(self):
        database = store.connect(self.target)
        service.run_raw("audit", "--database", self.target)  # the schema
        database.execute("ALTER TABLE sale ADD CONSTRAINT no_sales CHECK (total_yen < 0)")
        done = self.move()
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(database.execute("SELECT count(*) FROM terminal").fetchone()[0], 0)
        database.execute("ALTER TABLE sale DROP CONSTRAINT no_sales")
        self.assertEqual(self.move().returncode, 0)

    def test_other_directions_and_absent_stores_are_refused(self):
        copy = self.target.parent / "copy.db"
        service.run("backup", "--to", copy)
        self.assertEqual(self.move(target=copy).returncode, 3)
        self.assertEqual(self.move(target=self.target.parent / "nothing").returncode, 3)


if __name__ == "__main__":
    unittest.main()
