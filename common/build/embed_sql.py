"""Turns numbered .sql files into a C table of migrations: embed_sql.py SYMBOL OUTPUT FILE..."""
import os
import re
import sys


def main():
    symbol, output, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    rows = []
    for expected, path in enumerate(files, start=1):
        name = os.path.basename(path)
        number = re.match(r"(\d{4})-", name)
        if not number or int(number.group(1)) != expected:
            sys.exit(f"{name}: migrations are numbered without gaps; expected {expected:04d}-NAME.sql")
        with open(path, "rb") as source:
            text = source.read()
        literal = "".join(f"\\{byte:03o}" if byte < 32 or byte > 126 or byte in b'"\\?' else chr(byte) for byte in text)
        pieces = "\n        ".join(f'"{piece}"' for piece in re.findall(r"(?:\\[0-7]{3}|[^\\]){1,90}", literal))
        rows.append(f'    {{.number = {expected},\n     .name = "{name}",\n     .sql =\n        {pieces}}},')
    with open(output, "w", encoding="ascii") as target:
        target.write('#include "common/sqlite/migration.h"\n\n')
        target.write(f"extern const struct migration {symbol}[];\nextern const size_t {symbol}_count;\n\n")
        target.write(f"const struct migration {symbol}[] = {{\n" + "\n".join(rows) + "\n};\n\n")
        target.write(f"const size_t {symbol}_count = sizeof {symbol} / sizeof {symbol}[0];\n")


main()
