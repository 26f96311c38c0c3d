"""The ranking and all points as XLSX: figures are numbers, and nothing that somebody typed can become a formula."""

from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.papers.sheets import saved, sheet_cell
from handlers.selection.figures import CENTS
from handlers.selection.words import fate_words
from locales import N_, Voice
from models.ballot.looking import electorate
from models.ballot.rows import Ballot, Elector, Vote
from models.ballot.rules import Stage
from models.selection.counting import frozen_selection, is_out
from models.selection.ranking import Selection
from models.selection.reading import call_of, said_in
from models.selection.rules import HUNDREDTH, Call, Part
from models.spreadsheet.marks import neutral

Value = str | int | float | None
Rows = Sequence[tuple[Elector, Ballot | None]]
MONEY, POINTS = "#,##0.00\u00a0€", "0.00"
LONGEST_COLUMN = 60  # characters
ABOUT = (N_("Rank"), N_("Project"), N_("Sponsor"), N_("Mean"), N_("Scores"), N_("Lowest"), N_("Highest"))
RANKING = (*ABOUT, N_("Applied for"), N_("Result"))
MANDATE = (N_("Mandate"), N_("Confirmed"), N_("No."), N_("Project"))
CRITERION = (N_("Criterion"), N_("Highest points"), N_("Weight"))


async def workbook(session: AsyncSession, voice: Voice, vote: Vote) -> bytes:
    """The result of a closed selection."""
    call, said = await call_of(session, vote.number), await said_in(session, vote.number)
    rows = await electorate(session, vote.number)
    book = Workbook()
    ranking, points = book.worksheets[0], book.create_sheet(voice.plain("Points"))
    criteria = book.create_sheet(voice.plain("Criteria"))
    ranking.title = voice.plain("Ranking")
    _fill(ranking, _ranking(voice, frozen_selection(vote)), {4: POINTS, 6: POINTS, 7: POINTS, 8: MONEY})
    _fill(points, _points(voice, call, rows, said), {5 + len(call.criteria): POINTS})
    _fill(criteria, _criteria(voice, call), {})
    return saved(book)


def _ranking(voice: Voice, result: Selection) -> Iterable[Sequence[Value]]:
    yield [voice.plain(one) for one in RANKING]
    for one in result.standings:
        figures = [None if value is None else float(value) for value in (one.mean, one.low, one.high)]
        about = [one.rank, f"{one.project.number} · {one.project.title}", one.project.sponsor, figures[0], one.scores]
        yield [*about, *figures[1:], one.project.applied / CENTS, fate_words(voice, result, one)]


def _points(voice: Voice, call: Call, rows: Rows, said: dict[int, Part]) -> Iterable[Sequence[Value]]:
    yield [
        *(voice.plain(one) for one in MANDATE),
        *(one.name for one in call.criteria),
        voice.plain("Weighted"),
        voice.plain("Counts"),
    ]
    yes, no = voice.plain("yes"), voice.plain("no")
    for elector, ballot in rows:
        part, out = said.get(elector.mandate_id, Part()), is_out(elector, ballot)
        confirmed = yes if ballot and ballot.choice == Stage.CONFIRMED else no
        for project in call.projects:
            card, weighed = part.card(call, project.number), part.weighed(call, project.number)
            if not card and project.number not in part.aside and not out:
                continue
            counts = yes if weighed is not None and not out else no
            given = [card.get(one.place) for one in call.criteria]
            mean = None if weighed is None else float(weighed)
            yield [elector.name, confirmed, project.number, project.title, *given, mean, counts]


def _criteria(voice: Voice, call: Call) -> Iterable[Sequence[Value]]:
    yield [voice.plain(one) for one in CRITERION]
    for one in call.criteria:
        yield [one.name, one.maximum, one.weight / HUNDREDTH]


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Value]], formats: dict[int, str]) -> None:
    widths: dict[int, int] = {}
    for row in rows:
        cells = [sheet_cell(sheet, neutral(value) if isinstance(value, str) else value) for value in row]
        for at, cell in enumerate(cells, 1):
            if at in formats and isinstance(cell.value, float):
                cell.number_format = formats[at]
            widths[at] = max(widths.get(at, 0), len(str(cell.value or "")) + 2)
        sheet.append(cells)
    for heading in sheet[1]:
        heading.font = Font(bold=True)
    for at, width in widths.items():
        sheet.column_dimensions[get_column_letter(at)].width = min(width, LONGEST_COLUMN)
    sheet.freeze_panes = "A2"
