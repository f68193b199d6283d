"""The brand that was charged, by the word of network and terminal, against the one that clerk or code named."""
import unittest

from scene import Scene
from harness.process import wait_until


class ChargedBrand(Scene):
    def brands_of(self, payment):
        """What was asked for, what was charged where that is another, what was sold by."""
        lines = {line["kind"]: line["body"] for line in self.till.journal() if line["body"].get("payment") == payment}
        return lines["payment.started"]["brand"], lines["payment.resolved"].get("brand"), self.sales_of(payment)[0]["payment"]["brand"]

    def sell(self, method, asked, charged, behaviour="approve"):
        channel = "qr" if method == "qr" else "terminal"
        self.city.script(behaviour, channel=channel, times=1, brand=charged)
        state = self.till.sell_cashless(method, asked, "juminhyo")
        self.till.all_resolved()
        return state, self.last_payment()

    def test_the_card_tells_its_brand_to_sale_and_void(self):
        state, payment = self.sell("credit", "visa", "jcb")
        self.assertEqual(state["last_sale"]["brand_name"], "JCB")
        self.assertEqual(self.brands_of(payment), ("visa", "jcb", "jcb"))
        self.assertEqual(self.network(payment)["brand"], "jcb")
        sale = state["last_sale"]["sale"]
        self.assertEqual(self.till.sale(sale)["brand_name"], "JCB")
        self.till.post(f"/api/sales/{sale}/void", reason="申請の取下げ")
        wait_until("the void", lambda: self.till.sale(sale)["state"] == "voided")
        self.assertEqual(self.network(payment)["state"], "reversed")
        voided = [line["body"] for line in self.till.journal() if line["kind"] == "sale.voided"][-1]
        self.assertEqual(voided["brand"], "jcb")
        self.assertIn("the tables follow", self.till.verify())

    def test_an_answer_that_was_lost_tells_the_brand_when_it_is_asked_for(self):
        _, payment = self.sell("credit", "visa", "mastercard", behaviour="timeout_after")
        self.assertEqual(self.brands_of(payment), ("visa", "mastercard", "mastercard"))

    def test_the_gateway_tells_the_brand_of_the_code(self):
        state, payment = self.sell("qr", "paypay", "merpay")
        self.assertEqual(self.brands_of(payment), ("paypay", "merpay", "merpay"))
        self.assertEqual(self.network(payment)["brand"], "merpay")

    def test_a_brand_that_was_charged_as_asked_is_said_once(self):
        _, payment = self.sell("credit", "visa", None)
        self.assertEqual(self.brands_of(payment), ("visa", None, "visa"))

    def test_a_word_that_is_no_brand_of_the_method_is_not_taken(self):
        _, payment = self.sell("emoney", "waon", "visa")
        self.assertEqual(self.brands_of(payment), ("waon", None, "waon"))
        self.assertIn("none that we have", self.till.process.tail(100))

    def test_the_inspection_sums_up_by_the_brand_that_was_charged(self):
        self.sell("qr", "paypay", "aupay")
        self.till.post("/api/day/inspect", counts=[{"yen": 10000, "count": 2}])
        inspected = [line["body"] for line in self.till.journal() if line["kind"] == "day.inspected"][-1]
        totals = {row.get("brand"): row["amount_yen"] for row in inspected["totals"]}
        self.assertEqual(totals["aupay"], 300)


if __name__ == "__main__":
    unittest.main()
