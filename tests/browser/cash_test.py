"""A day's cash control in a real browser on a real till: by keyboard alone, and by touch alone; through a reload and a power
cut in the middle of the close.

Pictures of each situation go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from harness.city import City  # noqa: E402
from harness.process import wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
TARGET_PX = 44
DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1)
KEYBOARD, TOUCH = (1280, 800), (1024, 768)


class CashDay(unittest.TestCase):
    """A city and a till of its own for each day: a business day is opened and closed once."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="browser-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.city = City(BUILD, self.folder, payment_timeout_ms=4000)
        self.addCleanup(self.city.__exit__)
        self.city.start()
        self.till = self.city.add_till("KO-01", "shimin-1")
        PICTURES.mkdir(parents=True, exist_ok=True)

    def picture(self, name):
        self.browser.screenshot(PICTURES / f"cash-{name}.png")
        small = [t for t in self.browser.targets() if t["width"] < TARGET_PX or t["height"] < TARGET_PX]
        self.assertEqual(small, [], name)
        faults = [fault for fault in self.browser.layout_faults() if not fault.startswith("scrolls")]
        self.assertEqual(faults, [], name)

    def lines(self, kind):
        return [line["body"] for line in self.till.journal() if line["kind"] == kind]

    def type_count(self, yen):
        """YEN by the keys, as few pieces as possible; the last Enter ends the count."""
        for denomination in DENOMINATIONS:
            pieces, yen = divmod(yen, denomination)
            self.browser.press(*(str(pieces) if pieces else ""), "Enter")

    def touch_count(self, yen):
        for denomination in DENOMINATIONS:
            pieces, yen = divmod(yen, denomination)
            if pieces:
                self.browser.click(f"[data-denomination='{denomination}']")
                for digit in str(pieces):
                    self.touch_digit(digit)

    def touch_digit(self, digit):
        key = next(e for e in self.browser.all(".pad-key") if e.text == digit)
        key.click()

    def sign_in_by_keyboard(self, number="1", pin="1111"):
        self.browser.wait_for("[data-clerk=sato]")
        self.browser.press(number, *pin, "Enter")

    def papers(self):
        return {row["form"]: row["print"] for row in self.till.state()["day"]["papers"]}

    def test_a_double_tap_presses_one_key_and_the_same_key_as_often_as_it_is_tapped(self):
        """Two keys of the test's own, in the till's page: the second comes where the first one was."""
        with Browser(size=(1280, 800)) as self.browser:
            self.browser.open(self.till.url + "/")
            self.browser.wait_for("[data-clerk=sato]")
            self.browser.run("""
                window.pressed = {first: 0, second: 0, again: 0};
                const add = (name, left, press) => {
                  const key = document.body.appendChild(document.createElement("button"));
                  key.textContent = `鍵 ${name}`;
                  key.style.cssText = `position:fixed;z-index:9;top:300px;left:${left}px;width:200px;height:80px`;
                  key.addEventListener("click", () => { window.pressed[name] += 1; press(key); });
                };
                add("second", 300, () => {});
                add("first", 300, (key) => key.remove());
                add("again", 600, (key) => { key.textContent = `鍵 again ${window.pressed.again}点`; });""")
            self.browser.double_tap_text("鍵 first")
            self.browser.double_tap_text("鍵 again")
            self.browser.wait(lambda: self.browser.run("return window.pressed.again") == 2, "both taps on one key")
            self.assertEqual(self.browser.run("return window.pressed"), {"first": 1, "second": 0, "again": 2})
            self.browser.double_tap_text("鍵 second")
            self.browser.wait(lambda: self.browser.run("return window.pressed.second") == 2, "a tap that is meant")

    def test_a_whole_day_goes_by_keyboard_alone(self):
        with Browser(size=KEYBOARD) as self.browser:
            self.browser.open(self.till.url + "/")
            self.sign_in_by_keyboard()
            self.open_day()
            self.move_cash()
            self.inspect()
            self.hand_over()
            self.close_through_a_power_cut()
            self.assertEqual(self.browser.console_errors(("409", "403", "401", "404", "net::ERR_")), [])
        self.assertIn("the tables follow", self.till.verify())

    def open_day(self):
        self.browser.wait_for_text("営業を始めます")
        self.browser.press("F8")
        self.browser.press("1", "Enter", "1", "Enter", "Enter", "5", "Enter")
        self.picture("1-opening")
        self.browser.press("Enter", "Enter", "Enter", "Enter", "Enter", "Enter")
        self.browser.wait_for("[data-item=juminhyo]")
        self.assertEqual(self.till.state()["day"]["float_yen"], 20000)
        self.assertEqual(self.lines("cash.counted")[0]["counts"], [{"yen": 10000, "count": 1}, {"yen": 5000, "count": 1},
                                                                   {"yen": 1000, "count": 5}])

    def move_cash(self):
        self.till.sell_for_cash(("koseki-zenbu", 40), tendered=20000)
        self.browser.wait_for_text("お支払い済み")
        self.browser.press("Enter", "Shift+F9")
        self.browser.wait_for_text("きょうの動き")
        self.browser.press("1")
        self.browser.wait_for_text("つり銭を受け取る", "h1")
        self.browser.press(*["Enter"] * 5, "5", "0")
        self.picture("2-float")
        self.browser.press(*["Enter"] * 5)
        self.browser.wait_for_text("つり銭 ¥5,000 を受け取りました")
        self.browser.press("3")
        self.browser.wait_for_text("入金", "h1")
        self.browser.press("5", "0", "0", "Enter")
        self.browser.wait_for(".reasons")
        self.browser.press("1", "Enter")
        self.browser.wait_for_text("¥500 を入金しました(拾得金)")
        self.browser.press("4")
        self.browser.wait_for_text("出金", "h1")
        self.browser.press("1", "5", "0", "0", "0", "Enter")
        self.browser.wait_for(".reasons")
        self.picture("3-reason")
        self.browser.press("1", "Enter")
        self.browser.wait_for(".approval")
        self.picture("4-approval")
        self.browser.press(*"2222", "Enter")
        self.browser.wait_for_text("¥15,000 を出金しました(途中払込)")
        self.browser.press("7")
        self.browser.wait_for(".reasons")
        self.browser.press("1", "Enter")
        self.browser.wait_for_text("引き出しを開けました(両替)")
        self.browser.wait_for_text("承認 鈴木")
        self.picture("5-menu")
        self.assertEqual(self.lines("cash.moved")[-1]["approved_by"], "suzuki")

    def inspect(self):
        self.browser.press("5")
        self.browser.wait_for_text("点検: 現金を数えます")
        self.assertNotIn("記録の現金", self.browser.text())
        self.type_count(20000 + 18000 + 5000 + 500 - 15000)
        self.browser.wait_for_text("記録と合っています")
        self.picture("6-inspection")
        self.browser.press("Enter")
        self.browser.wait_for_text("点検1を記録しました")

    def hand_over(self):
        self.browser.press("6")
        self.browser.wait_for_text("引継ぎ: 現金を数えます")
        self.type_count(28490)
        self.browser.wait_for_text("¥10 少なく")
        self.browser.press("Enter")
        self.browser.wait_for(".reasons")
        self.browser.press("3", "Enter")
        self.browser.wait_for_text("受け取る人", ".step")
        self.picture("7-handover")
        self.browser.press(*"9999", "Enter")
        self.browser.wait_for_text("暗証番号が違います")
        self.browser.press(*"2222", "Enter")
        self.browser.wait(lambda: self.till.state()["clerk"]["code"] == "suzuki", "the next clerk")
        self.browser.wait_for_text("鈴木", ".strip-place")
        handed = self.lines("shift.handed_over")[-1]
        self.assertEqual((handed["from"], handed["to"], handed["difference_yen"]), ("sato", "suzuki", -10))

    def close_through_a_power_cut(self):
        self.browser.press("Shift+F9")
        self.browser.wait_for_text("きょうの動き")
        self.browser.press("Enter")
        self.browser.wait_for_text("引き出しの現金を数えます")
        self.assertNotIn("28,500", self.browser.text())
        self.browser.press("2", "Enter", "1", "Enter")
        self.picture("8-count")
        self.browser.driver.refresh()  # half counted
        self.browser.wait_for("[data-item=juminhyo]")
        self.browser.press("Shift+F9")
        self.browser.wait_for_text("きょうの動き")
        self.browser.press("Enter")
        self.browser.wait_for_text("25,000", ".day-sum")
        self.browser.press("Enter", "3", "Enter", "Enter", "4", "Enter", "1", "Enter", "3", "Enter", "Enter", "Enter")
        self.browser.wait_for_text("¥20 少なく")
        self.picture("9-compare")

        self.till.kill()
        self.till.start()
        self.sign_in_by_keyboard()
        self.browser.wait_for_text("¥20 少なく")  # the close goes on by itself, with what was counted
        self.browser.press("Enter")
        self.browser.wait_for(".reasons")
        self.picture("10-close-reason")
        self.browser.press("3", "Enter")
        self.browser.wait_for_text("の精算は済みました")
        wait_until("the papers", lambda: "queued" not in self.papers().values() and "printing" not in self.papers().values())
        self.browser.wait_for_text("渡すもの")
        self.picture("11-done")
        closed = self.lines("day.closed")
        self.assertEqual(len(closed), 1)
        self.assertEqual((closed[0]["difference_yen"], closed[0]["deposit_yen"]), (-20, 28480 - 25000))
        self.assertEqual(self.papers()["close"], "printed")
        self.browser.press("1")  # 再発行
        wait_until("another copy", lambda: [f for f in self.lines("print.finished") if f["form"] == "close" and f["copy"] == 1])

    def test_a_close_goes_by_touch_alone_in_a_dark_room(self):
        self.till.post("/api/clerk/sign-in", clerk="sato", pin="1111")
        with Browser(size=TOUCH, dark=True) as self.browser:
            self.browser.open(self.till.url + "/")
            self.browser.wait_for_text("営業を始めます")
            self.touch_count(20000)
            self.picture("20-opening-dark")
            self.browser.click_text("営業を始める")
            self.browser.wait_for("[data-item=juminhyo]")
            self.till.sell_for_cash("koseki-zenbu")
            self.browser.click_text("現金・精算")
            self.browser.click("[data-task=drawer]")
            self.browser.click_text("中の確認")
            self.browser.click_text("開ける", ".reasons button.is-main")
            self.browser.wait_for_text("引き出しを開けました")
            self.picture("21-menu-dark")
            self.browser.click_text("精算する")
            self.browser.wait_for_text("引き出しの現金を数えます")
            self.touch_count(20450)
            self.picture("22-count-dark")
            self.browser.click_text("数え終わりました")
            self.browser.wait_for_text("記録と合っています")
            self.browser.click_text("窓口に残す")
            self.picture("23-compare-dark")
            self.browser.click_text("精算する", "button.step-main")
            self.browser.wait_for_text("の精算は済みました")
            self.browser.wait_for_text("窓口に残すつり銭")
            wait_until("the papers", lambda: "queued" not in self.papers().values() and "printing" not in self.papers().values())
            self.picture("24-done-dark")
            self.browser.click_text("大きな字")
            self.picture("25-done-large")
            self.assertEqual(self.browser.console_errors(("409", "404")), [])
        closed = self.lines("day.closed")[0]
        self.assertEqual((closed["difference_yen"], closed["float_returned_yen"], closed["deposit_yen"]), (0, 0, 450))
        self.assertEqual([line["reason"] for line in self.lines("drawer.opened")], ["sale", "no_sale", "close"])


if __name__ == "__main__":
    unittest.main()
