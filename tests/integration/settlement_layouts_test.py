"""Layouts against the real service: tried out on a file, proposed as the city's own version by version, put to use by a second
person and used by imports; lines that cannot be read are left out, listed and kept."""
import hashlib
import json
import os
import pathlib
import sys
import tempfile
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from finance_service import FinanceService  # noqa: E402
from harness import store  # noqa: E402
from harness.http import Refused  # noqa: E402
from harness.process import ROOT  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
SHIPPED = ROOT / "settlement" / "statements" / "layouts"
FILES = ROOT / "tests" / "fixtures" / "statements"

OWN = {
    "layout": "mihon-getsuji", "title": "みほん月次", "kind": "csv", "encoding": "cp932", "separator": ",",
    "fields": {
        "merchant_reference": {"column": "参照番号"},
        "accepted_at": {"column": "利用日", "format": "GGE年M月D日"},
        "amount": {"column": "金額", "number": {"group": ",", "unit": "円"}},
        "brand": {"constant": "visa"},
    },
}
FILE = "参照番号,利用日,金額\r\nA-1,令和8年11月22日,\"1,450円\"\r\nA-2,令和8年11月31日,300円\r\nA-3,令和8年12月1日,200円\r\n".encode("cp932")


class Layouts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="layouts-")
        cls.addClassCleanup(folder.cleanup)
        cls.service = FinanceService(BUILD, folder.name).__enter__()
        cls.addClassCleanup(cls.service.__exit__)
        cls.user = cls.service.sign_in("sato")
        cls.approver = cls.service.sign_in("suzuki")

    def attempt(self, descriptor, content):
        head = json.dumps(descriptor, ensure_ascii=False).encode()
        return self.user.post(f"/api/layouts/try?descriptor_bytes={len(head)}", head + content, "application/octet-stream")

    def propose(self, descriptor, content, reason="11月分で確認", user=None):
        head = json.dumps(descriptor, ensure_ascii=False).encode()
        words = urllib.parse.urlencode({"descriptor_bytes": len(head), "file": "month.csv", "reason": reason})
        return (user or self.user).post(f"/api/layouts?{words}", head + content, "application/octet-stream")

    def put_to_use(self, descriptor, content):
        use = self.propose(descriptor, content)
        return self.approver.post(f"/api/layout-uses/{use['use']}/confirm", {"reason": "同じファイルを見た"})

    def refused(self, status, code, deed):
        with self.assertRaises(Refused) as refused:
            deed()
        self.assertEqual((refused.exception.status, refused.exception.body["error"]["code"]), (status, code))

    def in_use(self, name):
        return {row["layout"]: row["version"] for row in self.user.get("/api/layouts")["rows"]}.get(name)

    def take(self, layout, name, content, more=""):
        return self.user.post(f"/api/imports?layout={layout}&file={name}{more}", content, "application/octet-stream")

    def test_a_layout_is_tried_saved_and_used_and_what_it_cannot_read_is_kept(self):
        before = self.user.get("/api/imports")["rows"]
        found = self.attempt(OWN, FILE)
        self.assertIsNone(found["error"])
        self.assertEqual((found["line_count"], found["amount_yen"], found["fault_count"]), (2, 1650, 1))
        self.assertEqual(found["lines"][0]["raw"], 'A-1,令和8年11月22日,"1,450円"')
        self.assertIn({"name": "取引金額", "value": "1450"}, found["lines"][0]["parsed"])
        self.assertEqual((found["faults"][0]["line"], found["faults"][0]["column"]), (3, 5))
        self.assertEqual(self.user.get("/api/imports")["rows"], before, "a trial takes nothing in")

        with self.assertRaises(Refused) as refused:
            self.take("mihon-getsuji", "one.csv", FILE)
        self.assertEqual(refused.exception.status, 400, "not saved yet")
        self.put_to_use(OWN, FILE)
        self.assertEqual(self.put_to_use({**OWN, "title": "みほん月次2"}, FILE)["version"], 2)
        row = next(row for row in self.user.get("/api/layouts")["rows"] if row["layout"] == "mihon-getsuji")
        self.assertEqual((row["name"], row["version"], row["saved_by"]["login"], row["encoding"]), ("みほん月次2", 2, "sato", "CP932"))
        versions = self.user.get("/api/layouts/mihon-getsuji")["versions"]
        self.assertEqual([one["version"] for one in versions], [2, 1])
        self.assertEqual(json.loads(versions[1]["descriptor"]), OWN)

        dry = self.take("mihon-getsuji", "one.csv", FILE, "&dry_run=1")
        self.assertEqual((dry["fault_count"], len(dry["faults"]), dry["import"]["line_count"]), (1, 1, 2))
        taken = self.take("mihon-getsuji", "one.csv", FILE)
        self.assertEqual((taken["import"]["line_count"], taken["import"]["fault_count"]), (2, 1))
        rows = self.user.get(f"/api/imports/{taken['import']['id']}/faults")["rows"]
        self.assertEqual([(row["line"], row["raw"]) for row in rows], [(3, "A-2,令和8年11月31日,300円")])
        self.assertTrue(self.take("mihon-getsuji", "two.csv", FILE)["is_repeat"])
        log = self.service.sign_in("kansa").get("/api/access-log")["rows"]
        self.assertTrue({"layout_propose", "layout_confirm"} <= {row["what"] for row in log})
        other = FILE.replace(b"A-", b"B-")
        path = self.service.folder / "three.csv"
        path.write_bytes(other)
        printed = json.loads(self.service.run("import", "--layout", "mihon-getsuji", "--file", path, "--json"))
        self.assertEqual((printed["line_count"], printed["fault_count"]), (2, 1))

    def test_a_wrong_descriptor_names_its_key_and_a_wrong_file_its_place(self):
        with self.assertRaises(Refused) as refused:
            self.attempt({**OWN, "seperator": ","}, FILE)
        self.assertIn("seperator", refused.exception.body["error"]["message"])
        self.refused(400, "invalid_request", lambda: self.propose(OWN, FILE, reason=""))
        self.refused(400, "statement_columns", lambda: self.propose(OWN, "a,b,c\r\n1,2,3\r\n".encode()))
        self.refused(400, "no_readable_line", lambda: self.propose(OWN, "参照番号,利用日,金額\r\n".encode("cp932")))
        found = self.attempt(OWN, "a,b,c\r\n1,2,3\r\n".encode())
        self.assertEqual((found["error"]["code"], found["error"]["line"], found["line_count"]), ("statement_columns", 1, 0))
        with self.assertRaises(Refused) as refused:
            self.user.post("/api/imports?layout=paypay&file=x.csv", (FILES / "paypay.file").read_bytes()
                           .replace("取引完了".encode(), "取引完？".encode()).replace("返金完了".encode(), "返金完？".encode()),
                           "application/octet-stream")
        self.assertEqual(refused.exception.body["error"]["code"], "no_readable_line")

    def test_every_shipped_layout_takes_its_file_in(self):
        for path in sorted(FILES.glob("*.file")):
            taken = self.take(path.stem, path.name, path.read_bytes())
            lines = (FILES / f"{path.stem}.expected").read_text().splitlines()
            self.assertEqual((taken["import"]["line_count"], taken["fault_count"]), (len(lines), 0), path.stem)
            rows = self.user.get(f"/api/imports/{taken['import']['id']}/lines?limit=500")["rows"]
            self.assertEqual([str(row["line"]) for row in rows], [line.split("\t")[0] for line in lines], path.stem)
            self.assertEqual(self.user.get(f"/api/layouts/{path.stem}")["shipped"], (SHIPPED / f"{path.stem}.json").read_text())

    def test_only_those_who_import_may_try_and_save(self):
        auditor = self.service.sign_in("kansa")
        for deed in (lambda: self.propose(OWN, FILE, user=auditor),
                     lambda: auditor.post("/api/layouts/try?descriptor_bytes=2", b"{}x", "application/octet-stream")):
            with self.assertRaises(Refused) as refused:
                deed()
            self.assertEqual(refused.exception.status, 403)

    def test_nobody_puts_a_layout_to_use_alone_and_two_people_go_back(self):
        layout = {**OWN, "layout": "futari"}
        use = self.propose(layout, FILE, user=self.approver)
        self.assertIsNone(self.in_use("futari"), "proposed is not used")
        self.refused(400, "unknown_layout", lambda: self.take("futari", "f.csv", FILE.replace(b"A-", b"F-")))
        self.refused(403, "own_approval", lambda: self.approver.post(f"/api/layout-uses/{use['use']}/confirm", {"reason": "x"}))
        with self.assertRaises(Refused) as refused:
            self.user.post(f"/api/layout-uses/{use['use']}/confirm", {"reason": "x"})
        self.assertEqual(refused.exception.status, 403, "who may not confirm")
        self.refused(409, "layout_waits", lambda: self.propose(layout, FILE))

        ito = self.service.sign_in("ito")
        seen = ito.get(f"/api/layout-uses/{use['use']}")
        self.assertEqual((seen["state"], seen["file_name"], seen["sha256"]), ("proposed", "month.csv", hashlib.sha256(FILE).hexdigest()))
        self.assertEqual((seen["trial"]["line_count"], seen["trial"]["amount_yen"], seen["trial"]["fault_count"]), (2, 1650, 1))
        self.assertEqual(seen["trial"]["lines"][0]["raw"], 'A-1,令和8年11月22日,"1,450円"')
        self.assertEqual((json.loads(seen["descriptor"]), seen["in_use"]), (layout, None))
        self.assertIn("layouts", {row["what"] for row in ito.get("/api/today")["waiting"]})
        self.refused(400, "invalid_request", lambda: ito.post(f"/api/layout-uses/{use['use']}/confirm", {"reason": ""}))
        self.assertEqual(ito.post(f"/api/layout-uses/{use['use']}/confirm", {"reason": "見た"})["state"], "done")
        self.refused(409, "wrong_state", lambda: ito.post(f"/api/layout-uses/{use['use']}/confirm", {"reason": "再"}))
        self.assertEqual(self.in_use("futari"), 1)
        self.take("futari", "f.csv", FILE.replace(b"A-", b"F-"))

        second = self.propose({**layout, "title": "二版"}, FILE)
        self.assertEqual(ito.post(f"/api/layout-uses/{second['use']}/refuse", {"reason": "題名が違う"})["state"], "refused")
        self.assertEqual(self.in_use("futari"), 1, "refused changes nothing")
        self.put_to_use({**layout, "title": "三版"}, FILE)
        self.assertEqual(self.in_use("futari"), 3)

        back = self.user.post("/api/layouts/futari/use", {"version": 1, "reason": "三版は誤り"})
        self.assertEqual((back["version"], back["trial"]["amount_yen"], self.in_use("futari")), (1, 1650, 3))
        self.approver.post(f"/api/layout-uses/{back['id']}/confirm", {"reason": "確認"})
        self.assertEqual(self.in_use("futari"), 1)
        self.refused(409, "wrong_state", lambda: self.user.post("/api/layouts/futari/use", {"version": 1, "reason": "x"}))
        self.refused(404, "not_found", lambda: self.user.post("/api/layouts/futari/use", {"version": 9, "reason": "x"}))
        none = self.user.post("/api/layouts/futari/use", {"version": 0, "reason": "やめる"})
        self.assertIsNone(none["descriptor"])
        self.approver.post(f"/api/layout-uses/{none['id']}/confirm", {"reason": "確認"})
        self.assertIsNone(self.in_use("futari"))
        self.assertEqual(self.user.get("/api/layouts/futari")["in_use"], 0)
        withdrawn = self.user.post("/api/layouts/futari/use", {"version": 3, "reason": "やはり"})
        self.user.post(f"/api/layout-uses/{withdrawn['id']}/refuse", {"reason": "取り下げ"})
        self.service.run("audit", expect=0)

    def test_storage_refuses_one_person_too(self):
        layout = {**OWN, "layout": "hitori"}
        use = self.propose(layout, FILE)["use"]
        for login in ("sato", "kansa"):  # the one who proposed; no approver
            with store.connect(self.service.database) as database, self.assertRaisesRegex(Exception, "approver"):
                database.execute(f"UPDATE layout_use SET state = 'done', decided_by = '{login}' WHERE layout_use = {use}")
            database.close()
        self.approver.post(f"/api/layout-uses/{use}/confirm", {"reason": "確認"})
        for sql in (f"DELETE FROM layout_use WHERE layout_use = {use}", f"UPDATE layout_use SET version = 0 WHERE layout_use = {use}"):
            with store.connect(self.service.database) as database, self.assertRaisesRegex(Exception, "is not (deleted|changed)"):
                database.execute(sql)
            database.close()


if __name__ == "__main__":
    unittest.main()
