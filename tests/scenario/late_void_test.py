"""A void whose answer comes after the Z: the sale stands on it, and a refund by the processor stands beside the sale."""
import unittest

from scene import Scene
from harness.checkout_masters import write_checkout_masters
from harness.process import wait_until


class LateVoid(Scene):
    @staticmethod
    def masters(folder):
        return write_checkout_masters(folder / "masters.json")

    def body_of(self, kind, **wanted):
        return next((line["body"] for line in self.till.journal() if line["kind"] == kind
                     and all(line["body"].get(key) == value for key, value in wanted.items())), None)

    def close(self, *coins):
        count = self.till.post("/api/day/count", purpose="close", counts=[{"yen": 10000, "count": 2}, *coins])
        self.assertEqual(self.till.post("/api/day/close", count=count["sequence"])["day"]["state"], "closed")

    def test_the_sale_stands_and_the_refund_is_paid_already(self):
        sale = self.till.sell_cashless("credit", "visa", "a")["last_sale"]["sale"]
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


class LateMixedVoid(LateVoid):
    def test_the_sale_stands_and_the_refund_is_paid_already(self):
        """Paid partly in cash: what the brand gave back is paid, what lies in the drawer is asked for."""
        basket = self.till.ring_up(("a", 2))["basket"]
        total_yen = basket["total_yen"]
        self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand="paypay",
                       cash={"amount_yen": 100, "tendered_yen": 100})
        self.till.post("/api/pay/code", code="900081810000000000000017")
        self.till.payment_ended()
        self.till.all_printed()
        sale = basket["id"]
        self.city.set_payment_network(False)
        self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
        wait_until("the doubt", lambda: self.body_of("reversal.unknown"))
        self.close({"yen": 100, "count": 1})
        self.city.set_payment_network(True)
        wait_until("the answer", lambda: self.body_of("reversal.resolved", sale=sale))

        self.assertEqual(self.body_of("reversal.resolved", sale=sale)["result"], "reversed")
        self.assertIsNone(self.body_of("sale.voided", sale=sale))
        self.assertEqual(self.body_of("refund.paid", sale=sale)["amount_yen"], total_yen - 100)
        waiting = self.body_of("refund.requested", sale=sale, means="cash")
        self.assertEqual((waiting["amount_yen"], waiting["lines"]), (100, [{"line": 1, "amount_yen": 100}]))
        seen = self.till.sale(sale)
        self.assertEqual((seen["state"], seen["refund"]["remainder_yen"]), ("sold", 0))
        self.assertEqual(sorted(row["state"] for row in seen["refund"]["requests"]), ["paid", "requested"])
        self.assertIn("the tables follow", self.till.verify())


if __name__ == "__main__":
    unittest.main()
