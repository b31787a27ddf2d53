"""HTML to PDF/UA-1: tagged, titled, in a language. The only importer of weasyprint.

WeasyPrint needs libraries of the system (Pango). Where they are missing, everything else works, and `render` raises
Unavailable with the reason. Nothing is fetched: pictures are handed over with the document, fonts lie beside this
module.
"""

from __future__ import annotations

import atexit
import base64
import logging
import os
import shutil
import threading
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

VARIANT = "pdf/ua-1"
# One family for each file: WeasyPrint takes glyphs from the wrong one where two files share a family. Where no
# character is in these (Chinese, emoji), Pango looks among the fonts of the system.
FONTS = Path(__file__).with_name("fonts")
FAMILIES = {
    "Figtree Regular": "figtree-400",
    "Figtree Bold": "figtree-700",
    "Noto Regular": "noto-sans-400",
    "Noto Bold": "noto-sans-700",
    "Noto Hebrew Regular": "noto-sans-hebrew-400",
    "Noto Hebrew Bold": "noto-sans-hebrew-700",
    "Vazirmatn Regular": "vazirmatn-400",
    "Vazirmatn Bold": "vazirmatn-700",
}
# Pango's font maps belong to one thread at a time, and a worker may run several.
_turn = threading.Lock()


class Unavailable(RuntimeError):
    """PDFs can't be made on this machine; its text says what is missing."""


def render(html: str, *, stylesheets: Sequence[str] = (), pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Print a whole document. `<img src="asset:logo">` shows `pictures["logo"]`, a JPEG or PNG.

    Its `lang` and `<title>` become the PDF's. `stylesheets` are CSS texts, which are parsed once in a process. Fonts
    are ours (`font-family: "Figtree Regular"`, see FAMILIES), then the system's. Raises Unavailable, and ValueError
    for a document without language or title.
    """
    with _turn:
        engine = _engine()
        if isinstance(engine, str):
            raise Unavailable(engine)
        return engine.render(html, stylesheets, pictures or {})


class _Engine:
    """The library, with what is kept between documents."""

    def __init__(self) -> None:
        # They tell of every step of every document.
        for talkative in ("weasyprint.progress", "fontTools"):
            logging.getLogger(talkative).setLevel(logging.WARNING)
        import weasyprint  # type: ignore[import-untyped]
        from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

        class Fonts(FontConfiguration):  # type: ignore[misc]
            """Its folder goes when its process ends (`_tidy`)."""

            def __del__(self) -> None:
                """Not with the object: a forked worker that ends would take the folder from its siblings."""

        class Fetcher(URLFetcher):  # type: ignore[misc]
            """Only what was handed over: neither the network nor the disk."""

            pictures: Mapping[str, bytes]

            def fetch(self, url: str, headers: Any = None) -> Any:
                scheme, _colon, name = url.partition(":")
                if scheme == "asset":
                    return URLFetcherResponse(url, self.pictures[name])
                return super().fetch(url, headers)

        class Document(weasyprint.HTML):  # type: ignore[misc]
            def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
                return [elements]

        self._fonts, self._fetcher = Fonts(), Fetcher(allowed_protocols=["data"], allow_redirects=False)
        self._css, self._document = weasyprint.CSS, Document
        elements = self.stylesheet((FONTS / "elements.css").read_text())
        self.stylesheet(_font_faces())
        atexit.register(self._tidy, os.getpid())

    def _tidy(self, made_by: int) -> None:
        if os.getpid() == made_by:
            shutil.rmtree(self._fonts._folder, ignore_errors=True)

    @lru_cache(maxsize=256)  # noqa: B019  There is one engine, and it stays.
    def stylesheet(self, css: str) -> Any:
        return self._css(string=css, url_fetcher=self._fetcher, font_config=self._fonts)

    def render(self, html: str, stylesheets: Sequence[str], pictures: Mapping[str, bytes]) -> bytes:
        self._fetcher.pictures = pictures
        document = self._document(string=html, url_fetcher=self._fetcher).render(
            font_config=self._fonts, stylesheets=[self.stylesheet(css) for css in stylesheets], pdf_variant=VARIANT
        )
        if not (document.metadata.title and document.metadata.lang):
            raise ValueError("A PDF needs a title and a language.")
        made: bytes = document.write_pdf(pdf_variant=VARIANT)
        return made


@cache
def _engine() -> _Engine | str:
    """The engine; or why there is none, which is found out once."""
    try:
        return _Engine()
    except (ImportError, OSError) as error:
        return str(error)


def _font_faces() -> str:
    faces = []
    for family, stem in FAMILIES.items():
        content = base64.b64encode((FONTS / f"{stem}.woff2").read_bytes()).decode()
        faces.append(f'@font-face{{font-family:"{family}";src:url(data:font/woff2;base64,{content})format("woff2")}}')
    return "".join(faces)
