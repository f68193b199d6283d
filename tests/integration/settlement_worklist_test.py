"""The work list: what finance staff say about what does not agree, expect of it, take back, and pair by hand."""
import datetime
import json
import sqlite3
import unittest
import urllib.parse
import uuid

from finance_service import statement, today
from harness import store
from settlement_finance_test import OLD, FinanceTest

PAY_ON = today() - datetime.timedelta(days=3)


class WorkList(FinanceTest):
    def setUp(self):
        super().setUp()
        self.user = self.service.sign_in("sato")
        self.till = self.sold_till()
        self.service.wait_for_ledger(self.till)
        self.user.post("/api/reconcile")

    def tearDown(self):
        super().tearDown()
        columns = "municipality, class, due_on, "
        with store.connect(self.service.database) as database:
            kept = database.execute(f"SELECT {columns} open_count, awaiting_count, amount_yen FROM worklist_count "
                                    "ORDER BY 1, 2, 3").fetchall()
            counted = database.execute(
                f"SELECT {columns} count(*), sum(CASE WHEN state = 'awaiting_second' THEN 1 ELSE 0 END), sum(amount_yen) "
                f"FROM discrepancy WHERE state IN ('open', 'awaiting_second') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3").fetchall()
        database.close()
        self.assertEqual(kept, counted, "the counts kept beside the list are those of its rows")

    def rows(self, query=""):
        return self.user.get("/api/discrepancies?limit=500" + query)["rows"]

    def about(self, sale, query=""):
        return next(row for row in self.rows(query) if row["payment"] == sale["payment"])

    def detail(self, row):
        return self.user.get(f"/api/discrepancies/{row['id']}")

    def deed(self, row, verb, user=None, **members):
        version = self.detail(row)["discrepancy"]["version"]
        return (user or self.user).post(f"/api/discrepancies/{row['id']}/{verb}", {"version": version, **members})

    def strange_line(self, yen=600, reference="someone-elses", brand="paypay"):
        """The line of the till's QR sale, with a reference that the company has garbled."""
        self.upload(self.user, statement([(reference, "Q-garbled", yen)], self.till.date, PAY_ON, brand=brand))
        return next(row for row in self.rows("&class=statement_only"))


class Talk(WorkList):
    def test_comments_stay_in_order_with_their_authors_and_change_nothing_else(self):
        row = self.about(self.till.qr)
        self.deed(row, "comment", text="決済会社に電話した")
        detail = self.deed(row, "comment", self.service.sign_in("suzuki"), text="折り返し待ち")
        self.assertEqual([(one["by"]["login"], one["text"]) for one in detail["comments"]],
                         [("sato", "決済会社に電話した"), ("suzuki", "折り返し待ち")])
        self.assertEqual((detail["discrepancy"]["state"], detail["discrepancy"]["version"]), ("open", row["version"]))
        self.refuse(400, "invalid_request", self.deed, row, "comment", text="")

    def test_comments_can_neither_be_changed_nor_removed(self):
        self.deed(self.about(self.till.qr), "comment", text="記録")
        self.service.process.kill()
        with store.connect(self.service.database) as database:
            for sql in ("UPDATE discrepancy_comment SET text = ''", "DELETE FROM discrepancy_comment"):
                with self.assertRaises(sqlite3.IntegrityError):
                    database.execute(sql)
        database.close()
        self.service.start()

    def test_an_auditor_reads_and_says_nothing(self):
        row = self.about(self.till.qr)
        auditor = self.service.sign_in("kansa")
        self.assertEqual(auditor.get(f"/api/discrepancies/{row['id']}")["actions"], [])
        for verb in ("comment", "expect", "undo", "undo-stop"):
            self.refuse(403, "no_right", auditor.post, f"/api/discrepancies/{row['id']}/{verb}", {"text": "x"})
        self.refuse(403, "no_right", auditor.post, "/api/pairs", {})


class Expected(WorkList):
    def test_what_should_clear_by_itself_is_overdue_only_after_its_day(self):
        row = self.about(self.till.qr)
        until = str(today() + datetime.timedelta(days=30))
        detail = self.deed(row, "expect", on=until, reason="月末締めの明細に載る")
        self.assertEqual((detail["discrepancy"]["expected_on"], detail["discrepancy"]["due_on"]), (until, until))
        self.assertEqual([one["id"] for one in self.rows("&expected=1")], [row["id"]])
        self.assertNotIn(row["id"], [one["id"] for one in self.rows("&expected=0")])
        self.user.post("/api/reconcile")
        self.assertEqual(self.about(self.till.qr)["expected_on"], until, "a run forgets nothing that a person said")
        self.upload(self.user, statement([(self.till.qr["payment"], "x", 600)], self.till.date, PAY_ON))
        self.assertEqual(self.detail(row)["discrepancy"]["state"], "cleared")

    def test_no_longer_expected_has_its_old_deadline_again(self):
        row = self.about(self.till.qr)
        self.deed(row, "expect", on=str(today() + datetime.timedelta(days=30)), reason="待つ")
        detail = self.deed(row, "expect", reason="載らないと言われた")
        self.assertEqual((detail["discrepancy"]["expected_on"], detail["discrepancy"]["due_on"]), (None, row["due_on"]))

    def test_a_day_that_has_passed_or_is_too_far_is_refused(self):
        row = self.about(self.till.qr)
        for day in (today(), today() + datetime.timedelta(days=401), "2026-02-30"):
            self.refuse(400, "invalid_request", self.deed, row, "expect", on=str(day), reason="待つ")


class Undo(WorkList):
    def test_an_explanation_is_taken_back_by_one_person_and_the_payment_is_carried_on(self):
        row = self.about(self.till.qr)
        self.deed(row, "resolve", kind="explained", reason="確認した")
        self.user.post("/api/reconcile")  # the run that puts the payment aside
        detail = self.deed(row, "undo", reason="別の件だった")
        self.assertEqual((detail["discrepancy"]["state"], detail["discrepancy"]["resolution"]), ("open", None))
        self.user.post("/api/reconcile")
        self.assertEqual(self.detail(row)["discrepancy"]["state"], "open")
        self.upload(self.user, statement([(self.till.qr["payment"], "x", 600)], self.till.date, PAY_ON))
        self.assertEqual(self.detail(row)["discrepancy"]["state"], "cleared", "its line has come after all")
        self.assertEqual([entry["what"] for entry in self.detail(row)["history"]], ["undo", "resolve"])

    def test_a_line_that_was_judged_is_carried_on_again_too(self):
        row = self.strange_line()
        self.deed(row, "resolve", kind="duplicate_report", reason="重複と聞いた")
        self.user.post("/api/reconcile")
        self.deed(row, "undo", reason="重複ではなかった")
        self.user.post("/api/reconcile")
        self.assertEqual(self.detail(row)["discrepancy"]["state"], "open")

    def test_where_money_moves_the_second_person_agrees_to_take_it_back(self):
        suzuki, ito = self.service.sign_in("suzuki"), self.service.sign_in("ito")
        row = self.about(self.till.qr)
        self.deed(row, "resolve", kind="write_off", reason="回収できない")
        self.deed(row, "confirm", suzuki, decision="confirm")
        detail = self.deed(row, "undo", ito, reason="入金があった")
        self.assertEqual(detail["discrepancy"]["state"], "resolved")
        self.assertEqual(detail["discrepancy"]["undo"]["by"]["login"], "ito")
        self.assertEqual([one["id"] for one in self.rows("&state=undo_asked")], [row["id"]])
        self.refuse(403, "own_approval", self.deed, row, "undo-confirm", ito)
        self.refuse(403, "no_right", self.deed, row, "undo-confirm", self.user)
        self.refuse(409, "wrong_state", self.deed, row, "undo", reason="もう一度")
        detail = self.deed(row, "undo-confirm", suzuki)
        self.assertEqual(detail["discrepancy"]["state"], "open")
        self.assertEqual(self.rows("&state=undo_asked"), [])

    def test_a_line_of_nobody_is_held_in_suspense_by_two_people_and_comes_back_by_two(self):
        suzuki, ito = self.service.sign_in("suzuki"), self.service.sign_in("ito")
        row = self.strange_line(yen=700)
        detail = self.deed(row, "resolve", kind="suspense", reason="持ち主が分かるまで仮受金とする")
        self.assertEqual(detail["discrepancy"]["state"], "awaiting_second")
        self.refuse(403, "no_right", self.deed, row, "confirm", decision="confirm")
        detail = self.deed(row, "confirm", suzuki, decision="confirm")
        made = detail["discrepancy"]["resolution"]
        self.assertEqual((detail["discrepancy"]["state"], made["kind_name"], made["by"]["login"], made["confirmed_by"]["login"]),
                         ("resolved", "仮受金・仮払金とする", "sato", "suzuki"))
        for _ in range(2):  # no run, and no rebuild, opens it again
            self.user.post("/api/reconcile")
            self.assertEqual(self.rows("&class=statement_only"), [])
            self.service.run("audit")
            self.service.run("rebuild", "--matching")
        self.deed(row, "undo", ito, reason="持ち主が分かった")
        self.refuse(403, "own_approval", self.deed, row, "undo-confirm", ito)
        self.assertEqual(self.deed(row, "undo-confirm", suzuki)["discrepancy"]["state"], "open")
        self.user.post("/api/reconcile")
        self.assertEqual([one["id"] for one in self.rows("&class=statement_only")], [row["id"]])
        self.service.run("audit")

    def test_a_request_to_take_back_can_be_dropped(self):
        suzuki, ito = self.service.sign_in("suzuki"), self.service.sign_in("ito")
        row = self.about(self.till.qr)
        self.deed(row, "resolve", kind="write_off", reason="回収できない")
        self.deed(row, "confirm", suzuki, decision="confirm")
        self.deed(row, "undo", reason="入金があった")
        detail = self.deed(row, "undo-stop", ito, reason="別の入金だった")
        self.assertEqual((detail["discrepancy"]["state"], detail["discrepancy"]["undo"]), ("resolved", None))
        self.refuse(409, "wrong_state", self.deed, row, "undo-confirm", ito)

    def test_the_tables_themselves_refuse_to_take_money_back_alone(self):
        row = self.about(self.till.qr)
        self.deed(row, "resolve", kind="suspense", reason="調べるあいだ仮払にする")
        self.service.process.kill()
        with store.connect(self.service.database) as database:
            alone = f"UPDATE discrepancy SET state = 'resolved' WHERE discrepancy = {row['id']}"
            with self.assertRaisesRegex(sqlite3.IntegrityError, "second person"):
                database.execute(alone)
            database.execute(alone + " AND 1 = 0")
            database.execute(f"UPDATE discrepancy SET state = 'resolved', confirmed_by = 'suzuki' WHERE discrepancy = {row['id']}")
            database.execute(f"UPDATE discrepancy SET undo_by = 'ito' WHERE discrepancy = {row['id']}")
            for change in ("state = 'open', undo_confirmed_by = ''", "state = 'open', undo_confirmed_by = 'ito'",
                           "state = 'open', undo_confirmed_by = 'sato'", "amount_yen = 1"):
                with self.assertRaises(sqlite3.IntegrityError, msg=change):
                    database.execute(f"UPDATE discrepancy SET {change} WHERE discrepancy = {row['id']}")
            database.rollback()
        database.close()
        self.service.start()


class Bulk(WorkList):
    def test_many_are_assigned_at_once_and_those_that_cannot_are_named(self):
        rows = self.rows()
        self.assertEqual(len(rows), 2)
        self.deed(rows[0], "resolve", kind="explained", reason="済み")
        answer = self.user.post("/api/discrepancies/bulk", {
            "deed": "assign", "owner": "ito", "rows": [{"id": row["id"]} for row in rows] + [{"id": 99999}]})
        self.assertEqual(answer["done_count"], 1)
        self.assertEqual([(one["id"], one["code"]) for one in answer["refused"]],
                         [(rows[0]["id"], "wrong_state"), (99999, "not_found")])
        self.assertEqual(self.detail(rows[1])["discrepancy"]["owner"]["login"], "ito")

    def test_each_is_resolved_only_as_it_was_seen(self):
        rows = self.rows()
        self.deed(rows[0], "assign", owner="sato")
        answer = self.user.post("/api/discrepancies/bulk", {
            "deed": "resolve", "kind": "explained", "reason": "一覧で確認した",
            "rows": [{"id": row["id"], "version": row["version"]} for row in rows]})
        self.assertEqual((answer["done_count"], answer["refused"][0]["code"]), (1, "version_changed"))
        self.assertEqual([self.detail(row)["discrepancy"]["state"] for row in rows], ["open", "resolved"])

    def test_the_second_person_looks_at_each(self):
        row = self.rows()[0]
        for deed in ("confirm", "reject", "undo_confirm", "burn"):
            self.refuse(400, "invalid_request", self.service.sign_in("suzuki").post, "/api/discrepancies/bulk",
                        {"deed": deed, "rows": [{"id": row["id"], "version": row["version"]}]})
        self.refuse(400, "invalid_request", self.user.post, "/api/discrepancies/bulk",
                    {"deed": "assign", "owner": "ito", "rows": []})


class Search(WorkList):
    def test_the_service_searches_what_the_screen_has_not_loaded(self):
        row = self.about(self.till.qr)
        for words in (row["payment"][:13].upper(), row["receipt_number"], str(row["amount_yen"]), "KO-01"):
            self.assertIn(row["id"], [one["id"] for one in self.rows(f"&search={words}")], words)
        self.assertEqual(self.rows("&search=%25"), [], "what people type is no pattern")
        self.assertEqual(self.rows("&search=%25%25%25"), [])
        self.assertEqual(self.rows("&search=%22%22%22"), [], "nor a question to an index")
        for words in (row["summary"][3:8], row["summary"][:2], row["payment"][-3:]):
            found = self.rows("&search=" + urllib.parse.quote(words))
            self.assertIn(row["id"], [one["id"] for one in found], words)
        for order in ("newest", "amount", "oldest"):
            self.assertEqual([one["id"] for one in self.rows(f"&search={row['payment']}&order={order}&state=all")],
                             [row["id"]])
        totals = self.user.get(f"/api/discrepancies?search={row['payment']}")["totals"]
        self.assertEqual([total["count"] for total in totals], [1])
        self.refuse(400, "invalid_request", self.user.get, "/api/discrepancies?search=" + "x" * 201)


class Limits(WorkList):
    """What is too much at once is refused in words, and nothing of it happens."""

    def test_lists_that_are_too_long_are_refused_whole(self):
        line = {"import": 1, "line": 2}
        portion = {"trustee": "AGG", "payout": "P1", "amount_yen": 1}
        version = {"id": 1, "version": 1}
        for path, body in (("/api/splits", {**line, "payments": [{"terminal": "KO-01", "sequence": n} for n in range(1, 52)], "reason": "x"}),
                           ("/api/credits/spread", {**line, "portions": [{**portion, "payout": f"P{n}"} for n in range(101)], "reason": "x"}),
                           ("/api/discrepancies/bulk", {"verb": "comment", "text": "x", "rows": [version] * 501}),
                           ("/api/assessments/approve", {"assessments": [version] * 1001}),
                           ("/api/assessments/propose", {"assessments": []})):
            with self.subTest(path):
                self.refuse(400, "invalid_request", self.user.post if "approve" not in path else self.service.sign_in("suzuki").post, path, body)
        self.assertEqual([row["owner"] for row in self.rows() if row["owner"]], [])

    def test_numbers_and_days_out_of_range_are_refused(self):
        for query in ("discrepancies?limit=501", "discrepancies?limit=0", "payouts?limit=9999", "pieces", "pieces?import=1&sequence=1&terminal=KO-01",
                      "pieces?import=-1&line=1", "collection/day?from=2020-01-01&to=2026-01-01", "collection?fiscal_year=99999", "collection/day?date=2026-02-30"):
            with self.subTest(query):
                self.refuse(400, "invalid_request", self.user.get, f"/api/{query}")

    def test_a_reason_may_have_a_thousand_characters_and_no_more(self):
        row = self.about(self.till.qr)
        self.deed(row, "comment", text="あ" * 1000)
        self.refuse(400, "invalid_request", self.deed, row, "comment", text="あ" * 1001)
        self.assertEqual([len(one["text"]) for one in self.detail(row)["comments"]], [1000])


class Pairs(WorkList):
    def place(self, row):
        """The sides of ROW and of its first partner, as a pair is named."""
        partner = self.detail(row)["partners"][0]
        payment = partner if partner["sequence"] else None
        line = partner if partner["import"] else None
        return partner, payment, line

    def test_the_partner_is_suggested_with_what_both_have_in_common(self):
        self.strange_line()
        partner = self.detail(self.about(self.till.qr))["partners"][0]
        self.assertEqual((partner["amount_yen"], partner["payment"]), (600, "someone-elses"))
        for fact in ("金額が同じ", "端末が同じ", "ブランドが同じ"):
            self.assertIn(fact, partner["reason"])

    def pair(self, sale, reason="電話で確認した"):
        partner = self.detail(self.about(sale))["partners"][0]
        return {"terminal": "KO-01", "sequence": self.started(sale), "import": partner["import"],
                "line": partner["line"], "reason": reason}

    def started(self, sale):
        journal = self.user.get(f"/api/payments/{sale['payment']}")["evidence"]["journal"]
        return next(line["sequence"] for line in journal if line["kind"] == "payment.started")

    def test_the_pieces_of_a_split_payment_are_offered_first_on_either_side(self):
        """And what else has the same yen stands behind them."""
        sale = self.till.qr
        yen = sale["total_yen"]
        lines = [{"reference": sale["payment"], "acquirer": f"PIECE-{part}", "yen": part} for part in (100, yen - 100)]
        other = {"reference": "no-sale-of-ours", "acquirer": "OTHER", "yen": yen}
        self.upload(self.user, statement([other, *lines], self.till.date, PAY_ON, brand="paypay"))
        pieces = self.rows("&class=count_differs")
        self.assertEqual(sorted(row["amount_yen"] for row in pieces), sorted([100, yen - 100, yen]))

        ours = next(row for row in pieces if row["side"].get("sequence"))
        partners = self.detail(ours)["partners"]
        self.assertEqual([one["amount_yen"] for one in partners[2:]], [yen])
        self.assertEqual({one["amount_yen"] for one in partners[:2]}, {100, yen - 100})
        for one in partners[:2]:
            self.assertIn("当方の番号が同じ", one["reason"])
        theirs = next(row for row in pieces if row["amount_yen"] == 100)
        first = self.detail(theirs)["partners"][0]
        self.assertEqual((first["payment"], first["reason"].split("、")[0]), (sale["payment"], "当方の番号が同じ"))
        for row in pieces:
            self.deed(row, "resolve", kind="explained", reason="決済会社が二つに分けた")
        self.assertEqual(self.rows("&class=count_differs"), [])
        self.service.run("audit")

    def split_lines(self, *yen, payouts=None, reference=None):
        """The till's QR sale (600 yen) as lines of these yen; the line numbers of its file, and the file."""
        sale = self.till.qr
        lines = [{"reference": f"{reference}-{index}" if reference else sale["payment"], "acquirer": f"PIECE-{index}", "yen": part, **({"payout": payouts[index]} if payouts else {})}
                 for index, part in enumerate(yen)]
        self.upload(self.user, statement(lines, self.till.date, PAY_ON, brand="paypay"))
        rows = [row for row in self.rows() if row["side"] and row["side"].get("import")]
        return sorted(({"import": row["side"]["import"], "line": row["side"]["line"]} for row in rows), key=lambda one: one["line"])

    def our_side(self):
        return {"terminal": "KO-01", "sequence": self.started(self.till.qr), "part": "sale"}

    def state_of_sale(self):
        return self.user.get(f"/api/payments/{self.till.qr['payment']}")["payment"]["state"]

    def test_one_payment_in_several_lines_is_put_together_by_a_person_and_no_run_undoes_it(self):
        """Without a reference in common machines see strangers: POSのみ, and three lines of nobody."""
        lines = self.split_lines(100, 200, 300, reference="garbled")
        pieces = self.user.get(f"/api/pieces?{urllib.parse.urlencode(self.our_side())}")
        self.assertEqual((pieces["amount_yen"], sorted(one["amount_yen"] for one in pieces["pieces"])), (600, [100, 200, 300]))
        body = {**self.our_side(), "lines": lines, "reason": "決済会社が三つに分けた"}
        decision = self.user.post("/api/splits", body)["decision"]
        self.assertEqual(self.state_of_sale(), "matched")
        self.assertEqual([row for row in self.rows() if row["class"] in ("statement_only", "count_differs")], [])
        evidence = self.user.get(f"/api/payments/{self.till.qr['payment']}")["evidence"]["statement"]
        self.assertEqual([one["line"] for one in evidence], [one["line"] for one in lines])
        self.service.run("audit")
        self.refuse(409, "decided_already", self.user.post, "/api/splits", body)
        self.refuse(409, "decided_already", self.user.post, "/api/pairs/part", {**self.our_side(), **lines[0], "reason": "別"})
        self.user.post("/api/reconcile")
        self.service.run("rebuild", "--matching")
        self.service.run("audit")
        self.assertEqual(self.state_of_sale(), "matched")

        self.user.post(f"/api/splits/{decision}/undo", {"reason": "別の人の決済だった"})
        self.assertEqual(self.state_of_sale(), "overdue")
        self.assertEqual(sorted(row["amount_yen"] for row in self.rows("&class=statement_only")), [100, 200, 300])
        self.refuse(404, "not_found", self.user.post, f"/api/splits/{decision}/undo", {"reason": "もう一度"})
        self.service.run("audit")

    def test_the_audit_sees_a_piece_that_was_taken_away_and_a_decision_without_entry_in_the_log(self):
        lines = self.split_lines(100, 200, 300, reference="garbled")
        self.user.post("/api/splits", {**self.our_side(), "lines": lines, "reason": "三つに分かれた"})
        self.service.process.kill()
        with store.connect(self.service.database) as database:
            database.execute("DELETE FROM matched_more WHERE line = ?", (lines[1]["line"],))
            database.execute("INSERT INTO split_decision (split, municipality, at_ms, login, reason, undone_by, undone_at_ms, undone_reason) "
                             "VALUES (77, '072036', 1, 'nobody', 'x', '', 0, '')")
        database.close()
        found = json.loads(self.service.run("audit", "--json", expect=1))["findings"]
        kinds = [(one["code"], one.get("expected_yen"), one.get("found_yen")) for one in found]
        self.assertIn("split_differs", [kind for kind, *_ in kinds], found)
        self.assertIn("line_left_out", [kind for kind, *_ in kinds], found)
        self.assertTrue(any(kind == "deed_unrecorded" for kind, *_ in kinds), found)
        self.service.start()

    def test_several_payments_in_one_line_are_put_together_by_a_person(self):
        others = [row for row in self.rows("&class=pos_only") if row["payment"] != self.till.qr["payment"]]
        self.assertTrue(others, "the till sold without cash more than once")
        ours = [self.about(self.till.qr)["side"], others[0]["side"]]
        yen = 600 + others[0]["amount_yen"]
        line = self.split_lines(yen, reference="both-in-one")[0]
        pieces = self.user.get(f"/api/pieces?{urllib.parse.urlencode(line)}")
        self.assertTrue({600, others[0]["amount_yen"]} <= {one["amount_yen"] for one in pieces["pieces"]})
        self.user.post("/api/splits", {**line, "payments": ours, "reason": "決済会社が合算した"})
        self.assertEqual({self.detail(row)["discrepancy"]["state"] for row in (others[0],)}, {"cleared"})
        self.assertEqual(self.state_of_sale(), "matched")
        self.service.run("audit")
        self.service.run("rebuild", "--matching")
        self.service.run("audit")

    def test_pieces_that_do_not_add_up_or_do_not_belong_together_are_refused_and_nothing_changes(self):
        lines = self.split_lines(100, 200, 301, reference="garbled")
        body = {**self.our_side(), "lines": lines, "reason": "分かれた"}
        refused = self.refuse(400, "wrong_sum", self.user.post, "/api/splits", body)
        self.assertIn("601円", str(refused))
        self.refuse(400, "invalid_request", self.user.post, "/api/splits", {**body, "lines": lines[:1]})
        self.refuse(400, "wrong_pieces", self.user.post, "/api/splits", {**body, "lines": [lines[0], lines[0]]})
        self.refuse(400, "invalid_request", self.user.post, "/api/splits", {**body, "reason": ""})
        self.refuse(404, "not_found", self.user.post, "/api/splits", {**body, "lines": [lines[0], {**lines[0], "line": 9999}]})
        self.refuse(404, "not_found", self.user.post, "/api/splits", {**body, "sequence": 999999})
        self.refuse(403, "no_right", self.service.sign_in("kansa").post, "/api/splits", body)
        self.assertEqual(self.detail(self.about(self.till.qr))["splits"], [])

    def test_lines_of_different_deposits_are_not_one_payment(self):
        lines = self.split_lines(200, 400, payouts=["P-A", "P-B"])
        self.refuse(400, "wrong_pieces", self.user.post, "/api/splits", {**self.our_side(), "lines": lines, "reason": "分かれた"})

    def test_pieces_that_a_corrected_file_takes_away_come_apart_and_a_person_is_told(self):
        lines = self.split_lines(100, 200, 300)
        self.user.post("/api/splits", {**self.our_side(), "lines": lines, "reason": "三つに分かれた"})
        corrected = [{"reference": self.till.qr["payment"], "acquirer": f"PIECE-{index}", "yen": yen} for index, yen in enumerate((100, 500))]
        proposal = self.upload(self.user, statement(corrected, self.till.date, PAY_ON, brand="paypay"), file="corrected.csv",
                               more=f"&supersedes={lines[0]['import']}&reason=%E8%A8%82%E6%AD%A3")
        self.service.sign_in("suzuki").post(f"/api/replacements/{proposal['replacement']}/confirm", {"reason": "連絡どおり"})
        self.assertNotEqual(self.state_of_sale(), "matched")
        told = self.rows("&class=decision_overtaken")
        self.assertTrue(any("合わせて突合" in row["summary"] for row in told), told)
        self.service.run("audit")

    def test_a_pair_made_by_a_person_clears_both_and_no_run_undoes_it(self):
        line = self.strange_line()
        ours = self.about(self.till.qr)
        decision = self.user.post("/api/pairs", self.pair(self.till.qr))["decision"]
        self.assertEqual({self.detail(row)["discrepancy"]["state"] for row in (line, ours)}, {"cleared"})
        self.assertEqual(self.user.get(f"/api/payments/{self.till.qr['payment']}")["payment"]["state"], "matched")
        self.user.post("/api/reconcile")
        self.service.run("rebuild")
        self.user.post("/api/reconcile")
        self.assertEqual(self.user.get(f"/api/payments/{self.till.qr['payment']}")["payment"]["state"], "matched")
        self.assertEqual(self.rows("&class=statement_only"), [])

        self.user.post(f"/api/pairs/{decision}/undo", {"reason": "違う方の決済だった"})
        self.assertEqual(len(self.rows("&class=statement_only")), 1)
        self.assertEqual(self.about(self.till.qr)["class"], "pos_only")
        self.refuse(404, "not_found", self.user.post, f"/api/pairs/{decision}/undo", {"reason": "もう一度"})

    def test_a_pair_of_other_amounts_leaves_the_difference_to_be_dealt_with(self):
        self.strange_line(yen=590)
        journal = {"terminal": "KO-01", "sequence": self.started(self.till.qr)}
        line = self.user.get("/api/discrepancies?class=statement_only")["rows"][0]
        file_line = self.detail(line)["evidence"]["statement"][0]
        self.user.post("/api/pairs", {**journal, "import": file_line["import"], "line": file_line["line"],
                                      "reason": "10円少なく売り上げられた"})
        rows = [row for row in self.rows() if row["payment"] == self.till.qr["payment"]]
        self.assertEqual([(row["class"], row["amount_yen"]) for row in rows], [("amount_differs", -10)])
        self.assertEqual(self.rows("&class=statement_only"), [])

    def test_what_people_said_cannot_contradict_itself(self):
        self.strange_line()
        self.strange_line(yen=600, reference="another")
        pair = self.pair(self.till.qr)
        self.user.post("/api/pairs", pair)
        self.refuse(409, "not_open", self.user.post, "/api/pairs", pair)
        self.refuse(409, "not_open", self.user.post, "/api/pairs", {**pair, "line": pair["line"] + 1})
        self.refuse(400, "invalid_request", self.user.post, "/api/pairs", {**pair, "reason": ""})

    def test_a_pair_that_a_person_took_apart_is_never_made_again_by_a_machine(self):
        self.upload(self.user, statement([(self.till.qr["payment"], "x", 600)], self.till.date, PAY_ON))
        evidence = self.user.get(f"/api/payments/{self.till.qr['payment']}")["evidence"]["statement"][0]
        pair = {"terminal": "KO-01", "sequence": self.started(self.till.qr), "import": evidence["import"],
                "line": evidence["line"], "reason": "番号の使い回しと判明"}
        self.user.post("/api/pairs/part", pair)
        self.user.post("/api/reconcile")
        self.assertEqual(self.user.get(f"/api/payments/{self.till.qr['payment']}")["payment"]["state"], "overdue")
        self.assertEqual(len(self.rows("&class=statement_only")), 1)
        self.refuse(404, "not_found", self.user.post, "/api/pairs/part", pair)
        decision = self.detail(self.about(self.till.qr))["decisions"][0]
        self.assertEqual((decision["is_pair"], decision["by"]), (False, "sato"))

        self.user.post(f"/api/pairs/{decision['id']}/undo", {"reason": "やはり同じ決済"})
        self.assertEqual(self.user.get(f"/api/payments/{self.till.qr['payment']}")["payment"]["state"], "matched")


class RunningRefunds(WorkList):
    def test_a_refund_that_a_till_carries_out_is_not_offered_as_unpaid(self):
        sale = self.till.qr
        shared = {"refund": str(uuid.uuid4()), "sale": sale["sale"], "amount_yen": 600, "clerk": "sato"}
        row = self.user.get(f"/api/sales/{sale['sale']}")["sale"]
        self.till.append("refund.requested", **shared, receipt_number=row["receipt_number"], means="gateway", reason="重複",
                         approved_by="suzuki", lines=None)
        self.assertEqual(self.told(), ("requested", None, "未払い"))
        self.till.append("refund.started", **shared, payment=sale["payment"], approved_by="suzuki")
        self.assertEqual(self.told(), ("requested", "running", "端末で返金中"))
        self.till.append("refund.unknown", refund=shared["refund"], cause="timeout")
        self.assertEqual(self.told(), ("requested", "unknown", "端末で返金中"))
        self.till.append("refund.refused", refund=shared["refund"], cause="window_closed")
        self.assertEqual(self.told(), ("requested", "refused", "未払い"))
        self.till.append("refund.withdrawn", refund=shared["refund"], clerk="sato", reason="金額の訂正")
        shared["refund"] = str(uuid.uuid4())
        self.till.append("refund.requested", **shared, receipt_number=row["receipt_number"], means="gateway", reason="重複",
                         approved_by="suzuki", lines=None)
        self.till.append("refund.started", **shared, payment=sale["payment"], approved_by="suzuki")
        self.till.append("refund.paid", **shared, means="gateway", approved_by="suzuki")
        self.assertEqual(self.told(), ("paid", "running", "支払済み"))
        self.assertEqual(json.loads(self.service.run("audit", "--json"))["findings"], [])

    def told(self):
        self.service.wait_for_ledger(self.till)
        row = self.user.get("/api/refunds?state=all")["rows"][0]
        return row["state"], row["run"], row["state_name"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
