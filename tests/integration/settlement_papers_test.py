"""調定票 and its breakdown as files: read back by other programs (pdftotext, a zip and XML reader, a CSV reader).

Runs the program of $MADOGUCHI_BUILD with a paper till. The pictures of the pages stay in $MADOGUCHI_PAPER_EVIDENCE.
"""
import csv
import datetime
import io
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

from finance_service import FinanceService, today
from harness.http import Refused

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
EVIDENCE = os.environ.get("MADOGUCHI_PAPER_EVIDENCE")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def pages(pdf):
    """The text of each page as it stands on it."""
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


def keep(name, pdf):
    if EVIDENCE:
        folder = pathlib.Path(EVIDENCE)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", "80", "-png", str(folder / f"{name}.pdf"), str(folder / name)], check=True)


class Papers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="papers-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.service = FinanceService(BUILD, cls.folder)
        cls.addClassCleanup(cls.service.__exit__)
        cls.service.__enter__()
        cls.finance, cls.approver = cls.service.sign_in("sato"), cls.service.sign_in("suzuki")
        till = cls.service.add_till("KO-01", date=today() - datetime.timedelta(days=10))
        till.open_day()
        sale = till.sell_for_cash(("koseki", 1), ("joseki", 4))
        till.sell("paypay", ("juminhyo", 2))
        cls.service.wait_for_ledger(till)
        cls.draft_and_propose()
        cls.approved = cls.approver.post("/api/assessments/approve", {"assessments": cls.proposed})["rows"]
        till.void(sale)
        cls.service.wait_for_ledger(till)
        cls.draft_and_propose()

    @classmethod
    def draft_and_propose(cls):
        cls.finance.post("/api/assessments/draft", {})
        rows = cls.finance.get("/api/assessments?state=draft")["rows"]
        chosen = [{"id": row["id"], "version": row["version"]} for row in rows]
        cls.proposed = [{"id": row["id"], "version": row["version"]}
                        for row in cls.finance.post("/api/assessments/propose", {"assessments": chosen})["rows"]]

    def cash(self):
        return next(row for row in self.approved if row["route"] == "cash")

    def paper(self, row, shape="pdf"):
        return self.finance.get(f"/api/assessments/{row['id']}/paper?format={shape}", raw=True)

    def test_a_slip_and_its_breakdown_are_two_pages_that_say_what_the_screen_says(self):
        row = self.cash()
        pdf = self.paper(row)
        keep("slip", pdf)
        slip, breakdown = pages(pdf)
        for text in ("調定票", row["number"], "3,450 円", "窓口現金", "即納", "起票者", "会計管理者"):
            self.assertIn(text, slip)
        self.assertRegex(slip, r"1 ?/ ?1\n$")
        self.assertRegex(breakdown, r"科目 +一般会計 ?／ ?使用料及び手数料")
        self.assertIn("集合調定内訳票" if row["form"] == "collective" else "調定内訳票", breakdown)
        lines = self.finance.get(f"/api/assessments/{row['id']}")["lines"]
        for line in lines:
            self.assertIn(line["name"], breakdown)
            self.assertIn(f"{line['amount_yen']:,}", breakdown)
        self.assertIn("合計", breakdown)

    def test_the_type_is_inside_the_file(self):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(self.paper(self.cash()))
            file.flush()
            fonts = subprocess.run(["pdffonts", file.name], capture_output=True, check=True).stdout.decode().splitlines()[2:]
        self.assertTrue(fonts)
        for font in fonts:
            self.assertIn("NotoSerifCJK", font)
            self.assertEqual(font.split()[-5], "yes", f"not embedded: {font}")

    def test_the_same_paper_is_the_same_bytes_also_after_a_restart(self):
        before = {shape: self.paper(self.cash(), shape) for shape in ("pdf", "xlsx", "csv", "csv-cp932")}
        self.service.process.stop()
        self.service.start()
        type(self).finance, type(self).approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        for shape, content in before.items():
            self.assertEqual(self.paper(self.cash(), shape), content, shape)

    def test_what_is_not_approved_is_called_a_draft_and_a_decrease_cites_its_original(self):
        decrease = next(row for row in self.finance.get("/api/assessments")["rows"] if row["kind"] == "decrease")
        pdf = self.paper(decrease)
        keep("decrease-draft", pdf)
        slip = pages(pdf)[0]
        for text in ("減額調定票（案）", "元調定番号", self.cash()["number"], "△3,450 円", "承認されていません"):
            self.assertIn(text, slip)
        self.assertNotIn("調定番号 2", slip.replace("元調定番号", ""))

    def test_spreadsheets_get_numbers_that_add_up(self):
        row = self.cash()
        table = list(csv.DictReader(io.StringIO(self.paper(row, "csv").decode("utf-8-sig"))))
        self.assertEqual(sum(int(line["金額（円）"]) for line in table), row["amount_yen"])
        self.assertEqual(self.paper(row, "csv-cp932").decode("cp932"), self.paper(row, "csv").decode("utf-8-sig"))
        with zipfile.ZipFile(io.BytesIO(self.paper(row, "xlsx"))) as book:
            strings = ["".join(part.itertext()) for part in
                       xml.etree.ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
            self.assertIn("戸籍全部事項証明", " ".join(strings))
            sheet = xml.etree.ElementTree.fromstring(book.read("xl/worksheets/sheet2.xml"))
            numbers = [int(float(cell.find(f"{SHEET}v").text)) for cell in sheet.iter(f"{SHEET}c")
                       if cell.get("t") is None and cell.find(f"{SHEET}v") is not None]
        self.assertIn(row["amount_yen"], numbers)

    def test_another_citys_slip_and_another_shape_are_refused_in_japanese(self):
        for path, status in (("/api/assessments/999999/paper", 404), (f"/api/assessments/{self.cash()['id']}/paper?format=doc", 400)):
            with self.assertRaises(Refused) as refused:
                self.finance.get(path, raw=True)
            self.assertEqual(refused.exception.status, status)
            self.assertTrue(any(ord(letter) > 0x3000 for letter in refused.exception.message), refused.exception.message)


if __name__ == "__main__":
    unittest.main()
