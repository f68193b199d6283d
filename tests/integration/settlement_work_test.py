"""Long work: shown, ended by a signal at a safe point, killed at any moment; and done again with nothing twice and nothing lost."""
import datetime
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from finance_service import FinanceService, statement  # noqa: E402
from harness import store  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
LINES = 2200
NOTE = "x" * 400  # in a column that nobody reads, so that the file has several parts
DAY = datetime.date(2026, 11, 13)
CANCELLED = 5

# What an import leaves, but for its number, its moment and the run that looked at it.
LEFT = (
    "SELECT kind, trustee, file_name, sha256, line_count, amount_yen, fee_yen, first_on, last_on, byte_count FROM import",
    "SELECT part, bytes FROM file_part ORDER BY sha256, part",
    "SELECT line, kind, merchant_reference, acquirer_reference, payout, amount_yen, fee_yen FROM statement_line ORDER BY import, line",
    "SELECT payout, line_count, amount_yen FROM payout_part ORDER BY payout",
    "SELECT line FROM open_line ORDER BY line",
    "SELECT class, subject, amount_yen, state FROM discrepancy ORDER BY class, subject",
    "SELECT payout, expected_yen, credited_yen FROM payout ORDER BY payout",
    "SELECT count(*) FROM import_waiting",
)


def large_statement(count=LINES):
    """Payments that we know nothing of, in nine payouts."""
    rows = [(f"{number:08x}-1111-4111-8111-{number:012x}", f"Q{number:09}", 100 + number % 900) for number in range(1, count + 1)]
    file = statement([{"reference": one[0], "acquirer": one[1], "yen": one[2], "payout": f"P{number * 9 // count}"}
                      for number, one in enumerate(rows)], DAY, DAY + datetime.timedelta(days=7))
    head, *lines, trailer = file.decode("cp932").splitlines()
    return "".join(line + "\r\n" for line in (head + ',"備考"', *(f'{line},"{NOTE}"' for line in lines), trailer)).encode("cp932")


def what_is_left(database):
    connection = store.connect(database)
    try:
        return [connection.execute(sql).fetchall() for sql in LEFT]
    finally:
        connection.close()


class City(FinanceService):
    """A store with masters; the service is started by those who need it."""

    def __init__(self, people=()):
        self.temporary = tempfile.TemporaryDirectory(prefix="work-")
        super().__init__(BUILD, self.temporary.name)
        self.users = tuple(one for one in self.users if one[0] in people)
        self.file = self.folder / "large.csv"
        self.file.write_bytes(large_statement())
        self.begin_with_people()

    def __exit__(self, *_):
        super().__exit__()
        self.temporary.cleanup()

    def begin_command(self, *words):
        return subprocess.Popen([self.program, *words, "--progress", "--database", self.database], cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def import_words(self):
        return "import", "--layout", "aggregator-daily", "--file", self.file, "--json"

    def wait_for_step(self, child, step):
        """Read what it shows until it says that it has reached STEP."""
        said = b""
        while step.encode() not in said:
            piece = os.read(child.stderr.fileno(), 65536)
            if piece == b"":
                raise AssertionError(f"{step} was never reached: {said.decode()}")
            said += piece
        return said

    def signal_at(self, words, step, number, hold=False):
        """Run the command, and send it the signal once it shows STEP: (exit status, all it said). With HOLD somebody else holds
        the store meanwhile, so that it cannot get beyond its next writing before it has heard the signal."""
        holder = sqlite3.connect(self.database, isolation_level=None) if hold else None
        if hold:
            holder.execute("BEGIN IMMEDIATE")
        child = self.begin_command(*words)
        said = self.wait_for_step(child, step)
        child.send_signal(number)
        if hold:
            holder.close()
        output, rest = child.communicate(timeout=120)
        return child.returncode, (said + rest).decode(), output.decode()


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with City() as city:
            json.loads(city.run(*city.import_words()))
            cls.unbroken = what_is_left(city.database)
        assert len(cls.unbroken[2]) == LINES and len(cls.unbroken[5]) > 0

    def setUp(self):
        self.city = City()
        self.addCleanup(self.city.__exit__)

    def import_again(self):
        return json.loads(self.city.run(*self.city.import_words()))

    def test_an_import_shows_how_far_it_is_in_one_line(self):
        done = subprocess.run([self.city.program, *self.city.import_words(), "--progress", "--database", self.city.database],
                              cwd=self.city.folder, capture_output=True, check=True)
        one_line = done.stderr.decode().split("\n")[0]
        shown = one_line.split("\r\x1b[K")
        self.assertIn(f"取込 0 / {LINES:,} 行 (0%)", shown)
        self.assertIn(f"取込 {LINES:,} / {LINES:,} 行 (100%)", shown)
        for step in ("確認", "保管", "取込", "照合(読込み)", "照合(突合)", "照合(書込み)"):
            self.assertTrue(any(text.startswith(step) for text in shown), step)
        self.assertEqual(json.loads(done.stdout)["line_count"], LINES)
        quiet = self.city.run_raw("reconcile", database=True)
        self.assertEqual(quiet.stderr, "", "no terminal, and nobody asked")

    @unittest.skipIf(store.is_postgresql(), "the store is held by SQLite's lock")
    def test_a_signal_before_the_commit_leaves_nothing_and_the_same_command_goes_on(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            status, said, output = self.city.signal_at(self.city.import_words(), "確認", number, hold=True)
            self.assertEqual(status, CANCELLED, said)
            self.assertIn("一行も入っていません", said)
            self.assertEqual(output, "")
            self.assertEqual([len(rows) for rows in what_is_left(self.city.database)[:5]], [0] * 5)
        self.assertFalse(self.import_again()["is_repeat"])
        self.assertEqual(what_is_left(self.city.database), self.unbroken)

    def test_a_signal_in_matching_keeps_the_import_and_the_same_command_matches(self):
        status, said, _ = self.city.signal_at(self.city.import_words(), "照合(読込み)", signal.SIGINT)
        left = what_is_left(self.city.database)
        self.assertEqual(left[:4], self.unbroken[:4], "it is taken in")
        if status == CANCELLED:  # it may have been done before it heard
            self.assertIn("取込は済みました", said)
            self.assertEqual(left[4], [], "matching has not looked at it")
        self.assertTrue(self.import_again()["is_repeat"])
        self.assertEqual(what_is_left(self.city.database), self.unbroken)

    def test_killed_at_any_moment_the_same_command_ends_as_an_unbroken_one(self):
        for step in ("保管", "照合(書込み)") if store.is_postgresql() else ("確認", "保管", "取込 0", "照合(読込み)", "照合(書込み)"):
            with self.subTest(step=step), City() as city:
                status, said, _ = city.signal_at(city.import_words(), step, signal.SIGKILL)
                self.assertEqual(status, -signal.SIGKILL, said)
                left = what_is_left(city.database)
                self.assertIn(len(left[2]), (0, LINES), "all of it or nothing")
                self.assertEqual(len(left[0]), 1 if left[2] else 0)
                json.loads(city.run(*city.import_words()))
                self.assertEqual(what_is_left(city.database), self.unbroken)
                self.assertTrue(json.loads(city.run(*city.import_words()))["is_repeat"])
                self.assertEqual(what_is_left(city.database), self.unbroken)

    @unittest.skipIf(store.is_postgresql(), "the store is held by SQLite's lock")
    def test_reconcile_and_rebuild_end_at_a_signal_and_say_what_stands(self):
        self.city.run(*self.city.import_words(), "--without-matching")
        before = what_is_left(self.city.database)
        self.assertEqual(before[4], [])
        for words, step, sentence in ((("reconcile",), "照合(突合)", "何も変わっていません"),
                                      (("rebuild",), "準備", "前の帳簿がそのまま残っています")):
            status, said, _ = self.city.signal_at(words, step, signal.SIGTERM, hold=True)
            self.assertEqual(status, CANCELLED, said)
            self.assertIn(sentence, said)
            self.assertEqual(what_is_left(self.city.database), before)
        done = self.city.run_raw("reconcile", database=True)
        self.assertEqual(done.returncode, 1, "something is open")
        self.assertEqual(what_is_left(self.city.database), self.unbroken)

    def test_the_audit_ends_at_a_signal_or_is_done(self):
        self.import_again()
        status, said, output = self.city.signal_at(("audit", "--json"), "準備", signal.SIGTERM)
        if status == CANCELLED:
            self.assertIn("監査は何も書き換えません", said)
            self.assertEqual(output, "")
        else:
            self.assertEqual((status, json.loads(output)["finding_count"]), (0, 0))
        self.assertEqual(what_is_left(self.city.database), self.unbroken)

    def test_the_audit_reads_the_kept_parts_and_finds_a_changed_byte(self):
        if store.is_postgresql():
            self.skipTest("its triggers are dropped another way; the audit's own tests do it")
        self.import_again()
        database = store.connect(self.city.database)
        database.execute("DROP TRIGGER file_part_is_not_changed")
        database.execute("UPDATE file_part SET bytes = CAST(replace(CAST(bytes AS TEXT), 'Q000000200', 'Q000000299') AS BLOB)"
                         " WHERE instr(CAST(bytes AS TEXT), 'Q000000200') > 0")
        database.commit()
        database.close()
        found = json.loads(self.city.run("audit", "--json", expect=1))
        self.assertEqual({one["code"] for one in found["findings"]}, {"import_damaged", "line_differs"})


if __name__ == "__main__":
    unittest.main()
