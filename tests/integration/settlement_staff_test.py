"""職員: who may sign in, administered on a page, kept by the tables, told by the log. Runs the program of $MADOGUCHI_BUILD."""
import concurrent.futures
import datetime
import json
import os
import shutil
import tempfile
import unittest

from finance_service import PASSWORD, FinanceService, statement, today
from harness import store
from harness.finance import Finance
from harness.http import Refused

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
FIRST = "a first password"
OWN = "a password of one's own"


class Staff(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="staff-")
        self.addCleanup(shutil.rmtree, folder, True)
        self.service = FinanceService(BUILD, folder)
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        self.kanri = self.service.sign_in("kanri")

    def refuse(self, status, code, deed):
        with self.assertRaises(Refused) as refused:
            deed()
        self.assertEqual((refused.exception.status, refused.exception.code), (status, code), refused.exception)
        return str(refused.exception)

    def act(self, login, deed, who=None, **body):
        return (who or self.kanri).post(f"/api/staff/{login}/{deed}", body)

    def add(self, login, name="阿部 光", role="finance", password=FIRST):
        self.kanri.post("/api/staff", {"login": login, "name": name, "role": role, "password": password})

    def row(self, login):
        return next(row for row in self.kanri.get("/api/staff")["rows"] if row["login"] == login)

    def sign_in(self, login, password):
        return Finance(self.service.url, login, password)

    def log(self):
        return [(row["what"], row["object"], row["before"], row["after"], row["reason"]) for row in self.kanri.get("/api/access-log")["rows"] if row["object"] != "access_log"]

    def findings(self):
        done = self.service.run_raw("audit", "--json", database=True)
        return sorted(one["code"] for one in json.loads(done.stdout)["findings"])

    def test_a_person_is_added_changes_the_first_password_and_only_then_works(self):
        self.add("abe")
        row = self.row("abe")
        self.assertEqual((row["name"], row["role_name"], row["is_active"], row["must_change_password"], row["created_by"]["login"]),
                         ("阿部 光", "会計", True, True, "kanri"))
        abe = self.sign_in("abe", FIRST)
        self.assertTrue(abe.me["must_change_password"])
        self.refuse(403, "password_must_change", lambda: abe.get("/api/sales"))
        self.refuse(403, "password_must_change", lambda: abe.post("/api/assessments/draft"))
        self.refuse(400, "password_too_weak", lambda: abe.post("/api/me/password", {"old": FIRST, "new": FIRST}))
        abe.post("/api/me/password", {"old": FIRST, "new": OWN})
        self.assertEqual(abe.get("/api/sales")["rows"], [])
        self.assertFalse(self.row("abe")["must_change_password"])
        self.assertFalse(self.sign_in("abe", OWN).me["must_change_password"])
        self.assertEqual(self.findings(), [])

    def test_who_is_sent_away_is_out_at_once_and_every_deed_is_in_the_log_with_before_and_after(self):
        sato = self.service.sign_in("sato")
        self.act("sato", "deactivate", reason="異動")
        self.refuse(401, "not_signed_in", lambda: sato.get("/api/today"))
        self.refuse(401, "login_failed", lambda: self.service.sign_in("sato"))
        self.assertIn("もう止めてあります", self.refuse(409, "wrong_state", lambda: self.act("sato", "deactivate")))
        self.act("sato", "reactivate", reason="復帰")
        self.act("sato", "change", name="佐藤 はな", role="approver", reason="昇任")
        self.assertIn("今と同じ", self.refuse(409, "wrong_state", lambda: self.act("sato", "change", name="佐藤 はな", role="approver")))
        self.assertIn("approve", self.service.sign_in("sato").me["rights"])
        log = [entry for entry in self.log() if entry[1] == "staff:sato"]
        self.assertEqual([(entry[0], entry[4] or "") for entry in log],
                         [("user_changed", "昇任"), ("user_reactivated", "復帰"), ("user_deactivated", "異動"), ("user_added", "")])
        for later, earlier in zip(log, log[1:]):
            self.assertEqual(later[2], earlier[3], "each deed begins where the one before ended")
        self.assertRegex(log[0][3], "^role=approver active=1 first_password=0 password=[0-9a-f]{16} name=佐藤 はな$")
        self.assertEqual(self.findings(), [])

    def test_a_password_given_again_ends_the_sessions_and_is_for_once(self):
        sato = self.service.sign_in("sato")
        self.refuse(400, "password_too_weak", lambda: self.act("sato", "password", password="short"))
        self.act("sato", "password", password=FIRST)
        self.refuse(401, "not_signed_in", lambda: sato.get("/api/today"))
        self.refuse(401, "login_failed", lambda: self.sign_in("sato", PASSWORD))
        self.assertTrue(self.sign_in("sato", FIRST).me["must_change_password"])
        self.assertEqual(self.findings(), [])

    def test_nobody_decides_about_themselves_and_the_last_administrator_stays(self):
        self.refuse(403, "own_staff", lambda: self.act("kanri", "deactivate"))
        self.refuse(403, "own_staff", lambda: self.act("kanri", "change", name="管理 次郎", role="approver"))
        self.refuse(403, "own_staff", lambda: self.act("kanri", "password", password=FIRST))
        self.act("kanri", "change", name="管理 二郎", role="administrator")
        self.assertEqual(self.row("kanri")["name"], "管理 二郎")
        connection = store.connect(self.service.database)
        self.addCleanup(connection.close)
        for sql, words in (("UPDATE staff SET is_active = 0 WHERE login = 'kanri'", "the last administrator stays"),
                           ("UPDATE staff SET role = 'auditor' WHERE login = 'kanri'", "the last administrator stays"),
                           ("DELETE FROM staff WHERE login = 'sato'", "nobody is deleted"),
                           ("UPDATE staff SET login = 'kage' WHERE login = 'sato'", "the records name people by login")):
            with self.subTest(sql), self.assertRaisesRegex(Exception, words):
                connection.execute(sql)

    def test_two_administrators_who_send_each_other_away_at_once_leave_one(self):
        for number in range(3):
            login = f"kanri{number}"
            self.service.add_user(login, "管理 三郎", "administrator")
            people = {name: self.service.sign_in(name) for name in ("kanri", login)}

            def send_away(pair):
                try:
                    self.act(pair[1], "deactivate", who=people[pair[0]])
                    return True
                except Refused as refused:
                    self.assertIn(refused.code, ("last_administrator", "session_expired", "not_signed_in"), refused)
                    return False

            with concurrent.futures.ThreadPoolExecutor() as both:
                done = list(both.map(send_away, (("kanri", login), (login, "kanri"))))
            self.assertEqual(sorted(done), [False, True])
            if done[1]:
                self.kanri = people[login]
                self.act("kanri", "reactivate")
                self.kanri = self.service.sign_in("kanri")
                self.act(login, "deactivate")
            else:
                self.kanri = people["kanri"]
        self.assertEqual(self.findings(), [])

    def test_what_is_malformed_or_not_theirs_is_refused_in_words(self):
        for body, code in (({"login": "Abe"}, "login_malformed"), ({"login": "cli"}, "login_malformed"), ({"name": ""}, "name_malformed"),
                           ({"name": "あ" * 41}, "name_malformed"), ({"name": "阿部\n光"}, "name_malformed"),
                           ({"password": "short"}, "password_too_weak"), ({"role": "mayor"}, "invalid_request"),
                           ({"login": 7}, "invalid_request")):
            with self.subTest(body):
                self.refuse(400, code, lambda body=body: self.kanri.post("/api/staff", {"login": "abe", "name": "阿部", "role": "finance", "password": FIRST, **body}))
        self.assertIn("既に使われています", self.refuse(409, "login_taken", lambda: self.add("sato")))
        self.refuse(404, "not_found", lambda: self.act("nobody", "deactivate"))
        self.refuse(400, "invalid_request", lambda: self.act("sato", "deactivate", reason="あ" * 1001))
        for login in ("sato", "suzuki", "kansa"):
            who = self.service.sign_in(login)
            with self.subTest(login):
                self.refuse(403, "no_right", lambda who=who: who.get("/api/staff"))
                self.refuse(403, "no_right", lambda who=who: self.act("ito", "deactivate", who=who))
        self.assertEqual(len(self.kanri.get("/api/staff")["rows"]), 5)

    def proposed(self):
        """調定 of two 所属, proposed by sato: {section: row}."""
        user = self.service.sign_in("sato")
        till = self.service.add_till("KO-01", date=today() - datetime.timedelta(days=1))
        till.open_day()
        till.sell_for_cash(("joseki", 1))
        till.sell_for_cash(("museum", 2))
        self.service.wait_for_ledger(till)
        user.post("/api/assessments/draft", {})
        rows = user.get("/api/assessments?state=draft")["rows"]
        rows = user.post("/api/assessments/propose", {"assessments": [{"id": row["id"], "version": row["version"]} for row in rows]})["rows"]
        found = {row["section"]["code"]: row for row in rows}
        self.assertEqual(len(found), 2, rows)
        return found

    def approve(self, who, *rows):
        return who.post("/api/assessments/approve", {"assessments": [{"id": row["id"], "version": row["version"]} for row in rows]})["rows"]

    def test_an_approver_of_some_sections_approves_no_others_neither_here_nor_by_hand(self):
        rows = self.proposed()
        (mine, my_row), (other, other_row) = sorted(rows.items())
        self.act("suzuki", "sections", sections=[mine], reason="所属の承認者")
        self.assertEqual(self.row("suzuki")["sections"], [mine])
        suzuki = self.service.sign_in("suzuki")
        self.assertEqual(suzuki.me["user"]["sections"], [mine])
        self.assertNotIn("approve", suzuki.get(f"/api/assessments/{other_row['id']}")["actions"])
        self.assertIn("approve", suzuki.get(f"/api/assessments/{my_row['id']}")["actions"])
        self.refuse(403, "other_section", lambda: self.approve(suzuki, other_row))
        self.refuse(403, "other_section", lambda: self.approve(suzuki, my_row, other_row))
        connection = store.connect(self.service.database)
        self.addCleanup(connection.close)
        with self.assertRaisesRegex(Exception, "the approver approves for other sections"):
            connection.execute("UPDATE assessment SET state = 'approved', approved_by = 'suzuki', approved_at_ms = 1, serial = 1"
                               f" WHERE assessment = {other_row['id']}")
        connection.rollback()
        self.approve(suzuki, my_row)
        self.approve(self.service.sign_in("ito"), other_row)
        self.assertEqual(self.findings(), [])
        if not store.is_postgresql():
            connection.execute("DROP TRIGGER assessment_is_frozen")
            connection.execute(f"UPDATE assessment SET section = '{other}' WHERE assessment = {my_row['id']}")
            connection.commit()
            self.assertIn("approved_out_of_section", self.findings())

    def test_sections_are_an_approvers_and_go_with_the_role(self):
        self.act("suzuki", "sections", sections=["shimin", "bijutsukan", "shimin"])
        self.assertEqual(self.row("suzuki")["sections"], ["bijutsukan", "shimin"])
        self.assertIn("今と同じ", self.refuse(409, "wrong_state", lambda: self.act("suzuki", "sections", sections=["bijutsukan", "shimin"])))
        self.refuse(409, "wrong_state", lambda: self.act("sato", "sections", sections=["shimin"]))
        self.assertIn("マスタにありません", self.refuse(400, "invalid_request", lambda: self.act("suzuki", "sections", sections=["nowhere"])))
        for sections in ("shimin", [1], ["shimin"] * 101, None):
            with self.subTest(str(sections)[:20]):
                self.refuse(400, "invalid_request", lambda sections=sections: self.act("suzuki", "sections", sections=sections))
        suzuki = self.service.sign_in("suzuki")
        suzuki.post("/api/me/password", {"old": PASSWORD, "new": OWN})
        self.assertRegex(self.log()[0][3], "^role=approver active=1 first_password=0 password=[0-9a-f]{16} sections=bijutsukan,shimin name=鈴木 一郎$")
        self.act("suzuki", "change", name="鈴木 一郎", role="finance")
        self.act("suzuki", "change", name="鈴木 一郎", role="approver")
        self.assertEqual(self.row("suzuki")["sections"], [])
        self.assertEqual(self.findings(), [])

    def test_who_looks_at_the_log_a_file_or_a_signed_line_is_in_the_log(self):
        till = self.service.add_till("KO-01", date=today() - datetime.timedelta(days=1))
        till.open_day()
        paid = till.sell("paypay", ("joseki", 1))
        self.service.wait_for_ledger(till)
        sato, kansa = self.service.sign_in("sato"), self.service.sign_in("kansa")
        content = statement([(paid["payment"], paid["acquirer_reference"], paid["total_yen"])], till.date, today() + datetime.timedelta(days=20))
        got = sato.post("/api/imports?layout=aggregator-daily&file=a.csv", content, "application/octet-stream")
        number = got["import"]["id"]
        self.assertEqual(sato.get(f"/api/imports/{number}/file", raw=True), content)
        kansa.get("/api/journal/KO-01/2")
        self.refuse(404, "not_found", lambda: kansa.get("/api/journal/KO-01/999"))
        self.refuse(404, "not_found", lambda: kansa.get("/api/imports/999/file"))
        for listed in ("/api/imports", "/api/sales", "/api/journal/KO-01", f"/api/imports/{number}"):
            kansa.get(listed)
        first = kansa.get(f"/api/access-log?limit=2&from={today()}")
        kansa.get(f"/api/access-log?limit=2&from={today()}&after={first['next']}")

        seen = [(row["what"], row["object"], row["by"]["login"], row["after"]) for row in kansa.get("/api/access-log")["rows"]
                if row["what"].endswith("viewed") or row["what"].endswith("downloaded")]
        self.assertEqual(seen, [("access_log_viewed", "access_log", "kansa", f"from={today()} to= login="),
                                ("journal_line_viewed", "journal:KO-01:2", "kansa", None),
                                ("import_downloaded", f"import_file:{number}", "sato", None)])
        self.assertNotIn("import_downloaded", [entry["what"] for entry in sato.get(f"/api/imports/{number}").get("history", [])])
        self.assertEqual(self.findings(), [])

    def test_the_list_goes_on_page_by_page(self):
        seen, after = [], None
        while True:
            page = self.kanri.get("/api/staff?limit=2" + (f"&after={after}" if after else ""))
            seen += [row["login"] for row in page["rows"]]
            after = page["next"]
            if after is None:
                break
        self.assertEqual(seen, ["ito", "kanri", "kansa", "sato", "suzuki"])

    def test_staff_that_were_changed_by_hand_are_found_by_the_audit(self):
        self.add("abe")
        self.assertEqual(self.findings(), [])
        connection = store.connect(self.service.database)
        self.addCleanup(connection.close)
        added = ("INSERT INTO staff (municipality, login, name, role, password_hash, is_active, created_at_ms, created_by)"
                 " VALUES ('072036', 'kage', '影', 'approver', 'x', 1, 1, 'cli')")
        for sql, back, code in (("UPDATE staff SET role = 'approver' WHERE login = 'sato'", "UPDATE staff SET role = 'finance' WHERE login = 'sato'", "staff_differs"),
                                ("UPDATE staff SET is_active = 0 WHERE login = 'sato'", "UPDATE staff SET is_active = 1 WHERE login = 'sato'", "staff_differs"),
                                ("UPDATE staff SET must_change_password = 0 WHERE login = 'abe'", "UPDATE staff SET must_change_password = 1 WHERE login = 'abe'", "staff_differs"),
                                ("UPDATE staff SET password_hash = password_hash || '0' WHERE login = 'ito'", None, "staff_differs"),
                                ("INSERT INTO staff_scope VALUES ('072036', 'suzuki', 'section', 'shimin')", "DELETE FROM staff_scope", "staff_differs"),
                                (added, None, "staff_unrecorded")):
            with self.subTest(sql):
                before = self.findings()
                connection.execute(sql)
                connection.commit()
                self.assertEqual(self.findings(), sorted([*before, code]))
                if back:
                    connection.execute(back)
                    connection.commit()


if __name__ == "__main__":
    unittest.main()
