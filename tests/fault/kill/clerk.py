"""A clerk who goes on selling whatever happens: one thread per till, random sales, retries like a screen's."""
import threading
import time

from harness.http import Refused

ITEMS = {"KO-01": ["juminhyo", "koseki-zenbu", "inkan", "kazei", "joseki"],
         "KO-02": ["bijutsu-ippan", "bijutsu-gakusei", "bijutsu-ippan-dantai"]}
PAYMENTS = [("cash", None), ("cash", None), ("qr", "paypay"), ("qr", "merpay"), ("credit", "visa"), ("credit", "jcb"),
            ("emoney", "transit_ic"), ("emoney", "waon"), ("emoney", "nanaco")]


class Clerk(threading.Thread):
    """`acknowledged` maps a sale's id to (receipt number, yen) as the till answered; such a sale may never be missing."""

    def __init__(self, till, choice):
        super().__init__(daemon=True)
        self.till = till
        self.choice = choice
        self.acknowledged = {}
        self.is_stopping = threading.Event()

    def stop(self):
        self.is_stopping.set()
        self.join(timeout=120)
        if self.is_alive():
            raise RuntimeError(f"the clerk of {self.till.terminal} does not stop")

    def run(self):
        while not self.is_stopping.is_set():
            try:
                self.serve_one()
            except (OSError, Refused):
                time.sleep(0.02)  # the till is away, or has another idea of where we are: look again

    def serve_one(self):
        state = self.till.state()
        if state["clerk"] is None or state["day"]["state"] != "open":
            self.till.open()
        payment = state["payment"]
        if payment and payment["state"] in ("unknown", "in_doubt"):
            self.leave(payment)
            return
        if self.choice.random() < 0.08:
            self.void_one()
        method, brand = self.choice.choice(PAYMENTS)
        items = [(self.choice.choice(ITEMS[self.till.terminal]), self.choice.randint(1, 3))
                 for _ in range(self.choice.randint(1, 3))]
        if method == "cash":
            self.note(self.till.sell_for_cash(*items))
        else:
            self.pay_cashless(method, brand, items)

    def pay_cashless(self, method, brand, items):
        state = self.till.start_payment(method, brand, *items)
        while not self.is_stopping.is_set():
            payment = state["payment"]
            if payment is None:
                self.note(state)
                return
            if payment["state"] in ("declined", "not_charged"):
                self.till.post("/api/pay/clear")
                return
            if payment["state"] in ("unknown", "in_doubt") and self.choice.random() < 0.3:
                self.leave(payment)
                return
            time.sleep(0.03)
            state = self.till.state()

    def leave(self, payment):
        """The ways out of an unknown payment: wait, go on with the next citizen, give it up, take cash instead."""
        way = self.choice.random()
        if way < 0.5:
            self.till.post("/api/pay/set-aside")
        elif way < 0.75:
            self.till.post("/api/pay/abandon", payment=payment["id"], reason="お客様がお帰りになった")
        else:
            basket = self.till.state()["basket"]
            self.note(self.till.post("/api/pay/cash", basket=basket["id"], tendered_yen=basket["total_yen"]))

    def note(self, state):
        last = state["last_sale"]
        if last is not None:
            self.acknowledged[last["sale"]] = (last["receipt_number"], last["total_yen"])

    def void_one(self):
        sales = [s for s in self.till.sales(20) if s["can_void"]]
        if sales:
            self.till.post(f"/api/sales/{self.choice.choice(sales)['sale']}/void", reason="取消の試験")
