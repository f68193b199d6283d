"""The commands of the fake till: what each does to its state. A command gives None (the answer is the new state) or the
answer itself, and refuses by raising."""
import itertools
import re

import fake_day
from fake_catalog import BRANDS

_numbers = itertools.count(1)


class Refusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def empty_basket():
    return {"id": f"basket-{next(_numbers)}", "lines": [], "count": 0, "total_yen": 0, "reference": None, "methods": [], "can_mix": False}


def recount(basket):
    basket["count"] = sum(line["quantity"] for line in basket["lines"])
    for line in basket["lines"]:
        line["amount_yen"] = 0 if line["exemption"] else line["unit_price_yen"] * line["quantity"]
    basket["total_yen"] = sum(line["amount_yen"] for line in basket["lines"])


def running(state):
    return state["payment"] is not None and state["payment"]["state"] not in ("declined", "not_charged")


def check_free(state):
    if running(state) and state["payment"]["basket"] == state["basket"]["id"]:
        raise Refusal(409, "payment_running", "お支払い中です。終わるまで内容は変えられません。")


def add_item(till, body):
    if running(till.state) and till.state["payment"]["basket"] == till.state["basket"]["id"]:
        till.paying = till.state["basket"]  # the next citizen's begins
        till.state["basket"] = empty_basket()
    basket = till.state["basket"]
    item = next(one for one in till.catalog["items"] if one["code"] == body["item"])
    line = next((one for one in basket["lines"] if one["item"] == item["code"] and one["exemption"] is None), None)
    if line is None:
        number = max((one["line"] for one in basket["lines"]), default=0) + 1
        line = {"line": number, "item": item["code"], "name": item["name"], "unit_price_yen": item["price_yen"], "quantity": 0,
                "amount_yen": 0, "tax": item["tax"], "exemption": None, "facility": None, "reduction": None, "override": None,
                "pricing": None, "ticket": None, "can_override": False}
        basket["lines"].append(line)
    line["quantity"] += body["quantity"]
    recount(basket)


def find_line(till, number):
    line = next((one for one in till.state["basket"]["lines"] if one["line"] == int(number)), None)
    if line is None:
        raise Refusal(404, "no_such_line", "その行はもうありません。")
    return line


def sold_lines(basket):
    """The lines of a basket as a past sale shows them."""
    return [{"line": line["line"], "name": line["name"], "unit_price_yen": line["unit_price_yen"], "quantity": line["quantity"],
             "amount_yen": line["amount_yen"], "refunded_yen": 0, "refundable_yen": 0,
             "exemption": line["exemption"]["name"] if line["exemption"] else None} for line in basket["lines"]]


def finish(till, method, brand=None, tendered=None):
    state = till.state
    basket = state["basket"]
    serial = len(till.sales) + 1
    name = next((one["name"] for one in BRANDS if one["code"] == brand), None)
    sale = {"sale": f"sale-{serial}", "receipt_number": f"KO-01-20261122-{serial:04}", "total_yen": basket["total_yen"],
            "method": method, "brand_name": name, "tendered_yen": tendered,
            "cash_part_yen": 0, "change_yen": None if tendered is None else tendered - basket["total_yen"], "print": "printed", "print_message": ""}
    till.sales.insert(0, {
        "sale": sale["sale"], "receipt_number": sale["receipt_number"], "at": state["now"], "business_date": state["business_date"],
        "received_on": state["business_date"], "papers": [{"form": "receipt", "printed": 1, "unknown": 0}],
        "refund": {"can_request": False, "hint": "今日の会計です。還付ではなく、取消をしてください。", "rule": None, "refunded_yen": 0,
                   "remainder_yen": sale["total_yen"], "means": [], "requests": []},
        "total_yen": sale["total_yen"], "method": method, "brand_name": name, "clerk_name": (state["clerk"] or {}).get("name", ""),
        "state": "sold", "print": "printed", "copies": 1, "lines": sold_lines(basket), "can_void": True, "void_hint": ""})
    state.update(last_sale=sale, payment=None, basket=empty_basket())


def pay_cash(till, body):
    state = till.state
    if body["basket"] != state["basket"]["id"]:
        return  # the same basket again: the same sale
    if body["tendered_yen"] < state["basket"]["total_yen"]:
        raise Refusal(409, "tendered_less_than_due", "お預かりが足りません。")
    finish(till, "cash", tendered=body["tendered_yen"])


def pay_cashless(till, body):
    state = "waiting_code" if body["method"] == "qr" else "running"
    till.state["payment"] = till.payment(body["method"], state, body["brand"], seconds_left=60, can_stop=True)


def set_aside(till, _):
    payment = till.state["payment"]
    till.state["unresolved"].append({
        "payment": payment["id"], "amount_yen": payment["amount_yen"], "method": payment["method"],
        "brand_name": payment["brand_name"], "state": payment["state"], "since": till.state["now"], "message": "",
        "can_abandon": True})
    till.state.update(payment=None, basket=empty_basket())


def abandon(till, body):
    for payment in till.state["unresolved"]:
        if payment["payment"] == body["payment"]:
            payment.update(state="abandoned", can_abandon=False)
    till.state["payment"] = None


def sign_in(till, body):
    if body["pin"] != "1111":
        raise Refusal(403, "wrong_pin", "暗証番号が違います。")
    clerk = next(one for one in till.catalog["clerks"] if one["code"] == body["clerk"])
    till.state["clerk"] = {**clerk, "role": "clerk"}


def void(till, sale, _):
    row = next(one for one in till.sales if one["sale"] == sale)
    row.update(state="voided" if row["method"] == "cash" else "voiding", can_void=False)


def reprint(till, sale, _):
    for row in till.sales:
        if row["sale"] == sale:
            row["copies"] += 1
    till.state["unprinted"] = [one for one in till.state["unprinted"] if one["sale"] != sale]


def print_paper(till, _form, subject, body):
    reprint(till, subject, body)


def exempt(till, number, body):
    find_line(till, number)["exemption"] = None if body["rule"] is None else {
        "rule": body["rule"], "name": next(one["name"] for one in till.catalog["exemptions"] if one["code"] == body["rule"]),
        "reason": body["reason"]}
    recount(till.state["basket"])


def change_line(till, number, body):
    find_line(till, number)["quantity"] = body["quantity"]
    recount(till.state["basket"])


def remove_line(till, number, _):
    till.state["basket"]["lines"].remove(find_line(till, number))
    recount(till.state["basket"])


def scanned(till, _):
    if till.state["payment"] is not None and till.state["payment"]["state"] == "waiting_code":
        finish(till, "qr", "paypay")


def hold(till, body):
    state = till.state
    basket = state["basket"]
    state["held"].append({"hold": f"hold-{next(_numbers)}", "label": body["label"], "title": basket["lines"][0]["name"],
                          "count": basket["count"], "total_yen": basket["total_yen"], "at": state["now"], "clerk_name": "佐藤",
                          "basket": basket})
    state.update(basket=empty_basket(), payment=None)


def recall(till, hold_id, _):
    state = till.state
    if state["basket"]["lines"]:
        raise Refusal(409, "basket_open", "会計の途中です。先に済ませるか、保留してから呼び戻してください。")
    one = next(one for one in state["held"] if one["hold"] == hold_id)
    state["held"].remove(one)
    state["basket"] = one["basket"]


def discard(till, hold_id, _):
    till.state["held"] = [one for one in till.state["held"] if one["hold"] != hold_id]


def put(member):
    return lambda till, body: till.state.update(member(till, body))


def simulate(name):
    def change(till, body):
        till.simulated[name].update(body)
        return till.simulated
    return change


def clear_payment(till, _):
    state = till.state
    if till.paying is not None and state["payment"] and state["payment"]["basket"] == till.paying["id"]:
        behind = state["basket"]
        state.update(basket=till.paying, next={"count": behind["count"], "total_yen": behind["total_yen"]})
        till.paying = None
    state["payment"] = None


# (method, pattern, may run while a payment holds the basket, command)
COMMANDS = [
    ("POST", "/api/clerk/sign-in", True, sign_in),
    ("POST", "/api/clerk/sign-out", False, put(lambda till, body: {"clerk": None})),
    *fake_day.COMMANDS,
    ("POST", "/api/basket/items", True, add_item),
    ("POST", "/api/basket/lines/(\\d+)", False, change_line),
    ("DELETE", "/api/basket/lines/(\\d+)", False, remove_line),
    ("POST", "/api/basket/lines/(\\d+)/exemption", False, exempt),
    ("DELETE", "/api/basket", False, put(lambda till, body: {"basket": empty_basket()})),
    ("POST", "/api/basket/hold", False, hold),
    ("POST", "/api/holds/([^/]+)/recall", False, recall),
    ("POST", "/api/holds/([^/]+)/discard", True, discard),
    ("POST", "/api/pay/cash", False, pay_cash),
    ("POST", "/api/pay/none", False, lambda till, body: finish(till, "none")),
    ("POST", "/api/pay/cashless", False, pay_cashless),
    ("POST", "/api/pay/code", True, scanned),
    ("POST", "/api/pay/stop", True, put(lambda till, body: {"payment": None})),
    ("POST", "/api/pay/set-aside", True, set_aside),
    ("POST", "/api/pay/abandon", True, abandon),
    ("POST", "/api/pay/clear", True, clear_payment),
    ("POST", "/api/sales/([^/]+)/void", True, void),
    ("POST", "/api/sales/([^/]+)/reprint", True, reprint),
    ("POST", "/api/papers/([^/]+)/([^/]+)/print", True, print_paper),
    ("POST", "/api/citizen/language", True, put(lambda till, body: {"citizen_language": body["language"]})),
    ("POST", "/api/drawer/open", True, lambda till, body: None),
    ("POST", "/api/simulated/printer", True, simulate("printer")),
    ("POST", "/api/simulated/drawer", True, simulate("drawer")),
    ("POST", "/api/simulated/scanner", True, scanned),
]


def carry_out(till, method, path, body):
    for its_method, pattern, may_run_in_payment, command in COMMANDS:
        match = re.fullmatch(pattern, path)
        if match and method == its_method:
            refusal, till.refuse_next = till.refuse_next, None
            if refusal is not None:
                raise refusal
            if not may_run_in_payment:
                check_free(till.state)
            return command(till, *match.groups(), body)
    raise Refusal(404, "no_such_command", f"{method} {path}")
