"""A till as a clerk uses it, over the same interface as the screen."""
import json

from . import http
from .process import Process, free_port, run, wait_until

SECRET = "demo-secret"
QR_CODES = {"paypay": "900081810000000000000017", "rakutenpay": "9000010000000012", "merpay": "3158990000000000012"}


class Till:
    def __init__(self, city, terminal, place, printer=None, networks=None):
        self.city = city
        self.terminal = terminal
        self.place = place
        self.folder = city.folder / terminal
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.database = self.folder / "till.db"
        self.config = self.folder / "till.conf"
        self.program = city.build / "pos" / "madoguchi-pos"
        secret = self.folder / "qr-gateway.secret"
        secret.touch(mode=0o600)
        secret.write_text(SECRET + "\n")
        self.config.write_text(self.settings(printer, networks))
        self.process = Process("till", [self.program, "serve", "--config", self.config], self.folder)

    def settings(self, printer, networks):
        """NETWORKS: settings of QR adapters that stand in the simulated gateway's place, and `[payment]` ones."""
        gateway = f"""[qr_gateway]
url = http://127.0.0.1:{self.city.network_http_port}
secret_file = qr-gateway.secret
timeout_ms = {self.city.payment_timeout_ms}
"""
        return f"""# {self.terminal}: a till of the simulated city
[till]
database = till.db
key_file = till.key
port = {self.port}
screen_folder = {self.city.build.resolve()}/share/till
[settlement]
url = {self.city.url_for_tills}
{f"ca_file = {self.city.authority}" if self.city.authority else ""}
upload_interval_ms = 100
{gateway if networks is None else networks}[payment_terminal]
{self.terminal_settings()}timeout_ms = {self.city.payment_timeout_ms}
[payment]
inquiry_interval_ms = {self.city.inquiry_interval_ms}
{printer or ''}"""

    def terminal_settings(self):
        if self.city.zvt_line is not None:
            return f"kind = zvt\nconnection = serial\ndevice = {self.city.zvt_line}\n"
        return f"kind = json\nport = {self.city.network_terminal_port}\npoi_id = POI-{self.terminal}\n"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def enrol(self, code=None):
        code = code or self.city.enrolment_code(self.terminal, self.place)
        run([self.program, "enrol", "--config", self.config, "--code", code], self.folder)

    def start(self):
        self.process.start()
        wait_until(f"{self.terminal} to answer", self.is_up)

    def is_up(self):
        if not self.process.is_running():
            raise RuntimeError(f"{self.terminal} ended by itself:\n{self.process.tail()}")
        try:
            return self.state()
        except OSError:
            return None

    def kill(self):
        self.process.kill()

    def stop(self):
        return self.process.stop()

    # --- the interface --------------------------------------------------------------------------------------------

    def get(self, path, raw=False):
        return http.call("GET", self.url + path, raw=raw)

    def post(self, path, **body):
        return http.call("POST", self.url + path, body, {"X-Madoguchi": "till"})

    def delete(self, path):
        return http.call("DELETE", self.url + path, None, {"X-Madoguchi": "till"})

    def state(self):
        return self.get("/api/state")

    def open(self, clerk="sato", pin="1111", float_yen=20000):
        """Sign in, and open the day when it is not open yet."""
        state = self.post("/api/clerk/sign-in", clerk=clerk, pin=pin)
        if state["day"]["state"] == "none":
            state = self.post("/api/day/open", float_yen=float_yen)
        return state

    def ring_up(self, *items):
        """ITEMS are codes, or (code, quantity). The state with the basket."""
        self.clear()
        state = None
        for item in items:
            code, quantity = item if isinstance(item, tuple) else (item, 1)
            state = self.post("/api/basket/items", item=code, quantity=quantity)
        return state

    def clear(self):
        if self.state()["payment"]:
            self.post("/api/pay/clear")
        return self.delete("/api/basket")

    def sell_for_cash(self, *items, tendered=None):
        basket = self.ring_up(*items)["basket"]
        return self.post("/api/pay/cash", basket=basket["id"], tendered_yen=tendered or basket["total_yen"])

    def start_payment(self, method, brand, *items):
        """Ring up and ask for the money; the payment runs when this returns."""
        basket = self.ring_up(*items)["basket"]
        state = self.post("/api/pay/cashless", basket=basket["id"], method=method, brand=brand)
        if method == "qr":
            state = self.post("/api/pay/code", code=QR_CODES.get(brand, "555500000000000000"))
        return state

    def payment_ended(self, seconds=60):
        """Wait until the payment in hand is no longer running; the state then."""
        def ended():
            state = self.state()
            payment = state["payment"]
            return state if payment is None or payment["state"] not in ("running", "showing_code") else None
        return wait_until(f"{self.terminal}'s payment to end", ended, seconds)

    def sell_cashless(self, method, brand, *items, seconds=60):
        self.start_payment(method, brand, *items)
        return self.payment_ended(seconds)

    def sales(self, limit=200):
        return self.get(f"/api/sales?limit={limit}")["sales"]

    def sale(self, sale):
        """One sale, by its id or receipt number."""
        return self.get(f"/api/sales/{sale}")

    def journal(self):
        """Every line of the journal, parsed, read from the database itself."""
        text = run([self.program, "journal", "--list", self.database, "--json"], self.folder)
        return [json.loads(line) for line in text.splitlines()]

    def verify(self):
        return run([self.program, "journal", "--verify", self.database], self.folder)

    def all_sent(self, seconds=60):
        def sent():
            uplink = self.state()["status"]["uplink"]
            return uplink["unsent"] == 0 and uplink["state"] == "online"
        return wait_until(f"{self.terminal} to send everything", sent, seconds)

    def all_resolved(self, seconds=60):
        def resolved():
            state = self.state()
            open_payment = state["payment"] and state["payment"]["state"] in ("running", "showing_code", "unknown",
                                                                                "in_doubt")
            return not self.open_payments(state) and not open_payment
        return wait_until(f"{self.terminal}'s payments to be resolved", resolved, seconds)

    @staticmethod
    def open_payments(state):
        """What still waits for an answer; held ones are known, and wait for finance."""
        return [row for row in state["unresolved"] if row["state"] != "held"]

    def all_printed(self, seconds=60):
        def printed():
            state = self.state()
            last = state["last_sale"]
            return last is None or last["print"] not in ("queued", "printing")
        return wait_until(f"{self.terminal}'s papers", printed, seconds)
