#!/usr/bin/env python3
"""The colours of common/screen/tokens.css can be told apart by those who see less: WCAG 2.1 AA (JIS X 8341-3), in the light
and in the dark theme. 4.5 : 1 for text, 3 : 1 for edges, dots and the focus ring.

    contrast_test.py [DESIGN_TOKENS_CSS]

DESIGN_TOKENS_CSS is dist/tokens.css of the npm package; without it, one that the build has assembled is looked for.
"""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOKENS = ROOT / "common" / "screen" / "tokens.css"

TEXT, SHAPE = 4.5, 3.0

GROUNDS = ["page", "surface", "sunken", "accent-soft", "success-soft", "danger-soft", "warning-soft"]
PAIRS = [
    *[(TEXT, "text", ground) for ground in GROUNDS],
    *[(TEXT, "text-quiet", ground) for ground in ["page", "surface", "sunken", "accent-soft", "warning-soft"]],
    *[(TEXT, f"on-{name}", name) for name in ["accent", "success", "danger", "warning"]],
    (TEXT, "on-accent", "accent-pressed"),
    *[(TEXT, f"{name}-text", ground) for name in ["accent", "success", "danger", "warning"] for ground in ["surface", f"{name}-soft"]],
    (TEXT, "accent-text", "page"),
    *[(SHAPE, shape, ground) for shape in ["edge", "accent", "success", "danger", "warning-edge", "focus"] for ground in ["page", "surface"]],
    (SHAPE, "warning-edge", "warning-soft"),
    (SHAPE, "danger", "danger-soft"),
    (SHAPE, "accent", "accent-soft"),
    (SHAPE, "edge", "warning-soft"),
    *[(SHAPE, f"series-{number}", "surface") for number in (1, 2, 3, 4)],
]

DECLARATION = re.compile(r"--([\w-]+)\s*:\s*([^;]+);")


def declarations(css):
    return dict(DECLARATION.findall(css))


def themes(css):
    """(light, dark) as name -> value; dark is light overlaid."""
    start = css.index("@media (prefers-color-scheme: dark)")
    depth, end = 0, start
    for end in range(css.index("{", start), len(css)):
        depth += {"{": 1, "}": -1}.get(css[end], 0)
        if depth == 0:
            break
    light = declarations(css[:start] + css[end:])
    return light, {**light, **declarations(css[start:end])}


def colour(name, values):
    value = values[name].strip()
    reference = re.fullmatch(r"var\(--([\w-]+)\)", value)
    if reference:
        return colour(reference.group(1), values)
    digits = re.fullmatch(r"#([0-9a-fA-F]{6})", value)
    if not digits:
        raise ValueError(f"--{name}: {value} is not a colour that can be checked")
    return tuple(int(digits.group(1)[i:i + 2], 16) / 255 for i in (0, 2, 4))


def luminance(rgb):
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def find_design_tokens():
    found = sorted(ROOT.glob("build/*/share/*/lib/design-tokens.css")) + sorted(
        ROOT.glob("build/npm/*/node_modules/@digital-go-jp/design-tokens/dist/tokens.css"))
    return found[0] if found else None


class ContrastTest(unittest.TestCase):
    design_tokens = None

    def setUp(self):
        path = self.design_tokens or find_design_tokens()
        if path is None:
            self.skipTest("the npm package of the design tokens is not here; build the screens first")
        base = declarations(pathlib.Path(path).read_text(encoding="utf-8"))
        light, dark = themes(TOKENS.read_text(encoding="utf-8"))
        self.themes = {"light": {**base, **light}, "dark": {**base, **dark}}

    def test_every_pair_that_stands_together_can_be_told_apart(self):
        for theme, values in self.themes.items():
            for needed, front, ground in PAIRS:
                with self.subTest(theme=theme, front=front, ground=ground):
                    ratio = contrast(colour(front, values), colour(ground, values))
                    self.assertGreaterEqual(ratio, needed, f"{theme}: --{front} on --{ground} is {ratio:.2f} : 1")

    def test_both_themes_name_the_same_colours(self):
        light, dark = self.themes["light"], self.themes["dark"]
        for _, front, ground in PAIRS:
            for name in (front, ground):
                self.assertIn(name, light)
                self.assertIn(name, dark)

    def test_the_known_extremes_are_computed_right(self):
        self.assertAlmostEqual(contrast((0, 0, 0), (1, 1, 1)), 21.0, places=5)
        self.assertAlmostEqual(contrast((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)), 1.0, places=5)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ContrastTest.design_tokens = sys.argv.pop(1)
    unittest.main()
