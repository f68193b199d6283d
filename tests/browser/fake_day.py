"""The fake till's business day: what lies in its drawer, counted and compared."""
EXPECTED_YEN = 23450
TOTALS = [{"method": "cash", "brand": None, "count": 4, "amount_yen": 3450, "void_count": 0, "void_yen": 0},
          {"method": "qr", "brand": "paypay", "count": 12, "amount_yen": 8700, "void_count": 1, "void_yen": 450},
          {"method": "emoney", "brand": "transit_ic", "count": 5, "amount_yen": 1650, "void_count": 0, "void_yen": 0},
          {"method": "credit", "brand": "visa", "count": 2, "amount_yen": 2250, "void_count": 0, "void_yen": 0}]
AT = "2026-11-22T17:05:20.000+09:00"


def day(state, **members):
    """The member `day` of the state."""
    return {"state": state, "float_yen": 20000, "is_over": False, "id": "day-1", "last_float_yen": 20000, "cash_approval_yen": 10000,
            "is_over_cash_limit": False, "last_date": "2026-11-21",
            "opening_on": None, "opening_needs_approval": False, "count": None, "closing": None, "papers": [], **members}


def event(sequence, kind, **members):
    return {"sequence": sequence, "kind": kind, "at": f"2026-11-22T{9 + sequence % 8:02}:15:00.000+09:00", "clerk_name": "佐藤", "to_name": None,
            "approved_by_name": None, "direction": None, "amount_yen": None, "reason": None, "number": None, "form": None,
            "print": None, **members}


EVENTS = [
    event(15, "drawer.opened", reason="両替"),
    event(14, "day.inspected", number=1, form="inspection", print="not_printed"),
    event(13, "shift.handed_over", to_name="鈴木", form="handover", print="printed"),
    event(12, "cash.moved", direction="out", amount_yen=15000, reason="途中払込", approved_by_name="鈴木", form="cash", print="printed"),
    event(11, "float.moved", direction="lent", amount_yen=5000, reason=None, form="float", print="printed"),
]


def compared(till):
    counts = till.counts
    counted = sum(row["yen"] * row["count"] for row in counts)
    return {"sequence": till.state["day"]["count"]["sequence"] if till.state["day"]["count"] else 0, "purpose": "close", "at": AT,
            "clerk_name": "佐藤", "counts": [row for row in counts if row["count"]], "counted_cash_yen": counted,
            "difference_yen": counted - EXPECTED_YEN, "float_yen": 20000, "cash_sales_yen": 3450, "cash_in_yen": 0, "cash_out_yen": 0,
            "refund_cash_yen": 0, "expected_cash_yen": EXPECTED_YEN, "deposit_yen": counted - 20000, "zero_count": 2,
            "no_sale_count": 1, "totals": TOTALS, "unresolved": [one["payment"] for one in till.state["unresolved"]]}


def record_count(till, body):
    till.counts = body["counts"]
    total = sum(row["yen"] * row["count"] for row in body["counts"])
    till.state["day"]["count"] = {"sequence": 812, "purpose": body["purpose"], "at": AT, "total_yen": total}
    till.publish()
    return compared(till)


def inspect(till, body):
    till.counts = body["counts"]
    return {**compared(till), "number": 2, "line": 813}


def open_day(till, body):
    till.state["day"] = day("open", float_yen=sum(row["yen"] * row["count"] for row in body["counts"]))


def close_day(till, body):
    result = compared(till)
    till.state["day"] = closed(result["counted_cash_yen"], body["float_returned_yen"])


def closed(counted_yen=EXPECTED_YEN, returned_yen=20000, print_state="printed"):
    return day("closed", closing={"number": 12, "counted_cash_yen": counted_yen, "difference_yen": counted_yen - EXPECTED_YEN,
                                  "deposit_yen": counted_yen - 20000, "float_yen": 20000, "float_returned_yen": returned_yen},
               papers=[{"form": "close", "title": "精算票", "print": print_state}, {"form": "day_report", "title": "収納日報", "print": print_state},
                       {"form": "deposit", "title": "現金払込書", "print": print_state}])


COMMANDS = [
    ("POST", "/api/day/open", True, open_day),
    ("POST", "/api/day/drawer", True, lambda till, body: None),
    ("POST", "/api/day/count", True, record_count),
    ("POST", "/api/day/close", True, close_day),
    ("POST", "/api/day/inspect", True, inspect),
    ("POST", "/api/day/hand-over", True, lambda till, body: None),
    ("POST", "/api/cash/float", True, lambda till, body: None),
    ("POST", "/api/cash/move", True, lambda till, body: None),
]
