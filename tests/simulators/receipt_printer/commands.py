"""How long an ESC/POS command is: nothing about what it does, only where it ends.

The one idea: data inside a command (images, symbols, downloaded characters) must never be taken for commands. For every
command there is either a fixed length or a small function that reads its counts; both answer None while bytes are
missing. Commands of printers of the TM family with Japanese characters; what is not in the tables is reported as
unknown, two bytes.
"""

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D
MORE = None  # the command is not complete yet


def _u16(data, at: int):
    return data[at] | data[at + 1] << 8 if len(data) >= at + 2 else MORE


def _counted(header: int, count_at: int):
    """HEADER bytes, of which two at COUNT_AT say how many follow."""
    def length(data):
        count = _u16(data, count_at)
        return MORE if count is None else header + count
    return length


def _counted32(data):
    """GS 8: a four-byte count."""
    return 7 + int.from_bytes(data[3:7], "little") if len(data) >= 7 else MORE


def _to_nul(data):
    end = bytes(data).find(0, 2)
    return MORE if end < 0 else end + 1


def _bit_image(data):
    """ESC * m nL nH: one byte per column, three in the 24-dot modes."""
    if len(data) < 5:
        return MORE
    return 5 + _u16(data, 3) * (3 if data[2] in (32, 33) else 1)


def _raster(data):
    """GS v 0 m xL xH yL yH: x bytes in each of y rows."""
    return 8 + _u16(data, 4) * _u16(data, 6) if len(data) >= 8 else MORE


def _downloaded_image(data):
    """GS * x y."""
    return 4 + data[2] * data[3] * 8 if len(data) >= 4 else MORE


def _barcode(data):
    """GS k: the old form ends with NUL, the form from 65 on carries its count."""
    if len(data) < 4:
        return MORE
    if data[2] >= 65:
        return 4 + data[3]
    end = bytes(data).find(0, 3)
    return MORE if end < 0 else end + 1


def _cut(data):
    if len(data) < 3:
        return MORE
    return 3 if data[2] in (0, 1, 48, 49) else 4


def _counter(data):
    """GS C 0 n m · GS C 1 aL aH bL bH n r · GS C 2 nL nH · GS C ; text ; text ; text ; text ; text ;"""
    if len(data) < 3:
        return MORE
    if data[2] == ord(";"):
        parts = bytes(data).split(b";", 6)
        return MORE if len(parts) < 7 else len(data) - len(parts[6])
    return {0: 5, 48: 5, 1: 9, 49: 9, 2: 5, 50: 5}.get(data[2], 3)


def _user_characters(data):
    """ESC & y c1 c2, then for each character its width x and x*y bytes."""
    if len(data) < 5:
        return MORE
    at = 5
    for _ in range(data[3], data[4] + 1):
        if len(data) <= at:
            return MORE
        at += 1 + data[at] * data[2]
    return at


def _stored_images(data):
    """FS q n, then for each image xL xH yL yH and x*y*8 bytes."""
    if len(data) < 3:
        return MORE
    at = 3
    for _ in range(data[2]):
        if len(data) < at + 4:
            return MORE
        at += 4 + _u16(data, at) * _u16(data, at + 2) * 8
    return at


def _user_memory(data):
    """FS g 1 m a1..a4 nL nH writes data, FS g 2 only reads."""
    if len(data) < 10:
        return MORE
    return 10 + (_u16(data, 8) if data[2] in (1, 49) else 0)


def _realtime(data):
    """DLE EOT n (7, 8 and 18 have a second byte) · DLE ENQ n · DLE DC4 fn …"""
    if len(data) < 3:
        return MORE
    if data[1] == 0x04:
        return 4 if data[2] in (7, 8, 18) else 3
    if data[1] == 0x14:
        return {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}.get(data[2], 3)
    return 3


def _table(fixed: dict, computed: dict) -> dict:
    """Fixed lengths as {length: "second bytes"}."""
    table = {ord(second): length for length, seconds in fixed.items() for second in seconds}
    table.update({ord(second): length for second, length in computed.items()})
    return table


COMMANDS = {
    DLE: {0x04: _realtime, 0x05: _realtime, 0x14: _realtime},
    ESC: _table({2: "\x0c2<@LSimv", 3: " !%-3=?EGJKMRTUVadert{u", 4: "$\\c", 5: "p", 10: "W"},
                {"(": _counted(5, 3), "*": _bit_image, "D": _to_nul, "&": _user_characters}),
    FS: _table({2: "&.", 3: "!-CW", 4: "S?p", 76: "2"},  # FS 2 c1 c2 and one 24x24 character
               {"(": _counted(5, 3), "q": _stored_images, "g": _user_memory}),
    GS: _table({2: ":c", 3: "!#/BEHITabfhrw", 4: "$LPW\\", 5: "^z", 6: "g"},
               {"(": _counted(5, 3), "8": _counted32, "*": _downloaded_image, "C": _counter, "V": _cut, "k": _barcode,
                "v": _raster}),
}


def command_length(data):
    """Bytes the command or character at the front of DATA takes; None when more bytes are needed to tell.
    May be larger than len(DATA): the rest is still to come."""
    if data[0] not in COMMANDS:
        return 1  # a character, or a control code of one byte
    if len(data) < 2:
        return MORE
    length = COMMANDS[data[0]].get(data[1], 2)
    return length(data) if callable(length) else length


def is_known(data) -> bool:
    """Whether the command at the front of DATA, at least two bytes, stands in the tables."""
    return data[0] not in COMMANDS or data[1] in COMMANDS[data[0]]
