"""Ringing up with everything a counter does, in a real browser beside a real till: once by keyboard alone, once by touch
alone, and what stands between: held baskets, slips, another price, two ways to pay, the lock, training.

Pictures go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from harness.checkout_masters import write_checkout_masters  # noqa: E402
from harness.city import City  # noqa: E402
from harness.process import wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
TARGET_PX = 44
SIZES = [(1280, 800), (1024, 768)]


class Checkout(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="checkout-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        masters = write_checkout_masters(pathlib.Path(cls.folder) / "masters.json")
        cls.city = City(BUILD, cls.folder, payment_timeout_ms=4000, masters=masters)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.till = cls.city.add_till("KO-01", "shimin-1")
        PICTURES.mkdir(parents=True, exist_ok=True)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        state = self.till.state()
        if state["clerk"] is None or state["is_locked"] or state["day"]["state"] == "none":
            self.till.open()
        self.till.clear()
        for one in self.till.state()["held"]:
            self.till.post(f"/api/holds/{one['hold']}/discard", reason="片付け")

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            self.browser.keep_evidence(self.id())

    def enter(self):
        self.browser.open(self.till.url + "/")
        self.browser.run("sessionStorage.clear()")
        self.browser.open(self.till.url + "/")
        self.browser.wait_for(".sale")
        if self.browser.all(".paid"):
            self.browser.press("Enter")
        self.browser.wait_for("[data-item=a]")
        return self.browser

    def picture(self, name):
        """In both sizes, light and dark; what a finger presses is large enough, and nothing leaves the window."""
        for size in SIZES:
            for dark in (False, True):
                self.browser.look(size=size, dark=dark)
                self.browser.screenshot(PICTURES / f"checkout-{name}-{size[0]}{'-dark' if dark else ''}.png")
            small = [one for one in self.browser.targets() if one["width"] < TARGET_PX or one["height"] < TARGET_PX]
            self.assertEqual(small, [], size)
            faults = [fault for fault in self.browser.layout_faults()
                      if not fault.startswith("scrolls") or "step-body" in fault or "case-explained" in fault]
            self.assertEqual(faults, [], size)
        self.browser.look(size=SIZES[0], dark=False)

    def type_on_pad(self, digits):
        """By touch: the keys of the pad on the screen."""
        for digit in digits:
            self.browser.run("[...document.querySelectorAll('.pad-key')].find((key) => key.innerText.trim() === arguments[0]).click()",
                             digit)

    def basket(self):
        return self.till.state()["basket"]

    def sale(self):
        return [line["body"] for line in self.till.journal() if line["kind"] == "sale.recorded"][-1]

    def test_a_whole_sale_by_keyboard_alone(self):
        browser = self.enter()
        browser.press("2")  # 観覧料: the second favourite, priced by a tariff
        browser.wait_for("[data-field='persons adult'].is-chosen")
        browser.press("1", "8")
        browser.press("ArrowDown", "ArrowDown", "2")
        browser.wait_for_text("一般(団体20人以上) 150円 × 18")
        browser.wait_for_text("¥2,700 を会計に入れる")
        self.picture("case-museum")
        browser.press("Enter")
        browser.wait_for_text("観覧料 一般(団体)", ".lines")
        browser.press("*")  # put right
        browser.wait_for("[data-field='persons adult'].is-chosen")
        browser.press("3")
        browser.wait_for_text("¥600 に直す")
        browser.press("Enter")
        browser.wait_for_text("¥600", ".total")
        browser.press("1", "F7")  # 住民票, and 公用
        browser.wait_for(".exemption")
        self.picture("exemption")
        browser.press("1")
        browser.wait_for_text("公用: 公用請求", ".lines")
        self.picture("basket")
        browser.press("F6")  # hold, and take back
        browser.wait_for(".hold")
        browser.press("1", "Enter")
        browser.wait_for_text("保留 1件")
        browser.press("F6")
        browser.wait_for(".helds")
        browser.press("1")
        browser.wait_for_text("公用: 公用請求", ".lines")
        browser.press("F9")
        browser.wait_for(".cash")
        browser.press(*"1000", "Enter")
        browser.wait_for_text("¥400", ".paid")
        self.assertEqual([(line["item"], line["amount_yen"]) for line in self.sale()["lines"]],
                         [("museum", 600), ("museum", 0), ("a", 0)])
        self.assertEqual(browser.console_errors(("409", "403")), [])

    def test_a_whole_sale_by_touch_alone(self):
        browser = self.enter()
        browser.click_text("施設", "[role=tab]")
        browser.click("[data-item=hall]")
        browser.click("[data-field='use main'] [data-option=am]")
        browser.click("[data-field='equipment mic'] .case-number")
        self.type_on_pad("3")
        browser.wait_for_text("マイク 3本")
        browser.click("[data-field='reduction school'] [data-option=市長]")
        browser.wait_for_text("学校行事")
        self.picture("case-hall")
        browser.click(".step-main")
        browser.wait_for_text("減免 学校行事", ".lines")
        self.assertEqual(self.basket()["total_yen"], 4000 + 450)
        browser.click("[data-item=towel]")
        browser.wait_for_text("タオル", ".lines")
        browser.click(".line.is-chosen [aria-label='1つ増やす']")
        browser.wait_for_text("¥250 × 2", ".lines")
        browser.click(".line.is-chosen .line-exempt")
        browser.click_text("市長", ".exemption-reasons button")
        browser.wait_for_text("減免 学校行事 −¥260 (市長)", ".lines")
        browser.click_text("予約番号")
        browser.wait_for("[aria-label=予約番号]")
        browser.type("R-15")  # from a keyboard or the one on the screen of the tablet
        browser.click(".step-main")
        browser.wait_for_text("R-15", ".basket-reference")
        self.picture("basket-facility")
        browser.click("[data-method=cash]")
        browser.click_text("ちょうど")
        browser.click(".step-main")
        browser.wait_for_text("お釣りなし")
        self.assertEqual((self.sale()["total_yen"], self.sale()["reference"]), (4690, {"kind": "reservation", "number": "R-15"}))

    def test_held_baskets_are_told_apart_and_given_up_with_a_reason(self):
        browser = self.enter()
        self.till.ring_up("a")
        browser.wait_for_text("¥300", ".total")
        browser.press("F6")
        browser.wait_for(".hold")
        browser.click(".hold input")
        browser.type("3番のお客様")
        self.picture("hold")
        browser.press("Enter")
        browser.wait_for_text("保留 1件")
        self.till.ring_up("b", "b")
        browser.wait_for_text("¥900", ".total")
        browser.press("F6")
        browser.wait_for(".hold")
        browser.wait_drawn()
        browser.press("F6")
        browser.wait_for_text("保留 2件")
        browser.press("F6")
        browser.wait_for_text("3番のお客様", ".helds")
        self.picture("held")
        browser.click("[aria-label='戸籍 の保留を取りやめる']")
        browser.press("1", "Enter")
        browser.wait_for_text("保留 1件", ".held-list")
        browser.click("[data-hold]")
        browser.wait_for_text("¥300", ".total")

    def test_another_price_is_approved_by_a_supervisor_on_the_spot(self):
        browser = self.enter()
        browser.press("1")
        browser.wait_for_text("¥300", ".total")
        browser.press("F7")
        browser.wait_for(".exemption-override")
        browser.press("Shift+F7")
        browser.wait_for(".override")
        browser.press(*"100")
        self.picture("override-price")
        browser.press("Enter")
        browser.wait_for(".reasons")
        browser.press("1", "Enter")
        browser.wait_for(".approval")
        browser.press(*"0000", "Enter")
        browser.wait_for_text("暗証番号が違います")
        self.picture("override-approval")
        browser.press(*"2222", "Enter")
        browser.wait_for_text("料金変更 ¥300 → ¥100 汚損・不備のため (鈴木)", ".lines")
        self.picture("override-basket")
        self.assertEqual(self.basket()["lines"][0]["override"]["approved_by"], "suzuki")

    def test_a_slip_is_scanned_into_the_basket_and_a_second_one_is_refused_in_words(self):
        browser = self.enter()
        self.till.post("/api/simulated/scanner", code="91001234500000099")
        browser.wait_for_text("¥12,345", ".total")
        browser.wait_for_text("00000099", ".basket-reference")
        self.till.post("/api/simulated/scanner", code="91000500000000055")
        browser.wait_for_text("もう番号 00000099 のものです")
        self.picture("slip")
        browser.press("F2")
        browser.type("91000500000000055")
        browser.press("Enter")
        browser.wait_for_text("もう番号 00000099 のものです")
        self.till.clear()
        self.till.post("/api/simulated/scanner", code="220000054321")  # an application for the museum: its case opens
        browser.wait_for("[data-field='persons adult']")

    def test_what_an_item_forbids_is_said_on_the_key_and_in_words(self):
        browser = self.enter()
        self.till.ring_up("a", "b")
        browser.wait_for_text("この明細では使えません")
        browser.press("F10")
        browser.wait_for_text("「戸籍」はコード決済ではお支払いいただけません。現金をご案内ください。")
        self.picture("forbidden")

    def test_a_part_in_cash_and_the_rest_by_code(self):
        browser = self.enter()
        self.till.ring_up("a")
        browser.wait_for_text("¥300", ".total")
        browser.press("F9")
        browser.wait_for(".cash")
        browser.press(*"100")
        browser.wait_for_text("残り ¥200 を")
        self.picture("mixed-cash")
        browser.press("F10")
        browser.wait_for_text("現金 ¥100 を預かり中")
        browser.press("Enter")
        browser.wait_for_text("現金100円をお預かりしています")
        self.picture("mixed-waiting")
        self.city.script("decline", channel="qr", times=1)
        self.till.post("/api/simulated/scanner", code="900081810000000000000017")
        browser.wait_for_text("お預かりした現金100円をお客様にお返しください")
        self.picture("mixed-declined")
        browser.press("F9")
        browser.wait_for(".cash")
        browser.press(*"100")
        browser.wait_for_text("残り ¥200 を")
        browser.press("F10")
        browser.wait_for(".brands")
        browser.press("Enter")
        browser.wait_for_text("現金100円をお預かりしています")
        self.till.post("/api/simulated/scanner", code="900081810000000000000025")
        browser.wait_for_text("PayPay ¥200 ＋ 現金 ¥100")
        self.picture("mixed-paid")

    def test_the_locked_screen_shows_who_is_expected_and_another_clerk_takes_over(self):
        browser = self.enter()
        self.till.ring_up("a")
        browser.wait_for_text("¥300", ".total")
        browser.press("Shift+F12")
        browser.wait_for(".away-keys")
        self.picture("away")
        browser.click(".away-lock")
        browser.wait_for_text("画面をロックしています(佐藤)")
        browser.driver.refresh()
        browser.wait_for_text("画面をロックしています(佐藤)")
        self.picture("locked")
        browser.click("[data-clerk=suzuki]")
        browser.type("2222")
        browser.press("Enter")
        browser.wait_for_text("鈴木", ".strip")
        browser.wait_for_text("¥300", ".total")
        browser.press("Shift+F12")
        browser.wait_for(".away-keys")
        browser.press("1")
        browser.wait_for(".pin-body")
        browser.press(*"1111", "Enter")
        browser.wait_for_text("佐藤", ".strip")
        browser.wait_for_text("¥300", ".total")

    def test_training_is_entered_and_left_from_the_screen_and_cannot_be_overlooked(self):
        browser = self.enter()
        browser.press("F4")
        browser.click_text("訓練を始める")
        browser.click_text("訓練に切り替える")
        browser.wait_for(".training-band", timeout_s=20)
        browser.wait_for_text("つり銭")
        self.picture("training-opening")
        self.till.post("/api/day/open", float_yen=0)
        browser.wait_for("[data-item=a]")
        browser.press("1")
        browser.wait_for_text("¥300", ".total")
        browser.press("F9")
        browser.wait_for(".cash")
        browser.press("Enter")
        browser.wait_for_text("お釣りなし")
        self.picture("training-paid")
        self.assertTrue(self.till.state()["last_sale"]["receipt_number"].startswith("TR-"))
        browser.click_text("訓練を終える")
        browser.wait_gone(".training-band", timeout_s=20)
        browser.wait_for("[data-clerk=sato]")
        wait_until("the live till", lambda: self.till.state()["till"]["terminal"] == "KO-01")


if __name__ == "__main__":
    unittest.main()
