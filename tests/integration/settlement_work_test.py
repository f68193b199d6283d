"""Long work: shown, ended by a signal at a safe point, killed at any moment; and done again with nothing twice and nothing lost."""
import datetime
import hashlib
import http.client
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from finance_service import FinanceService, statement  # noqa: E402
from harness import store  # noqa: E402
from harness.http import Refused  # noqa: E402
from harness.process import wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
LINES = 1200
NOTE = "x" * 900  # in a column that nobody reads, so that the file has several parts
DAY = datetime.date(2026, 11, 13)
CANCELLED = 5
CITY = "072036"
PART = 1024 * 1024  # bytes that are kept in one row
PIECE = 16 * 1024  # lines that are written at once
LONG_LINES = 2 * PIECE + 7000

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


def long_statement(count):
    """COUNT short lines, so that they go in in several pieces."""
    return statement([{"reference": f"{number:08x}-2222-4222-8222-{number:012x}", "acquirer": f"L{number:09}", "yen": 100 + number % 900,
                       "payout": f"P{number % 9}"} for number in range(count)], DAY, DAY + datetime.timedelta(days=7))


def what_is_left(database):
    connection = store.connect(database)
    try:
        return [connection.execute(sql).fetchall() for sql in LEFT]
    finally:
        connection.close()


class City(FinanceService):
    """A store with masters; the service is started by those who need it."""

    def __init__(self, people=(), screens=None):
        self.temporary = tempfile.TemporaryDirectory(prefix="work-")
        super().__init__(BUILD, self.temporary.name, screens)
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

    def hold(self):
        """Hold the store against writers until it is closed."""
        holder = sqlite3.connect(self.database, isolation_level=None, timeout=30)
        holder.execute("BEGIN IMMEDIATE")
        return holder

    def leave_waiting(self, name="large.csv", content=None):
        """What a service leaves that was killed right after it had kept the file; its number."""
        content = content or self.file.read_bytes()
        digest = hashlib.sha256(content).digest()
        with self.hold() as holder:
            for part in range(0, len(content), PART):
                holder.execute("INSERT INTO file_part VALUES (?, ?, ?, ?)", (CITY, digest, part // PART, content[part:part + PART]))
            number = holder.execute("INSERT INTO import_waiting (municipality, sha256, layout, file_name, byte_count, supersedes, reason,"
                                    " given_at_ms, given_by) VALUES (?, ?, 'aggregator-daily', ?, ?, 0, '', 1, 'sato')",
                                    (CITY, digest, name, len(content))).lastrowid
            holder.execute("COMMIT")
        return number

    def signal_between_pieces(self, words, number):
        """Run the command, and send it the signal once its first piece stands in the store: (exit status, all it said)."""
        child = self.begin_command(*words)
        connection = store.connect(self.database)
        try:
            wait_until("the first piece", lambda: connection.execute("SELECT max(line_count) FROM import_staging").fetchall()[0][0], pause=0.002)
        finally:
            connection.close()
        child.send_signal(number)
        _, said = child.communicate(timeout=120)
        return child.returncode, said.decode()

    def signal_at(self, words, step, number, hold=False):
        """Run the command, and send it the signal once it shows STEP: (exit status, all it said). With HOLD somebody else holds
        the store meanwhile, so that it cannot get beyond its next writing before it has heard the signal."""
        holder = self.hold() if hold else None
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
        for number in (signal.SIGINT,):
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
        for _ in range(2):
            self.assertTrue(self.import_again()["is_repeat"])
            self.assertEqual(what_is_left(self.city.database), self.unbroken)

    def test_killed_at_any_moment_the_same_command_ends_as_an_unbroken_one(self):
        for step in ("保管", "照合(書込み)") if store.is_postgresql() else ("保管", "取込 0", "照合(書込み)"):
            with self.subTest(step=step), City() as city:
                status, said, _ = city.signal_at(city.import_words(), step, signal.SIGKILL)
                self.assertEqual(status, -signal.SIGKILL, said)
                left = what_is_left(city.database)
                self.assertIn(len(left[2]), (0, LINES), "all of it or nothing")
                self.assertEqual(len(left[0]), 1 if left[2] else 0)
                json.loads(city.run(*city.import_words()))
                self.assertEqual(what_is_left(city.database), self.unbroken)

    def test_a_long_import_that_is_killed_goes_on_behind_its_last_piece(self):
        resumed = 0
        for _ in range(5):  # a machine that is busy may kill too late, when all of it was taken in
            with City() as city:
                city.file.write_bytes(long_statement(LONG_LINES))
                words = (*city.import_words(), "--without-matching")
                status, said = city.signal_between_pieces(words, signal.SIGKILL)
                self.assertEqual(status, -signal.SIGKILL, said)
                left = what_is_left(city.database)
                self.assertIn((len(left[0]), len(left[2])), ((0, 0), (1, LONG_LINES)), "all of it or nothing")
                done = json.loads(city.run(*words))
                self.assertEqual(done["line_count"], LONG_LINES)
                resumed = done["resumed_lines"]
                self.assertEqual(len(what_is_left(city.database)[2]), LONG_LINES)
                self.assertEqual(json.loads(city.run("audit", "--json"))["finding_count"], 0)
                if resumed > 0:
                    break
        self.assertIn(resumed, range(PIECE, LONG_LINES + 1), "it was never killed between two pieces")

    @unittest.skipIf(store.is_postgresql(), "the store is held by SQLite's lock")
    def test_reconcile_rebuild_and_audit_end_at_a_signal_and_say_what_stands(self):
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
        status, said, output = self.city.signal_at(("audit", "--json"), "準備", signal.SIGTERM)
        if status == CANCELLED:  # it may have been done before it heard
            self.assertIn("監査は何も書き換えません", said)
            self.assertEqual(output, "")
        else:
            self.assertEqual((status, json.loads(output)["finding_count"]), (0, 0))
        self.assertEqual(what_is_left(self.city.database), self.unbroken)


@unittest.skipIf(store.is_postgresql(), "the store is held by SQLite's lock")
class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with City() as city:
            city.run(*city.import_words())
            cls.unbroken = what_is_left(city.database)

    def setUp(self):
        self.city = City(people=("sato",))
        self.addCleanup(self.city.__exit__)
        self.begin()

    def begin(self):
        self.city.start()
        self.user = self.city.sign_in("sato")

    def upload(self):
        return self.user.post("/api/imports?layout=aggregator-daily&file=large.csv", self.city.file.read_bytes(), "application/octet-stream")

    def resume_until_it_waits_for_the_store(self, number):
        """Begin the work in a thread while somebody holds the store: (thread, its answer, who holds, the work's number)."""
        answer = []
        holder = self.city.hold()

        def resume():
            try:
                answer.append(self.user.post(f"/api/imports/waiting/{number}/resume"))
            except (Refused, OSError) as refused:
                answer.append(refused)

        thread = threading.Thread(target=resume)
        thread.start()
        work = wait_until("the work", lambda: next((row for row in self.user.get("/api/works")["rows"]
                                                    if row["state"] == "running" and row["percent"] == 100), None))
        return thread, answer, holder, work

    def cancel_while_it_waits_for_the_store(self, number):
        """(the work, its answer). The service gives up a store that is held for ten seconds: then once more."""
        while True:
            thread, answer, holder, work = self.resume_until_it_waits_for_the_store(number)
            is_running = self.user.get("/api/works")["waiting"][0]["is_running"]
            is_cancelled = self.cancel(work["id"])
            holder.close()
            thread.join()
            if getattr(answer[0], "status", None) != 503:
                self.assertTrue(is_running)
                self.assertTrue(is_cancelled)
                return work, answer[0]

    def cancel(self, work):
        try:
            return self.user.post(f"/api/works/{work}/cancel")["is_cancelled"]
        except Refused:
            return False

    def test_a_cancelled_import_waits_and_is_taken_in_when_it_is_resumed(self):
        number = self.city.leave_waiting()
        waiting = self.user.get("/api/works")["waiting"]
        self.assertEqual([(row["id"], row["file_name"], row["is_running"]) for row in waiting], [(number, "large.csv", False)])
        work, answer = self.cancel_while_it_waits_for_the_store(number)
        self.assertEqual((work["kind"], work["step"], work["subject"], work["waiting"]), ("import", "judge", "large.csv", number))

        self.assertEqual((answer.status, answer.code), (409, "cancelled"))
        ended = self.user.get("/api/works")["rows"][0]
        self.assertEqual((ended["id"], ended["state"]), (work["id"], "cancelled"))
        self.assertIn("一行も入っていません", ended["message"])
        self.assertEqual(len(what_is_left(self.city.database)[2]), 0)
        with self.assertRaises(Refused) as refused:
            self.user.post(f"/api/works/{work['id']}/cancel")
        self.assertEqual((refused.exception.status, refused.exception.code), (409, "wrong_state"))

        self.assertFalse(self.user.post(f"/api/imports/waiting/{number}/resume")["is_repeat"])
        self.assertEqual(what_is_left(self.city.database), self.unbroken)
        self.assertEqual(self.user.get("/api/works")["waiting"], [])
        self.assertTrue(self.upload()["is_repeat"])
        self.assertEqual(what_is_left(self.city.database), self.unbroken)

    def test_a_waiting_file_says_how_many_of_its_lines_are_written_and_goes_on_there(self):
        content = long_statement(LONG_LINES)
        self.city.file.write_bytes(content)
        number = self.city.leave_waiting("long.csv", content)
        self.assertEqual(self.user.get("/api/works")["waiting"][0]["staged_lines"], 0)
        status, said = self.city.signal_between_pieces((*self.city.import_words(), "--without-matching"), signal.SIGINT)
        self.assertEqual(status, CANCELLED, said)
        staged = self.user.get("/api/works")["waiting"][0]["staged_lines"]
        self.assertIn(staged, range(PIECE, LONG_LINES + 1))
        self.assertEqual(self.user.post(f"/api/imports/waiting/{number}/resume")["resumed_lines"], staged)
        self.assertEqual(len(what_is_left(self.city.database)[2]), LONG_LINES)

    def test_a_stopped_service_ends_long_work_at_a_safe_point_and_the_next_one_resumes_it(self):
        number = self.city.leave_waiting()
        thread, answer, holder, _ = self.resume_until_it_waits_for_the_store(number)
        self.city.process.child.terminate()
        wait_until("the stop to begin", lambda: "stopping" in self.city.process.log.read_text())
        holder.close()
        self.assertEqual(self.city.process.child.wait(30), 0, self.city.process.tail())
        thread.join()
        self.assertEqual(len(what_is_left(self.city.database)[2]), 0)
        self.begin()
        self.user.post(f"/api/imports/waiting/{number}/resume")
        self.assertEqual(what_is_left(self.city.database), self.unbroken)

    def test_a_discarded_or_refused_file_leaves_nothing(self):
        number = self.city.leave_waiting()
        self.user.post(f"/api/imports/waiting/{number}/discard")
        broken = self.city.leave_waiting("broken.csv", self.city.file.read_bytes().replace(b'"\xd8\x8d\xc7\x8c\x76"', b"") + b'"x"\r\n')
        for path in (f"/api/imports/waiting/{number}/resume", f"/api/imports/waiting/{broken}/resume"):
            with self.assertRaises(Refused):
                self.user.post(path)
        self.assertEqual([len(rows) for rows in what_is_left(self.city.database)[:5]], [0] * 5)
        self.assertEqual(self.user.get("/api/works")["waiting"], [])

    def test_a_service_killed_at_any_moment_of_an_import_loses_nothing_and_takes_nothing_in_twice(self):
        for step in ("judge", "write"):
            with self.subTest(step=step):
                self.kill_at(step)
                waiting = self.user.get("/api/works")["waiting"]
                left = what_is_left(self.city.database)
                self.assertIn(len(left[2]), (0, LINES), "all of it or nothing")
                self.assertEqual(len(waiting), 0 if left[2] else len(waiting))
                for row in waiting:
                    self.assertFalse(row["is_running"])
                    self.user.post(f"/api/imports/waiting/{row['id']}/resume")
                self.assertEqual(self.upload()["is_repeat"], bool(waiting or left[2]))
                self.assertEqual(what_is_left(self.city.database), self.unbroken)
            self.city.__exit__()
            self.setUp()

    def kill_at(self, step):
        """Upload, and kill the service once the work is at STEP, or the moment after it was done; begin it again."""
        answers = []

        def upload():
            try:
                answers.append(self.upload())
            except (Refused, OSError, http.client.HTTPException) as refused:
                answers.append(refused)

        thread = threading.Thread(target=upload)
        thread.start()
        wait_until(step, lambda: answers or any(row["step"] == step for row in self.user.get("/api/works")["rows"]), pause=0.005)
        self.city.process.kill()
        thread.join()
        self.begin()


if __name__ == "__main__":
    unittest.main()
