"""The words of the payment terminal: frames, requests that read or do not, and what a payment looks like in an answer.

The one idea: pure functions between bytes, dictionaries and the book's payments; no sockets, no state. The shape of a
PaymentResponse is made from the payment as the book has it now, so an inquiry long afterwards tells the truth of today.
"""

import json
import struct

from . import brands
from .book import CHARGED, DECLINED, IN_DOUBT, REFUNDED, REVERSED, Movement, Payment
from .clock import to_date
from .fields import is_amount, is_reference

MAX_MESSAGE_BYTES = 65_536
MAX_ID_CHARACTERS = 32  # SaleID and POIID stand in the statement's columns
MAX_SERVICE_ID_CHARACTERS = 10

CENTRE_REFUSED = "CenterResultCode=G12"
DEFICIENT_BALANCE = 120   # what the simulated card holds when it holds too little
BALANCE_AFTER = 1234      # what is left on it otherwise
FIRST_DIGITS = {"visa": "432112", "mastercard": "521234", "jcb": "354012", "amex": "371234", "diners": "301234",
                "discover": "601112"}
MEDIA = {brands.CARD: "Credit", brands.EMONEY: "EMoney"}
FAILURE_RESPONSES = {  # why a payment was declined -> (ErrorCondition, AdditionalResponse)
    "Refusal": ("Refusal", CENTRE_REFUSED),
    "Deficient": ("PaymentRestriction", f"Deficient=true&Balance={DEFICIENT_BALANCE}"),
}


class Unreadable(Exception):
    """The message cannot even be answered: there is no header to answer to."""


class MessageFormat(Exception):
    """The header reads but the request does not; answered with Failure/MessageFormat."""


def frame(message: dict) -> bytes:
    body = json.dumps(message, ensure_ascii=False).encode("utf-8")
    return struct.pack(">I", len(body)) + body


def frame_length(head: bytes) -> int:
    (length,) = struct.unpack(">I", head)
    if not 1 <= length <= MAX_MESSAGE_BYTES:
        raise Unreadable(f"a message of {length} bytes; 1 to {MAX_MESSAGE_BYTES} are possible")
    return length


def read_request(data: bytes):
    """(header, body of the category's request)."""
    try:
        message = json.loads(data.decode("utf-8"))
        request = message["SaleToPOIRequest"]
        header = request["MessageHeader"]
        category = header["MessageCategory"]
        ids = [header["SaleID"], header["POIID"], header["ServiceID"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(f"no SaleToPOIRequest with a header: {error!r}") from error
    if not all(isinstance(text, str) and text.isascii() and text.isprintable() and text for text in [category, *ids]):
        raise Unreadable("MessageCategory, SaleID, POIID and ServiceID are printable ASCII")
    if max(len(ids[0]), len(ids[1])) > MAX_ID_CHARACTERS or len(ids[2]) > MAX_SERVICE_ID_CHARACTERS:
        raise Unreadable("SaleID or POIID has more than 32 characters, or ServiceID more than 10")
    body = request.get(f"{category}Request")
    return header, body if isinstance(body, dict) else None


def pick(body, *path):
    """The value at PATH, or None where any step of it is missing."""
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def need_reference(body, *path) -> str:
    value = pick(body, *path, "SaleTransactionID", "TransactionID")
    if not is_reference(value):
        raise MessageFormat("SaleTransactionID.TransactionID is 1 to 64 of 0-9 A-Z a-z -")
    return value


def need_amount(body) -> int:
    amounts = pick(body, "PaymentTransaction", "AmountsReq")
    if pick(amounts, "Currency") != "JPY" or not is_amount(pick(amounts, "RequestedAmount")):
        raise MessageFormat("AmountsReq is JPY and 1 to 9999999")
    return amounts["RequestedAmount"]


def reply(header: dict, body: dict) -> dict:
    """The answer to the request with HEADER, carrying its ServiceID."""
    category = header["MessageCategory"]
    kept = {name: header[name] for name in ("SaleID", "POIID", "ServiceID")}
    return {"SaleToPOIResponse": {
        "MessageHeader": {"ProtocolVersion": "3.0", "MessageClass": "Service", "MessageCategory": category,
                          "MessageType": "Response", **kept},
        f"{category}Response": body}}


def success() -> dict:
    return {"Response": {"Result": "Success", "ErrorCondition": None, "AdditionalResponse": ""}}


def failure(condition: str, additional: str = "") -> dict:
    return {"Response": {"Result": "Failure", "ErrorCondition": condition, "AdditionalResponse": additional}}


def in_doubt() -> dict:
    return {"Response": {"Result": "Partial", "ErrorCondition": "InProgress", "AdditionalResponse": "InDoubt=true"}}


def poi_data(number: int, at: str) -> dict:
    return {"POITransactionID": {"TransactionID": f"T{number:09d}", "TimeStamp": at}}


def sale_data(reference: str) -> dict:
    return {"SaleData": {"SaleTransactionID": {"TransactionID": reference}}}


def payment_response(payment: Payment) -> dict:
    """The PaymentResponse as it now stands; it names its payment."""
    return {**_as_it_stands(payment), **sale_data(payment.reference)}


def _as_it_stands(payment: Payment) -> dict:
    if payment.state in (CHARGED, REFUNDED):
        return {**success(), "POIData": poi_data(payment.number, payment.accepted_at),
                "PaymentResult": _approved(payment)}
    if payment.state == IN_DOUBT:
        return {**in_doubt(), "POIData": poi_data(payment.number, payment.opened_at),
                "PaymentResult": _result(payment, payment.amount)}
    if payment.state == DECLINED:
        return failure(*FAILURE_RESPONSES.get(payment.failure, (payment.failure, "")))
    return failure("Aborted", "Reversed=true" if payment.state == REVERSED else "")  # reversed, or cancelled unseen


def _result(payment: Payment, amount: int) -> dict:
    card = {"PaymentBrand": payment.brand}
    if brands.BRANDS[payment.brand].payout == brands.CARD:
        card["MaskedPan"] = f"{FIRST_DIGITS[payment.brand]}xxxxxx1234"
    return {"AmountsResp": {"Currency": "JPY", "AuthorizedAmount": amount},
            "PaymentInstrumentData": {"CardData": card}, "SlipNumber": f"{payment.number % 100_000:05d}"}


def _approved(payment: Payment) -> dict:
    result = _result(payment, payment.amount)
    result["PaymentAcquirerData"] = _acquirer_data(payment.number, payment.acquirer_reference, payment.accepted_at)
    if brands.BRANDS[payment.brand].has_balance:
        result["BalanceAfter"] = BALANCE_AFTER
    return result


def _acquirer_data(number: int, acquirer_reference: str, at: str) -> dict:
    return {"ApprovalCode": f"A{number % 100_000:05d}",
            "AcquirerTransactionID": {"TransactionID": acquirer_reference, "TimeStamp": at}}


def refund_response(payment: Payment, refund: Movement) -> dict:
    result = _result(payment, refund.amount)  # with a minus: nobody takes it for the sale
    result["PaymentType"] = "Refund"
    result["SlipNumber"] = f"{refund.number % 100_000:05d}"
    result["PaymentAcquirerData"] = _acquirer_data(refund.number, refund.acquirer_reference, refund.at)
    return {**success(), **sale_data(refund.reference), "POIData": poi_data(refund.number, refund.at), "PaymentResult": result}


def reversal_response(payment: Payment) -> dict:
    return {**success(), "POIData": poi_data(payment.reversal.number, payment.reversal.at)}


LOG_KINDS = {CHARGED: "Sale", REVERSED: "Reversal", REFUNDED: "Refund"}


def daily_log(payments: list, sale_id: str, poi_id: str, day) -> list:
    """What moved on DAY at this terminal for this till, and what is in doubt since that day; the newest first."""
    found = []
    for payment in payments:
        if payment.state == IN_DOUBT and (payment.terminal, payment.poi) == (sale_id, poi_id):
            if to_date(payment.opened_at) == day:
                found.append(_log_entry(payment, payment.number, payment.reference, payment.opened_at, payment.amount,
                                        "Sale", "InDoubt"))
        for movement in payment.movements():
            if (movement.terminal, movement.poi) == (sale_id, poi_id) and to_date(movement.at) == day:
                found.append(_log_entry(payment, movement.number, movement.reference, movement.at, abs(movement.amount),
                                        LOG_KINDS[movement.kind], "Approved"))
    return sorted(found, key=lambda entry: entry["POITransactionID"]["TransactionID"], reverse=True)


def movements_of(payments: list, sale_id: str, poi_id: str) -> list:
    """(payment, movement) of all that moved at this terminal for this till."""
    return [(payment, movement) for payment in payments for movement in payment.movements()
            if (movement.terminal, movement.poi) == (sale_id, poi_id)]


def transaction_totals(moved: list) -> list:
    """Counts and sums per brand and kind."""
    sums = {}
    for payment, movement in moved:
        count, amount = sums.setdefault(payment.brand, {}).get(LOG_KINDS[movement.kind], (0, 0))
        sums[payment.brand][LOG_KINDS[movement.kind]] = (count + 1, amount + abs(movement.amount))
    return [{"PaymentBrand": brand,
             "PaymentTotals": [{"TransactionType": kind, "TransactionCount": count, "TransactionAmount": amount}
                               for kind, (count, amount) in sorted(kinds.items())]}
            for brand, kinds in sorted(sums.items())]


def as_practice(message: dict) -> dict:
    """The same answer, saying that nothing was moved."""
    (body,) = [value for name, value in message["SaleToPOIResponse"].items() if name != "MessageHeader"]
    words = [word for word in (body["Response"]["AdditionalResponse"], "Training=true") if word]
    body["Response"]["AdditionalResponse"] = "&".join(words)
    return message


def _log_entry(payment, number, reference, at, amount, kind, state) -> dict:
    return {"SaleTransactionID": {"TransactionID": reference, "TimeStamp": payment.opened_at},
            **poi_data(number, at), "PaymentBrand": payment.brand, "Amount": amount, "Kind": kind, "State": state}


def totals_response(header: dict, log: list, totals: list) -> dict:
    """The log, oldest first. When it does not fit into one message its oldest entries are left out and the answer says
    so."""
    room = MAX_MESSAGE_BYTES - 8192  # for the totals, and for the header and the response around the log
    kept, size = [], 0
    for entry in log:
        size += len(json.dumps(entry, ensure_ascii=False).encode("utf-8")) + 2
        if size > room:
            response = {"Result": "Partial", "ErrorCondition": None, "AdditionalResponse": "Truncated=true"}
            return reply(header, {"Response": response, "DailyLog": kept[::-1], "TransactionTotals": totals})
        kept.append(entry)
    return reply(header, {**success(), "DailyLog": kept[::-1], "TransactionTotals": totals})
