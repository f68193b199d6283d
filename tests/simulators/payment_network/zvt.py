"""ZVT on a serial line, the terminal's side: frames, application messages, fields.

The one idea: pure functions between bytes and Python values, written from the published descriptions and checked against
published frames (tests/test_zvt.py); nothing here was taken from the product's driver. The containers from DF01 on are this
project's own (docs/protocol/terminal-zvt.md): they carry what Japanese terminals have and ZVT does not.
"""

DLE, STX, ETX, ACK, NAK = 0x10, 0x02, 0x03, 0x06, 0x15
MAX_APDU_BYTES = 4096

# Own containers.
REFERENCE, BRAND, MEDIA, SALE, FLAGS, BALANCE, CENTRE_CODE = 0xDF01, 0xDF02, 0xDF03, 0xDF04, 0xDF05, 0xDF06, 0xDF07
ACQUIRER_REFERENCE, RESULT, AMOUNT, AT, KIND, COUNT, SUM, TILL = (0xDF09, 0xDF0A, 0xDF0B, 0xDF0C, 0xDF0D, 0xDF0E, 0xDF0F,
                                                                0xDF10)
EARLIER, TOTAL, LINE = 0xFF01, 0xFF02, 0xFF03
TRAINING, IN_DOUBT, IN_PROGRESS, NOT_FOUND, REFUND = 1, 2, 4, 8, 16

FIXED = {0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x19: 1, 0x27: 1, 0x29: 4, 0x2A: 15, 0x37: 3,
         0x3B: 8, 0x49: 2, 0x87: 2, 0x88: 3, 0x8A: 1, 0xA0: 1, 0xAA: 3}
VARIABLE = {0x22: 2, 0x23: 2, 0x24: 3, 0x3C: 3, 0x60: 3, 0x8B: 2}


class Unreadable(Exception):
    pass


def crc(data: bytes) -> int:
    """CRC-16 with the polynomial x^16+x^12+x^5+1, bits in transmission order, from 0; over the message and its ETX."""
    value = 0
    for byte in data + bytes([ETX]):
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value


def frame(apdu: bytes) -> bytes:
    body = apdu.replace(b"\x10", b"\x10\x10")
    return bytes([DLE, STX]) + body + bytes([DLE, ETX]) + crc(apdu).to_bytes(2, "little")


class Reader:
    """Bytes in; out come ("ack",), ("nak",), ("message", apdu) and ("bad",) for what arrived damaged."""

    def __init__(self):
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list:
        self._buffer += data
        found = []
        while True:
            event = self._next()
            if event is None:
                return found
            found.append(event)

    def _next(self):
        buffer = self._buffer
        while buffer and buffer[0] not in (ACK, NAK, DLE):
            del buffer[0]
        if not buffer:
            return None
        if buffer[0] in (ACK, NAK):
            return ("ack",) if buffer.pop(0) == ACK else ("nak",)
        if len(buffer) < 2:
            return None
        if buffer[1] != STX:
            del buffer[:2]
            return ("bad",)
        return self._message()

    def _message(self):
        buffer, apdu, at = self._buffer, bytearray(), 2
        while at < len(buffer):
            if buffer[at] != DLE:
                apdu.append(buffer[at])
                at += 1
                continue
            if at + 1 >= len(buffer):
                return None
            if buffer[at + 1] == DLE:
                apdu.append(DLE)
                at += 2
            elif buffer[at + 1] == ETX:
                if at + 4 > len(buffer):
                    return None
                received = int.from_bytes(buffer[at + 2:at + 4], "little")
                del buffer[:at + 4]
                return ("message", bytes(apdu)) if received == crc(bytes(apdu)) else ("bad",)
            else:
                del buffer[:at]  # a new message begins where this one broke off
                return ("bad",)
            if len(apdu) > MAX_APDU_BYTES:
                buffer.clear()
                return ("bad",)
        return None


def apdu(command: int, data: bytes = b"") -> bytes:
    length = bytes([len(data)]) if len(data) < 0xFF else b"\xff" + len(data).to_bytes(2, "little")
    return command.to_bytes(2, "big") + length + data


def read_apdu(message: bytes):
    """(command, data)."""
    if len(message) < 3:
        raise Unreadable("shorter than a message")
    length, start = message[2], 3
    if length == 0xFF:
        length, start = int.from_bytes(message[3:5], "little"), 5
    if len(message) != start + length:
        raise Unreadable("its length is not what it says")
    return int.from_bytes(message[:2], "big"), message[start:]


def bcd(number: int, size: int) -> bytes:
    return bytes.fromhex(f"{number:0{size * 2}d}")


def read_bcd(data: bytes) -> int:
    text = data.hex()
    if not text.isdigit():
        raise Unreadable(f"{text} is not BCD")
    return int(text)


def field(tag: int, data: bytes) -> bytes:
    if tag in VARIABLE:
        digits = f"{len(data):0{VARIABLE[tag]}d}"
        return bytes([tag, *(0xF0 | int(digit) for digit in digits)]) + data
    if FIXED[tag] != len(data):
        raise ValueError(f"field {tag:02x} has {FIXED[tag]} bytes")
    return bytes([tag]) + data


def _tlv_length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    return b"\x81" + bytes([length]) if length < 0x100 else b"\x82" + length.to_bytes(2, "big")


def tlv(tag: int, data: bytes) -> bytes:
    return tag.to_bytes(2, "big") + _tlv_length(len(data)) + data


def container(parts: bytes) -> bytes:
    return b"\x06" + _tlv_length(len(parts)) + parts if parts else b""


def _read_length(data: bytes, at: int):
    first = data[at]
    if first < 0x80:
        return first, at + 1
    if first in (0x81, 0x82):
        size = first - 0x80
        return int.from_bytes(data[at + 1:at + 1 + size], "big"), at + 1 + size
    raise Unreadable("a length of more than two bytes")


def read_tlv(data: bytes) -> dict:
    found, at = {}, 0
    while at < len(data):
        size = 2 if data[at] & 0x1F == 0x1F else 1
        tag = int.from_bytes(data[at:at + size], "big")
        length, at = _read_length(data, at + size)
        if at + length > len(data):
            raise Unreadable("a container that ends too early")
        found[tag] = data[at:at + length]
        at += length
    return found


def read_fields(data: bytes) -> dict:
    """Fields by tag; the container is {0x06: {tag: bytes}}."""
    found, at = {}, 0
    try:
        while at < len(data):
            tag = data[at]
            at += 1
            if tag == 0x06:
                length, at = _read_length(data, at)
                found[tag] = read_tlv(data[at:at + length])
            elif tag in VARIABLE:
                length = int("".join(str(byte & 0x0F) for byte in data[at:at + VARIABLE[tag]]))
                at += VARIABLE[tag]
                found[tag] = data[at:at + length]
            else:
                length = FIXED[tag]
                found[tag] = data[at:at + length]
            at += length
        if at > len(data):
            raise Unreadable("a field that ends too early")
    except (IndexError, KeyError, ValueError) as error:
        raise Unreadable(f"fields: {error!r}") from error
    return found


def masked_pan(text: str) -> bytes:
    """Digits and x: x is E in BCD, an odd one is filled up with F."""
    nibbles = text.replace("x", "e") + ("f" if len(text) % 2 else "")
    return bytes.fromhex(nibbles)
