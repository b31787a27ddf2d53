"""The Pet ID card as anybody would print it with WeasyPrint: one page of HTML with its style, nothing kept."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path

import weasyprint  # type: ignore[import-untyped]
from django.core.files.base import ContentFile

from pets.id_card import qr
from pets.id_card.pictures import code_of
from pets.id_card.samples import WORDS, words_for
from portal.kit import pdf
from portal.kit.images import read_picture

DEMO = Path(__file__).resolve().parent.parent / "demo" / "pictures"
CODE = "https://portal.example/verify/2A7K4RM2XD9QWE77TT/#" + "eyJhbGciOiJFZERTQSJ9" * 16
STYLE = """
@page wallet { size: 85.6mm 53.98mm; margin: 0 } @page sheet { size: A4; margin: 0 }
* { box-sizing: border-box; margin: 0; padding: 0 } body { font: 400 10.5pt/1.45 Figtree, sans-serif; color: #221d19 }
:root { --brand: #1d6b4f; --deep: #104a3c; --soft: #e7f3ec } table { border-collapse: collapse; width: 100% }
th { text-align: left } .mono { font-family: monospace; font-weight: 700 }
.a4 { page: sheet; width: 210mm; padding: 16mm 17mm 14mm } .a4 header { display: flex; gap: 5mm; align-items: center;
padding-bottom: 6mm; border-bottom: .6mm solid var(--brand) } .a4 header img { width: 15mm; border-radius: 3.5mm }
.a4 h1 { margin: 9mm 0 1mm; font-size: 23pt } .a4 .pet { display: flex; gap: 8mm; margin: 8mm 0; padding: 6mm;
border-radius: 5mm; background: var(--soft) } .a4 .pet img { width: 33mm; height: 33mm; border-radius: 9mm }
dl { display: flex; flex-wrap: wrap; flex: 1 } dl div { width: 50%; padding: 1.1mm 0 } dt { font-size: 9pt }
dd { font-weight: 600; font-size: 11pt }
.a4 td, .a4 th { padding: 2.6mm 4mm 2.6mm 0; border-bottom: .25mm solid #d9d2c8 }
.verify { display: flex; gap: 7mm; align-items: center; margin-top: 12mm; padding: 5mm; border: .4mm solid var(--brand);
border-radius: 5mm } .verify svg { width: 36mm; height: 36mm; flex: none }
.id1 { page: wallet; width: 85.6mm; height: 53.98mm; overflow: hidden; padding: 4.4mm 5mm; break-after: page }
.front { color: #fff; background: linear-gradient(150deg, var(--brand), var(--deep)) } .top { display: flex; gap: 2mm;
align-items: center; font-size: 7.6pt; font-weight: 600 } .top img { width: 6mm; border-radius: 1.5mm }
.top span { margin-left: auto } .mid { display: flex; gap: 4mm; align-items: center; margin: 3mm 0 }
.mid img { width: 17.5mm; height: 17.5mm; border-radius: 5mm } .id1 dt { font-size: 6.5pt } .id1 dd { font-size: 8.2pt }
.name { font-size: 17pt; line-height: 1 }
.id1 p, .id1 dl div { padding: 0; font-size: 6pt; line-height: 1.2 }
 .back { display: flex; gap: 4.5mm; font-size: 7pt } .back svg { width: 27mm; height: 27mm }
.back td, .back th { font-size: 7.2pt; padding: 1mm 0; border-bottom: .15mm solid #e3ddd4 } .r { flex: 1 }
"""


@cache
def pictures() -> dict[str, bytes]:
    """What every way is given: the photo and the logo as JPEG, the code as PNG."""
    files = {"photo": DEMO / "miso.webp", "logo": DEMO / "willow.webp"}
    return {
        **{name: read_picture(ContentFile(path.read_bytes())).as_jpeg() for name, path in files.items()},
        "qr": code_of(CODE),
    }


def way(form: str, given: dict[str, bytes]) -> Callable[[], bytes]:
    body = {"wallet": _wallet, "sheet": _sheet}[form](given)
    faces = "".join(
        f"@font-face {{ font-family: Figtree; font-weight: {weight}; src: url({_font(weight)}) }}"
        for weight in (400, 700)
    )
    html = f'<html lang="en"><head><title>Pet ID card: Miso</title><style>{faces}{STYLE}</style></head>{body}</html>'

    def printed() -> bytes:
        made: bytes = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
        return made

    return printed


def _font(weight: int) -> str:
    return (pdf.FONTS / f"figtree-{weight}.woff2").as_uri()


def _image(given: dict[str, bytes], name: str) -> str:
    return f'<img alt="{name}" src="data:image/jpeg;base64,{base64.b64encode(given[name]).decode()}">'


def _code() -> str:
    code = qr.drawing(CODE, border=0)
    return (
        f'<svg viewBox="0 0 {code.side} {code.side}"><title>QR code</title><path stroke="#000" d="{code.path}"/></svg>'
    )


def _facts(form: str) -> str:
    facts = [fact for column in words_for(form)["facts"] for fact in column]
    return f"<dl>{''.join(f'<div><dt>{fact["label"]}</dt><dd>{fact["text"]}</dd></div>' for fact in facts)}</dl>"


def _source(name: str) -> str:
    return f"<br><small>given at {name}</small>" if name else ""


def _wallet(given: dict[str, bytes]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{one["name"]}{_source(one["source"])}</th><td>{one["until"]}</td></tr>'
        for one in WORDS["services"]
    )
    return (
        f'<section class="id1 front"><div class="top">{_image(given, "logo")}{WORDS["clinic_name"]}<span>Pet ID</span>'
        f'</div><div class="mid">{_image(given, "photo")}<div><h1 class="name">{WORDS["name"]}</h1><p>{WORDS["kind"]}'
        f"</p></div></div>{_facts('wallet')}<p>{WORDS['stated']} {WORDS['rabies']}</p></section>"
        f'<section class="id1 back"><div>{_code()}<p class="mono">{WORDS["token"]}</p><p>{WORDS["verify_at"]}<br>'
        f'Issued {WORDS["issued"]}</p></div><div class="r"><h2>Current until</h2><table>{rows}</table>'
        f"<p>{WORDS['more']}</p><p>{WORDS['found']}</p></div></section>"
    )


def _sheet(given: dict[str, bytes]) -> str:
    keys = ("given", "until", "vet", "status")
    rows = "".join(
        f'<tr><th scope="row">{one["name"]}{_source(one["source"])}</th>'
        f"{''.join(f'<td>{one[key]}</td>' for key in keys)}</tr>"
        for one in WORDS["services"]
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Service", "Given", "Valid until", "Vet", "Status"))
    return (
        f'<main class="a4"><header>{_image(given, "logo")}<div><b>{WORDS["clinic_name"]}</b>'
        f"<p>{'<br>'.join(WORDS['clinic_lines'])}</p></div></header><h1>Pet ID and vaccination record</h1>"
        f"<p>For boarders, groomers, sitters and border checks. {WORDS['rabies']}</p>"
        f'<section class="pet">{_image(given, "photo")}{_facts("sheet")}</section><h2>Current services</h2>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f'<section class="verify">{_code()}<div><h2>Check that this record is genuine</h2><p>Scan the code, or go to '
        f"{WORDS['verify_at']} and type the one below. You’ll see today’s status straight from the clinic. If it "
        f'differs from this page, trust the screen.</p><p class="mono">{WORDS["token"]}</p></div></section>'
        f"<p>{WORDS['issued_line']} Valid until {WORDS['expires']}.</p></main>"
    )
