"""Rows as CSV and as a workbook. Nothing that somebody typed is computed by a spreadsheet."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

# What makes a spreadsheet take a cell for a formula, in both widths of writing:
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = tuple("=+-@|%＝＋－＠")
# Control signs (a workbook must not hold them), what steers writing, halves of signs, and what is no sign at all.
NEVER_IN_A_CELL = {"Cc", "Cf", "Cs", "Cn"}
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Windows-1252
LONGEST_NAME = 31  # of a worksheet
NOT_IN_A_NAME = dict.fromkeys(map(ord, "[]:*?/\\'"), " ")
LONGEST_CELL = 32767  # characters: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
NARROWEST, WIDEST = 8, 50  # of a column, in characters


def bare(text: str) -> str:
    """The text without control signs and without what steers writing; line ends stay, tabs become blanks."""
    plain = text.replace("\r\n", "\n").replace("\r", " ").replace("\t", " ")
    return "".join(one for one in plain if one == "\n" or unicodedata.category(one) not in NEVER_IN_A_CELL)


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet computes: what looks like a formula begins with an apostrophe."""
    plain = bare(text)
    return f"'{plain}" if plain.lstrip().startswith(FORMULA_STARTS) else plain


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


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet: headings that stay in sight, texts only, columns as wide as what stands in them."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = bare(title).translate(NOT_IN_A_NAME)[:LONGEST_NAME].strip() or "1"
    table = [list(headings), *map(list, rows)]
    for place, row in enumerate(table, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(place, column, neutral(text)[:LONGEST_CELL])
            cell.data_type = TYPE_STRING
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=place == 1)
    for column in range(len(headings)):
        longest = max((len(row[column]) for row in table), default=0)
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
