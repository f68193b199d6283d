"""Two whole days in a real browser on real programs, from signing in to the Z: a certificate counter by keyboard alone, and the
gate of a museum by touch alone. At the end the journal verifies and the city's audit finds nothing.

Pictures go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import datetime
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from facility_test import masters_with_a_car_park  # noqa: E402
from harness.city import City, JST  # noqa: E402
from harness.process import wait_until  # noqa: E402
from harness.till import QR_CODES  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1)
FLOAT_YEN = 20000
TARGET_PX = 44
TABS_MAX = 150  # more than any view has places to stop at


def masters_of_both_days():
    """The sample, with a car park and a season ticket at the museum, and a counter whose prices a supervisor may change."""
    document = masters_with_a_car_park()
    ours = {**next(row for row in document["policies"] if row["code"] == "standard"), "code": "counter", "price_override": True}
    document["policies"].append(ours)
    for item in document["items"]:
        if item["category"] == "住民票・戸籍" and "policy" not in item:
            item["policy"] = "counter"
    ticket = next(row for row in document["items"] if row["code"] == "bijutsu-josetsu")
    document["items"].append({**ticket, "code": "test-season", "name": "年間観覧券", "kana": "ねんかんかんらんけん",
                              "tariff": "kaiseizan-pool-pass", "policy": "season", "sample": True})
    return document


class WholeDay(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="day-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        path = pathlib.Path(self.folder) / "masters.json"
        path.write_text(json.dumps(masters_of_both_days(), ensure_ascii=False))
        self.city = City(BUILD, self.folder, payment_timeout_ms=4000, masters=path)
        self.addCleanup(self.city.__exit__)
        self.city.start()
        self.cash = FLOAT_YEN  # what must lie in the drawer
        PICTURES.mkdir(parents=True, exist_ok=True)

    def picture(self, name):
        self.browser.screenshot(PICTURES / f"day-{name}.png")
        small = [one for one in self.browser.targets() if one["width"] < TARGET_PX or one["height"] < TARGET_PX]
        self.assertEqual(small, [], name)
        faults = [fault for fault in self.browser.layout_faults() if not fault.startswith("scrolls")]
        self.assertEqual(faults, [], name)

    def lines(self, kind):
        return [line["body"] for line in self.till.journal() if line["kind"] == kind]

    def state_has(self, what, condition):
        return wait_until(what, lambda: condition(self.till.state()))

    def assert_the_day_is_sound(self):
        self.state_has("the papers", lambda state: {paper["print"] for paper in state["day"]["papers"]} == {"printed"})
        self.till.all_sent()
        self.assertIn("the tables follow", self.till.verify())
        report = self.city.audit()
        self.assertFalse(report["findings"] or report["parked"], report)
        self.assertEqual(self.browser.console_errors(("409", "403", "401", "404", "net::ERR_")), [])


class Counter(WholeDay):
    """市民課 1番窓口 by keyboard alone: no click, no touch."""

    def go_to(self, text):
        """Tab until what has the focus says TEXT: the way of everything that has no key of its own."""
        self.browser.wait_for_text(text)
        for _ in range(TABS_MAX):
            self.browser.press("Tab")
            if text in self.browser.run("const e = document.activeElement; return e.matches('button') ? e.innerText : ''"):
                return
        self.fail(f"“{text}” is not reached by Tab")

    def press_on(self, text):
        self.go_to(text)
        self.browser.wait(lambda: self.browser.run("return document.activeElement.getAttribute('aria-disabled') !== 'true'"), f"“{text}” to be offered")
        self.browser.press("Enter")

    def count(self, yen):
        """As few pieces as possible; the last Enter ends the count."""
        for denomination in DENOMINATIONS:
            pieces, yen = divmod(yen, denomination)
            self.browser.press(*(str(pieces) if pieces else ""), "Enter")

    def ring_up(self, *digits, total):
        self.browser.wait_for("[data-item=juminhyo]")
        self.browser.press(*digits)
        self.browser.wait_for_text(total, ".total")

    def paid(self, text):
        self.browser.wait_for_text(text, ".paid")
        self.till.all_printed()
        self.browser.press("Enter")
        self.browser.wait_gone(".paid")

    def take_exact_cash(self, yen):
        self.browser.press("F9")
        self.browser.wait_for(".cash")
        self.browser.press("Enter")
        self.paid("お釣りなし")
        self.cash += yen

    def find(self, sale):
        """会計一覧, one sale by its number."""
        self.browser.press("F3")
        self.browser.wait_for(".record")
        self.browser.press("F2")
        self.browser.type(sale["receipt_number"])
        self.browser.wait(lambda: len(self.browser.all(".table tbody tr")) == 1, "one sale")
        self.browser.wait_for_text(sale["receipt_number"], ".record")

    def test_a_counters_whole_day_goes_by_keyboard_alone(self):
        self.till = self.city.add_till("KO-01", "shimin-1")
        with Browser(size=(1280, 800)) as self.browser:
            self.browser.open(self.till.url + "/")
            self.sign_in_and_open()
            self.sell()
            self.sell_with_exceptions()
            self.put_right()
            self.move_cash()
            self.inspect()
            self.step_away()
            self.train()
            self.hand_over()
            self.close()
            self.assert_the_day_is_sound()

    def sign_in_and_open(self):
        self.browser.wait_for("[data-clerk=sato]")
        self.browser.press("1", *"1111", "Enter")
        self.browser.wait_for_text("営業を始めます")
        self.count(FLOAT_YEN)
        self.browser.wait_for("[data-item=juminhyo]")
        self.assertEqual(self.till.state()["day"]["float_yen"], FLOAT_YEN)

    def sell(self):
        self.ring_up("1", total="¥300")
        self.browser.press("F9")
        self.browser.wait_for(".cash")
        self.browser.press(*"1000", "Enter")
        self.paid("¥700")
        self.cash += 300
        self.cash_sale = self.till.state()["last_sale"]
        self.ring_up("3", total="¥750")
        self.browser.press("*")
        self.browser.wait_for(".quantity")
        self.browser.press(*"20", "Enter")
        self.browser.wait_for_text("¥15,000", ".total")
        self.take_exact_cash(15000)
        self.ring_up("2", total="¥450")
        self.browser.press("F10")
        self.browser.wait_for(".brands")
        self.browser.press("Enter")
        self.browser.wait_for_text("スマートフォン")
        self.till.post("/api/simulated/scanner", code=QR_CODES["paypay"])  # held under the reader by the citizen
        self.paid("PayPay")
        self.ring_up("3", total="¥750")
        self.browser.press("F12")
        self.browser.wait_for(".brands")
        self.browser.press("1")
        self.paid("お支払い済み")
        self.ring_up("1", total="¥300")
        self.browser.press("F11")
        self.browser.wait_for(".brands")
        self.browser.press("2")
        self.paid("楽天Edy")
        self.edy_sale = self.till.state()["last_sale"]

    def sell_with_exceptions(self):
        self.ring_up("1", total="¥300")
        self.browser.press("F7")
        self.browser.wait_for(".exemption")
        self.browser.press("1")
        self.browser.wait_for_text("無料で発行する")
        self.picture("counter-1-exempt")
        self.browser.press("Enter")
        self.paid("無料で発行")
        self.ring_up("1", "2", total="¥750")
        self.browser.press("F6")
        self.browser.wait_for(".hold")
        self.browser.press("1", "Enter")
        self.browser.wait_for_text("保留 1件")
        self.browser.press("F6")
        self.browser.wait_for(".helds")
        self.browser.press("1")
        self.browser.wait_for_text("¥750", ".total")
        self.take_exact_cash(750)
        self.ring_up("2", total="¥450")
        self.browser.press("F7")
        self.browser.wait_for(".exemption-override")
        self.browser.press("Shift+F7")
        self.browser.wait_for(".override")
        self.browser.press(*"100", "Enter")
        self.browser.wait_for(".reasons")
        self.browser.press("1", "Enter")
        self.browser.wait_for(".approval")
        self.browser.press(*"2222", "Enter")
        self.browser.wait_for_text("料金変更 ¥450 → ¥100", ".lines")
        self.picture("counter-2-override")
        self.take_exact_cash(100)
        self.till.post("/api/simulated/scanner", code="JU0000012345")  # an application form
        self.browser.wait_for_text("0000012345", ".basket-reference")
        self.picture("counter-3-form")
        self.take_exact_cash(300)

    def put_right(self):
        self.find(self.cash_sale)
        self.press_on("この会計を取り消す")
        self.browser.wait_for(".reasons")
        self.browser.press("1", "Enter")
        self.browser.wait_for_text("現金 ¥300 をお客様に返してください")
        self.cash -= 300
        self.picture("counter-4-void")
        self.browser.press("F1")
        self.browser.wait_for("[data-item=juminhyo]")
        self.find(self.edy_sale)
        self.press_on("還付を受け付ける")
        self.browser.wait_for(".refund-part")
        self.browser.press("a", "1")  # 現金, 申請の取下げ
        self.picture("counter-5-refund")
        self.browser.look(size=(1024, 768))
        self.picture("counter-5-refund-small")
        self.browser.look(size=(1280, 800))
        self.browser.press("Enter")
        self.press_on("現金で返す")
        self.browser.wait_for(".approval")
        self.browser.press(*"2222", "Enter")
        self.browser.wait_for_text("返金済み")
        self.cash -= 300
        self.press_on("再発行する")
        self.browser.wait_for_text("領収書 2枚")
        self.picture("counter-6-reprint")

    def open_menu(self):
        self.browser.press("Shift+F9")
        self.browser.wait_for_text("きょうの動き")

    def move_cash(self):
        self.open_menu()
        self.browser.press("3")
        self.browser.wait_for_text("入金", "h1")
        self.browser.press(*"500", "Enter")
        self.browser.wait_for(".reasons")
        self.browser.press("1", "Enter")
        self.browser.wait_for_text("¥500 を入金しました")
        self.cash += 500
        self.browser.press("4")
        self.browser.wait_for_text("出金", "h1")
        self.browser.press(*"12000", "Enter")
        self.browser.wait_for(".reasons")
        self.browser.press("1", "Enter")
        self.browser.wait_for(".approval")
        self.browser.press(*"2222", "Enter")
        self.browser.wait_for_text("¥12,000 を出金しました")
        self.cash -= 12000
        self.browser.press("7")
        self.browser.wait_for(".reasons")
        self.browser.press("1", "Enter")
        self.browser.wait_for_text("引き出しを開けました(両替)")
        self.picture("counter-7-cash")

    def inspect(self):
        self.browser.press("5")
        self.browser.wait_for_text("点検: 現金を数えます")
        self.count(self.cash)
        self.browser.wait_for_text("記録と合っています")
        self.browser.press("Enter")
        self.browser.wait_for_text("点検1を記録しました")

    def step_away(self):
        self.browser.press("F1")
        self.ring_up("1", total="¥300")
        self.browser.press("Shift+F12")
        self.press_on("離席する(ロック)")
        self.browser.wait_for_text("画面をロックしています(佐藤)")
        self.picture("counter-8-locked")
        self.browser.press(*"1111", "Enter")
        self.browser.wait_for_text("¥300", ".total")
        self.take_exact_cash(300)

    def train(self):
        self.browser.press("F4")
        self.press_on("訓練を始める")
        self.press_on("訓練に切り替える")
        self.browser.wait_for(".training-band")
        self.browser.wait_for_text("営業を始めます")
        self.count(10000)
        self.ring_up("1", total="¥300")
        self.browser.press("F9")
        self.browser.wait_for(".cash")
        self.browser.press("Enter")
        self.browser.wait_for_text("お釣りなし", ".paid")
        self.assertTrue(self.till.state()["last_sale"]["receipt_number"].startswith("TR-"))
        self.picture("counter-9-training")
        self.press_on("訓練を終える")
        self.browser.wait_gone(".training-band")
        self.browser.wait_for("[data-clerk=sato]")
        self.browser.press("1", *"1111", "Enter")
        self.browser.wait_for("[data-item=juminhyo]")
        self.assertEqual(self.till.state()["till"]["terminal"], "KO-01")

    def hand_over(self):
        self.open_menu()
        self.browser.press("6")
        self.browser.wait_for_text("引継ぎ: 現金を数えます")
        self.count(self.cash)
        self.browser.wait_for_text("記録と合っています")
        self.browser.press("Enter")
        self.browser.wait_for_text("受け取る人", ".step")
        self.browser.press(*"2222", "Enter")
        self.browser.wait_for_text("鈴木", ".strip-place")
        self.browser.press("F1")
        self.ring_up("1", total="¥300")
        self.take_exact_cash(300)

    def close(self):
        self.open_menu()
        self.browser.press("Enter")
        self.browser.wait_for_text("引き出しの現金を数えます")
        self.assertNotIn(f"{self.cash:,}", self.browser.text())  # counted blind
        self.count(self.cash)
        self.browser.wait_for_text("記録と合っています")
        self.picture("counter-10-compare")
        self.browser.press("Enter")
        self.browser.wait_for_text("の精算は済みました")
        self.browser.wait_for_text("渡すもの")
        self.browser.wait(lambda: self.browser.text(".day-papers").count("印刷済み") == 3, "the papers of the day")
        self.picture("counter-11-closed")
        closed = self.lines("day.closed")
        self.assertEqual([(one["difference_yen"], one["counted_cash_yen"]) for one in closed], [(0, self.cash)])
        self.assertEqual([line["to"] for line in self.lines("shift.handed_over")], ["suzuki"])
        self.assertEqual(len(self.lines("sale.voided")), 1)
        self.assertEqual([line["total_yen"] for line in self.lines("sale.recorded")], [300, 15000, 450, 750, 300, 0, 750, 100, 300, 300, 300])


class Gate(WholeDay):
    """美術館 券売 by touch alone: no key of a keyboard."""

    def touch_digits(self, digits):
        for digit in str(digits):
            key = next(e for e in self.browser.all(".pad-key") if e.text == digit)
            key.click()

    def touch_count(self, yen):
        for denomination in DENOMINATIONS:
            pieces, yen = divmod(yen, denomination)
            if pieces:
                self.browser.click(f"[data-denomination='{denomination}']")
                self.touch_digits(pieces)

    def take_exact_cash(self, yen):
        self.browser.click("[data-method=cash]")
        self.browser.wait_for(".cash")
        self.browser.click_text("ちょうど")
        self.browser.click(".step-main")
        self.browser.wait_for_text("お釣りなし", ".paid")
        self.till.all_printed()
        self.browser.click_text("次の会計へ")
        self.browser.wait_gone(".paid")
        self.cash += yen

    def go(self, view):
        self.browser.click_text(view, ".bar-key")

    def test_a_gates_whole_day_goes_by_touch_alone(self):
        self.till = self.city.add_till("MU-01", "museum-1")
        with Browser(size=(1024, 768)) as self.browser:
            self.browser.open(self.till.url + "/")
            self.sign_in_and_open()
            self.sell_tickets()
            self.sell_a_season_ticket()
            self.count_entries()
            self.park_a_car()
            self.close()
            self.assert_the_day_is_sound()

    def sign_in_and_open(self):
        self.browser.click("[data-clerk=takahashi]")
        self.browser.wait_for(".pin-body")
        self.touch_digits("3333")
        self.browser.click_text("始める", ".step-main")
        self.browser.wait_for_text("営業を始めます")
        self.touch_count(FLOAT_YEN)
        self.browser.click_text("営業を始める", ".step-main")
        self.browser.wait_for("[data-item=bijutsu-josetsu]")

    def sell_tickets(self):
        self.browser.click("[data-item=bijutsu-josetsu]")
        self.browser.click("[data-field='persons adult'] .case-number")
        self.touch_digits(2)
        self.browser.click("[data-field='persons student'] .case-number")
        self.touch_digits(3)
        self.browser.click("[data-field='persons child'] .case-number")
        self.touch_digits(4)
        self.browser.wait_for_text("¥700 を会計に入れる")
        self.picture("gate-1-tickets")
        self.browser.click(".step-main")
        self.browser.wait_for_text("¥700", ".total")
        self.picture("gate-2-basket")
        self.take_exact_cash(700)

    def sell_a_season_ticket(self):
        self.browser.click("[data-item=test-season]")
        self.browser.click("[data-field='class'] [data-option=adult]")
        self.browser.click("[data-field='period'] [data-option='1m']")
        self.browser.wait_for_text("¥5,000 を会計に入れる")
        self.picture("gate-3-season")
        self.browser.click(".step-main")
        self.browser.wait_for_text("¥5,000", ".total")
        self.take_exact_cash(5000)

    def count_entries(self):
        self.go("施設")
        for _ in range(3):
            self.browser.click("[data-category=school]")
        self.browser.click("[data-category=disabled]")
        self.browser.wait_for_text("会計なしの入場 4人")
        self.picture("gate-4-entries")

    def park_a_car(self):
        self.browser.click("[data-park=test-parking]")
        self.browser.wait_for_text("入庫中 1台")
        self.browser.wait_for(".gate-ticket .gate-facts")
        ticket = self.till.get("/api/facilities")["inside"][0]["ticket"]
        entered = datetime.datetime.now(JST) - datetime.timedelta(hours=3)
        self.till.post(f"/api/tickets/{ticket}/time", entered_at=entered.strftime("%Y-%m-%dT%H:%M"), reason="試験")  # three hours go by
        self.browser.wait_for_text("3時間", ".gate-stay")
        self.picture("gate-5-car")
        self.browser.click_text("料金を会計へ")
        self.browser.wait_for_text("駐車料金", ".lines")
        self.take_exact_cash(self.till.state()["basket"]["total_yen"])
        self.go("施設")
        self.browser.click("[data-ticket]")
        self.browser.wait_for_text("精算", ".gate-ticket")
        self.browser.click_text("出庫", ".gate-ways button")
        self.browser.wait_for_text("出庫済み")
        self.browser.wait_for_text("入庫中 0台")
        self.picture("gate-6-left")

    def close(self):
        self.go("現金・精算")
        self.browser.click_text("精算する", ".step-main")
        self.browser.wait_for_text("引き出しの現金を数えます")
        self.touch_count(self.cash)
        self.browser.click_text("数え終わりました")
        self.browser.wait_for_text("記録と合っています")
        self.picture("gate-7-compare")
        self.browser.click_text("精算する", "button.step-main")
        self.browser.wait_for_text("の精算は済みました")
        self.browser.wait_for_text("渡すもの")
        self.browser.wait(lambda: self.browser.text(".day-papers").count("印刷済み") == 3, "the papers of the day")
        self.picture("gate-8-closed")
        self.assertIn("report", "".join(paper["form"] for paper in self.till.state()["day"]["papers"]))
        closed = self.lines("day.closed")
        self.assertEqual([(one["difference_yen"], one["counted_cash_yen"]) for one in closed], [(0, self.cash)])


if __name__ == "__main__":
    unittest.main()
