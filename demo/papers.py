"""Another clinic's certificate, as an owner would hand it in: the smallest PDF that says something."""

from __future__ import annotations


def certificate(*lines: str) -> bytes:
    """One A5 page with a few lines of plain ASCII text."""
    text = "".join(f"({line}) Tj 0 -28 Td " for line in lines)
    stream = f"BT /F1 15 Tf 48 520 Td {text}ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    file, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    closing = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
    return f"{file}{closing}startxref\n{len(file)}\n%%EOF\n".encode("ascii")
