"""The work list in a real browser: mark and take over, say, wait, resolve and take back, and pair by hand, mostly by keyboard. The
service is the real one; the till's lines are those of tests/integration."""
import datetime
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "integration"))

from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService, statement, today  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
DAY = today() - datetime.timedelta(days=10)


class WorkList(unittest.TestCase):
    def setUp(self):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix="worklist-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.service = FinanceService(BUILD, self.folder, BUILD / "share" / "finance")
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        till = self.service.add_till("KO-01", date=DAY)
        till.open_day()
        self.sales = [till.sell("paypay", ("juminhyo", count)) for count in (1, 2, 3)]
        self.service.wait_for_ledger(till)
        self.user = self.service.sign_in("sato")
        self.user.post("/api/imports?layout=aggregator-daily&file=s.csv",
                       statement([("garbled", "QX", self.sales[2]["total_yen"])], DAY, today()), "application/octet-stream")
        self.browser = Browser(size=(1280, 800))
        self.browser.__enter__()
        self.addCleanup(self.browser.close)
        self.sign_in("sato")

    def sign_in(self, login):
        browser = self.browser
        browser.open(self.service.url + "/")
        browser.wait_for("#login")
        browser.click("#login")
        browser.type(login)
        browser.click("#password")
        browser.type(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-today]")
        browser.run("location.hash = '#discrepancies'")
        browser.wait(lambda: len(browser.all("[data-testid=discrepancy-row]")) == 4, "the four that are open")
        browser.wait_for("[data-testid=discrepancy-detail]")

    def open_row(self, sale):
        row = next(row for row in self.user.get("/api/discrepancies?state=all")["rows"] if row["payment"] == sale["payment"])
        self.browser.run("location.hash = arguments[0]", f"#discrepancies?state=all&id={row['id']}")
        self.browser.wait(lambda: self.browser.all(f'tr[aria-selected="true"][data-id="{row["id"]}"]'), "the row to be chosen")
        self.browser.wait_for("[data-testid=discrepancy-detail][aria-busy=false]")
        return row

    def about(self, row):
        return self.user.get(f"/api/discrepancies/{row['id']}")

    def finish(self, name):
        self.browser.wait_drawn()
        self.browser.screenshot(PICTURES / f"worklist-{name}.png")
        self.assertEqual(self.browser.console_errors(("401",)), [])

    def test_many_are_marked_and_taken_over_by_keyboard(self):
        browser = self.browser
        browser.press("x")
        browser.press("j")
        browser.press("x")
        browser.wait_for_text("2件")
        self.finish("marked")
        browser.click("[data-testid=bulk-assign]")
        browser.wait_for_text("2件に記録しました。")
        owners = [row["owner"] for row in self.user.get("/api/discrepancies")["rows"]]
        self.assertEqual(sum(owner is not None for owner in owners), 2)

    def test_a_comment_stays_for_the_next_who_looks(self):
        row = self.open_row(self.sales[0])
        self.browser.press("c")
        self.browser.wait_for("[data-testid=comment-send]")
        self.browser.type("決済会社に電話。折り返し待ち")
        self.browser.click("[data-testid=comment-send]")
        self.browser.wait_for_text("決済会社に電話。折り返し待ち", "[data-testid=comments]")
        self.assertEqual(self.about(row)["comments"][0]["text"], "決済会社に電話。折り返し待ち")
        self.finish("comment")

    def test_what_is_waited_for_says_until_when(self):
        row = self.open_row(self.sales[0])
        self.browser.press("w")
        self.browser.wait_for("[data-testid=expect-send]")
        self.browser.type("月末締めの明細に載る")
        self.browser.click("[data-testid=expect-send]")
        self.browser.wait_for_text("自然に解消するのを待っています")
        self.assertEqual(self.about(row)["discrepancy"]["expected_on"], str(today() + datetime.timedelta(days=7)))
        self.finish("waiting")

    def test_a_resolution_is_taken_back(self):
        row = self.open_row(self.sales[0])
        self.user.post(f"/api/discrepancies/{row['id']}/resolve",
                       {"kind": "explained", "reason": "確認済み", "version": row["version"]})
        self.browser.wait_for("[data-testid=undo]")
        self.browser.press("u")
        self.browser.wait_for("[data-testid=undo-send]")
        self.browser.type("別の件だった")
        self.browser.click("[data-testid=undo-send]")
        self.browser.wait_for_text("処置を取り消しました")
        self.assertEqual(self.about(row)["discrepancy"]["state"], "open")
        self.finish("undone")

    def test_a_payment_in_two_lines_is_put_together_by_a_person_and_taken_apart_with_a_reason(self):
        browser = self.browser
        pieces = statement([("half-1", "QH1", 100), ("half-2", "QH2", self.sales[1]["total_yen"] - 100)], DAY, today())
        self.user.post("/api/imports?layout=aggregator-daily&file=h.csv", pieces, "application/octet-stream")
        row = self.open_row(self.sales[1])
        browser.press("m")
        browser.wait_for("[data-testid=split-send]")
        boxes = browser.wait(lambda: browser.all("[data-testid^=piece-]"), "the pieces to choose from")
        chosen = [box for box in boxes if any(yen in box.get_attribute("aria-label") for yen in ("¥100", f"¥{self.sales[1]['total_yen'] - 100}"))]
        for box in chosen:
            box.click()
        browser.wait(lambda: browser.text("[data-testid=split-rest]") == "¥0", "the sum to be right")
        self.assertIn("理由", browser.text("[data-testid=split-why]"))
        browser.wait_for("[data-testid=split-reason]").send_keys("決済会社が二回に分けた")
        browser.wait(lambda: browser.wait_for("[data-testid=split-send]").get_attribute("aria-disabled") != "true", "the form to be whole")
        self.finish("split")
        browser.click("[data-testid=split-send]")
        browser.wait_for_text("合わせて一つの決済としました")
        self.assertEqual(self.about(row)["discrepancy"]["state"], "cleared")
        browser.wait_for("[data-testid=splits]")
        browser.click("[data-testid=split-undo]")
        browser.wait_for("[data-testid=split-undo-reason]").send_keys("別の人の決済だった")
        browser.wait(lambda: browser.wait_for("[data-testid=split-undo-send]").get_attribute("aria-disabled") != "true", "the reason to be read")
        self.finish("split-done")
        browser.click("[data-testid=split-undo-send]")
        browser.wait_for_text("判断を取り消しました")
        browser.wait(lambda: browser.all("[data-testid=splits]") == [], "the decision to be gone")
        self.assertEqual(self.about(row)["discrepancy"]["class"], "pos_only")

    def test_a_garbled_line_is_paired_with_its_payment_by_a_person(self):
        row = self.open_row(self.sales[2])
        self.browser.wait_for_text("金額が同じ", "[data-testid=partners]")
        self.finish("partners")
        self.browser.press("p")
        self.browser.wait_for("[data-testid=pair-send]")
        self.browser.type("決済会社に番号の文字化けを確認")
        self.browser.click("[data-testid=pair-send]")
        self.browser.wait_for_text("同じ決済としました")
        self.browser.wait_for("[data-testid=decisions]")
        self.assertEqual(self.about(row)["discrepancy"]["state"], "cleared")
        self.finish("paired")


if __name__ == "__main__":
    unittest.main(verbosity=2)
