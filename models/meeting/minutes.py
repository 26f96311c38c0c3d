"""After the meeting: the approved minutes, who gets them, who may read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from models.actor import Actor
from models.files import StoredFile
from models.meeting.looking import REMEMBERED, find
from models.meeting.rows import Meeting, Presence
from models.meeting.rules import CANCELLED
from models.member import Membership, Person, Role
from models.outbox import NewLetter, post
from models.refusals import NotEntitled, NotYet, Unknown, Withdrawn

KIND = "minutes"


@dataclass(frozen=True, slots=True)
class Readers:
    """Who gets the minutes: accounts, and the names of those whom only a letter or an e-mail reaches."""

    accounts: Sequence[int]
    elsewhere: Sequence[str]


async def readers(session: AsyncSession, meeting: Meeting) -> Readers:
    """The members of the meeting's body today, and whoever was there."""
    members = select(Membership.person_id).where(
        Membership.body_id == meeting.body_id, Membership.role == Role.MEMBER, Membership.ended_at.is_(None)
    )
    there = select(Presence.person_id).where(Presence.meeting_number == meeting.number)
    people = await session.scalars(
        select(Person).where(or_(Person.id.in_(members), Person.id.in_(there))).order_by(Person.name)
    )
    found = list(people)
    return Readers(
        list(dict.fromkeys(one.telegram_id for one in found if one.telegram_id is not None)),
        [one.name for one in found if one.telegram_id is None],
    )


def check_held(meeting: Meeting, now: datetime) -> None:
    """Let pass what needs a meeting that has begun.

    Raises:
        Withdrawn: it is cancelled.
        Unknown: nobody was invited.
        NotYet: it has not begun.
    """
    if meeting.status == CANCELLED:
        raise Withdrawn
    if meeting.invited_at is None:
        raise Unknown
    begins = meeting.began_at or meeting.starts_at
    if begins > now:
        raise NotYet(begins)


async def send_minutes(session: AsyncSession, number: int, file_id: int, by: Actor, now: datetime) -> Meeting:
    """Send the approved minutes to the members and to who was there. Sent again, they replace those before.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such meeting or file.
        Withdrawn, NotYet: as for ``check_held``.
    """
    staff = by.need_staff()
    meeting = await find(session, number, lock=True)
    check_held(meeting, now)
    if await session.get(StoredFile, file_id) is None:
        raise Unknown
    meeting.minutes_file_id, meeting.minutes_sent_at, meeting.minutes_sent_by = file_id, now, staff.person_id
    for telegram_id in (await readers(session, meeting)).accounts:
        key = f"{KIND}:{number}:{file_id}:{telegram_id}"
        await post(session, NewLetter(key, KIND, telegram_id, {"meeting": number, "file": file_id}), now)
    return meeting


async def minutes_for(session: AsyncSession, number: int, actor: Actor) -> tuple[Meeting, StoredFile]:
    """The approved minutes with their content, for staff and for those who get them.

    Raises:
        Unknown: there are none.
        NotEntitled: they are not for this account.
    """
    meeting = await find(session, number)
    if actor.staff is None and actor.telegram_id not in (await readers(session, meeting)).accounts:
        raise NotEntitled("invited")
    file = await session.scalar(
        select(StoredFile).where(StoredFile.id == meeting.minutes_file_id).options(undefer(StoredFile.content))
    )
    if file is None:
        raise Unknown
    return meeting, file


async def readable(session: AsyncSession, actor: Actor, now: datetime) -> list[Meeting]:
    """The meetings held lately whose minutes this account got, the newest first."""
    people = {one.person_id for one in actor.standings}
    bodies = {one.body_id for one in actor.with_role(Role.MEMBER)}
    there = select(Presence.meeting_number).where(Presence.person_id.in_(people))
    found = await session.scalars(
        select(Meeting)
        .where(
            Meeting.minutes_sent_at.is_not(None),
            Meeting.ends_at > now - REMEMBERED,
            or_(Meeting.body_id.in_(bodies), Meeting.number.in_(there)),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.number)
    )
    return list(found)
