#!/usr/bin/env python3
"""Put together the folders that the two programs serve as their screens.

    assemble.py --node-modules DIR --out DIR [--program till]

makes OUT/till/ and OUT/finance/, each complete in itself: the pages of the program, and below lib/ what they share (this
folder) and what comes from npm. Nothing is compiled or bundled. Three things are made sure of, so that the pages run
under the strict Content-Security-Policy of common/http and so that a forgotten file is a build error, not a blank page:

* bare imports ("preact") become relative ones, because a page cannot carry an inline import map under that policy;
* every import, href and src inside the result names a file that is there;
* no page carries an inline script, style or event handler.

A program whose folder does not exist yet is left out. Files that did not change are not rewritten.
"""
import argparse
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

PROGRAMS = {
    "till": ROOT / "pos" / "web" / "screen",
    "finance": ROOT / "settlement" / "web" / "screen",
}

# What an import says -> where the package has it -> what it is called in lib/.
PACKAGES = {
    "preact": ("preact/dist/preact.mjs", "preact.js"),
    "preact/hooks": ("preact/hooks/dist/hooks.mjs", "preact-hooks.js"),
    "htm": ("htm/dist/htm.mjs", "htm.js"),
}
STYLES = {
    "@digital-go-jp/design-tokens/dist/tokens.css": "design-tokens.css",
}
LICENSED = ["preact", "htm", "@digital-go-jp/design-tokens"]

OURS = {".js", ".css", ".html", ".svg"}

IMPORT = re.compile(r"""(\b(?:import|export)\b[^;"'`()]*?\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\2""")
SOURCE_MAP = re.compile(r"^(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*\*/)$", re.MULTILINE)
PAGE_REFERENCE = re.compile(r"""\s(?:src|href)=["']([^"']+)["']""")
STYLE_REFERENCE = re.compile(r"""(?:url\(|@import\s+)["']?([^"')\s;]+)""")
INLINE = re.compile(r"""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|href=["']javascript:""", re.IGNORECASE)


class Fault(Exception):
    pass


def relative_imports(text, in_lib):
    def replace(match):
        name = match.group(3)
        if name not in PACKAGES:
            return match.group(0)
        return f'{match.group(1)}"{"./" if in_lib else "./lib/"}{PACKAGES[name][1]}"'
    return IMPORT.sub(replace, text)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def read_package_file(node_modules, name):
    path = node_modules / name
    if not path.is_file():
        raise Fault(f"{path} is missing: run npm ci with common/screen/package.json first")
    return SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))


def library(node_modules):
    """The files of lib/: name -> text."""
    files = {}
    for source, name in PACKAGES.values():
        files[name] = relative_imports(read_package_file(node_modules, source), in_lib=True)
    for source, name in STYLES.items():
        files[name] = read_package_file(node_modules, source)
    for path in sorted(HERE.iterdir()):
        if path.suffix in OURS:
            files[path.name] = relative_imports(path.read_text(encoding="utf-8"), in_lib=True)
    files["LICENSES.txt"] = "\n\n".join(
        f"{package}\n{'=' * len(package)}\n\n{read_package_file(node_modules, package + '/LICENSE').strip()}"
        for package in LICENSED) + "\n"
    return files


def pages(folder):
    """The files of one program: name -> text."""
    return {str(path.relative_to(folder)): relative_imports(path.read_text(encoding="utf-8"), in_lib=False)
            for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in OURS}


def references(path, text):
    if path.suffix == ".js":
        return [match.group(3) for match in IMPORT.finditer(text)]
    if path.suffix == ".css":
        return [name for name in STYLE_REFERENCE.findall(text) if not name.startswith("data:")]
    if path.suffix == ".html":
        # An address with a path is one of the program's own endpoints; files are named without a slash in front.
        return [name for name in PAGE_REFERENCE.findall(text) if not name.startswith(("/", "#"))]
    return []


def check(folder, files):
    for name, text in files.items():
        path = pathlib.PurePosixPath(name)
        for reference in references(path, text):
            target = (folder / path.parent / reference).resolve()
            if not target.is_file():
                raise Fault(f"{name} refers to {reference}, which is not part of the screen")
        if path.suffix == ".html" and INLINE.search(text):
            raise Fault(f"{name} has an inline script, style or handler; the policy of common/http forbids it")


def assemble(program, node_modules, out):
    files = {f"lib/{name}": text for name, text in library(node_modules).items()}
    files.update(pages(PROGRAMS[program]))
    for name, text in files.items():
        write(out / name, text)
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.relative_to(out).as_posix() not in files:
            path.unlink()
    check(out, files)
    return len(files)


def main():
    parser = argparse.ArgumentParser(description="Put together the folders served as screens.")
    parser.add_argument("--node-modules", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--program", choices=sorted(PROGRAMS), action="append", help="default: all that exist")
    arguments = parser.parse_args()
    try:
        for program in arguments.program or sorted(PROGRAMS):
            if PROGRAMS[program].is_dir():
                count = assemble(program, arguments.node_modules, arguments.out / program)
                print(f"{arguments.out / program}: {count} files")
    except (Fault, OSError) as fault:
        print(f"assemble.py: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
