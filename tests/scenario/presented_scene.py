"""A scene whose till can show PayPay's codes, made by PayPay's simulator; and a phone that reads them."""
import re
import subprocess

from network_scene import NetworkScene
from harness.networks import Network, write_secret, write_timings
from harness.process import wait_until

SECRET = "demo-paypay-secret"


def scan(svg, folder):
    """What a phone reads from the picture: drawn in dots, and read by zbar."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    dark = set()
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        dark |= {(int(x) + i, int(y)) for i in range(int(run))}
    scale = 8
    rows = [bytes(0 if (x // scale, y // scale) in dark else 255 for x in range(size * scale)) for y in range(size * scale)]
    picture = folder / "code.pgm"
    picture.write_bytes(f"P5 {size * scale} {size * scale} 255\n".encode("ascii") + b"".join(rows))
    return subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=True).stdout.strip()


class PresentedScene(NetworkScene):
    timing = {"adapter": "paypay"}

    @classmethod
    def start_networks(cls):
        cls.net = Network(cls.city, "paypay", "--api-secret", SECRET)
        secret = write_secret(cls.city.folder / "paypay.secret", SECRET)
        timings = write_timings(cls.city.folder / "timings.json", cls.timing)
        return f"""[paypay]
url = {cls.net.url}
api_key = demo-key
merchant = 900000000000000001
secret_file = {secret}
ca_file = {cls.net.ca_file}
timeout_ms = {cls.payment_timeout_ms}
[payment]
presented_adapters = paypay=paypay
timing_file = {timings}
"""

    def setUp(self):
        self.net.forget_faults()

    def begin(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/presented", basket=basket["id"], brand="paypay")
        return self.last_payment()

    def shown(self):
        """Wait until a code is before the citizen; what his phone reads."""
        def is_shown():
            payment = self.till.get("/api/citizen")["payment"]
            return payment if payment and payment["state"] == "showing_code" else None
        payment = wait_until("the code to be shown", is_shown)
        svg = self.till.get(f"/api/citizen/code/{payment['code']}", raw=True)
        svg = svg if isinstance(svg, str) else svg.decode("utf-8")
        return scan(svg, self.city.folder)

    def show(self):
        payment = self.begin()
        return payment, self.shown()

    def pay_with_phone(self, payload, **more):
        return self.net.control("POST", "pay", {"payload": payload, **more})

    def state_is(self, *states):
        def reached():
            payment = self.till.state()["payment"]
            return (payment["state"] if payment else "none") in states
        wait_until(f"the till to be {states}", reached)
