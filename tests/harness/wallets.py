"""The two foreign wallets beside a city: their simulators, certificates made for the day, and a till's settings for them."""
import json
import pathlib
import secrets
import sys

from . import http
from .process import Process

SIMULATORS = pathlib.Path(__file__).resolve().parent.parent / "simulators"
sys.path.insert(0, str(SIMULATORS))

from loopback.certificates import make_authority, make_certificate, make_rsa_pair  # noqa: E402

CODES = {"wechat_pay": "134567890123456789", "alipay_plus": "281666000000000000"}
MERCHANT, APP, CLIENT = "1900000109", "wx8888888888888888", "TEST_5X00000000000000"

# The networks' rhythm, much faster. The budget leaves a slow machine time for some inquiries.
RHYTHM = {"first_wait_ms": 50, "poll_ms": 100, "budget_ms": 15000, "earliest_cancel_ms": 150, "cancel_for_ms": 604800000,
          "cancel_days": 0, "cancel_until_s": 0, "utc_offset_minutes": 480, "refund_days": 365}


class Wallets:
    """Keys, certificates, books and logs are below FOLDER. A context manager: leaving it ends the simulators."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        make_authority(self.folder)
        for name in ("server", "merchant"):
            make_certificate(self.folder, name)
        for name in ("rsa-merchant", "rsa-network"):
            make_rsa_pair(self.folder, name)
        self.api_key = secrets.token_hex(16)
        self.write_secret("api.key", self.api_key + "\n")
        (self.folder / "rhythm.json").write_text(json.dumps({"timings": [
            {"adapter": adapter, "brand": "", **RHYTHM} for adapter in CODES]}))
        self.simulators = {
            "wechat_pay": self._simulator("wechat_pay", "--authority", "authority.pem", "--api-key-file", "api.key",
                                          "--minimum-age-ms", "0"),
            "alipay_plus": self._simulator("alipay_plus", "--merchant-public-key", "rsa-merchant.public.pem",
                                           "--private-key", "rsa-network.private.pem"),
        }
        self.ports = {}

    def _simulator(self, name, *more):
        return Process(name, [sys.executable, "-m", name, "--book", f"{name}.book", "--certificate", "server.pem", "--key",
                              "server.key", *more], self.folder, {"PYTHONPATH": str(SIMULATORS)})

    def write_secret(self, name, text):
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(text)

    def start(self):
        for name, process in self.simulators.items():
            self.ports[name] = process.start(ready_line=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.simulators.values():
            process.kill()

    def settings(self, timeout_ms=6000):
        """Lines to follow the [payment] section of a till's settings."""
        return f"""brand_adapters = wechat_pay=wechat_pay alipay_plus=alipay_plus
timing_file = {self.folder}/rhythm.json
{self.sections(timeout_ms)}"""

    def sections(self, timeout_ms=6000, certificate="merchant", authority="authority"):
        folder = self.folder
        return f"""[wechat_pay]
url = https://127.0.0.1:{self.ports["wechat_pay"]["port"]}
app_id = {APP}
merchant_id = {MERCHANT}
key_file = {folder}/api.key
certificate_file = {folder}/{certificate}.pem
certificate_key_file = {folder}/{certificate}.key
ca_file = {folder}/{authority}.pem
timeout_ms = {timeout_ms}
[alipay_plus]
url = https://127.0.0.1:{self.ports["alipay_plus"]["port"]}
client_id = {CLIENT}
private_key_file = {folder}/rsa-merchant.private.pem
network_key_file = {folder}/rsa-network.public.pem
ca_file = {folder}/{authority}.pem
merchant_id = M1
merchant_name = Koriyama
store_id = S1
timeout_ms = {timeout_ms}
"""

    # --- the control doors ------------------------------------------------------------------------------------------

    def _control(self, wallet, method, path, body=None):
        return http.call(method, f"http://127.0.0.1:{self.ports[wallet]['control_port']}/control/{path}", body)

    def fault(self, wallet, behaviour, **more):
        return self._control(wallet, "POST", "faults", {"behaviour": behaviour, **more})

    def forget_faults(self, wallet):
        return self._control(wallet, "DELETE", "faults")

    def let_go(self, wallet):
        return self._control(wallet, "POST", "let-go")["arrived"]

    def set_clock(self, wallet, now):
        return self._control(wallet, "POST", "clock", {"now": now})

    def requests(self, wallet):
        return self._control(wallet, "GET", "requests")

    def book(self, wallet):
        """{reference: listing}; WeChat's references are payment ids without their hyphens."""
        return {entry["reference"]: entry for entry in self._control(wallet, "GET", "book")}

    def order(self, wallet, payment):
        return self.book(wallet).get(payment.replace("-", "") if wallet == "wechat_pay" else payment)

    def kept(self, wallet, payment):
        """What the payer has paid and not got back, yen."""
        order = self.order(wallet, payment)
        return order["kept_amount"] if order else 0
