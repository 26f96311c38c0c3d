"""The engine: texts stay texts, the same facts make the same bytes, and nothing outside the templates is read."""

import asyncio
import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from handlers.papers import engine
from handlers.papers.engine import TEMPLATES, compile_pdf, compile_png
from handlers.papers.signs import covered, legible
from tests.handlers.papers.samples import pages, squeezed

AT = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
NASTY = (
    '#panic("x")',
    '#import "/base.typ": *',
    "$ sum_(i=1)^n $",
    "]",
    "[",
    '```\n#read("/etc/passwd")\n```',
    "*fett* _kursiv_ @ref <label> = Titel",
    "\\u{202e} \\",
    "// Kommentar /* */",
    '"); #panic()',
    "😀👩‍👩‍👧🏳️‍🌈",
    "\u202egnp.exe\u202c\u200f",
    "مرحبا שלום Привет 漢字",
    "x" * 3000,
    "\ud800",
    "\ue000\ufeff\ufffe\x00",
    "Z" + "\u0301" * 500,
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(categories=None, codec=None), max_size=300))


def opened(content: bytes) -> Any:
    return PdfReader(BytesIO(content))


def letter(**changes: Any) -> dict[str, Any]:
    usual = {
        "language": "de",
        "sender": "ReKo",
        "address": ["IHK"],
        "dated": "01.12.2026",
        "title": "Betreff",
        "text": "Text",
        "facts": [],
        "list": [],
        "list-title": "",
        "closing": "",
        "signed": "",
        "reply": None,
    }
    file = {"words": {"page": "Seite {page} von {pages}"}, "language": "de", "office": "ReKo", "footer": ""}
    return {**file, "title": changes.get("title", "Betreff"), "letters": [{**usual, **changes}]}


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_compiles(title: str, text: str) -> None:
    data = letter(title=title or "x", text=text, address=[title, text], facts=[(title, text)])
    assert compile_pdf("letter.typ", data, AT).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("text", [one for one in NASTY[:10] if "\n" not in one])
def test_markup_in_a_text_is_text(text: str) -> None:
    assert squeezed(text) in squeezed(pages(compile_pdf("letter.typ", letter(text=text), AT)))


def test_every_sign_that_we_let_pass_can_be_set() -> None:
    signs = " ".join(chr(one) for one in range(sys.maxunicode + 1) if covered(one))
    assert compile_pdf("letter.typ", letter(text=signs, title=signs), AT)


def test_the_same_facts_make_the_same_bytes_and_the_date_is_theirs() -> None:
    first = compile_pdf("letter.typ", letter(), AT)
    assert compile_pdf("letter.typ", letter(), AT.astimezone(ZoneInfo("Europe/Berlin"))) == first
    assert opened(first).metadata.creation_date == AT
    assert compile_pdf("letter.typ", letter(), AT + timedelta(seconds=1)) != first


def test_another_process_elsewhere_makes_the_same_bytes() -> None:
    code = (
        "import sys; from datetime import datetime; from handlers.papers.engine import compile_pdf;"
        f"made = compile_pdf('letter.typ', {letter()!r}, datetime.fromisoformat('{AT.isoformat()}'));"
        "sys.stdout.buffer.write(made)"
    )
    made = subprocess.run(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        cwd=TEMPLATES.parents[2],
        env={**os.environ, "TZ": "Asia/Tokyo", "LANG": "C"},
    )
    assert made.stdout == compile_pdf("letter.typ", letter(), AT)


def test_it_says_that_it_is_for_archives_and_accessible() -> None:
    reader = opened(compile_pdf("letter.typ", letter(), AT))
    meta = reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else ""
    assert "<pdfaid:part>2</pdfaid:part>" in meta
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in meta
    assert "<pdfuaid:part>1</pdfuaid:part>" in meta
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert "/OutputIntents" in root
    assert reader.metadata.title == "Betreff"


def fonts_of(reader: Any) -> Iterator[Any]:
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            yield from (one.get_object() for one in font["/DescendantFonts"])


def test_every_font_is_embedded() -> None:
    found = list(fonts_of(opened(compile_pdf("letter.typ", letter(text="Ja ✓ 😀"), AT))))
    assert len(found) >= 3
    for one in found:
        assert {"/FontFile2", "/FontFile3"} & set(one["/FontDescriptor"])


def test_a_picture_is_as_wide_as_its_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "one.typ").write_text("#set page(width: 120pt, height: 80pt)\nx", "utf-8")
    monkeypatch.setattr(engine, "TEMPLATES", tmp_path)
    assert struct.unpack(">II", compile_png("one.typ", {})[16:24]) == (120, 80)
    assert struct.unpack(">II", compile_png("one.typ", {}, ppi=144)[16:24]) == (240, 160)


@pytest.mark.parametrize("source", ['#read("../secret.txt")', '#read("/../secret.txt")'])
def test_nothing_outside_the_templates_is_read(source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "one.typ").write_text(source, "utf-8")
    monkeypatch.setattr(engine, "TEMPLATES", inner)
    with pytest.raises(typst.TypstError):
        compile_png("one.typ", {})


def test_no_template_asks_for_a_package_or_another_file() -> None:
    for path in TEMPLATES.glob("*.typ"):
        source = path.read_text("utf-8")
        assert "@preview" not in source
        assert not re.search(r"\b(read|eval|plugin|include|image)\((?!bytes\()", source)


async def test_papers_leave_the_event_loop_free() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0)
            beats += 1

    beating = asyncio.create_task(beat())
    long = letter(text="Wort für Wort. " * 2000)
    made = await asyncio.gather(*(asyncio.to_thread(compile_pdf, "letter.typ", long, AT) for _ in range(2)))
    beating.cancel()
    assert made[0] == made[1]
    assert beats > 10


def test_legible_holds_for_what_is_nested() -> None:
    assert engine.printable({"a": ["\x00b", ("c", 1)], "d": None}) == {"a": ["b", ["c", 1]], "d": None}
    assert legible("") == ""
