"""処理未了: e-money whose card left between debit and confirmation, by the brand's rule, and how it turns out on a later day. The
till asks the service what statements prove (/v1/terminals/…/proofs), and must hear of exactly what the company reported."""
import calendar
import email.utils
import itertools

from book import Refund
from city import ONE_DAY

# brand, rule of the brand, whether the company has the charge, whether it gave it back by itself
KINDS = (("waon", "touch_proves", True, False), ("nanaco", "counts_as_sale", True, True), ("rakuten_edy", "touch_proves", False, False),
         ("nanaco", "counts_as_sale", True, False), ("quicpay", "run_again", False, False), ("transit_ic", "touch_confirms", True, False))
TOLD_AFTER = 2 * ONE_DAY  # days until a card is touched that the statement says nothing of


class Doubt:
    """`is_told`: nobody doubts it any more."""

    def __init__(self, kind):
        self.brand, self.rule, self.is_charged, self.is_reversed = kind
        self.is_told = False


class Doubts:
    """Of all tills; each kind comes in its turn, until LAST_DAY."""

    def __init__(self, last_day):
        self.last_day = last_day
        self.kinds = itertools.cycle(KINDS)

    def next(self, day):
        return Doubt(next(self.kinds)) if day <= self.last_day else None


def leave(till, sale):
    """SALE's payment was started: what the till writes while the card is away."""
    doubt = sale.doubt
    till.append("payment.in_doubt", payment=sale.payment, acquirer_reference=None, rule=doubt.rule)
    if doubt.rule == "counts_as_sale":
        till.approve(sale)
    elif doubt.rule == "run_again":
        end(till, sale, "cancel")
        return
    else:
        sale.state = "unknown"
    till.doubtful.append(sale)


def end(till, sale, how):
    """Nothing was charged, and nothing was sold."""
    till.append("payment.resolved", payment=sale.payment, result="not_charged", reason=None, how=how, acquirer_reference=None,
                approval_code=None, slip_number=None, masked_number=None, accepted_at=None)
    sale.state = "none"
    sale.doubt.is_told = True


def proofs(till):
    """payment: yen that statements prove, as the service tells the till."""
    path = f"/v1/terminals/{till.terminal}/proofs"
    date = till.ask("/health").headers["Date"]  # the service lives in the simulator's time
    answer = till.ask(path, at_ms=calendar.timegm(email.utils.parsedate(date)) * 1000)
    assert answer.status == 200, answer
    return {row["payment"]: row["amount_yen"] for row in answer.json["proofs"] if row["result"] == "charged"}


def tell(till, day):
    """What has become clear until DAY."""
    if not till.doubtful:
        return
    told = proofs(till)
    reported = {sale.payment: sale.rest_yen for sale in till.doubtful if sale.deposit is not None and not sale.doubt.is_reversed}
    assert told == reported, ("proofs", told, reported)
    for sale in till.doubtful:
        if sale.payment in told and sale.doubt.rule == "counts_as_sale":
            till.append("payment.proved", payment=sale.payment, result="charged", how="statement")
        elif sale.payment in told:
            sale.state = "sold"
            till.approve(sale, how="statement")
        elif day - sale.day < TOLD_AFTER:
            continue
        elif sale.doubt.rule == "counts_as_sale":  # the company gave it back, and so the sale is undone
            till.append("payment.proved", payment=sale.payment, result="not_charged", how="touch")
            till.refund(Refund(sale, day, sale.rest_yen, is_cash=False))
        else:
            end(till, sale, "touch")
        sale.doubt.is_told = True
    till.doubtful = [sale for sale in till.doubtful if not sale.doubt.is_told]
