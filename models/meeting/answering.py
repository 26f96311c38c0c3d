"""Meetings: answering an invitation, asking the deputies in turn, and what the office enters for others."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.meeting.looking import answering_person, find
from models.meeting.posting import tell_deputy, tell_holder, tell_staff_of_answers
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import DEPUTY, NO, YES, answers_as, check_answerable
from models.member import Person, Role
from models.refusals import NotEntitled, Unknown
from models.roster import deputies_of


async def invitation_for(session: AsyncSession, number: int, by: Actor) -> tuple[Invitation, Meeting]:
    """An invitation, for the account that answers it.

    Raises:
        Unknown: there is none with this id.
        NotEntitled: it is somebody else's.
    """
    invitation = await _locked(session, number)
    if answers_as(invitation, by) is None:
        raise NotEntitled("invited")
    return invitation, await find(session, invitation.meeting_number)


async def _locked(session: AsyncSession, number: int) -> Invitation:
    invitation = await session.get(Invitation, number, with_for_update=True)
    if invitation is None:
        raise Unknown
    return invitation


async def answer(
    session: AsyncSession, number: int, said: str, by: Actor, at: datetime, asked: int | None = None
) -> tuple[Invitation, Meeting]:
    """„Zusage" or „Absage"; a deputy who had been asked is no longer. ``asked``: as for ``check_answerable``.

    Raises:
        Unknown, NotEntitled: as for ``invitation_for``.
        Withdrawn, Moved, MeetingBegun: as for ``check_answerable``.
    """
    invitation, meeting = await invitation_for(session, number, by)
    check_answerable(meeting, at, asked)
    await _note(session, invitation, said, answers_as(invitation, by), at)
    return invitation, meeting


async def _note(
    session: AsyncSession, invitation: Invitation, said: str, person_id: int | None, at: datetime, by: int | None = None
) -> None:
    """Note an answer; the deputy who is not needed any more is told, and staff what has changed."""
    former = invitation.deputy_id
    if invitation.answer != said:
        invitation.answer_before = invitation.answer
        await tell_staff_of_answers(session, invitation.meeting_number, at)
    invitation.answer, invitation.answered_by, invitation.answered_at = said, person_id, at
    invitation.entered_by = by
    invitation.deputy_id = invitation.deputy_answer = invitation.deputy_answered_at = None
    if former is not None:
        await tell_deputy(session, invitation, "deputy_freed", former, at)


async def deputies(session: AsyncSession, invitation: Invitation) -> list[Person]:
    """Who may stand in for the mandate, by name."""
    if invitation.mandate_id is None:
        return []
    return await deputies_of(session, invitation.mandate_id)


async def next_deputies(session: AsyncSession, invitation: Invitation) -> list[Person]:
    """The deputies who can still be asked: neither asked now nor unable to come."""
    return [
        one for one in await deputies(session, invitation) if one.id not in {*invitation.declined, invitation.deputy_id}
    ]


async def ask_deputy(
    session: AsyncSession, number: int, person_id: int, by: Actor, at: datetime, asked: int | None = None
) -> tuple[Invitation, Meeting]:
    """„Vertretung": the holder does not come; this deputy is asked in turn.

    Raises:
        Unknown: no such invitation, or no deputy of this mandate.
        NotEntitled, Withdrawn, Moved, MeetingBegun: as for ``answer``.
    """
    invitation, meeting = await invitation_for(session, number, by)
    check_answerable(meeting, at, asked)
    await _ask(session, invitation, person_id, answers_as(invitation, by), at)
    return invitation, meeting


async def _ask(
    session: AsyncSession,
    invitation: Invitation,
    person_id: int,
    answers: int | None,
    at: datetime,
    by: int | None = None,
) -> None:
    if person_id not in {one.id for one in await deputies(session, invitation)}:
        raise Unknown
    if invitation.deputy_id == person_id and invitation.deputy_answer != NO:
        return
    await _note(session, invitation, DEPUTY, answers, at, by)
    invitation.deputy_id = person_id
    invitation.declined = [one for one in invitation.declined if one != person_id]
    await tell_deputy(session, invitation, "deputy_asked", person_id, at)


async def deputy_answer(
    session: AsyncSession, number: int, said: str, by: Actor, at: datetime, asked: int | None = None
) -> tuple[Invitation, Meeting]:
    """The asked deputy's answer; the holder is told.

    Raises:
        Unknown: no such invitation.
        NotEntitled: somebody else is asked now, or nobody.
        Withdrawn, Moved, MeetingBegun: as for ``answer``.
    """
    invitation = await _locked(session, number)
    meeting = await find(session, invitation.meeting_number)
    stands_in = {one.person_id for one in by.with_role(Role.DEPUTY) if one.mandate_id == invitation.mandate_id}
    if invitation.deputy_id not in stands_in:
        check_answerable(meeting, at, asked)  # after a move nobody is asked any more: that is the reason to name
        raise NotEntitled("deputy")
    check_answerable(meeting, at, asked)
    await _deputy_said(session, invitation, meeting, said, at)
    return invitation, meeting


async def _deputy_said(
    session: AsyncSession, invitation: Invitation, meeting: Meeting, said: str, at: datetime
) -> None:
    if invitation.deputy_answer == said or invitation.deputy_id is None:
        return
    invitation.deputy_answer, invitation.deputy_answered_at = said, at
    others = [one for one in invitation.declined if one != invitation.deputy_id]
    invitation.declined = [*others, invitation.deputy_id] if said == NO else others
    await tell_holder(session, invitation, "deputy_said", meeting, at)
    await tell_staff_of_answers(session, meeting.number, at)


async def enter_answer(
    session: AsyncSession,
    number: int,
    said: str,
    by: Actor,
    at: datetime,
    *,
    deputy_id: int | None = None,
    deputy_comes: bool = False,
) -> tuple[Invitation, Meeting]:
    """What somebody told the office by telephone or on paper; one with an account is told of it at once.

    ``deputy_id``: who stands in, for the answer DEPUTY; ``deputy_comes``: they have said so, else they are asked.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such invitation, answer, or deputy of this mandate.
        Withdrawn, MeetingBegun: as for ``check_answerable``.
    """
    staff = by.need_staff()
    invitation = await _locked(session, number)
    meeting = await find(session, invitation.meeting_number)
    check_answerable(meeting, at)
    person = await answering_person(session, invitation)
    answers = person.id if person else None
    if said == DEPUTY and deputy_id is not None:
        await _ask(session, invitation, deputy_id, answers, at, staff.person_id)
        if deputy_comes:
            await _deputy_said(session, invitation, meeting, YES, at)
    elif said in {YES, NO}:
        await _note(session, invitation, said, answers, at, staff.person_id)
    else:
        raise Unknown
    await tell_holder(session, invitation, "answer_entered", meeting, at)
    return invitation, meeting
