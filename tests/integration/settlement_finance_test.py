"""What finance staff do, against the real service: sign in, import, reconcile, approve, export.

Runs the program of $MADOGUCHI_BUILD with paper tills.
"""
import concurrent.futures
import csv
import datetime
import hashlib
import http.client
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from finance_service import PASSWORD, FinanceService, bank_record, statement, today
from harness import store
from harness.finance import Finance
from harness.http import Refused

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
SANITIZER_MARKS = ("AddressSanitizer", "runtime error:", "LeakSanitizer", "ThreadSanitizer")
OLD = datetime.timedelta(days=10)


class FinanceTest(unittest.TestCase):
    """Each test has a city of its own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="finance-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.service = FinanceService(BUILD, self.folder)
        self.addCleanup(self.service.__exit__)
        self.service.__enter__()

    def tearDown(self):
        if self.service.process.child is not None:
            status = self.service.process.stop()
            log = self.service.process.tail(400)
            self.assertEqual(status, 0, log)
            self.assertFalse([mark for mark in SANITIZER_MARKS if mark in log], log)

    def refuse(self, status, code, call, *words, **options):
        with self.assertRaises(Refused) as refused:
            call(*words, **options)
        self.assertEqual((refused.exception.status, refused.exception.code), (status, code), refused.exception)
        self.assertTrue(any(ord(character) > 0x3000 for character in refused.exception.message),
                        f"a person gets no Japanese: {refused.exception.message}")
        return refused.exception

    def call(self, method, path, body=None, headers=None):
        """One raw call: status, headers, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def sold_till(self, day=None, terminal="KO-01"):
        """A till with one cash sale of the official example and two cashless ones."""
        till = self.service.add_till(terminal, date=day or today() - OLD)
        till.open_day()
        till.cash = till.sell_for_cash(("koseki", 1), ("joseki", 4))
        till.qr = till.sell("paypay", ("juminhyo", 2))
        till.card = till.sell("visa", ("museum", 3))
        return till

    def draft_and_propose(self, user):
        user.post("/api/assessments/draft", {})
        rows = user.get("/api/assessments?state=draft")["rows"]
        return self.versions(user.post("/api/assessments/propose", {"assessments": self.versions(rows)})["rows"])

    @staticmethod
    def versions(rows):
        return [{"id": row["id"], "version": row["version"]} for row in rows]

    def upload(self, user, content, file="statement.csv", layout="aggregator-daily", more=""):
        return user.post(f"/api/imports?layout={layout}&file={file}{more}", content, "application/octet-stream")


class SignIn(FinanceTest):
    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        body = json.dumps({"login": "sato", "password": PASSWORD})
        status, headers, _ = self.call("POST", "/api/login", body)

        self.assertEqual(status, 200)
        cookie = headers["Set-Cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Strict", cookie)
        self.assertIn("Path=/", cookie)
        self.assertNotIn("Secure", cookie)
        _, headers, _ = self.call("POST", "/api/login", body, {"X-Forwarded-Proto": "https"})
        self.assertIn("Secure", headers["Set-Cookie"])

    def test_nothing_is_answered_without_a_session(self):
        for path in ("/api/me", "/api/today", "/api/assessments", "/api/imports", "/api/access-log", "/api/events"):
            status, _, body = self.call("GET", path)
            self.assertEqual((status, json.loads(body)["error"]["code"]), (401, "not_signed_in"), path)

    def test_a_deed_without_the_csrf_token_or_from_another_site_is_refused(self):
        user = self.service.sign_in("sato")
        for headers, code in (({}, "csrf_refused"), ({"X-CSRF-Token": "0" * 64}, "csrf_refused"),
                              ({"X-CSRF-Token": user.token, "Origin": "http://evil.example"}, "origin_refused"),
                              ({"X-CSRF-Token": user.token, "Sec-Fetch-Site": "cross-site"}, "origin_refused")):
            status, _, body = self.call("POST", "/api/assessments/draft", "{}", {"Cookie": user.cookie, **headers})
            self.assertEqual((status, json.loads(body)["error"]["code"]), (403, code))
        status, _, _ = self.call("POST", "/api/assessments/draft", "{}",
                                 {"Cookie": user.cookie, "X-CSRF-Token": user.token,
                                  "Origin": f"http://127.0.0.1:{self.service.port}"})
        self.assertEqual(status, 200)

    def test_signing_out_ends_the_session(self):
        user = self.service.sign_in("sato")
        user.post("/api/logout")
        self.refuse(401, "not_signed_in", user.get, "/api/me")

    def test_guessing_slows_down_and_says_for_how_long(self):
        for _ in range(5):
            self.refuse(401, "login_failed", Finance, self.service.url, "sato", "not the password")
        self.refuse(429, "too_many_attempts", Finance, self.service.url, "sato", PASSWORD)
        status, headers, _ = self.call("POST", "/api/login", json.dumps({"login": "sato", "password": PASSWORD}))
        self.assertEqual(status, 429)
        self.assertGreater(int(headers["Retry-After"]), 0)

    def test_every_role_gets_what_the_table_says(self):
        users = {login: self.service.sign_in(login) for login in ("sato", "suzuki", "kansa", "kanri")}
        self.assertEqual(users["sato"].me["rights"], ["read", "import", "reconcile", "resolve", "propose", "export", "edit_masters"])
        self.assertEqual(users["kansa"].me["rights"], ["read", "audit"])
        for login, refused in (("kansa", True), ("kanri", True), ("sato", False), ("suzuki", False)):
            if refused:
                self.refuse(403, "no_right", users[login].post, "/api/assessments/draft")
            else:
                users[login].post("/api/assessments/draft")
        self.refuse(403, "no_right", users["sato"].get, "/api/access-log")
        self.assertTrue(users["kansa"].get("/api/access-log")["rows"])

    @unittest.skipIf(store.is_postgresql(), "looks into the files of SQLite")
    def test_a_copy_of_the_database_signs_nobody_in(self):
        user = self.service.sign_in("sato")
        token = user.cookie.split("=")[1]
        content = self.service.database.read_bytes() + (self.service.folder / "settlement.db-wal").read_bytes()
        self.assertNotIn(token.encode(), content)
        self.assertNotIn(bytes.fromhex(token), content)
        self.assertNotIn(PASSWORD.encode(), content)


class Assessment(FinanceTest):
    def test_a_day_becomes_records_by_account_route_and_tax(self):
        user = self.service.sign_in("sato")
        till = self.sold_till()
        voided = till.sell_for_cash(("juminhyo", 1))
        till.void(voided)
        unknown = till.start_payment("paypay", ("juminhyo", 1))
        till.leave_unknown(unknown)
        self.service.wait_for_ledger(till)

        answer = user.post("/api/assessments/draft", {})

        self.assertEqual(answer["created"], 3)
        self.assertEqual((answer["held_count"], answer["held_yen"]), (1, 300))
        rows = {(row["account"], row["route"], row["tax"]): row for row in user.get("/api/assessments")["rows"]}
        self.assertEqual(set(rows), {("14020101", "cash", "exempt"), ("14020102", "AGG", "exempt"),
                                     ("14010901", "AGG", "standard10")})
        cash = rows["14020101", "cash", "exempt"]
        self.assertEqual((cash["amount_yen"], cash["count"], cash["payer"], cash["form_name"], cash["kind_name"]),
                         (3450, 5, "窓口納入者", "個別", "当初"))
        museum = rows["14010901", "AGG", "standard10"]
        self.assertEqual((museum["amount_yen"], museum["tax_yen"]), (660, 60))
        self.assertEqual(sum(row["amount_yen"] for row in rows.values()), 3450 + 600 + 660)

    def test_every_yen_is_walked_back_to_a_journal_line(self):
        user = self.service.sign_in("sato")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        user.post("/api/assessments/draft", {})

        for row in user.get("/api/assessments")["rows"]:
            detail = user.get(f"/api/assessments/{row['id']}")
            self.assertEqual(sum(line["amount_yen"] for line in detail["lines"]), row["amount_yen"])
            evidence = user.get(f"/api/assessments/{row['id']}/evidence")["rows"]
            self.assertEqual(sum(sale["amount_yen"] for sale in evidence), row["amount_yen"])
            for sale in evidence:
                place = sale["journal"]
                line = user.get(f"/api/journal/{place['terminal']}/{place['sequence']}")["line"]
                self.assertEqual(line["raw"].encode(), till.lines[place["sequence"] - 1])
                self.assertEqual(line["parsed"]["sale"], sale["sale"])

    def test_nobody_approves_what_he_proposed_and_finance_approves_nothing(self):
        finance, approver, other = (self.service.sign_in(login) for login in ("sato", "suzuki", "ito"))
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        chosen = self.draft_and_propose(approver)

        self.refuse(403, "own_approval", approver.post, "/api/assessments/approve", {"assessments": chosen})
        self.refuse(403, "no_right", finance.post, "/api/assessments/approve", {"assessments": chosen})
        rows = other.post("/api/assessments/approve", {"assessments": chosen})["rows"]

        self.assertEqual({row["state"] for row in rows}, {"approved"})
        self.assertEqual({(row["proposed_by"]["login"], row["approved_by"]["login"]) for row in rows}, {("suzuki", "ito")})
        self.refuse(409, "version_changed" if rows[0]["version"] != chosen[0]["version"] else "wrong_state",
                    other.post, "/api/assessments/approve", {"assessments": chosen})

    def test_the_tables_themselves_refuse_one_person_and_changes_after_approval(self):
        finance, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        chosen = self.draft_and_propose(finance)
        database = store.connect(self.service.database, timeout=10)
        self.addCleanup(database.close)
        approve = "UPDATE assessment SET state='approved', serial=?, approved_by=?, approved_at_ms=1 WHERE assessment=?"

        for serial, login, words in ((1, "sato", "approver|CHECK|second"), (1, "kansa", "approver"), (2, "suzuki", "gapless")):
            with self.assertRaisesRegex(sqlite3.IntegrityError, words):
                database.execute(approve, (serial, login, chosen[0]["id"]))
            database.rollback()
        approver.post("/api/assessments/approve", {"assessments": chosen})
        approver.post("/api/exports", {"fiscal_year": finance.get("/api/assessments")["rows"][0]["fiscal_year"]})
        for change in ("UPDATE assessment SET amount_yen = amount_yen + 1", "UPDATE assessment SET summary = 'x'",
                       "DELETE FROM assessment", "DELETE FROM assessment_line", "UPDATE assessment_line SET count = 9",
                       "DELETE FROM assessment_source", "UPDATE assessment_export_file SET bytes = x'00'",
                       "DELETE FROM assessment_export_file", "DELETE FROM assessment_export", "DELETE FROM access_log",
                       "UPDATE access_log SET login = 'nobody'"):
            with self.assertRaises(sqlite3.IntegrityError, msg=change):
                database.execute(change)
            database.rollback()

    def test_numbers_are_gapless_when_many_approve_at_once(self):
        finance = self.service.sign_in("sato")
        till = self.sold_till(today() - OLD)
        for days in range(1, 8):
            till.date = today() - OLD + datetime.timedelta(days=days)
            till.sell_for_cash(("koseki", 1))
            till.sell_for_cash(("juminhyo", 1))
            till.sell("paypay", ("museum", 1))
        self.service.wait_for_ledger(till)
        chosen = self.draft_and_propose(finance)
        self.assertGreater(len(chosen), 20)
        approvers = [self.service.sign_in(login) for login in ("suzuki", "ito")]

        def approve(number):
            try:
                return approvers[number % 2].post("/api/assessments/approve", {"assessments": [chosen[number // 2]]})
            except Refused as refused:
                return refused.code
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(approve, range(2 * len(chosen))))

        self.assertEqual(sum(isinstance(answer, dict) for answer in answers), len(chosen), "each is approved exactly once")
        by_year = {}
        for row in finance.get("/api/assessments?limit=500")["rows"]:
            by_year.setdefault(row["fiscal_year"], []).append(row["serial"])
        for serials in by_year.values():
            self.assertEqual(sorted(serials), list(range(1, len(serials) + 1)))

    def test_late_sales_and_voids_become_corrections_that_cite_the_original(self):
        finance, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        approver.post("/api/assessments/approve", {"assessments": self.draft_and_propose(finance)})
        before = {row["id"]: row for row in finance.get("/api/assessments")["rows"]}

        till.sell_for_cash(("koseki", 2))
        till.void(till.cash)
        self.service.wait_for_ledger(till)
        finance.post("/api/assessments/draft", {})

        rows = [row for row in finance.get("/api/assessments")["rows"] if row["id"] not in before]
        self.assertEqual({(row["kind"], row["amount_yen"]) for row in rows}, {("increase", 900), ("decrease", 3450)})
        original = next(row for row in before.values() if row["route"] == "cash")
        for row in rows:
            self.assertEqual((row["original"]["id"], row["original"]["number"]), (original["id"], original["number"]))
        after = {row["id"]: row for row in finance.get("/api/assessments")["rows"] if row["id"] in before}
        self.assertEqual(before, after, "what was approved has not changed")
        self.assertEqual({entry["kind"] for entry in finance.get(f"/api/assessments/{original['id']}")["corrections"]},
                         {"increase", "decrease"})

    def test_a_proposed_record_whose_sales_changed_is_not_approved(self):
        finance, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        chosen = self.draft_and_propose(finance)
        till.sell_for_cash(("koseki", 1))
        self.service.wait_for_ledger(till)

        self.refuse(409, "content_changed", approver.post, "/api/assessments/approve", {"assessments": chosen})

        rows = finance.get("/api/assessments")["rows"]
        self.assertEqual({row["state"] for row in rows}, {"draft", "proposed"}, "only the changed one is a draft again")
        changed = next(row for row in rows if row["state"] == "draft")
        self.assertEqual(changed["amount_yen"], 3900)
        history = finance.get(f"/api/assessments/{changed['id']}")["history"]
        self.assertEqual(history[0]["what"], "content_changed")

    def test_an_export_is_the_same_bytes_for_ever_and_cp932_can_be_read(self):
        finance, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        rows = approver.post("/api/assessments/approve", {"assessments": self.draft_and_propose(finance)})["rows"]
        ids = [row["id"] for row in rows]

        export = finance.post("/api/exports", {"ids": ids})["export"]
        again = finance.post("/api/exports", {"ids": list(reversed(ids))})["export"]

        self.assertEqual(export, again)
        files = {file["encoding"]: file for file in export["files"]}
        first = {name: finance.get(f"/api/exports/{export['id']}/file?encoding={name}", raw=True) for name in files}
        for name, content in first.items():
            self.assertEqual(hashlib.sha256(content).hexdigest(), files[name]["sha256"])
            self.assertEqual(len(content), files[name]["byte_count"])
        self.assertTrue(first["utf8"].startswith(b"\xef\xbb\xbf"))
        self.assertEqual(first["utf8"][3:].decode("utf-8"), first["cp932"].decode("cp932"))
        table = list(csv.DictReader(io.StringIO(first["cp932"].decode("cp932"))))
        self.assertEqual({row["調定番号"] for row in table}, {row["number"] for row in rows})
        self.assertEqual(sum(int(row["内訳金額"]) for row in table), sum(row["amount_yen"] for row in rows))
        self.assertEqual({row["調定区分"] for row in table}, {"事後"})

        self.service.process.kill()
        self.service.start()
        finance = self.service.sign_in("sato")
        for name, content in first.items():
            self.assertEqual(finance.get(f"/api/exports/{export['id']}/file?encoding={name}", raw=True), content)
        folder = self.service.folder / "out"
        folder.mkdir()
        self.service.run("export", "--export", str(export["id"]), "--folder", folder)
        self.assertEqual((folder / files["utf8"]["file_name"]).read_bytes(), first["utf8"])
        self.refuse(409, "wrong_state", finance.post, "/api/exports", {"ids": ids[:1]})

    def test_money_without_account_or_trustee_waits_and_is_listed(self):
        finance = self.service.sign_in("sato")
        till = self.service.add_till("KO-01", date=today() - OLD)
        till.open_day()
        till.sell_for_cash(("unknown-account", 1))
        till.sell("no-such-brand", ("juminhyo", 1))
        self.service.wait_for_ledger(till)

        answer = finance.post("/api/assessments/draft", {})

        self.assertEqual((answer["created"], answer["held_yen"]), (0, 400))
        held = finance.get("/api/assessments/held")
        self.assertEqual({(row["state"], row["amount_yen"]) for row in held["rows"]},
                         {("no_account", 100), ("no_trustee", 300)})
        self.assertTrue(all(row["what_to_do"] for row in held["rows"]))


class Imports(FinanceTest):
    def test_the_same_file_twice_changes_nothing_and_says_so(self):
        user = self.service.sign_in("sato")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        content = statement([(till.qr["payment"], till.qr["acquirer_reference"], 600)], till.date, today())

        first = self.upload(user, content)
        again = self.upload(user, content, file="another-name.csv")

        self.assertFalse(first["is_repeat"])
        self.assertEqual(first["run"]["matched_count"], 1)
        self.assertTrue(again["is_repeat"])
        self.assertIn("同一ファイル再取込", again["message"])
        self.assertEqual(again["import"], first["import"])
        self.assertEqual(len(user.get("/api/imports")["rows"]), 1)
        self.assertEqual(user.get(f"/api/imports/{first['import']['id']}/file", raw=True), content)
        self.refuse(400, "statement_incomplete", self.upload, user, content, layout="zengin-03")

    def test_nothing_of_a_bad_file_stays(self):
        user = self.service.sign_in("sato")
        rows = [("a", "Q1", 100), ("b", "Q2", 200)]
        good = statement(rows, today() - OLD, today())
        bad = {
            "utf-8": good.decode("cp932").encode("utf-8"),
            "cut": good[:len(good) // 2],
            "no trailer": b"".join(good.splitlines(True)[:-1]),
            "count": good.replace('"合計","2"'.encode("cp932"), '"合計","3"'.encode("cp932")),
            "sum": good.replace('"300"\r\n'.encode("cp932"), '"301"\r\n'.encode("cp932")),
            "amount": good.replace(b'"100"', b'"1,00"'),
        }
        for name, content in bad.items():
            with self.assertRaises(Refused, msg=name) as refused:
                self.upload(user, content)
            self.assertEqual(refused.exception.status, 400, (name, refused.exception))
            self.assertGreater(refused.exception.body["error"].get("line", 0), 0, (name, refused.exception))
            self.assertTrue(any(ord(c) > 0x3000 for c in refused.exception.message), refused.exception.message)
        bank = bank_record([(1000, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")], today())
        for content in (bank[:450], bank[:-40]):
            with self.assertRaises(Refused) as refused:
                self.upload(user, content, "bank.txt", "zengin-03")
            self.assertEqual(refused.exception.status, 400)

        self.assertEqual(user.get("/api/imports")["rows"], [])
        classes = {row["class"] for row in user.get("/api/discrepancies")["rows"]}
        self.assertEqual(classes, {"file_incomplete"})
        self.upload(user, good)
        self.upload(user, bank, "bank.txt", "zengin-03")
        self.assertNotIn("file_incomplete", {row["class"] for row in user.get("/api/discrepancies")["rows"]})

    def test_a_dry_run_judges_and_stores_nothing(self):
        user = self.service.sign_in("sato")
        content = statement([("a", "Q1", 100)], today() - OLD, today())

        answer = self.upload(user, content, more="&dry_run=1")

        self.assertTrue(answer["dry_run"])
        self.assertEqual((answer["import"]["line_count"], answer["import"]["amount_yen"]), (1, 100))
        self.assertEqual(user.get("/api/imports")["rows"], [])

    def test_the_command_line_takes_the_same_files(self):
        file = self.service.folder / "statement.csv"
        file.write_bytes(statement([("a", "Q1", 100)], today() - OLD, today()))
        words = ("import", "--layout", "aggregator-daily", "--file", file)
        first = json.loads(self.service.run(*words, "--json"))
        again = json.loads(self.service.run(*words, "--json"))
        self.assertEqual((first["is_repeat"], again["is_repeat"], again["import"]), (False, True, first["import"]))
        file.write_bytes(file.read_bytes()[:-20])
        self.service.run(*words, expect=3)


# Long enough for an import to be cut off inside; every step of it is cut off in settlement_work_test.py.
IMPORTED = 4000


class PowerCut(FinanceTest):
    def test_an_import_that_is_killed_is_whole_or_absent(self):
        user = self.service.sign_in("sato")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        self.assertEqual(self.service.process.stop(), 0)
        rows = [(f"{number:036}", f"Q{number}", 100) for number in range(IMPORTED)]
        for attempt, seconds in enumerate((0.05, 0.1, 0.2, 0.3, 0.5)):
            file = self.service.folder / f"statement-{attempt}.csv"
            file.write_bytes(statement([*rows, (till.qr["payment"], f"A{attempt}", 600)], till.date, today()))
            child = subprocess.Popen([self.service.program, "import", "--database", self.service.database, "--layout",
                                      "aggregator-daily", "--file", file], stdout=subprocess.DEVNULL)
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

        with store.connect(self.service.database) as database:
            whole = dict(database.execute("SELECT import, line_count FROM import"))
            lines = dict(database.execute("SELECT import, count(*) FROM statement_line GROUP BY import"))
        database.close()
        self.assertEqual(whole, lines)
        for attempt in range(5):
            answer = json.loads(self.service.run("import", "--layout", "aggregator-daily", "--json", "--file",
                                                 self.service.folder / f"statement-{attempt}.csv"))
            self.assertEqual(answer["line_count"], IMPORTED + 1)
        self.service.run("reconcile", expect=1)
        self.service.start()
        user = self.service.sign_in("sato")
        self.assertEqual(len(user.get("/api/imports")["rows"]), 5)
        self.assertEqual(user.get(f"/api/payments/{till.qr['payment']}")["payment"]["state"], "matched")


class Reconciliation(FinanceTest):
    def test_each_disagreement_has_its_name_and_its_evidence(self):
        user = self.service.sign_in("sato")
        till = self.service.add_till("KO-01", date=today() - OLD)
        till.open_day()
        sales = [till.sell("paypay", ("juminhyo", 1 + n)) for n in range(4)]
        voided = till.sell("visa", ("koseki", 1))
        till.void(voided)
        unknown = till.start_payment("paypay", ("juminhyo", 1))
        till.leave_unknown(unknown)
        doubt = till.start_payment("suica", ("juminhyo", 1))
        till.leave_in_doubt(doubt)
        self.service.wait_for_ledger(till)

        def row(sale, **more):
            return {"reference": sale["payment"], "acquirer": sale.get("acquirer_reference", "Q"),
                    "yen": sale["total_yen"], **more}
        run = self.upload(user, statement([
            row(sales[0]), row(sales[0]), row(sales[1], yen=sales[1]["total_yen"] + 10), row(sales[2], brand="merpay"),
            row(voided, brand="visa"), row(unknown),
            {"reference": "ffffffff-ffff-7fff-8fff-ffffffffffff", "acquirer": "QX", "yen": 999},
            {"reference": "ffffffff-ffff-7fff-8fff-fffffffffffe", "acquirer": "QY", "yen": -50, "kind": "取消"},
        ], till.date, today() - datetime.timedelta(days=3)))["run"]

        self.assertEqual(run["matched_count"], 3)
        rows = user.get("/api/discrepancies?limit=500")
        by_class = {}
        for one in rows["rows"]:
            by_class.setdefault(one["class"], []).append(one)
        self.assertEqual({name: len(ones) for name, ones in by_class.items()},
                         {"duplicate": 1, "amount_differs": 1, "brand_differs": 1, "paid_though_voided": 1,
                          "still_unknown": 1, "in_doubt": 1, "statement_only": 1, "reversal_only": 1, "pos_only": 1})
        self.assertEqual(by_class["amount_differs"][0]["amount_yen"], 10)
        self.assertEqual(by_class["pos_only"][0]["payment"], sales[3]["payment"])
        self.assertEqual({total["class"]: total["count"] for total in rows["totals"]},
                         {name: len(ones) for name, ones in by_class.items()})

        differs = user.get(f"/api/discrepancies/{by_class['amount_differs'][0]['id']}")
        raws = [line["raw"].encode() for line in differs["evidence"]["journal"]]
        self.assertIn(till.lines[sales[1]["sequence"] - 1], raws)
        line = differs["evidence"]["statement"][0]
        self.assertIn(sales[1]["payment"], line["raw"])
        self.assertIn({"name": "取引金額", "value": str(sales[1]["total_yen"] + 10)}, line["parsed"])
        self.assertEqual(differs["actions"], ["assign", "resolve", "comment", "expect", "pair", "unpair"])
        duplicate = user.get(f"/api/discrepancies/{by_class['duplicate'][0]['id']}")
        self.assertEqual(len(duplicate["evidence"]["statement"]), 2, "the line and the one it repeats")

    def test_what_is_not_due_yet_is_no_discrepancy(self):
        user = self.service.sign_in("sato")
        till = self.sold_till(today())
        self.service.wait_for_ledger(till)
        user.post("/api/reconcile")
        self.assertEqual(user.get("/api/discrepancies")["rows"], [])
        self.assertEqual({row["state"] for row in user.get("/api/payments")["rows"]}, {"waiting"})

    def test_open_items_carry_forward_until_their_line_comes(self):
        user = self.service.sign_in("sato")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        user.post("/api/reconcile")
        self.assertEqual({row["class"] for row in user.get("/api/discrepancies")["rows"]}, {"pos_only"})

        self.upload(user, statement([(till.qr["payment"], "x", 600)], till.date, today()), "1.csv")
        self.upload(user, statement([("", till.card["acquirer_reference"], 660)], till.date, today(), brand="visa"), "2.csv")

        self.assertEqual(user.get("/api/discrepancies")["rows"], [])
        self.assertEqual({row["state"] for row in user.get("/api/discrepancies?state=cleared")["rows"]}, {"cleared"})
        self.assertEqual({row["state"] for row in user.get("/api/payments")["rows"]}, {"matched"})
        run = user.post("/api/reconcile")["run"]
        self.assertEqual((run["sale_count"], run["statement_line_count"]), (0, 0), "a run does not read the history")

    def test_a_resolution_is_never_undone_by_a_run(self):
        user = self.service.sign_in("sato")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        user.post("/api/reconcile")
        row = next(row for row in user.get("/api/discrepancies")["rows"] if row["payment"] == till.qr["payment"])
        self.refuse(400, "invalid_request", user.post, f"/api/discrepancies/{row['id']}/resolve",
                    {"kind": "explained", "reason": "", "version": row["version"]})

        user.post(f"/api/discrepancies/{row['id']}/resolve",
                  {"kind": "explained", "reason": "決済会社に確認済み", "version": row["version"]})
        user.post("/api/reconcile")
        user.post("/api/reconcile")

        detail = user.get(f"/api/discrepancies/{row['id']}")
        self.assertEqual(detail["discrepancy"]["state"], "resolved")
        self.assertEqual(detail["discrepancy"]["resolution"]["reason"], "決済会社に確認済み")
        self.assertEqual([entry["what"] for entry in detail["history"]], ["resolve"])
        self.assertNotIn(till.qr["payment"], {row["payment"] for row in user.get("/api/discrepancies")["rows"]})
        self.refuse(409, "wrong_state", user.post, f"/api/discrepancies/{row['id']}/resolve",
                    {"kind": "explained", "reason": "もう一度", "version": detail["discrepancy"]["version"]})
        self.upload(user, statement([(till.qr["payment"], "x", 600)], till.date, today()))
        self.assertEqual(user.get(f"/api/discrepancies/{row['id']}")["discrepancy"]["state"], "resolved")
        payment = user.get(f"/api/payments/{till.qr['payment']}")["payment"]
        self.assertEqual(payment["state"], "matched", "its line has come after all")

    def test_money_that_moves_takes_two_people(self):
        finance, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        finance.post("/api/reconcile")
        row = finance.get("/api/discrepancies")["rows"][0]
        path = f"/api/discrepancies/{row['id']}"

        detail = approver.post(path + "/resolve", {"kind": "write_off", "reason": "回収できない", "version": row["version"]})
        self.assertEqual(detail["discrepancy"]["state"], "awaiting_second")
        self.refuse(403, "own_approval", approver.post, path + "/confirm", {"decision": "confirm"})
        self.refuse(403, "no_right", finance.post, path + "/confirm", {"decision": "confirm"})
        other = self.service.sign_in("ito")
        detail = other.post(path + "/confirm", {"decision": "reject", "reason": "再度確認してください"})
        self.assertEqual(detail["discrepancy"]["state"], "open")
        detail = finance.post(path + "/resolve", {"kind": "write_off", "reason": "回収できない",
                                                  "version": detail["discrepancy"]["version"]})
        detail = other.post(path + "/confirm", {"decision": "confirm"})
        self.assertEqual((detail["discrepancy"]["state"], detail["discrepancy"]["resolution"]["confirmed_by"]["login"]),
                         ("resolved", "ito"))
        self.assertEqual([entry["what"] for entry in detail["history"]], ["confirm", "resolve", "reject", "resolve"])

    def test_deposits_are_followed_from_the_sale_to_the_bank(self):
        finance, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.sold_till()
        till.card = till.sell("visa", ("museum", 9))
        self.service.wait_for_ledger(till)
        pay_on = today() - datetime.timedelta(days=2)
        self.upload(finance, statement([
            {"reference": till.qr["payment"], "acquirer": "x", "yen": 600, "payout": "P-QR"},
            {"reference": till.card["payment"], "acquirer": "y", "yen": 1980, "payout": "P-CARD", "brand": "visa"},
        ], till.date, pay_on))
        approver.post("/api/assessments/approve", {"assessments": self.draft_and_propose(finance)})
        records = {row["account"]: row["id"] for row in finance.get("/api/assessments")["rows"] if row["route"] == "AGG"}
        self.assertEqual(finance.get(f"/api/assessments/{records['14020102']}")["assessment"]["received_yen"], 0)

        self.upload(finance, bank_record([(600, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P-QR"), (980, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P-CARD"),
                                          (5000, "ﾀﾅｶ ﾀﾛｳ", "")], pay_on), "bank.txt", "zengin-03")

        payouts = {row["payout"]: row for row in finance.get("/api/payouts")["rows"]}
        self.assertEqual((payouts["P-QR"]["state"], payouts["P-CARD"]["state"]), ("credited", "short"))
        rows = [row for row in finance.get("/api/discrepancies")["rows"] if row["class"] != "pos_only"]
        self.assertEqual([(row["class"], row["amount_yen"], row["payout"]) for row in rows],
                         [("deposit_short", 1000, "P-CARD")])
        self.assertEqual(finance.get(f"/api/assessments/{records['14020102']}")["assessment"]["received_yen"], 600)
        evidence = finance.get(f"/api/payments/{till.qr['payment']}")["evidence"]
        self.assertTrue(evidence["journal"] and evidence["statement"])
        self.assertIn({"name": "EDI情報", "value": "P-QR"}, evidence["bank"][0]["parsed"])
        self.upload(finance, bank_record([(1000, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P-CARD")], today()), "bank2.txt", "zengin-03")
        self.assertEqual({row["class"] for row in finance.get("/api/discrepancies")["rows"]}, {"pos_only"})

    def test_a_payment_that_was_unknown_is_matched_when_its_till_has_learnt_the_truth(self):
        user = self.service.sign_in("sato")
        till = self.service.add_till("KO-01", date=today() - OLD)
        till.open_day()
        payment = till.start_payment("paypay", ("juminhyo", 1))
        till.leave_unknown(payment)
        self.service.wait_for_ledger(till)
        self.upload(user, statement([(payment["payment"], "x", 300)], till.date, today()))
        self.assertEqual({row["class"] for row in user.get("/api/discrepancies")["rows"]}, {"still_unknown"})

        till.approve_payment(payment, how="inquiry")
        self.service.wait_for_ledger(till)
        user.post("/api/reconcile")

        self.assertEqual(user.get("/api/discrepancies")["rows"], [])
        self.assertEqual(user.get(f"/api/payments/{payment['payment']}")["payment"]["state"], "matched")

    def test_the_morning_page_counts_what_the_lists_show(self):
        finance = self.service.sign_in("sato")
        till = self.sold_till()
        self.service.wait_for_ledger(till)
        self.upload(finance, statement([(till.qr["payment"], "x", 600)], till.date, today() - datetime.timedelta(days=1)))

        page = finance.get(f"/api/today?date={till.date}")

        reconciliation = page["reconciliation"]
        self.assertEqual((reconciliation["matched_count"], reconciliation["matched_yen"]), (1, 600))
        self.assertEqual((reconciliation["open_count"], reconciliation["open_yen"]), (1, 660))
        self.assertEqual(reconciliation["by_class"][0]["class_name"], "POSのみ")
        self.assertEqual(page["statements"][0]["last_import"]["file_name"], "statement.csv")
        self.assertEqual((page["deposits"]["late_count"], page["deposits"]["late_yen"]), (1, 600))
        self.assertIn("discrepancies", [row["what"] for row in page["waiting"]])

    def test_a_rebuilt_ledger_changes_nothing_and_the_audit_agrees(self):
        finance, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.sold_till()
        voided = till.sell("visa", ("koseki", 1))
        till.void(voided)
        self.service.wait_for_ledger(till)
        self.upload(finance, statement([
            {"reference": till.qr["payment"], "acquirer": "x", "yen": 600},
            {"reference": voided["payment"], "acquirer": "y", "yen": 450, "brand": "visa"},
            {"reference": voided["payment"], "acquirer": "y", "yen": -450, "brand": "visa", "kind": "取消"},
        ], till.date, today()))
        approver.post("/api/assessments/approve", {"assessments": self.draft_and_propose(finance)})
        finance.post("/api/exports", {"fiscal_year": finance.get("/api/assessments")["rows"][0]["fiscal_year"]})

        def picture(user):
            payments = [{**row, "discrepancy": None} for row in user.get("/api/payments")["rows"]]
            open_ones = [{**row, "version": 0} for row in user.get("/api/discrepancies")["rows"]]
            return payments, open_ones, user.get("/api/assessments")["rows"]
        before = picture(finance)
        self.assertEqual(self.service.process.stop(), 0)
        self.service.run("audit")
        self.service.run("rebuild")
        self.service.start()
        finance = self.service.sign_in("sato")

        run = finance.post("/api/reconcile")["run"]
        drafted = finance.post("/api/assessments/draft", {})

        self.assertEqual((run["matched_count"], run["opened_count"], run["cleared_count"]), (0, 0, 0))
        self.assertEqual((drafted["created"], drafted["remade"], drafted["dropped"]), (0, 0, 0))
        self.assertEqual(picture(finance), before)
        self.assertEqual(self.service.process.stop(), 0)
        self.service.run("audit")
        self.service.start()

    def test_runs_that_cross_match_everything_once(self):
        users = [self.service.sign_in(login) for login in ("sato", "suzuki")]
        till = self.service.add_till("KO-01", date=today() - OLD)
        till.open_day()
        sales = [till.sell("paypay", ("juminhyo", 1)) for _ in range(60)]
        self.service.wait_for_ledger(till)

        def take(number):
            sale = sales[number]
            return self.upload(users[number % 2], statement([(sale["payment"], f"Q{number}", 300)], till.date, today(),
                                                            payout=f"P{number}"), f"{number}.csv")["run"]["matched_count"]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(take, range(len(sales))))

        users[0].post("/api/reconcile")
        rows = users[0].get("/api/payments?limit=500")["rows"]
        self.assertEqual({row["state"] for row in rows}, {"matched"})
        places = {(row["statement"]["import"], row["statement"]["line"]) for row in rows}
        self.assertEqual(len(places), len(sales), "no line stands in two pairs")
        self.assertEqual(sum(run["matched_count"] for run in users[0].get("/api/reconciliation/runs?limit=500")["rows"]),
                         len(sales))

    def test_screens_hear_that_something_changed(self):
        user = self.service.sign_in("sato")
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=20)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/events", headers={"Cookie": user.cookie})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        user.post("/api/reconcile")
        heard = b""
        while b'"what":"discrepancies"' not in heard:
            heard += answer.fp.readline()
        self.assertIn(b"event: changed", heard)


if __name__ == "__main__":
    unittest.main(verbosity=2)
