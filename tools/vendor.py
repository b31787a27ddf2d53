"""Bring the third-party parts of the front end into static/, pinned and with their licences.

    python tools/vendor.py           fetch the packages, subset the font, draw the sprites, write the manifest
    python tools/vendor.py --check   compare what is there with the manifest; needs no network

Everything made here is committed, so neither a build nor a browser ever asks another host for anything.
"""

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # It is started as a script.
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "manifest.json"
DRAWINGS = ROOT / "tools" / "drawings.svg"

HTMX, FIGTREE, PHOSPHOR = "htmx.org", "@fontsource-variable/figtree", "@phosphor-icons/core"
PACKAGES = {HTMX: "4.0.1", FIGTREE: "5.3.0", PHOSPHOR: "2.1.1"}
# Only for what is printed: tools/vendor_fonts.py puts them together.
PACKAGES |= dict.fromkeys(("@fontsource/noto-sans", "@fontsource/noto-sans-hebrew", "@fontsource/vazirmatn"), "5.3.0")
PRINTED = ROOT / "portal" / "kit" / "fonts"

# One sprite for what the first page of a visit shows, one for the rarer animals, one for all later pages.
SPRITES = {
    "icons": """
        airplane-tilt-duotone bird-duotone calendar-dots calendar-dots-fill calendar-plus-duotone caret-left
        caret-right cat-duotone chat-circle-text-duotone check-circle-fill device-mobile dog-duotone envelope-simple
        house house-fill info lock-simple paw-print paw-print-fill phone phone-call-fill pill-duotone plus
        rabbit-duotone shield-check sign-out swap syringe-duotone tooth-duotone turtle-duotone user-circle
        user-circle-fill warning-circle-fill x
    """,
    "species": """
        chicken-duotone ferret-duotone fish-duotone goat-duotone hedgehog-duotone horse-duotone lizard-duotone
        paw-print-duotone pig-duotone rodent-duotone sheep-duotone snake-duotone
    """,
    "pages": """
        arrow-clockwise arrow-right bell-duotone calendar-check calendar-dots-duotone calendar-plus calendar-x
        camera caret-down chat-circle check clock clock-counter-clockwise device-mobile-duotone download-simple
        file-text-duotone first-aid-duotone heart heart-duotone hourglass-medium identification-card laptop-duotone
        list-bullets map-pin paper-plane-right-fill pencil-simple printer prohibit seal-check-fill sparkle
        stethoscope stethoscope-duotone translate trash users-three-duotone warning-circle
    """,
}
# Other names for the same drawing; the tag `icon` reads them from the sprite.
ALSO = {
    "horse-duotone": "donkey-duotone pony-duotone",
    "paw-print-duotone": "other-duotone",
    "rodent-duotone": (
        "chinchilla-duotone gerbil-duotone guinea-pig-duotone hamster-duotone mouse-duotone rat-duotone"
    ),
    "turtle-duotone": "tortoise-duotone",
}
WEIGHTS = (400, 700)
# What western European languages write with; all else is in the second file, fetched when a page needs it.
WESTERN = {
    *range(0x20, 0x7F),
    *map(ord, "\u00a0¡£§©ª«°·º»½¿×–—‘’‚“”„•…‹›€−"),
    *map(ord, "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŒœ"),
}
FEATURES = ["ccmp", "kern", "tnum"]
LICENCES = {"htmx": (HTMX, "LICENSE"), "figtree": (FIGTREE, "LICENSE"), "phosphor": (PHOSPHOR, "LICENSE")}


def unpack(name: str, into: Path) -> Path:
    """Fetch one pinned package and return the folder of its contents."""
    pinned = f"{name}@{PACKAGES[name]}"
    command = ["npm", "pack", pinned, "--silent", "--pack-destination", str(into)]
    packed = subprocess.run(command, check=True, capture_output=True, text=True)
    folder = into / name.replace("/", "-")
    with tarfile.open(into / packed.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def subset(source: Path, keep: set[int] | None) -> bytes:
    """The font as woff2 with these characters (None: all) and the weights in use. Same input, same bytes."""
    # Only here: --check runs on the standard library alone.
    from fontTools import subset as fonttools  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from fontTools.varLib import instancer  # type: ignore[import-untyped]

    font = TTFont(source, recalcTimestamp=False)
    options = fonttools.Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 4, 6])
    subsetter = fonttools.Subsetter(options)
    subsetter.populate(unicodes=keep or set(font.getBestCmap()))
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    del font["STAT"]  # Names of the weights, for the menus of desktop programs.
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text) if text != "-0" else "0"


def joined(values: Iterable[float]) -> str:
    """Numbers as short as a path allows: a minus sign separates too."""
    out = ""
    for text in map(number, values):
        out += text if not out or text.startswith("-") else f" {text}"
    return out


SIZES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """The path's commands one by one. The flags of an arc may be written without a space: `a8 8 0 01-8 8`."""
    for letter, body in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        size, arc = SIZES[letter.upper()], letter in "aA"
        values: list[float] = []
        rest = body.strip(" ,\n")
        while rest:
            is_flag = arc and len(values) % 7 in (3, 4)
            found = re.match(r"[01]" if is_flag else r"[-+]?(?:\d+\.?\d*|\.\d+)", rest)
            if not found:
                raise ValueError(f"Not a path: {rest}")
            values.append(float(found[0]))
            rest = rest[found.end() :].lstrip(" ,\n")
        yield letter, values[:size]
        for start in range(size, len(values), size or 1):
            yield {"M": "L", "m": "l"}.get(letter, letter), values[start : start + size]


def is_vertical(letter: str, index: int) -> bool:
    return letter == "V" or (letter != "H" and index % 2 == (0 if letter == "A" else 1))


def round_path(path: str) -> str:
    """The path to a tenth of a unit. It rounds where the pen is, not the steps, so that errors never add up.

    Wide arcs keep two digits: the centre of a half circle moves by much more than its ends.
    """
    pen, drawn, start, out, previous = [0.0, 0.0], [0.0, 0.0], ([0.0, 0.0], [0.0, 0.0]), "", ""
    for letter, values in commands(path):
        kind, fixed = letter.upper(), 5 if letter in "aA" else 0
        if kind == "Z":
            out, previous, (pen, drawn) = out + "Z", "Z", ([*start[0]], [*start[1]])
            continue
        axes = [int(is_vertical(kind, index)) for index in range(fixed, len(values))]
        from_pen = letter.islower()
        exact = [v + from_pen * pen[axis] for v, axis in zip(values[fixed:], axes, strict=True)]
        digits = 2 if kind == "A" and values[0] > 10 else 1
        target = [round(v, digits) for v in exact]
        steps = [v - drawn[axis] for v, axis in zip(target, axes, strict=True)]
        forms = {kind.lower(): joined([*values[:fixed], *steps]), kind: joined([*values[:fixed], *target])}
        name, text = min(forms.items(), key=lambda form: len(form[1]))
        glue = "" if text.startswith("-") else " "
        out += f"{glue}{text}" if name == previous and kind != "M" else f"{name}{text}"
        previous = name
        for axis, v, w in zip(axes[-2:], exact[-2:], target[-2:], strict=True):
            pen[axis], drawn[axis] = v, w
        if kind == "M":
            start = ([*pen], [*drawn])
    return out


def symbol(name: str, drawing: str) -> str:
    drawing = drawing.replace('="0.', '=".')
    drawing = re.sub(r' d="([^"]+)"', lambda found: f' d="{round_path(found[1])}"', drawing)
    also = f' data-also="{ALSO[name]}"' if name in ALSO else ""
    return f'<symbol id="{name}"{also} viewBox="0 0 256 256">{drawing}</symbol>'


def sprite(names: list[str], phosphor: Path) -> bytes:
    """One SVG with a symbol for each name: Phosphor's, or our own drawing where it has none."""
    own = dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', DRAWINGS.read_text(), re.DOTALL))
    symbols = []
    for name in sorted(names):
        if name not in own:
            style = next((s for s in ("duotone", "fill") if name.endswith(f"-{s}")), "regular")
            source = (phosphor / "assets" / style / f"{name}.svg").read_text()
            own[name] = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", source, flags=re.DOTALL)
        symbols.append(symbol(name, own[name]))
    note = "<!-- Phosphor Icons (MIT) and own drawings: see vendor/LICENSES.md -->"
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', note, *symbols, "</svg>", ""]).encode()


def made(folder: Path) -> dict[Path, bytes]:
    """Every file this script is responsible for."""
    from tools import vendor_fonts  # Only here: --check runs on the standard library alone.

    packages = {name: unpack(name, folder) for name in PACKAGES}
    fonts = packages[FIGTREE] / "files"
    files = {
        VENDOR / "htmx" / "htmx.min.js": (packages[HTMX] / "dist" / "htmx.min.js").read_bytes(),
        VENDOR / "figtree" / "western.woff2": subset(fonts / "figtree-latin-wght-normal.woff2", WESTERN),
        VENDOR / "figtree" / "extended.woff2": subset(fonts / "figtree-latin-ext-wght-normal.woff2", None),
    }
    for part, (name, licence) in LICENCES.items():
        files[VENDOR / part / "LICENSE"] = (packages[name] / licence).read_bytes()
    for stem, names in SPRITES.items():
        files[STATIC / f"{stem}.svg"] = sprite(names.split(), packages[PHOSPHOR])
    return files | vendor_fonts.printed(packages, PRINTED)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = made(Path(folder))
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    manifest = {"packages": PACKAGES, "sha256": {named(path): digest(files[path]) for path in sorted(files)}}
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"Wrote {len(files)} files.")


def differences() -> list[str]:
    """What is missing, changed or not in the manifest; empty when all is as committed."""
    manifest = json.loads(MANIFEST.read_text())
    expected: dict[str, str] = manifest["sha256"]
    problems = []
    if manifest["packages"] != PACKAGES:
        problems.append("the pinned versions changed: run tools/vendor.py")
    for name, sha256 in expected.items():
        path = ROOT / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif digest(path.read_bytes()) != sha256:
            problems.append(f"{name} was changed")
    present = {named(path) for path in VENDOR.rglob("*") if path.is_file() and path.parent != VENDOR}
    return problems + [f"{name} is not in the manifest" for name in sorted(present - set(expected))]


def main() -> int:
    parser = argparse.ArgumentParser(description="Bring in the front end's third-party parts, or check them.")
    parser.add_argument("--check", action="store_true", help="compare with the manifest, offline")
    if not parser.parse_args().check:
        fetch()
    problems = differences()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problem(s).")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
