"""The fonts that documents are printed with: whole families, one file for each weight, in `portal/kit/fonts/`.

What the web's packages cut into subsets is put together again, because a PDF can take a font as one file only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

# Only called by the part of tools/vendor.py that fetches: --check runs on the standard library alone.
from fontTools import merge, subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib import instancer  # type: ignore[import-untyped]

FIGTREE, NOTO = "@fontsource-variable/figtree", "@fontsource/noto-sans"
HEBREW, ARABIC = "@fontsource/noto-sans-hebrew", "@fontsource/vazirmatn"
WEIGHTS = (400, 700)
# Each font's file, and the parts it is made of. Arabic is Vazirmatn's: from Noto's glyphs text can't be copied.
PARTS = {
    "figtree": (FIGTREE, ["figtree-latin-wght-normal", "figtree-latin-ext-wght-normal"]),
    "noto-sans": (
        NOTO,
        [f"noto-sans-{part}-{{}}-normal" for part in ("vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext")],
    ),
    "noto-sans-hebrew": (HEBREW, ["noto-sans-hebrew-hebrew-{}-normal"]),
    "vazirmatn": (ARABIC, ["vazirmatn-arabic-{}-normal"]),
}


def printed(packages: Mapping[str, Path], into: Path) -> dict[Path, bytes]:
    """Every font file with its licence; `packages` are the folders of what was fetched."""
    files = {}
    for stem, (package, parts) in PARTS.items():
        folder = packages[package]
        files[into / f"LICENSE-{stem}"] = (folder / "LICENSE").read_bytes()
        for weight in WEIGHTS:
            sources = [folder / "files" / f"{part.format(weight)}.woff2" for part in parts]
            files[into / f"{stem}-{weight}.woff2"] = _joined(sources, weight)
    return files


def _joined(sources: list[Path], weight: int) -> bytes:
    """One font of several, as WOFF2. Same input, same bytes."""
    opened = [_static(source, weight) for source in sources]
    whole = TTFont(opened[0], recalcTimestamp=False)
    if len(opened) > 1:
        whole = merge.Merger(merge.Options(drop_tables=["DSIG", "meta", "STAT"])).merge(opened)
        whole.recalcTimestamp = False
    options = subset.Options(
        layout_features=["*"], hinting=False, name_IDs=[0, 1, 2, 4, 6], notdef_outline=True, glyph_names=False
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=set(whole.getBestCmap()))
    subsetter.subset(whole)
    whole["head"].created = whole["head"].modified = 3_600_000_000  # Any fixed day: seconds since 1904.
    whole.flavor = "woff2"
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def _static(source: Path, weight: int) -> io.BytesIO:
    """Without its other weights: to cut one out for each document would cost more than the document."""
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": weight})
    out = io.BytesIO()
    font.save(out)
    out.seek(0)
    return out
