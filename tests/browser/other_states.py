"""The designed states beside the sale: past sales, the close of the day, the simulated devices."""
import fake_commands
from designed import EXAMPLE, selling, state
from sale_states import paying


def with_sales(till):
    till.sign_in()
    for number, (items, method, brand) in enumerate([
            (["koseki"], "cash", None), (EXAMPLE, "qr", "paypay"), (["juminhyo", "juminhyo"], "emoney", "edy"), (["kazei"], "credit", "visa"),
            (["inkan"], "cash", None), (["jutaku", "hyoka", "meiyose"], "cash", None), (["hainsho"], "none", None), (["juminhyo"], "qr", "dbarai")] * 2):
        till.add(*items)
        total = till.state["basket"]["total_yen"]
        till.state["now"] = f"2026-11-22T{9 + number // 6:02}:{number * 7 % 60:02}:11.123+09:00"
        fake_commands.finish(till, method, brand, total + 50 if method == "cash" else None)
    till.sales[2].update(can_void=False, void_hint="楽天Edy は取り消せません。現金で返金し、財政担当に連絡してください。")
    refundable(till.sales[2])
    till.sales[3].update(state="voided", can_void=False)
    till.sales[5].update(print="not_printed")
    till.sales[6].update(state="voiding", can_void=False)
    till.publish()


def refundable(sale, means=("cash", "bank_transfer")):
    """A sale whose payment cannot be voided: its money goes back as a refund."""
    for line in sale["lines"]:
        line["refundable_yen"] = line["amount_yen"]
    sale["refund"].update(can_request=True, hint="", means=list(means))


@state
def training(till, browser):
    till.state["till"].update(training=True, terminal="TR-KO-01")
    till.status(uplink={"state": "training"})
    selling(till, browser, *EXAMPLE)


@state
def training_door(till, browser):
    """scrolls"""
    selling(till, browser)
    browser.press("F4")
    browser.click_text("訓練を始める")
    browser.wait_for(".training-ask")


@state
def records(till, browser):
    """scrolls"""
    with_sales(till)
    selling(till, browser)
    browser.press("Enter", "F3")
    browser.wait_for(".record-paper")


@state
def records_void(till, browser):
    """scrolls"""
    records(till, browser)
    browser.click(".table tbody tr:nth-child(5)")
    browser.click_text("この会計を取り消す")
    browser.press("1")
    browser.wait_for(".reasons")


@state
def records_refund(till, browser):
    """scrolls"""
    records(till, browser)
    browser.click(".table tbody tr:nth-child(3)")
    browser.click_text("還付を受け付ける")
    browser.wait_for(".refund-parts")
    browser.click("[data-means=cash]")
    browser.press("1")


@state
def records_refund_asked(till, browser):
    """scrolls"""
    with_sales(till)
    sale = till.sales[2]
    sale["refund"].update(can_request=False, hint="", refunded_yen=300, requests=[
        {"refund": "0193-r1", "amount_yen": 150, "means": "cash", "state": "requested", "reason": "申請の取下げ",
         "at": "2026-11-22T09:50:00.000+09:00", "clerk_name": "佐藤", "can_pay": True, "can_withdraw": True},
        {"refund": "0193-r2", "amount_yen": 150, "means": "bank_transfer", "state": "requested", "reason": "金額の誤り",
         "at": "2026-11-22T09:58:00.000+09:00", "clerk_name": "佐藤", "can_pay": False, "can_withdraw": True}])
    till.publish()
    selling(till, browser)
    browser.press("Enter", "F3")
    browser.wait_for(".record-paper")
    browser.click(".table tbody tr:nth-child(3)")
    browser.wait_for(".refund-request")


@state
def records_refund_pay(till, browser):
    """scrolls"""
    records_refund_asked(till, browser)
    browser.click_text("現金で返す")
    browser.wait_for(".approval-who")


@state
def records_search(till, browser):
    """scrolls"""
    with_sales(till)
    selling(till, browser)
    browser.press("Enter", "F3")
    browser.wait_for(".record-paper")
    browser.press("F2")
    browser.type("450")
    browser.run("const s = document.querySelector('select[aria-label=期間]'); s.value = 'day'; s.dispatchEvent(new Event('change', {bubbles: true}))")
    browser.wait_for(".search-day")


@state
def records_while_paying(till, browser):
    """scrolls"""
    with_sales(till)
    paying(till, browser, "qr", "waiting_code", seconds_left=42, can_stop=True)
    browser.press("F3")
    browser.wait_for(".now-band")


@state
def records_none(till, browser):
    selling(till, browser)
    browser.press("F3")
    browser.wait_for_text("まだ会計がありません")


@state
def devices(till, browser):
    """scrolls"""
    till.simulated["printer"]["papers"] = 3
    browser.open(till.address + "devices.html")
    browser.wait_for(".papers-roll img")
