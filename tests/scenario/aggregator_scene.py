"""A scene whose till takes every brand through the aggregator's simulator."""
from network_scene import NetworkScene
from harness.networks import Network, write_secret, write_timings
from harness.till import QR_CODES

CREDENTIAL = "demo-secret.demo-token"
STORE = "22222222-0000-7000-8000-000000000001"
# What a citizen's phone shows, and the brand that it stands for.
SHOWN = {"dbarai": "9000000200000000000017", "aupay": "3158992100000000012", "alipay_plus": "281234567890123456",
         "wechat_pay": "130123456789012345", "aeonpay": "hQVKUFFSMWElTwgxMjM0NTY3OFcIODc2NTQzMjGZD3sia2V5IjoidmFsdWUifQ==",
         **QR_CODES}


class AggregatorScene(NetworkScene):
    timing = {"adapter": "aggregator"}

    @classmethod
    def start_networks(cls):
        cls.net = Network(cls.city, "aggregator", "--credential", CREDENTIAL, "--store", STORE)
        credential = write_secret(cls.city.folder / "aggregator.credential", CREDENTIAL)
        timings = write_timings(cls.city.folder / "timings.json", cls.timing)
        return f"""[aggregator]
url = {cls.net.url}
store = {STORE}
credential_file = {credential}
ca_file = {cls.net.ca_file}
timeout_ms = {cls.payment_timeout_ms}
[payment]
timing_file = {timings}
"""

    def setUp(self):
        self.net.forget_faults()
