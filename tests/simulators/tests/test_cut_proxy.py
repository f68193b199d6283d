"""The proxy: a cut is a reset on both sides, and a lost answer is one whose request arrived."""

import http.client
import os
import random
import socket

from cut_proxy import PIECE_BYTES, CutProxy
from loopback.listener import Listener
from tests.support import NetworkTest, Process, QrClient, TerminalClient, call, eventually, outcome


class CutProxyTest(NetworkTest):
    def setUp(self):
        super().setUp()
        self.proxies = {name: CutProxy(0, port, 0) for name, port in self.network.ports.items()}
        for proxy in self.proxies.values():
            proxy.start()
            self.addCleanup(proxy.stop)
        self.proxy = self.proxies["http_port"]
        self.through = QrClient(self.proxy.listener.port)

    def terminal_through(self):
        client = TerminalClient(self.proxies["terminal_port"].listener.port)
        self.addCleanup(client.close)
        return client

    def command(self, path, body, proxy=None):
        status, answer = call((proxy or self.proxy).control.port, "POST", path, body)
        self.assertEqual(status, 200, answer)

    def test_what_is_sent_arrives_and_what_is_answered_returns(self):
        self.assertEqual(self.through.charge("pay-1"), self.qr.inquire("pay-1"))
        self.assertEqual(outcome(self.terminal_through().pay("pay-2")), ("Success", None))

    def test_a_lost_answer_is_one_whose_request_was_carried_out(self):
        self.command("/faults", {"drop_response_probability": 1})

        with self.assertRaises((ConnectionResetError, http.client.RemoteDisconnected)):
            self.through.charge("pay-1")

        self.assertEqual(self.state("pay-1"), "charged")
        self.command("/faults", {"drop_response_probability": 0})
        self.assertEqual(self.through.charge("pay-1"), self.qr.inquire("pay-1"))

    def test_the_answer_of_a_kept_connection_can_be_lost_too(self):
        proxy = self.proxies["terminal_port"]
        terminal = self.terminal_through()
        terminal.pay("pay-1")
        self.command("/faults", {"drop_response_probability": 1}, proxy)

        with self.assertRaises(ConnectionError):
            terminal.pay("pay-2")
        self.assertEqual(self.state("pay-2"), "charged")

    def test_the_same_seed_loses_the_same_answers(self):
        def heard():
            self.command("/faults", {"drop_response_probability": 0.5, "seed": 3})
            result = []
            for _ in range(12):
                try:
                    self.through.inquire("pay-1")
                    result.append(True)
                except (ConnectionResetError, http.client.RemoteDisconnected):
                    result.append(False)
            return result

        first = heard()
        self.assertEqual(first, heard())
        self.assertEqual(set(first), {True, False})

    def test_an_answer_in_many_pieces_is_lost_or_not_as_one(self):
        seed = next(n for n in range(100) if self.first_two_draws(n)[0] >= 0.5 > self.first_two_draws(n)[1])
        pieces = b"x" * (8 * PIECE_BYTES)
        server = Listener("server", 0, lambda peer: (peer.receive(1), peer.send(pieces)), 1, 20)
        proxy = CutProxy(0, server.port, 0)
        for part in (server, proxy.listener, proxy.control):
            part.open()
            self.addCleanup(part.stop)
        self.command("/faults", {"drop_response_probability": 0.5, "seed": seed}, proxy)

        with socket.create_connection(("127.0.0.1", proxy.listener.port), 20) as client:
            client.sendall(b"?")
            received = 0
            while data := client.recv(PIECE_BYTES):
                received += len(data)
        self.assertEqual(received, len(pieces))

    @staticmethod
    def first_two_draws(seed):
        chance = random.Random(seed)
        return chance.random(), chance.random()

    def test_a_cut_resets_both_sides_and_refuses_until_it_is_mended(self):
        proxy = self.proxies["terminal_port"]
        terminal = self.terminal_through()
        terminal.pay("pay-1")
        self.command("/network", {"up": False}, proxy)

        with self.assertRaises(ConnectionError):
            terminal.status("pay-1")
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", proxy.listener.port))

        self.command("/network", {"up": True}, proxy)
        self.assertEqual(outcome(self.terminal_through().status("pay-1")), ("Success", None))

    def test_the_end_of_one_side_reaches_the_other(self):
        terminal = self.terminal_through()
        terminal.pay("pay-1")
        terminal.sock.shutdown(socket.SHUT_WR)

        self.assertEqual(terminal.sock.recv(1), b"")

    def test_a_server_that_is_not_there_looks_like_a_cut(self):
        self.network._terminal.listener.shut()

        with self.assertRaises(ConnectionError):
            self.terminal_through().pay("pay-1")

    def test_what_does_not_read_is_refused(self):
        for path, body in (("/network", {}), ("/faults", {"drop_response_probability": 2}), ("/faults", {"seed": "x"})):
            self.assertEqual(call(self.proxy.control.port, "POST", path, body)[0], 400)

    def test_it_runs_from_the_command_line(self):
        process = Process(os.path.join(".", "cut_proxy.py"), "--to", str(self.port))
        self.addCleanup(lambda: process.process.poll() is None and process.kill())

        self.assertEqual(QrClient(process.ready["listen_port"]).charge("pay-1")[1]["status"], "successful")
        self.assertTrue(eventually(lambda: call(process.ready["control_port"], "GET", "/state")[1]["connections"] == 1))
        self.assertEqual(process.stop(), 0)
        self.assertEqual(process.errors, b"")
