"""A brand's colour: read, written, and readable on every surface. The stylesheet's tokens are the truth."""

import ast
import re
from pathlib import Path

import pytest

from portal.kit import brand
from portal.kit.brand import Brand, Linear

CSS = re.sub(r"/\*.*?\*/", "", Path("static/css/portal.css").read_text(), flags=re.DOTALL)
WHITE: Linear = (1.0, 1.0, 1.0)


def block(start: str) -> dict[str, str]:
    body = CSS[CSS.index(start) :]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body[body.index("{") + 1 : body.index("}")]))


LIGHT = block(":root, [data-brand] {")
DARK_FORCED = block(":root[data-theme=dark], :root[data-theme=dark] [data-brand] {")
DARK_SYSTEM = block(":root:not([data-theme=light]), :root:not([data-theme=light]) [data-brand] {")
BRIGHT = block("[data-bright] {")
THEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK_FORCED}}

GROUNDS = ("bg", "surface", "sunken", "raised", "wash")
SOFT = ("soft", "soft-2")
MEANINGS = ("bad", "warn", "good", "info")
PAIRS = [
    *[("ink", ground, 7.0) for ground in (*GROUNDS, *SOFT, *(f"{meaning}-soft" for meaning in MEANINGS))],
    *[(text, ground, 4.5) for text in ("ink-2", "accent") for ground in (*GROUNDS, *SOFT)],
    *[("ink-3", ground, 4.5) for ground in GROUNDS],
    *[("on-solid", "solid", 4.5), ("on-solid", "solid-2", 4.5), ("ink", "soft-line", 4.5)],
    *[("solid", ground, 3.0) for ground in ("bg", "surface", "sunken")],
    *[("line-2", ground, 3.0) for ground in ("bg", "surface")],
    *[(meaning, ground, 4.5) for meaning in MEANINGS for ground in ("bg", "surface", f"{meaning}-soft")],
    *[("surface", "bad-solid", 4.5), ("surface", "bad", 4.5)],
    *[("white", "deep-1", 4.5), ("white", "deep-2", 4.5)],
    ("tint-ink", "tint", 4.5),
]


def calculate(node: ast.expr) -> float:
    """The arithmetic that tokens use: + - * / and min()."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Call(func=ast.Name(id="min"), args=arguments):
            return min(calculate(argument) for argument in arguments)
        case ast.BinOp(left=left, op=op, right=right):
            one, two = calculate(left), calculate(right)
            return {ast.Add: one + two, ast.Sub: one - two, ast.Mult: one * two}[type(op)]
    raise AssertionError(ast.dump(node))


def number(text: str, tokens: dict[str, str]) -> float:
    while "var(" in text:
        text = re.sub(r"var\(--([\w-]+)\)", lambda found: f"({tokens[found[1]]})", text)
    return calculate(ast.parse(text.replace("calc", "").strip(), mode="eval").body)


def colour(name: str, tokens: dict[str, str]) -> Linear:
    if name == "white":
        return WHITE
    if name in ("tint", "tint-ink"):
        return brand.to_rgb(
            number(tokens[f"{name}-l"], tokens),
            number(tokens[f"{name}-c"], tokens),
            number("var(--h)", tokens),
        )
    value = tokens[name].strip()
    if alias := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return colour(alias[1], tokens)
    parts = re.findall(r"(?:calc|var)\((?:[^()]|\([^()]*\))*\)|[\d.]+", value.removeprefix("oklch"))
    lightness, chroma, hue = (number(part, tokens) for part in parts)
    return brand.to_rgb(lightness, chroma, hue)


def of(name: str, hex_colour: str) -> Linear:
    """A light token as the page shows it to a clinic of that colour."""
    chosen = Brand.from_hex(hex_colour)
    return colour(name, {**LIGHT, "brand-h": str(chosen.hue), "brand-c": str(chosen.chroma)})


@pytest.mark.parametrize(
    ("hex_colour", "css"),
    [
        ("#1d6b4f", ":root{--brand-h:165;--brand-c:0.088}\n"),
        ("#4a4fb5", ":root{--brand-h:277;--brand-c:0.159}\n"),
        ("b0256b", ":root{--brand-h:355;--brand-c:0.183}\n"),
        ("#F2C200", f":root{{--brand-h:91;--brand-c:0.170;--brand-l:0.83;{brand.BRIGHT_BUTTON}}}\n"),
        ("#8ac926", f":root{{--brand-h:130;--brand-c:0.193;--brand-l:0.76;{brand.BRIGHT_BUTTON}}}\n"),
    ],
)
def test_a_colour_becomes_its_stylesheet(hex_colour, css):
    assert brand.stylesheet(Brand.from_hex(hex_colour)) == css


@pytest.mark.parametrize("text", ["", "#fff", "green", "#12345g", "#1234567", "#1d6b4f;}", "１２３４５６"])
def test_anything_but_six_hexadecimal_digits_is_refused(text):
    with pytest.raises(ValueError, match="like #1d6b4f"):
        Brand.from_hex(text)


def test_the_known_hexes_of_one_brand():
    chosen = Brand.from_hex("#1d6b4f")

    assert chosen.hexes == {
        "accent": "#1a694d",
        "solid": "#1e6c4f",
        "on_solid": "#fbfefd",
        "soft": "#e3f6ed",
        "soft_2": "#cdebdd",
        "wash": "#e1f4ea",
        "deep_1": "#085f43",
        "deep_2": "#004237",
    }
    assert chosen.theme_color == "#e1f4ea"
    assert not chosen.is_bright


@pytest.mark.parametrize("hex_colour", ["#1d6b4f", "#4a4fb5", "#f2c200", "#4a5260", "#000000", "#ffffff"])
def test_mail_and_print_show_the_colours_of_the_page(hex_colour):
    shown = {name: brand.to_hex(of(name.replace("_", "-"), hex_colour)) for name in brand.ROLES}

    assert Brand.from_hex(hex_colour).hexes == shown


def test_both_dark_blocks_are_equal():
    assert DARK_FORCED == DARK_SYSTEM


def test_a_bright_brand_gets_the_button_of_the_stylesheet():
    declared = dict(part.removeprefix("--").split(":", 1) for part in brand.BRIGHT_BUTTON.split(";"))

    assert declared == BRIGHT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("chroma", [0, 0.05, 0.1, 0.15, 0.25])
def test_every_pair_is_readable_for_every_hue(theme, chroma):
    worst: dict[tuple[str, str], float] = {}
    for hue in range(0, 360, 10):
        tokens = {**THEMES[theme], "brand-h": str(hue), "brand-c": str(chroma)}
        colours = {name: colour(name, tokens) for pair in PAIRS for name in pair[:2]}
        for text, ground, _ in PAIRS:
            ratio = brand.contrast(colours[text], colours[ground])
            worst[text, ground] = min(ratio, worst.get((text, ground), 21))

    assert [(text, ground) for text, ground, needed in PAIRS if worst[text, ground] < needed] == []


@pytest.mark.parametrize("lightness", [0.70, 0.78, 0.86])
def test_a_bright_button_is_readable_for_every_hue(lightness):
    for hue in range(0, 360, 10):
        tokens = {**LIGHT, **BRIGHT, "brand-h": str(hue), "brand-c": ".17", "brand-l": str(lightness)}
        for ground in ("btn", "btn-2"):
            assert brand.contrast(colour("on-btn", tokens), colour(ground, tokens)) >= 4.5
