"""Files for the city's finance system in its own form, and its answers. Runs the program of $MADOGUCHI_BUILD with a paper till."""
import datetime
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from finance_service import FinanceService, today
from harness import store
from harness.http import Refused
from harness.process import ROOT

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
SAMPLES = ROOT / "settlement" / "handover" / "samples"
DAY = today() - datetime.timedelta(days=20)
RECORD = 202  # bytes of a record of the fixed sample, with CR LF


def sample(name):
    return (SAMPLES / f"{name}.json").read_text()


class Handover(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="handover-")
        self.addCleanup(shutil.rmtree, folder, True)
        self.service = FinanceService(BUILD, folder)
        self.service.users = self.service.users[:3]
        self.addCleanup(self.service.__exit__)
        self.service.__enter__()
        self.user, self.approver, self.other = (self.service.sign_in(login) for login in ("sato", "suzuki", "ito"))
        till = self.service.add_till("KO-01", date=DAY)
        till.open_day()
        for method in ("paypay", "suica"):
            till.sell(method, ("juminhyo", 1), ("koseki", 2))
        till.sell_for_cash(("joseki", 3))
        self.service.wait_for_ledger(till)
        self.user.post("/api/assessments/draft", {})
        rows = self.user.get("/api/assessments?state=draft")["rows"]
        for who, what in ((self.user, "propose"), (self.approver, "approve")):
            rows = who.post(f"/api/assessments/{what}", {"assessments": [{"id": row["id"], "version": row["version"]} for row in rows]})["rows"]
        self.rows = sorted(rows, key=lambda row: row["number"])
        self.export = self.user.post("/api/exports", {"ids": [row["id"] for row in rows]})["export"]

    def refuse(self, status, code, call, *arguments):
        with self.assertRaises(Refused) as refused:
            call(*arguments)
        self.assertEqual((refused.exception.status, refused.exception.code), (status, code), refused.exception)
        return str(refused.exception)

    def put_to_use(self, descriptor):
        layout = self.user.post("/api/finance-layouts", {"descriptor": descriptor, "reason": "仕様書 第1版"})["layout"]
        return self.approver.post(f"/api/finance-layouts/{layout['id']}/confirm", {"reason": "仕様書と比べた"})["layout"]

    def make(self, layout, **more):
        answer = self.user.post(f"/api/exports/{self.export['id']}/handover", {"layout": layout, **more})
        file = next(one for one in answer["files"] if one["id"] == answer["file"])
        return file, self.user.get(f"/api/handover/{file['id']}/file", raw=True)

    def answer(self, file, *rows, name="kekka.csv"):
        content = "\r\n".join(["番号,結果,理由", *rows]).encode("cp932")
        return self.user.post(f"/api/handover/{file}/answer?file={name}", content, "application/octet-stream")

    def states(self):
        return [row["state"] for row in self.user.get(f"/api/exports/{self.export['id']}/handover")["assessments"]]

    def findings(self):
        done = self.service.run_raw("audit", "--json", database=True)
        return json.loads(done.stdout)["findings"]

    def test_the_standard_file_written_by_its_descriptor_is_the_standard_file(self):
        self.put_to_use(sample("standard-csv"))
        file, content = self.make("standard-csv")
        self.assertEqual(content, self.user.get(f"/api/exports/{self.export['id']}/file?encoding=cp932", raw=True))
        self.assertEqual(file["amount_yen"], self.export["amount_yen"])
        self.assertEqual(self.findings(), [])

    def test_a_fixed_file_says_of_every_assessment_what_it_is_and_of_all_their_sum(self):
        self.put_to_use(sample("fixed-200"))
        file, content = self.make("fixed-200")
        records = [content[at:at + RECORD] for at in range(0, len(content), RECORD)]
        self.assertEqual([len(record) for record in records], [RECORD] * (len(self.rows) + 2))
        self.assertTrue(all(record.endswith(b"\r\n") for record in records))
        year = self.export["fiscal_year"]
        self.assertEqual(records[0][:14], f"1CHOTEI    5{year - 2018:02}".encode())
        day = DAY
        for row, record in zip(self.rows, records[1:-1]):
            self.assertEqual(record[:19].decode(), f"25{year - 2018:02}{int(row['number'][5:]):08}5{day.year - 2018:02}{day.month:02}{day.day:02}"[:19])
            self.assertEqual(int(record[72:85]), row["amount_yen"])
            self.assertEqual(record[62:64], b"01" if row["route"] == "cash" else b"11")
        self.assertEqual(int(records[-1][1:9]), len(self.rows))
        self.assertEqual(int(records[-1][9:24]), sum(row["amount_yen"] for row in self.rows))
        self.assertEqual(file["file_name"], f"KAKUTEI{year}0001.DAT")

    def test_a_file_is_made_once_and_is_the_same_bytes_for_ever(self):
        self.put_to_use(sample("fixed-200"))
        first = self.make("fixed-200")
        self.assertEqual(self.make("fixed-200"), first)
        self.service.process.kill()
        self.service.start()
        self.user = self.service.sign_in("sato")
        self.assertEqual(self.make("fixed-200"), first)
        folder = self.service.folder / "out"
        folder.mkdir()
        self.service.run("export", "--export", str(self.export["id"]), "--layout", "fixed-200", "--folder", folder)
        self.assertEqual((folder / first[0]["file_name"]).read_bytes(), first[1])
        self.assertEqual(len(self.user.get(f"/api/exports/{self.export['id']}/handover")["files"]), 1)

    def test_refused_assessments_go_out_again_by_a_mended_layout_and_the_answers_stay(self):
        self.put_to_use(sample("fixed-200"))
        file, _ = self.make("fixed-200")
        numbers = [row["number"] for row in self.rows]
        self.assertEqual(self.states(), ["unanswered"] * len(numbers))
        self.refuse(404, "nothing_to_send", lambda: self.make("fixed-200", only_refused=True))
        rows = [f"{numbers[0]},99,科目がありません", *(f"{int(number[5:])},0," for number in numbers[1:])]
        taken = self.answer(file["id"], *rows)
        self.assertEqual((taken["accepted_count"], taken["refused_count"], taken["unanswered_count"]), (len(numbers) - 1, 1, 0))
        self.assertTrue(self.answer(file["id"], *rows)["is_repeat"])
        self.assertEqual(self.states(), ["refused"] + ["accepted"] * (len(numbers) - 1))

        mended = json.loads(sample("fixed-200"))
        mended["codes"]["収納区分"]["cash"] = "02"
        self.assertEqual(self.put_to_use(json.dumps(mended, ensure_ascii=False))["version"], 2)
        again, content = self.make("fixed-200", only_refused=True)
        self.assertEqual((again["assessment_count"], again["layout_version"]), (1, 2))
        self.assertEqual(len(content), 3 * RECORD)
        self.assertEqual(again["amount_yen"], self.rows[0]["amount_yen"])
        self.answer(again["id"], f"{numbers[0]},00,")
        self.assertEqual(self.states(), ["accepted"] * len(numbers))
        self.refuse(404, "nothing_to_send", lambda: self.make("fixed-200", only_refused=True))
        self.assertEqual(self.findings(), [])

    def test_an_answer_that_names_what_was_not_sent_is_refused_whole_with_its_line(self):
        self.put_to_use(sample("fixed-200"))
        file, _ = self.make("fixed-200")
        number = self.rows[0]["number"]
        for rows, line in (((f"{number},0,", "999999,0,"), "3行目"), ((f"{number},0,", f"{number},0,"), "3行目"), ((f"{number},,",), "2行目"),
                           (("1999-000001,0,",), "2行目"), (("x'; DROP TABLE assessment,0,",), "2行目"), ((), "行がありません")):
            self.assertIn(line, self.refuse(400, "answer_invalid", lambda: self.answer(file["id"], *rows)))
        self.assertEqual(self.states(), ["unanswered"] * len(self.rows))
        for content in (b"", b"\x81", b'"never ends'):
            self.refuse(400, "wrong_csv" if content else "invalid_request",
                        self.user.post, f"/api/handover/{file['id']}/answer?file=a.csv", content, "application/octet-stream")
        self.refuse(404, "not_found", lambda: self.answer(99, f"{number},0,"))

    def test_a_layout_needs_a_second_person_and_says_what_is_wrong_with_it(self):
        layout = self.approver.post("/api/finance-layouts", {"descriptor": sample("fixed-200"), "reason": "仕様書"})["layout"]
        self.refuse(409, "layout_waits", self.user.post, "/api/finance-layouts", {"descriptor": sample("fixed-200"), "reason": "x"})
        self.refuse(404, "not_found", lambda: self.make("fixed-200"))
        self.refuse(403, "own_approval", self.approver.post, f"/api/finance-layouts/{layout['id']}/confirm", {"reason": "x"})
        self.refuse(403, "no_right", self.user.post, f"/api/finance-layouts/{layout['id']}/confirm", {"reason": "x"})
        self.refuse(400, "invalid_request", self.other.post, f"/api/finance-layouts/{layout['id']}/confirm", {"reason": ""})
        self.other.post(f"/api/finance-layouts/{layout['id']}/refuse", {"reason": "桁が違う"})
        self.refuse(409, "wrong_state", self.other.post, f"/api/finance-layouts/{layout['id']}/confirm", {"reason": "x"})
        broken = json.loads(sample("fixed-200"))
        broken["records"][2]["width"] = 9
        for descriptor, words in ((json.dumps(broken), "200バイト"), ("{", "1行目2文字目"), ("[]", "全体"), (sample("fixed-200").replace("調定連番", "連番"), "連番"),
                                  (sample("fixed-200").replace('"cut"', '"cutt"'), "cutt")):
            said = self.refuse(400, "layout_invalid", self.user.post, "/api/finance-layouts",
                               {"descriptor": descriptor, "reason": "x"})
            self.assertIn(words, said)

    def test_a_layout_is_tried_out_on_an_export_before_it_is_proposed(self):
        tried = self.user.post("/api/finance-layouts/try", {"descriptor": sample("fixed-200"), "export": self.export["id"]})
        self.assertEqual(tried["byte_count"], RECORD * (min(5, len(self.rows)) + 2))
        self.assertIn("CHOTEI", tried["text"])
        self.assertEqual(self.user.get(f"/api/exports/{self.export['id']}/handover")["files"], [])
        narrow = json.loads(sample("fixed-200"))
        narrow["records"][12]["width"], narrow["records"][16]["width"] = 3, 14
        said = self.refuse(400, "cannot_be_written", self.user.post, "/api/finance-layouts/try",
                           {"descriptor": json.dumps(narrow, ensure_ascii=False), "export": self.export["id"]})
        self.assertIn("3バイトの欄に入りません", said)
        unknown = json.loads(sample("fixed-200"))
        unknown["codes"]["収納区分"] = {"nothing": "1"}
        said = self.refuse(400, "cannot_be_written", self.user.post, "/api/finance-layouts/try",
                           {"descriptor": json.dumps(unknown, ensure_ascii=False), "export": self.export["id"]})
        self.assertIn("表「収納区分」にないコード", said)

    @unittest.skipIf(store.is_postgresql(), "tables are broken by SQLite's own hand")
    def test_whatever_is_changed_by_hand_is_found(self):
        self.put_to_use(sample("fixed-200"))
        file, _ = self.make("fixed-200")
        self.answer(file["id"], f"{self.rows[0]['number']},9,x", f"{self.rows[1]['number']},0,")
        self.assertEqual(self.findings(), [])
        self.service.process.kill()
        subprocess.run(["sqlite3", self.service.database, "PRAGMA wal_checkpoint(TRUNCATE)"], capture_output=True, check=True)
        sound = self.service.database.read_bytes()
        last = self.rows[-1]  # of which the answer says nothing
        total = self.export["amount_yen"]
        for sql, wanted in (
                ("UPDATE finance_file SET bytes = CAST(bytes || x'20' AS BLOB)", ("finance_file_damaged", total, 0)),
                ("UPDATE finance_file SET amount_yen = amount_yen + 1", ("finance_file_differs", total, total + 1)),
                (f"DELETE FROM finance_file_part WHERE assessment = {last['id']}", ("finance_file_differs", total - last["amount_yen"], total)),
                ("UPDATE finance_layout SET descriptor = replace(descriptor, '\"01\"', '\"09\"')", ("finance_file_differs", total, total)),
                ("UPDATE finance_answer SET refused_count = 0, accepted_count = 2", ("finance_answer_differs", 0, 0)),
                ("UPDATE finance_answer_line SET is_accepted = 1", ("finance_answer_differs", 0, 0)),
                ("DELETE FROM finance_answer_line WHERE is_accepted = 0", ("finance_answer_differs", 0, 0)),
                ("UPDATE finance_answer SET taken_by = 'ito'", ("deed_unrecorded", 0, 0)),
                ("UPDATE finance_file SET made_by = 'ito'", ("deed_unrecorded", 0, total)),
                ("UPDATE finance_layout SET decided_by = 'ito'", ("deed_unrecorded", 0, 0))):
            with self.subTest(sql):
                for name in ("settlement.db-wal", "settlement.db-shm"):
                    (self.service.folder / name).unlink(missing_ok=True)
                self.service.database.write_bytes(sound)
                triggers = "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'finance%'"
                drops = subprocess.run(["sqlite3", self.service.database, triggers], capture_output=True, text=True, check=True).stdout
                subprocess.run(["sqlite3", self.service.database, drops + sql], check=True)
                found = [(one["code"], one["expected_yen"], one["found_yen"]) for one in self.findings()]
                self.assertEqual(found, [wanted])

    def test_what_was_handed_over_is_not_changed_in_the_database(self):
        self.put_to_use(sample("fixed-200"))
        file, _ = self.make("fixed-200")
        self.answer(file["id"], f"{self.rows[0]['number']},9,x")
        connection = store.connect(self.service.database)
        self.addCleanup(connection.close)
        for sql in ("UPDATE finance_file SET amount_yen = 0", "DELETE FROM finance_file", "UPDATE finance_file_part SET assessment = assessment",
                    "DELETE FROM finance_answer", "UPDATE finance_answer_line SET is_accepted = 1", "DELETE FROM finance_answer_line",
                    "UPDATE finance_layout SET descriptor = '{}'", "DELETE FROM finance_layout"):
            with self.subTest(sql), self.assertRaisesRegex(Exception, "not (changed|deleted)"):
                connection.execute(sql)


if __name__ == "__main__":
    unittest.main()
