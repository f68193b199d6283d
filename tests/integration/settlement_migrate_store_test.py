"""A store that outgrew its file: moved to PostgreSQL, compared row by row, worked on there, copied and put in place.

The day in it has sales of every method, imports, pairs, discrepancies, decided ones, 調定 that were approved and exported. Runs on a
cluster only (MADOGUCHI_TEST_POSTGRESQL); the source is SQLite.
"""
import contextlib
import datetime
import itertools
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from finance_service import FinanceService, statement, today
from harness import store
from harness.postgresql import store_file

STORAGE_PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "operations" / "storage.md"
numbers = itertools.count(1)
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

    def documented(self, **names):
        """The lines of storage.md that copy a database and put it in place, one after the other, up to the first that fails."""
        text = STORAGE_PAGE.read_text(encoding="utf-8").split("## A copy on PostgreSQL")[1]
        host = re.search(r"host=(\S+)", store.connection_of(self.target)).group(1)
        return subprocess.run(["bash", "-euc", text.split("```")[1]], capture_output=True, text=True, check=False,
                              env={**os.environ, "PGHOST": host, **names})

    def new_database(self):
        """The name of a database that is not there yet, and the file of the store in it."""
        connection = store.connection_of(self.target)
        name = f"{connection.split('dbname=')[1]}_{next(numbers)}"
        file = self.target.parent / f"{name}.conf"
        store_file(file, re.sub(r"dbname=.*", f"dbname={name}", connection))
        administration = re.sub(r"dbname=.*", "dbname=postgres", connection)
        self.addCleanup(store.psql, administration, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return name, file

    def test_a_dump_is_put_in_place_as_the_manual_says(self):
        self.assertEqual(self.move().returncode, 0)
        database, copy = store.connection_of(self.target).split("dbname=")[1], self.target.parent / "copy.dump"
        into, restored = self.new_database()
        done = self.documented(PGUSER="postgres", FROM=database, COPY=str(copy), INTO=into)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        same = self.move("--compare-only", target=restored)
        self.assertEqual(same.returncode, 0, same.stdout + same.stderr)
        audited = service.run_raw("audit", "--database", restored)
        self.assertEqual(audited.returncode, 0, audited.stdout + audited.stderr)
        fences = "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname"
        here = store.connect(restored).execute(fences)
        self.assertEqual(here, store.connect(self.target).execute(fences))
        self.assertIn(("sale",), here)

        cut = self.target.parent / "cut.dump"
        cut.write_bytes(copy.read_bytes()[:copy.stat().st_size // 2])
        into, restored = self.new_database()
        store.psql(re.sub(r"dbname=.*", "dbname=postgres", store.connection_of(self.target)),
                   f"CREATE DATABASE {into} TEMPLATE template0")
        done = subprocess.run(["pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={store.connection_of(restored)}",
                               cut], capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        tables = "SELECT count(*) FROM pg_class WHERE relname = 'sale'"
        self.assertEqual(store.connect(restored).execute(tables).fetchone()[0], 0)

    def test_the_services_own_role_takes_no_dump_that_misses_rows(self):
        self.assertEqual(self.move().returncode, 0)
        into, _ = self.new_database()
        done = self.documented(PGUSER="madoguchi", FROM=store.connection_of(self.target).split("dbname=")[1],
                               COPY=str(self.target.parent / "copy.dump"), INTO=into)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("row-level security", done.stderr)

    def test_a_source_of_another_schema_or_that_is_none_is_refused_and_left_as_it_is(self):
        with contextlib.closing(sqlite3.connect(service.database)) as database:
            level = database.execute("PRAGMA user_version").fetchone()[0]
        for name, change in (("older", f"PRAGMA user_version = {level - 1}"), ("newer", f"PRAGMA user_version = {level + 1}")):
            copy = self.target.parent / f"{name}.db"
            service.run("backup", "--to", copy)
            with contextlib.closing(sqlite3.connect(copy)) as database:
                database.execute(change)
            self.assert_refused_and_left(copy, "schema version", (3,))
        (self.target.parent / "empty.db").touch()
        self.assert_refused_and_left(self.target.parent / "empty.db", "schema version 0", (3,))
        (self.target.parent / "garbage.db").write_bytes(bytes(range(1, 256)) * 64)
        self.assert_refused_and_left(self.target.parent / "garbage.db", "garbage.db", (3, 4))

    def test_a_target_of_an_older_program_is_refused_and_left_as_it_is(self):
        self.assertEqual(self.move().returncode, 0)
        target = store.connection_of(self.target)
        tables = "SELECT count(*), (SELECT count(*) FROM pg_attribute) FROM pg_class"
        store.psql(target, "DELETE FROM schema_version WHERE version = (SELECT max(version) FROM schema_version)")
        before = store.connect(self.target).execute(tables).fetchone()

        done = self.move()

        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("a store of schema version", done.stderr)
        self.assertEqual(store.connect(self.target).execute(tables).fetchone(), before)

    def assert_refused_and_left(self, source, words, codes):
        before = source.read_bytes()
        for more in ([], ["--compare-only"]):
            done = service.run_raw("migrate-store", "--database", source, "--to", self.target, *more)
            self.assertIn(done.returncode, codes, done.stdout + done.stderr)
            self.assertIn(words, done.stderr)
        self.assertEqual(source.read_bytes(), before)

    def test_other_directions_and_absent_stores_are_refused(self):
        copy = self.target.parent / "copy.db"
        service.run("backup", "--to", copy)
        self.assertEqual(self.move(target=copy).returncode, 3)
        self.assertEqual(self.move(target=self.target.parent / "nothing").returncode, 3)


if __name__ == "__main__":
    unittest.main()
