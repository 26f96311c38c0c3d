"""From rows of text to rows of values: members, deadlines, meetings. Every fault is kept, none stops the reading."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from models.calendar import Calendar
from models.deadline import KINDS, STATUSES
from models.meeting.agenda import read_agenda, write_agenda
from models.member import Role
from models.roll import cells
from models.roll.cells import Reader, UnfitCellError
from models.roll.tables import Line, Table, read_table
from models.roll.values import DEADLINES, MEETINGS, MEMBERS, WHOLE_FILE, Fault, Row

_REQUIRED = {
    MEMBERS: ("body", "mandate", "role", "name"),
    DEADLINES: ("key", "title", "kind", "due"),
    MEETINGS: ("key", "body", "title", "start", "end"),
}
# Which roles have a body and a mandate; a sponsor's name stands in the mandate column, their body may be left open.
NEEDS_BODY = {Role.MEMBER, Role.DEPUTY, Role.ADVISER, Role.GUEST}
NEEDS_MANDATE = {Role.MEMBER, Role.DEPUTY, Role.SPONSOR}
_FIELDS = {"opens": "opens_at", "due": "due_at", "start": "starts_at", "end": "ends_at"}


# The words that a cell of these columns may hold; of the others there are too many.
_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    MEMBERS: {"role": tuple(Role), "language": tuple(dict.fromkeys(cells.LANGUAGES.values())), "status": ("beendet",)},
    DEADLINES: {"kind": KINDS, "shift": ("ja", "nein"), "status": STATUSES[1:]},
    MEETINGS: {"status": STATUSES[1:]},
}


def required(kind: str) -> tuple[str, ...]:
    """The columns that a list must have."""
    return _REQUIRED[kind]


def columns(kind: str) -> tuple[str, ...]:
    """The columns of a list, in their order."""
    return tuple(_readers(kind, Calendar()))


def choices(kind: str) -> Mapping[str, tuple[str, ...]]:
    """The words among which a cell's value is chosen, by column."""
    return _CHOICES[kind]


def read_list(file: str, kind: str, content: bytes | Table, calendar: Calendar) -> tuple[list[Row], list[Fault]]:
    """The rows of one list (``kind``: MEMBERS, DEADLINES, MEETINGS), times read in the calendar's zone."""
    readers, finish = _readers(kind, calendar), _FINISH[kind]
    lines, faults = read_table(file, content, readers, _REQUIRED[kind])
    if any(fault.reason in WHOLE_FILE for fault in faults):
        return [], faults
    rows = []
    for line in lines:
        values, wrong = _read_line(line, readers)
        # A line with a fault beside its key still stands for its key: what hangs on it is not wrong as well.
        if all(column in values for column in _REQUIRED[kind]):
            key, values, more = finish(values, calendar)
            rows.append(Row(file, line.number, key, values))
            wrong += more
        faults += [Fault(file, line.number, column, unfit.reason, unfit.detail) for column, unfit in wrong]
    return rows, faults


def _readers(kind: str, calendar: Calendar) -> dict[str, Reader]:
    if kind == MEMBERS:
        return {
            "body": cells.line,
            "mandate": cells.line,
            "role": cells.role,
            "name": cells.needed,
            "language": cells.language,
            "status": cells.ended,
        }
    if kind == MEETINGS:
        return {
            "key": cells.needed,
            "body": cells.needed,
            "title": cells.needed,
            "start": cells.moment(calendar),
            "end": cells.needed,  # may be a clock time alone, read when the start is known
            "place": cells.line,
            "agenda": lambda cell: write_agenda(read_agenda(cells.text(cell))),
            "status": cells.status,
        }
    return {
        "key": cells.needed,
        "title": cells.needed,
        "kind": cells.kind,
        "areas": cells.areas,
        "opens": cells.moment(calendar, lent=time(0), optional=True),
        "due": cells.moment(calendar),
        "mode": cells.line,
        "place": cells.line,
        "copies": cells.line,
        "budget": cells.line,
        "audience": cells.audience,
        "leads": cells.leads,
        "shift": cells.yes,
        "source": cells.line,
        "status": cells.status,
    }


Wrong = list[tuple[str, UnfitCellError]]


def _read_line(line: Line, readers: Mapping[str, Reader]) -> tuple[dict[str, Any], Wrong]:
    values: dict[str, Any] = {}
    wrong: Wrong = []
    for column, reader in readers.items():
        cell = line.cells.get(column)
        if cell is None:
            continue
        try:
            values[column] = reader(cells.literal(cell))
        except UnfitCellError as unfit:
            wrong.append((column, unfit))
    return values, wrong


Finished = tuple[tuple[str, ...], dict[str, Any], Wrong]


def _finish_member(values: dict[str, Any], _calendar: Calendar) -> Finished:
    role = Role(values["role"])
    wrong: Wrong = []
    for column, needing in (("body", NEEDS_BODY), ("mandate", NEEDS_MANDATE)):
        if role in needing and not values[column]:
            wrong.append((column, UnfitCellError("missing")))
        elif role not in needing and values[column] and (column, role) != ("body", Role.SPONSOR):
            wrong.append((column, UnfitCellError("must be empty", role)))
    said: dict[str, Any] = {name: values[name] for name in ("language", "status") if name in values}
    if not said.get("language"):
        said.pop("language", None)  # an empty cell does not take back what is known
    return (values["body"], values["mandate"], role.value, values["name"]), said, wrong


def _finish_deadline(values: dict[str, Any], _calendar: Calendar) -> Finished:
    wrong: Wrong = []
    if values.get("opens") and values["opens"] >= values["due"]:
        wrong.append(("opens", UnfitCellError("opens after it closes")))
    fields = {_FIELDS.get(name, name): value for name, value in values.items() if name != "key"}
    return (values["key"],), fields, wrong


def _finish_meeting(values: dict[str, Any], calendar: Calendar) -> Finished:
    wrong: Wrong = []
    start: datetime = values["start"]
    try:
        values["end"] = _end(values["end"], start, calendar)
        if values["end"] <= start:
            raise UnfitCellError("ends before it starts")  # noqa: TRY301 - one place names the column
    except UnfitCellError as unfit:
        wrong.append(("end", unfit))
    fields = {_FIELDS.get(name, name): value for name, value in values.items() if name != "key"}
    return (values["key"],), fields, wrong


def _end(cell: str, start: datetime, calendar: Calendar) -> datetime:
    clock = cells.clock_of(cell)
    if clock is not None:
        return calendar.at(calendar.day(start), clock)
    end: datetime = cells.moment(calendar)(cell)
    return end


_FINISH: dict[str, Callable[[dict[str, Any], Calendar], Finished]] = {
    MEMBERS: _finish_member,
    DEADLINES: _finish_deadline,
    MEETINGS: _finish_meeting,
}
