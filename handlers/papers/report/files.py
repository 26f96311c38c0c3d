"""A report as PDF, as a workbook and as CSV. Each is made of the same worded sections as the message in the chat."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from handlers.papers.blocks import Block, Document, Grid, Heading, Prose, Remarks, document_pdf
from handlers.papers.report.values import HOUR, Figure, Section, Value, Worded, shown
from handlers.papers.sheets import LONGEST_NAME, NOT_IN_A_NAME, csv_file, sheet_cell
from handlers.papers.values import Table
from locales import Voice
from models.report.rules import Share
from models.spreadsheet.marks import neutral

Cell = str | float
DECIMAL = "0.0"
WIDTHS = (24, 46, 12, 16, 16, 34, 34)


def report_document(report: Worded, voice: Voice) -> Document:
    """The report as blocks."""
    return Document(
        office=report.office,
        running=report.title,
        footer=voice.plain("As of: %(moment)s", moment=voice.stamp(report.as_of)),
        above=report.office,
        title=report.title,
        as_of=report.as_of,
        blocks=[Remarks(report.remarks), *(block for one in report.sections for block in _section(one, report, voice))],
    )


def _section(section: Section, report: Worded, voice: Voice) -> Iterator[Block]:
    yield Heading(section.title)
    # Of what holds now alone neither the period nor the one before would be right above it.
    headings = (
        (voice.plain("Figure"), report.period, report.before) if section.compared else (voice.plain("Figure"), "")
    )
    rows = [(one.label, shown(one.now, voice), shown(one.before, voice))[: len(headings)] for one in section.figures]
    yield Grid(Table("", headings, rows, numeric=(1, 2), shares=(66, 36, 36)[: len(headings)]))
    for table in section.tables:
        yield Grid(table)
    for note in section.notes:
        yield Prose(note)


def report_pdf(report: Worded, voice: Voice) -> bytes:
    """The report as PDF/A."""
    return document_pdf(report_document(report, voice), voice)


# --- tables


def _rows(report: Worded, voice: Voice) -> Iterator[list[Cell]]:
    """A figure a row: as a number with its unit, and in words."""
    before = voice.plain("Before: %(period)s", period=report.before)
    words = [voice.plain("In words"), voice.plain("Before, in words")]
    yield [voice.plain("About"), voice.plain("Figure"), voice.plain("Unit"), report.period, before, *words]
    for section in report.sections:
        for one in section.figures:
            numbers = [_number(one.now, voice), _number(one.before, voice)]
            yield [
                section.title,
                one.label,
                _unit(one, voice),
                *numbers,
                shown(one.now, voice),
                shown(one.before, voice),
            ]


def _number(value: Value, voice: Voice) -> Cell:
    """What a spreadsheet can reckon with; what is not known stays words."""
    match value:
        case int():
            return value
        case Share() if value.fraction is not None:
            return round(100 * value.fraction, 1)
        case timedelta():
            return round(value / HOUR, 2)
        case _:
            return shown(value, voice)


def _unit(figure: Figure, voice: Voice) -> str:
    values = (figure.now, figure.before)
    if any(isinstance(one, Share) for one in values):
        return voice.plain("per cent")
    return voice.plain("hours") if any(isinstance(one, timedelta) for one in values) else voice.plain("number")


def report_csv(report: Worded, voice: Voice) -> bytes:
    """All figures and tables as CSV, one below the other."""
    rows = [[_spelled(cell, voice) for cell in row] for row in _rows(report, voice)]
    for section in report.sections:
        for table in section.tables:
            rows += [[], [table.title], list(table.headings), *map(list, table.rows)]
    notes = [*report.remarks, *(note for one in report.sections for note in one.notes)]
    return csv_file([[report.title, report.office], [], *rows, [], *([note] for note in notes)])


def _spelled(cell: Cell, voice: Voice) -> str:
    """A number as this language's spreadsheets read it: „0,75"."""
    if isinstance(cell, float):
        written = f"{cell:.4f}".rstrip("0").rstrip(".")
        return written.replace(".", ",") if voice.german else written
    return str(cell)


def report_xlsx(report: Worded, voice: Voice) -> bytes:
    """A workbook: the figures on its first sheet, then one sheet a table."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = _sheet_name(voice.plain("Figures"))
    _fill(first, _rows(report, voice), WIDTHS)
    notes = [*report.remarks, *(note for one in report.sections for note in one.notes)]
    for table in (table for section in report.sections for table in section.tables):
        sheet = book.create_sheet(_sheet_name(table.title))
        _fill(sheet, [table.headings, *(_numbers(row, table.numeric) for row in table.rows)], ())
        notes += [table.note] if table.note else []
    _fill(
        book.create_sheet(_sheet_name(voice.plain("Remarks"))),
        [[voice.plain("Remarks")], *([one] for one in notes)],
        (100,),
    )
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _sheet_name(title: str) -> str:
    return title.translate(NOT_IN_A_NAME)[:LONGEST_NAME].strip()


def _numbers(row: Sequence[str], numeric: Sequence[int]) -> list[Cell]:
    return [int(cell) if at in numeric and cell.isdigit() else cell for at, cell in enumerate(row)]


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> None:
    longest: dict[int, int] = dict(enumerate(widths, 1))
    for row in rows:
        cells = [sheet_cell(sheet, neutral(one) if isinstance(one, str) else one) for one in row]
        for at, (cell, value) in enumerate(zip(cells, row, strict=True), 1):
            if isinstance(value, float):
                cell.number_format = DECIMAL
            if not widths:
                longest[at] = min(max(longest.get(at, 0), len(str(value)) + 2), max(WIDTHS))
        sheet.append(cells)
    for heading in sheet[1]:
        heading.font = Font(bold=True)
    for at, width in longest.items():
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
