"""ISO 8583: the published messages, the host's answers, and the terminal's end of the line: what is not answered is undone
before anything else is asked, and both books come to the same sum."""

import os
import threading
import unittest

from acquirer_host import iso8583
from acquirer_host.host import BEHAVIOURS, Host
from acquirer_host.iso8583 import BadMessage
from acquirer_host.link import Link, Unreachable
from payment_network.clock import Clock
from payment_network.journal import JournalError
from tests.support import call, eventually, scratch_folder

TERMINAL = "KO-01   "
IMPATIENCE_SECONDS = 0.4

PUBLISHED = [  # pyiso8583 README; moov-io/iso8583 test/testdata/*.dat
    ("02004000000000000000101234567890", "0200", {2: "1234567890"}),
    ("0210000000000200000005", "0210", {39: "05"}),
    ("0800823A0000000000000400000000000000042009061390000109061304200420001", "0800",
     {7: "0420090613", 11: "900001", 12: "090613", 13: "0420", 15: "0420", 70: "001"}),
    ("0200323A40010841801038000000000000000004200508050113921208050420042251320720000010000001156040800411        "
     "01251146333156336000299", "0200",
     {3: "380000", 4: "000000000000", 7: "0420050805", 11: "011392", 12: "120805", 13: "0420", 15: "0422", 18: "5132",
      32: "2000001", 37: "000000115604", 42: "0800411        ", 48: "511463331563", 49: "360", 60: "99"}),
    ("0400F23A400108418202000000400000000019111111111000000000018000000000003000001090806461003310011200909080996010060002"
     "000000000003430003948 03808110012000004096565733200000003000001360030003317000394809080646510000000003132020000331609"
     "080645190000000020000000000000", "0400",
     {2: "1111111110000000000", 3: "180000", 4: "000000030000", 7: "0109080646", 11: "100331", 12: "001120", 13: "0909",
      15: "0809", 18: "9601", 32: "", 37: "600020000000", 42: "00003430003948 ", 48: "08110012000004096565733200000003000001",
      49: "360", 55: "003317000394809080646510000000", 63: "132", 90: "020000331609080645190000000020000000000000"}),
    ("0810823A000002000000048000000000000004200906139000010906130420042000001031128", "0810",
     {7: "0420090613", 11: "900001", 12: "090613", 13: "0420", 15: "0420", 39: "00", 70: "001", 73: "031128"}),
]


class Codec(unittest.TestCase):
    def test_the_published_messages_read_and_are_written_as_published(self):
        for text, kind, fields in PUBLISHED:
            with self.subTest(kind):
                self.assertEqual(iso8583.read(text.encode("ascii")), (kind, fields))
                self.assertEqual(iso8583.write(kind, fields).decode("ascii"), text)

    def test_no_beginning_of_a_message_reads_as_one(self):
        for text, _, _ in PUBLISHED:
            for length in range(len(text)):
                with self.assertRaises(BadMessage):
                    iso8583.read(text[:length].encode("ascii"))
            with self.assertRaises(BadMessage):
                iso8583.read(text.encode("ascii") + b"0")

    def test_what_does_not_fit_the_table_is_refused(self):
        for kind, fields in (("020", {}), ("0200", {5: "x"}), ("0200", {3: "12"}), ("0200", {32: "1" * 100}),
                             ("0200", {37: "円" * 12}), ("0200", {4: 12})):
            with self.assertRaises(BadMessage):
                iso8583.write(kind, fields)
        for data in (b"", b"\xff" * 30, b"0200ZZZZZZZZZZZZZZZZ", b"02000000000000000001", b"0200" + b"F" * 16):
            with self.assertRaises(BadMessage):
                iso8583.read(data)


class LinkTest(unittest.TestCase):
    def setUp(self):
        self.folder = scratch_folder(self)
        self.host = Host(0, 0, os.path.join(self.folder, "host.book"))
        self.host.start()
        self.addCleanup(self.host.stop)
        self.link = self.open_link()

    def open_link(self):
        link = Link(self.host.ports["port"], os.path.join(self.folder, "link.journal"), Clock(), IMPATIENCE_SECONDS)
        self.addCleanup(link.close)
        return link

    def fault(self, behaviour, **more):
        status, answer = call(self.host.ports["control_port"], "POST", "/control/faults", {"behaviour": behaviour, **more})
        self.assertEqual(status, 200, answer)

    def net(self):
        """What the host has taken."""
        return sum(entry.net for entry in self.host.book.entries())


class StoreAndForward(LinkTest):
    def test_a_sale_is_approved_once_and_the_totals_agree(self):
        self.assertTrue(self.link.sale("pay-1", TERMINAL, 450))
        self.assertTrue(self.link.sale("pay-1", TERMINAL, 450))
        self.assertTrue(self.link.refund("refund-1", TERMINAL, 100))
        self.assertEqual(self.net(), 350)
        self.assertTrue(self.link.reconcile(TERMINAL))
        self.assertTrue(self.link.echo(TERMINAL))

    def test_a_declined_sale_takes_nothing(self):
        self.fault("decline", answer="51")
        self.assertFalse(self.link.sale("pay-1", TERMINAL, 450))
        self.assertEqual((self.net(), self.link.queued()), (0, 0))

    def test_whatever_happens_to_the_answer_both_books_come_to_the_same_sum(self):
        for number, behaviour in enumerate(name for name in BEHAVIOURS if name != "decline"):
            with self.subTest(behaviour):
                self.fault(behaviour, delay_ms=2000)
                with self.assertRaises(Unreachable):
                    self.link.sale(f"pay-{number}", TERMINAL, 450)
                self.assertEqual(self.link.queued(), 1)
                self.assertTrue(self.link.flush())
                self.assertEqual(self.net(), 0)
                self.assertFalse(self.link.sale(f"pay-{number}", TERMINAL, 450))  # it is over
        self.assertTrue(self.link.reconcile(TERMINAL))

    def test_a_reversal_goes_before_the_next_sale(self):
        self.fault("drop_after")
        with self.assertRaises(Unreachable):
            self.link.sale("pay-1", TERMINAL, 450)
        self.assertTrue(self.link.sale("pay-2", TERMINAL, 300))
        self.assertEqual((self.host.requests, self.net()), (["0200", "0420", "0200"], 300))

    def test_nothing_new_is_asked_while_a_reversal_waits(self):
        self.fault("drop_after")
        with self.assertRaises(Unreachable):
            self.link.sale("pay-1", TERMINAL, 450)
        self.fault("silent_after", kind="0420", times=2)
        for _ in range(2):
            with self.assertRaises(Unreachable):
                self.link.sale("pay-2", TERMINAL, 300)
        self.assertTrue(self.link.sale("pay-2", TERMINAL, 300))
        self.assertEqual(self.host.requests, ["0200", "0420", "0421", "0421", "0200"])
        self.assertEqual(self.net(), 300)

    def test_a_reversal_that_comes_before_its_sale_wins(self):
        self.host.book.reverse((TERMINAL, "000001", "1122100000"))
        entry = self.host._financial({3: "000000", 4: "000000000450", 7: "1122100000", 11: "000001", 41: TERMINAL, 49: "392"},
                                     None)
        self.assertEqual((entry[39], self.net()), ("12", 0))

    def test_a_voided_sale_goes_back_when_the_line_is_there_again(self):
        self.assertTrue(self.link.sale("pay-1", TERMINAL, 450))
        self.host.set_up(False)
        self.link.void("pay-1")
        self.assertEqual((self.link.queued(), self.net()), (1, 450))
        self.host.set_up(True)
        self.assertTrue(self.link.flush())
        self.assertEqual((self.link.queued(), self.net()), (0, 0))

    def test_a_power_cut_between_request_and_answer_is_undone_after_the_restart(self):
        self.fault("silent_after")
        asked = threading.Thread(target=self.ask_in_vain)
        asked.start()
        self.assertTrue(eventually(self.host.book.entries))
        copy = os.path.join(self.folder, "copy.journal")
        with open(os.path.join(self.folder, "link.journal"), "rb") as journal, open(copy, "wb") as out:
            out.write(journal.readline())  # the power failed here: the request stands, and nothing after it
        asked.join()
        link = Link(self.host.ports["port"], copy, Clock(), IMPATIENCE_SECONDS)
        self.addCleanup(link.close)
        self.assertEqual(link.queued(), 1)
        self.assertTrue(link.flush())
        self.assertEqual(self.net(), 0)

    def ask_in_vain(self):
        try:
            self.link.sale("pay-1", TERMINAL, 450)
        except Unreachable:
            pass

    def test_totals_that_differ_are_told(self):
        self.assertTrue(self.link.sale("pay-1", TERMINAL, 450))
        self.host.book.decide((TERMINAL, "999999", "1122100000"), 1, 1, "00")
        self.assertFalse(self.link.reconcile(TERMINAL))

    def test_both_books_survive_a_restart_and_know_their_own_files(self):
        self.assertTrue(self.link.sale("pay-1", TERMINAL, 450))
        self.link.close()
        self.host.stop()
        self.host = Host(0, 0, os.path.join(self.folder, "host.book"))
        self.host.start()
        self.addCleanup(self.host.stop)
        link = self.open_link()
        self.assertTrue(link.reconcile(TERMINAL))
        self.assertTrue(link.sale("pay-2", TERMINAL, 1))
        self.assertEqual(self.net(), 451)
        with self.assertRaises(JournalError):
            Host(0, 0, os.path.join(self.folder, "link.journal"))
