"""Small documents of every kind, made for tests: what offices send, and what somebody might."""

import io
import zipfile
from functools import cache

import docx
import typst

TOML = 'title = "Richtlinie"\npublisher = "Land"\nrank = "directive"\n'
STYLE = """
#set page(paper: "a5", header: [Amtsblatt #h(1fr) Nr. 7], footer: context align(center)[#counter(page).display()])
#set text(lang: "de", size: 10pt, hyphenate: true)
#set par(justify: true)
"""


@cache
def pdf(source: str, *, style: str = STYLE) -> bytes:
    """A PDF of what is written in typst's words."""
    made = typst.compile((style + source).encode())
    assert isinstance(made, bytes)
    return made


def word(*parts: tuple[str, str] | list[list[str]]) -> bytes:
    """A Word document of (style, text) and tables, as Word's own template sets them."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, tuple):
            document.add_paragraph(part[1], style=part[0])
            continue
        table = document.add_table(rows=0, cols=len(part[0]))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    """A document's bytes."""
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def packed(**parts: str) -> bytes:
    """A Word document of its raw parts: ``document``, ``numbering``, ``styles``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", xml)
    return content.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document_xml(body: str) -> str:
    """``word/document.xml`` around a body."""
    return f"<w:document {W}><w:body>{body}</w:body></w:document>"


def paragraph_xml(text: str, properties: str = "") -> str:
    """A paragraph with its properties."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


Drawn = tuple[float, float, float, str]  # x, y, size, text


def drawn(*pages: list[Drawn], font: str = "Helvetica") -> bytes:
    """A PDF with texts where they are put, in the order given, in one of the fonts that every reader has."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        shown = "\n".join(f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET" for x, y, size, text in page)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(shown.encode('cp1252'))} >>\nstream\n{shown}\nendstream")
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(written)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(places) + 1} /Root 1 0 R >>\n"
    return written + end.encode() + f"startxref\n{start}\n%%EOF".encode()
