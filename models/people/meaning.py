"""People: what it would mean to end a role, said before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.acting import open_votes_of, running_of
from models.ballot.rows import Handover
from models.meeting.leaving import concerned_by_leaving
from models.member import Membership, Person, Role
from models.people.looking import Listed


@dataclass(frozen=True, slots=True)
class Meaning:
    """What ends or opens again with a role."""

    role: Listed
    votes: Sequence[int] = ()  # open ones in which the mandate has a ballot
    handed: Sequence[str] = ()  # names of those to whom it is handed over, or who had handed theirs over
    meetings: Sequence[int] = ()  # ahead, in which an answer falls
    last: bool = False  # they have no other role
    told: bool = False  # they use the bot and hear of it


async def meaning_of_end(session: AsyncSession, role: Listed, now: datetime) -> Meaning:
    """What ending this role would mean now."""
    membership = await session.get_one(Membership, role.membership_id)
    person = await session.get_one(Person, role.person_id)
    handovers = [await session.get_one(Handover, number) for number, _ in await running_of(session, membership, now)]
    others = [one.deputy_id if role.role is Role.MEMBER else one.holder_id for one in handovers]
    names = [(await session.get_one(Person, one)).name for one in sorted(set(others))]
    held = select(func.count()).select_from(Membership)
    roles = await session.scalar(held.where(Membership.person_id == role.person_id, Membership.ended_at.is_(None)))
    seat = role.mandate_id if role.role is Role.MEMBER else None
    return Meaning(
        role,
        await open_votes_of(session, seat, now) if seat is not None else [],
        names,
        [one.meeting_number for one in await concerned_by_leaving(session, membership, now)],
        last=roles == 1,
        told=person.telegram_id is not None,
    )
