#!/usr/bin/env python3
"""The clerk's screen on a fake till: every designed state at the sizes it is designed for, and the habits that keep money
and nerves safe (double taps, lost connections, keys that go where the clerk thinks they go).

    screen_test.py SHARE [unittest arguments]      SHARE is the assembled folder, build/<preset>/share/till
"""
import json
import pathlib
import sys
import unittest

import day_states
import fake_commands
import fake_day
import other_states
import sale_states
import states
from browser import Browser
from designed import selling
from fake_till import FakeTill

SHARE = None

# A refusal is an error to the console and a sentence to us; a till that is gone is gone on purpose.
EXPECTED = ("/api/", "net::ERR_", "favicon.ico")

MAIN_KEYS = ".key, .item, .pad-key, .quick-key, .step-main, .brand-key, .pay-key"


class ScreenTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def setUp(self):
        self.till = self.enterContext(FakeTill(SHARE))
        states.look(self.till, self.browser)
        self.addCleanup(self.keep_evidence)

    def keep_evidence(self):
        if any(error for _, error in self._outcome.result.errors + self._outcome.result.failures if self.id() in str(_)):
            self.browser.keep_evidence(self._testMethodName)

    def selling(self, *items):
        selling(self.till, self.browser, *items)

    def asked(self, path):
        """The bodies of the commands that reached the till under PATH."""
        return [body for _, asked_path, body in self.till.requests if asked_path == path]

    # How it looks

    def test_every_designed_state_fits_and_can_be_pressed(self):
        for name, make in states.STATES.items():
            with self.subTest(state=name), FakeTill(SHARE) as till:
                states.look(till, self.browser)
                states.show(till, self.browser, name)
                for size in states.SIZES:
                    self.browser.look(size=size)
                    self.check_layout(name, may_scroll=make.__doc__ == "scrolls")
                    self.check_targets()
                self.browser.run("document.documentElement.classList.add('is-large')")
                for size in states.SIZES:
                    self.browser.look(size=size)
                    self.check_layout(name, may_scroll=True)
        self.assertEqual([], self.browser.console_errors(ignore=EXPECTED))

    def check_layout(self, name, may_scroll):
        faults = [fault for fault in self.browser.layout_faults() if not (may_scroll and fault.startswith("scrolls"))]
        with self.subTest(state=name, size=self.browser.size):
            self.assertEqual([], faults if name != "devices" else [])

    def check_targets(self):
        small = [target for target in self.browser.targets() if target["width"] < 44 or target["height"] < 44]
        low = self.browser.run("return [...document.querySelectorAll(arguments[0])].filter((e) => e.offsetHeight < 64)"
                               ".map((e) => `${e.innerText} ${e.offsetHeight}`)", MAIN_KEYS)
        nameless = self.browser.run("return [...document.querySelectorAll('button, input, a, [role=tab]')]"
                                    ".filter((e) => !(e.getAttribute('aria-label') || e.innerText.trim())).map((e) => e.outerHTML)")
        with self.subTest(size=self.browser.size):
            self.assertEqual([], small, "too small for a finger")
            self.assertEqual([], low, "main keys are 64 px high")
            self.assertEqual([], nameless, "nothing for a screen reader to say")

    # What it does

    def test_a_whole_sale_goes_by_keyboard_alone(self):
        self.browser.open(self.till.address)
        self.browser.wait_for("[data-clerk=sato]")
        self.browser.press("1", *"1111", "Enter")
        self.browser.wait_for(".count-cell")
        self.till.set(day=fake_day.day("open"))
        self.browser.wait_for(".item")

        self.browser.press("2", "4", "4", "4", "5")
        self.browser.wait_for_text("¥3,450", ".total")
        self.browser.press("F9")
        self.browser.wait_for(".cash")
        self.browser.press(*"5000", "Enter")

        self.browser.wait_for_text("¥1,550", ".paid-figure")
        self.browser.press("Enter")
        self.browser.wait_for_text("商品を選んでください")
        self.assertEqual([{"basket": "basket-1", "tendered_yen": 5000}],
                         [{**body, "basket": "basket-1"} for body in self.asked("/api/pay/cash")])

    def test_a_double_tap_on_the_paying_key_asks_once(self):
        self.selling("koseki")
        self.browser.press("F9")
        self.till.delay_s = 0.3

        self.browser.run("const key = document.querySelector('.step-main'); key.click(); key.click(); key.click();")
        self.browser.press("Enter", "Enter")

        self.browser.wait_for(".paid")
        self.assertEqual(1, len(self.asked("/api/pay/cash")))
        self.assertEqual(1, len(self.till.sales))

    def test_three_quick_touches_make_three(self):
        self.selling()
        self.till.delay_s = 0.1

        self.browser.run("const key = document.querySelector('[data-item=koseki]'); key.click(); key.click(); key.click();")

        self.browser.wait_for_text("3点", ".total")
        self.assertEqual(3, len(self.asked("/api/basket/items")))

    def test_waiting_is_said_in_words(self):
        self.selling("koseki")
        self.till.delay_s = 0.6

        self.browser.press("2")

        self.browser.wait_for_text("返事を待っています")
        self.browser.wait_for_text("2点", ".total")
        self.browser.wait_gone(".notice")

    def test_a_touched_key_does_not_take_the_enter_key(self):
        self.selling()
        self.browser.click("[data-item=koseki]")
        self.browser.wait_for_text("1点", ".total")
        self.browser.press("F9")
        self.browser.wait_for(".cash")

        self.browser.click(".quick-key")
        self.browser.press("Enter")

        self.browser.wait_for(".paid")
        self.assertEqual(1, len(self.asked("/api/basket/items")))

    def test_digits_typed_into_the_search_ring_nothing_up(self):
        self.selling()
        self.browser.press("F2")
        self.browser.wait_for(".search-field")

        self.browser.type("12")

        self.browser.wait_for_text("「12」は見つかりません")
        self.assertEqual([], self.asked("/api/basket/items"))

    def test_escape_closes_the_search_before_anything_else(self):
        self.selling("koseki")
        self.browser.press("F2")
        self.browser.wait_for(".search-field")

        self.browser.press("Escape")

        self.browser.wait_gone(".search-field")
        self.assertNotIn("押すと消去", self.browser.text())

    def test_search_finds_by_kana_and_enter_takes_the_first(self):
        self.selling()
        self.browser.press("F2")
        self.browser.wait_for(".search-field")

        self.browser.type("ナヨセ")
        self.browser.wait(lambda: len(self.browser.all(".item")) == 1, "one result")
        self.browser.press("Enter")

        self.browser.wait_for_text("名寄帳の写し", ".lines")

    def test_enter_takes_what_was_typed_though_its_answer_is_not_there_yet(self):
        self.selling()
        self.till.find_delay_s = 0.3

        self.browser.press("F2")
        self.browser.wait_for(".search-field")
        self.browser.type("いんかん")
        self.browser.press("Enter")

        self.browser.wait_for_text("印鑑", ".lines")
        self.assertEqual(1, len(self.asked("/api/basket/items")))

    def test_a_long_category_is_shown_a_screenful_at_a_time(self):
        self.till.catalog["items"] += [
            {"code": f"more-{n:03}", "name": f"証明 {n}", "kana": f"しょうめい{n}", "category": self.till.catalog["categories"][0],
             "price_yen": 300, "tax": "exempt", "favourite": False, "key": None} for n in range(100)]
        self.selling()

        self.browser.press("PageDown")
        self.browser.wait_for_text("続きを表示")
        self.assertEqual(60, self.browser.run("return document.querySelectorAll('.items .item').length"))
        self.browser.click_text("続きを表示")

        self.browser.wait_for("[data-item=more-099]")
        self.browser.wait_gone("button.items-rest")

    def test_a_slow_search_says_that_it_searches(self):
        self.selling()
        self.till.find_delay_s = 0.5

        self.browser.press("F2")
        self.browser.wait_for(".search-field")
        self.browser.type("なにもない")

        self.browser.wait_for_text("探しています")
        self.browser.wait_for_text("見つかりません")

    def test_too_little_cash_cannot_be_taken(self):
        self.selling("koseki")
        self.browser.press("F9")
        self.browser.wait_for(".cash")

        self.browser.press(*"400", "Enter")

        self.browser.wait_for_text("あと ¥50 足りません")
        self.assertEqual([], self.asked("/api/pay/cash"))

    def test_a_refusal_is_shown_in_the_words_of_the_till(self):
        self.selling("koseki")
        self.till.refuse_next = fake_commands.Refusal(409, "no_such_item", "「koseki」は今日は扱っていません。")

        self.browser.click("[data-item=koseki]")

        self.browser.wait_for_text("今日は扱っていません", ".notice")

    def test_what_is_picked_while_a_payment_runs_is_the_next_citizens(self):
        sale_states.pay_next_begun(self.till, self.browser)

        self.assertEqual((self.till.state["basket"]["count"], self.till.state["payment"]["amount_yen"]), (3, 3450))
        self.till.state["payment"].update(state="declined", can_stop=False)
        self.till.publish()
        self.browser.wait_for_text("選び直してください")
        self.browser.press("F9")
        self.browser.wait_for(".cash")  # the basket comes back first: an Enter before it is seen means nothing
        self.browser.press("Enter")

        self.browser.wait(lambda: self.till.sales, "the sale")
        self.assertEqual(self.till.sales[0]["total_yen"], 3450)

    def test_an_unknown_payment_is_set_aside_by_one_key_and_stays_in_sight(self):
        sale_states.pay_unknown(self.till, self.browser)

        self.browser.press("F8")

        self.browser.wait_for_text("商品を選んでください")
        self.browser.wait_for_text("結果未確認 1件", ".strip")
        self.browser.wait_for_text("PayPay ¥3,450", ".concern")

    def test_giving_up_a_payment_needs_a_reason(self):
        sale_states.pay_unknown(self.till, self.browser)
        self.browser.click_text("この決済を取りやめる")
        self.browser.press("Enter")
        self.assertEqual([], self.asked("/api/pay/abandon"))

        self.browser.press("1")
        self.browser.click_text("取りやめる", ".reasons-foot button")

        self.browser.wait_for(".basket")
        self.assertEqual(["別の方法で支払う"], [body["reason"] for body in self.asked("/api/pay/abandon")])

    def test_a_declined_payment_offers_the_other_ways(self):
        sale_states.pay_declined(self.till, self.browser)

        self.browser.press("F9")
        self.browser.wait_for(".cash")
        self.browser.click(".step-main")

        self.browser.wait_for(".paid")

    def test_a_sale_that_is_finished_late_is_told_over_the_next_basket(self):
        self.selling("juminhyo")

        fake_commands.finish(self.till, "qr", "paypay")
        self.till.add("koseki")

        self.browser.wait_for_text("お支払い済みになりました")
        self.browser.wait_for_text("戸籍全部事項証明", ".lines")

    def test_the_keys_wait_while_the_till_is_away_and_come_back_with_it(self):
        self.selling("koseki")
        port = self.till.server.server_address[1]
        kept = json.loads(json.dumps(self.till.state))

        self.till.__exit__()
        self.browser.wait_for_text("レジ本体とつながっていません", ".strip")
        self.assertTrue(self.browser.all(".pay-key[aria-disabled]"))
        again = self.enterContext(FakeTill(SHARE, port))
        again.set(**{**kept, "revision": 0})

        self.browser.wait_gone(".strip.is-lost")
        self.browser.press("F9")
        self.browser.wait_for(".cash")
        self.browser.click(".step-main")
        self.browser.wait_for(".paid")

    def test_a_reload_loses_nothing(self):
        sale_states.pay_waiting_code(self.till, self.browser)

        self.browser.driver.refresh()

        self.browser.wait_for_text("コードの読み取りを待っています")
        self.browser.wait_for_text("¥3,450", ".payment")

    def test_the_basket_is_emptied_by_the_second_press_only(self):
        self.selling("koseki")

        self.browser.press("Escape")
        self.browser.wait_for_text("押すと消去")
        self.assertEqual(1, self.till.state["basket"]["count"])
        self.browser.press("Escape")

        self.browser.wait_for_text("商品を選んでください")

    def test_the_list_tells_what_goes_on_at_the_window(self):
        other_states.records_while_paying(self.till, self.browser)

        fake_commands.finish(self.till, "qr", "paypay")
        self.till.publish()

        self.browser.wait_for_text("お支払い済み PayPay", ".now-band")
        self.browser.press("F1")
        self.browser.wait_for(".paid")

    def test_a_payment_in_hand_counts_as_unknown_as_soon_as_it_is(self):
        sale_states.pay_unknown(self.till, self.browser)

        self.browser.wait_for("[aria-label^='結果未確認 1件'].is-danger")
        self.browser.press("F4")
        self.browser.wait_for_text("今のお支払いのほかにはありません")

    def test_the_key_of_another_way_to_pay_changes_to_it_inside_a_list_of_brands(self):
        self.selling("koseki")
        self.browser.press("F12")
        self.browser.wait_for_text("クレジット", ".brands .panel-title")

        self.browser.press("F10")
        self.browser.wait_for_text("コード決済", ".brands .panel-title")
        self.browser.press("F11")
        self.browser.wait_for_text("電子マネー", ".brands .panel-title")
        self.browser.press("F9")

        self.browser.wait_for(".cash")
        self.assertEqual([], self.asked("/api/pay/cashless"))

    def alarmed(self):
        """Everything out at once."""
        self.selling("koseki")
        status = {**self.till.state["status"],
                  "uplink": {"state": "offline", "unsent": 12, "message": ""},
                  "printer": {"state": "paper_out", "message": ""},
                  "payment_terminal": {"state": "offline", "message": "決済端末につながりません。"},
                  "qr_gateway": {"state": "offline", "message": "コード決済の接続先につながりません。"}}
        self.till.set(status=status, day={**self.till.state["day"], "is_over_cash_limit": True},
                      unprinted=[sale_states.unprinted("sale-1", "KO-01-20261122-0001", "not_printed", 450)])
        self.browser.wait_for(".strip.is-crowded")

    def test_a_way_to_pay_that_is_out_names_only_what_works(self):
        self.alarmed()
        self.browser.press("F4")
        self.browser.wait_for_text("決済端末につながりません。現金だけ使えます。")
        self.browser.wait_for_text("コード決済の接続先につながりません。現金だけ使えます。")

        status = {**self.till.state["status"], "qr_gateway": {"state": "ready", "message": ""}}
        self.till.set(status=status)

        self.browser.wait_for_text("決済端末につながりません。現金・コード決済は使えます。")

    def test_alarms_move_no_key_and_leave_the_counter_and_the_clerk(self):
        for is_large in (False, True):
            for size in states.SIZES:
                with self.subTest(size=size, large=is_large), FakeTill(SHARE) as till:
                    self.till = till
                    states.look(till, self.browser, size, large=is_large)
                    self.selling("koseki")
                    place = "return document.querySelector('.pay-key').getBoundingClientRect().top"
                    before = self.browser.run(place)

                    self.alarmed()

                    self.assertEqual(before, self.browser.run(place))
                    seen = self.browser.run(
                        "const strip = document.querySelector('.strip').getBoundingClientRect();"
                        "return ['.strip-name', '.strip-clerk'].map((name) => document.querySelector(name).getBoundingClientRect())"
                        ".every((box) => box.width >= 30 && box.bottom <= strip.bottom && box.right <= strip.right)")
                    self.assertTrue(seen, "the counter and the clerk are in sight")
                    self.assertEqual([], [fault for fault in self.browser.layout_faults() if "strip" in fault])

    def test_what_a_slip_prices_is_not_called_free(self):
        item = {"code": "nofu", "name": "納付書", "kana": "のうふしょ", "category": self.till.catalog["categories"][0],
                "price_yen": 0, "price_on_slip": True, "tax": "exempt", "favourite": False, "key": None}
        self.till.catalog["items"].append(item)
        self.selling()

        self.browser.press("F2")
        self.browser.wait_for(".search-field")
        self.browser.type("のうふしょ")

        self.browser.wait_for_text("用紙を読み取る", "[data-item=nofu]")
        self.assertNotIn("無料", self.browser.text("[data-item=nofu]"))

    def test_a_receipt_found_out_late_is_offered_without_an_alarm(self):
        self.selling()
        self.till.set(unprinted=[sale_states.unprinted("sale-2", "KO-01-20261122-0002", "found_out", 450)])

        self.browser.wait_for_text("結果が分かりました: 領収書 0002", ".concern")
        self.assertEqual([], self.browser.all(".strip .is-warning, .strip .is-danger"))
        self.browser.press("F4")
        self.browser.click_text("印刷する")

        self.browser.wait_gone(".matter")

    def test_a_difference_is_booked_with_a_reason(self):
        day_states.day_compare_reason(self.till, self.browser)

        self.browser.press("Enter")

        self.browser.wait_for_text("精算は済みました")
        self.assertEqual([{"count": 812, "difference_reason": "原因不明(調べます)", "float_returned_yen": 20000}], self.asked("/api/day/close"))


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: screen_test.py SHARE [unittest arguments]")
    SHARE = pathlib.Path(sys.argv.pop(1))
    unittest.main()
