"""What the simulated network knows about brands: which door and which payout they belong to, what they cost, what they
cannot do, and by which digits a shown code is recognised.

Fee rates are invented round figures. The code prefixes are observations of live codes that others published; the
official table is not public, and a brand without a published prefix (aeonpay) is recognised only when the caller names
it.
"""

from dataclasses import dataclass

QR, CARD, EMONEY = "QR", "CARD", "EMONEY"  # the three payouts a day


@dataclass(frozen=True)
class Brand:
    payout: str
    fee_basis_points: int
    can_be_voided: bool = True
    has_balance: bool = False  # a prepaid card answers with what is left on it
    can_be_refunded: bool = True  # by the terminal; e-money only goes back to the card that paid, by a reversal
    runs_again: bool = False   # nothing is stored on the card: the centre itself ends a doubt when asked to reverse


BRANDS = {
    "paypay": Brand(QR, 198),
    "dbarai": Brand(QR, 260),
    "aupay": Brand(QR, 260),
    "rakutenpay": Brand(QR, 250),
    "merpay": Brand(QR, 260),
    "aeonpay": Brand(QR, 240),
    "alipay_plus": Brand(QR, 180),
    "wechat_pay": Brand(QR, 180),
    "visa": Brand(CARD, 250),
    "mastercard": Brand(CARD, 250),
    "jcb": Brand(CARD, 274),
    "amex": Brand(CARD, 274),
    "diners": Brand(CARD, 274),
    "discover": Brand(CARD, 274),
    "transit_ic": Brand(EMONEY, 300, can_be_refunded=False, has_balance=True),
    "edy": Brand(EMONEY, 310, can_be_refunded=False, can_be_voided=False, has_balance=True),
    "waon": Brand(EMONEY, 310, can_be_refunded=False, has_balance=True),
    "nanaco": Brand(EMONEY, 310, can_be_refunded=False, can_be_voided=False, has_balance=True),
    "id": Brand(EMONEY, 290, can_be_refunded=False, runs_again=True),       # paid afterwards, so no balance
    "quicpay": Brand(EMONEY, 290, can_be_refunded=False, runs_again=True),  # the same
}


@dataclass(frozen=True)
class Prefix:
    digits: str
    shortest: int
    longest: int
    brand: str


# Two providers begin with the digits of another's range, so the longest prefix that fits decides.
PREFIXES = sorted(
    [
        Prefix("90008181", 22, 24, "paypay"),
        Prefix("90000002", 22, 22, "dbarai"),
        Prefix("900001", 16, 16, "rakutenpay"),
        Prefix("31589921", 19, 19, "aupay"),
        Prefix("31589900", 19, 19, "merpay"),
        *[Prefix(str(n), 18, 18, "wechat_pay") for n in range(10, 16)],
        *[Prefix(str(n), 16, 24, "alipay_plus") for n in range(25, 31)],
    ],
    key=lambda prefix: -len(prefix.digits),
)


def brand_of_code(code: str):
    """The brand a shown code belongs to, or None. The code is looked at and forgotten."""
    if not (code.isascii() and code.isdigit()):
        return None
    for prefix in PREFIXES:
        if code.startswith(prefix.digits) and prefix.shortest <= len(code) <= prefix.longest:
            return prefix.brand
    return None


def is_brand_of(payouts, brand) -> bool:
    return brand in BRANDS and BRANDS[brand].payout in payouts


def fee(brand: str, amount: int) -> int:
    """Floor of the absolute value, with the sign of the amount."""
    yen = abs(amount) * BRANDS[brand].fee_basis_points // 10_000
    return yen if amount >= 0 else -yen
