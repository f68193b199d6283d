"""A void whose answer comes after the Z: the sale stands on it, and a refund by the processor stands beside the sale."""
import unittest

from scene import Scene
from harness.process import wait_until


class LateVoid(Scene):
    def body_of(self, kind, **wanted):
        return next((line["body"] for line in self.till.journal() if line["kind"] == kind
                     and all(line["body"].get(key) == value for key, value in wanted.items())), None)

    def close(self):
        count = self.till.post("/api/day/count", purpose="close", counts=[{"yen": 10000, "count": 2}])
        self.assertEqual(self.till.post("/api/day/close", count=count["sequence"])["day"]["state"], "closed")

    def test_the_sale_stands_and_the_refund_is_paid_already(self):
        sale = self.till.sell_cashless("credit", "visa", "juminhyo")["last_sale"]["sale"]
        payment = self.last_payment()
        self.till.all_printed()
        self.city.set_payment_network(False)
        self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
        wait_until("the doubt", lambda: self.body_of("reversal.unknown"))
        self.close()
        self.city.set_payment_network(True)
        wait_until("the answer", lambda: self.body_of("reversal.resolved", sale=sale))

        self.assertEqual(self.network(payment)["state"], "reversed")
        self.assertIsNone(self.body_of("sale.voided", sale=sale))
        amount_yen = self.network(payment)["amount"]
        paid = self.body_of("refund.paid", sale=sale)
        self.assertEqual((paid["means"], paid["amount_yen"], paid["approved_by"]), ("gateway", amount_yen, None))
        self.assertEqual(paid["reversal"], self.body_of("reversal.started", sale=sale)["reversal"])
        seen = self.till.sale(sale)
        self.assertEqual((seen["state"], seen["refund"]["remainder_yen"]), ("sold", 0))
        self.assertEqual([row["state"] for row in seen["refund"]["requests"]], ["paid"])
        wait_until("the slip", lambda: self.body_of("print.finished", form="refund", sale=paid["refund"], outcome="printed"))
        self.assertIn("the tables follow", self.till.verify())


if __name__ == "__main__":
    unittest.main()
