"""The payment terminal's other door: ZVT on a serial line, a pseudo-terminal here.

The one idea: this door translates. What is paid, refused, in doubt or lost is decided by the same desk, book and scripts as at
the JSON door (terminal.py); what the line does to it (a NAK, a lost ACK, a garbled or cut frame) is decided here, by
`POST /control/line`. One thread serves the line; a payment runs in the desk's own thread and its answer waits in a queue, so
that the line stays open for an abort.
"""

import collections
import errno
import json
import os
import queue
import select
import sys
import threading
import time
import tty

from loopback.listener import ConnectionGone

from . import zvt
from .clock import from_text
from .zvt import Reader, Unreadable, apdu, bcd, container, field, frame, read_apdu, read_fields, tlv

POI = "ZVT-1"
TERMINAL_ID = 52500295
YEN = bytes.fromhex("0392")
ACK_SECONDS, ACK_TRIES = 0.5, 3
CONFIRM_SECONDS = 0.5   # for the till's 80 00 00; without it the terminal goes on
LOOK_SECONDS = 0.02
LINE_FAULTS = ("nak", "lost_ack", "bad_crc", "cut_frame", "unheard_ack", "noise", "card_in_text", "card_in_pan",
               "contradiction", "line_twice")
CARD = "4111111111111111"

REGISTER, PAY, REVERSE, REFUND, TOTALS, SETTLE, DIAGNOSE, ABORT, STATUS = (
    0x0600, 0x0601, 0x0630, 0x0631, 0x0610, 0x0650, 0x0670, 0x06B0, 0x0501)
CONFIRM, REFUSE, INFORMATION, INTERMEDIATE, COMPLETE, BROKEN_OFF, PRINT_LINE = (
    0x8000, 0x8400, 0x040F, 0x04FF, 0x060F, 0x061E, 0x06D1)
PLEASE_WAIT, NOT_POSSIBLE, PROTOCOL_ERROR, NO_CONNECTION, SYSTEM_ERROR = 0x9C, 0x83, 0x9A, 0xA3, 0xFF

RESULTS = {"Refusal": 0x05, "PaymentRestriction": 0x71, "UnreachableHost": 0xA3, "Cancel": 0x6C, "Aborted": 0x6C,
           "InvalidCard": 0x64, "Busy": PLEASE_WAIT, "NotAllowed": 0xC5, "MessageFormat": PROTOCOL_ERROR}
KINDS = {"Sale": 0, "Reversal": 1, "Refund": 2}


class Silent:
    """What the desk takes for a connection: its answers go into QUEUE, for the line to tell."""

    def __init__(self, answers, label):
        self.label = label
        self._answers = answers

    def send(self, data: bytes) -> None:
        whole = []
        while len(data) >= 4 and len(data) >= 4 + int.from_bytes(data[:4], "big"):
            length = int.from_bytes(data[:4], "big")
            whole.append(data[4:4 + length])
            data = data[4 + length:]
        try:
            messages = [json.loads(message) for message in whole]
        except ValueError:
            self._answers.put(("garbage", None))
            return
        for message in messages:
            self._answers.put(("whole", message))
        if not messages:
            self._answers.put(("half", None))

    def cut(self) -> None:
        self._answers.put(("cut", None))

    def end(self) -> None:
        pass  # a line has no end


class ZvtDoor:
    """PATH: where the serial port is, a symbolic link to the pseudo-terminal. DESK and PRACTICE answer."""

    def __init__(self, path: str, desk, practice):
        self._path = path
        self._desks = {"terminal": desk, "practice": practice}
        self._label = "terminal"
        self._till = "ZVT"
        self._numbers = 0
        self._faults = collections.deque()
        self._lock = threading.Lock()  # of the master and the faults
        self._master = None
        self._is_open = False
        self._reader = Reader()
        self._inbox = collections.deque()
        self._events = collections.deque()
        self._answers = None  # of the payment that runs
        self._running = None  # its reference
        self._last_message = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="zvt", daemon=True)

    # --- the network's side ----------------------------------------------------------------------------------------

    def start(self) -> None:
        self.plug(True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)
        self.plug(False)

    def plug(self, is_plugged: bool) -> None:
        with self._lock:
            if is_plugged == self._is_open:
                return
            self._is_open = is_plugged
            if is_plugged:
                self._master, slave = os.openpty()
                tty.setraw(slave)
                os.set_blocking(self._master, False)
                name = os.ttyname(slave)
                os.close(slave)
                os.symlink(name, self._path + ".new")
                os.replace(self._path + ".new", self._path)
            else:
                os.unlink(self._path)
                os.close(self._master)
                self._master = None

    def fault(self, name: str, times: int) -> None:
        if name not in LINE_FAULTS:
            raise ValueError(f"fault is one of {', '.join(LINE_FAULTS)}")
        with self._lock:
            self._faults.extend([name] * times)

    def forget_faults(self) -> int:
        with self._lock:
            count = len(self._faults)
            self._faults.clear()
            return count

    def _take_fault(self, *names):
        with self._lock:
            if self._faults and self._faults[0] in names:
                return self._faults.popleft()
            return None

    # --- the line --------------------------------------------------------------------------------------------------

    def _look(self, seconds: float) -> None:
        """Read what came in, for SECONDS at most or until something did."""
        with self._lock:
            master = self._master
        if master is None:
            time.sleep(LOOK_SECONDS)
            return
        try:
            select.select([master], [], [], seconds)
            data = os.read(master, 4096)
        except (OSError, ValueError) as error:
            # EIO: nobody has the port open.
            if isinstance(error, BlockingIOError):
                return
            time.sleep(LOOK_SECONDS)
            return
        self._events.extend(self._reader.feed(data))

    def _write(self, data: bytes) -> None:
        with self._lock:
            if self._master is None:
                return
            try:
                os.write(self._master, data)
            except OSError as error:
                if error.errno not in (errno.EIO, errno.EAGAIN):
                    raise

    def _sort_events(self) -> list:
        """Acknowledge what came in and put it into the inbox; the acknowledgements that came are the result."""
        seen = []
        while self._events:
            event = self._events.popleft()
            if event[0] in ("ack", "nak"):
                seen.append(event[0])
            elif event[0] == "bad" or self._take_fault("nak"):
                self._write(bytes([zvt.NAK]))
            else:
                is_repeated = event[1] == self._last_message and self._ack_was_lost
                self._last_message = event[1]
                self._ack_was_lost = self._take_fault("lost_ack") is not None
                if not self._ack_was_lost:
                    self._write(bytes([zvt.ACK]))
                if not is_repeated:
                    self._inbox.append(event[1])
        return seen

    _ack_was_lost = False

    def _send(self, message: bytes) -> bool:
        """Send until it is acknowledged. False when the till does not listen, or speaks of something else."""
        data = frame(message)
        for _ in range(ACK_TRIES):
            fault = self._take_fault("bad_crc", "cut_frame", "unheard_ack", "noise")
            if fault == "bad_crc":
                self._write(data[:-2] + bytes([data[-2] ^ 0xFF, data[-1]]))
            elif fault == "cut_frame":
                self._write(data[:len(data) // 2])
            else:
                self._write(b"\x00\xff\x41" + data if fault == "noise" else data)
            deadline = time.monotonic() + ACK_SECONDS
            while time.monotonic() < deadline and not self._stopping.is_set():
                self._look(LOOK_SECONDS)
                seen = self._sort_events()
                if "ack" in seen and fault != "unheard_ack":
                    return True
                if seen:
                    break  # a NAK, or an acknowledgement that was not heard: again
                if any(read[:2] != b"\x80\x00" for read in self._inbox):
                    return False  # the till has given up and begins anew
        return False

    def _await_confirmation(self) -> None:
        deadline = time.monotonic() + CONFIRM_SECONDS
        while time.monotonic() < deadline and not self._stopping.is_set():
            if self._inbox:
                if self._inbox[0][:2] == b"\x80\x00":
                    self._inbox.popleft()
                return
            self._look(LOOK_SECONDS)
            self._sort_events()

    def _say(self, *messages: bytes) -> None:
        for message in messages:
            if not self._send(message):
                return
            if message[:2] not in (b"\x80\x00", b"\x84\x00") and message[0] != 0x84:
                self._await_confirmation()

    # --- commands --------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._look(LOOK_SECONDS)
            self._sort_events()
            try:
                while self._inbox:
                    self._command(self._inbox.popleft())
                self._tell_payment()
            except (Unreadable, KeyError, UnicodeDecodeError) as error:
                print(f"zvt: refused: {error!r}", file=sys.stderr)
                self._say(apdu(REFUSE | PROTOCOL_ERROR))

    def _command(self, message: bytes) -> None:
        command, data = read_apdu(message)
        if command >> 8 in (0x80, 0x84):
            return  # an answer to nothing
        if command == ABORT:
            self._abort()
            return
        if self._is_busy():
            self._say(apdu(REFUSE | PLEASE_WAIT))
            return
        self._answers = None
        # Registration, reversal, refund, status, totals and settlement begin with a password.
        if command in (REGISTER, REVERSE, REFUND, STATUS, TOTALS, SETTLE):
            if len(data) < 3:
                raise Unreadable("no password")
            data = data[3:]
        if command == REGISTER:
            data = data[3:]  # configuration byte and currency
        fields = read_fields(data)
        own = fields.get(0x06, {})
        handler = {REGISTER: self._register, PAY: self._pay, REVERSE: self._reverse, REFUND: self._refund,
                   TOTALS: self._totals, SETTLE: self._settle, DIAGNOSE: self._diagnose, STATUS: self._status}.get(command)
        if handler is None:
            self._say(apdu(REFUSE | NOT_POSSIBLE))
            return
        handler(fields, own)

    def _is_busy(self) -> bool:
        desk = self._desks[self._label]
        with desk._book.lock:
            return (POI, self._till) in desk._running

    def _ask(self, category: str, body: dict, connection=None):
        self._numbers += 1
        header = {"MessageCategory": category, "SaleID": self._till, "POIID": POI, "ServiceID": str(self._numbers % 10**9)}
        desk = self._desks[self._label]
        answer = desk._answer(connection or Silent(queue.Queue(), self._label), header, body)
        return None if answer is None else desk._marked(answer)["SaleToPOIResponse"][f"{category}Response"]

    def _register(self, _fields: dict, own: dict) -> None:
        flags = own.get(zvt.FLAGS, b"\0")[0]
        self._label = "practice" if flags & zvt.TRAINING else "terminal"
        self._till = own.get(zvt.TILL, b"ZVT").decode("ascii")
        told = container(tlv(zvt.FLAGS, bytes([self._flags()])))
        self._say(apdu(CONFIRM), apdu(COMPLETE, field(0x19, b"\0") + field(0x29, bcd(TERMINAL_ID, 4))
                                      + field(0x49, YEN) + told))

    def _flags(self) -> int:
        return zvt.TRAINING if self._label == "practice" else 0

    def _money(self, fields: dict, own: dict, kind: str) -> dict:
        if fields.get(0x49) != YEN:
            raise Unreadable("the currency is not yen")
        media = "EMoney" if own.get(zvt.MEDIA) == b"\x01" else "Credit"
        transaction = {"AmountsReq": {"Currency": "JPY", "RequestedAmount": zvt.read_bcd(fields[0x04])}}
        if kind == "Refund":
            transaction["OriginalPOITransaction"] = {"SaleTransactionID": {"TransactionID": own[zvt.SALE].decode("ascii")}}
        return {"SaleData": {"SaleTransactionID": {"TransactionID": own[zvt.REFERENCE].decode("ascii")}},
                "PaymentTransaction": transaction,
                "PaymentData": {"PaymentType": kind, "PaymentBrand": own[zvt.BRAND].decode("ascii"), "PaymentMedia": media}}

    def _pay(self, fields: dict, own: dict) -> None:
        body = self._money(fields, own, "Normal")
        self._running = own[zvt.REFERENCE]
        self._answers = queue.Queue()
        try:
            answer = self._ask("Payment", body, Silent(self._answers, self._label))
        except ConnectionGone:
            return  # it died before it took anything: what the queue says
        self._say(apdu(CONFIRM), apdu(INTERMEDIATE, b"\x0a"))
        if answer is not None:
            self._say(*self._payment_messages(self._running, answer))
            self._answers = None

    def _tell_payment(self) -> None:
        if self._answers is None or self._answers.empty():
            return
        kind, message = self._answers.get()
        if kind == "cut":  # the terminal dies, and comes back without memory of the line
            self._answers = None
            self.plug(False)
            self.plug(True)
            return
        if kind in ("half", "garbage"):
            self._answers = None
            data = frame(apdu(INFORMATION, field(0x27, b"\0") + field(0x04, bcd(1, 6))))
            self._write(data[:len(data) // 2] if kind == "half" else data[:-1] + bytes([data[-1] ^ 0x55]))
            return
        self._say(*self._payment_messages(self._running, message["SaleToPOIResponse"]["PaymentResponse"]))

    def _refund(self, fields: dict, own: dict) -> None:
        answer = self._ask("Payment", self._money(fields, own, "Refund"))
        self._say(apdu(CONFIRM), *self._payment_messages(own[zvt.REFERENCE], answer))

    def _reverse(self, _fields: dict, own: dict) -> None:
        reference = {"SaleTransactionID": {"TransactionID": own[zvt.REFERENCE].decode("ascii")}}
        answer = self._ask("Reversal", {"OriginalPOITransaction": reference, "ReversalReason": "MerchantCancel"})
        self._say(apdu(CONFIRM), *self._payment_messages(own[zvt.REFERENCE], answer))

    def _status(self, _fields: dict, own: dict) -> None:
        reference = own[zvt.REFERENCE]
        answer = self._ask("TransactionStatus", {"SaleTransactionID": {"TransactionID": reference.decode("ascii")}})
        self._say(apdu(CONFIRM), *self._payment_messages(reference, answer.get("RepeatedMessageResponse", answer)))

    def _diagnose(self, _fields: dict, _own: dict) -> None:
        self._say(apdu(CONFIRM), apdu(COMPLETE, container(tlv(zvt.FLAGS, bytes([self._flags()])))))

    def _abort(self) -> None:
        if self._is_busy() and self._running is not None:
            self._ask("Abort", {"SaleTransactionID": {"TransactionID": self._running.decode("ascii")}})
        self._say(apdu(CONFIRM))

    def _totals(self, fields: dict, _own: dict) -> None:
        answer = self._ask("GetTotals", {"TotalDetails": ["SaleID"]})
        if fields.get(0x03) == b"\x01":
            lines = [apdu(INFORMATION, field(0x27, b"\0") + container(self._own_flags() + _line(entry)))
                     for entry in answer["DailyLog"]]
            if self._take_fault("line_twice"):  # as if the acknowledgement of the first had been lost
                lines.insert(0, lines[0])
            self._say(apdu(CONFIRM), *lines, apdu(COMPLETE))
            return
        self._say_totals(answer)

    def _settle(self, _fields: dict, _own: dict) -> None:
        answer = self._ask("Reconciliation", {"ReconciliationType": "SaleReconciliation"})
        if answer["Response"]["Result"] != "Success":
            self._say(apdu(CONFIRM), apdu(BROKEN_OFF, b"\x77"))
            return
        self._say_totals(answer)

    def _say_totals(self, answer: dict) -> None:
        totals = b"".join(
            tlv(zvt.TOTAL, tlv(zvt.BRAND, brand["PaymentBrand"].encode()) + tlv(zvt.KIND, bytes([KINDS[total["TransactionType"]]]))
                + tlv(zvt.COUNT, bcd(total["TransactionCount"], 3)) + tlv(zvt.SUM, bcd(total["TransactionAmount"], 6)))
            for brand in answer["TransactionTotals"] for total in brand["PaymentTotals"])
        self._say(apdu(CONFIRM), apdu(INFORMATION, field(0x27, b"\0") + container(self._own_flags() + totals)),
                  apdu(COMPLETE))

    def _own_flags(self) -> bytes:
        return tlv(zvt.FLAGS, bytes([self._flags()]))

    # --- the desk's words in fields ----------------------------------------------------------------------------------

    def _payment_messages(self, reference: bytes, answer: dict) -> list:
        result, flags, own = _outcome(answer)
        fields = field(0x27, bytes([result])) + field(0x29, bcd(TERMINAL_ID, 4))
        paid = answer.get("PaymentResult")
        if paid is not None:
            fields += _paid_fields(paid)
            own += _paid_own(paid)
            flags |= zvt.REFUND if paid.get("PaymentType") == "Refund" else 0
        point = answer.get("POIData", {}).get("POITransactionID")
        if point is not None:
            at = from_text(point["TimeStamp"])
            fields += field(0xAA, bytes.fromhex(at.strftime("%y%m%d"))) + field(0x0C, bytes.fromhex(at.strftime("%H%M%S")))
        if self._take_fault("card_in_text"):
            fields += field(0x3C, f"CARD {CARD} OK".encode())
        if self._take_fault("card_in_pan"):
            fields += field(0x22, bytes.fromhex(CARD))
        own = tlv(zvt.REFERENCE, reference) + tlv(zvt.FLAGS, bytes([flags | self._flags()])) + own
        earlier = answer.get("EarlierTransaction")
        if earlier is not None:
            own += tlv(zvt.EARLIER, _earlier(earlier))
        end = apdu(COMPLETE) if result == 0 else apdu(BROKEN_OFF, bytes([result]))
        told = [apdu(INFORMATION, fields + container(own)), end]
        if self._take_fault("contradiction"):  # approved, and then stopped, in one conversation
            stopped = container(tlv(zvt.REFERENCE, reference) + tlv(zvt.FLAGS, bytes([self._flags()])))
            told[1:] = [apdu(INFORMATION, field(0x27, b"\x6c") + stopped), apdu(BROKEN_OFF, b"\x6c")]
        return told


def _outcome(answer: dict):
    """(result code, flags, own containers)."""
    response = answer["Response"]
    words = dict(word.split("=", 1) for word in (response.get("AdditionalResponse") or "").split("&") if "=" in word)
    own = b""
    if "CenterResultCode" in words:
        own += tlv(zvt.CENTRE_CODE, words["CenterResultCode"].encode())
    if "Balance" in words:
        own += tlv(zvt.BALANCE, bcd(int(words["Balance"]), 6))
    condition = response.get("ErrorCondition")
    if response["Result"] == "Success":
        return 0x00, 0, own
    if words.get("InDoubt") == "true":
        return SYSTEM_ERROR, zvt.IN_DOUBT, own
    if condition == "InProgress":
        return PLEASE_WAIT, zvt.IN_PROGRESS, own
    if condition == "NotFound":
        return 0xB5, zvt.NOT_FOUND, own
    return RESULTS.get(condition, SYSTEM_ERROR), 0, own


def _paid_fields(paid: dict) -> bytes:
    fields = field(0x04, bcd(abs(paid["AmountsResp"]["AuthorizedAmount"]), 6)) + field(0x49, YEN)
    card = paid["PaymentInstrumentData"]["CardData"]
    if "MaskedPan" in card:
        fields += field(0x22, zvt.masked_pan(card["MaskedPan"]))
    if "ApprovalCode" in paid.get("PaymentAcquirerData", {}):
        fields += field(0x3B, paid["PaymentAcquirerData"]["ApprovalCode"].encode().ljust(8, b"\0"))
    fields += field(0x87, bcd(int(paid["SlipNumber"]) % 10000, 2))
    return fields + field(0x8B, card["PaymentBrand"].encode() + b"\0")


def _paid_own(paid: dict) -> bytes:
    own = b""
    if "PaymentAcquirerData" in paid:
        own += tlv(zvt.ACQUIRER_REFERENCE, paid["PaymentAcquirerData"]["AcquirerTransactionID"]["TransactionID"].encode())
    if "BalanceAfter" in paid:
        own += tlv(zvt.BALANCE, bcd(paid["BalanceAfter"], 6))
    return own


def _earlier(earlier: dict) -> bytes:
    result, _flags, own = _outcome(earlier)
    told = tlv(zvt.REFERENCE, earlier["SaleTransactionID"]["TransactionID"].encode()) + tlv(zvt.RESULT, bytes([result])) + own
    paid = earlier.get("PaymentResult")
    if paid is not None:
        at = from_text(earlier["POIData"]["POITransactionID"]["TimeStamp"])
        told += _paid_own(paid) + tlv(zvt.AMOUNT, bcd(paid["AmountsResp"]["AuthorizedAmount"], 6)) \
            + tlv(zvt.AT, bytes.fromhex(at.strftime("%y%m%d%H%M%S")))
    return told


def _line(entry: dict) -> bytes:
    flags = zvt.IN_DOUBT if entry["State"] == "InDoubt" else 0
    return tlv(zvt.LINE, tlv(zvt.REFERENCE, entry["SaleTransactionID"]["TransactionID"].encode())
               + tlv(zvt.BRAND, entry["PaymentBrand"].encode()) + tlv(zvt.KIND, bytes([KINDS[entry["Kind"]]]))
               + tlv(zvt.AMOUNT, bcd(entry["Amount"], 6)) + tlv(zvt.FLAGS, bytes([flags]))
               + tlv(zvt.ACQUIRER_REFERENCE, entry["POITransactionID"]["TransactionID"].encode()))
