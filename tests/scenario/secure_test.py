"""HTTPS between till and settlement service: a whole day over it, certificates that are renewed, and ones not to be believed."""
import http.client
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import unittest

from scene import BUILD, Scene
from harness import http as web
from harness.city import make_authority, make_certificate
from harness.process import free_port, wait_until


class SecureScene(Scene):
    city_options = {"has_tls": True}

    @classmethod
    def show(cls, name):
        """The service shows the certificate NAME.pem from now on."""
        for ending in ("pem", "key"):
            os.replace(cls.city.folder / f"{name}.{ending}", cls.city.folder / f"service.{ending}")
        cls.reload("a new certificate is in use")

    @classmethod
    def reload(cls, expected):
        log = cls.city.settlement.log
        before = log.stat().st_size
        cls.city.settlement.child.send_signal(signal.SIGHUP)
        wait_until(expected, lambda: expected in log.read_bytes()[before:].decode())

    @classmethod
    def context(cls):
        return ssl.create_default_context(cafile=str(cls.city.authority))

    def shown(self):
        """The certificate that a new connection gets, without asking whether it is good."""
        return ssl.get_server_certificate(("127.0.0.1", self.city.port))


class ADay(SecureScene):
    def test_enrolment_masters_and_sales_go_over_it(self):
        self.till.sell_for_cash("juminhyo")  # the item is the masters'
        self.till.all_sent()
        self.assertEqual(self.city.audit()["findings"], [])

    def test_nothing_is_answered_without_tls(self):
        with self.assertRaises((OSError, http.client.HTTPException)):
            web.call("GET", f"http://127.0.0.1:{self.city.port}/health")

    def test_tls_1_2_and_1_3_are_spoken_and_nothing_older(self):
        for version, is_spoken in ((ssl.TLSVersion.TLSv1_3, True), (ssl.TLSVersion.TLSv1_2, True),
                                   (ssl.TLSVersion.TLSv1_1, False)):
            context = self.context()
            context.set_ciphers("ALL:@SECLEVEL=0")  # or this side would not even offer the old one
            context.minimum_version = context.maximum_version = version
            with self.subTest(version), socket.create_connection(("127.0.0.1", self.city.port)) as plain:
                if is_spoken:
                    context.wrap_socket(plain, server_hostname="127.0.0.1").close()
                else:
                    with self.assertRaisesRegex(ssl.SSLError, "(?i)alert|closed"):  # the server's no, not ours
                        context.wrap_socket(plain, server_hostname="127.0.0.1")

    def test_a_finance_session_is_kept_to_https(self):
        self.city.add_user("keiri", "経理 花子", "finance", "long-enough-1234")
        finance = self.city.sign_in("keiri", "long-enough-1234")
        self.assertIn("; Secure", finance.headers_at_sign_in["Set-Cookie"])
        self.assertIn("max-age=", finance.headers_at_sign_in["Strict-Transport-Security"])

    def test_a_renewed_certificate_is_taken_without_losing_a_connection(self):
        kept = http.client.HTTPSConnection("127.0.0.1", self.city.port, context=self.context(), timeout=60)
        kept.request("GET", "/health")
        kept.getresponse().read()
        kept_socket = kept.sock
        old = self.shown()

        make_certificate(self.city.folder, "renewed")
        self.show("renewed")

        kept.request("GET", "/health")
        self.assertEqual(kept.getresponse().status, 200)
        self.assertIs(kept.sock, kept_socket)
        kept.close()
        self.assertNotEqual(self.shown(), old)
        self.till.sell_for_cash("juminhyo")
        self.till.all_sent()

    def test_a_broken_renewal_leaves_the_old_certificate_in_use(self):
        old = self.shown()
        good = (self.city.folder / "service.pem").read_bytes()
        try:
            (self.city.folder / "service.pem").write_text("not a certificate\n")
            self.reload("the old one stays in use")
            self.assertEqual(self.shown(), old)
        finally:
            (self.city.folder / "service.pem").write_bytes(good)
            self.reload("the certificate is the one in use")


class NotToBeBelieved(SecureScene):
    def setUp(self):
        make_certificate(self.city.folder, "good")

    def refuses(self, name, words):
        """Under the certificate NAME the till says WORDS, sells on and sends nothing; under a good one it sends."""
        self.till.all_sent()
        self.show(name)

        def told():
            uplink = self.till.state()["status"]["uplink"]
            return uplink if uplink["state"] == "untrusted" else None

        try:
            self.till.sell_for_cash("juminhyo")
            uplink = wait_until("the till to refuse the certificate", told)
            self.assertIn(words, uplink["message"])
            self.assertIn("お会計は続けられます", uplink["message"])
            self.till.sell_for_cash("juminhyo")
            self.assertGreaterEqual(self.till.state()["status"]["uplink"]["unsent"], 2)
        finally:
            self.show("good")
        self.till.all_sent()

    def test_a_name_that_is_another(self):
        make_certificate(self.city.folder, "elsewhere", address="192.0.2.1")
        self.refuses("elsewhere", "名前が接続先と違います")

    def test_one_that_has_expired(self):
        make_certificate(self.city.folder, "expired", days="-1")
        self.refuses("expired", "期限が切れている")

    def test_one_from_an_authority_that_nobody_knows(self):
        make_authority(self.city.folder, "stranger")
        make_certificate(self.city.folder, "forged", authority="stranger")
        self.refuses("forged", "発行者が信頼されていません")


class Refused(SecureScene):
    """What a till says whose sending is refused, and that it sells on. What is done to its row is done to the database itself."""

    books_agree = False

    def refused(self, terminal, change, state, words):
        till = self.city.add_till(terminal, "shimin-1")
        till.open()
        till.sell_for_cash("juminhyo")
        till.all_sent()
        till.stop()
        with sqlite3.connect(self.city.database, timeout=30) as store:
            store.execute(change, (terminal,))
        till.start()

        def told():
            uplink = till.state()["status"]["uplink"]
            return uplink["state"] == state and uplink
        uplink = wait_until(f"the till to say {state}", told)
        self.assertIn(words, uplink["message"])
        till.open()
        till.sell_for_cash("juminhyo")
        self.assertGreaterEqual(till.state()["status"]["uplink"]["unsent"], 1)

    def test_a_revoked_till(self):
        self.refused("KO-11", "UPDATE terminal SET state = 'revoked', state_reason = '廃止' WHERE terminal = ?", "revoked",
                     "登録は取り消されました")

    def test_a_till_that_the_service_does_not_know(self):
        self.refused("KO-12", "UPDATE terminal SET terminal = 'KO-99' WHERE terminal = ?", "unknown", "この端末を知りません")

    def test_a_till_that_was_enrolled_anew_elsewhere(self):
        self.refused("KO-13", "UPDATE terminal SET public_key = zeroblob(32) WHERE terminal = ?", "replaced",
                     "別の端末で登録し直された")


class Settings(unittest.TestCase):
    """What is refused at the start, with a sentence that says what to set."""

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        make_authority(cls.folder)
        make_certificate(cls.folder, "service")
        make_certificate(cls.folder, "other")

    def refused(self, listen):
        config = os.path.join(self.folder, "settlement.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"[listen]\nport = {free_port()}\n{listen}\n[store]\ndatabase = settlement.db\n")
        ended = subprocess.run([os.path.join(BUILD, "settlement/madoguchi-settlement"), "serve", "--config", config],
                               capture_output=True, text=True, timeout=60, check=False)
        self.assertNotEqual(ended.returncode, 0)
        return ended.stderr

    def test_listening_beyond_this_computer_without_a_certificate(self):
        said = self.refused("address = 0.0.0.0")
        self.assertIn("certificate_file and key_file", said)

    def test_half_of_the_pair(self):
        self.assertIn("HTTPS needs both", self.refused("certificate_file = service.pem"))

    def test_a_key_that_others_may_read(self):
        os.chmod(os.path.join(self.folder, "service.key"), 0o644)
        self.addCleanup(os.chmod, os.path.join(self.folder, "service.key"), 0o600)
        self.assertIn("chmod 600", self.refused("certificate_file = service.pem\nkey_file = service.key"))

    def test_a_key_of_another_certificate(self):
        said = self.refused("certificate_file = service.pem\nkey_file = other.key")
        self.assertIn("not the key of the first certificate", said)

    def test_a_till_that_would_send_in_the_clear(self):
        config = os.path.join(self.folder, "till.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("[till]\ndatabase = till.db\nkey_file = till.key\n[settlement]\nurl = http://192.0.2.1:8470\n")
        ended = subprocess.run([os.path.join(BUILD, "pos/madoguchi-pos"), "enrol", "--config", config, "--code", "0000-0000-0000"],
                               capture_output=True, text=True, timeout=60, check=False)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("by https only", ended.stderr)


if __name__ == "__main__":
    unittest.main()
