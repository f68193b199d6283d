"""職員 in a real browser: somebody is added, changes the first password, works; is given another role, sent away and taken back.
Pictures go to MADOGUCHI_BROWSER_EVIDENCE."""
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
EXPECTED = ("401", "400", "403", "409")  # answers that the page explains; to the console they are errors
OWN = "a password of one's own"


class StaffPages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="staff-")
        self.addCleanup(folder.cleanup)
        self.service = FinanceService(BUILD, folder.name, screens=BUILD / "share" / "finance")
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)

    def sign_in(self, browser, login, password=PASSWORD):
        browser.open(self.service.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(password)
        browser.press("Enter")

    def open_staff(self, browser):
        self.sign_in(browser, "kanri")
        browser.click("[data-testid=nav-staff]")
        browser.wait_for("[data-testid=staff-row]")

    def picture(self, browser, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURES / f"staff-{name}.png")

    def choose(self, browser, selector, value):
        browser.run("const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                    "field.dispatchEvent(new Event('change', { bubbles: true }))", selector, value)

    def test_somebody_is_added_and_signs_in_with_a_password_of_their_own(self):
        with Browser(size=(1280, 800)) as browser:
            self.open_staff(browser)
            self.picture(browser, "list")
            browser.click("[data-testid=staff-new]")
            browser.wait_for("#staff-login").send_keys("sato")
            browser.wait_for("#staff-name").send_keys("阿部 光")
            self.choose(browser, "#staff-role", "approver")
            browser.click("[data-testid=staff-add]")
            browser.wait_for_text("既に使われています")
            self.picture(browser, "taken")
            browser.run("const field = document.querySelector('#staff-login'); field.value = 'abe'; field.dispatchEvent(new Event('input', { bubbles: true }))")
            browser.click("[data-testid=staff-add]")
            password = browser.wait_for("[data-testid=staff-given]").text
            self.assertEqual(len(password), 16)
            browser.wait_for_text("阿部 光", "[data-testid=staff-detail]")
            self.picture(browser, "given")
            browser.click_text("渡したので閉じる")
            self.assertEqual(browser.console_errors(EXPECTED), [])
        with Browser(size=(1024, 768), dark=True) as browser:
            self.sign_in(browser, "abe", password)
            browser.wait_for("[data-testid=first-password]")
            self.picture(browser, "first-password")
            fields = browser.all("[data-testid=first-password] input")
            for field, text in zip(fields, (password, OWN, OWN)):
                field.send_keys(text)
            browser.press("Enter")
            browser.click("[data-testid=password-done]")
            browser.click("[data-testid=nav-assessments]")
            self.assertEqual(browser.all("[data-testid=nav-staff]"), [])
            self.assertEqual(browser.console_errors(EXPECTED), [])

    def test_an_approver_is_given_sections(self):
        with Browser(size=(1280, 800)) as browser:
            self.open_staff(browser)
            browser.click("[data-testid=staff-row][data-id=suzuki]")
            browser.wait_for_text("鈴木 一郎", "[data-testid=staff-detail]")
            browser.click("[data-testid=section-bijutsukan]")
            browser.click("[data-testid=section-kanko]")
            browser.click("[data-testid=staff-sections]")
            browser.wait_for_text("美術館、観光課", "[data-testid=staff-detail] .facts")
            browser.run("document.querySelector('[data-testid=staff-sections]').scrollIntoView({ block: 'end' })")
            self.picture(browser, "sections")
            browser.click("[data-testid=staff-row][data-id=sato]")
            browser.wait_for_text("佐藤 花子", "[data-testid=staff-detail]")
            self.assertEqual(browser.all("[data-testid=staff-sections]"), [])
            self.assertEqual(browser.console_errors(EXPECTED), [])

    def test_a_role_is_changed_and_a_person_sent_away_and_taken_back(self):
        with Browser(size=(1280, 800)) as browser:
            self.open_staff(browser)
            browser.click("[data-testid=staff-row][data-id=sato]")
            browser.wait_for_text("佐藤 花子", "[data-testid=staff-detail]")
            browser.wait_for("[data-testid=staff-reason]").send_keys("四月の異動")
            self.choose(browser, "#staff-change-role", "auditor")
            browser.click("[data-testid=staff-change]")
            browser.wait_for_text("監査", "[data-testid=staff-row][data-id=sato]")
            browser.click("[data-testid=staff-turn]")
            browser.wait_for_text("停止中", "[data-testid=staff-row][data-id=sato]")
            self.picture(browser, "sent-away")
            browser.click("[data-testid=staff-turn]")
            browser.wait_for_text("有効", "[data-testid=staff-row][data-id=sato]")
            browser.click("[data-testid=staff-reset-password-make]")
            browser.click("[data-testid=staff-reset]")
            browser.wait_for("[data-testid=staff-given]")
            browser.wait_for_text("初回パスワード", "[data-testid=staff-row][data-id=sato]")
            self.picture(browser, "reset")
            browser.click("[data-testid=staff-row][data-id=kanri]")
            browser.wait_for("[data-testid=staff-own]")
            self.assertEqual(browser.all("[data-testid=staff-turn]"), [])
            self.picture(browser, "own")
            browser.click("[data-testid=nav-access-log]")
            browser.wait_for_text("パスワードの再発行")
            browser.wait_for_text("四月の異動")
            self.picture(browser, "log")
            self.assertEqual(browser.console_errors(EXPECTED), [])


if __name__ == "__main__":
    unittest.main()
