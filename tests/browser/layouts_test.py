"""A layout in a real browser: tried out on a file, seen side by side, proposed with a reason, and put to use by a second person; unreadable lines are shown
before anything is taken in. Pictures go to MADOGUCHI_BROWSER_EVIDENCE."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService  # noqa: E402
from harness.process import ROOT  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
SHIPPED = ROOT / "settlement" / "statements" / "layouts"
FILES = ROOT / "tests" / "fixtures" / "statements"
EXPECTED = ("401", "400")  # answers that the page explains; to the console they are errors


class LayoutPages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="layouts-")
        self.addCleanup(folder.cleanup)
        self.service = FinanceService(BUILD, folder.name, screens=BUILD / "share" / "finance")
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)

    def write(self, name, content):
        path = self.service.folder / name
        path.write_bytes(content)
        return str(path)

    def sign_in(self, browser, login):
        browser.open(self.service.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-imports]")

    def picture(self, browser, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURES / f"layouts-{name}.png")

    def attempt(self, browser, descriptor, path):
        browser.wait_for("#descriptor-file").send_keys(descriptor)
        browser.wait(lambda: browser.run("return document.querySelector('#descriptor').value.length") > 100, "the descriptor")
        browser.wait_for("#trial-file").send_keys(path)
        browser.click("[data-testid=trial-run]")
        browser.wait_for("[data-testid=trial-found]")

    def test_a_layout_is_tried_on_a_file_proposed_and_put_to_use_by_a_second_person(self):
        layout = json.loads((SHIPPED / "card-monthly.json").read_text())
        layout.update({"layout": "mihon-card", "title": "みほんカード 月次"})
        descriptor = self.write("mihon-card.json", json.dumps(layout, ensure_ascii=False, indent=2).encode())
        content = (FILES / "card-monthly.file").read_bytes()
        good = self.write("R8-11.csv", content)
        cut = self.write("cut.csv", content[: content.rindex(b'"T"')])
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            browser.click("[data-testid=nav-imports]")
            browser.click("[data-testid=page-layouts]")
            self.attempt(browser, descriptor, cut)
            browser.wait_for_text("トレーラーレコードがありません")
            self.assertEqual(browser.all("[data-testid=layout-save]"), [])
            self.picture(browser, "cut")

            browser.wait_for("#trial-file").send_keys(good)
            browser.click("[data-testid=trial-run]")
            browser.wait_for_text("最後まで読めました")
            self.assertEqual(len(browser.all("[data-testid=trial-line]")), 4)
            self.assertIn("令和8年11月22日", browser.text("[data-testid=trial-lines]"))
            self.assertIn("2026-11-22", browser.text("[data-testid=trial-lines]"))
            browser.wait_for("[data-testid=layout-reason]").send_keys("11月分のファイルで確認")
            browser.run("document.querySelector('.trial-found').scrollIntoView()")
            self.picture(browser, "tried")
            browser.click("[data-testid=layout-save]")
            browser.wait_for_text("第1版を提案しました")
            browser.click("[data-testid=layout-use-open]")
            browser.wait_for_text("自分が提案した書式です")
            self.assertEqual(browser.all("[data-testid=layout-use-confirm]"), [])
            self.picture(browser, "proposed")
            self.assertEqual(browser.console_errors(EXPECTED), [])
        with Browser(size=(1024, 768), dark=True) as browser:
            self.sign_in(browser, "suzuki")
            browser.click("[data-testid=nav-imports]")
            browser.click("[data-testid=page-layouts]")
            browser.click("[data-testid=layout-use-open]")
            browser.wait_for("[data-testid=layout-use] [data-testid=trial-line]")
            self.assertIn("R8-11.csv", browser.text("[data-testid=layout-use]"))
            self.picture(browser, "second-person-dark")
            browser.run("document.querySelector('[data-testid=layout-change]').scrollIntoView({block: 'center'})")
            self.picture(browser, "second-person-change-dark")
            browser.wait_for("[data-testid=layout-use-reason]").send_keys("一行ずつ見比べた")
            browser.click("[data-testid=layout-use-confirm]")
            browser.wait_for("#layout-choice option[value=mihon-card]")
            browser.run("const field = document.querySelector('#layout-choice'); field.value = 'mihon-card';"
                        "field.dispatchEvent(new Event('change', {bubbles: true}))")
            browser.wait_for_text("11月分のファイルで確認")
            self.picture(browser, "versions-dark")
            self.assertEqual(browser.console_errors(EXPECTED), [])

    def test_lines_that_cannot_be_read_are_shown_before_and_after_taking_in(self):
        content = (FILES / "paypay.file").read_bytes().replace(b"2026/11/22 09:03", b"2026/11/32 09:03")
        path = self.write("paypay.csv", content)
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            browser.click("[data-testid=nav-imports]")
            browser.wait_for("#import-file").send_keys(path)
            browser.wait_for("[data-testid=upload][data-state=refused]")
            browser.wait_for("[data-testid=upload] option[value=paypay]")
            browser.run("const field = document.querySelector('[data-testid=upload] select'); field.value = 'paypay';"
                        "field.dispatchEvent(new Event('change', {bubbles: true}))")
            browser.wait_for("[data-testid=upload][data-state=ready]")
            browser.wait_for_text("読めない行が1件あります")
            self.assertIn("4行目", browser.text("[data-testid=fault]"))
            self.picture(browser, "faults-before")
            browser.click("[data-testid=take-in]")
            browser.wait_for("[data-testid=upload][data-state=taken]")
            browser.wait_for_text("読めない行　1件")
            self.picture(browser, "faults-after")
            self.assertEqual(browser.console_errors(EXPECTED), [])


if __name__ == "__main__":
    unittest.main()
