"""A brand is one colour. Its hue and chroma colour the portal; lightness belongs to the design's tokens.

The formulas are those of the tokens in `static/css/portal.css`; `tests/kit/test_brand.py` compares the two.
OKLCH and its conversions: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

import math
import re
from dataclasses import dataclass

type Linear = tuple[float, float, float]
"""Red, green and blue from 0 to 1, linear in light."""

MOST_CHROMA = 0.15
"""Beyond it the fixed lightness of a role would no longer keep its contrast for every hue."""

BRIGHT_FROM = 0.68
"""From this OKLCH lightness on, the primary button shows the true colour with dark text."""

BRIGHT_RANGE = (0.70, 0.86)

BRIGHT_BUTTON = (
    "--btn:oklch(var(--brand-l) var(--brand-c) var(--h));"
    "--btn-2:oklch(calc(var(--brand-l) - .05) var(--brand-c) var(--h));"
    "--on-btn:oklch(.215 .035 var(--h));"
    "--btn-line:oklch(.58 var(--c) var(--h))"
)


@dataclass(frozen=True, slots=True)
class Role:
    """How a token is made of the brand: a fixed lightness, a share of its chroma, a turn of its hue."""

    lightness: float
    share: float = 1.0
    turn: float = 0.0
    chroma: float | None = None


# The light theme's roles that e-mail and print need as hex: neither knows OKLCH.
ROLES = {
    "accent": Role(0.465),
    "solid": Role(0.475),
    "on_solid": Role(0.995, chroma=0.004),
    "soft": Role(0.957, share=0.27),
    "soft_2": Role(0.915, share=0.42),
    "wash": Role(0.95, share=0.27),
    "deep_1": Role(0.43),
    "deep_2": Role(0.33, share=0.9, turn=16),
}


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand's colour in OKLCH: hue in degrees (0 to 360), chroma (0 to about .33), lightness (0 to 1)."""

    hue: float
    chroma: float
    lightness: float

    @classmethod
    def from_hex(cls, text: str) -> "Brand":
        """Read "#1d6b4f"; the # may be missing. Raises ValueError for anything but six hexadecimal digits."""
        if not re.fullmatch(r"#?[0-9a-fA-F]{6}", text):
            raise ValueError(f"Not a colour: {text!r}. Write # and six hexadecimal digits, like #1d6b4f.")
        digits = text.removeprefix("#")
        red, green, blue = (_to_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
        lightness, a, b = _oklab((red, green, blue))
        return cls(hue=math.degrees(math.atan2(b, a)) % 360, chroma=math.hypot(a, b), lightness=lightness)

    @property
    def is_bright(self) -> bool:
        """Too light for white text (yellow, coral, lime)?"""
        return self.lightness >= BRIGHT_FROM

    @property
    def button_lightness(self) -> float:
        """The OKLCH lightness of a bright brand's primary button, kept where dark text on it is readable."""
        low, high = BRIGHT_RANGE
        return min(high, max(low, self.lightness))

    @property
    def theme_color(self) -> str:
        """What a phone's browser paints around a page in the light theme, as hex: the page's own top edge."""
        return self.hex_of("wash")

    @property
    def hexes(self) -> dict[str, str]:
        """Each role of the light theme as hex, for e-mail and print."""
        return {name: self.hex_of(name) for name in ROLES}

    def hex_of(self, name: str) -> str:
        """One role of the light theme as hex, like "#1a694d". Raises KeyError for a name not in ROLES."""
        role = ROLES[name]
        chroma = min(self.chroma, MOST_CHROMA) * role.share if role.chroma is None else role.chroma
        return to_hex(to_rgb(role.lightness, chroma, self.hue + role.turn))


def stylesheet(brand: Brand) -> str:
    """The brand's own CSS. It is in no layer, so it wins over the tokens wherever the two are linked."""
    line = f"--brand-h:{brand.hue:.0f};--brand-c:{brand.chroma:.3f}"
    if brand.is_bright:
        line += f";--brand-l:{brand.button_lightness:.2f};{BRIGHT_BUTTON}"
    return f":root{{{line}}}\n"


def to_rgb(lightness: float, chroma: float, hue: float) -> Linear:
    """OKLCH (hue in degrees) to linear sRGB, clipped as a browser does on an sRGB screen."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return _clip(red), _clip(green), _clip(blue)


def to_hex(rgb: Linear) -> str:
    """Linear sRGB to "#rrggbb"."""
    return "#" + "".join(f"{round(_to_gamma(part) * 255):02x}" for part in rgb)


def contrast(one: Linear, other: Linear) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted(0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _oklab(rgb: Linear) -> tuple[float, float, float]:
    red, green, blue = rgb
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _clip(part: float) -> float:
    return min(1.0, max(0.0, part))


def _to_linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _to_gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
