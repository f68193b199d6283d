"""The whole till on devices of the kernel's: one citizen pays in cash, one with a code that the scanner reads, one with a
card at the terminal; then every book is laid beside the others."""
from stage import PATIENCE_SECONDS, wait_until  # first: it names the folder of what follows
from harness.till import QR_CODES

NAME = "selling"


def sell_for_cash(stage):
    return stage.till.sell_for_cash("juminhyo", tendered=1000)["last_sale"]


def sell_by_code(stage):
    till = stage.till
    stage.becomes("scanner", "ready")
    basket = till.ring_up("inkan")["basket"]["id"]
    till.post("/api/pay/cashless", basket=basket, method="qr", brand="paypay")

    def sold():
        sale = till.state()["last_sale"]
        return sale if sale and sale["sale"] == basket else None
    return stage.scan_until(QR_CODES["paypay"], "the scanned code to have paid", sold)


def sell_by_card(stage):
    return stage.till.sell_cashless("emoney", "waon", "juminhyo", seconds=PATIENCE_SECONDS)["last_sale"]


def play(report, stage):
    kicks = stage.paper.seen()["drawer_kicks"]
    for what, sell in (("cash", sell_for_cash), ("a scanned code", sell_by_code), ("a card", sell_by_card)):
        before = len(stage.till.sales())
        sale = sell(stage)
        report.say(f"selling: a sale by {what} is one sale", len(stage.till.sales()) == before + 1, str(sale))
        stage.printed(sale["sale"])
        on_paper = stage.receipts(sale["receipt_number"])
        report.say(f"selling: its receipt, by {what}, is on paper once and no copy", on_paper == (1, 0), str(on_paper))
    wait_until("the drawer", lambda: stage.paper.seen()["drawer_kicks"] > kicks, PATIENCE_SECONDS)
    kicked = stage.paper.seen()["drawer_kicks"] - kicks
    report.say("selling: the drawer was opened once, for the cash", kicked == 1, str(kicked))
    faults = stage.disagreements()
    report.say("selling: journal, payment networks and settlement service agree", not faults, "\n".join(faults))
