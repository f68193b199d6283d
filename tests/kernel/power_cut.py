"""The power of a till's computer is cut while it sells. Whatever the moment: no payment is lost or doubled, and no receipt
comes out twice unmarked."""
from stage import FOLDER_IN_MACHINE, PATIENCE_SECONDS, wait_until

NAME = "power_cut"
UNSYNCED = f"{FOLDER_IN_MACHINE}/unsynced"
MARK = "never reaches the disk"


def cut_power(stage):
    """And back. Whether what nobody had asked the disk to keep is gone, as it is after a real cut."""
    stage.machine.must("sh", "-c", f"echo '{MARK}' >{UNSYNCED}")
    stage.machine.cut_power()
    stage.paper.set_fault("none", 0)
    stage.paper.set_state({"paper": "ok"}, 0)
    stage.switch_on()
    return MARK not in stage.machine.run("cat", UNSYNCED)[1]


def is_waiting(stage, sale):
    return [row["print"] for row in stage.till.state()["unprinted"] if row["sale"] == sale]


def print_when_asked(stage, sale):
    stage.till.post(f"/api/papers/receipt/{sale}/print")
    stage.printed(sale)


def end_of_receipt(stage, sale):
    """Once it is neither queued nor under way."""
    def ended():
        word = stage.till.sale(sale)["print"]
        return word if word not in ("queued", "printing") else None
    return wait_until("the receipt to end", ended, PATIENCE_SECONDS, pause=0.5)


def print_the_rest(report, stage, when, sold, expected):
    """Once the till is back. A receipt that was not begun comes out as the first it is, by itself or when asked for. Of one
    that was begun nobody knows the end: the clerk is told, asks for it, and it says 再発行."""
    end = end_of_receipt(stage, sold["sale"])
    waiting = is_waiting(stage, sold["sale"])
    if end != "printed":
        print_when_asked(stage, sold["sale"])
    originals, copies = stage.receipts(sold["receipt_number"])
    ends = [one for one in stage.prints(sold["sale"]) if one[1] != "not_printed"]
    seen = f"{end}, {waiting}, {originals} originals, {copies} copies, {ends}"
    report.say(f"power cut {when}: the till knows what is known of the receipt", end in expected and
               waiting == ([] if end == "printed" else [end]), seen)
    if end == "unknown":
        holds = originals <= 1 and copies == 1 and ends == [(0, "unknown"), (1, "printed")]
    else:
        holds = originals == 1 and copies == 0 and ends == [(0, "printed")]
    report.say(f"power cut {when}: it is on paper, once unmarked at most, and again only as 再発行", holds, seen)


def cut_before_the_receipt(report, stage):
    """The printer takes nothing; the power goes as soon as the till says that it is paid, whether or not it has begun the
    receipt by then."""
    till, paper = stage.till, stage.paper
    paper.set_fault("stop_reading", 0)
    sold = till.sell_cashless("qr", "paypay", "juminhyo", seconds=PATIENCE_SECONDS)["last_sale"]
    number = sold["receipt_number"]
    report.say("power cut before the receipt: nothing of it was on paper", stage.receipts(number) == (0, 0))
    is_real = cut_power(stage)
    report.say("power cut before the receipt: what was not synced is gone, so the cut is one", is_real)
    found = [sale["total_yen"] for sale in till.sales() if sale["receipt_number"] == number]
    report.say("power cut before the receipt: the sale that was paid is there once", found == [sold["total_yen"]], str(found))
    print_the_rest(report, stage, "before the receipt", sold, ("printed", "not_printed", "unknown"))


def cut_in_the_receipt(report, stage):
    """Half of the receipt is on paper when the power goes; the printer, which has its own, ends it from its buffer."""
    till, paper = stage.till, stage.paper
    begin = paper.seen()["printed_bytes"]
    sale = till.sell_for_cash("inkan")["last_sale"]["sale"]
    stage.printed(sale)
    length = paper.seen()["printed_bytes"] - begin
    begin = paper.seen()["printed_bytes"]
    paper.set_state({"paper": "end"}, length // 2)
    sold = till.sell_for_cash("inkan")["last_sale"]
    wait_until("half of the receipt", lambda: paper.seen()["printed_bytes"] >= begin + length // 2, PATIENCE_SECONDS, pause=0.05)
    cut_power(stage)
    found = [sale["total_yen"] for sale in till.sales() if sale["receipt_number"] == sold["receipt_number"]]
    report.say("power cut in the receipt: the sale is there once", found == [sold["total_yen"]], str(found))
    print_the_rest(report, stage, "in the receipt", sold, ("unknown",))


def cut_before_the_sale(report, stage):
    """The network has charged and its answer is on its way when the power goes: there is no sale yet."""
    till, city = stage.till, stage.city
    before = {row["reference"] for row in city.book()}
    known = {sale["sale"] for sale in till.sales()}
    city.script("late", channel="qr", delay_ms=int(PATIENCE_SECONDS * 1000))
    till.start_payment("qr", "paypay", "juminhyo")

    def charged():
        return [row for row in city.book() if row["reference"] not in before and row["state"] == "charged"]
    wait_until("the network to charge", charged, PATIENCE_SECONDS, pause=0.05)
    report.say("power cut before the sale: there was none", {sale["sale"] for sale in till.sales()} == known)
    cut_power(stage)
    till.all_resolved(PATIENCE_SECONDS)
    rows = [row for row in city.book() if row["reference"] not in before]
    sales = [sale for sale in till.sales() if sale["sale"] not in known]
    report.say("power cut before the sale: one charge, and one sale of it", len(rows) == len(sales) == 1 and
               rows[0]["state"] == "charged" and rows[0]["amount"] == sales[0]["total_yen"], f"{rows}\n{sales}")
    waiting = is_waiting(stage, sales[0]["sale"]) if sales else []
    report.say("power cut before the sale: its receipt waits to be asked for", waiting == ["found_out"], str(waiting))
    if sales:
        print_when_asked(stage, sales[0]["sale"])
        on_paper, ends = stage.receipts(sales[0]["receipt_number"]), stage.prints(sales[0]["sale"])
        report.say("power cut before the sale: asked for, it comes out once, as the first it is",
                   on_paper == (1, 0) and ends == [(0, "printed")], f"{on_paper} {ends}")


def play(report, stage):
    cut_before_the_receipt(report, stage)
    cut_in_the_receipt(report, stage)
    cut_before_the_sale(report, stage)
    faults = stage.disagreements()
    report.say("power cut: journal, payment networks and settlement service agree", not faults, "\n".join(faults))
