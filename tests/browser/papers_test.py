"""Papers and the citizen's language in a real browser on real programs: by keyboard alone, and by touch alone.

Pictures go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from harness.checkout_masters import checkout_masters  # noqa: E402
from harness.city import City  # noqa: E402
from harness.process import wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
TARGET_PX = 44


def masters():
    """The checkout's: 住民票 has other names, カード専用 a 加盟店控."""
    document = checkout_masters()
    for item in document["items"]:
        if item["code"] == "a":
            item.update(name_en="Certificate of Residence", name_zh="住民票副本", name_ko="주민표 사본")
    for policy in document["policies"]:
        if policy["code"] == "card_only":
            policy["shop_copy"] = True
    return document


class Papers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="papers-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        path = pathlib.Path(cls.folder) / "masters.json"
        path.write_text(json.dumps(masters(), ensure_ascii=False))
        cls.city = City(BUILD, cls.folder, payment_timeout_ms=4000, masters=path)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.till = cls.city.add_till("KO-01", "shimin-1", printer="[line_display]\nkind = simulated\ncharacters = cp932\n")
        cls.till.open()
        PICTURES.mkdir(parents=True, exist_ok=True)

    def setUp(self):
        self.till.clear()
        self.browser = self.enterContext(Browser(size=(1024, 768)))
        self.browser.open(self.till.url + "/")
        self.browser.wait_for("[data-item=a]")

    def picture(self, name):
        self.browser.wait_drawn()
        self.browser.screenshot(PICTURES / f"papers-{name}.png")
        small = [t for t in self.browser.targets() if t["width"] < TARGET_PX or t["height"] < TARGET_PX]
        self.assertEqual(small, [])

    def prints(self, form):
        return [line["body"] for line in self.till.journal()
                if line["kind"] == "print.finished" and line["body"]["form"] == form]

    def printed(self, form, count):
        return wait_until(f"{count} of {form}", lambda: len(self.prints(form)) == count and self.prints(form)[-1])

    def language(self):
        return self.till.get("/api/citizen")["language"]

    def test_the_clerk_goes_through_the_languages_by_key_and_the_citizen_reads_it(self):
        self.till.ring_up("a")
        self.browser.wait_for_text("¥300", ".total")
        for language, name in (("en", "Certificate of Residence"), ("zh", "住民票副本"), ("ko", "주민표 사본"), ("ja", "住民票")):
            self.browser.press("Shift+F2")
            wait_until(language, lambda wanted=language: self.language() == wanted)
            self.assertEqual(self.till.get("/api/citizen")["lines"][0]["name"], name)
        self.browser.press("Shift+F2", "Shift+F2", "Shift+F2")  # three quick presses are three steps
        self.browser.wait_for_text("韓", ".total-language")
        self.browser.click(".total-language")
        self.browser.wait_for_text("日", ".total-language")
        self.assertEqual(self.language(), "ja")
        self.browser.press("Shift+F2")
        self.browser.wait_for_text("英", ".total-language")
        self.picture("language")
        self.browser.open(self.till.url + "/citizen.html")
        self.browser.wait_for_text("Certificate of Residence")
        self.browser.screenshot(PICTURES / "papers-citizen-en.png")
        self.assertEqual(self.browser.layout_faults(), [])

    def test_a_basket_is_held_with_a_slip_by_keyboard_and_its_code_brings_it_back(self):
        before = len(self.prints("hold"))
        self.till.ring_up("a", "b")
        self.browser.wait_for_text("¥750", ".total")
        self.browser.press("F6")
        self.browser.wait_for(".hold")
        self.browser.press("1")
        self.picture("hold")
        self.browser.press("F8")
        slip = self.printed("hold", before + 1)
        self.assertEqual(slip["outcome"], "printed")
        self.browser.wait_for_text("保留 1件")
        self.till.post("/api/simulated/scanner", code=slip["sale"])
        self.browser.wait_for_text("¥750", ".total")
        self.browser.wait_for_text("保留を呼び戻しました")
        self.picture("hold-back")

    def test_the_slip_of_a_hold_and_the_test_page_come_by_touch(self):
        before = (len(self.prints("hold")), len(self.prints("test")))
        self.till.ring_up("a")
        self.browser.wait_for_text("¥300", ".total")
        self.browser.click(".basket-hold")
        self.browser.click(".hold .step-main")
        self.browser.wait_for_text("保留 1件")
        self.browser.click(".basket-held")
        self.browser.click("[aria-label='住民票 の保留票を印字する']")
        self.printed("hold", before[0] + 1)
        self.picture("held")
        self.browser.press("F4")
        self.browser.wait_for(".device-tests")
        self.browser.click_text("試し刷り")
        self.printed("test", before[1] + 1)
        self.browser.press("Shift+F4")
        self.printed("test", before[1] + 2)
        self.picture("test-page")

    def test_the_shops_copy_is_printed_again_from_the_list(self):
        sale = self.till.sell_cashless("credit", "visa", "card")["last_sale"]["sale"]
        before = self.printed("shop_copy", 1)
        self.assertEqual((before["sale"], before["copy"]), (sale, 0))
        self.browser.press("F3")
        self.browser.wait_for_text("加盟店控 1枚", ".record")
        self.picture("records")
        self.browser.click_text("加盟店控", "button")
        self.assertEqual(self.printed("shop_copy", 2)["copy"], 1)
        self.browser.wait_for_text("加盟店控 2枚", ".record")

    def test_the_page_of_devices_shows_what_stands_on_the_line_display(self):
        self.till.ring_up("a")
        self.browser.open(self.till.url + "/devices.html")
        self.browser.wait_for_text("合計", ".display")
        self.assertIn("住民票", self.browser.wait_for(".display").text)
        self.browser.screenshot(PICTURES / "papers-devices.png")


if __name__ == "__main__":
    unittest.main()
