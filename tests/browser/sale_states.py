"""The designed states of a sale: from signing in to the citizen's change, and everything that can go wrong between."""
import fake_commands
import fake_day
from designed import EXAMPLE, selling, state

# As the till says them.
WORDS = {
    "unknown": "決済結果を確認できません。もう一度請求しないでください。自動で照会しています。次のお客様へ進めます。",
    "code": "お客様のスマートフォンのコードを読み取ってください。",
    "in_doubt": "処理未了です。同じカードをもう一度端末にかざしていただいてください。かざせないときは次のお客様へ進めます。",
    "touch": "決済端末でお客様にお支払いいただいています。",
}


LISTED = {
    "unknown": "結果を自動で照会しています。もう一度請求しないでください。",
    "in_doubt": "処理未了です。まだ売上になっていません。同じカードの次のタッチで結果が分かります。もう一度請求しないでください。",
    "abandoned": "取りやめました。お金が動いていれば自動で取り消します。",
    "held": "取り消せませんでした。会計担当が返金します。",
}


def unresolved(state_name="unknown", amount=450, brand="PayPay", method="qr", number=1):
    return {"payment": f"0193-{number}", "amount_yen": amount, "method": method, "brand_name": brand, "state": state_name,
            "since": "2026-11-22T09:41:20.000+09:00", "message": LISTED[state_name],
            "citizen_message": "お支払いの結果を確認しています。分かり次第お知らせします。", "code": "listed_unknown", "can_abandon": state_name in ("unknown", "in_doubt")}


def unprinted(sale, receipt_number, progress, total_yen):
    return {"sale": sale, "form": "receipt", "title": f"領収書 {receipt_number[-4:]}", "receipt_number": receipt_number,
            "print": progress, "total_yen": total_yen}


@state
def sign_in(till, browser):
    browser.open(till.address)
    browser.wait_for("[data-clerk=sato]")


@state
def sign_in_pin_wrong(till, browser):
    sign_in(till, browser)
    browser.press("1", "9", "9", "Enter")
    browser.wait_for_text("暗証番号が違います")
    browser.press("1", "1")


@state
def day_opening(till, browser):
    till.sign_in()
    till.set(day=fake_day.day("none"))
    browser.open(till.address)
    browser.wait_for(".count-cell")
    browser.press("1", "Enter", "1", "Enter", "Enter", "4", "Enter", "2")


@state
def empty(till, browser):
    selling(till, browser)


@state
def empty_after_a_sale(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("F9", "5")
    browser.press("0", "0", "0", "Enter")
    browser.wait_for(".paid")
    browser.press("Enter")
    browser.wait_for(".basket-empty")


@state
def basket(till, browser):
    selling(till, browser, *EXAMPLE)


@state
def basket_many_lines(till, browser):
    """scrolls"""
    selling(till, browser, *[item["code"] for item in till.catalog["items"][:12]])


@state
def category(till, browser):
    selling(till, browser, "koseki")
    browser.press("PageDown")


@state
def search(till, browser):
    selling(till, browser, "koseki")
    browser.press("F2")
    browser.type("こせき")


@state
def search_nothing(till, browser):
    selling(till, browser, "koseki")
    browser.press("F2")
    browser.type("きっぷ")


@state
def quantity(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("*", "1", "2")


@state
def hold_mark(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("F6")
    browser.wait_for(".hold")
    browser.press("1")


@state
def held_list(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("F6")
    browser.wait_for(".hold")
    browser.press("2", "Enter")
    browser.wait_for_text("保留 1件")
    till.add("juminhyo", "inkan")
    browser.wait_for_text("2点", ".total")
    browser.press("F6", "F6")
    browser.wait_for_text("保留 2件")
    browser.press("F6")
    browser.wait_for(".helds")


@state
def exemption(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("F7")
    browser.wait_for(".exemption")


@state
def basket_free(till, browser):
    selling(till, browser, "koseki", "juminhyo")
    browser.press("F7")
    browser.click_text("全部の行")
    browser.click_text("庁内の職務上の請求")
    browser.wait_for(".pay-free")


@state
def cash_empty(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("F9")


@state
def cash_short(till, browser):
    cash_empty(till, browser)
    browser.click_text("+1,000")


@state
def cash_change(till, browser):
    cash_empty(till, browser)
    browser.click_text("+5,000")


@state
def paid_cash(till, browser):
    cash_change(till, browser)
    browser.press("Enter")
    browser.wait_for(".paid")


@state
def paid_cash_exact(till, browser):
    cash_empty(till, browser)
    browser.press("Enter")
    browser.wait_for(".paid")


@state
def paid_cash_large(till, browser):
    selling(till, browser, "koseki")
    browser.press("F9", *"99999999", "Enter")
    browser.wait_for(".paid")


@state
def paid_no_paper(till, browser):
    paid_cash(till, browser)
    last = {**till.state["last_sale"], "print": "not_printed"}
    till.set(last_sale=last, unprinted=[unprinted(last["sale"], last["receipt_number"], "not_printed", 3450)])
    till.status(printer={"state": "paper_out"})
    browser.wait_for(".paper.is-warning")


@state
def brands_qr(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("F10")
    browser.wait_for(".brand-key")


@state
def brands_credit(till, browser):
    selling(till, browser, *EXAMPLE)
    browser.press("F12")
    browser.wait_for(".brand-key")


def paying(till, browser, *arguments, **members):
    selling(till, browser, *EXAMPLE)
    till.set(payment=till.payment(*arguments, **members))
    browser.wait_for(".payment")


@state
def pay_waiting_code(till, browser):
    paying(till, browser, "qr", "waiting_code", seconds_left=42, can_stop=True, clerk_message=WORDS["code"])


@state
def pay_next_begun(till, browser):
    """The next citizen is rung up while the last one pays."""
    paying(till, browser, "credit", "running", "visa", seconds_left=48, can_stop=True, clerk_message="決済端末でお客様のカードの操作を待っています。")
    browser.press("1", "1", "5")
    browser.wait_for_text("次の会計 3点")


@state
def pay_declined_next_begun(till, browser):
    pay_next_begun(till, browser)
    till.state["payment"].update(state="declined", can_stop=False, seconds_left=None,
                                 clerk_message="決済会社が承認しませんでした。お金は引き落とされていません。別の方法でお支払いいただいてください。")
    till.publish()
    browser.wait_for_text("選び直してください")


@state
def basket_next_behind(till, browser):
    pay_declined_next_begun(till, browser)
    browser.press("Escape")
    browser.wait_for(".next-basket")


@state
def pay_running_emoney(till, browser):
    paying(till, browser, "emoney", "running", "transit_ic", seconds_left=55, can_stop=True, clerk_message=WORDS["touch"],
           citizen_message="端末にカードかスマートフォンをかざしてください。")


@state
def pay_unknown(till, browser):
    paying(till, browser, "qr", "unknown", "paypay", seconds_left=18, can_set_aside=True, can_abandon=True, clerk_message=WORDS["unknown"])


@state
def pay_unknown_giving_up(till, browser):
    pay_unknown(till, browser)
    browser.click_text("この決済を取りやめる")
    browser.press("1")


@state
def pay_in_doubt(till, browser):
    paying(till, browser, "emoney", "in_doubt", "transit_ic", can_set_aside=True, can_abandon=True, clerk_message=WORDS["in_doubt"],
           citizen_message="同じカードをもう一度かざしてください。")


@state
def pay_declined(till, browser):
    paying(till, browser, "credit", "declined", "visa", clerk_message="カード会社が承認しませんでした。お金は引き落とされていません。",
           citizen_message="このカードはご利用になれませんでした。ほかのお支払い方法をお選びください。")


@state
def pay_not_charged(till, browser):
    paying(till, browser, "emoney", "not_charged", "waon", clerk_message="残高が足りません(残高 120円)。お金は引き落とされていません。")


@state
def paid_cashless(till, browser):
    pay_waiting_code(till, browser)
    with till.lock:
        fake_commands.finish(till, "qr", "paypay")
        till.state["last_sale"]["print"] = "printing"
        till.publish()
    browser.wait_for(".paid")


@state
def trouble(till, browser):
    till.set(unresolved=[unresolved(), unresolved("in_doubt", 1200, "交通系IC", "emoney", 2), unresolved("held", 300, "nanaco", "emoney", 3)],
             unprinted=[unprinted("sale-9", "KO-01-20261122-0009", "not_printed", 450),
                        unprinted("sale-8", "KO-01-20261122-0008", "unknown", 300),
                        {"sale": "day-1", "form": "close", "title": "精算票 11/21", "receipt_number": None, "print": "not_printed",
                         "total_yen": None}])
    till.status(uplink={"state": "offline", "unsent": 34}, printer={"state": "paper_out"}, payment_terminal={"state": "offline"})
    selling(till, browser, "koseki")


@state
def attention(till, browser):
    """scrolls"""
    trouble(till, browser)
    browser.press("F4")
    browser.wait_for(".matter")


@state
def attention_nothing(till, browser):
    selling(till, browser)
    browser.press("F4")
    browser.wait_for(".matters-none")


@state
def refused_command(till, browser):
    selling(till, browser, *EXAMPLE)
    till.catalog["items"][0]["code"] = "juminhyo"
    browser.press("Enter")
    browser.wait_for(".notice")


@state
def link_lost(till, browser):
    selling(till, browser, *EXAMPLE)
    till.__exit__()
    browser.wait_for(".is-lost")


@state
def catalogue_failed(till, browser):
    till.catalog, kept = None, till.catalog
    till.state["clerk"], till.state["day"] = {"code": "sato", "name": "佐藤", "role": "clerk"}, fake_day.day("open")
    browser.open(till.address)
    browser.wait_for_text("商品の一覧を読み込めません")
    till.catalog = kept
