"""Turns files into a C table: embed_files.py SYMBOL OUTPUT FILE..."""
import os
import sys


def main():
    symbol, output, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    arrays, rows = [], []
    for number, path in enumerate(files):
        with open(path, "rb") as source:
            content = source.read()
        # Characters, not a string: ISO C promises no string longer than 4,095 characters.
        characters = [str(byte) if byte < 128 else f"'\\{byte:03o}'" for byte in content + b"\0"]
        lines = ",\n    ".join(",".join(characters[at : at + 24]) for at in range(0, len(characters), 24))
        arrays.append(f"static const char file_{number}[] = {{\n    {lines}}};\n\n")
        name = os.path.splitext(os.path.basename(path))[0]
        rows.append(f'    {{.name = "{name}", .text = file_{number}, .length = {len(content)}}},')
    with open(output, "w", encoding="ascii") as target:
        target.write('#include "common/bytes/embedded.h"\n\n')
        target.write(f"extern const struct embedded_file {symbol}[];\nextern const size_t {symbol}_count;\n\n")
        target.write("".join(arrays))
        target.write(f"const struct embedded_file {symbol}[] = {{\n" + "\n".join(rows) + "\n};\n\n")
        target.write(f"const size_t {symbol}_count = sizeof {symbol} / sizeof {symbol}[0];\n")


main()
