"""Turns numbered .sql files into a C table of migrations: embed_sql.py SYMBOL OUTPUT FILE..."""
import os
import re
import sys


def main():
    symbol, output, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    arrays, rows = [], []
    for expected, path in enumerate(files, start=1):
        name = os.path.basename(path)
        number = re.match(r"(\d{4})-", name)
        if not number or int(number.group(1)) != expected:
            sys.exit(f"{name}: migrations are numbered without gaps; expected {expected:04d}-NAME.sql")
        with open(path, "rb") as source:
            text = source.read()
        # Characters, not a string: ISO C promises no string longer than 4,095 characters.
        characters = [str(byte) if byte < 128 else f"'\\{byte:03o}'" for byte in text + b"\0"]
        lines = ",\n    ".join(",".join(characters[at : at + 24]) for at in range(0, len(characters), 24))
        arrays.append(f"static const char sql_{expected}[] = {{\n    {lines}}};\n\n")
        rows.append(f'    {{.number = {expected}, .name = "{name}", .sql = sql_{expected}}},')
    with open(output, "w", encoding="ascii") as target:
        target.write('#include "common/database/migration.h"\n\n')
        target.write(f"extern const struct migration {symbol}[];\nextern const size_t {symbol}_count;\n\n")
        target.write("".join(arrays))
        target.write(f"const struct migration {symbol}[] = {{\n" + "\n".join(rows) + "\n};\n\n")
        target.write(f"const size_t {symbol}_count = sizeof {symbol} / sizeof {symbol}[0];\n")


main()
