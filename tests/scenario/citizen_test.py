"""What the citizen reads on the line display, from the welcome to the change."""
import unittest

from scene import Scene

from harness.process import wait_until


class LineDisplay(Scene):
    printer = "[line_display]\nkind = simulated\ncharacters = cp932\n"

    def shows(self, *rows):
        def shown():
            texts = self.till.get("/api/simulated")["line_display"]
            return [" ".join(text.split()) for text in texts] == list(rows)
        wait_until(f"the display to show {rows}", shown)

    def test_every_step_of_a_cash_sale_is_shown(self):
        self.till.ring_up("juminhyo")
        self.shows("住民票の写し \\300", "合計 \\300")
        self.till.post("/api/basket/items", item="koseki-zenbu", quantity=2)
        self.shows("戸籍全部事項証 \\900", "合計 \\1,200")
        basket = self.till.state()["basket"]["id"]
        self.till.post("/api/pay/cash", basket=basket, tendered_yen=2000)
        self.shows("お預かり \\2,000", "おつり \\800")

    def test_it_speaks_english_to_whoever_chose_another_language(self):
        self.till.ring_up("inkan")
        self.till.post("/api/citizen/language", language="en")
        self.shows("Seal Registrati \\300", "Total \\300")
        self.till.post("/api/citizen/language", language="ko")
        self.shows("Seal Registrati \\300", "Total \\300")
        basket = self.till.state()["basket"]["id"]
        self.till.post("/api/pay/cash", basket=basket, tendered_yen=500)
        self.shows("Received \\500", "Change \\200")
        self.till.ring_up("inkan")
        self.shows("印鑑登録証明 \\300", "合計 \\300")

    def test_a_cashless_payment_is_announced_and_thanked_for(self):
        self.till.start_payment("qr", "paypay", "inkan")
        self.till.payment_ended()
        self.shows("お支払い済み \\300", "ありがとうございます")

    def test_nobody_is_served_when_nobody_is_signed_in(self):
        self.till.clear()
        self.till.post("/api/clerk/sign-out")
        self.shows("休止中", "")
        self.till.open()


class Katakana(Scene):
    printer = "[line_display]\nkind = simulated\n"

    def test_a_display_without_kanji_shows_the_reading(self):
        self.till.ring_up("juminhyo")

        def shown():
            return self.till.get("/api/simulated")["line_display"][0]
        wait_until("the reading", lambda: "ｼﾞｭｳﾐﾝﾋｮｳ" in shown())


if __name__ == "__main__":
    unittest.main()
