"""The lists as they stand, spelled as a file of the office folder has them: reading one again changes nothing. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from models.calendar import Calendar
from models.member import Role
from models.roll.cells import moment
from models.roll.lists import columns
from models.roll.sources import source_columns
from models.roll.values import DEADLINES, MEETINGS, MEMBERS, Snapshot

_KEYS = {MEMBERS: ("body", "mandate", "role", "name"), DEADLINES: ("key",), MEETINGS: ("key",)}
_FIELDS = {
    "opens": "opens_at",
    "due": "due_at",
    "start": "starts_at",
    "end": "ends_at",
}  # columns and the store's names


def rows_of(kind: str, snapshot: Snapshot, calendar: Calendar) -> list[list[str]]:
    """The rows of a list (MEMBERS, DEADLINES, MEETINGS) without its headings, in the order of ``columns(kind)``."""
    found = []
    stored = snapshot.rows[kind]
    for key in sorted(stored, key=_place_of_member) if kind == MEMBERS else stored:
        fields = stored[key]
        cells: dict[str, Any] = dict(zip(_KEYS[kind], key, strict=True))
        for column in columns(kind):
            if column not in cells:
                cells[column] = fields[_FIELDS.get(column, column)]
        found.append([spell(cells[column], calendar) for column in columns(kind)])
    return found


def _place_of_member(key: tuple[str, ...]) -> tuple[bool, str, int, str, str]:
    """Body by body, seat holders first; the office and sponsors at the end."""
    body, mandate, role, name = key
    return not body, body, list(Role).index(Role(role)), mandate, name


def rows_of_sources(sources: Iterable[Mapping[str, Any]], calendar: Calendar) -> list[list[str]]:
    """The rows of the list of sources, likewise."""
    return [[spell(one[column], calendar) for column in source_columns()] for one in sources]


def spell(value: Any, calendar: Calendar) -> str:
    """A value as a cell holds it; lists in a cell are parted by blanks."""
    match value:
        case None:
            found = ""
        case bool():
            found = "ja" if value else "nein"
        case datetime():
            found = _instant(value, calendar)
        case date():
            found = f"{value:%d.%m.%Y}"
        case list() | tuple():
            found = _joined(value)
        case _:
            found = str(value)
    return found


def _joined(values: Sequence[Any]) -> str:
    return " ".join(str(one) for one in values)


def _instant(value: datetime, calendar: Calendar) -> str:
    """„20.03.2026 12:00"; with its zone where that would be read as another instant: in the hour that comes twice."""
    local = calendar.local(value)
    written = f"{local:%d.%m.%Y %H:%M}"
    return written if moment(calendar)(written) == value else local.isoformat()
