"""madoguchi-pos terminal, beside a till that runs: the terminal's day against the journal, differences by name."""
import datetime
import json
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import unittest

from scene import Scene


class TerminalCommand(Scene):
    def command(self, *words):
        done = subprocess.run([str(self.till.program), "terminal", *words, "--config", str(self.till.config)],
                              capture_output=True, text=True, timeout=120, cwd=self.till.folder)
        return done.returncode, done.stdout, done.stderr

    def daily_log(self):
        code, told, errors = self.command("--daily-log", "--json")
        self.assertIn(code, (0, 1), errors)
        return code, json.loads(told)

    def test_a_ready_terminal_says_so_and_one_that_is_gone_is_an_error(self):
        self.assertEqual(self.command("--check")[0], 0)
        self.city.set_payment_network(False)
        try:
            self.assertEqual(self.command("--check")[0], 4)
            self.assertEqual(self.command("--daily-log")[0], 4)
        finally:
            self.city.set_payment_network(True)

    def test_books_that_agree_and_differences_by_name(self):
        self.till.sell_cashless("credit", "visa", "juminhyo", seconds=60)
        self.till.sell_cashless("emoney", "transit_ic", "juminhyo", seconds=60)
        self.till.all_resolved()
        code, day = self.daily_log()
        self.assertEqual((code, day["differences"]), (0, []))
        self.assertIn({"brand": "visa", "kind": "sale", "count": 1, "sum_yen": 300}, day["totals"])

        self.city.script("in_doubt", channel="terminal")
        self.till.sell_cashless("emoney", "waon", "juminhyo", seconds=60)
        doubtful = self.last_payment()
        code, day = self.daily_log()
        self.assertEqual(code, 1)
        self.assertEqual([(row["name"], row["reference"]) for row in day["differences"]], [("処理未了", doubtful)])
        self.assertIn("処理未了: " + doubtful, self.command("--daily-log")[1])
        self.city.touch_cards()
        self.till.all_resolved()
        self.assertEqual(self.daily_log()[0], 0)

    def pay_past_the_till(self, reference):
        """Somebody pays at the terminal under this till's name, and the till knows nothing of it."""
        body = {"SaleData": {"SaleTransactionID": {"TransactionID": reference, "TimeStamp": "2026-11-22T10:00:00+09:00"}},
                "PaymentTransaction": {"AmountsReq": {"Currency": "JPY", "RequestedAmount": 777}},
                "PaymentData": {"PaymentType": "Normal", "PaymentBrand": "visa", "PaymentMedia": "Credit"}}
        header = {"ProtocolVersion": "3.0", "MessageClass": "Service", "MessageCategory": "Payment", "MessageType": "Request",
                  "SaleID": self.till.terminal, "POIID": f"POI-{self.till.terminal}", "ServiceID": "X1"}
        message = json.dumps({"SaleToPOIRequest": {"MessageHeader": header, "PaymentRequest": body}}).encode()
        with socket.create_connection(("127.0.0.1", self.city.network_terminal_port), 30) as connection:
            connection.sendall(struct.pack(">I", len(message)) + message)
            self.assertTrue(connection.recv(4))

    def test_what_only_one_side_knows_is_named(self):
        self.till.sell_cashless("credit", "visa", "juminhyo", seconds=60)
        self.till.all_resolved()
        payment = self.last_payment()
        self.pay_past_the_till("stranger-1")
        code, day = self.daily_log()
        self.assertEqual(code, 1)
        self.assertEqual([(row["name"], row["reference"], row["terminal_yen"], row["till_yen"])
                          for row in day["differences"]], [("明細のみ", "stranger-1", 777, 0)])

        tomorrow = datetime.datetime.now().astimezone() + datetime.timedelta(days=1)
        self.city._control("POST", "/clock", {"now": tomorrow.isoformat(timespec="milliseconds")})
        try:
            code, day = self.daily_log()
        finally:
            self.city._control("POST", "/clock", {"now": None})
        self.assertEqual(code, 1)
        self.assertIn(("POSのみ", payment, 0, 300), [(row["name"], row["reference"], row["terminal_yen"], row["till_yen"])
                                                  for row in day["differences"]])

    def test_wrong_words_are_answered_with_a_sentence(self):
        for words in ((), ("--check", "--daily-log"), ("--pay",)):
            code, _, errors = self.command(*words)
            self.assertEqual(code, 2)
            self.assertGreater(len(errors), 10)
        self.assertEqual(self.command("--help")[0], 0)

    def test_without_a_till_it_says_what_to_do(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="no-till-"))
        self.addCleanup(shutil.rmtree, folder)
        config = folder / "till.conf"
        config.write_text(self.till.config.read_text())
        done = subprocess.run([str(self.till.program), "terminal", "--check", "--config", str(config)],
                              capture_output=True, text=True, timeout=120, cwd=folder)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("there is no till", done.stderr)
        self.assertIn("madoguchi-pos enrol", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
