"""The aggregator's adapter against its simulator: which brands, what is refused, and when a payment is given up."""
import unittest

from aggregator_scene import CREDENTIAL, SHOWN, AggregatorScene
from network_scene import NetworkScene
from harness.networks import make_certificates, write_secret
from harness.process import Process, wait_until


class EveryBrand(AggregatorScene):
    def test_all_eight_brands_are_sold_under_their_own_names(self):
        for brand, code in SHOWN.items():
            with self.subTest(brand=brand):
                basket = self.till.ring_up("juminhyo")["basket"]
                self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand=None)
                self.till.post("/api/pay/code", code=code)
                self.till.payment_ended()
                payment = self.last_payment()
                self.assertEqual(self.settle(payment), "approved")
                self.assertEqual(self.sales_of(payment)[0]["payment"]["brand"], brand)

    def test_a_code_of_another_brand_than_the_chosen_one_is_not_charged(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand="aupay")
        self.till.post("/api/pay/code", code=SHOWN["aeonpay"])
        self.till.payment_ended()
        self.assertEqual(self.settle(self.last_payment()), "declined")
        self.assertNotIn("pay", self.net.requests(self.last_payment()))

    def test_a_code_that_nobody_knows_is_never_guessed(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand=None)
        self.till.post("/api/pay/code", code="555500000000000000")
        self.till.payment_ended()
        self.assertEqual(self.settle(self.last_payment()), "declined")


class OverBudget(AggregatorScene):
    timing = {"adapter": "aggregator", "budget_ms": 3000}

    def test_a_payment_pending_for_too_long_is_cancelled_and_its_basket_is_free(self):
        self.net.fault("user_paying", polls=100)
        _, payment = self.pay()
        self.assertEqual(self.settle(payment), "not_charged")
        self.assertIn("cancel", [entry for entry in self.net.requests()])

    def test_a_payer_who_confirms_just_then_gets_his_money_back(self):
        self.net.fault("user_pays_at_cancel")
        _, payment = self.pay()
        self.assertEqual(self.settle(payment), "reversed")


class Certificates(AggregatorScene):
    """The till starts, and says whom it does not believe."""

    @classmethod
    def start_networks(cls):
        settings = super().start_networks()
        strangers = make_certificates(cls.city.folder / "strangers")
        return settings.replace(str(cls.net.ca_file), str(strangers / "authority.pem"))

    def test_a_certificate_of_another_authority_is_refused_and_nothing_is_sent(self):
        state, payment = self.pay()
        self.assertEqual(state["payment"]["code"], "not_charged_unreachable")
        self.assertEqual(self.net.requests(), [])
        self.assertEqual(self.net.book(), {})
        status = wait_until("the till to look", lambda: self.till.state()["status"]["qr_gateway"]["message"])
        self.assertIn("証明書", status)


class Secrets(NetworkScene):
    """The till of this class is the gateway's; another is started on wrong settings."""

    def start_with(self, settings, name):
        config = self.till.config.with_name(name)
        text = self.till.config.read_text().replace("till.db", f"{name}.db")
        config.write_text(text.replace("[payment_terminal]", settings + "[payment_terminal]", 1))
        process = Process(name, [self.till.program, "serve", "--config", config], self.till.folder)
        process.start()
        process.child.wait(30)
        return process.tail()

    def test_a_credential_that_others_may_read_is_refused_at_the_start(self):
        secret = write_secret(self.till.folder / "open.credential", CREDENTIAL)
        secret.chmod(0o640)
        said = self.start_with(f"[aggregator]\nurl = https://127.0.0.1:1\nstore = x\ncredential_file = {secret}\n", "open.conf")
        self.assertIn("chmod 600", said)
        self.assertNotIn(CREDENTIAL, said)

    def test_an_address_that_would_send_it_in_the_clear_is_refused(self):
        secret = write_secret(self.till.folder / "good.credential", CREDENTIAL)
        said = self.start_with(f"[aggregator]\nurl = http://aggregator.example\nstore = x\ncredential_file = {secret}\n",
                               "clear.conf")
        self.assertIn("https", said)

    def test_paypays_secret_is_kept_alike(self):
        said = {}
        for name, url, mode in (("paypay-open", "https://127.0.0.1:1", 0o640), ("paypay-clear", "http://paypay.example", 0o600)):
            secret = write_secret(self.till.folder / f"{name}.secret", CREDENTIAL)
            secret.chmod(mode)
            said[name] = self.start_with(f"[paypay]\nurl = {url}\napi_key = k\nmerchant = m\nsecret_file = {secret}\n", f"{name}.conf")
            self.assertNotIn(CREDENTIAL, said[name])
        self.assertIn("chmod 600", said["paypay-open"])
        self.assertIn("https", said["paypay-clear"])


if __name__ == "__main__":
    unittest.main()
