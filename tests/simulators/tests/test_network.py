"""The network as a whole: down and up, random misbehaviour by seed, the control door, and its limits."""

import os
import socket
import subprocess
import sys
import unittest

from payment_network.scripts import BEHAVIOURS, Scripts
from tests.support import SIMULATORS, NetworkTest, Process, TerminalClient, call, eventually, outcome


class Down(NetworkTest):
    def test_nothing_gets_through_while_the_network_is_down(self):
        terminal_port = self.network.ports["terminal_port"]
        terminal = self.terminal()
        terminal.pay("pay-1")
        self.control("POST", "network", {"up": False})

        with self.assertRaises(ConnectionError):
            terminal.status("pay-1")
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", terminal_port))
        with self.assertRaises(ConnectionError):
            self.qr.charge("pay-2")
        self.assertEqual(set(self.book()), {"pay-1"})  # the control door is open

        self.control("POST", "network", {"up": True})
        self.assertEqual(outcome(self.terminal().status("pay-1")["RepeatedMessageResponse"]), ("Success", None))
        self.assertEqual(self.qr.charge("pay-2")[1]["status"], "successful")

    def test_a_kept_connection_to_the_gateway_is_reset_when_the_network_goes_down(self):
        with socket.create_connection(("127.0.0.1", self.port), 20) as kept:
            kept.sendall(b"GET /qr/v1/charges/pay-1 HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertTrue(kept.recv(4096).startswith(b"HTTP/1.1 401"))
            self.control("POST", "network", {"up": False})
            with self.assertRaises(ConnectionResetError):
                kept.recv(4096)

    def test_a_payment_under_way_is_charged_though_its_answer_is_lost(self):
        self.script("late", channel="terminal", delay_ms=600_000)
        terminal = self.terminal()
        terminal.send("Payment", terminal.payment("pay-1"))
        self.assertTrue(eventually(lambda: self.state("pay-1") == "charged"))
        self.control("POST", "network", {"up": False})

        with self.assertRaises(ConnectionError):
            terminal.receive()
        self.assertEqual(self.state("pay-1"), "charged")

    def test_down_and_down_again_is_down(self):
        for up in (False, False, True, True):
            self.control("POST", "network", {"up": up})
        self.assertEqual(self.qr.charge("pay-1")[0], 200)


class Control(NetworkTest):
    def test_the_book_lists_the_columns_of_the_contract(self):
        self.qr.charge("pay-1")
        self.qr.cancel("tombstone")

        (entry,) = self.control("GET", "book")
        self.assertEqual(list(entry), ["reference", "acquirer_reference", "channel", "brand", "terminal", "amount",
                                       "state", "accepted_at", "refunded_amount"])

    def test_scripts_can_be_forgotten(self):
        self.script("decline", times=5)
        self.assertEqual(self.control("DELETE", "scripts"), {"forgotten": 1})
        self.assertEqual(self.qr.charge("pay-1")[1]["status"], "successful")

    def test_what_does_not_read_is_refused(self):
        for path, body in (("scripts", {}), ("scripts", {"behaviour": "explode"}), ("scripts", {"behaviour": []}),
                           ("scripts", {"behaviour": "late", "delay_ms": -1}),
                           ("scripts", {"behaviour": "late", "time": 1}),
                           ("scripts", {"behaviour": "approve", "failure": "Refusal"}), ("network", {"up": "no"}),
                           ("clock", {}), ("clock", {"now": "2026-11-22T10:00:00"}), ("clock", {"now": 5}),
                           ("touch", {"charged": "yes"}), ("statements", {"date": "2026-11-22", "directory": "here"})):
            status, answer = call(self.port, "POST", f"/control/{path}", body)
            self.assertEqual((status, answer["error"]["code"]), (400, "BAD_REQUEST"), (path, body))
        self.assertEqual(call(self.port, "POST", "/control/unknown")[0], 404)
        self.assertEqual(call(self.port, "GET", "/elsewhere")[0], 404)

    def test_a_body_too_large_is_refused_unread(self):
        with socket.create_connection(("127.0.0.1", self.port), 20) as client:
            client.sendall(b"POST /control/scripts HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
            self.assertTrue(client.recv(4096).startswith(b"HTTP/1.1 413"))


class Chance(unittest.TestCase):
    def test_the_same_seed_misbehaves_in_the_same_way(self):
        def choices(seed):
            plan = Scripts(seed, 0.5)
            return [plan.choose("terminal", f"pay-{n}", 100) for n in range(200)]

        self.assertEqual(choices(7), choices(7))
        self.assertNotEqual(choices(7), choices(8))

    def test_a_channel_misbehaves_in_all_its_ways_and_in_no_other(self):
        for channel in ("qr", "terminal"):
            plan = Scripts(1, 1.0)
            seen = {(choice.money, choice.answer) for choice in (plan.choose(channel, "pay", 1) for _ in range(2000))}
            possible = {(behaviour.money, behaviour.answer) for name, behaviour in BEHAVIOURS.items()
                        if name != "approve" and channel in behaviour.channels}
            self.assertEqual(seen, possible)


class CommandLine(unittest.TestCase):
    def test_it_starts_by_the_path_of_its_folder_too(self):
        process = Process(os.path.join(SIMULATORS, "payment_network"))
        self.addCleanup(process.kill)
        terminal = TerminalClient(process.ready["terminal_port"])
        self.addCleanup(terminal.close)

        self.assertEqual(outcome(terminal.pay("pay-1")), ("Success", None))
        self.assertEqual(len(call(process.ready["http_port"], "GET", "/control/book")[1]), 1)

    def test_a_start_that_fails_says_why(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            result = subprocess.run([sys.executable, "-m", "payment_network", "--http-port", port], cwd=SIMULATORS,
                                    capture_output=True, timeout=20, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"in use", result.stderr)
