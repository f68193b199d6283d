"""Refunds of the finance desk: asked, approved by a second person, paid by 口座振込 or by the processor, in the books of the right year.
Runs the program of $MADOGUCHI_BUILD in a clock that the test moves."""
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "year"))

import finance_service
from desk import Desk
from finance_service import statement
from harness import store
from harness.http import Refused

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
DAY = datetime.date(2026, 3, 20)
FAKED = ("FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE", "FAKETIME_DONT_FAKE_MONOTONIC", "TZ", "LD_PRELOAD", "ASAN_OPTIONS")
ACCOUNT = {"code": "kaikei", "name": "会計管理者口座", "consignor_code": "0720361234", "consignor_kana": "ｺｵﾘﾔﾏｼ ｶｲｹｲｶﾝﾘｼﾔ", "bank": "0126", "bank_kana": "ﾄｳﾎｳ",
           "branch": "201", "branch_kana": "ｺｵﾘﾔﾏ", "account_kind": "1", "account_number": "0001234"}
PAYEE = {"bank": "0126", "branch": "205", "account_kind": "1", "account_number": "0054321", "holder": "ヤマダ ハナコ"}


class DeskRefund(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="desk-refund-")
        self.addCleanup(shutil.rmtree, folder, True)
        before = {name: os.environ.get(name) for name in FAKED}
        self.addCleanup(lambda: [os.environ.pop(name, None) if value is None else os.environ.update({name: value}) for name, value in before.items()])
        document = {**json.loads(finance_service.MASTERS.read_text()), "transfer_accounts": [ACCOUNT]}
        for row in document["policies"] + [item for item in document["items"] if item["code"] in ("juminhyo", "joseki")]:
            row["valid_from"] = "2025-04-01"
        next(item for item in document["items"] if item["code"] == "joseki")["policy"] = "certificate"
        self.desk = Desk(BUILD, folder, document, DAY)
        self.addCleanup(lambda: self.desk.service.__exit__())
        self.desk.open()
        self.till = self.desk.service.add_till("KO-01", date=DAY)
        self.till.open_day()
        self.cash = self.till.sell_for_cash(("juminhyo", 2), ("koseki", 1))
        self.paid = self.till.sell("paypay", ("juminhyo", 1))
        self.forbidden = self.till.sell_for_cash(("joseki", 1))
        self.desk.service.wait_for_ledger(self.till)
        self.desk.at("2026-03-25", 9)

    def ask(self, who=None, sale=None, means="bank_transfer", **more):
        return (who or self.desk.user).post("/api/refunds", {"sale": (sale or self.cash)["sale"], "means": means, "reason": "重ねて請求した", **more})["refund"]

    def refuse(self, status, code, call, *words):
        with self.assertRaises(Refused) as refused:
            call(*words)
        self.assertEqual((refused.exception.status, refused.exception.code), (status, code), refused.exception)
        return str(refused.exception)

    def approve(self, refund):
        self.desk.approver.post(f"/api/refunds/{refund}/approve", {"reason": "申出書を見た"})

    def one(self, refund):
        return self.desk.user.get(f"/api/refunds?state=all&refund={refund}")["rows"][0]

    def transfer(self, day):
        made = self.desk.user.post("/api/refund-transfers", {"pay_on": day})
        return made["rows"][0]

    def test_a_refund_is_asked_approved_by_another_paid_by_transfer_and_taken_out_of_the_assessment(self):
        desk = self.desk
        desk.assess()
        refund = self.ask(lines=[{"line": 1, "amount_yen": 350}])
        row = self.one(refund)
        self.assertEqual((row["state_name"], row["amount_yen"], row["treatment_name"], row["is_of_desk"]), ("承認待ち", 350, "戻出・減額調定", True))
        self.assertEqual(row["lines"], [{"line": 1, "amount_yen": 350}])
        self.refuse(409, "nothing_to_pay", desk.user.post, "/api/refund-transfers", {"pay_on": "2026-03-30"})
        self.refuse(403, "no_right", desk.user.post, f"/api/refunds/{refund}/approve", {})
        self.approve(refund)
        self.assertEqual(self.one(refund)["state_name"], "承認済み・未払い")
        self.refuse(409, "wrong_state", desk.approver.post, f"/api/refunds/{refund}/approve", {})
        self.refuse(409, "nothing_to_pay", desk.user.post, "/api/refund-transfers", {"pay_on": "2026-03-30"})
        desk.user.post(f"/api/refunds/{refund}/payee", PAYEE)
        self.assertEqual(desk.user.get(f"/api/refunds/{refund}/payee")["holder"], "ﾔﾏﾀﾞ ﾊﾅｺ")
        file = self.transfer("2026-03-30")
        self.assertEqual((file["item_count"], file["amount_yen"], file["state_name"]), (1, 350, "振込待ち"))
        self.refuse(409, "in_transfer", desk.user.post, f"/api/refunds/{refund}/withdraw", {"reason": "取りやめ"})
        self.refuse(409, "in_transfer", desk.user.post, f"/api/refunds/{refund}/payee", PAYEE)
        text = desk.user.get(f"/api/refund-transfers/{file['id']}/file", raw=True)
        records = text.split(b"\r\n")
        self.assertEqual([len(record) for record in records], [120, 120, 120, 120, 0])
        self.assertEqual(records[0][:14] + records[0][54:62], b"12100720361234" + b"03300126")
        self.assertEqual(records[1][80:90], b"0000000350")
        self.assertEqual(records[1][50:80].decode("cp932").rstrip(), "ﾔﾏﾀﾞ ﾊﾅｺ")
        self.assertEqual(records[2][:19], b"8000001000000000350")
        self.refuse(400, "too_early", desk.approver.post, f"/api/refund-transfers/{file['id']}/done", {})
        desk.at("2026-03-30", 15)
        self.refuse(403, "no_right", desk.user.post, f"/api/refund-transfers/{file['id']}/done", {})
        desk.approver.post(f"/api/refund-transfers/{file['id']}/done", {})
        row = self.one(refund)
        self.assertEqual((row["state"], row["ended_on"], row["ended_approved_by"], row["ended_approved_name"]), ("paid", "2026-03-30", "suzuki", "鈴木 一郎"))
        desk.assess()
        kinds = {one["kind"]: one["amount_yen"] for one in desk.rows("/api/assessments?state=exported") if one["kind"] != "original"}
        self.assertEqual(kinds, {"decrease": 350})
        self.assertEqual(desk.audit(), [])
        pdf = desk.user.get(f"/api/refunds/{refund}/paper?format=pdf", raw=True)
        self.assertEqual(pdf[:5], b"%PDF-")
        desk.service.run("rebuild")
        self.assertEqual(self.one(refund)["state"], "paid")
        self.assertEqual(desk.audit(), [])

    def test_the_account_of_a_citizen_is_wiped_when_nobody_needs_it_any_more(self):
        desk = self.desk
        gone, waiting = self.ask(lines=[{"line": 1, "amount_yen": 100}]), self.ask(lines=[{"line": 1, "amount_yen": 100}])
        for refund in (gone, waiting):
            desk.user.post(f"/api/refunds/{refund}/payee", PAYEE)
        desk.user.post(f"/api/refunds/{gone}/withdraw", {"reason": "申出の取下げ"})
        for day, known in (("2026-06-23", True), ("2026-06-24", False)):
            desk.at(day, 9)
            desk.service.run("nightly", "--backup-folder", desk.service.folder, expect=4 if store.is_postgresql() else 0)  # whose copies are its own tools'
            self.assertEqual([desk.user.get(f"/api/refunds/{refund}/payee")["is_known"] for refund in (gone, waiting)], [known, True], day)

    def test_what_goes_back_after_the_books_closed_is_expenditure_and_changes_no_assessment(self):
        desk = self.desk
        desk.assess()
        desk.at("2026-06-01", 9)
        refund = self.ask()
        self.assertEqual((self.one(refund)["treatment"], self.one(refund)["treatment_year"]), ("expenditure", 2026))
        self.approve(refund)
        desk.user.post(f"/api/refunds/{refund}/payee", PAYEE)
        file = self.transfer("2026-06-01")
        desk.approver.post(f"/api/refund-transfers/{file['id']}/done", {})
        desk.assess()
        self.assertEqual([one["kind"] for one in desk.rows("/api/assessments?state=exported") if one["kind"] == "decrease"], [])
        self.assertEqual(desk.audit(), [])

    def test_never_more_than_the_sale_whoever_asks_and_however_many_at_once(self):
        desk = self.desk
        total = self.cash["total_yen"]
        self.refuse(409, "too_much", lambda: self.ask(lines=[{"line": 1, "amount_yen": total}]))
        answers = []

        def race(user):
            try:
                answers.append(self.ask(user))
            except Refused as refused:
                answers.append(refused.code)
        racers = [threading.Thread(target=race, args=(user,)) for user in (desk.user, desk.approver, desk.user, desk.approver)]
        [racer.start() for racer in racers]
        [racer.join() for racer in racers]
        self.assertEqual(sorted(answer for answer in answers if len(answer) < 36), ["nothing_left"] * 3)
        self.refuse(409, "nothing_left", self.ask)
        first = next(answer for answer in answers if len(answer) == 36)
        desk.user.post(f"/api/refunds/{first}/withdraw", {"reason": "申出の取下げ"})
        self.ask(lines=[{"line": 2}])
        self.refuse(409, "nothing_left", lambda: self.ask(lines=[{"line": 2}]))
        self.assertEqual(desk.audit(), [])

    def test_the_policy_of_what_was_sold_holds_unless_it_was_taken_by_mistake(self):
        self.assertIn("証明手数料", self.refuse(409, "policy_forbids", lambda: self.ask(sale=self.forbidden)))
        self.assertEqual(self.one(self.ask(sale=self.forbidden, is_by_mistake=True))["state"], "requested")
        self.refuse(400, "wrong_means", lambda: self.ask(means="gateway"))
        self.refuse(400, "wrong_means", lambda: self.ask(means="cash"))
        self.refuse(400, "invalid_request", lambda: self.ask(reason=" "))
        self.refuse(404, "not_found", lambda: self.ask(sale={"sale": "01900000-0000-7000-8000-000000000000"}))
        self.refuse(404, "not_found", lambda: self.ask(sale={"sale": "x"}))

    def test_who_asked_does_not_approve_and_who_made_the_file_does_not_say_that_it_was_paid(self):
        desk = self.desk
        refund = self.ask(desk.approver)
        self.refuse(403, "own_approval", desk.approver.post, f"/api/refunds/{refund}/approve", {})
        desk.service.add_user("ito", "伊藤 誠", "approver")
        ito = desk.service.sign_in("ito")
        ito.post(f"/api/refunds/{refund}/approve", {})
        for wrong, code in (({"bank": "12"}, "invalid_request"), ({"account_kind": "9"}, "invalid_request"), ({"holder": "山田花子"}, "wrong_name"),
                            ({"holder": ""}, "wrong_name"), ({"account_number": "12345678"}, "invalid_request")):
            self.refuse(400, code, desk.user.post, f"/api/refunds/{refund}/payee", {**PAYEE, **wrong})
        desk.user.post(f"/api/refunds/{refund}/payee", PAYEE)
        file = ito.post("/api/refund-transfers", {"pay_on": "2026-03-25"})["rows"][0]
        self.refuse(409, "same_person", ito.post, f"/api/refund-transfers/{file['id']}/done", {})
        self.refuse(400, "invalid_request", desk.approver.post, f"/api/refund-transfers/{file['id']}/done", {"failed": ["x"]})
        desk.approver.post(f"/api/refund-transfers/{file['id']}/done", {"failed": [refund]})
        self.assertEqual(self.one(refund)["state"], "requested")
        again = self.transfer("2026-03-26")
        desk.user.post(f"/api/refund-transfers/{again['id']}/discard", {"reason": "日付の誤り"})
        self.refuse(409, "wrong_state", desk.approver.post, f"/api/refund-transfers/{again['id']}/done", {})
        self.assertEqual(self.transfer("2026-03-27")["item_count"], 1)
        self.assertEqual(desk.audit(), [])

    def test_what_a_till_was_asked_for_is_taken_over_once_and_a_till_that_pays_it_too_is_found(self):
        desk = self.desk
        till = self.till
        asked = "01900000-0000-7000-8000-0000000000aa"
        till.append("refund.requested", refund=asked, sale=self.cash["sale"], receipt_number=self.cash["receipt_number"], amount_yen=350, means="bank_transfer",
                    reason="誤って請求", clerk="abe", approved_by=None, lines=[{"line": 1, "amount_yen": 350}])
        till.upload()
        desk.service.wait_for_ledger(till)
        waiting = desk.user.get("/api/refunds")["waiting_count"]
        taken = desk.user.post("/api/refunds", {"takes_over": asked, "means": "bank_transfer", "reason": "口座振込で返す"})["refund"]
        self.assertEqual((self.one(taken)["amount_yen"], self.one(asked)["state_name"], self.one(asked)["taken_over_by"]), (350, "会計が引き継ぎ", taken))
        self.assertEqual(desk.user.get("/api/refunds")["waiting_count"], waiting, "one of the two waits, not both")
        self.refuse(409, "taken_already", desk.user.post, "/api/refunds", {"takes_over": asked, "means": "bank_transfer", "reason": "もう一度"})
        self.assertEqual(desk.audit(), [])
        self.approve(taken)
        desk.user.post(f"/api/refunds/{taken}/payee", PAYEE)
        desk.approver.post(f"/api/refund-transfers/{self.transfer('2026-03-25')['id']}/done", {})
        self.assertEqual(desk.audit(), [])
        till.append("refund.paid", refund=asked, sale=self.cash["sale"], amount_yen=350, means="cash", clerk="abe", approved_by="kato")
        till.upload()
        desk.service.wait_for_ledger(till)
        self.assertIn(("refund_paid_twice", 350, 700), [(one["code"], one["expected_yen"], one["found_yen"]) for one in desk.audit()])

    def test_the_processor_gives_it_back_and_its_number_is_kept(self):
        desk = self.desk
        refund = self.ask(sale=self.paid, means="gateway")
        self.refuse(409, "wrong_state", desk.user.post, f"/api/refunds/{refund}/pay", {"paid_on": "2026-03-25", "proof": "R-1"})
        self.approve(refund)
        for day, proof in (("2026-03-26", "R-1"), ("2026-03-24", "R-1"), ("x", "R-1"), ("2026-03-25", "")):
            self.refuse(400, "invalid_request", desk.user.post, f"/api/refunds/{refund}/pay", {"paid_on": day, "proof": proof})
        desk.user.post(f"/api/refunds/{refund}/pay", {"paid_on": "2026-03-25", "proof": "R-1"})
        self.assertEqual((self.one(refund)["state"], self.one(refund)["means_name"], self.one(refund)["seen_line"]), ("paid", "決済の取消", None))
        self.assertEqual(desk.audit(), [])

    def test_the_line_of_a_statement_belongs_to_the_refund_that_the_processor_gave_back_whichever_comes_first(self):
        desk = self.desk
        reference, acquirer, yen = self.paid["payment"], self.paid["acquirer_reference"], self.paid["total_yen"]
        rows = [{"reference": reference, "acquirer": acquirer, "yen": yen, "kind": "売上"},
                {"reference": reference, "acquirer": "N1", "yen": -100, "kind": "返金"}, {"reference": reference, "acquirer": "N2", "yen": -100, "kind": "返金"},
                {"reference": reference, "acquirer": "N3", "yen": -150, "kind": "返金"}]
        first = self.ask(sale=self.paid, means="gateway", lines=[{"line": 1, "amount_yen": 100}])
        self.approve(first)
        desk.user.post(f"/api/refunds/{first}/pay", {"paid_on": "2026-03-25", "proof": "R-1"})
        desk.bring("aggregator-daily", "a.csv", statement(rows, DAY, datetime.date(2026, 4, 10)))
        self.assertEqual(self.one(first)["seen_line"], 3, "the first line of its yen")
        self.assertEqual(sorted(row["amount_yen"] for row in desk.rows("/api/discrepancies?state=open&class=reversal_only")), [-150, -100])
        self.assertEqual(desk.audit(), [])
        second = self.ask(sale=self.paid, means="gateway", lines=[{"line": 1, "amount_yen": 100}])
        self.approve(second)
        desk.user.post(f"/api/refunds/{second}/pay", {"paid_on": "2026-03-25", "proof": "R-2"})
        desk.user.post("/api/reconcile", {})
        self.assertEqual(self.one(second)["seen_line"], 4)
        self.assertEqual([row["amount_yen"] for row in desk.rows("/api/discrepancies?state=open&class=reversal_only")], [-150], "nobody here gave that back")
        self.assertEqual(desk.audit(), [])
        desk.service.run("rebuild")
        self.assertEqual([self.one(refund)["seen_line"] for refund in (first, second)], [3, 4])
        self.assertEqual(desk.audit(), [])
        connection = store.connect(desk.service.database)
        self.addCleanup(connection.close)
        connection.execute(f"UPDATE refund_seen SET line = 5 WHERE refund = '{second}'")
        connection.commit()
        found = {(one["code"], one["found_yen"]) for one in desk.audit()}
        self.assertIn(("match_unjustified", -150), found)
        self.assertIn("line_left_out", {code for code, _ in found})

    def test_a_sale_of_today_and_a_void_one_are_not_refunded(self):
        desk = self.desk
        self.till.date = datetime.date(2026, 3, 25)
        self.till.open_day()
        fresh = self.till.sell_for_cash(("juminhyo", 1))
        gone = self.till.sell_for_cash(("juminhyo", 1))
        self.till.void(gone)
        desk.service.wait_for_ledger(self.till)
        self.refuse(409, "same_day", lambda: self.ask(sale=fresh))
        self.refuse(409, "voided", lambda: self.ask(sale=gone))

    @unittest.skipIf(store.is_postgresql(), "tables are broken by SQLite's own hand")
    def test_what_is_changed_by_hand_is_found_to_the_yen(self):
        desk = self.desk
        refund = self.ask(lines=[{"line": 1, "amount_yen": 350}])
        self.approve(refund)
        desk.user.post(f"/api/refunds/{refund}/payee", PAYEE)
        file = self.transfer("2026-03-25")
        desk.approver.post(f"/api/refund-transfers/{file['id']}/done", {})
        self.assertEqual(desk.audit(), [])
        desk.service.process.kill()
        database = desk.service.database
        subprocess.run(["sqlite3", database, "PRAGMA wal_checkpoint(TRUNCATE)"], capture_output=True, check=True)
        sound = database.read_bytes()
        for sql, wanted in (("UPDATE refund SET approved_by = 'ito' WHERE terminal LIKE 'DESK-%'", ("refund_differs", 350, 350)),
                            ("DELETE FROM access_log WHERE what = 'refund_approve'", ("deed_unrecorded", 0, 350)),
                            ("DELETE FROM refund_transfer_item", ("transfer_sum_differs", 350, 0)),
                            ("UPDATE refund_transfer_item SET state = 'failed'", ("transfer_missing", 350, 0)),
                            ("UPDATE refund_transfer SET bytes = CAST(replace(CAST(bytes AS TEXT), '350', '360') AS BLOB)", ("transfer_damaged", 350, 360)),
                            ("UPDATE refund_transfer SET made_by = 'suzuki', decided_by = 'sato'", ("deed_unrecorded", 0, 350)),
                            ("DELETE FROM refund_transfer_item; DELETE FROM refund_transfer", ("transfer_missing", 350, 0)),
                            ("DELETE FROM journal_run WHERE terminal LIKE 'DESK-%' AND last = (SELECT max(last) FROM journal_run WHERE terminal LIKE 'DESK-%');"
                             " DELETE FROM refund WHERE terminal LIKE 'DESK-%'", ("desk_deed_missing", 350, 0))):
            with self.subTest(sql):
                for name in ("settlement.db-wal", "settlement.db-shm"):
                    (database.parent / name).unlink(missing_ok=True)
                database.write_bytes(sound)
                triggers = "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'"
                drops = subprocess.run(["sqlite3", database, triggers], capture_output=True, text=True, check=True).stdout
                subprocess.run(["sqlite3", database, "PRAGMA ignore_check_constraints = 1;" + drops + sql], check=True, capture_output=True)
                found = [(one["code"], one["expected_yen"], one["found_yen"]) for one in desk.audit()]
                self.assertIn(wanted, found)


if __name__ == "__main__":
    unittest.main()
