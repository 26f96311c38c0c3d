"""What is said of the office's lists, on the command line and in the chat: what is wrong, and what they change."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from handlers.speech import shorten
from locales import N_, Voice
from models.calendar import Calendar
from models.deadline import KINDS, Change
from models.knowledge import Rank
from models.roll import MEMBERS, Difference, Fault, Row, Section

LONGEST_DETAIL, LONGEST_VALUE = 200, 400  # characters; a cell may hold thousands
_ROLES = "mitglied, stellvertretung, beratend, gast, buero, traeger"
REASONS = {
    "no office": N_("here lies no office folder: none of the lists and no source"),
    # files
    "too large": N_("the file is too large"),
    "unreadable": N_("the file is damaged, or no readable text"),
    "empty": N_("the file is empty"),
    "twice as file": N_("this list is there twice, also as %(detail)s"),
    "unknown column": N_("this column is not known; known are: %(detail)s"),
    "column missing": N_("this column is missing"),
    "column twice": N_("this column is there twice"),
    "too many cells": N_("to the right of the last column there is still “%(detail)s”"),
    "too many rows": N_("the list has too many rows"),
    "too many columns": N_("the row has too many columns"),
    "protected": N_(
        "the file has a password or is an old Excel file; please save it without a password as .xlsx or .csv"
    ),
    "other format": N_("this format is not read; please save the list as .xlsx or .csv"),
    "toml": N_("the text is no valid TOML (%(detail)s)"),
    # cells
    "formula": N_("a formula; please enter the value itself"),
    "missing": N_("something is missing here"),
    "too long": N_("the text is longer than %(detail)s characters"),
    "must be empty": N_("for the role %(detail)s this column must be empty"),
    "unknown role": N_("“%(detail)s” is no role; possible are: %(roles)s"),
    "unknown kind": N_("“%(detail)s” is no kind of deadline; possible are: %(kinds)s"),
    "unknown area": N_("“%(detail)s” is no funding area; possible are A to M, separated by blanks"),
    "unknown status": N_(
        "“%(detail)s” is not possible here; leave it empty or write “beendet”, for deadlines and meetings also "
        "“abgesagt”"
    ),
    "unknown language": N_("“%(detail)s” is no language of the bot; possible are: de, leicht, en"),
    "not yes or no": N_("here stands ja or nein, not “%(detail)s”"),
    "not a time": N_("“%(detail)s” is no time; write it like this: 20.03.2026 12:00"),
    "no clock time": N_("the clock time is missing in “%(detail)s”; write it like this: 20.03.2026 12:00"),
    "no such time": N_("“%(detail)s” does not exist, in that night the clocks are put forward"),
    "not a number": N_("%(detail)s: here stands a whole number within these bounds"),
    "not days": N_("“%(detail)s” are no days; write them like this: 30 14 7 3 1"),
    "not an audience": N_("“%(detail)s” is neither “alle” nor a body nor “traeger:NAME”"),
    "ends before it starts": N_("the end is not after the start"),
    "not an amount": N_("“%(detail)s” is no sum of money; write it like this: 120000"),
    "not a weight": N_("“%(detail)s” is no weight; write a number above 0, like this: 1.5"),
    "not a maximum": N_("“%(detail)s” is no highest number of points; possible are 1 to 100"),
    "parts": N_("there should be %(detail)s parts here, with a semicolon between them"),
    "points": N_("here should stand %(detail)s"),
    "unknown project": N_("there is no project “%(detail)s”"),
    "opens after it closes": N_("the opening is not before the date it is due"),
    # of sources
    "unknown source": N_("there is no source “%(detail)s”"),
    "unknown rank": N_("“%(detail)s” is no rank; possible are: %(ranks)s"),
    "not a date": N_("“%(detail)s” is no date; write it like this: 21.06.2022"),
    "ends before it begins": N_("the validity ends before it begins"),
    # between rows
    "duplicate": N_("the same stands in row %(detail)s already"),
    "unknown body": N_("the body “%(detail)s” is not known; write its short name from office.toml"),
    "unknown mandate": N_("the mandate “%(detail)s” is not known; it needs a row with the role mitglied"),
    "seat taken": N_("%(detail)s has this mandate already; to hand it over, take in their row, too, with “beendet”"),
    "two languages": N_("there are two languages for %(detail)s"),
    "last of staff": N_("nobody would be left at the office; please list somebody else first"),
    # office.toml
    "unknown key": N_("this key is not known; known are: %(detail)s"),
    "not a text": N_("here stands a text in quotation marks"),
    "not true or false": N_("here stands true or false, not “%(detail)s”"),
    "not a table": N_("here stand keys with values"),
    "unknown zone": N_("there is no time zone “%(detail)s”; write it like this: Europe/Berlin"),
    "unknown region": N_("the public holidays of “%(detail)s” are not known; write it like this: DE-ST"),
    "charter": N_("%(detail)s"),
    "body twice": N_("there is the short name “%(detail)s” already"),
}
HELD_MEETINGS = N_("%(file)s: not taken, invitations are out (please move or cancel it in the chat): %(label)s")
HELD_MEMBERS = N_("%(file)s: not taken, ended in the chat (a role begins anew there): %(label)s")
_COLUMNS = {"opens_at": "opens", "due_at": "due", "starts_at": "start", "ends_at": "end"}  # as the lists call them


def place_of(fault: Fault, voice: Voice) -> str:
    """„members.csv, Zeile 5, Spalte role"."""
    parts = [fault.file]
    if fault.row is not None:
        parts.append(voice.plain("row %(row)s", row=fault.row))
    if fault.column:
        table = fault.file.lower().endswith((".csv", ".xlsx"))
        parts.append(voice.plain("column %(column)s", column=fault.column) if table else fault.column)
    return ", ".join(parts)


def say_fault(fault: Fault, voice: Voice) -> str:
    """One line: „members.csv, Zeile 5, Spalte role: …"."""
    lists = {"roles": _ROLES, "kinds": ", ".join(KINDS), "ranks": ", ".join(Rank)}
    said = voice.plain(REASONS[fault.reason], detail=shorten(fault.detail, LONGEST_DETAIL), **lists)
    return f"{place_of(fault, voice)}: {said}"


def describe(difference: Difference, calendar: Calendar, voice: Voice) -> list[str]:
    """What the lists change, line by line: new, old → new, not taken, not in the file."""
    lines = [f"office.toml: {_change(change, calendar, voice)}" for change in difference.office]
    for section in [difference.bodies, *difference.lists.values()]:
        lines += describe_section(section, calendar, voice)
    return lines


def describe_section(section: Section, calendar: Calendar, voice: Voice) -> Iterator[str]:
    """What one list changes, likewise."""
    for row in section.new:
        yield voice.plain("%(file)s: new: %(label)s", file=section.file, label=_label(section, row.key, row))
    for changed in section.changed:
        said = "; ".join(_change(change, calendar, voice) for change in changed.changes)
        label = _label(section, changed.row.key, changed.row)
        yield voice.plain("%(file)s: changed: %(label)s: %(said)s", file=section.file, label=label, said=said)
    why_held = HELD_MEMBERS if section.file == MEMBERS else HELD_MEETINGS
    for held in section.held:
        yield voice.plain(why_held, file=section.file, label=_label(section, held.row.key, held.row))
    for before, now in section.renamed:
        yield voice.plain("%(file)s: “%(before)s” is called %(now)s by now", file=section.file, before=before, now=now)
    for key in section.missing:
        yield voice.plain("%(file)s: not in the file: %(label)s", file=section.file, label=_label(section, key))


def _label(section: Section, key: tuple[str, ...], row: Row | None = None) -> str:
    if section.file == MEMBERS:
        body, mandate, role, name = key
        return f"{name} ({', '.join(part for part in (role, mandate, body) if part)})"
    title = row.values.get("title") or row.values.get("name") if row else None
    return f"{key[0]} · {title}" if title else key[0]


def _change(change: Change, calendar: Calendar, voice: Voice) -> str:
    if isinstance(change.old, dict) and isinstance(change.new, dict):
        keys = [key for key in change.new | change.old if change.old.get(key) != change.new.get(key)]
        parts = [(f"{change.field}.{key}", change.old.get(key), change.new.get(key)) for key in keys]
    else:
        parts = [(_COLUMNS.get(change.field, change.field), change.old, change.new)]
    return "; ".join(
        voice.plain(
            "%(name)s: until now %(old)s, now %(new)s",
            name=name,
            old=_value(old, calendar, voice),
            new=_value(new, calendar, voice),
        )
        for name, old, new in parts
    )


def _value(value: Any, calendar: Calendar, voice: Voice) -> str:
    match value:
        case bool():
            found = "ja" if value else "nein"
        case datetime():
            found = f"{calendar.local(value):%d.%m.%Y %H:%M}"
        case date():
            found = f"{value:%d.%m.%Y}"
        case list() | tuple():
            found = " ".join(str(one) for one in value)
        case None:
            found = ""
        case _:
            found = " · ".join(str(value).splitlines())
    return voice.plain("“%(value)s”", value=shorten(found, LONGEST_VALUE)) if found else voice.plain("(empty)")
