"""A corrected file in the place of an earlier one: what it changes is shown first, a second person agrees, nothing counts twice, what
people decided is not lost, and it can be taken back.

Runs the program of $MADOGUCHI_BUILD with paper tills.
"""
import datetime
import json
import signal
import subprocess
import unittest

from finance_service import PASSWORD, bank_record, statement, today
from harness import store
from settlement_finance_test import FinanceTest

DAY = today() - datetime.timedelta(days=10)
PAY_ON = today() - datetime.timedelta(days=3)
# What machines wrote, in an order that does not depend on who wrote it.
DERIVED = (
    "SELECT terminal, sequence, part, import, line, matched_by FROM matched ORDER BY 1, 2, 3",
    "SELECT terminal, sequence, part, due_on FROM open_item ORDER BY 1, 2, 3",
    "SELECT import, line FROM open_line ORDER BY 1, 2",
    "SELECT trustee, payout, due_on, first_on, line_count, amount_yen, fee_yen, credited_yen, credited_on FROM payout ORDER BY 1, 2",
    "SELECT import, line, payout, amount_yen FROM payout_credit ORDER BY 1, 2",
    "SELECT import, line FROM open_credit ORDER BY 1, 2",
    "SELECT class, subject, state, amount_yen FROM discrepancy WHERE state <> 'cleared' ORDER BY 1, 2",
)


class Replacement(FinanceTest):
    def setUp(self):
        super().setUp()
        self.user = self.service.sign_in("sato")
        self.second = self.service.sign_in("suzuki")

    def derived(self):
        with store.connect(self.service.database) as database:
            tables = [[tuple(str(cell) for cell in row) for row in database.execute(sql).fetchall()] for sql in DERIVED]
        database.close()
        return tables

    def three_payments(self):
        """Three payments of one day by one brand, and the row that a right file has for each."""
        till = self.service.add_till("KO-01", date=DAY)
        till.open_day()
        till.sales = [till.sell("paypay", ("juminhyo", count)) for count in (1, 2, 3)]
        self.service.wait_for_ledger(till)
        return [(sale["payment"], sale["acquirer_reference"], 300 * count) for count, sale in enumerate(till.sales, 1)]

    def differs(self, user=None):
        rows = (user or self.user).get("/api/discrepancies")["rows"]
        return sorted((row["class"], row["amount_yen"]) for row in rows if row["class"] != "deposit_short")

    def states(self, number):
        return {row["line"]: row["state"] for row in self.user.get(f"/api/imports/{number}/lines")["rows"]}

    def propose(self, content, earlier, file="corrected.csv", layout="aggregator-daily", user=None):
        return self.upload(user or self.user, content, file=file, layout=layout, more=f"&supersedes={earlier}")

    def check_books(self):
        """The audit agrees, and matching made again from the beginning comes to the same."""
        before = self.derived()
        self.service.run("audit")
        self.assertEqual(self.service.process.stop(), 0, self.service.process.tail(400))
        self.service.run("rebuild", "--matching")
        self.assertEqual(self.derived(), before)
        self.service.start()

    def test_a_corrected_file_takes_the_place_of_the_earlier_one_and_goes_back(self):
        one, two, three = self.three_payments()
        stranger = ("gone", "GONE", 999)
        wrong = statement([one, (two[0], two[1], 610), stranger], DAY, PAY_ON)
        right = statement([two, one, three], DAY, PAY_ON)
        first = self.upload(self.user, wrong)["import"]["id"]
        self.assertEqual(self.differs(), [("amount_differs", 10), ("pos_only", 900), ("statement_only", 999)])
        for item in self.user.get("/api/discrepancies")["rows"]:
            if item["class"] in ("amount_differs", "statement_only"):
                self.user.post(f"/api/discrepancies/{item['id']}/resolve",
                               {"version": item["version"], "kind": "explained", "reason": "明細を確かめました"})
        self.user.post("/api/reconcile", {})

        # Before the act: the service knows what stands for these days, and what would change.
        trial = self.upload(self.user, right, file="corrected.csv", more="&dry_run=1")
        self.assertEqual([one["id"] for one in trial["same_period"]], [first])
        shown = self.upload(self.user, right, file="corrected.csv", more=f"&dry_run=1&supersedes={first}")["difference"]
        self.assertEqual((shown["same_count"], shown["changed_count"], shown["gone_count"], shown["added_count"]), (1, 1, 1, 1))
        self.assertEqual((shown["earlier_yen"], shown["later_yen"]), (300 + 610 + 999, 1800))
        changed = next(row for row in shown["rows"] if row["kind"] == "changed")
        self.assertEqual((changed["earlier_line"], changed["earlier_yen"], changed["later_line"], changed["later_yen"]), (3, 610, 2, 600))
        self.assertEqual(len(self.user.get("/api/imports")["rows"]), 1)

        # Proposed: kept, and nothing of it counts.
        before = self.derived()
        proposed = self.propose(right, first)
        second, number = proposed["import"]["id"], proposed["replacement"]
        self.assertEqual((proposed["import"]["counts"], proposed["import"]["replacement"]), (False, number))
        self.user.post("/api/reconcile", {})
        self.assertEqual(self.derived(), before)
        self.refuse(403, "no_right", self.user.post, f"/api/replacements/{number}/confirm", {})
        self.refuse(409, "replacement_waits", self.propose, statement([one], DAY, PAY_ON), first)

        # The second person agrees.
        done = self.second.post(f"/api/replacements/{number}/confirm", {"reason": "決済会社の連絡どおり"})
        self.assertEqual((done["state"], done["run"]["matched_count"]), ("done", 3))
        self.assertEqual(self.states(first), {2: "matched", 3: "aside", 4: "aside"})
        self.assertEqual(self.states(second), {2: "matched", 3: "aside", 4: "matched"})
        self.assertEqual(self.differs(), [("decision_overtaken", -999), ("decision_overtaken", -10)])
        said = [row["summary"] for row in self.user.get("/api/discrepancies?class=decision_overtaken")["rows"]]
        self.assertTrue(any("2行目(600円)に変わりました" in text for text in said), said)
        self.assertTrue(any("この行はなくなりました" in text for text in said), said)
        payout, = self.user.get("/api/payouts")["rows"]
        self.assertEqual(payout["amount_yen"], 1800)
        listed = {row["id"]: row for row in self.user.get("/api/imports")["rows"]}
        self.assertEqual((listed[first]["replaced_by"], listed[first]["counts"], listed[second]["counts"]), (second, False, True))
        self.assertEqual(listed[first]["sha256"] != listed[second]["sha256"], True)
        self.assertEqual(self.user.get(f"/api/imports/{first}/file", raw=True), wrong)
        self.check_books()

        # Back: the earlier file in the place of the later one.
        self.refuse(409, "already_replaced", self.user.post, f"/api/imports/{first}/replace", {"by": second})
        back = self.user.post(f"/api/imports/{second}/replace", {"by": first, "reason": "訂正の取違え"})
        self.second.post(f"/api/replacements/{back['id']}/confirm", {})
        self.assertEqual(self.states(first), {2: "matched", 3: "closed", 4: "closed"})
        self.assertEqual(set(self.states(second).values()), {"aside"})
        payout, = self.user.get("/api/payouts")["rows"]
        self.assertEqual(payout["amount_yen"], 300 + 610 + 999)
        self.check_books()

    def test_a_refused_one_changes_nothing_and_may_be_proposed_again(self):
        one, two, three = self.three_payments()
        first = self.upload(self.user, statement([one, two], DAY, PAY_ON))["import"]["id"]
        right = statement([one, two, three], DAY, PAY_ON)
        before = self.derived()

        proposed = self.propose(right, first, user=self.second)
        self.refuse(403, "own_approval", self.second.post, f"/api/replacements/{proposed['replacement']}/confirm", {})
        self.refuse(400, "invalid_request", self.second.post, f"/api/replacements/{proposed['replacement']}/refuse", {})
        self.second.post(f"/api/replacements/{proposed['replacement']}/refuse", {"reason": "別のファイルでした"})

        self.assertEqual(self.derived(), before)
        self.refuse(409, "wrong_state", self.second.post, f"/api/replacements/{proposed['replacement']}/confirm", {})
        self.refuse(409, "not_standing", self.propose, statement([three], DAY, PAY_ON), proposed["import"]["id"])
        again = self.propose(right, first)
        self.assertEqual((again["import"]["id"], again["is_repeat"]), (proposed["import"]["id"], True))
        self.second.post(f"/api/replacements/{again['replacement']}/confirm", {})
        self.assertEqual(self.differs(), [])
        self.check_books()

    def test_a_file_that_says_the_same_needs_no_second_person_and_one_that_counted_beside_is_taken_out(self):
        one, two, three = self.three_payments()
        first = self.upload(self.user, statement([one, two, three], DAY, PAY_ON))["import"]["id"]

        same = self.propose(statement([three, two, one], DAY, PAY_ON), first)
        self.assertTrue(same["is_replaced"])
        self.assertEqual(same["difference"]["rows"], [])
        self.assertEqual(self.differs(), [])

        # Somebody took a correction in beside the file instead of in its place: everything stands twice until it is replaced.
        beside = self.upload(self.user, statement([two, three], DAY, PAY_ON), file="beside.csv")["import"]["id"]
        self.assertEqual({name for name, _ in self.differs()}, {"duplicate"})
        mended = self.user.post(f"/api/imports/{same['import']['id']}/replace", {"by": beside})
        self.second.post(f"/api/replacements/{mended['id']}/confirm", {})
        self.assertEqual(self.differs(), [("pos_only", 300)])
        self.check_books()

    def test_a_banks_record_is_replaced_as_well_and_other_files_are_refused(self):
        rows = self.three_payments()
        self.upload(self.user, statement(rows, DAY, PAY_ON))
        first = self.upload(self.user, bank_record([(1700, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")], PAY_ON), "bank.txt", "zengin-03")["import"]["id"]

        self.refuse(409, "other_layout", self.propose, statement(rows[:2], DAY, PAY_ON), first)
        self.refuse(409, "other_period", self.propose, bank_record([(1, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")], today()), first, "b.txt", "zengin-03")
        self.refuse(404, "not_found", self.propose, bank_record([(2, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")], PAY_ON), 999, "c.txt", "zengin-03")
        proposed = self.propose(bank_record([(1800, "ｶ)ﾐﾎﾝｹﾂｻｲ", "P1")], PAY_ON), first, "bank-2.txt", "zengin-03")
        self.assertEqual(proposed["difference"]["changed_count"], 1)
        self.second.post(f"/api/replacements/{proposed['replacement']}/confirm", {})

        payout, = self.user.get("/api/payouts")["rows"]
        self.assertEqual((payout["amount_yen"], payout["credited_yen"]), (1800, 1800))
        self.assertEqual(self.user.get("/api/discrepancies")["rows"], [])
        self.check_books()

    def test_the_command_line_shows_what_changes_and_proposes(self):
        one, two, three = self.three_payments()
        first, second = self.service.folder / "first.csv", self.service.folder / "second.csv"
        first.write_bytes(statement([one, two], DAY, PAY_ON))
        second.write_bytes(statement([one, (two[0], two[1], 610), three], DAY, PAY_ON))
        number = json.loads(self.service.run("import", "--layout", "aggregator-daily", "--file", first, "--json"))["import"]
        words = ("import", "--layout", "aggregator-daily", "--file", second, "--supersedes", str(number))

        trial = self.service.run(*words, "--dry-run")
        self.assertIn("変更 前3行目 600円 (手数料 12円) → 後3行目 610円 (手数料 12円)", trial)
        self.assertIn("追加 後4行目 900円", trial)
        self.assertIn("変わらない 1行、変更 1行、削除 0行、追加 1行", trial)
        self.assertNotIn("提案しました", trial)
        self.assertIn("承認者が取込の画面か decide で確認すると有効になります", self.service.run(*words))
        waiting, = self.second.get("/api/replacements")["rows"]
        self.assertEqual((waiting["state"], waiting["proposed_by"]["login"]), ("proposed", "cli"))
        self.assertEqual(self.service.run_raw(*words[:-1], "first", database=True).returncode, 2)
        self.assertEqual(self.service.run_raw(*words, database=True).returncode, 3)
        self.assertIn(f"--replacement {waiting['id']}: 取込1 → 取込2 変更1 削除0 追加1", self.service.run("decide", expect=1))
        self.assertIn("確認しました", self.decide(waiting["id"]))
        self.assertEqual(self.differs(), [("amount_differs", 10)])
        self.assertIn("ありません", self.service.run("decide"))

    def decide(self, number, *words, login="suzuki", password=PASSWORD, expect=0):
        file = self.service.folder / "second-password"
        file.write_text(password + "\n")
        return self.service.run("decide", "--replacement", str(number), *(words or ("--agree",)), "--reason", "連絡どおり",
                                "--as", login, "--password-file", file, expect=expect)

    def test_the_command_line_asks_who_decides_and_says_what_is_wrong(self):
        one, two, three = self.three_payments()
        first = self.upload(self.second, statement([one, two], DAY, PAY_ON))["import"]["id"]
        number = self.propose(statement([one, three], DAY, PAY_ON), first, user=self.second)["replacement"]
        for words, exit_code, said in (
                (("--replacement", "1"), 2, "needs --replacement"), (("--replacement", "x"), 2, "an ID is a number"),
                (("--replacement", "1", "--layout-use", "1", "--agree", "--reason", "r", "--as", "ito", "--password-file", "p"), 2, "or --layout-use"),
                (("--replacement", "1", "--agree", "--refuse", "--reason", "r", "--as", "ito", "--password-file", "p"), 2, "--agree or --refuse"),
                (("--replacement", "1", "--agree", "--reason", "r", "--as", "ito", "--password-file", "no-such-file"), 3, "no-such-file")):
            ended = self.service.run_raw("decide", *words, database=True)
            self.assertEqual((ended.returncode, said in ended.stderr), (exit_code, True), ended.stderr)
        self.decide(number, login="suzuki", expect=3)  # proposed it
        self.decide(number, login="sato", expect=3)  # may not confirm
        self.decide(number, login="ito", password="not the password", expect=3)
        self.decide(number + 1, login="ito", expect=3)
        self.assertIn("差し戻しました", self.decide(number, "--refuse", login="suzuki"))
        self.decide(number, login="ito", expect=3)  # decided
        self.assertEqual(self.user.get(f"/api/replacements/{number}")["state"], "refused")

    def test_three_files_in_one_place_and_back_to_the_first_and_of_two_proposals_one_is_taken(self):
        one, two, three = self.three_payments()
        contents = [statement(rows, DAY, PAY_ON) for rows in ([one, two], [one, (two[0], two[1], 610)], [one, two, three])]
        first = self.upload(self.user, contents[0])["import"]["id"]
        beginning = self.derived()
        files = []
        for at, content in enumerate(contents):
            files.append(self.service.folder / f"chain-{at}.csv")
            files[-1].write_bytes(content)
        rivals = [subprocess.Popen([self.service.program, "import", "--layout", "aggregator-daily", "--file", file, "--supersedes",
                                    str(first), "--database", self.service.database], cwd=self.service.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for file in files[1:]]
        self.assertEqual(sorted(rival.wait() for rival in rivals), [0, 3])
        waiting, = self.user.get("/api/replacements")["rows"]
        self.decide(waiting["id"], "--refuse")

        standing = first
        for content, differs in ((contents[1], [("amount_differs", 10), ("pos_only", 900)]), (contents[2], []),
                                 (contents[0], [("pos_only", 900)])):
            proposed = self.propose(content, standing)
            self.second.post(f"/api/replacements/{proposed['replacement']}/confirm", {"reason": "連絡どおり"})
            standing = proposed["import"]["id"]
            self.assertEqual([(name, yen) for name, yen in self.differs() if name != "decision_overtaken"], differs)
        self.assertEqual(standing, first)
        # The same payments by the same lines; a line that two files have goes on counting where it stood.
        self.assertEqual([row[:3] + row[4:] for row in self.derived()[0]], [row[:3] + row[4:] for row in beginning[0]])
        self.assertEqual(self.derived()[3], beginning[3])
        self.check_books()

    def test_a_second_person_whose_program_is_killed_has_decided_wholly_or_not_at_all(self):
        one, two, three = self.three_payments()
        first = self.upload(self.user, statement([one, two], DAY, PAY_ON))["import"]["id"]
        before = self.derived()
        number = self.propose(statement([one, three], DAY, PAY_ON), first)["replacement"]
        file = self.service.folder / "second-password"
        file.write_text(PASSWORD + "\n")
        words = [self.service.program, "decide", "--replacement", str(number), "--agree", "--reason", "x", "--as", "suzuki",
                 "--password-file", file, "--database", self.service.database]
        for _ in range(50):  # the first moment when it is decided is between the two halves of the work
            process = subprocess.Popen(words, cwd=self.service.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None and self.state_of(number) != "done":
                pass
            process.send_signal(signal.SIGKILL)
            process.wait()
            if self.state_of(number) == "done":
                break
            self.assertEqual(self.derived(), before)
        self.assertEqual(self.state_of(number), "done")
        self.service.run_raw("reconcile", database=True)
        self.assertEqual([row["state"] for row in self.user.get("/api/replacements")["rows"]], ["done"])
        self.assertEqual(self.differs(), [("pos_only", 600)])
        self.check_books()

    def state_of(self, number):
        with store.connect(self.service.database) as database:
            row = database.execute(f"SELECT state FROM import_replacement WHERE replacement = {number}").fetchone()
        database.close()
        return row[0]


if __name__ == "__main__":
    unittest.main()
