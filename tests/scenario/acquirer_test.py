"""Credit cards with an acquirer's host behind the terminal: three books, the host's, the terminal's and the journal, say the
same about the money, whatever happens on the line between terminal and host."""
import unittest

from scene import Scene
from harness.process import wait_until


class CardsAtAnAcquirer(Scene):
    city_options = {"has_acquirer": True}
    payment_timeout_ms = 30000  # longer than the terminal waits for its host

    def pay(self):
        self.state = self.till.sell_cashless("credit", "visa", "juminhyo", seconds=90)
        return self.last_payment()

    def net_of_journal(self):
        lines = self.till.journal()
        undone = {line["body"].get("payment") for line in lines if line["kind"] == "sale.voided"}
        return sum(line["body"]["total_yen"] for line in lines if line["kind"] == "sale.recorded"
                   and line["body"]["payment"].get("payment") not in undone)

    def assert_money(self, payment, yen, state):
        self.till.all_resolved()
        row = self.network(payment)
        self.assertEqual(row["state"] if row else None, state)
        wait_until("the host to know", lambda: self.city.acquirer_net() == self.net_of_journal())
        self.assertEqual(len(self.sales_of(payment)), 1 if yen else 0)

    def test_a_card_is_charged_at_the_host_once(self):
        self.assert_money(self.pay(), 300, "charged")

    def test_what_the_host_refuses_is_no_sale(self):
        self.city.acquirer_fault("decline", answer="05")
        payment = self.pay()
        self.assertEqual(self.state["payment"]["state"], "declined")
        self.assert_money(payment, 0, "declined")

    def test_what_the_host_took_and_could_not_tell_goes_back(self):
        for behaviour in ("drop_after", "drop_before", "garbage", "other_trace"):
            with self.subTest(behaviour):
                self.city.acquirer_fault(behaviour)
                payment = self.pay()
                self.assertEqual(self.state["payment"]["state"], "not_charged")
                self.assert_money(payment, 0, "declined")

    def test_a_voided_sale_goes_back_at_the_host(self):
        payment = self.pay()
        sale = self.sales_of(payment)[0]["sale"]
        self.city.acquirer_fault("drop_before", kind="0420")
        self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
        wait_until("the till to know", lambda: self.network(payment)["state"] == "reversed")
        wait_until("the host to know", lambda: self.city.acquirer_net() == self.net_of_journal())


if __name__ == "__main__":
    unittest.main(verbosity=2)
