"""Meetings: the acts of entering and inviting."""

import secrets
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.meeting.looking import find, invitations
from models.meeting.posting import send_invitation
from models.meeting.rows import Invitation, Meeting, MeetingFile
from models.meeting.rules import MeetingPlan
from models.member import Membership, Role
from models.office import Mandate
from models.refusals import AlreadyDone, MeetingBegun, Unfit, Unknown, Withdrawn
from models.wish import meeting_called


async def enter(session: AsyncSession, plan: MeetingPlan, by: Actor) -> Meeting:
    """Enter a meeting as a draft.

    Raises:
        NotEntitled: for everyone but staff.
        Unfit: it would end before it starts.
        Unknown: the meeting it is to follow is none of this body.
    """
    by.need_staff()
    if plan.ends_at <= plan.starts_at:
        raise Unfit("ends before it starts")
    if plan.second_of is not None and (await find(session, plan.second_of)).body_id != plan.body_id:
        raise Unknown
    meeting = Meeting(
        body_id=plan.body_id,
        title=plan.title,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        agenda=plan.agenda,
        second_of=plan.second_of,
        uid=f"{uuid4()}@reko",
    )
    session.add(meeting)
    await session.flush()
    session.add_all(MeetingFile(meeting_number=meeting.number, file_id=one) for one in plan.file_ids)
    await session.flush()
    return meeting


async def invite(session: AsyncSession, number: int, by: Actor, now: datetime) -> Meeting:
    """Send a draft out: every mandate, adviser and guest of the body gets an invitation.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: it was sent before.
        Withdrawn: it is cancelled.
        MeetingBegun: it has begun.
    """
    by.need_staff()
    meeting = await find(session, number, lock=True)
    if meeting.invited_at:
        raise AlreadyDone
    if meeting.status:
        raise Withdrawn
    if meeting.starts_at <= now:
        raise MeetingBegun
    meeting.invited_at, meeting.day_code = now, f"{secrets.randbelow(10_000):04d}"
    mandates = await session.scalars(select(Mandate).where(Mandate.body_id == meeting.body_id).order_by(Mandate.id))
    session.add_all(Invitation(meeting_number=number, mandate_id=one.id) for one in mandates)
    guests = await session.scalars(
        select(Membership.person_id)
        .where(
            Membership.body_id == meeting.body_id,
            Membership.role.in_([Role.ADVISER, Role.GUEST]),
            Membership.ended_at.is_(None),
        )
        .distinct()
    )
    session.add_all(Invitation(meeting_number=number, guest_id=one) for one in sorted(guests))
    await session.flush()
    invited: set[int] = set()
    for invitation in await invitations(session, number):
        invited |= set(await send_invitation(session, invitation, meeting, now))
    await meeting_called(session, invited, now)
    return meeting


async def invite_late(session: AsyncSession, joined: Membership, now: datetime) -> None:
    """Somebody got a seat in a body, advises it or is its guest: they are invited to what others are invited to."""
    if joined.role not in {Role.MEMBER, Role.ADVISER, Role.GUEST}:
        return
    whose = (
        {"mandate_id": joined.mandate_id, "guest_id": None}
        if joined.role == Role.MEMBER
        else {"mandate_id": None, "guest_id": joined.person_id}
    )
    ahead = select(Meeting).where(
        Meeting.body_id == joined.body_id,
        Meeting.invited_at.is_not(None),
        Meeting.status == "",
        Meeting.starts_at > now,
    )
    for meeting in list(await session.scalars(ahead.order_by(Meeting.starts_at, Meeting.number))):
        same = [getattr(Invitation, name).is_not_distinct_from(value) for name, value in whose.items()]
        query = select(Invitation).where(Invitation.meeting_number == meeting.number, *same)
        invitation = await session.scalar(query)
        if invitation is None:
            invitation = Invitation(meeting_number=meeting.number, **whose)
            session.add(invitation)
            await session.flush()
        await send_invitation(session, invitation, meeting, now)
