"""The receipt printer: status at any time, data never taken for commands, and a buffer that fills when paper ends."""

import base64
import os
import socket
import struct
import time
import unittest

from printer9100 import ControlDoor, recorder
from receipt_printer.commands import command_length
from receipt_printer.device import RECEIVE_BUFFER_BYTES, Printer
from tests.support import Process, call, eventually, scratch_folder

IMPATIENCE_SECONDS = 0.15  # how long a test waits for what must not come
STATUS = [b"\x10\x04" + bytes([n]) for n in range(5)]
DRAWER_CLOSED = 0x04


class PrinterTest(unittest.TestCase):
    def setUp(self):
        self.folder = scratch_folder(self)
        printer = Printer(0, recorder(self.folder))
        control = ControlDoor(0, printer).listener
        printer.start()
        control.open()
        self.addCleanup(printer.stop)
        self.addCleanup(control.stop)
        self.port, self.control_port = printer.listener.port, control.port

    def connect(self):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        sock.settimeout(20)
        sock.connect(("127.0.0.1", self.port))
        self.addCleanup(sock.close)
        return sock

    def post(self, path, **body):
        status, answer = call(self.control_port, "POST", path, body)
        self.assertEqual(status, 200, answer)
        return answer

    def seen(self):
        status, answer = call(self.control_port, "GET", "/received")
        self.assertEqual(status, 200)
        answer["received"] = base64.b64decode(answer["received"])
        return answer

    def read(self, sock, count):
        data = b""
        while len(data) < count:
            piece = sock.recv(count - len(data))
            self.assertNotEqual(piece, b"", "the printer closed the connection")
            data += piece
        return data

    def assert_silent(self, sock):
        sock.settimeout(IMPATIENCE_SECONDS)
        with self.assertRaises(TimeoutError):
            sock.recv(1)
        sock.settimeout(20)

    def assert_printed(self, count):
        self.assertTrue(eventually(lambda: self.seen()["printed_bytes"] == count), self.seen()["printed_bytes"])

    def statuses(self, sock):
        sock.sendall(b"".join(STATUS[1:]))
        return self.read(sock, 4)


class Status(PrinterTest):
    def test_a_ready_printer_says_so(self):
        self.assertEqual(self.statuses(self.connect()), bytes([0x12 | DRAWER_CLOSED, 0x12, 0x12, 0x12]))

    def test_each_cause_shows_in_its_bits(self):
        sock = self.connect()
        for change, expected in (({"paper": "near_end"}, b"\x16\x12\x12\x1e"), ({"paper": "end"}, b"\x1e\x32\x12\x7e"),
                                 ({"paper": "ok", "cover_open": True}, b"\x1e\x16\x12\x12"),
                                 ({"cover_open": False, "error": "cutter"}, b"\x1e\x52\x1a\x12"),
                                 ({"error": "recoverable"}, b"\x1e\x52\x16\x12"),
                                 ({"error": "none", "offline": True}, b"\x1e\x12\x12\x12"),
                                 ({"offline": False, "drawer_open": True}, b"\x12\x12\x12\x12")):
            self.post("/state", **change)
            self.assertEqual(self.statuses(sock), expected, change)

    def test_status_is_told_inside_image_data_and_other_requests_there_are_data(self):
        image = STATUS[4] + b"\x1dI\x42" + b"\x1dr\x01" + b"\x1da\xff"
        sock = self.connect()
        for command in (b"\x1b*\x00" + struct.pack("<H", len(image)),
                        b"\x1dv0\x00\x01\x00" + struct.pack("<H", len(image)),
                        b"\x1d(L" + struct.pack("<H", len(image)), b"\x1d8L" + struct.pack("<I", len(image)),
                        b"\x1dkI" + bytes([len(image)])):
            sock.sendall(command + image)
            self.assertEqual(self.read(sock, 1), b"\x12", command)
        self.assert_silent(sock)
        sock.sendall(b"\x1dr\x01")  # the printer is in step: this one is a command
        self.assertEqual(self.read(sock, 1), b"\x00")

    def test_a_request_cut_into_pieces_is_one_request(self):
        sock = self.connect()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for count in (1, 2, 3):
            sock.sendall(STATUS[1][count - 1:count])
            self.assertTrue(eventually(lambda: self.seen()["bytes"] == count))
        self.assertEqual(self.read(sock, 1), b"\x16")
        self.assert_silent(sock)

    def test_identity_and_transmitted_status(self):
        sock = self.connect()
        for request, expected in ((b"\x1dI\x42", b"_EPSON\0"), (b"\x1dI\x43", b"_TM-T88V\0"), (b"\x1dI\x01", b"\x20"),
                                  (b"\x1dI1", b"\x20"), (b"\x1dr\x01", b"\x00"), (b"\x1dr2", b"\x01"),
                                  (b"\x1bv", b"\x00"),
                                  (b"\x1d(H\x06\x00\x30\x30abcd", b"\x37\x22abcd\x00")):
            sock.sendall(request)
            self.assertEqual(self.read(sock, len(expected)), expected)

    def test_automatic_status_comes_at_once_and_then_on_changes_that_were_asked_for(self):
        sock = self.connect()
        sock.sendall(b"\x1da\x08")  # paper only
        self.assertEqual(self.read(sock, 4), b"\x14\x00\x00\x0f")
        self.post("/state", drawer_open=True)
        self.post("/state", paper="near_end")
        self.assertEqual(self.read(sock, 4), b"\x10\x00\x03\x0f")
        self.post("/state", paper="near_end")
        self.assert_silent(sock)
        self.post("/state", paper="end")
        self.assertEqual(self.read(sock, 4), b"\x18\x00\x0f\x0f")
        self.post("/state", paper="ok")
        self.assertEqual(self.read(sock, 4), b"\x10\x00\x00\x0f")

    def test_initialising_ends_automatic_status(self):
        sock = self.connect()
        sock.sendall(b"\x1da\xff")
        self.read(sock, 4)
        sock.sendall(b"\x1b@")
        self.assert_printed(5)
        self.post("/state", paper="near_end")
        self.assert_silent(sock)


class Printing(PrinterTest):
    def test_a_job_is_received_to_the_byte_and_its_acts_are_counted(self):
        job = b"\x1b@\x1cC\x01" + "領収書 450円\n".encode("cp932") + b"\x1bp\x00\x19\xfa\x1dVB\x00\x1b\xff"
        sock = self.connect()
        sock.sendall(job)
        sock.close()

        self.assert_printed(len(job))
        seen = self.seen()
        self.assertEqual(seen["received"], job)
        counts = [seen[name] for name in ("connections", "cuts", "drawer_kicks", "unknown")]
        self.assertEqual(counts, [1, 1, 1, ["1bff"]])
        with open(os.path.join(self.folder, "connection-0001.bin"), "rb") as file:
            self.assertEqual(file.read(), job)

    def test_a_command_longer_than_the_buffer_is_printed_as_it_comes(self):
        image = bytes(range(256)) * 200
        job = b"\x1d8L" + struct.pack("<I", len(image)) + image + b"\x1dr\x01"
        sock = self.connect()
        sock.sendall(job)

        self.assertEqual(self.read(sock, 1), b"\x00")
        self.assert_printed(len(job))

    def test_without_paper_status_is_told_until_the_buffer_is_full_and_then_nothing_is_read(self):
        sock = self.connect()
        self.post("/state", paper="end")
        sock.sendall(b"a line\n" + STATUS[4])
        self.assertEqual(self.read(sock, 1), b"\x7e")
        self.assertEqual(self.seen()["printed_bytes"], 0)

        sock.setblocking(False)
        sent = self.fill(sock, b"x" * 1024)
        self.assertGreater(sent, RECEIVE_BUFFER_BYTES)
        self.assertEqual(self.seen()["bytes"], RECEIVE_BUFFER_BYTES)
        sock.setblocking(True)

        self.post("/state", paper="ok")
        self.assert_printed(len(b"a line\n" + STATUS[4]) + sent)

    def fill(self, sock, data):
        """Send until nothing more is taken for a while; the count of bytes that went."""
        sent, last = 0, time.monotonic()
        while time.monotonic() - last < IMPATIENCE_SECONDS:
            try:
                sent += sock.send(data)
                last = time.monotonic()
            except BlockingIOError:
                time.sleep(0.01)
        return sent

    def test_paper_can_end_in_the_middle_of_a_job(self):
        self.post("/state", paper="end", after_bytes=10)
        sock = self.connect()
        sock.sendall(b"0123456789abcdef")

        self.assert_printed(10)
        self.assertEqual(self.statuses(sock)[3:], b"\x7e")
        self.post("/state", paper="ok")
        self.assert_printed(16 + 12)

    def test_what_waits_for_paper_is_printed_before_the_next_job(self):
        self.post("/state", paper="end")
        first = self.connect()
        first.sendall(b"first\n")
        self.assertTrue(eventually(lambda: self.seen()["bytes"] == 6))
        first.close()
        second = self.connect()
        second.sendall(b"first\n")
        self.assertTrue(eventually(lambda: self.seen()["bytes"] == 12))
        self.post("/state", paper="ok")

        self.assert_printed(12)  # sent again, it is printed again
        self.assertEqual(self.seen()["connections"], 2)

    def test_a_job_broken_off_inside_a_command_does_not_swallow_the_next(self):
        first = self.connect()
        first.sendall(b"\x1b*\x00\xff\x00half an image")
        self.assertTrue(eventually(lambda: self.seen()["bytes"] == 18))
        first.close()
        second = self.connect()
        second.sendall(b"\x1dI\x42")

        self.assertEqual(self.read(second, 7), b"_EPSON\0")

    def test_the_real_time_requests_recover_clear_and_kick(self):
        sock = self.connect()
        self.post("/state", error="cutter")
        sock.sendall(b"waits\n\x10\x05\x02")
        self.assertEqual(self.statuses(sock), b"\x16\x12\x12\x12")
        sock.sendall(b"\x10\x14\x01\x00\x01" + b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")

        self.assertEqual(self.read(sock, 3), b"\x37\x25\x00")
        self.assertEqual(self.seen()["drawer_kicks"], 1)
        self.assertLess(self.seen()["printed_bytes"], self.seen()["bytes"])  # what waited was cleared, not printed

    def test_the_next_connection_waits_until_the_first_has_gone(self):
        first, second = self.connect(), self.connect()
        first.sendall(STATUS[1])
        second.sendall(STATUS[1])
        self.read(first, 1)
        self.assert_silent(second)
        first.close()
        self.assertEqual(self.read(second, 1), b"\x16")


class Faults(PrinterTest):
    def test_stop_reading_takes_nothing_until_it_ends(self):
        sock = self.connect()
        self.post("/faults", behaviour="stop_reading")
        sock.sendall(STATUS[1])
        self.assert_silent(sock)
        self.assertEqual(self.seen()["bytes"], 0)
        self.post("/faults", behaviour="none")
        self.assertEqual(self.read(sock, 1), b"\x16")

    def test_reset_after_bytes_resets_once(self):
        self.post("/faults", behaviour="reset_after_bytes", bytes=5)
        sock = self.connect()
        sock.sendall(b"0123456789")
        with self.assertRaises(ConnectionResetError):
            sock.recv(1)
        self.assertEqual(self.seen()["received"], b"01234")

        self.assertEqual(self.statuses(self.connect()), b"\x16\x12\x12\x12")

    def test_no_status_prints_and_says_nothing(self):
        self.post("/faults", behaviour="no_status")
        sock = self.connect()
        sock.sendall(STATUS[1] + b"\x1da\xff" + b"\x1dI\x42")
        self.assert_silent(sock)
        self.assert_printed(9)

    def test_half_status_breaks_off_in_the_middle(self):
        self.post("/faults", behaviour="half_status")
        sock = self.connect()
        sock.sendall(b"\x1da\xff")
        self.assertEqual(self.read(sock, 2), b"\x14\x00")
        self.assert_silent(sock)

    def test_what_does_not_read_is_refused(self):
        for path, body in (("/state", {"paper": "wet"}), ("/state", {"lid": True}), ("/state", {"offline": 1}),
                           ("/state", {"paper": "end", "after_bytes": -1}), ("/faults", {"behaviour": "explode"}),
                           ("/faults", {"behaviour": "reset_after_bytes"}),
                           ("/faults", {"behaviour": "none", "bytes": 1})):
            self.assertEqual(call(self.control_port, "POST", path, body)[0], 400, body)


class CommandLengths(unittest.TestCase):
    def test_every_command_ends_where_it_ends_and_not_before(self):
        commands = [
            b"A", b"\n", b"\x1b@", b"\x1bd\x03", b"\x1b$\x01\x00", b"\x1bc5\x01", b"\x1bp\x00\x19\xfa",
            b"\x1bW" + bytes(8), b"\x1bD\x08\x10\x00", b"\x1b*\x21\x02\x00" + bytes(6), b"\x1b*\x00\x02\x00" + bytes(2),
            b"\x1b&\x03\x41\x42\x01" + bytes(3) + b"\x02" + bytes(6), b"\x1b(A\x02\x00ab",
            b"\x1c!\x00", b"\x1c&", b"\x1cS\x00\x00", b"\x1c2\x77\x21" + bytes(72),
            b"\x1cq\x01\x01\x00\x01\x00" + bytes(8),
            b"\x1cg1\x00\x00\x00\x00\x00\x02\x00ab", b"\x1cg2\x00\x00\x00\x00\x00\x02\x00",
            b"\x1d!\x11", b"\x1d*\x01\x02" + bytes(16), b"\x1dL\x00\x00", b"\x1dV\x00", b"\x1dVB\x00",
            b"\x1dk\x041234\x00",
            b"\x1dkI\x03abc", b"\x1dv0\x00\x02\x00\x03\x00" + bytes(6), b"\x1d(k\x03\x001A2",
            b"\x1d8L\x02\x00\x00\x00ab",
            b"\x1dC0\x03\x00", b"\x1dC;1;2;3;4;5;", b"\x1d^\x01\x00\x00", b"\x10\x04\x01", b"\x10\x14\x01\x00\x01",
        ]
        for command in commands:
            self.assertEqual(command_length(command + b"\x1b@ more"), len(command), command)
            for shorter in range(1, len(command)):
                length = command_length(command[:shorter])
                self.assertTrue(length is None or length == len(command), (command, shorter, length))


class CommandLine(unittest.TestCase):
    def test_it_runs_from_the_command_line(self):
        process = Process(os.path.join(".", "printer9100.py"))
        self.addCleanup(lambda: process.process.poll() is None and process.kill())
        with socket.create_connection(("127.0.0.1", process.ready["port"]), 20) as sock:
            sock.sendall(STATUS[1])
            self.assertEqual(sock.recv(1), b"\x16")
        self.assertEqual(call(process.ready["control_port"], "GET", "/received")[1]["connections"], 1)
        self.assertEqual(process.stop(), 0)
        self.assertEqual(process.errors, b"")
