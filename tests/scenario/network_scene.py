"""A scene whose till speaks to one QR network over TLS, and the rule that its book and our journal say the same."""
from scene import Scene

SETTLED = ("approved", "declined", "not_charged", "reversed", "held")


class NetworkScene(Scene):
    def resolution(self, payment):
        return next((line["body"]["result"] for line in self.till.journal()
                     if line["kind"] == "payment.resolved" and line["body"]["payment"] == payment), None)

    def assert_money_agrees(self):
        """Every payment that the till began: what the network keeps is what our sales say, to the yen."""
        book = self.network_book()
        journal = self.till.journal()
        begun = {line["body"]["payment"]: line["body"]["amount_yen"] for line in journal if line["kind"] == "payment.started"
                 and line["body"]["method"] == "qr"}
        sold = {line["body"]["payment"]["payment"]: line["body"]["sale"] for line in journal
                if line["kind"] == "sale.recorded" and line["body"]["payment"].get("method") == "qr"}
        voided = {line["body"]["sale"] for line in journal if line["kind"] == "sale.voided"}
        self.assertFalse(set(book) - set(begun), "the network knows payments that we never began")
        for payment, amount in begun.items():
            ours = amount if payment in sold and sold[payment] not in voided else 0
            theirs = book[payment]["kept_amount"] if payment in book else 0
            refunded = sum(book[payment]["refunds"].values()) if payment in book else 0
            self.assertEqual(theirs + refunded, ours, f"{payment}: {self.lines_of(payment)} / {book.get(payment)}")

    def network_book(self):
        return self.net.book()

    def pay(self, brand="paypay"):
        state = self.till.sell_cashless("qr", brand, "juminhyo")
        return state, self.last_payment()

    def settle(self, payment):
        """Wait until nothing is open, compare the books, and tell how it ended."""
        self.till.all_resolved()
        self.assert_money_agrees()
        return self.resolution(payment)
