"""The foreign wallets' adapters against their simulators, without a till: refunds, windows, cancels of what was never seen,
and whom they believe."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness.wallets import CODES, Wallets, make_authority, make_certificate  # noqa: E402

PROBE = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve() / "tests" / "scenario" / "payment_channel_probe"
LATER = 200          # ms: after the earliest cancel of the test's rhythm
CODE_IS_DEAD = 130_000
LOST = ("drop_after", "garbage", "half_answer", "error_500_after", "system_error_after", "bad_signature", "other_order")


class Probe:
    def __init__(self, folder, settings):
        self.config = pathlib.Path(folder) / f"{uuid.uuid4()}.conf"
        self.config.write_text(f"[till]\ndatabase = x.db\nkey_file = x.key\n[settlement]\nurl = http://127.0.0.1:1\n{settings}")
        self.child = subprocess.Popen([PROBE, self.config], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)

    def ask(self, *words):
        """(result, cause) of one operation."""
        print(*words, file=self.child.stdin, flush=True)
        answer = self.child.stdout.readline().split()
        if not answer:
            raise AssertionError(f"the probe ended: {self.child.stderr.read()}")
        return answer[0] if len(answer) == 1 else (answer[0], answer[1])

    def end(self):
        """(exit status, what it complained about)."""
        _, complaints = self.child.communicate(timeout=60)
        return self.child.returncode, complaints


class Channels:
    wallet = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="wallets-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.wallets = Wallets(cls.folder)
        cls.addClassCleanup(cls.wallets.__exit__)
        cls.wallets.start()
        cls.probe = Probe(cls.folder, f"[payment]\n{cls.wallets.settings()}")

    @classmethod
    def tearDownClass(cls):
        status, complaints = cls.probe.end()
        if status != 0 or complaints:
            raise AssertionError(f"the probe ended with {status}: {complaints}")

    def setUp(self):
        self.wallets.forget_faults(self.wallet)
        self.wallets.set_clock(self.wallet, None)
        self.payment = str(uuid.uuid4())

    def fault(self, behaviour, operation, **more):
        self.wallets.fault(self.wallet, behaviour, operation=operation, **more)

    def pay(self, yen=450, probe=None):
        return (probe or self.probe).ask("start", self.payment, yen, self.wallet, CODES[self.wallet])

    def inquire(self):
        return self.probe.ask("inquire", self.payment, 450, self.wallet, LATER)

    def cancel(self, age=LATER, probe=None):
        return (probe or self.probe).ask("cancel", self.payment, 450, self.wallet, age)

    def refund(self, name, yen):
        return self.probe.ask("refund", self.payment, 450, self.wallet, LATER, name, yen)

    def kept(self):
        return self.wallets.kept(self.wallet, self.payment)

    def state(self):
        order = self.wallets.order(self.wallet, self.payment)
        return order["state"] if order else None

    # --- refunds ----------------------------------------------------------------------------------------------------

    def test_a_refund_whose_answer_is_lost_is_made_once_when_it_is_repeated(self):
        for behaviour in (*LOST, "drop_before", "error_500", "system_error"):
            with self.subTest(behaviour):
                self.payment, name = str(uuid.uuid4()), str(uuid.uuid4())
                self.assertEqual(self.pay()[0], "approved")
                self.fault(behaviour, "refund")
                first = self.refund(name, 200)[0]
                self.assertEqual(self.refund(name, 200)[0], "reversed")
                self.assertEqual(self.kept(), 250)
                self.assertIn(first, ("unknown", "reversed") if behaviour == "other_order" else ("unknown",))

    def test_refunds_never_exceed_the_payment(self):
        self.pay()
        names = [str(uuid.uuid4()) for _ in range(3)]
        self.assertEqual([self.refund(name, yen)[0] for name, yen in zip(names, (200, 251, 250))],
                         ["reversed", "declined", "reversed"])
        self.assertEqual((self.kept(), self.state()), (0, "refunded"))

    def test_what_was_never_paid_or_went_back_is_not_refunded(self):
        self.assertEqual(self.refund(str(uuid.uuid4()), 1)[0], {"wechat_pay": "declined", "alipay_plus": "unknown"}[self.wallet])
        self.pay()
        self.cancel()
        self.assertEqual(self.refund(str(uuid.uuid4()), 1)[0], "declined")
        self.assertEqual(self.kept(), 0)

    def test_after_a_year_nothing_is_refunded(self):
        self.wallets.set_clock(self.wallet, "2026-11-22T10:00:00+09:00")
        self.pay()
        self.wallets.set_clock(self.wallet, "2027-11-23T10:00:00+09:00")
        self.assertEqual(self.refund(str(uuid.uuid4()), 1), ("declined", "window_closed"))
        self.assertEqual(self.kept(), 450)

    # --- cancels ----------------------------------------------------------------------------------------------------

    def test_a_cancel_is_repeated_to_the_same_end(self):
        self.pay()
        self.assertEqual([self.cancel()[0] for _ in range(3)], ["reversed"] * 3)
        self.assertEqual(self.kept(), 0)

    def test_a_payment_cancelled_before_it_was_ever_seen_takes_nothing_later(self):
        self.assertEqual(self.cancel(), ("not_charged", "canceled"))
        self.assertNotEqual(self.pay()[0], "approved")
        self.assertEqual(self.state(), "closed")

    def test_an_order_that_nobody_answers_for_is_not_cancelled_in_the_dark(self):
        self.pay()
        self.fault("drop_after", "query")
        before = len(self.wallets.requests(self.wallet))
        self.assertEqual(self.cancel()[0], "unknown")
        self.assertEqual([asked["operation"] for asked in self.wallets.requests(self.wallet)[before:]], ["query"])
        self.assertEqual(self.kept(), 450)
        self.assertEqual(self.cancel()[0], "reversed")

    def test_no_cancel_leaves_before_its_time(self):
        self.pay()
        before = len(self.wallets.requests(self.wallet))
        self.assertEqual(self.cancel(age=0)[0], "unknown")
        self.assertEqual((len(self.wallets.requests(self.wallet)), self.state()), (before, "charged"))

    def test_a_network_that_closes_no_order_it_does_not_know_is_believed_when_the_code_is_dead(self):
        for operation in ("query", "cancel"):
            self.fault("no_such_order", operation, times=9)
        self.assertEqual(self.cancel(), ("unknown", "not_cancelled"))
        self.assertEqual(self.cancel(age=CODE_IS_DEAD), ("not_charged", "never_charged"))

    def test_a_payer_who_pays_at_the_moment_of_the_cancel_gets_it_back(self):
        self.fault("user_pays_at_cancel", "pay")
        self.assertEqual(self.pay()[0], "pending")
        self.assertEqual(self.cancel()[0], "not_charged")
        self.assertEqual((self.state(), self.kept()), ("reversed", 0))

    def test_a_closed_window_is_final_and_says_so(self):
        self.wallets.set_clock(self.wallet, "2026-11-22T10:00:00+09:00")
        self.pay()
        self.wallets.set_clock(self.wallet, "2026-11-30T10:00:00+09:00")
        self.assertEqual(self.cancel(), ("cannot", "window_closed"))
        self.assertEqual(self.kept(), 450)

    # --- whom to believe --------------------------------------------------------------------------------------------

    def other_probe(self, settings):
        probe = Probe(self.folder, f"[payment]\nbrand_adapters = wechat_pay=wechat_pay alipay_plus=alipay_plus\n"
                                   f"timing_file = {self.wallets.folder}/rhythm.json\n{settings}")
        self.addCleanup(probe.end)
        return probe

    def test_a_server_of_another_authority_is_told_nothing(self):
        make_authority(self.wallets.folder, "stranger")
        probe = self.other_probe(self.wallets.sections(authority="stranger"))
        before = len(self.wallets.requests(self.wallet))
        self.assertEqual(self.pay(probe=probe), ("not_charged", "not_reached"))
        self.assertEqual(probe.ask("check"), "offline")
        self.assertEqual(len(self.wallets.requests(self.wallet)), before)

    def test_the_worlds_authorities_do_not_vouch_for_a_private_one(self):
        settings = "\n".join(line for line in self.wallets.sections().splitlines() if not line.startswith("ca_file"))
        self.assertEqual(self.pay(probe=self.other_probe(settings + "\n")), ("not_charged", "not_reached"))
        self.assertIsNone(self.state())

    def refused(self, settings):
        """What the program says that does not even start with SETTINGS."""
        status, complaint = Probe(self.folder, settings).end()
        self.assertNotEqual(status, 0)
        return complaint

    def test_an_address_without_tls_is_refused(self):
        plain = self.wallets.sections().replace("https://127.0.0.1", "http://pay.example.jp")
        self.assertIn("https", self.refused(plain))

    def test_a_key_that_others_may_read_is_refused(self):
        names = {"wechat_pay": ("api.key", "merchant.key"), "alipay_plus": ("rsa-merchant.private.pem",)}[self.wallet]
        for name in names:
            file = self.wallets.folder / name
            file.chmod(0o644)
            try:
                self.assertIn("chmod 600", self.refused(self.wallets.sections()))
            finally:
                file.chmod(0o600)

    def test_it_is_ready_when_the_network_knows_us(self):
        self.assertEqual(self.probe.ask("check"), "ready")


class WechatPay(Channels, unittest.TestCase):
    wallet = "wechat_pay"

    def test_money_goes_back_only_with_our_certificate(self):
        make_authority(self.wallets.folder, "stranger")
        make_certificate(self.wallets.folder, "intruder", "stranger")
        probe = self.other_probe(self.wallets.sections(certificate="intruder"))
        self.assertEqual(self.pay(probe=probe)[0], "approved")  # paying needs none
        self.assertEqual(self.cancel(probe=probe)[0], "unknown")
        self.assertEqual(self.kept(), 450)

    def test_a_till_without_a_certificate_begins_no_payment_that_it_could_not_reverse(self):
        settings = "\n".join("certificate_file =" if line.startswith("certificate_file") else line
                             for line in self.wallets.sections().splitlines())
        self.assertTrue(self.refused(settings + "\n"))

    def test_a_wrong_key_is_noticed_before_a_citizen_pays(self):
        self.wallets.write_secret("wrong.key", "0" * 32 + "\n")
        probe = self.other_probe(self.wallets.sections().replace("/api.key", "/wrong.key"))
        self.assertEqual(probe.ask("check"), "offline")
        self.assertEqual(self.pay(probe=probe)[0], "unknown")
        self.assertIsNone(self.state())

    def test_md5_signatures_work_where_a_contract_has_them(self):
        probe = self.other_probe(self.wallets.sections().replace("[alipay_plus]", "sign_type = MD5\n[alipay_plus]"))
        self.assertEqual(self.pay(probe=probe)[0], "approved")


class AlipayPlus(Channels, unittest.TestCase):
    wallet = "alipay_plus"

    def test_an_answer_of_another_network_key_is_not_believed(self):
        settings = self.wallets.sections().replace("rsa-network.public.pem", "rsa-merchant.public.pem")
        probe = self.other_probe(settings)
        self.assertEqual(self.pay(probe=probe)[0], "unknown")
        self.assertEqual(probe.ask("check"), "offline")
        self.assertEqual(self.inquire()[0], "approved")



if __name__ == "__main__":
    unittest.main(verbosity=2)
