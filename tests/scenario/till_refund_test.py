"""Refunds that the till carries out itself through the network: written ahead, repeated under one reference, done once."""
import json
import unittest

from aggregator_scene import AggregatorScene
from presented_scene import PresentedScene
from scene import Scene
from wallet_scene import WalletScene
from harness.city import MASTERS
from harness.http import Refused
from harness.process import wait_until

APPROVAL = {"clerk": "suzuki", "pin": "2222"}
# What is lost of a refund's answer; network_refund_test.py goes through all that can be.
LOST = ("drop_before", "drop_after", "error_500_after")


def refundable_masters(folder):
    """Brands that cannot be voided, so that today's sale is refunded as one of a later day; and nothing that may not go back."""
    document = json.loads(MASTERS.read_text())
    for brand in document["brands"]:
        brand["can_void"] = False
    for policy in document["policies"]:
        policy.update(refund="later", refund_means=["cash", "gateway", "bank_transfer"])
    path = folder / "refundable.json"
    path.write_text(json.dumps(document, ensure_ascii=False))
    return path


class Refunding:
    """Mixed into a scene. `paid` sells for 300 yen and gives the payment; `fault` spoils the next refund; `book` is the
    network's own: what went back under which reference, and what it keeps."""

    masters = staticmethod(refundable_masters)

    def sale_of(self, payment):
        return self.sales_of(payment)[0]["sale"]

    def ask(self, sale, yen):
        seen = self.till.sale(sale)["refund"]
        self.till.post(f"/api/sales/{sale}/refunds", remainder_yen=seen["remainder_yen"], means="gateway", reason="申請の取下げ",
                       lines=[{"line": 1, "amount_yen": yen}])
        return self.till.sale(sale)["refund"]["requests"][-1]["refund"]

    def approve(self, refund):
        self.till.post(f"/api/refunds/{refund}/pay", approval=APPROVAL)

    def refused(self, path, **body):
        with self.assertRaises(Refused) as refused:
            self.till.post(path, **body)
        self.assertTrue(refused.exception.message)
        return refused.exception.code

    def request(self, sale, refund):
        return next(row for row in self.till.sale(sale)["refund"]["requests"] if row["refund"] == refund)

    def ended(self, sale, refund):
        wait_until("the refund to end", lambda: self.request(sale, refund)["state"] != "running")
        return self.request(sale, refund)

    def kinds(self, refund):
        return [line["kind"] for line in self.till.journal() if line["body"].get("refund") == refund]

    def assert_agree(self, payment):
        """The network's book and the journal: the same refunds, each once, and the same rest."""
        ours = {}
        for line in self.till.journal():
            if line["kind"] == "refund.paid" and line["body"]["sale"] == self.sale_of(payment):
                self.assertNotIn(line["body"]["refund"], ours, "paid twice")
                ours[line["body"]["refund"]] = line["body"]["amount_yen"]
        refunds, kept = self.book(payment)
        self.assertEqual(refunds, [yen for _, yen in sorted(ours.items())])
        self.assertEqual(kept, 300 - sum(ours.values()))
        self.assertIn("the tables follow", self.till.verify())

    def test_a_refund_whose_answer_is_lost_is_repeated_until_it_is_known_and_done_once(self):
        for behaviour in (None, *LOST):
            with self.subTest(behaviour):
                payment = self.paid()
                sale = self.sale_of(payment)
                refund = self.ask(sale, 300)
                self.assertTrue(self.request(sale, refund)["can_pay"])
                if behaviour:
                    self.fault(behaviour)
                self.approve(refund)
                self.assertEqual(self.ended(sale, refund)["state"], "paid")
                self.assertEqual([kind for kind in self.kinds(refund) if kind != "refund.unknown"],
                                 ["refund.requested", "refund.started", "refund.paid"])
                self.assert_agree(payment)
                self.assertEqual(self.refused(f"/api/refunds/{refund}/pay", approval=APPROVAL), "already_paid")

    def test_while_one_is_not_answered_it_stands_in_the_list_and_nothing_else_of_the_sale_goes_back(self):
        payment = self.paid()
        sale = self.sale_of(payment)
        first, second = self.ask(sale, 100), self.ask(sale, 200)
        self.fault("error_500", times=1000)
        self.approve(first)
        wait_until("the doubt", lambda: "refund.unknown" in self.kinds(first))
        self.assertEqual([row["state"] for row in self.till.state()["unresolved"]], ["refunding"])
        self.assertEqual(self.refused(f"/api/refunds/{second}/pay", approval=APPROVAL), "refund_running")
        self.assertEqual(self.refused(f"/api/refunds/{first}/pay", approval=APPROVAL), "refund_running")
        self.assertEqual(self.refused(f"/api/refunds/{first}/withdraw", reason="申請の取下げ"), "refund_running")
        self.forget()
        self.assertEqual(self.ended(sale, first)["state"], "paid")
        self.till.all_resolved()
        self.approve(second)
        self.assertEqual((self.ended(sale, second)["state"], self.request(sale, second)["is_refused"]), self.second_part)
        self.assert_agree(payment)

    def test_a_till_killed_before_during_and_after_the_request_gives_back_once(self):
        for behaviour, moment in (("timeout_after", "done"), ("error_500", "asked"), (None, "started")):
            with self.subTest(moment):
                payment = self.paid()
                sale = self.sale_of(payment)
                refund = self.ask(sale, 300)
                if behaviour:
                    self.fault(behaviour, times=1 if moment == "done" else 1000)
                self.approve(refund)
                if moment == "done":
                    wait_until("the network to give back", lambda: self.book(payment)[0] == [300])
                elif moment == "asked":
                    wait_until("the doubt", lambda: "refund.unknown" in self.kinds(refund))
                self.till.kill()
                self.forget()
                self.till.start()
                self.till.open()
                self.assertEqual(self.ended(sale, refund)["state"], "paid")
                self.assert_agree(payment)

    def test_without_a_supervisor_nothing_leaves(self):
        payment = self.paid()
        refund = self.ask(self.sale_of(payment), 300)
        self.assertEqual(self.refused(f"/api/refunds/{refund}/pay", approval={"clerk": "sato", "pin": "1111"}), "not_a_supervisor")
        self.assertEqual(self.kinds(refund), ["refund.requested"])
        self.till.post(f"/api/refunds/{refund}/withdraw", reason="申請の取下げ")
        self.assert_agree(payment)


class AtTheAggregator(Refunding, AggregatorScene):
    second_part = ("paid", False)

    def paid(self):
        _, payment = self.pay()
        self.till.all_resolved()
        return payment

    def fault(self, behaviour, **more):
        self.net.fault(behaviour, operation="refund", **more)

    def forget(self):
        self.net.forget_faults()

    def book(self, payment):
        row = self.net.book()[payment]
        return [yen for _, yen in sorted(row["refunds"].items())], row["kept_amount"]


class AtPayPay(Refunding, PresentedScene):
    second_part = ("requested", True)  # one refund of an order: the rest is finance's
    fault, forget, book = AtTheAggregator.fault, AtTheAggregator.forget, AtTheAggregator.book

    def paid(self):
        payment, payload = self.show()
        self.pay_with_phone(payload)
        self.state_is("none")
        self.till.all_resolved()
        return payment


class OfAWallet(Refunding, WalletScene):
    wallet = "wechat_pay"
    second_part = ("paid", False)

    def paid(self):
        payment = self.pay()
        self.till.all_resolved()
        return payment

    def fault(self, behaviour, **more):
        self.wallets.fault(self.wallet, behaviour, operation="refund", **more)

    def forget(self):
        self.wallets.forget_faults(self.wallet)

    def book(self, payment):
        order = self.wallets.order(self.wallet, payment)
        return [yen for _, yen in sorted(order["refunds"].items())], self.wallets.kept(self.wallet, payment)


class OfTheOtherWallet(OfAWallet):
    wallet = "alipay_plus"


class ByTheGateway(Scene):
    """The simulated gateway has no faults of a refund: its wire is cut instead."""
    masters = staticmethod(refundable_masters)

    def test_what_was_asked_while_the_network_was_away_goes_back_once_it_is_there(self):
        sale = self.till.sell_cashless("qr", "paypay", "juminhyo")["last_sale"]["sale"]
        payment = self.last_payment()
        self.till.post(f"/api/sales/{sale}/refunds", remainder_yen=300, means="gateway", reason="申請の取下げ")
        refund = self.till.sale(sale)["refund"]["requests"][0]["refund"]
        self.city.set_payment_network(False)
        self.till.post(f"/api/refunds/{refund}/pay", approval=APPROVAL)
        wait_until("the doubt", lambda: any(line["kind"] == "refund.unknown" for line in self.till.journal()))
        self.assertEqual(self.network(payment)["refunded_amount"], 0)
        self.till.post("/api/day/inspect", counts=[{"yen": 10000, "count": 2}])
        inspected = [line["body"] for line in self.till.journal() if line["kind"] == "day.inspected"][-1]
        self.assertEqual((inspected["unresolved"], [row["state"] for row in self.till.state()["unresolved"]]),
                         ([refund], ["refunding"]))
        self.city.set_payment_network(True)
        wait_until("the refund", lambda: self.till.sale(sale)["refund"]["requests"][0]["state"] == "paid")
        self.assertEqual(self.network(payment)["refunded_amount"], 300)
        self.assertIn("the tables follow", self.till.verify())

    def test_a_card_goes_back_through_the_terminal_in_parts(self):
        sale = self.till.sell_cashless("credit", "visa", "juminhyo")["last_sale"]["sale"]
        payment = self.last_payment()
        for number, yen, left in ((0, 100, 300), (1, 200, 200)):
            self.till.post(f"/api/sales/{sale}/refunds", remainder_yen=left, means="gateway", reason="申請の取下げ",
                           lines=[{"line": 1, "amount_yen": yen}])
            seen = self.till.sale(sale)["refund"]
            self.assertEqual((seen["gateway_at_till"], seen["requests"][number]["can_pay"]), (True, True))
            self.till.post(f"/api/refunds/{seen['requests'][number]['refund']}/pay", approval=APPROVAL)
            wait_until("the refund", lambda: self.till.sale(sale)["refund"]["requests"][number]["state"] == "paid")
        self.assertEqual(self.network(payment)["refunded_amount"], 300)
        self.assertIn("the tables follow", self.till.verify())

    def test_what_the_brand_cannot_give_back_stays_with_finance(self):
        sale = self.till.sell_cashless("emoney", "edy", "juminhyo")["last_sale"]["sale"]
        self.till.post(f"/api/sales/{sale}/refunds", remainder_yen=300, means="gateway", reason="申請の取下げ")
        seen = self.till.sale(sale)["refund"]
        self.assertEqual((seen["gateway_at_till"], seen["requests"][0]["can_pay"]), (False, False))
        with self.assertRaises(Refused) as refused:
            self.till.post(f"/api/refunds/{seen['requests'][0]['refund']}/pay", approval=APPROVAL)
        self.assertEqual(refused.exception.code, "with_finance")


if __name__ == "__main__":
    unittest.main()
