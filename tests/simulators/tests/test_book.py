"""The book: it outlives kill -9 at any moment, refuses what cannot have happened, and is read back as it was."""

import json
import os
import threading
import unittest
from unittest import mock

from payment_network.book import Book, NotAllowed, Opening
from payment_network.clock import Clock
from payment_network.journal import JournalError
from tests.support import SECRET, Process, QrClient, TerminalClient, call, eventually, outcome, scratch_folder


def opening(reference="pay-1", channel="qr", amount=100):
    brand = "paypay" if channel == "qr" else "visa"
    return Opening(channel, reference, brand, "KO-01", None, amount, "fingerprint")


class Transitions(unittest.TestCase):
    def setUp(self):
        self.book = Book(None, Clock())

    def test_a_payment_is_opened_once(self):
        self.book.charge(opening())
        for again in (self.book.charge, lambda o: self.book.decline(o, "REFUSED"), lambda o: self.book.pend(o, 0),
                      lambda o: self.book.doubt(o, True)):
            with self.assertRaises(NotAllowed):
                again(opening())

    def test_what_is_over_stays_as_it_is(self):
        reversed_one = self.book.charge(opening("pay-1"))
        self.book.reverse(reversed_one, "KO-01", None)
        declined = self.book.decline(opening("pay-2"), "REFUSED")
        tombstone = self.book.cancel("qr", "pay-3")

        for payment in (reversed_one, declined, tombstone):
            for change in (lambda p: self.book.reverse(p, "KO-01", None), lambda p: self.book.touch(p, True),
                           lambda p: self.book.cancel(p.channel, p.reference),
                           lambda p: self.book.refund(p, "refund-1", 1, "KO-01", None)):
                with self.assertRaises(NotAllowed):
                    change(payment)

    def test_a_key_belongs_to_its_channel(self):
        self.book.cancel("qr", "pay-1")
        self.assertEqual(self.book.charge(opening(channel="terminal")).state, "charged")

    def test_money_moves_only_in_movements_and_they_have_numbers_of_their_own(self):
        charged = self.book.charge(opening(amount=100))
        self.book.refund(charged, "refund-1", 30, "KO-01", None)
        taken_back = self.book.charge(opening("pay-2", amount=50))
        self.book.reverse(taken_back, "KO-01", None)
        self.book.decline(opening("pay-3"), "REFUSED")
        self.book.doubt(opening("pay-4", "terminal"), truth_charged=True)

        movements = [movement for payment in self.book.payments() for movement in payment.movements()]
        self.assertEqual([movement.amount for movement in movements], [100, -30, 50, -50])
        self.assertEqual(len({movement.acquirer_reference for movement in movements}), 4)


class Durability(unittest.TestCase):
    def setUp(self):
        self.path = os.path.join(scratch_folder(self), "book.jsonl")

    def start(self):
        process = Process("-m", "payment_network", "--book", self.path, "--secret", SECRET)
        self.addCleanup(lambda: process.process.poll() is None and process.kill())
        return process, QrClient(process.ready["http_port"]), process.ready["http_port"]

    def listing(self, port):
        return {entry["reference"]: entry for entry in call(port, "GET", "/control/book?all=1")[1]}

    def test_a_charge_survives_a_kill_between_charge_and_answer(self):
        process, qr, port = self.start()
        for channel in ("qr", "terminal"):
            call(port, "POST", "/control/scripts", {"behaviour": "late", "channel": channel, "delay_ms": 600_000})
        heard = []

        def charge_and_hear_nothing():
            try:
                heard.append(qr.charge("pay-1"))
            except OSError as error:
                heard.append(type(error).__name__)

        waiting = threading.Thread(target=charge_and_hear_nothing)
        waiting.start()
        terminal = TerminalClient(process.ready["terminal_port"])
        terminal.send("Payment", terminal.payment("pay-2"))
        self.assertTrue(eventually(lambda: len(self.listing(port)) == 2))
        before = self.listing(port)
        process.kill()
        waiting.join()
        terminal.close()

        _, qr, port = self.start()

        self.assertNotIsInstance(heard[0], tuple)
        self.assertEqual(self.listing(port), before)
        self.assertEqual({entry["state"] for entry in before.values()}, {"charged"})
        status, charge = qr.charge("pay-1")  # the till tries again under the same key
        self.assertEqual((status, charge["acquirer_reference"]), (200, before["pay-1"]["acquirer_reference"]))
        self.assertEqual(len(self.listing(port)), 2)

    def test_every_state_is_read_back_as_it_was(self):
        process, qr, port = self.start()
        terminal = TerminalClient(process.ready["terminal_port"])
        qr.charge("charged")
        qr.charge("refunded", amount=100)
        qr.refund("refunded", "refund-1", 100)
        qr.charge("reversed")
        qr.cancel("reversed")
        qr.cancel("tombstone")
        for reference, behaviour in (("declined", "decline"), ("pending", "pending"), ("doubt", "in_doubt")):
            call(port, "POST", "/control/scripts", {"behaviour": behaviour, "reference": reference, "delay_ms": 600_000
                                                    if behaviour == "pending" else 0})
        qr.charge("declined")
        qr.charge("pending")
        terminal.pay("doubt")
        before = self.listing(port)
        process.kill()
        terminal.close()

        process, qr, port = self.start()

        self.assertEqual(self.listing(port), before)
        self.assertEqual(len(before), 7)
        self.assertEqual(qr.charge("tombstone")[1]["status"], "canceled")
        self.assertEqual(qr.charge("charged", amount=1)[1]["error"]["code"], "IDEMPOTENCY_KEY_CONFLICT")
        self.assertEqual(qr.refund("refunded", "refund-1", 100)[0], 200)
        terminal = TerminalClient(process.ready["terminal_port"])
        self.addCleanup(terminal.close)
        self.assertEqual(outcome(terminal.status("doubt")["RepeatedMessageResponse"]), ("Partial", "InProgress"))
        new = qr.charge("new")[1]["acquirer_reference"]
        self.assertNotIn(new, {entry["acquirer_reference"] for entry in before.values()})

    def test_it_stops_cleanly_when_asked(self):
        process, qr, _ = self.start()
        qr.charge("pay-1")

        self.assertEqual(process.stop(), 0)
        self.assertEqual(process.errors, b"")

    def test_a_line_cut_short_was_never_acknowledged_and_is_dropped(self):
        book = Book(self.path, Clock())
        book.charge(opening())
        book.close()
        with open(self.path, "ab") as file:
            file.write(b'{"event":"charged","channel":"qr","refe')

        reopened = Book(self.path, Clock())
        reopened.charge(opening("pay-2"))
        reopened.close()

        with open(self.path, "rb") as file:
            self.assertEqual([json.loads(line)["reference"] for line in file], ["pay-1", "pay-2"])

    def test_a_book_that_does_not_follow_from_itself_is_refused(self):
        book = Book(self.path, Clock())
        book.charge(opening())
        book.close()
        with open(self.path, "rb") as file:
            line = file.read()
        for wrong in (b"not json\n", b"[]\n", line, b'{"event":"reversed"}\n', b'{"event":"unheard of"}\n'):
            with open(self.path, "wb") as file:
                file.write(line + wrong)
            with self.assertRaises(JournalError):
                Book(self.path, Clock())

    def test_two_simulators_cannot_have_one_book(self):
        book = Book(self.path, Clock())
        self.addCleanup(book.close)
        with self.assertRaisesRegex(JournalError, "another simulator"):
            Book(self.path, Clock())

    def test_nothing_is_believed_before_it_is_on_the_disk(self):
        book = Book(self.path, Clock())
        self.addCleanup(book.close)
        with mock.patch("os.fsync", side_effect=OSError(5, "the disk is gone")), self.assertRaises(JournalError):
            book.charge(opening())
        self.assertEqual(book.payments(), [])
        with self.assertRaises(JournalError):  # what stands on the disk is unknown now: no more until a restart
            book.charge(opening("pay-2"))

    def test_nothing_is_believed_that_could_not_be_written(self):
        book = Book(self.path, Clock())
        book.close()
        with self.assertRaises(JournalError):
            book.charge(opening())
        self.assertEqual(book.payments(), [])
