"""The week's list: what was asked and not found, as a message and as a spreadsheet. Nobody who asked is named."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openpyxl import Workbook
from openpyxl.styles import Font

from handlers.papers.sheets import saved, sheet_cell
from handlers.speech import File, Message, shorten
from locales import N_, Voice
from models.question import Week
from models.spreadsheet.marks import neutral

MOST_LINES = 15  # the others stand in the file
LINE = 160  # characters of a question in the message
FINDINGS = {
    "none": N_("nothing found"),
    "near": N_("only headings near it"),
    "no date": N_("no such date entered"),
    "not helpful": N_("answered, not helpful"),
}
WIDTHS = {"A": 80, "B": 12, "C": 28, "D": 16, "E": 22}


def unfound_message(voice: Voice, week: Week, since: datetime, until: datetime) -> Message:
    """What was asked from ``since`` to just before ``until`` and not found, the most asked first."""
    last = until - timedelta(minutes=1)
    lines = [
        voice.say("<b>Asked and not found</b>, %(first)s to %(last)s", first=voice.day(since), last=voice.day(last)),
        voice.plural("%(number)s question", "%(number)s questions", week.asked)
        + voice.say(
            ", helpful: %(helpful)s, not helpful: %(not_helpful)s",
            helpful=week.helpful,
            not_helpful=week.not_helpful,
        ),
    ]
    lines += [
        voice.say(
            "%(times)s times: %(text)s (%(finding)s)",
            times=one.asked,
            text=shorten(" ".join(one.text.split()), LINE),
            finding=voice.plain(FINDINGS[one.finding]),
        )
        for one in week.unfound[:MOST_LINES]
    ]
    if len(week.unfound) > MOST_LINES:
        lines.append(voice.say("All %(number)s stand in the file.", number=len(week.unfound)))
    name = voice.plain("questions-%(day)s.xlsx", day=f"{last:%Y-%m-%d}")
    return Message("\n".join(lines), files=[File(name, workbook(voice, week))])


def workbook(voice: Voice, week: Week) -> bytes:
    """The list as XLSX. Nothing that somebody typed can become a formula in it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = voice.plain("Asked and not found")[:31]  # the longest name Excel takes
    head = (N_("Question"), N_("Asked"), N_("Found"), N_("To the office"), N_("Last asked"))
    rows: list[Sequence[str | int]] = [[voice.plain(one) for one in head]]
    rows += [
        [
            one.text,
            one.asked,
            voice.plain(FINDINGS[one.finding]),
            voice.plain("yes") if one.handed_on else voice.plain("no"),
            voice.stamp(one.last_asked_at),
        ]
        for one in week.unfound
    ]
    for row in rows:
        sheet.append([sheet_cell(sheet, neutral(value) if isinstance(value, str) else value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    return saved(book)
