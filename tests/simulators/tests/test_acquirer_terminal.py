"""The payment terminal with an acquirer's host behind it: whatever happens on the line between the two, the terminal's book
and the host's come to the same sum, and the till is told what the terminal's book says."""

import os

from acquirer_host.host import BEHAVIOURS, Host
from payment_network.network import Network
from tests.support import SECRET, NetworkTest, QrClient, eventually, outcome, scratch_folder

ANSWER_SECONDS = 0.4


class TerminalWithAcquirer(NetworkTest):
    def setUp(self):
        self.folder = scratch_folder(self)
        self.book_path = os.path.join(self.folder, "book.jsonl")
        self.host = Host(0, 0, os.path.join(self.folder, "host.book"))
        self.host.start()
        self.addCleanup(self.host.stop)
        self.begin()

    def begin(self):
        self.network = Network(0, 0, self.book_path, SECRET, 0, 0.0, self.host.ports["port"], ANSWER_SECONDS)
        self.network.start()
        self.addCleanup(self.network.stop)
        self.port = self.network.ports["http_port"]
        self.qr = QrClient(self.port)

    def pay(self, reference, amount=450):
        return outcome(self.terminal().pay(reference, amount=amount, brand="visa", media="Credit"))

    def nets(self):
        """(the terminal's book, the host's)."""
        mine = sum(entry["amount"] - entry["refunded_amount"] for entry in self.book().values()
                   if entry["brand"] == "visa" and entry["state"] in ("charged", "refunded"))
        return mine, sum(entry.net for entry in self.host.book.entries())

    def assert_nets(self, yen):
        self.assertTrue(eventually(lambda: self.nets() == (yen, yen)), self.nets())

    def test_a_card_is_charged_at_the_host_and_money_on_a_card_is_not(self):
        self.assertEqual(self.pay("pay-1"), ("Success", None))
        self.assertEqual(outcome(self.terminal().pay("pay-2", brand="edy")), ("Success", None))
        self.assert_nets(450)
        self.assertEqual(self.host.requests, ["0200"])

    def test_a_refusal_of_the_host_is_a_refusal(self):
        self.host.add_fault("decline", answer="05")
        self.assertEqual(self.pay("pay-1"), ("Failure", "Refusal"))
        self.assert_nets(0)

    def test_a_lost_answer_of_the_host_is_told_as_not_charged_and_undone(self):
        for number, behaviour in enumerate(name for name in BEHAVIOURS if name != "decline"):
            with self.subTest(behaviour):
                self.host.add_fault(behaviour, delay_ms=2000)
                self.assertEqual(self.pay(f"pay-{number}"), ("Failure", "UnreachableHost"))
                self.assert_nets(0)

    def test_reversals_reach_the_host_also_when_it_was_away(self):
        self.pay("pay-1")
        self.host.set_up(False)
        self.assertEqual(outcome(self.terminal().reverse("pay-1")), ("Success", None))
        self.assertEqual(self.nets(), (0, 450))
        self.host.set_up(True)
        self.assert_nets(0)

    def test_refunds_are_the_hosts_too(self):
        self.pay("pay-1")
        refund = {"amount": 200, "brand": "visa", "media": "Credit", "kind": "Refund", "original": "pay-1"}
        self.host.add_fault("silent_after")
        self.assertEqual(outcome(self.terminal().pay("refund-1", **refund)), ("Failure", "UnreachableHost"))
        self.assert_nets(450)
        self.assertEqual(outcome(self.terminal().pay("refund-2", **refund)), ("Success", None))
        self.assertEqual(outcome(self.terminal().pay("refund-3", **{**refund, "amount": 251}))[0], "Failure")
        self.assert_nets(250)

    def test_what_the_host_approved_and_the_terminal_forgot_in_a_power_cut_is_undone(self):
        self.pay("pay-1")
        self.network.stop()
        os.unlink(self.book_path)  # as if the power had failed before the book's line
        self.begin()
        self.assert_nets(0)
