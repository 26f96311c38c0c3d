"""The office's lists as the store has them, to be held against what a file says."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.deadline import Deadline, Entry
from models.meeting import Meeting
from models.member import Membership, Person
from models.office import Body, Mandate, the_office
from models.roll.check import ENDED
from models.roll.values import DEADLINES, MEETINGS, MEMBERS, Snapshot

Listed = TypeVar("Listed", Deadline, Meeting)
OFFICE_FIELDS = ("name", "contact", "time_zone", "holiday_region", "languages", "settings")
DEADLINE_FIELDS = tuple(Entry.__annotations__)
MEETING_FIELDS = ("title", "starts_at", "ends_at", "place", "agenda", "status")


async def take_snapshot(session: AsyncSession) -> Snapshot:
    """What the store holds of the lists. Deadlines and meetings made in the chat go by their numbers („frist-12")."""
    office = await the_office(session)
    bodies = {body.id: body for body in await session.scalars(select(Body).order_by(Body.short))}
    mandates = {one.id: one for one in await session.scalars(select(Mandate))}
    meetings = _keyed("sitzung", await session.scalars(select(Meeting).order_by(Meeting.number)))
    deadlines = _keyed("frist", await session.scalars(select(Deadline).order_by(Deadline.number)))
    rows = await session.execute(
        select(Membership, Person).join(Person, Person.id == Membership.person_id).order_by(Membership.id)
    )
    members = [(_member_key(membership, person, bodies, mandates), membership, person) for membership, person in rows]
    return Snapshot(
        rows={
            MEMBERS: {
                key: {"language": person.language, "status": ENDED if membership.ended_at else ""}
                for key, membership, person in members
            },
            DEADLINES: {key: _fields(row, DEADLINE_FIELDS) for key, row in deadlines.items()},
            MEETINGS: {
                key: {**_fields(row, MEETING_FIELDS), "body": bodies[row.body_id].short}
                for key, row in meetings.items()
            },
        },
        office=_fields(office, OFFICE_FIELDS),
        bodies={(body.short,): {"name": body.name, "charter": body.charter} for body in bodies.values()},
        mandates=frozenset((bodies[one.body_id].short, one.name) for one in mandates.values()),
        invited=frozenset(key for key, row in meetings.items() if row.invited_at),
        numbers={
            name: {key: row.number for key, row in rows.items()}
            for name, rows in ((DEADLINES, deadlines), (MEETINGS, meetings))
        },
        unnamed=frozenset(
            (name, key)
            for name, rows in ((DEADLINES, deadlines), (MEETINGS, meetings))
            for key, row in rows.items()
            if row.key is None
        ),
        ended_in_chat=frozenset(
            key for key, membership, _ in members if membership.ended_at and membership.ended_in_chat
        ),
        renamed=_renamed(list(await session.scalars(select(Person)))),
    )


def _keyed(word: str, rows: Iterable[Listed]) -> dict[tuple[str, ...], Listed]:
    """Rows by their keys; one without goes by a word and its number, which no other may be called."""
    found = list(rows)
    taken = {row.key for row in found}
    keyed: dict[tuple[str, ...], Listed] = {}
    for row in found:
        key = row.key or f"{word}-{row.number}"
        while row.key is None and key in taken:
            key = f"{key}-"
        keyed[(key,)] = row
    return keyed


def _renamed(people: Sequence[Person]) -> dict[str, str]:
    """What people were called before → their name; not where it is somebody's name now, or was that of two."""
    before = Counter(name for one in people for name in one.former_names)
    now = {one.name for one in people}
    return {name: one.name for one in people for name in one.former_names if before[name] == 1 and name not in now}


def _fields(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _member_key(
    membership: Membership, person: Person, bodies: Mapping[int, Body], mandates: Mapping[int, Mandate]
) -> tuple[str, str, str, str]:
    body = bodies[membership.body_id].short if membership.body_id else ""
    mandate = mandates[membership.mandate_id].name if membership.mandate_id else membership.sponsor
    return body, mandate, membership.role, person.name
