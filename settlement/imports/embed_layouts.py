"""Turns layout files into a C table: embed_layouts.py OUTPUT FILE..."""
import os
import sys


def main():
    output, files = sys.argv[1], sys.argv[2:]
    arrays, rows = [], []
    for number, path in enumerate(files):
        with open(path, "rb") as source:
            text = source.read()
        # Characters, not a string: ISO C promises no string longer than 4,095 characters.
        characters = [str(byte) if byte < 128 else f"'\\{byte:03o}'" for byte in text + b"\0"]
        lines = ",\n    ".join(",".join(characters[at : at + 24]) for at in range(0, len(characters), 24))
        arrays.append(f"static const char layout_{number}[] = {{\n    {lines}}};\n\n")
        name = os.path.splitext(os.path.basename(path))[0]
        rows.append(f'    {{.name = "{name}", .json = layout_{number}, .length = {len(text)}}},')
    with open(output, "w", encoding="ascii") as target:
        target.write('#include "settlement/imports/shipped.h"\n\n')
        target.write("".join(arrays))
        target.write("const struct shipped_layout shipped_layouts[] = {\n" + "\n".join(rows) + "\n};\n\n")
        target.write("const size_t shipped_layouts_count = sizeof shipped_layouts / sizeof shipped_layouts[0];\n")


main()
