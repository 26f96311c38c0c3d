"""Comparing what a folder says with what is stored. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.deadline import Change
from models.roll.check import ENDED
from models.roll.tables import clean
from models.roll.values import LISTS, MEETINGS, MEMBERS, Changed, Difference, Reading, Row, Section, Snapshot


def compare(reading: Reading, snapshot: Snapshot) -> Difference:
    """What would change. A row that is not in a file changes nothing, and is named."""
    bodies = (
        Section("office.toml")
        if reading.office is None
        else _compare("office.toml", reading.bodies, snapshot.bodies, snapshot)
    )
    lists = {
        name: _compare(name, reading.rows[name], snapshot.rows[name], snapshot)
        for name in LISTS
        if name in reading.rows
    }
    return Difference(_changes(reading.office or {}, snapshot.office), bodies, lists)


def _compare(
    name: str, rows: tuple[Row, ...], stored: Mapping[tuple[str, ...], Mapping[str, Any]], snapshot: Snapshot
) -> Section:
    new, changed, held, unchanged = [], [], [], 0
    numbers = snapshot.numbers.get(name, {})
    for row in rows:
        if row.key not in stored:
            # Somebody who has left before the store knew them is history that nothing hangs on.
            gone = name == MEMBERS and row.values.get("status") == ENDED
            new += [] if gone else [row]
            unchanged += gone
            continue
        found = _changes(row.values, stored[row.key])
        if not found:
            unchanged += 1
        elif _is_held(name, row, found, snapshot):
            held.append(Changed(row, found, numbers.get(row.key, 0)))
        else:
            changed.append(Changed(row, found, numbers.get(row.key, 0)))
    named = {row.key for row in rows}
    expected = [
        key for key, fields in stored.items() if not fields.get("status") and (name, key) not in snapshot.unnamed
    ]
    missing = tuple(key for key in expected if key not in named)
    renamed = tuple(sorted({(row.spelled, row.key[-1]) for row in rows if row.spelled}))
    return Section(name, tuple(new), tuple(changed), missing, tuple(held), unchanged, renamed)


def with_present_names(reading: Reading, snapshot: Snapshot) -> Reading:
    """The lists with everybody called as the office calls them now, so that a file from before doubles nobody."""
    rows = tuple(_by_present_name(row, snapshot) for row in reading.rows.get(MEMBERS, ()))
    return replace(reading, rows={**reading.rows, MEMBERS: rows}) if rows else reading


def _by_present_name(row: Row, snapshot: Snapshot) -> Row:
    *place, name = row.key
    if name not in snapshot.renamed:
        return row
    return replace(row, key=(*place, snapshot.renamed[name]), spelled=name)


def _is_held(name: str, row: Row, changes: tuple[Change, ...], snapshot: Snapshot) -> bool:
    if name == MEETINGS:
        return row.key in snapshot.invited and not _only_ends(changes)
    return name == MEMBERS and row.key in snapshot.ended_in_chat and any(one.field == "status" for one in changes)


def _changes(said: Mapping[str, Any], stored: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(Change(name, stored[name], value) for name, value in said.items() if not _same(stored[name], value))


def _same(stored: Any, said: Any) -> bool:
    """What was typed in the chat may hold blanks and marks that no cell keeps."""
    return bool(stored == said or (isinstance(stored, str) and clean(stored) == said))


def _only_ends(changes: tuple[Change, ...]) -> bool:
    """„beendet" files a meeting away and tells nobody anything new."""
    return all(change.field == "status" and change.new == ENDED for change in changes)
