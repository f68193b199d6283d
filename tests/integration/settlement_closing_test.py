"""年度締め: a fiscal year declared final by two people, in a clock that the test moves. Runs the program of $MADOGUCHI_BUILD."""
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "year"))

import finance_service
from desk import Desk
from finance_service import statement
from harness import store
from harness.http import Refused

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
MARCH = datetime.date(2026, 3, 20)
YEAR = 2025
FAKED = ("FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE", "FAKETIME_DONT_FAKE_MONOTONIC", "TZ", "LD_PRELOAD", "ASAN_OPTIONS")


class Closing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="closing-")
        self.addCleanup(shutil.rmtree, folder, True)
        before = {name: os.environ.get(name) for name in FAKED}
        self.addCleanup(self.give_back, before)
        self.desk = Desk(BUILD, folder, json.loads(finance_service.MASTERS.read_text()), datetime.date(2026, 3, 20))
        self.addCleanup(lambda: self.desk.service.__exit__())
        self.desk.open()
        self.till = self.desk.service.add_till("KO-01", date=MARCH)
        self.till.open_day()
        self.paid = self.till.sell("paypay", ("koseki", 2))
        self.till.sell_for_cash(("joseki", 1))
        self.desk.service.wait_for_ledger(self.till)
        self.desk.at("2026-04-02", 9)

    @staticmethod
    def give_back(before):
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})

    def refuse(self, status, code, who, deed, reason="確認した"):
        with self.assertRaises(Refused) as refused:
            who.post(f"/api/closing/{deed}", {"fiscal_year": YEAR, "reason": reason})
        self.assertEqual((refused.exception.status, refused.exception.code), (status, code), refused.exception)
        return str(refused.exception)

    def act(self, who, deed):
        return who.post(f"/api/closing/{deed}", {"fiscal_year": YEAR, "reason": "決算のため"})

    def checks(self):
        return {row["code"]: row["count"] for row in self.desk.user.get(f"/api/closing?fiscal_year={YEAR}")["checks"]}

    def close(self):
        self.desk.assess()
        self.desk.at("2026-06-01", 9)
        self.act(self.desk.user, "propose")
        return self.act(self.desk.approver, "approve")

    def test_a_year_is_closed_by_two_people_after_its_closing_day_and_not_before_everything_is_done(self):
        desk = self.desk
        self.assertIn("2026-05-31", self.refuse(409, "cannot_close", desk.user, "propose"))
        desk.user.post("/api/assessments/draft", {})
        self.assertEqual(self.checks()["waiting"], 2)
        desk.assess()
        self.assertEqual(set(self.checks().values()), {0})
        year = desk.user.get(f"/api/closing?fiscal_year={YEAR}")
        self.assertEqual((year["can_close"], year["is_after_closing_day"], year["assessed_count"]), (False, False, 2))
        self.assertEqual(year["received_yen"] + year["outstanding_yen"], year["assessed_yen"])
        self.assertEqual(year["outstanding_yen"], self.paid["total_yen"], "what was paid cashless is not in the bank yet")

        desk.at("2026-06-01", 9)
        desk.user.post("/api/reconcile", {})
        beside = {row["code"]: (row["count"], row["yen"], row["forbids"]) for row in desk.user.get(f"/api/closing?fiscal_year={YEAR}")["checks"] if row["count"]}
        self.assertEqual(beside, {"discrepancies": (1, self.paid["total_yen"], False)}, "no statement has come; it is shown, and forbids nothing")
        self.refuse(409, "wrong_state", desk.approver, "approve")
        self.refuse(400, "invalid_request", desk.user, "propose", reason="")
        proposed = self.act(desk.approver, "propose")["closings"][0]
        self.assertEqual(proposed["state"], "proposed")
        self.refuse(409, "wrong_state", desk.user, "propose")
        self.refuse(403, "own_approval", desk.approver, "approve")
        self.refuse(403, "no_right", desk.user, "approve")
        self.act(desk.user, "withdraw")
        self.act(desk.user, "propose")
        closed = self.act(desk.approver, "approve")
        self.assertEqual([row["state"] for row in closed["closings"]], ["closed", "withdrawn"])
        self.refuse(409, "wrong_state", desk.user, "withdraw")
        self.refuse(409, "wrong_state", desk.user, "propose")
        self.assertEqual(desk.audit(), [])

    def test_figures_that_change_after_the_proposal_are_looked_at_again(self):
        desk = self.desk
        desk.assess()
        desk.at("2026-06-01", 9)
        self.act(desk.user, "propose")
        rows = [{"reference": self.paid["payment"], "acquirer": self.paid["acquirer_reference"], "yen": self.paid["total_yen"]}]
        desk.bring("aggregator-daily", "a.csv", statement(rows, MARCH, datetime.date(2026, 4, 10)))
        desk.bring("zengin-03", "bank.txt", finance_service.bank_record([(self.paid["total_yen"] - self.paid["total_yen"] * 2 // 100, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")],
                                                                        datetime.date(2026, 4, 10)))
        if desk.user.get(f"/api/closing?fiscal_year={YEAR}")["received_yen"] == self.desk.user.get(f"/api/closing?fiscal_year={YEAR}")["closings"][0]["received_yen"]:
            self.fail("the deposit was to change what has come")
        self.assertIn("提案し直して", self.refuse(409, "figures_changed", desk.approver, "approve"))
        self.act(desk.user, "withdraw")
        self.act(desk.user, "propose")
        self.assertEqual(self.act(desk.approver, "approve")["closings"][0]["state"], "closed")

    def test_what_is_found_after_the_closing_is_income_of_the_new_year_and_a_void_changes_nothing_of_the_old_one(self):
        desk = self.desk
        closed = self.close()
        before = closed["closings"][0]["record_sha256"]
        self.till.sell_for_cash(("juminhyo", 1))
        desk.service.wait_for_ledger(self.till)
        desk.assess()
        rows = {row["fiscal_year"] for row in desk.rows("/api/assessments?state=exported")}
        self.assertEqual(rows, {YEAR, YEAR + 1})
        again = desk.user.get(f"/api/closing?fiscal_year={YEAR}")
        self.assertEqual((again["assessed_yen"], again["closings"][0]["record_sha256"]), (closed["assessed_yen"], before))
        self.assertEqual(desk.audit(), [])

    def test_the_tables_refuse_every_change_of_a_closed_year(self):
        self.close()
        connection = store.connect(self.desk.service.database)
        self.addCleanup(connection.close)
        for sql in (f"INSERT INTO assessment (municipality, fiscal_year) VALUES ('072036', {YEAR})", "UPDATE assessment SET summary = 'x'",
                    "DELETE FROM assessment", "UPDATE year_closing SET state = 'withdrawn'", "DELETE FROM year_closing"):
            with self.subTest(sql), self.assertRaisesRegex(Exception, "the fiscal year is closed|an approved assessment is not|a closing is not deleted|about a closing is not changed"):
                connection.execute(sql)

    def test_a_draft_of_the_new_year_cannot_be_moved_into_the_closed_one(self):
        self.close()
        self.till.sell_for_cash(("juminhyo", 1))
        self.desk.service.wait_for_ledger(self.till)
        self.desk.user.post("/api/assessments/draft", {})
        connection = store.connect(self.desk.service.database)
        self.addCleanup(connection.close)
        drafts = connection.execute(f"SELECT count(*) FROM assessment WHERE fiscal_year = {YEAR + 1}").fetchone()[0]
        self.assertGreater(drafts, 0)
        with self.assertRaisesRegex(Exception, "the fiscal year is closed"):
            connection.execute(f"UPDATE assessment SET fiscal_year = {YEAR} WHERE fiscal_year = {YEAR + 1}")

    @unittest.skipIf(store.is_postgresql(), "tables are broken by SQLite's own hand")
    def test_what_is_changed_in_a_closed_year_by_hand_is_found_to_the_yen(self):
        closed = self.close()
        self.assertEqual(self.desk.audit(), [])
        self.desk.service.process.kill()
        database = self.desk.service.database
        subprocess.run(["sqlite3", database, "PRAGMA wal_checkpoint(TRUNCATE)"], capture_output=True, check=True)
        sound = database.read_bytes()
        yen = closed["assessed_yen"]
        for sql, wanted in (("UPDATE year_closing SET assessed_yen = assessed_yen + 7, outstanding_yen = outstanding_yen + 7", ("closed_year_differs", yen + 7, yen)),
                            ("UPDATE year_closing SET record_sha256 = 'x'", ("closed_year_differs", yen, yen)),
                            ("UPDATE assessment SET tax_yen = 1 WHERE serial = 1", ("closed_year_differs", yen, yen)),
                            ("UPDATE year_closing SET decided_by = 'ito'", ("closing_differs", yen, yen)),
                            ("UPDATE year_closing SET proposed_by = 'ito'", ("closing_differs", yen, yen)),
                            ("UPDATE year_closing SET reason = 'x'", ("closing_differs", yen, yen)),
                            ("UPDATE year_closing SET decided_reason = 'x'", ("closing_differs", yen, yen)),
                            ("UPDATE year_closing SET received_yen = received_yen + 5, outstanding_yen = outstanding_yen - 5", ("closing_differs", yen, yen)),
                            ("UPDATE year_closing SET state = 'withdrawn'", ("closing_differs", yen, yen)),
                            ("DELETE FROM year_closing", ("closing_missing", yen, 0)),
                            ("DELETE FROM access_log WHERE what = 'year_close_approve'", ("deed_unrecorded", 0, yen))):
            with self.subTest(sql):
                for name in ("settlement.db-wal", "settlement.db-shm"):
                    (database.parent / name).unlink(missing_ok=True)
                database.write_bytes(sound)
                triggers = "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('assessment', 'year_closing', 'access_log')"
                drops = subprocess.run(["sqlite3", database, triggers], capture_output=True, text=True, check=True).stdout
                subprocess.run(["sqlite3", database, drops + sql], check=True)
                found = [(one["code"], one["expected_yen"], one["found_yen"]) for one in self.desk.audit()]
                self.assertIn(wanted, found)


if __name__ == "__main__":
    unittest.main()
