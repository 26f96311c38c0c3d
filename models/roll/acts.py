"""The office's lists and the store: preparing what would change, and doing it, all or nothing."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.ballot.handover import end_with_role
from models.calendar import Calendar
from models.deadline import (
    Deadline,
    Entry,
    Revision,
    announce,
    announce_new,
    draft,
    enter,
    join_all,
    rearm_all,
    revise,
    schedule_of,
    told_by,
)
from models.meeting import Meeting
from models.member import Membership, Person, Role
from models.office import Body, Mandate, the_office
from models.record import Act
from models.roll.check import ENDED, check
from models.roll.difference import compare, with_present_names
from models.roll.lists import read_list
from models.roll.office import read_office
from models.roll.snapshot import take_snapshot
from models.roll.sources import SOURCES, apply_sources, is_sources, prepare_sources
from models.roll.tables import Table
from models.roll.values import (
    DEADLINES,
    LISTS,
    MEETINGS,
    MEMBERS,
    OFFICE,
    WHOLE_FILE,
    Applied,
    Changed,
    Difference,
    Fault,
    FolderFaults,
    Reading,
    Row,
    Section,
    Snapshot,
)
from models.roster import seat_entries
from models.wish import told_of_new

# A browser that has the file already calls the next one „members (1).csv".
_NAME = re.compile(
    r"(members|deadlines|meetings)(?: ?\(\d+\))?\.(?:csv|xlsx)|(office)(?: ?\(\d+\))?\.toml", re.IGNORECASE
)


def list_in(name: str) -> str | None:
    """Which of the office's lists a file of this name is: MEMBERS, DEADLINES, MEETINGS, OFFICE; None: no such."""
    found = _NAME.fullmatch(name)
    return (found[1] or found[2]).lower() if found else None


async def prepare(session: AsyncSession, files: Mapping[str, bytes | Table]) -> Difference:
    """What these files (name → bytes) would change, the list of sources too. Files of other names are passed over.

    Raises:
        FolderFaults: with everything that is wrong in them.
    """
    snapshot = await take_snapshot(session)
    reading, faults = read_files(files, snapshot)
    reading = with_present_names(reading, snapshot)
    # Where a whole file cannot be read, everything that leans on it would be called wrong too.
    if all(fault.reason not in WHOLE_FILE for fault in faults):
        faults += check(reading, snapshot)
    sources: dict[str, Section] = {}
    for file in filter(is_sources, files):
        sources[SOURCES], wrong = await prepare_sources(session, file, files[file])
        faults += wrong
    if faults:
        raise FolderFaults(tuple(sorted(faults, key=lambda fault: (fault.file, fault.row or 0))))
    found = compare(reading, snapshot)
    return replace(found, lists={**found.lists, **sources})


def read_files(files: Mapping[str, bytes | Table], snapshot: Snapshot) -> tuple[Reading, list[Fault]]:
    """The lists among the files as rows, and what is wrong within each."""
    given: dict[str, str] = {}
    faults: list[Fault] = []
    for file in sorted(files):
        name = list_in(file)
        if name in given:
            faults.append(Fault(file, None, None, "twice as file", given[name]))
        elif name:
            given[name] = file
    office: dict[str, Any] | None = None
    bodies: list[Row] = []
    if OFFICE in given:
        content = files[given[OFFICE]]
        office, bodies, wrong = read_office(given[OFFICE], content if isinstance(content, bytes) else b"")
        faults += wrong
    zone = (office or {}).get("time_zone", snapshot.office["time_zone"])
    rows: dict[str, tuple[Row, ...]] = {}
    for name in LISTS:
        if name in given:
            found, wrong = read_list(given[name], name, files[given[name]], Calendar(zone))
            rows[name] = tuple(found)
            faults += wrong
    return Reading(rows, office, tuple(bodies)), faults


async def apply(session: AsyncSession, difference: Difference, now: datetime, *, told: bool = False) -> Applied:
    """Do what was prepared, in the caller's transaction; it sends nobody a message.

    ``told``: the caller tells those who hear of each deadline that changed or is new, in the same transaction.
    """
    moved = await _apply_office(session, difference)
    await _apply_bodies(session, difference.bodies)
    lists = difference.lists
    await _apply_members(session, lists.get(MEMBERS, Section(MEMBERS)), now)
    await _apply_meetings(session, lists.get(MEETINGS, Section(MEETINGS)))
    await apply_sources(session, lists.get(SOURCES, Section(SOURCES)))
    applied = await _apply_deadlines(session, lists.get(DEADLINES, Section(DEADLINES)), now, told=told)
    if moved:
        await rearm_all(session, now)
    members = lists.get(MEMBERS)
    if members is not None and not members.empty:
        # Somebody may have got a role to which a deadline is addressed.
        await join_all(session, now)
    return applied


async def _apply_office(session: AsyncSession, difference: Difference) -> bool:
    """Whether mornings and holidays are to be counted anew."""
    if not difference.office:
        return False
    office = await the_office(session)
    for change in difference.office:
        setattr(office, change.field, change.new)
    session.add(office)
    await session.flush()
    return any(change.field in {"time_zone", "holiday_region"} for change in difference.office)


async def _apply_bodies(session: AsyncSession, section: Section) -> None:
    for row in section.new:
        session.add(Body(short=row.key[0], **row.values))
    for changed in section.changed:
        body = (await session.scalars(select(Body).where(Body.short == changed.row.key[0]))).one()
        _take(body, changed)
    await session.flush()


def _take(row: object, changed: Changed) -> None:
    for change in changed.changes:
        setattr(row, change.field, change.new)


async def _apply_members(session: AsyncSession, section: Section, now: datetime) -> None:
    # Who leaves goes first: a seat is held by one only, and the store would refuse the successor.
    leaving = [one.row for one in section.changed if one.row.values.get("status") == ENDED]
    staying = [one.row for one in section.changed if one.row.values.get("status") != ENDED]
    people = {person.name: person for person in await session.scalars(select(Person))}
    bodies = {body.short: body for body in await session.scalars(select(Body))}
    left: list[Membership] = []
    taken: list[Membership] = []
    for row in leaving:
        membership = await _membership(session, row, people, bodies)
        membership.ended_at = now
        await session.flush()
        await end_with_role(session, membership, now)
        left.append(membership)
    # Mandates before the deputies who hang on them.
    for row in sorted([*section.new, *staying], key=lambda row: row.key[2] != Role.MEMBER):
        membership = await _membership(session, row, people, bodies)
        fresh = membership.id is None or (membership.ended_at is not None and "status" in row.values)
        taken += [membership] if fresh else []
        membership.ended_at = None if "status" in row.values else membership.ended_at
    for row in [*section.new, *leaving, *staying]:
        person = people[row.key[3]]
        person.language = row.values.get("language", person.language)
    await session.flush()
    entries = [*seat_entries(Act.SEAT_LEFT, left, now), *seat_entries(Act.SEAT_TAKEN, taken, now)]
    await record.append_all(session, entries)


async def _membership(
    session: AsyncSession, row: Row, people: dict[str, Person], bodies: Mapping[str, Body]
) -> Membership:
    """The membership a row speaks of, made with its person and mandate where there is none yet."""
    short, column, role, name = row.key
    if name not in people:
        people[name] = Person(name=name, language=None, telegram_id=None)
        session.add(people[name])
        await session.flush()
    body_id = bodies[short].id if short else None
    sponsor = column if role == Role.SPONSOR else ""
    mandate_id = await _mandate(session, body_id, column) if body_id and column and not sponsor else None
    found = await session.scalar(
        select(Membership).where(
            Membership.person_id == people[name].id,
            Membership.role == role,
            Membership.body_id.is_not_distinct_from(body_id),
            Membership.mandate_id.is_not_distinct_from(mandate_id),
            Membership.sponsor == sponsor,
        )
    )
    if found is None:
        found = Membership(
            person_id=people[name].id, role=role, body_id=body_id, mandate_id=mandate_id, sponsor=sponsor
        )
        session.add(found)
    return found


async def _mandate(session: AsyncSession, body_id: int, name: str) -> int:
    mandate = await session.scalar(select(Mandate).where(Mandate.body_id == body_id, Mandate.name == name))
    if mandate is None:
        mandate = Mandate(body_id=body_id, name=name)
        session.add(mandate)
        await session.flush()
    return mandate.id


async def _apply_meetings(session: AsyncSession, section: Section) -> None:
    bodies = {body.short: body.id for body in await session.scalars(select(Body))}
    for row in section.new:
        fields = {name: value for name, value in row.values.items() if name != "body"}
        session.add(Meeting(key=row.key[0], body_id=bodies[row.values["body"]], uid=f"{uuid4()}@reko", **fields))
    for changed in section.changed:
        meeting = await session.get_one(Meeting, changed.number)
        for change in changed.changes:
            name, value = ("body_id", bodies[change.new]) if change.field == "body" else (change.field, change.new)
            setattr(meeting, name, value)
    await session.flush()


async def _apply_deadlines(session: AsyncSession, section: Section, now: datetime, *, told: bool) -> Applied:
    entered = [
        await enter(session, cast("Entry", {**row.values, "key": row.key[0]}), now, told=told) for row in section.new
    ]
    revisions = [
        await revise(session, one.number, cast("Entry", dict(one.row.values)), now, told=told)
        for one in section.changed
    ]
    return Applied(tuple(revisions), tuple(entered))


async def would_tell(session: AsyncSession, difference: Difference, now: datetime) -> int:
    """How many people's letters it would bring if this were applied now and told of."""
    section, letters = difference.lists.get(DEADLINES, Section(DEADLINES)), 0
    for row in section.new:
        letters += len(await told_of_new(session, draft(cast("Entry", dict(row.values))), now))
    for changed in section.changed:
        before = await session.get_one(Deadline, changed.number)
        after = draft(cast("Entry", dict(changed.row.values)), before)
        letters += len(await told_by(session, Revision(after, changed.changes, schedule_of(before)), now))
    return letters


async def announce_applied(session: AsyncSession, applied: Applied, now: datetime) -> None:
    """Tell those who hear of the deadlines that changed or are new."""
    for revision in applied.revisions:
        await announce(session, revision, now)
    for row in applied.entered:
        await announce_new(session, row, now)
