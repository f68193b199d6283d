"""ISO 8583:1987 messages with ASCII fields and the bitmap as hexadecimal text, the form of the published examples.

The one idea: a table of lengths is the whole codec. A message is its type and a dict from field number to text; numbers are
padded by whoever makes them, and whatever does not fit the table is refused, in both directions.
"""

LL, LLL = "LL", "LLL"  # two or three digits of length before the value
LONGEST = {LL: 99, LLL: 999}
MAX_BYTES = 4096  # the longest honest message has some 300

LENGTHS = {
    2: LL, 3: 6, 4: 12, 7: 10, 11: 6, 12: 6, 13: 4, 14: 4, 15: 4, 18: 4, 22: 3, 25: 2, 32: LL, 33: LL, 35: LL, 37: 12, 38: 6,
    39: 2, 41: 8, 42: 15, 43: 40, 44: LL, 48: LLL, 49: 3, 54: LLL, 55: LLL, 60: LLL, 61: LLL, 62: LLL, 63: LLL, 64: 8, 70: 3,
    73: 6, 74: 10, 75: 10, 76: 10, 77: 10, 86: 16, 87: 16, 88: 16, 89: 16, 90: 42, 97: 17,
}


class BadMessage(Exception):
    """The bytes are no message of this table, or the fields make none."""


def write(kind: str, fields: dict) -> bytes:
    """KIND is the message type, "0200". Raises BadMessage."""
    if not (len(kind) == 4 and kind.isascii() and kind.isdigit()):
        raise BadMessage(f"message type {kind!r}")
    bits, body = 0, []
    for number in sorted(fields):
        if number not in LENGTHS:
            raise BadMessage(f"field {number} is not in the table")
        bits |= 1 << (128 - number)
        body.append(_written(number, fields[number]))
    has_second = bits & ((1 << 64) - 1) != 0
    bitmap = f"{bits | (1 << 127 if has_second else 0):032X}"
    return (kind + (bitmap if has_second else bitmap[:16]) + "".join(body)).encode("ascii")


def _written(number: int, value: str) -> str:
    length = LENGTHS[number]
    if not isinstance(value, str) or not value.isascii() or not (value.isprintable() or value == ""):
        raise BadMessage(f"field {number} is not printable ASCII")
    if length in LONGEST:
        if len(value) > LONGEST[length]:
            raise BadMessage(f"field {number} is too long")
        return f"{len(value):0{len(length)}d}{value}"
    if len(value) != length:
        raise BadMessage(f"field {number} has {len(value)} characters, not {length}")
    return value


def read(data: bytes):
    """(type, fields). Raises BadMessage."""
    if len(data) > MAX_BYTES:
        raise BadMessage("too long")
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise BadMessage("not ASCII") from error
    kind, at = text[:4], 4
    bitmap = text[at:at + 16]
    bits = _bits(bitmap)
    at += 16
    if bits[0]:
        bits += _bits(text[at:at + 16])
        at += 16
    if not (len(kind) == 4 and kind.isdigit()):
        raise BadMessage(f"message type {kind!r}")
    fields = {}
    for number in (place + 1 for place, is_there in enumerate(bits) if is_there and place > 0):
        if number not in LENGTHS:
            raise BadMessage(f"field {number} is not in the table")
        length = LENGTHS[number]
        if length in LONGEST:
            digits = text[at:at + len(length)]
            if len(digits) != len(length) or not digits.isdigit():
                raise BadMessage(f"field {number} has no length")
            at += len(length)
            length = int(digits)
        value = text[at:at + length]
        if len(value) != length:
            raise BadMessage(f"field {number} breaks off")
        fields[number], at = value, at + length
    if at != len(text):
        raise BadMessage(f"{len(text) - at} characters too many")
    return kind, fields


def _bits(digits: str) -> list:
    if len(digits) != 16 or any(digit not in "0123456789ABCDEFabcdef" for digit in digits):
        raise BadMessage("the bitmap is not 16 hexadecimal digits")
    return [bool(int(digits, 16) >> (63 - place) & 1) for place in range(64)]


def original(kind: str, fields: dict) -> str:
    """Field 90 of a reversal: what names the message that it undoes."""
    return f"{kind}{fields[11]}{fields[7]}{fields.get(32, ''):0>11}{fields.get(33, ''):0>11}"
