"""The night's work: match, draft, copy the database, audit the copy; and a copy put in place of a lost database."""
import json
import os
import pathlib
import sqlite3
import unittest

from finance_service import statement, today
from settlement_finance_test import FinanceTest
from harness.process import ROOT, wait_until


class Nightly(FinanceTest):
    def setUp(self):
        super().setUp()
        self.copies = pathlib.Path(self.folder) / "copies"
        self.copies.mkdir()
        self.till = self.sold_till()
        self.service.wait_for_ledger(self.till)

    def nightly(self, *words, expect=0):
        return self.service.run("nightly", "--backup-folder", self.copies, *words, expect=expect)

    def names(self):
        return sorted(file.name for file in self.copies.iterdir())

    def old_copies(self, count):
        for day in range(1, count + 1):
            (self.copies / f"madoguchi-202601{day:02}-033000.db").write_bytes(b"old")

    def test_it_matches_drafts_copies_and_audits_the_copy(self):
        said = self.nightly()
        user = self.service.sign_in("sato")
        self.assertEqual({row["class"] for row in user.get("/api/discrepancies")["rows"]}, {"pos_only"})
        self.assertGreater(len(user.get("/api/assessments?state=draft")["rows"]), 0)
        self.assertEqual(len(self.names()), 1)
        self.assertRegex(said, "監査: 控えの.*差異0件")
        entries = self.service.sign_in("kansa").get("/api/access-log")["rows"]
        self.assertEqual([(one["what_name"], one["after"]) for one in entries if one["what"] == "nightly"], [("夜間処理", "done")])

    def test_only_old_copies_of_its_own_go_and_only_when_the_new_one_is_good(self):
        self.old_copies(4)
        (self.copies / "my-own.db").write_bytes(b"keep")
        self.nightly("--copies", "2")
        names = self.names()
        self.assertEqual((len(names), names[0], names[-1]), (3, "madoguchi-20260104-033000.db", "my-own.db"))

    def test_a_wrong_figure_is_told_and_every_old_copy_stays(self):
        self.old_copies(4)
        self.service.process.kill()
        with sqlite3.connect(self.service.database) as database:
            database.execute("UPDATE sale SET total_yen = total_yen + 1 WHERE method = 'cash'")
        database.close()
        self.service.start()
        said = self.nightly("--copies", "2", expect=1)
        self.assertNotIn("差異0件", said)
        self.assertEqual(len(self.names()), 5)

    def test_files_of_the_services_own_layouts_are_read_again_when_their_folder_is_given(self):
        layouts = pathlib.Path(self.folder) / "layouts"
        layouts.mkdir()
        own = json.loads((ROOT / "settlement" / "statements" / "layouts" / "aggregator-daily.json").read_text())
        own["layout"] = "mihon-daily"
        (layouts / "mihon-daily.json").write_text(json.dumps(own, ensure_ascii=False))
        file = pathlib.Path(self.folder) / "mihon.csv"
        file.write_bytes(statement([("a", "Q1", 100)], self.till.date, today()))
        self.service.run("import", "--layout", "mihon-daily", "--file", file, "--layouts", layouts)

        self.assertIn("差異1件", self.nightly(expect=1))
        self.copies = pathlib.Path(self.folder) / "other-copies"  # copies are named by the second, and none is overwritten
        self.copies.mkdir()
        self.assertIn("差異0件", self.nightly("--layouts", layouts))

    def test_a_folder_that_is_gone_is_told_and_the_books_are_audited_all_the_same(self):
        said = self.service.run("nightly", "--backup-folder", pathlib.Path(self.folder) / "gone", expect=4)
        self.assertIn("控えの作成ができませんでした", said)
        self.assertRegex(said, "監査: .*差異0件")

    def test_a_copy_in_place_of_a_lost_database_gets_from_the_tills_what_came_after_it(self):
        self.nightly()
        self.till.sell_for_cash(("koseki", 1))
        later = self.till.sell_for_cash(("juminhyo", 1))
        self.service.wait_for_ledger(self.till)
        self.service.process.kill()
        refused = self.service.run_raw("restore", "--from", self.copies / self.names()[0], "--to", self.service.database)
        self.assertEqual(refused.returncode, 3, "a database that is there is not overwritten")
        for name in self.service.folder.glob("settlement.db*"):
            if name.suffix != ".masters-key":
                os.unlink(name)
        done = self.service.run_raw("restore", "--from", self.copies / self.names()[0], "--to", self.service.database)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("0 findings", done.stdout)
        self.service.start()
        told = self.till.send(len(self.till.lines))
        self.assertEqual((told.status, told.code), (409, "gap"))
        self.till.sent = told.json["acknowledged"]["sequence"]
        self.assertLess(self.till.sent, len(self.till.lines))
        self.service.wait_for_ledger(self.till)
        sale = self.service.sign_in("sato").get(f"/api/sales/{later['sale']}")["sale"]
        self.assertEqual(sale["amount_yen"], later["total_yen"])

    def test_the_service_makes_up_for_a_night_that_it_missed_and_does_none_twice(self):
        self.service.process.kill()
        config = self.service.folder / "settlement.conf"
        config.write_text(config.read_text() + f"[nightly]\nat = 00:00\nbackup_folder = {self.copies}\n")
        shown = None
        for _ in range(2):
            self.service.start()
            wait_until("the night's record", lambda: self.nights())
            if not shown:
                user = self.service.sign_in("sato")
                wait_until("the night's work to be shown as done", lambda: [work for work in user.get("/api/works")["rows"] if work["state"] == "done"])
                shown = [(work["kind_name"], work["by"]) for work in user.get("/api/works")["rows"]]
            self.service.process.stop()
        self.assertEqual(shown, [("夜間処理", "nightly")])
        self.assertEqual(len(self.nights()), len(set(self.nights())))
        self.assertEqual(len(self.names()), len(self.nights()))

    def test_a_service_that_is_stopped_at_any_moment_of_the_night_leaves_it_whole_or_to_be_made_up_for(self):
        self.service.process.kill()
        config = self.service.folder / "settlement.conf"
        config.write_text(config.read_text() + f"[nightly]\nat = 00:00\nbackup_folder = {self.copies}\n")
        for _ in range(4):  # it is stopped as soon as it listens: in the night's work, before it or after
            self.service.start()
            self.service.process.stop()
        self.service.start()
        wait_until("the night's record", lambda: self.nights())
        self.service.process.stop()
        self.assertEqual(len(self.nights()), len(set(self.nights())))
        self.assertGreaterEqual(len(self.names()), 1)
        self.service.run("audit")

    def nights(self):
        with sqlite3.connect(f"file:{self.service.database}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT object FROM access_log WHERE what = 'nightly'").fetchall()
        database.close()
        return [row[0] for row in rows]


class Hours(FinanceTest):
    def test_an_hour_that_is_none_is_refused_with_its_place(self):
        self.service.process.kill()
        config = self.service.folder / "settlement.conf"
        for at in ("24:00", "3:30", "noon"):
            config.write_text(f"[listen]\nport = 0\n[store]\ndatabase = settlement.db\n[nightly]\nat = {at}\n")
            done = self.service.run_raw("serve", "--config", config, database=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, r"settlement\.conf:6: ")


if __name__ == "__main__":
    unittest.main(verbosity=2)
