"""The city of the simulator: the sample's masters with dates that matter, its tills, and who is paid by whom on which day."""
import datetime
import json
import pathlib

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "settlement" / "masters" / "sample" / "koriyama.json"
SWITCH = datetime.date(2025, 10, 1)        # 指定管理: the gym's fees are the operator's from here on
BRANDS_MOVE = datetime.date(2026, 1, 1)    # two card brands leave CARD for AGG
TARIFF_CHANGE = datetime.date(2026, 4, 1)  # 住民票 300 → 350
RAIN = 2                                   # of each month: nothing is sold, and whoever may have money back comes for it
GYM = "sogo-gym"
QR = ("paypay", "dbarai", "aupay", "rakutenpay", "merpay", "aeonpay", "alipay_plus", "wechat_pay")
EMONEY = ("transit_ic", "rakuten_edy", "waon", "nanaco", "id", "quicpay")
CREDIT = ("visa", "mastercard", "jcb", "amex", "diners", "discover")
MOVING = ("amex", "diners")
METHODS = {**{brand: "qr" for brand in QR}, **{brand: "emoney" for brand in EMONEY}, **{brand: "credit" for brand in CREDIT}}
KANA = {"AGG": "ｶ)ﾐﾎﾝｹﾂｻｲ", "CARD": "ｶ)ﾐﾎﾝｶｰﾄﾞ", "EMON": "ｶ)ﾐﾎﾝﾃﾞﾝｼ"}
PLACES = {"shimin-1": "shimin", "museum-1": "bijutsukan", "chuo-kominkan-1": "kominkan"}  # whose 所属 holds the cash
ONE_DAY = datetime.timedelta(days=1)


def trustee_of(brand, day):
    if brand in QR:
        return "AGG"
    if brand in EMONEY:
        return "EMON"
    return "AGG" if brand in MOVING and day >= BRANDS_MOVE else "CARD"


def is_operators(item, day):
    facility = item.get("facility")
    return facility is not None and (facility["revenue"] == "operator_fee" or (facility["code"] == GYM and day >= SWITCH))


def _terms(code, **members):
    return {"code": code.lower(), "name": code, "trustee": code, "holiday": "none", "statement_days": 5,
            "valid_from": "2020-01-01", **members}


def _brands():
    rows = []
    for brand, method in METHODS.items():
        row = {"code": brand, "name": brand, "method": method, "can_void": True, "code_prefixes": [], "valid_from": "2021-01-04",
               "valid_to": None, "trustee": trustee_of(brand, datetime.date(2025, 4, 1))}
        if brand in MOVING:
            rows.append({**row, "valid_to": str(BRANDS_MOVE - ONE_DAY)})
            row = {**row, "trustee": "AGG", "valid_from": str(BRANDS_MOVE)}
        rows.append(row)
    return rows


def masters():
    """The document, with everything valid since 2024 but what changes on its day."""
    document = json.loads(SAMPLE.read_text().replace('"valid_from": "2026-04-01"', '"valid_from": "2024-04-01"'))
    document["brands"] = _brands()
    document["trustees"] = [{"code": code, "name": f"{code}社", "kana": KANA[code], "layout": layout} for code, layout in
                            (("AGG", "aggregator-daily"), ("CARD", "card-monthly"), ("EMON", "emoney-daily"))]
    document["terms"] = [_terms("AGG", closing="daily", pay_after=2, deposit="gross"),
                         _terms("EMON", closing="daily", pay_after=3, deposit="net", carry_negative=True),
                         _terms("CARD", closing="monthly", closing_day=31, pay_after=1, pay_day=31, deposit="net")]
    document["bank_holidays"] = []
    for rows, code, day, change in ((document["items"], "juminhyo", TARIFF_CHANGE, {"price_yen": 350}),
                                    (document["facilities"], GYM, SWITCH, {"revenue": "operator_fee", "operator": "みほん管理株式会社"})):
        at = next(index for index, row in enumerate(rows) if row["code"] == code)
        before = rows[at]
        rows[at:at + 1] = [{**before, "valid_to": str(day - ONE_DAY)}, {**before, **change, "valid_from": str(day)}]
    return document


class City:
    """`tills` are (terminal, place, items); an item has code, name, tax, account, section, issuer, price, facility."""

    def __init__(self, tills):
        self.document = masters()
        facilities = {row["code"]: row for row in self.document["facilities"]}
        facilities[GYM] = next(row for row in self.document["facilities"] if row["code"] == GYM)  # as it was before the switch
        fixed = [row for row in self.document["items"] if row.get("price_yen") and not row.get("facility")
                 and row["tax"] == "exempt" and row["valid_from"] == "2024-04-01"][:12]
        halls = [row for row in self.document["items"] if row.get("facility")]
        gym = [row for row in halls if row["facility"] == GYM]
        own = [row for row in halls if row["facility"] != GYM]
        self.tills = []
        for number in range(tills):
            place = list(PLACES)[number % len(PLACES)]
            if number % 3 == 0:
                chosen = fixed
            else:
                chosen = gym if number % 3 == 1 and number < 3 else [own[number % len(own)]]
            self.tills.append((f"YR-{number + 1:02}", place, [{**row, "facility": facilities.get(row.get("facility"))} for row in chosen]))

    @staticmethod
    def price(item, day, random):
        if item["code"] == "juminhyo":
            return 350 if day >= TARIFF_CHANGE else 300
        return item.get("price_yen") or random.choice((300, 500, 880, 1100, 2200))
