"""Meetings: the acts of entering, inviting and answering."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.charter import read_charter
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import (
    DEPUTY,
    Attendance,
    MeetingPlan,
    answers_as,
    check_answerable,
    is_asked,
)
from models.member import Membership, Person, Role
from models.office import Body, Mandate
from models.outbox import NewLetter, post, post_news
from models.refusals import AlreadyDone, MeetingBegun, NotEntitled, Unfit, Unknown, Withdrawn
from models.roster import deputies_of
from models.wish import meeting_called


async def enter(session: AsyncSession, plan: MeetingPlan, by: Actor) -> Meeting:
    """Enter a meeting as a draft.

    Raises:
        NotEntitled: for everyone but staff.
        Unfit: it would end before it starts.
    """
    by.need_staff()
    if plan.ends_at <= plan.starts_at:
        raise Unfit("ends before it starts")
    meeting = Meeting(
        body_id=plan.body_id,
        title=plan.title,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        agenda=plan.agenda,
        uid=f"{uuid4()}@reko",
    )
    session.add(meeting)
    await session.flush()
    return meeting


async def find(session: AsyncSession, number: int, *, lock: bool = False) -> Meeting:
    """The meeting with this number.

    Raises:
        Unknown: there is none.
    """
    meeting = await session.get(Meeting, number, with_for_update=lock or None)
    if meeting is None:
        raise Unknown
    return meeting


async def notice_days(session: AsyncSession, body_id: int) -> int:
    """The notice period of a body, in days."""
    return read_charter((await session.get_one(Body, body_id)).charter).notice_days


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
    meeting.invited_at = now
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
        for telegram_id in await invited_accounts(session, invitation):
            await _post(session, invitation, "invitation", telegram_id, meeting, now)
            invited.add(telegram_id)
    await meeting_called(session, invited, now)
    return meeting


async def _post(
    session: AsyncSession, invitation: Invitation, kind: str, telegram_id: int, meeting: Meeting, now: datetime
) -> None:
    key = f"{kind}:{invitation.id}:{meeting.revision}:{telegram_id}"
    about = {"meeting": meeting.number, "invitation": invitation.id}
    await post(session, NewLetter(key, kind, telegram_id, about), now)


async def invitations(session: AsyncSession, number: int) -> list[Invitation]:
    """All invitations to a meeting."""
    return list(
        await session.scalars(select(Invitation).where(Invitation.meeting_number == number).order_by(Invitation.id))
    )


async def invited_accounts(session: AsyncSession, invitation: Invitation) -> list[int]:
    """The account that answers an invitation: the mandate's holder, or the adviser or guest."""
    query = select(Person.telegram_id).where(Person.telegram_id.is_not(None))
    if invitation.mandate_id is None:
        query = query.where(Person.id == invitation.guest_id)
    else:
        query = query.join(Membership, Membership.person_id == Person.id).where(
            Membership.mandate_id == invitation.mandate_id,
            Membership.role == Role.MEMBER,
            Membership.ended_at.is_(None),
        )
    return [one for one in await session.scalars(query) if one is not None]


async def invitation_for(session: AsyncSession, number: int, by: Actor) -> tuple[Invitation, Meeting]:
    """An invitation, for the account that answers it.

    Raises:
        Unknown: there is none with this id.
        NotEntitled: it is somebody else's.
    """
    invitation = await session.get(Invitation, number, with_for_update=True)
    if invitation is None:
        raise Unknown
    if answers_as(invitation, by) is None:
        raise NotEntitled("invited")
    return invitation, await find(session, invitation.meeting_number)


async def answer(session: AsyncSession, number: int, said: str, by: Actor, at: datetime) -> tuple[Invitation, Meeting]:
    """„Zusage" or „Absage"; a deputy who had been asked is no longer.

    Raises:
        Unknown, NotEntitled: as for ``invitation_for``.
        Withdrawn, MeetingBegun: as for ``check_answerable``.
    """
    invitation, meeting = await invitation_for(session, number, by)
    check_answerable(meeting, at)
    former = invitation.deputy_id
    invitation.answer, invitation.answered_by, invitation.answered_at = said, answers_as(invitation, by), at
    invitation.deputy_id = invitation.deputy_answer = None
    if former is not None:
        await _tell_person(session, invitation, "deputy_freed", former, at)
    return invitation, meeting


async def deputies(session: AsyncSession, invitation: Invitation) -> list[Person]:
    """Who may stand in for the mandate, by name."""
    if invitation.mandate_id is None:
        return []
    return await deputies_of(session, invitation.mandate_id)


async def ask_deputy(
    session: AsyncSession, number: int, person_id: int, by: Actor, at: datetime
) -> tuple[Invitation, Meeting]:
    """„Vertretung": the holder does not come; this deputy is asked in turn.

    Raises:
        Unknown: no such invitation, or no deputy of this mandate.
        NotEntitled, Withdrawn, MeetingBegun: as for ``answer``.
    """
    invitation, meeting = await invitation_for(session, number, by)
    check_answerable(meeting, at)
    if person_id not in {one.id for one in await deputies(session, invitation)}:
        raise Unknown
    former = invitation.deputy_id
    if former == person_id:
        return invitation, meeting
    invitation.answer, invitation.answered_by, invitation.answered_at = DEPUTY, answers_as(invitation, by), at
    invitation.deputy_id, invitation.deputy_answer = person_id, None
    await _tell_person(session, invitation, "deputy_asked", person_id, at)
    if former is not None:
        await _tell_person(session, invitation, "deputy_freed", former, at)
    return invitation, meeting


async def _tell_person(session: AsyncSession, invitation: Invitation, kind: str, person_id: int, at: datetime) -> None:
    person = await session.get_one(Person, person_id)
    if person.telegram_id is None:
        return
    about = {"meeting": invitation.meeting_number, "invitation": invitation.id, "person": person_id}
    await post_news(session, NewLetter(f"{kind}:{invitation.id}", kind, person.telegram_id, about), at)


async def deputy_answer(
    session: AsyncSession, number: int, said: str, by: Actor, at: datetime
) -> tuple[Invitation, Meeting]:
    """The asked deputy's answer; the holder is told.

    Raises:
        Unknown: no such invitation.
        NotEntitled: somebody else is asked now, or nobody.
        Withdrawn, MeetingBegun: as for ``answer``.
    """
    invitation = await session.get(Invitation, number, with_for_update=True)
    if invitation is None:
        raise Unknown
    meeting = await find(session, invitation.meeting_number)
    if invitation.deputy_id not in {
        one.person_id for one in by.with_role(Role.DEPUTY) if one.mandate_id == invitation.mandate_id
    }:
        raise NotEntitled("deputy")
    check_answerable(meeting, at)
    if invitation.deputy_answer != said:
        invitation.deputy_answer = said
        for telegram_id in await invited_accounts(session, invitation):
            about = {"meeting": meeting.number, "invitation": invitation.id}
            key = f"deputy_said:{invitation.id}"
            await post_news(session, NewLetter(key, "deputy_said", telegram_id, about), at)
    return invitation, meeting


async def attendance(session: AsyncSession, number: int) -> list[Attendance]:
    """Who comes, mandate by mandate, then advisers and guests."""
    lines = []
    for one in await invitations(session, number):
        mandate = await session.get(Mandate, one.mandate_id) if one.mandate_id else None
        guest = await session.get(Person, one.guest_id) if one.guest_id else None
        deputy = await session.get(Person, one.deputy_id) if one.deputy_id else None
        name = mandate.name if mandate else guest.name if guest else ""
        lines.append(
            Attendance(name, one.answer, deputy.name if deputy else "", one.deputy_answer, votes=mandate is not None)
        )
    return lines


async def meetings_seen_by(session: AsyncSession, actor: Actor, now: datetime) -> Sequence[Meeting]:
    """The meetings ahead that this account may see: of its bodies once invited; staff sees drafts too."""
    query = select(Meeting).where(Meeting.ends_at > now).order_by(Meeting.starts_at, Meeting.number)
    if actor.staff is None:
        query = query.where(
            Meeting.body_id.in_([one.body_id for one in actor.standings if one.body_id]),
            Meeting.invited_at.is_not(None),
        )
    return list(await session.scalars(query))


async def unanswered(session: AsyncSession, actor: Actor, now: datetime) -> list[tuple[Invitation, Meeting]]:
    """The invitations that wait for this account's answer."""
    rows = await session.execute(
        select(Invitation, Meeting)
        .join(Meeting, Meeting.number == Invitation.meeting_number)
        .where(Meeting.starts_at > now, Meeting.status == "", Meeting.invited_at.is_not(None))
        .order_by(Meeting.starts_at, Invitation.id)
    )
    return [
        (invitation, meeting)
        for invitation, meeting in rows
        if (invitation.answer is None and answers_as(invitation, actor) is not None)
        or (invitation.deputy_answer is None and is_asked(invitation, actor))
    ]


async def own_invitations(session: AsyncSession, number: int, actor: Actor) -> list[Invitation]:
    """This account's invitations to a meeting; one a mandate."""
    return [one for one in await invitations(session, number) if answers_as(one, actor) is not None]
