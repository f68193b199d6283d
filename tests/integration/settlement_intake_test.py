"""The settlement service as tills see it: enrolment, uploads good and bad, masters, and kill -9.

    settlement_intake_test.py PROGRAM [test names …]
"""
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness import store  # noqa: E402
from paper_till import Key, PaperTill, call, is_signed_by

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else None
MASTERS = pathlib.Path(__file__).resolve().parents[2] / "settlement" / "masters" / "sample" / "koriyama.json"


class Service:
    """One running `serve`; start again after kill."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.database = self.folder / "settlement.db"
        self.config = self.folder / "settlement.conf"
        self.log = self.folder / "service.log"
        self.process = None
        self.port = 0

    def start(self):
        self.config.write_text(f"[listen]\nport = {self.port}\n[store]\ndatabase = settlement.db\n")
        with open(self.log, "ab") as log:
            before = self.log.stat().st_size
            self.process = subprocess.Popen([PROGRAM, "serve", "--config", self.config], stderr=log)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(rb"listening on http://127\.0\.0\.1:(\d+)", self.log.read_bytes()[before:])
            if found:
                self.port = int(found.group(1))
                return self
            time.sleep(0.02)
        raise RuntimeError("the service did not start:\n" + self.log.read_text())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)

    def command(self, *words, expect=0):
        result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)
        if result.returncode != expect:
            raise AssertionError(f"{words} ended with {result.returncode}: {result.stdout}{result.stderr}")
        return result.stdout

    def enrolment_code(self, terminal="KO-01", place="shimin-1"):
        answer = self.command("enrol-code", "--database", self.database, "--terminal", terminal, "--place", place,
                              "--json")
        return json.loads(answer)["code"]

    def query(self, sql):
        with store.connect(self.database) as connection:
            return connection.execute(sql).fetchall()

    def wait_for(self, sql, expected, seconds=30):
        end = time.monotonic() + seconds
        while self.query(sql)[0][0] != expected:
            if time.monotonic() > end:
                raise AssertionError(f"{sql} is {self.query(sql)}, not {expected}")
            time.sleep(0.02)


class ServiceTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.service = Service(self.folder.name)
        store.make(self.service.database)
        self.service.command("masters", "load", "--database", self.service.database, "--file", MASTERS)
        self.service.start()
        self.addCleanup(self.end_service)

    def end_service(self):
        if self.service.process.poll() is None:
            status = self.service.stop()
            self.assertEqual(status, 0, self.service.log.read_text())
        text = self.service.log.read_text()
        self.assertNotIn("Sanitizer", text, text)

    def till(self, terminal="KO-01", place="shimin-1", sales=2):
        """An enrolled till with SALES sales, nothing sent."""
        till = PaperTill(self.folder.name, self.service.port, terminal, place)
        answer = till.enrol(self.service.enrolment_code(terminal, place))
        self.assertEqual(answer.status, 201, answer)
        till.enrolled()
        for _ in range(sales):
            till.cash_sale()
        return till

    def assert_acknowledged(self, answer, till, sequence):
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json, {"acknowledged": {"sequence": sequence, "hash": till.hash(sequence)}})

    def assert_refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer)


class Enrolment(ServiceTest):
    def test_a_code_makes_a_till_and_the_same_call_again_is_answered_the_same(self):
        till = PaperTill(self.folder.name, self.service.port)
        code = self.service.enrolment_code()

        first = till.enrol(code)
        again = till.enrol(code.lower().replace("-", ""))

        self.assertEqual(first.status, 201)
        key = self.service.command("masters", "key", "--database", self.service.database).strip()
        self.assertEqual(first.json, {"municipality": "072036", "terminal": "KO-01", "place": "shimin-1", "masters_key": key})
        self.assertEqual((again.status, again.json), (201, first.json))

    def test_a_used_code_is_refused_with_another_key(self):
        code = self.service.enrolment_code()
        self.assertEqual(PaperTill(self.folder.name, self.service.port).enrol(code).status, 201)

        self.assert_refused(PaperTill(self.folder.name, self.service.port).enrol(code), 409, "used_code")

    def test_an_expired_code_is_refused(self):
        code = self.service.enrolment_code()
        with store.connect(self.service.database) as connection:
            connection.execute("UPDATE enrolment_code SET expires_at_ms = 1")

        self.assert_refused(PaperTill(self.folder.name, self.service.port).enrol(code), 403, "expired_code")

    def test_a_code_nobody_made_and_what_is_no_code_are_refused_alike(self):
        till = PaperTill(self.folder.name, self.service.port)

        self.assert_refused(till.enrol("AAAA-AAAA-AAAA"), 403, "unknown_code")
        self.assert_refused(till.enrol("x"), 403, "unknown_code")

    def test_a_newer_code_for_the_same_terminal_ends_the_older(self):
        old = self.service.enrolment_code()
        new = self.service.enrolment_code()
        till = PaperTill(self.folder.name, self.service.port)

        self.assert_refused(till.enrol(old), 403, "unknown_code")
        self.assertEqual(till.enrol(new).status, 201)

    def test_a_till_that_was_replaced_is_told_so_and_a_forger_is_not(self):
        old = PaperTill(self.folder.name, self.service.port)
        new = PaperTill(self.folder.name, self.service.port)
        forger = PaperTill(self.folder.name, self.service.port)
        self.assertEqual(old.enrol(self.service.enrolment_code()).status, 201)
        self.assertEqual(new.enrol(self.service.enrolment_code()).status, 201)

        self.assert_refused(old.position(), 403, "replaced")
        self.assert_refused(forger.position(), 403, "bad_signature")
        self.assertEqual(new.position().status, 200)

    def test_the_code_itself_is_not_kept(self):
        code = self.service.enrolment_code()
        plain = code.replace("-", "").encode()
        self.service.kill()
        for file in self.service.folder.glob("settlement.db*"):
            self.assertNotIn(plain, file.read_bytes())
            self.assertNotIn(code.encode(), file.read_bytes())

    def test_no_code_is_made_for_an_id_that_has_lines_or_for_a_place_that_is_not(self):
        self.till().send()

        self.service.command("enrol-code", "--database", self.service.database, "--terminal", "KO-01", "--place",
                             "shimin-1", expect=3)
        self.service.command("enrol-code", "--database", self.service.database, "--terminal", "KO-09", "--place",
                             "nowhere", expect=3)


class Upload(ServiceTest):
    def test_lines_are_acknowledged_and_booked(self):
        till = self.till(sales=3)

        self.assert_acknowledged(till.send(), till, 4)

        self.service.wait_for("SELECT count(*) FROM sale", 3)
        self.assertEqual(self.service.query("SELECT sum(amount_yen) FROM posting WHERE ledger = 'revenue'"), [(-1350,)])

    def test_a_replayed_upload_changes_nothing(self):
        till = self.till()
        signature = till.signature(1, 3)
        body = b"".join(line + b"\n" for line in till.lines)

        for _ in range(5):
            self.assert_acknowledged(till.send_bytes(body, signature), till, 3)

        self.service.wait_for("SELECT count(*) FROM sale", 2)
        self.assertEqual(self.service.query("SELECT count(*) FROM journal_run"), [(1,)])

    def test_an_old_upload_replayed_later_is_answered_with_the_head(self):
        till = self.till()
        self.assert_acknowledged(till.send(), till, 3)
        till.cash_sale()
        self.assert_acknowledged(till.send(4), till, 4)

        self.assert_acknowledged(till.send(1, 2), till, 4)

    def test_an_upload_that_overlaps_adds_only_what_is_new(self):
        till = self.till()
        till.send()
        till.cash_sale()

        self.assert_acknowledged(till.send(2), till, 4)

        stored = b"".join(row[0] for row in self.service.query("SELECT lines FROM journal_run ORDER BY arrival"))
        self.assertEqual(stored, b"".join(line + b"\n" for line in till.lines))

    def test_reordered_lines_are_a_broken_chain(self):
        till = self.till(sales=3)
        body = b"".join(till.lines[i] + b"\n" for i in (0, 2, 1, 3))

        self.assert_refused(till.send_bytes(body, till.signature(1, 4)), 400, "broken_chain")
        self.assertEqual(self.service.query("SELECT count(*) FROM journal_run"), [(0,)])

    def test_a_run_with_a_line_left_out_is_a_broken_chain(self):
        till = self.till(sales=3)
        body = b"".join(till.lines[i] + b"\n" for i in (0, 1, 3))

        self.assert_refused(till.send_bytes(body, till.signature(1, 4)), 400, "broken_chain")

    def test_a_run_truncated_inside_a_line_is_no_run(self):
        till = self.till()
        body = b"".join(line + b"\n" for line in till.lines)

        for cut in (1, 2, 100, len(till.lines[-1]), len(body) - 1):
            answer = till.send_bytes(body[:-cut], till.signature(1, 3))
            self.assertIn((answer.status, answer.code), [(400, "not_a_journal_line"), (403, "bad_signature")])
        self.assertEqual(self.service.query("SELECT count(*) FROM journal_run"), [(0,)])

    def test_a_run_truncated_between_lines_does_not_fit_its_signature(self):
        till = self.till()
        body = b"".join(line + b"\n" for line in till.lines[:2])

        self.assert_refused(till.send_bytes(body, till.signature(1, 3)), 403, "bad_signature")

    def test_a_changed_amount_in_any_line_is_noticed(self):
        till = self.till()
        for number, code in ((1, (400, "broken_chain")), (2, (403, "bad_signature"))):
            lines = list(till.lines)
            lines[number] = lines[number].replace(b'"total_yen":450', b'"total_yen":045')
            answer = till.send_bytes(b"".join(line + b"\n" for line in lines), till.signature(1, 3))
            self.assertEqual((answer.status, answer.code), code)

    def test_a_forged_run_by_another_key_is_refused(self):
        till = self.till()
        forger = till.copy()
        forger.key = Key(self.folder.name)

        self.assert_refused(forger.send(), 403, "bad_signature")
        self.assert_refused(till.send_bytes(till.lines[0] + b"\n", "not base64"), 403, "bad_signature")
        self.assert_acknowledged(till.send(), till, 3)

    def test_one_tills_lines_are_not_taken_for_another(self):
        till = self.till()
        other = self.till("KO-02", "museum-1")
        body = b"".join(line + b"\n" for line in till.lines)

        answer = other.send_bytes(body, other.key.sign(other.statement(1, 3, till.hash(3))))

        self.assert_refused(answer, 400, "broken_chain")
        self.assert_refused(till.send(terminal="KO-07"), 403, "unknown_terminal")

    def test_a_gap_is_answered_with_where_to_go_on(self):
        till = self.till(sales=4)
        till.send(1, 2)

        answer = till.send(4)

        self.assert_refused(answer, 409, "gap")
        self.assertEqual(answer.json["acknowledged"], {"sequence": 2, "hash": till.hash(2)})
        self.assert_acknowledged(till.send(3), till, 5)

    def test_too_many_lines_and_too_many_bytes_are_too_much(self):
        till = self.till(sales=0)
        for _ in range(500):
            till.write("clerk.signed_in", clerk="sato")
        self.assert_refused(till.send(), 413, "too_many_lines")
        self.assert_acknowledged(till.send(1, 500), till, 500)

        answer = till.send_bytes(b"x" * (4 * 1024 * 1024 + 1), till.signature(1, 2))
        self.assertEqual(answer.status, 413)

    def test_the_largest_upload_is_taken(self):
        till = self.till(sales=0)
        for _ in range(63):
            till.write("weather.observed", text="雨" * 21700)
        self.assertGreater(sum(map(len, till.lines)), 4 * 1024 * 1024 - 100 * 1024)

        self.assert_acknowledged(till.send(), till, 64)


class Fork(ServiceTest):
    def fork(self):
        till = self.till()
        twin = till.copy()
        till.cash_sale(450)
        twin.cash_sale(750)
        self.assert_acknowledged(till.send(), till, 4)
        return till, twin

    def test_another_line_under_a_known_sequence_quarantines_the_terminal(self):
        till, twin = self.fork()

        answer = twin.send()

        self.assert_refused(answer, 409, "fork")
        self.assertEqual(answer.json["acknowledged"], {"sequence": 4, "hash": till.hash(4)})
        till.cash_sale()
        self.assert_refused(till.send(), 403, "quarantined")
        self.assert_refused(twin.send(), 403, "quarantined")
        self.assertEqual(self.service.query("SELECT sequence FROM fork"), [(4,)])
        known, offered = self.service.query("SELECT known_line, offered_lines FROM fork")[0]
        self.assertEqual(known, till.lines[3])
        self.assertEqual(offered, b"".join(line + b"\n" for line in twin.lines))
        self.service.wait_for("SELECT sum(total_yen) FROM sale", 3 * 450)

    def test_a_quarantined_till_may_still_ask_for_its_position_and_masters(self):
        till, twin = self.fork()
        twin.send()

        self.assertEqual(till.position().json["acknowledged"]["sequence"], 4)
        self.assertEqual(till.ask("/v1/masters").status, 200)

    def test_a_stranger_without_the_key_cannot_bring_a_till_into_quarantine(self):
        till, twin = self.fork()
        twin.key = Key(self.folder.name)

        self.assert_refused(twin.send(), 403, "bad_signature")
        till.cash_sale()
        self.assert_acknowledged(till.send(5), till, 5)

    def test_a_released_till_goes_on_and_a_revoked_one_never(self):
        till, twin = self.fork()
        twin.send()
        of_till = ("--database", self.service.database, "--terminal", "KO-01", "--reason")

        self.service.command("terminal", "release", *of_till, "複製した端末を回収した")
        till.cash_sale()
        self.assert_acknowledged(till.send(5), till, 5)

        self.service.command("terminal", "revoke", *of_till, "盗難")
        self.assert_refused(till.send(), 403, "revoked")
        self.assert_refused(till.position(), 403, "revoked")
        self.service.command("terminal", "release", *of_till, "やはり使う", expect=3)
        self.assertEqual(self.service.query("SELECT what, reason FROM access_log WHERE what NOT LIKE 'masters%' ORDER BY 1"),
                         [("release", "複製した端末を回収した"), ("revoke", "盗難")])

    def test_both_halves_of_a_fork_at_once_end_in_one_history(self):
        till = self.till()
        till.send()
        twin = till.copy()
        till.cash_sale(450)
        twin.cash_sale(750)
        bodies = [(half.lines[3] + b"\n", half.signature(4, 4)) for half in (till, twin)]
        answers = []

        def send(body, signature):
            answers.append(till.send_bytes(body, signature))

        threads = [threading.Thread(target=send, args=bodies[i % 2]) for i in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        codes = sorted({(answer.status, answer.code) for answer in answers}, key=str)
        self.assertIn((409, "fork"), codes)
        self.assertTrue(set(codes) <= {(200, None), (409, "fork"), (403, "quarantined")}, codes)
        self.assertEqual(self.service.query("SELECT count(*) FROM journal_run WHERE last = 4"), [(1,)])
        self.assertEqual(self.service.query("SELECT count(*) FROM fork"), [(1,)])


class Position(ServiceTest):
    def test_a_till_that_sent_nothing_stands_at_zero(self):
        answer = self.till().position()

        self.assertEqual(answer.json, {"acknowledged": {"sequence": 0, "hash": "0" * 64}})

    def test_a_till_restored_from_an_old_backup_sees_that_it_is_behind(self):
        till = self.till(sales=5)
        backup = till.copy()
        backup.lines = backup.lines[:3]
        till.send()

        answer = backup.position()

        self.assertEqual(answer.json["acknowledged"], {"sequence": 6, "hash": till.hash(6)})
        self.assert_acknowledged(backup.send(), till, 6)
        backup.cash_sale(750)
        self.assert_refused(backup.send(), 409, "fork")

    def test_a_signed_request_is_good_for_its_till_path_and_time_only(self):
        till = self.till()
        other = self.till("KO-02", "museum-1")
        now = int(time.time() * 1000)

        self.assert_refused(till.position(at_ms=now - 11 * 60 * 1000), 403, "wrong_time")
        self.assert_refused(till.position(at_ms=now + 11 * 60 * 1000), 403, "wrong_time")
        self.assertEqual(till.position(at_ms=now - 9 * 60 * 1000).status, 200)
        self.assert_refused(till.position(key=other.key), 403, "bad_signature")
        self.assert_refused(other.ask("/v1/terminals/KO-01/position"), 403, "bad_signature")
        self.assert_refused(till.position(signed_path="/v1/masters"), 403, "bad_signature")
        self.assert_refused(call(self.service.port, "GET", "/v1/masters"), 403, "unknown_terminal")


class Masters(ServiceTest):
    def test_the_document_comes_with_its_hash_and_is_not_sent_twice(self):
        till = self.till()

        first = till.ask("/v1/masters")
        again = till.ask("/v1/masters", headers={"If-None-Match": first.headers["ETag"]})

        self.assertEqual(first.headers["ETag"], f'"{hashlib.sha256(first.body).hexdigest()}"')
        self.assertEqual(first.json["version"], 1)
        self.assertEqual(len({brand["code"] for brand in first.json["brands"]}), 20)
        self.assertEqual((again.status, again.body), (304, b""))

    def test_the_document_is_signed_by_the_key_that_the_till_learned_when_it_enrolled(self):
        till = PaperTill(self.folder.name, self.service.port, "KO-01", "shimin-1")
        key = bytes.fromhex(till.enrol(self.service.enrolment_code("KO-01", "shimin-1")).json["masters_key"])

        answer = till.ask("/v1/masters")
        known = till.ask("/v1/masters", headers={"If-None-Match": answer.headers["ETag"]})

        signature = answer.headers["Madoguchi-Masters-Signature"]
        digest = hashlib.sha256(answer.body).hexdigest()
        message = f"madoguchi-masters-v1\n072036\n1\n{digest}\n".encode()
        self.assertTrue(is_signed_by(key, message, signature, self.folder.name))
        self.assertFalse(is_signed_by(key, message.replace(b"\n1\n", b"\n2\n"), signature, self.folder.name))
        self.assertEqual(known.headers["Madoguchi-Masters-Signature"], signature)

    def test_the_masters_key_outlives_the_process_and_is_nobody_elses_to_read(self):
        secret = self.service.folder / "settlement.db.masters-key"
        before = self.service.command("masters", "key", "--database", self.service.database)
        self.service.stop()

        self.service.start()

        self.assertEqual(secret.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.service.command("masters", "key", "--database", self.service.database), before)

    def test_a_service_that_lost_its_masters_key_says_so_instead_of_making_another(self):
        self.service.stop()
        secret = self.service.folder / "settlement.db.masters-key"
        kept = secret.read_bytes()
        secret.unlink()

        self.service.command("masters", "key", "--database", self.service.database, expect=3)
        self.assertFalse(secret.exists())
        new = self.service.command("masters", "key", "--database", self.service.database, "--replace")
        secret.write_bytes(kept)

        self.assertEqual(len(new.strip()), 64)
        self.service.command("masters", "key", "--database", self.service.database, expect=3)
        self.service.command("masters", "key", "--database", self.service.database, "--replace")
        self.service.start()

    def test_a_new_version_is_published_and_an_old_one_refused(self):
        till = self.till()
        document = json.loads(MASTERS.read_text())
        document["version"] = 2
        document["items"][0]["price_yen"] = 350
        newer = self.service.folder / "masters.json"
        newer.write_text(json.dumps(document, ensure_ascii=False))
        load = ("masters", "load", "--database", self.service.database, "--file")

        self.service.command(*load, newer)

        self.assertEqual(till.ask("/v1/masters").json["items"][0]["price_yen"], 350)
        self.service.command(*load, MASTERS, expect=3)

    def test_a_mistake_in_the_document_is_named_by_its_place(self):
        document = json.loads(MASTERS.read_text())
        document["version"] = 2
        document["items"][3]["price_yen"] = 12.5
        wrong = self.service.folder / "masters.json"
        wrong.write_text(json.dumps(document))
        result = subprocess.run([PROGRAM, "masters", "load", "--database", self.service.database, "--file", wrong],
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 3)
        self.assertIn("items[3].price_yen: ", result.stderr)

        wrong.write_text('{\n  "version": 2,\n  "items": [}\n')
        result = subprocess.run([PROGRAM, "masters", "load", "--database", self.service.database, "--file", wrong],
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 3)
        self.assertRegex(result.stderr, "line 3, column 1")


class Crash(ServiceTest):
    TILLS = 4

    def test_kill_9_while_uploading_loses_nothing_acknowledged_and_books_nothing_twice(self):
        tills = [self.till(f"KO-{n:02}", sales=0) for n in range(1, self.TILLS + 1)]
        acknowledged = {till.terminal: 0 for till in tills}
        done = threading.Event()

        def sell_and_send(till):
            while not done.is_set() and len(till.lines) < 120:
                till.cash_sale()
                try:
                    answer = till.send(acknowledged[till.terminal] + 1, timeout=5)
                except OSError:
                    time.sleep(0.05)
                    continue
                if answer.status == 200:
                    acknowledged[till.terminal] = answer.json["acknowledged"]["sequence"]
                elif answer.status == 409:
                    raise AssertionError(answer)

        threads = [threading.Thread(target=sell_and_send, args=(till,)) for till in tills]
        for thread in threads:
            thread.start()
        for pause in (0.6, 0.9, 0.4, 0.7):
            time.sleep(pause)
            before = dict(acknowledged)
            self.service.kill()
            heads = dict(self.service.query("SELECT terminal, head_sequence FROM terminal"))
            for terminal, sequence in before.items():
                self.assertGreaterEqual(heads[terminal], sequence)
            self.service.start()
        done.set()
        for thread in threads:
            thread.join()
        for till in tills:
            self.assert_acknowledged(till.send(acknowledged[till.terminal] + 1)
                                     if acknowledged[till.terminal] < len(till.lines) else till.send(), till,
                                     len(till.lines))

        sold = sum(len(till.lines) - 1 for till in tills)
        self.assertGreater(sold, 20)
        self.service.wait_for("SELECT count(*) FROM sale", sold)
        self.assertEqual(self.service.query("SELECT sum(amount_yen) FROM posting WHERE ledger = 'drawer'"),
                         [(450 * sold,)])
        for till in tills:
            stored = b"".join(row[0] for row in self.service.query(
                f"SELECT lines FROM journal_run WHERE terminal = '{till.terminal}' ORDER BY first"))
            self.assertEqual(stored, b"".join(line + b"\n" for line in till.lines))

    def test_a_graceful_stop_answers_what_it_has_taken(self):
        till = self.till(sales=40)
        bodies = [(b"".join(line + b"\n" for line in till.lines[:n]), till.signature(1, n)) for n in range(1, 42)]
        answers = []

        def send_all():
            for body, signature in bodies:
                try:
                    answers.append(till.send_bytes(body, signature))
                except OSError:
                    return

        thread = threading.Thread(target=send_all)
        thread.start()
        time.sleep(0.1)
        self.assertEqual(self.service.stop(), 0)
        thread.join()

        best = max((a.json["acknowledged"]["sequence"] for a in answers if a.status == 200), default=0)
        self.assertGreaterEqual(self.service.query("SELECT head_sequence FROM terminal")[0][0], best)
        self.assertTrue(all(a.status in (200, 503) for a in answers), answers)

    def test_the_ledger_goes_on_after_a_crash_where_it_stood(self):
        till = self.till(sales=30)
        till.send()
        self.service.kill()
        self.service.start()

        self.service.wait_for("SELECT count(*) FROM sale", 30)
        self.assertEqual(self.service.query("SELECT sum(amount_yen) FROM posting"), [(0,)])
        self.service.stop()
        rows = self.service.query("SELECT * FROM posting")
        self.service.command("rebuild", "--database", self.service.database)
        self.assertEqual(self.service.query("SELECT * FROM posting"), rows)


class Audit(ServiceTest):
    @unittest.skipIf(store.is_postgresql(), "PostgreSQL is backed up by its own tools")
    def test_a_backup_of_the_running_service_is_audited_and_a_changed_yen_is_named(self):
        till = self.till(sales=3)
        till.send()
        self.service.wait_for("SELECT count(*) FROM sale", 3)
        copy = self.service.folder / "backup.db"
        self.service.command("backup", "--database", self.service.database, "--to", copy)

        good = json.loads(self.service.command("audit", "--database", copy, "--json"))
        with store.connect(copy) as connection:
            connection.execute("UPDATE posting SET amount_yen = -451 WHERE sequence = 2 AND ledger = 'revenue'")
        bad = json.loads(self.service.command("audit", "--database", copy, "--json", expect=1))

        self.assertEqual((good["findings"], good["revenue_yen"], good["sales"], good["lines"]), ([], 1350, 3, 4))
        self.assertEqual([(f["code"], f["terminal"], f["sequence"], f["expected_yen"], f["found_yen"], f["difference_yen"])
                          for f in bad["findings"]],
                         [("posting_differs", "KO-01", 2, -450, -451, -1), ("posting_unbalanced", "KO-01", 2, 0, -1, -1)])
        text = self.service.command("audit", "--database", copy, expect=1)
        self.assertIn("差 -1円", text)
        self.service.command("audit", "--database", self.service.folder / "nothing.db", expect=3)

    def test_help_fits_a_screen_and_a_wrong_command_line_is_said(self):
        self.assertLessEqual(len(self.service.command("--help").splitlines()), 30)
        self.service.command("audti", expect=2)
        self.service.command("audit", expect=2)
        self.service.command("audit", "--database", expect=2)


class Health(ServiceTest):
    def test_health_is_json_and_unknown_addresses_are_404(self):
        answer = call(self.service.port, "GET", "/health")

        self.assertEqual((answer.status, answer.json["health"]), (200, "ok"))
        self.assert_refused(call(self.service.port, "GET", "/v1/nothing"), 404, "no_such_address")


if __name__ == "__main__":
    os.environ.setdefault("LSAN_OPTIONS", "print_suppressions=0")
    unittest.main(verbosity=2)
