#!/usr/bin/env python3
"""The same markup by us and by npm receiptline: what a printer would put where, byte for byte.

The two programs tell a printer the same by different commands (spaces or positions, one setting or all of them before each
word), so the streams are read as a printer reads them: every character is its bytes in CP932, its dot, its row, its size and
its style; every bar code is the bytes of its GS k. Two documents are equal when these lists are. A difference must stand in
DIFFERENT below with its reason, and must then be there: a reason that is not needed any more is an error too.
"""
import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CELL = 12  # dots of a half-width character

EQUAL = {
    "left": "|abc 戸籍",
    "right": "abc 戸籍|",
    "center": "abc",
    "center, half a column": "abcd",
    "two cells": "戸籍 | 450",
    "three cells": "|a |b |c |",
    "widths": "{w:*,6,10}\n|戸籍全部事項証明 | 2| 1,500|",
    "a narrow line": "{w:20;a:left}\n|ab|\n{a:right}\n|ab|\n{a:center}\n|ab|",
    "no border": "{b:none;w:6,6}\n|ab |cd |",
    "wide border": "{b:2;w:6,6}\n|ab |cd |",
    "hidden cell": "{w:0 5 *}\n|a |b |c |",
    "too wide": "{w:30,30}\n|ab |cd |",
    "sizes": "|^a^b^^c^^d^^^e^^^f^^^^g",
    "styles": '|"e" _u_ `i` "_eu',
    "enlarged kanji": "|^^^合計 | ^^^450|",
    "escapes": "|\\|\\{\\}\\~\\_\\\"\\`\\^\\x41",
    "spaces": "|a~~b  c",
    "line breaks": "|a\\nb\\nc",
    "wrapped in a cell": "{w:10}\n|abcdefghijklmnopqrstuvwxyz",
    "cut": "{w:10;t:nowrap}\n|abcdefghijklmnopqrstuvwxyz",
    "code128": "{c:AB12345678cd}",
    "code128, digits": "{c:1234;o:3,100,hri}",
    "jan": "{c:4901234567894;o:jan,hri}",
    "jan, check digit left out": "{c:490123456789;o:jan}",
    "ean8": "{c:12345670;o:ean}",
    "upc-a": "{c:036000291452;o:upc}",
    "upc-e": "{c:01234565;o:upc}",
    "code39": "{c:ABC-1;o:code39}",
    "itf": "{c:123456;o:itf}",
    "nw7": "{c:A123B;o:nw7}",
    "code93": "{c:CODE93;o:code93}",
    "half-width kana": "|ﾌﾟｰﾙ",
    "signs of CP932": "|①㈱髙﨑～",
}

DIFFERENT = {
    "prose": ("|東京都千代田区霞が関一丁目二番三、号の窓口におい、証明書の交付を申請する者", "we do not begin a row with 、"),
    "rule": ("-", "theirs is line graphics of a code page, a column each; ours ─ of the kanji ROM, which every model has"),
    "qr": ("{c:ABC;o:qrcode,5,m}", "they send dots, we let the printer draw: a tenth of the bytes"),
    "beyond CP932": ("|𠮷", "theirs prints a question mark; we define the glyph"),
    "hanging point": ("|・東京都千代田区霞が関一丁目二番三号の窓口において証明書の交付を申請", "what follows stands under its words"),
}


def characters(data, columns):
    """[(row, dot, width, height, style, bytes)] and codes, as the printer would put them."""
    found, row, x, left, width_dots, align = [], 0, 0, 0, columns * CELL, 0
    width = height = 1
    style = {"e": 0, "u": 0, "i": 0}
    line, i = [], 0

    def flush():
        nonlocal line, row, x
        end = max((c[0] + c[1] * CELL * len(c[4]) for c in line), default=0)
        shift = left + (0, (width_dots - end) // 2, width_dots - end)[align]
        # A blank is paper, whoever says it.
        found.extend((row, c[0] + shift, c[1], c[2], c[3], c[4]) for c in line if c[4] != b" ")
        line, x, row = [], 0, row + 1

    while i < len(data):
        two = data[i:i + 2]
        if two == b"\x1d!":
            width, height, i = (data[i + 2] >> 4) + 1, (data[i + 2] & 15) + 1, i + 3
        elif two == b"\x1bE":
            style["e"], i = data[i + 2] & 1, i + 3
        elif two == b"\x1b-":
            style["u"], i = int(data[i + 2] not in b"\x000"), i + 3
        elif two == b"\x1dB":
            style["i"], i = data[i + 2] & 1, i + 3
        elif two == b"\x1ba":
            align, i = data[i + 2] & 3, i + 3
        elif two == b"\x1b$":
            x, i = data[i + 2] + 256 * data[i + 3], i + 4
        elif two == b"\x1b\\":
            x, i = x + data[i + 2] + 256 * data[i + 3], i + 4
        elif two == b"\x1dL":
            left, i = data[i + 2] + 256 * data[i + 3], i + 4
        elif two == b"\x1dW":
            width_dots, i = data[i + 2] + 256 * data[i + 3], i + 4
        elif two == b"\x1dk":
            end = i + 4 + data[i + 3]
            found.append(("code", align, data[i:end]))
            i = end
        elif data[i:i + 3] in (b"\x1d(k", b"\x1d(L", b"\x1c(A"):
            end = i + 5 + data[i + 3] + 256 * data[i + 4]
            found += [] if two == b"\x1c(" else [("symbol", data[i:end])]
            i = end
        elif data[i:i + 3] == b"\x1d8L":
            end = i + 7 + int.from_bytes(data[i + 3:i + 7], "little")
            found.append(("symbol", data[i:end]))
            i = end
        elif two == b"\x1c2":
            found.append(("glyph",))
            i += 76
        elif two in (b"\x1b@", b"\x1c&", b"\x1c.", b"\x1b2"):
            i += 2
        elif two == b"\x1cS" or two == b"\x1dV":
            i += 4
        elif data[i] in b"\x1b\x1c\x1d":
            i += 3
        elif data[i] == 10:
            flush()
            i += 1
        else:
            size = 2 if 0x81 <= data[i] <= 0x9f or 0xe0 <= data[i] <= 0xfc else 1
            mark = "".join(name for name in "eui" if style[name])
            line.append((x, width, height, mark, data[i:i + size]))
            x += CELL * width * size
            i += size
    return found


def ours(program, markup, columns):
    with tempfile.NamedTemporaryFile("w", suffix=".receipt") as template:
        template.write(markup)
        template.flush()
        return subprocess.run([program, "receipt", "--sample", "test", "--as", "escpos", "--columns", str(columns),
                               "--template", template.name], stdout=subprocess.PIPE, check=True).stdout


def theirs(modules, markup, columns):
    return subprocess.run(["node", str(HERE / "receiptline_escpos.mjs"), str(columns)], input=markup.encode(),
                          stdout=subprocess.PIPE, check=True,
                          env={**os.environ, "RECEIPTLINE_MODULES": str(modules)}).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="madoguchi-pos as built")
    parser.add_argument("--node-modules", type=Path, required=True, help="where receiptline is installed")
    options = parser.parse_args()
    wrong = 0
    documents = [(name, markup, None) for name, markup in EQUAL.items()]
    documents += [(name, markup, reason) for name, (markup, reason) in DIFFERENT.items()]
    for name, markup, reason in documents:
        for columns in (48, 32):
            a = characters(ours(options.program, markup, columns), columns)
            b = characters(theirs(options.node_modules.resolve(), markup, columns), columns)
            if (a == b) == (reason is None):
                continue
            wrong += 1
            if reason is None:
                first = next(((x, y) for x, y in zip(a, b) if x != y), (a[len(b):][:1], b[len(a):][:1]))
                print(f"{name}, {columns} columns: ours {first[0]}, receiptline's {first[1]}", file=sys.stderr)
            else:
                print(f"{name}, {columns} columns: equal, so this is explained no more: {reason}", file=sys.stderr)
    print(f"receiptline: {len(EQUAL)} documents equal, {len(DIFFERENT)} different for a reason, {wrong} unexplained")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
