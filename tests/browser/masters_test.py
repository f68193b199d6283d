"""Masters in a real browser: a price of April is edited, refused where it is wrong, compared, proposed, and approved by another
person; by keyboard where a person would. Pictures go to MADOGUCHI_BROWSER_EVIDENCE."""
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
EXPECTED = ("401", "403", "409", "400")  # answers that the page explains; to the console they are errors


class MastersPages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="masters-")
        self.addCleanup(folder.cleanup)
        self.service = FinanceService(BUILD, folder.name)
        config = self.service.folder / "settlement.conf"
        config.write_text(config.read_text() + f"[screens]\nshare = {BUILD / 'share' / 'finance'}\n")
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)

    def sign_in(self, browser, login):
        browser.open(self.service.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-masters]")
        browser.click("[data-testid=nav-masters]")
        browser.wait_for("[data-testid=masters-row]")

    def begin_draft(self, browser, title):
        browser.click("[data-testid=draft-new]")
        browser.wait_for("[data-testid=draft-title]")
        browser.type(title)
        browser.press("Enter")
        browser.wait_for("[data-testid=row-save]")

    @staticmethod
    def put(browser, selector, text):
        field = browser.wait_for(selector)
        field.clear()
        browser.wait(lambda: field.get_property("value") == "", f"{selector} to be empty")  # drawn anew after each letter
        field.send_keys(text)
        browser.wait(lambda: field.get_property("value") == text, f"{selector} to hold {text}")

    @staticmethod
    def put_day(browser, selector, day):
        browser.wait_for(selector)
        browser.run("const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                    "field.dispatchEvent(new Event('input', {bubbles: true}))", selector, day)

    def picture(self, browser, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURES / f"masters-{name}.png")

    def test_a_price_of_april_goes_from_one_person_to_the_other(self):
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            self.picture(browser, "published")
            self.begin_draft(browser, "令和9年4月 使用料の改定")
            self.put(browser, "#field-price_yen", "350")
            browser.click("[data-testid=row-since]")
            self.put_day(browser, "[data-testid=since-date]", "2027-04-01")
            browser.click("[data-testid=since-send]")
            browser.wait_for_text("2027/04/01 から変更する行をつくりました")
            self.picture(browser, "since")

            browser.click("[data-testid=page-masters-preview]")
            browser.wait_for("[data-testid=preview-row]")
            self.assertIn("¥300", browser.text("[data-testid=preview-row]"))
            self.assertIn("¥350", browser.text("[data-testid=preview-row]"))
            self.picture(browser, "preview")

            browser.click("[data-testid=page-masters-drafts]")
            browser.wait_for_text("2027-04-01から単価を「300円」から「350円」に")
            browser.wait_for_text("誤りはありません")
            browser.click("[data-testid=draft-propose]")
            browser.wait_for_text("承認待ち")
            browser.wait_for_text("ご自分の提出なので承認できません")
            self.assertEqual(browser.all("[data-testid=draft-approve]"), [])
            self.picture(browser, "proposed")
            self.assertEqual(browser.console_errors(EXPECTED), [])
        with Browser(size=(1024, 768), dark=True) as browser:
            self.sign_in(browser, "suzuki")
            browser.click("[data-testid=page-masters-drafts]")
            browser.wait_for("[data-testid=difference]")
            browser.click("[data-testid=difference] summary")
            self.picture(browser, "approving-dark")
            browser.click("[data-testid=draft-approve]")
            browser.click("[data-testid=page-masters-versions]")
            browser.wait_for_text("第2版")
            browser.wait_for_text("sato → suzuki")
            self.picture(browser, "versions-dark")
            self.assertEqual(browser.console_errors(EXPECTED), [])
        self.assertEqual(self.service.sign_in("sato").get("/api/masters/versions")["rows"][0]["version"], 2)

    def test_what_is_wrong_stands_at_its_field_and_is_kept(self):
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            self.begin_draft(browser, "訂正")
            self.put(browser, "#field-price_yen", "三百")
            browser.press("Escape")
            browser.click("[data-testid=row-save]")
            browser.wait_for(".masters-member.is-wrong")
            self.assertIn("整数", browser.text('[data-member="price_yen"] .masters-remark'))
            self.picture(browser, "wrong")
            self.assertEqual(browser.run("return document.querySelector('#field-price_yen').value"), "三百")
            browser.click("[data-testid=page-masters-drafts]")
            browser.wait_for_text("直すまで提出できません")
            self.assertEqual(browser.console_errors(EXPECTED), [])

    def test_two_people_on_one_row_see_both_contents(self):
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            self.begin_draft(browser, "訂正")
            draft = self.service.sign_in("sato").get("/api/masters/drafts")["rows"][0]["id"]
            self.put(browser, "#field-price_yen", "350")
            other = self.service.sign_in("ito")
            row = other.get(f"/api/masters/rows?kind=items&draft={draft}&search=juminhyo")["rows"][0]
            other.post(f"/api/masters/drafts/{draft}/rows",
                       {"kind": "items", "key": row["key"], "revision": 0, "row": {**row["row"], "price_yen": 400}})
            browser.click("[data-testid=row-save]")
            browser.wait_for_text("この行は先に変えられました")
            browser.wait_for_text("400円")
            self.assertEqual(browser.run("return document.querySelector('#field-price_yen').value"), "350")
            self.picture(browser, "two-people")
            browser.click("[data-testid=keep-mine]")
            browser.click("[data-testid=row-save]")
            browser.wait_for_text("保存しました")
        saved = self.service.sign_in("ito").get(f"/api/masters/rows?kind=items&draft={draft}&search=juminhyo")["rows"][0]
        self.assertEqual(saved["row"]["price_yen"], 350)

    def test_a_file_is_looked_at_before_it_is_taken(self):
        file = self.service.folder / "items.csv"
        file.write_bytes("コード,適用開始日,単価\r\njuminhyo,2026-04-01,350\r\n".encode("cp932"))
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            self.begin_draft(browser, "取込")
            browser.click("[data-testid=csv]")
            browser.wait(lambda: browser.all("[data-testid=csv-file]"), "the file's field")[0].send_keys(str(file))
            browser.wait_for("[data-testid=csv-outlook]")
            browser.wait_for_text("単価を「300円」から「350円」に")
            self.picture(browser, "csv")
            browser.click("[data-testid=csv-take]")
            browser.wait_for_text("1行を取り込みました")
            self.assertEqual(browser.console_errors(EXPECTED), [])


if __name__ == "__main__":
    unittest.main()
