"""Layouts against the real service: tried out on a file, saved as the city's own version by version, used by imports; lines
that cannot be read are left out, listed and kept."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from finance_service import FinanceService  # noqa: E402
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

    def attempt(self, descriptor, content):
        head = json.dumps(descriptor, ensure_ascii=False).encode()
        return self.user.post(f"/api/layouts/try?descriptor_bytes={len(head)}", head + content, "application/octet-stream")

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
        self.assertEqual(self.user.post("/api/layouts", {"descriptor": json.dumps(OWN), "reason": "11月分で確認"})["version"], 1)
        again = self.user.post("/api/layouts", {"descriptor": json.dumps({**OWN, "title": "みほん月次2"}), "reason": "題名"})
        self.assertEqual(again["version"], 2)
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
        self.assertIn("layout:mihon-getsuji", {row["object"] for row in log})
        other = FILE.replace(b"A-", b"B-")
        path = self.service.folder / "three.csv"
        path.write_bytes(other)
        printed = json.loads(self.service.run("import", "--layout", "mihon-getsuji", "--file", path, "--json"))
        self.assertEqual((printed["line_count"], printed["fault_count"]), (2, 1))

    def test_a_wrong_descriptor_names_its_key_and_a_wrong_file_its_place(self):
        with self.assertRaises(Refused) as refused:
            self.attempt({**OWN, "seperator": ","}, FILE)
        self.assertIn("seperator", refused.exception.body["error"]["message"])
        with self.assertRaises(Refused):
            self.user.post("/api/layouts", {"descriptor": json.dumps(OWN), "reason": ""})
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
        for deed in (lambda: auditor.post("/api/layouts", {"descriptor": json.dumps(OWN), "reason": "x"}),
                     lambda: auditor.post("/api/layouts/try?descriptor_bytes=2", b"{}x", "application/octet-stream")):
            with self.assertRaises(Refused) as refused:
                deed()
            self.assertEqual(refused.exception.status, 403)


if __name__ == "__main__":
    unittest.main()
