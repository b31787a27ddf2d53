"""What every PDF has, and what it may not do."""

import io
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import segno

from portal.kit import pdf
from tests.kit import pdfs

ROOT = Path(__file__).resolve().parents[2]
BLOCKED = """
import sys
sys.modules["weasyprint"] = None
from portal.kit import pdf
for _again in range(2):
    try:
        pdf.render("<p>Miso</p>")
    except pdf.Unavailable as error:
        print(error)
"""
FORKED = """
import os, sys
from portal.kit import pdf
html = '<html lang="en"><title>Miso</title><p style="font-family: Figtree Bold">{}</p></html>'
pdf.render(html.format("a"))
if os.fork() == 0:
    pdf.render(html.format("b"))
    sys.exit()
os.wait()
print(len(pdf.render(html.format("Żółć"))) > 1000)
"""
TIDY = """
from portal.kit import pdf
pdf.render('<html lang="en"><title>Miso</title><p>a</p></html>')
print(pdf._engine()._fonts._folder)
"""


def python(program: str) -> list[str]:
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_a_document_is_tagged_titled_and_in_a_language():
    made = pdf.render(pdfs.document("<h1>Miso</h1><p>A cat</p>", title="Karta: Miso", language="pl"))

    catalog, about = pdfs.catalog(made), pdfs.reader(made).metadata
    assert (catalog["/Lang"], about and about.title) == ("pl", "Karta: Miso")
    assert (catalog["/MarkInfo"]["/Marked"], catalog["/ViewerPreferences"]["/DisplayDocTitle"]) == (True, True)
    (top,) = catalog["/StructTreeRoot"]["/K"]
    assert [kid.get_object()["/S"] for kid in top.get_object()["/K"]] == ["/H1", "/P"]


def test_it_says_that_it_is_pdf_ua_1():
    made = pdf.render(pdfs.document("<p>Miso</p>"))

    metadata = pdfs.catalog(made)["/Metadata"].get_object().get_data().decode()
    assert re.findall(r'pdfuaid:part="(\d)"', metadata) == ["1"]


@pytest.mark.parametrize("broken", [{"title": ""}, {"language": ""}])
def test_without_a_title_or_a_language_nothing_is_printed(broken):
    with pytest.raises(ValueError, match="title and a language"):
        pdf.render(pdfs.document("<p>Miso</p>", **broken))


def test_pictures_are_handed_over():
    code, png = segno.make("Miso", micro=False), io.BytesIO()
    code.save(png, kind="png", border=0)

    made = pdf.render(pdfs.document('<img src="asset:code" alt="A code">'), pictures={"code": png.getvalue()})

    assert pdfs.picture_sizes(made) == [(len(code.matrix), len(code.matrix))]


class Answering(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Quiet."""


def test_nothing_is_fetched_from_the_network_or_the_disk(tmp_path):
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Answering,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    outside = f"http://127.0.0.1:{server.server_address[1]}"
    style = tmp_path / "style.css"
    style.write_text("p::after { content: 'stolen' }")
    body = (
        f'<link rel="stylesheet" href="{outside}/style.css"><link rel="stylesheet" href="{style.as_uri()}">'
        f'<p>Miso</p><img alt="a" src="{outside}/a.png">'
        f'<img alt="b" src="{style.as_uri()}"><img alt="c" src="asset:no">'
    )

    css = f'@import "{outside}/more.css"; p {{ background: url({outside}/dot.png) }}'

    made = pdf.render(pdfs.document(body), stylesheets=[css])
    server.shutdown()
    server.server_close()

    assert (asked, pdfs.words(made)) == ([], "Miso abc")


def test_threads_take_turns():
    documents = [pdfs.document(f"<p>Number {number}</p>") for number in range(12)]
    alone = [pdf.render(html) for html in documents]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(pdf.render, documents))

    assert together == alone


def test_without_the_library_the_reason_is_told_each_time():
    assert python(BLOCKED) == ["import of weasyprint halted; None in sys.modules"] * 2


def test_a_forked_worker_that_ends_leaves_the_fonts_to_the_others():
    assert python(FORKED) == ["True"]


def test_a_process_that_ends_leaves_no_fonts_behind():
    (folder,) = python(TIDY)

    assert (folder != "None", Path(folder).exists()) == (True, False)
