"""The lists as files: a template of each, and each as it stands. Their columns are those that are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.office.files.hints import HINTS, Hint
from handlers.papers.sheets import Page, csv_file, workbook_of
from handlers.speech import File
from locales import N_, Voice
from models.deadline import office_calendar
from models.knowledge import Rank
from models.roll import (
    DEADLINES,
    MEETINGS,
    MEMBERS,
    SOURCES,
    choices,
    columns,
    listed_sources,
    required,
    rows_of,
    rows_of_sources,
    source_columns,
    take_snapshot,
)
from models.selection import lists as selection

PROJECTS = "projects"
TITLES = {
    MEMBERS: N_("Members and roles"),
    DEADLINES: N_("Deadlines"),
    MEETINGS: N_("Meetings"),
    SOURCES: N_("Sources"),
    PROJECTS: N_("Projects of a selection"),
}
STANDING = (MEMBERS, DEADLINES, MEETINGS, SOURCES)  # projects belong to their vote
HINT_HEADINGS = (N_("Column"), N_("Needed"), N_("What stands here"), N_("For example"))


@dataclass(frozen=True, slots=True)
class Definition:
    """A list as it is read: its columns, those it must have, and the words to choose from."""

    columns: Sequence[str]
    required: Sequence[str]
    choices: Mapping[str, Sequence[str]]


def definition(kind: str) -> Definition:
    """What its reader says of a list."""
    if kind == PROJECTS:
        return Definition(selection.COLUMNS, selection.COLUMNS, {})
    if kind == SOURCES:
        return Definition(source_columns(), ("key",), {"rank": tuple(Rank)})
    return Definition(columns(kind), required(kind), choices(kind))


def template(voice: Voice, kind: str) -> list[File]:
    """An empty list as CSV and as XLSX. What its columns mean stands on a second sheet, which is never read."""
    return _files(voice, kind, [])


async def standing(session: AsyncSession, voice: Voice, kind: str) -> list[File]:
    """A list as it stands, as CSV and as XLSX; sent back it changes nothing."""
    return _files(voice, kind, await standing_rows(session, kind))


async def standing_rows(session: AsyncSession, kind: str) -> list[list[str]]:
    """The rows of a list as it stands."""
    calendar = await office_calendar(session)
    if kind == SOURCES:
        return rows_of_sources(await listed_sources(session), calendar)
    return rows_of(kind, await take_snapshot(session), calendar)


def _files(voice: Voice, kind: str, rows: Sequence[Sequence[str]]) -> list[File]:
    known = definition(kind)
    pages = [
        Page(kind, known.columns, rows, known.choices, typed=True),
        Page(voice.plain("Notes"), [voice.plain(one) for one in HINT_HEADINGS], columns_explained(voice, kind)),
    ]
    return [File(f"{kind}.csv", csv_file([known.columns, *rows])), File(f"{kind}.xlsx", workbook_of(pages))]


def columns_explained(voice: Voice, kind: str) -> list[list[str]]:
    """Each column of a list: its name, whether it is needed, what stands there, and an example."""
    known, rows = definition(kind), []
    for column in known.columns:
        hint, needed = HINTS[kind][column], voice.plain("yes") if column in known.required else ""
        rows.append([column, needed, _told(voice, hint, known.choices.get(column, ())), hint.example])
    return rows


def _told(voice: Voice, hint: Hint, words: Sequence[str]) -> str:
    said = voice.plain(hint.text)
    return voice.plain("%(text)s Possible: %(words)s", text=said, words=", ".join(words)) if words else said
