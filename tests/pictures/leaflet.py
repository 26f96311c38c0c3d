"""The members' page as PDF, to be printed and laid beside the letter with the code: one sheet, PDF/A and accessible."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from handlers.papers.signs import FONTS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCE, MADE = DOCS / "mitglieder.md", DOCS / "mitglieder.pdf"
STAMP = datetime(2027, 1, 1, tzinfo=UTC)
"""The date the file says of itself: fixed, so that the same page makes the same bytes."""
PRINT = "[Zum Ausdrucken](mitglieder.pdf)"
PRINTED = {"vote-2"}
"""The pictures that are printed; the others are on the page only."""
_PICTURE = re.compile(r'<img src="(images/([\w-]+)\.png)" width="\d+" alt="([^"]+)">')
_RUN = re.compile(r"\*\*(?P<strong>.+?)\*\*|`(?P<code>.+?)`|(?P<text>(?:(?!\*\*|`).)+)")

Json = dict[str, Any]


def made(markdown: str) -> bytes:
    """The PDF (PDF/A-2a and PDF/UA-1, as the bot's own papers)."""
    compiler = typst.Compiler(
        root=ROOT,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(parts(markdown), ensure_ascii=False)},
    )
    source = Path(__file__).with_suffix(".typ")
    pdf = compiler.compile(source, format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=STAMP)
    assert isinstance(pdf, bytes)
    return pdf


def parts(markdown: str) -> Json:
    """Title and blocks of the little Markdown that the page uses: headings, paragraphs, lists, a table."""
    title, *blocks = [one for one in re.split(r"\n\s*\n", markdown.strip()) if one]
    return {"title": title.removeprefix("# "), "blocks": [one for block in blocks for one in _blocks(block)]}


def _blocks(text: str) -> list[Json]:
    if text == PRINT:
        return []
    if text.startswith("<img"):
        shown = [found for found in _PICTURE.finditer(text) if found[2] in PRINTED]
        return [{"kind": "picture", "path": f"/docs/{found[1]}", "alt": found[3]} for found in shown]
    return [_block(text)]


def _block(text: str) -> Json:
    if text.startswith("## "):
        return {"kind": "heading", "text": text.removeprefix("## ")}
    if text.startswith("|"):
        rows = [line.strip("|").split("|") for line in text.splitlines() if not line.startswith("| ---")]
        return {"kind": "table", "rows": [[_runs(cell) for cell in row] for row in rows]}
    for kind, mark in (("points", r"- "), ("steps", r"\d+\. ")):
        if re.match(mark, text):
            return {"kind": kind, "items": [_runs(one) for one in re.split(rf"(?m)^{mark}", text)[1:]]}
    return {"kind": "prose", "runs": _runs(text)}


def _runs(text: str) -> list[Json]:
    flat = " ".join(text.split())
    return [{"kind": found.lastgroup, "text": found[found.lastgroup or 0]} for found in _RUN.finditer(flat)]
