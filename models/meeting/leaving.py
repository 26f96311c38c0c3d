"""Somebody leaves: what they had answered to meetings ahead is open again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import DEPUTY
from models.member import Membership, Role


async def withdraw_answers(session: AsyncSession, people: Collection[int], now: datetime) -> None:
    """Where one of these people had said yes or no, or was to stand in, the mandate has not answered yet."""
    ahead = await session.scalars(
        select(Invitation).join(Meeting, Meeting.number == Invitation.meeting_number).where(Meeting.starts_at > now)
    )
    for one in ahead:
        # A deputy whom the leaving holder had asked may still come.
        own_word = one.answered_by in people and one.answer != DEPUTY
        if own_word or one.deputy_id in people:
            one.answer = one.answered_by = one.answered_at = one.deputy_id = one.deputy_answer = None
    await session.flush()


async def concerned_by_leaving(session: AsyncSession, left: Membership, now: datetime) -> list[Invitation]:
    """The invitations to meetings ahead that rest on this role: a holder's own word, a deputy asked, a guest's."""
    query = (
        select(Invitation)
        .join(Meeting, Meeting.number == Invitation.meeting_number)
        .where(Meeting.starts_at > now, Meeting.status == "")
        .order_by(Meeting.starts_at, Invitation.id)
    )
    match left.role:
        case Role.MEMBER:
            # A deputy whom the leaving holder had asked may still come.
            own_word = (Invitation.answered_by == left.person_id) & (Invitation.answer != DEPUTY)
            query = query.where(Invitation.mandate_id == left.mandate_id, own_word)
        case Role.DEPUTY:
            query = query.where(Invitation.mandate_id == left.mandate_id, Invitation.deputy_id == left.person_id)
        case Role.ADVISER | Role.GUEST if not await _asked_otherwise(session, left):
            query = query.where(Invitation.guest_id == left.person_id, Meeting.body_id == left.body_id)
        case _:
            return []
    return list(await session.scalars(query))


async def _asked_otherwise(session: AsyncSession, left: Membership) -> bool:
    """Whether somebody advises the body, or is its guest, by another role too."""
    other = select(Membership.id).where(
        Membership.person_id == left.person_id,
        Membership.body_id == left.body_id,
        Membership.role.in_([Role.ADVISER, Role.GUEST]),
        Membership.ended_at.is_(None),
        Membership.id != left.id,
    )
    return await session.scalar(other.limit(1)) is not None


async def give_up_seat(session: AsyncSession, left: Membership, now: datetime) -> None:
    """A role ends: what was said for it is open again; whoever advised or was a guest is no longer invited."""
    for one in await concerned_by_leaving(session, left, now):
        if one.mandate_id is None:
            await session.delete(one)
        else:
            one.answer = one.answered_by = one.answered_at = one.deputy_id = one.deputy_answer = None
    await session.flush()
