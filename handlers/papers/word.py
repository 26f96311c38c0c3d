"""A document of blocks as Word (DOCX), to go on writing in: real headings, tables, lists, page numbers."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph

from handlers.papers.blocks import (
    Block,
    Counts,
    Document,
    Facts,
    Grid,
    Heading,
    Numbered,
    Prose,
    Remarks,
    Room,
    Wording,
)
from handlers.papers.values import Table
from handlers.papers.wording import page_word
from locales import Voice
from models.spreadsheet.marks import bare

FONT = "Arial"  # every office has it
INK, MUTED = RGBColor(0x14, 0x20, 0x2B), RGBColor(0x4A, 0x57, 0x63)
HAIRLINE = "8A949D"
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
SIZES = {"Normal": 10.5, "Heading 1": 17, "Heading 2": 12.5, "Heading 3": 11, "Header": 8.5, "Footer": 8.5}
SPACES = {"Normal": (0, 6), "Heading 1": (4, 12), "Heading 2": (18, 6), "Heading 3": (12, 4)}  # points
PAGE, MARGINS = (Cm(21), Cm(29.7)), (Cm(2.5), Cm(2))  # A4; left and right
TEXT_WIDTH = Cm(21 - 2.5 - 2)
LABEL_WIDTH = Cm(4.6)
NARROWEST, WIDEST = 9, 34  # of a column, in characters, when the width is shared out


def document_docx(document: Document, voice: Voice) -> bytes:
    """The document as Word. Nothing in it is computed, and no text can become anything but text."""
    word = docx.Document()
    _set_up(word, document, voice)
    above = word.add_paragraph(bare(document.above))
    above.runs[0].font.color.rgb = MUTED
    word.add_heading(bare(document.title), 1)
    for block in document.blocks:
        _write(word, block)
    _signatures(word, (voice.plain("Place, date"), *document.signatures))
    written = BytesIO()
    word.save(written)
    return written.getvalue()


def _set_up(word: WordDocument, document: Document, voice: Voice) -> None:
    about = word.core_properties
    about.title, about.author, about.last_modified_by = bare(document.title), bare(document.office), ""
    about.comments, about.language = "", voice.locale.replace("_", "-")
    about.created = about.modified = document.as_of.replace(tzinfo=None)
    _style(word, voice.locale.replace("_", "-"))
    section = word.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin, section.right_margin = MARGINS
    section.top_margin = section.bottom_margin = Cm(2.5)
    _two_sided(section.header.paragraphs[0], document.office, document.running)
    footer = section.footer.paragraphs[0]
    _two_sided(footer, document.footer, "")
    before, between = page_word(voice).split("{page}")
    between, after = between.split("{pages}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        footer.add_run(text)
        if field:
            footer._p.append(_field(field))  # noqa: SLF001 - the library has no call for fields


def _style(word: WordDocument, language: str) -> None:
    """One typeface for all, ink instead of the template's blue, quiet lines in tables, the spelling's language."""
    for name, size in SIZES.items():
        style: Any = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
        style.font.bold = name.startswith("Heading") or None
        if name in SPACES:
            style.paragraph_format.space_before, style.paragraph_format.space_after = map(Pt, SPACES[name])
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()  # a theme's typeface goes before one that is named
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    for colour in word.styles.element.iter(qn("w:color")):
        colour.attrib.clear()
        colour.set(qn("w:val"), str(INK))
    for side in word.styles["Table Grid"].element.iter(*(qn(f"w:{one}") for one in BORDERS)):
        side.set(qn("w:color"), HAIRLINE)
    for one in word.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), language)


def _two_sided(paragraph: Paragraph, left: str, right: str) -> None:
    paragraph.paragraph_format.tab_stops.clear_all()
    for stop in paragraph.style.paragraph_format.tab_stops if paragraph.style else ():
        paragraph.paragraph_format.tab_stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{bare(left)}\t{bare(right)}")


def _field(name: str) -> Any:
    """A field that Word fills in: https://learn.microsoft.com/openspecs/office_standards/ms-oe376 § 2.16."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"  # until it is filled in
    run.append(text)
    field.append(run)
    return field


def _write(word: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            word.add_heading(bare(block.text), block.level)
        case Prose():
            _paragraphs(word, block.text, strong=block.strong)
        case Facts():
            _facts(word, block.rows)
        case Numbered() | Remarks():
            _listed(word, block.rows, "List Number" if isinstance(block, Numbered) else "List Bullet")
        case Grid():
            _grid(word, block.table)
        case Wording():
            for one in _paragraphs(word, block.text):
                one.paragraph_format.left_indent = Cm(0.8)
        case Counts():
            _counts(word, block.rows)
        case Room():
            word.add_paragraph()


def _paragraphs(word: WordDocument, text: str, *, strong: bool = False) -> list[Paragraph]:
    written = [word.add_paragraph(line) for line in bare(text).split("\n") if line.strip()]
    for one in written:
        one.runs[0].bold = strong or None
    return written


def _listed(word: WordDocument, rows: Sequence[str], style: str) -> None:
    for one in rows:
        word.add_paragraph(bare(one), style).paragraph_format.space_after = Pt(2)


def _facts(word: WordDocument, rows: Sequence[tuple[str, str]]) -> None:
    table = _table(word, len(rows), [LABEL_WIDTH, Length(TEXT_WIDTH - LABEL_WIDTH)])
    for cells, (label, value) in zip(table.rows, rows, strict=True):
        _fill(cells.cells[0], label).font.color.rgb = MUTED
        _fill(cells.cells[1], value)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _grid(word: WordDocument, table: Table) -> None:
    if table.title:
        word.add_heading(bare(table.title), 3)
    made = _table(word, len(table.rows) + 1, _widths(table), "Table Grid")
    for cell, text in zip(made.rows[0].cells, table.headings, strict=True):
        _fill(cell, text).bold = True
    for row, texts in zip(made.rows[1:], table.rows, strict=True):
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            _fill(cell, text)
            if place in table.numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _mark(made.rows[0], "w:tblHeader")
    word.add_paragraph(bare(table.note))


def _widths(table: Table) -> list[Length]:
    """The width of the text, shared out by the longest cell of each column."""
    if table.shares:
        return [Length(int(TEXT_WIDTH * one / sum(table.shares))) for one in table.shares]
    columns = zip(table.headings, *table.rows, strict=True)
    wanted = [min(max(NARROWEST, *map(len, column)), WIDEST) for column in columns]
    return [Length(int(TEXT_WIDTH * one / sum(wanted))) for one in wanted]


def _counts(word: WordDocument, rows: Sequence[tuple[str, str]]) -> None:
    table = _table(word, 2, [Length(int(TEXT_WIDTH / len(rows)))] * len(rows), "Table Grid")
    for place, pair in enumerate(rows):
        for row, text in zip(table.rows, pair, strict=True):
            _fill(row.cells[place], text)
            row.cells[place].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        table.rows[0].cells[place].paragraphs[0].runs[0].font.size = Pt(8.5)
        table.rows[1].cells[place].paragraphs[0].runs[0].bold = True
    _mark(table.rows[0], "w:tblHeader")
    word.add_paragraph()


def _signatures(word: WordDocument, labels: Sequence[str]) -> None:
    """Lines to sign on, each with its label below."""
    word.add_paragraph().paragraph_format.space_before = Pt(42)
    table = _table(word, 1, [Length(int(TEXT_WIDTH / len(labels)))] * len(labels))
    for cell, label in zip(table.rows[0].cells, labels, strict=True):
        run = _fill(cell, f"______________________\n{label}")
        run.font.size, run.font.color.rgb = Pt(9), MUTED


def _table(word: WordDocument, rows: int, widths: Sequence[Length], style: str | None = None) -> WordTable:
    """An empty table of fixed widths whose rows are not parted by a page's end."""
    table: WordTable = word.add_table(rows, len(widths), style)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for row in table.rows:
        _mark(row, "w:cantSplit")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - the library has no call for it


def _fill(cell: WordCell, text: str) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    return paragraph.add_run(bare(text))
