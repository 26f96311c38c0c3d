"""Rows as CSV and as a workbook. Nothing that somebody typed is computed by a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.spreadsheet.marks import bare, neutral

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Windows-1252
LONGEST_NAME = 31  # of a worksheet
NOT_IN_A_NAME = dict.fromkeys(map(ord, "[]:*?/\\'"), " ")
LONGEST_CELL = 32767  # characters: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
NARROWEST, ROOM_TO_TYPE, WIDEST = 8, 16, 50  # of a column, in characters
LAST_OFFERED = 2000  # the last row in which words are offered
PROPERTIES = "docProps/core.xml"
MADE_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def sheet_cell(sheet: Worksheet, value: str | float | None) -> Cell:
    """A cell that is what its value is: a figure can be reckoned with, a text (neutral already) is never computed."""
    cell: Cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = TYPE_STRING
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV: semicolon, UTF-8 with BOM."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
    return (BYTE_ORDER_MARK + written.getvalue()).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook: headings and rows of texts.

    ``choices``: columns in which a spreadsheet offers words to choose from. ``typed``: what is typed there stays a text
    as it is, also where it looks like a date.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    typed: bool = False


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet: headings that stay in sight, texts only, columns as wide as what stands in them."""
    return workbook_of([Page(title, headings, list(rows))])


def workbook_of(pages: Sequence[Page]) -> bytes:
    """A workbook of several sheets, likewise."""
    book = Workbook()
    for number, page in enumerate(pages):
        _fill(book.create_sheet() if number else book.worksheets[0], page)
    return saved(book)


def _fill(sheet: Worksheet, page: Page) -> None:
    sheet.title = bare(page.title).translate(NOT_IN_A_NAME)[:LONGEST_NAME].strip() or "1"
    table = [list(page.headings), *map(list, page.rows)]
    for place, row in enumerate(table, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(place, column, neutral(text)[:LONGEST_CELL])
            cell.data_type = TYPE_STRING
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=place == 1)
            if page.typed:
                cell.number_format = FORMAT_TEXT
    for column, heading in enumerate(page.headings):
        texts = [row[column] for row in table if column < len(row)]
        longest = max(len(line) for text in texts for line in text.split("\n"))
        dimension = sheet.column_dimensions[get_column_letter(column + 1)]
        dimension.width = min(max(longest + 2, ROOM_TO_TYPE if page.typed else NARROWEST), WIDEST)
        if page.typed:
            dimension.number_format = FORMAT_TEXT
        if heading in page.choices:
            _offer(sheet, get_column_letter(column + 1), page.choices[heading])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _offer(sheet: Worksheet, letter: str, words: Sequence[str]) -> None:
    offered = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, errorStyle="warning")
    offered.add(f"{letter}2:{letter}{LAST_OFFERED}")
    sheet.add_data_validation(offered)


def saved(book: Workbook) -> bytes:
    """A workbook's bytes; the same workbook gives the same bytes, whenever it is saved."""
    kept, settled = BytesIO(), BytesIO()
    book.save(kept)
    with ZipFile(kept) as made, ZipFile(settled, "w", ZIP_DEFLATED) as packed:
        for name in made.namelist():
            content = made.read(name)
            # No clock: neither the library's idea of when it was made, nor that of its parts.
            content = MADE_AT.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content) if name == PROPERTIES else content
            packed.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return settled.getvalue()
