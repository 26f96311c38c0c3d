"""Meetings: who may see which, who is invited and reached, who comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from models.actor import Actor
from models.ballot.rows import Vote
from models.ballot.rules import quorum_of_meeting
from models.charter import read_charter
from models.files import StoredFile
from models.meeting.rows import AgendaItem, Invitation, Meeting, MeetingFile
from models.meeting.rules import CANCELLED, Attendance, answers_as, is_asked
from models.member import Membership, Person, Role
from models.office import Body, Mandate
from models.refusals import Unknown

REMEMBERED = timedelta(days=60)  # staff still finds a meeting so long after its end: attendance and minutes come then


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


async def files_of(session: AsyncSession, number: int, *, with_content: bool = False) -> list[StoredFile]:
    """The files that go with the invitation, in the order given."""
    query = (
        select(StoredFile)
        .join(MeetingFile, MeetingFile.file_id == StoredFile.id)
        .where(MeetingFile.meeting_number == number)
        .order_by(StoredFile.id)
    )
    return list(await session.scalars(query.options(undefer(StoredFile.content)) if with_content else query))


async def votes_of(session: AsyncSession, number: int) -> list[tuple[AgendaItem, Vote]]:
    """The votes on items of the agenda, in its order."""
    rows = await session.execute(
        select(AgendaItem, Vote)
        .join(Vote, Vote.item_id == AgendaItem.id)
        .where(AgendaItem.meeting_number == number)
        .order_by(AgendaItem.position, Vote.number)
    )
    return [(item, vote) for item, vote in rows]


# --- invitations


async def invitations(session: AsyncSession, number: int) -> list[Invitation]:
    """All invitations to a meeting."""
    return list(
        await session.scalars(select(Invitation).where(Invitation.meeting_number == number).order_by(Invitation.id))
    )


async def answering_person(session: AsyncSession, invitation: Invitation) -> Person | None:
    """Who answers an invitation: the mandate's holder, or the adviser or guest; None: the seat is vacant."""
    if invitation.mandate_id is None:
        return await session.get(Person, invitation.guest_id)
    return await session.scalar(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.mandate_id == invitation.mandate_id,
            Membership.role == Role.MEMBER,
            Membership.ended_at.is_(None),
        )
    )


async def invited_accounts(session: AsyncSession, invitation: Invitation) -> list[int]:
    """The account that answers an invitation; none where they do not use the bot."""
    person = await answering_person(session, invitation)
    return [person.telegram_id] if person and person.telegram_id is not None else []


async def own_invitations(session: AsyncSession, number: int, actor: Actor) -> list[Invitation]:
    """This account's invitations to a meeting; one a mandate."""
    return [one for one in await invitations(session, number) if answers_as(one, actor) is not None]


async def concerned(session: AsyncSession, number: int, actor: Actor) -> list[Invitation]:
    """The invitations that this account answers, or for which it is asked to stand in."""
    found = await invitations(session, number)
    return [one for one in found if answers_as(one, actor) is not None or is_asked(one, actor)]


async def unanswered(session: AsyncSession, actor: Actor, now: datetime) -> list[tuple[Invitation, Meeting]]:
    """The invitations that wait for this account's answer."""
    seats = {one.mandate_id for one in actor.standings}
    people = {one.person_id for one in actor.standings}
    concerns = (
        Invitation.mandate_id.in_(seats) | Invitation.guest_id.in_(people) | Invitation.deputy_id.in_(people)
    )  # all that the rules below may let through, not everybody's
    rows = await session.execute(
        select(Invitation, Meeting)
        .join(Meeting, Meeting.number == Invitation.meeting_number)
        .where(Meeting.starts_at > now, Meeting.status == "", Meeting.invited_at.is_not(None), concerns)
        .order_by(Meeting.starts_at, Invitation.id)
    )
    return [
        (invitation, meeting)
        for invitation, meeting in rows
        if (answers_as(invitation, actor) is not None and _to_be_settled(invitation))
        or (invitation.deputy_answer is None and is_asked(invitation, actor))
    ]


def _to_be_settled(invitation: Invitation) -> bool:
    """Silent, or the deputy who was asked cannot come."""
    return invitation.answer is None or invitation.deputy_answer == "no"


# --- who comes


async def attendance(session: AsyncSession, number: int) -> list[Attendance]:
    """Who comes, mandate by mandate, then advisers and guests."""
    return [await _line(session, one) for one in await invitations(session, number)]


async def _line(session: AsyncSession, invitation: Invitation) -> Attendance:
    mandate = await session.get(Mandate, invitation.mandate_id) if invitation.mandate_id else None
    person = await answering_person(session, invitation)
    deputy = await session.get(Person, invitation.deputy_id) if invitation.deputy_id else None
    name = person.name if person else ""
    return Attendance(
        mandate.name if mandate else name,
        invitation.answer,
        deputy.name if deputy else "",
        invitation.deputy_answer,
        votes=mandate is not None,
        invitation_id=invitation.id,
        mandate_id=invitation.mandate_id,
        person=name,
        reachable=person is not None and person.telegram_id is not None,
        entered=invitation.entered_by is not None,
    )


async def quorum_needed(session: AsyncSession, meeting: Meeting, seats: Sequence[Attendance]) -> int:
    """How many mandates must be there, by the charter; one where the quorum is waived in a second meeting."""
    charter = read_charter((await session.get_one(Body, meeting.body_id)).charter)
    if charter.second_meeting and meeting.second_of is not None:
        return 1
    entitled = [one for one in seats if one.votes]
    return quorum_of_meeting(charter, len(entitled), sum(one.comes for one in entitled))


async def second_of(session: AsyncSession, number: int) -> Meeting | None:
    """The second meeting that was called after this one, unless it was cancelled."""
    return await session.scalar(
        select(Meeting).where(Meeting.second_of == number, Meeting.status != CANCELLED).limit(1)
    )


# --- lists


async def meetings_seen_by(session: AsyncSession, actor: Actor, now: datetime) -> Sequence[Meeting]:
    """The meetings ahead that this account may see: those it is or was asked to; staff sees all, drafts too."""
    query = select(Meeting).where(Meeting.ends_at > now)
    if actor.staff is None:
        query = query.where(
            Meeting.body_id.in_([one.body_id for one in actor.standings if one.body_id]),
            Meeting.invited_at.is_not(None),
        )
    # Sorted here: told to, SQLite would go through all meetings there were in this order.
    return sorted(await session.scalars(query), key=lambda one: (one.starts_at, one.number))


async def meetings_behind(session: AsyncSession, now: datetime) -> Sequence[Meeting]:
    """The meetings held lately, the newest first: staff still has lists and minutes to make."""
    held = (Meeting.invited_at.is_not(None), Meeting.status != CANCELLED)
    query = select(Meeting).where(Meeting.ends_at <= now, Meeting.ends_at > now - REMEMBERED, *held)
    return list(await session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.number)))
