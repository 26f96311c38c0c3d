"""Meetings: moving, calling off, another agenda, and what becomes of an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.ballot.rows import Vote
from models.meeting.agenda import read_agenda
from models.meeting.looking import find, invitations, invited_accounts
from models.meeting.posting import News, goes_at, tell_change
from models.meeting.rows import AgendaItem, Invitation, Meeting
from models.meeting.rules import CANCELLED, NO, check_answerable
from models.member import Person
from models.refusals import AlreadyDone, Unfit, Unknown


@dataclass(frozen=True, slots=True)
class Move:
    """When and where it takes place from now on. Times are instants."""

    starts_at: datetime
    ends_at: datetime
    place: str
    reason: str = ""


async def _changeable(session: AsyncSession, number: int, by: Actor, now: datetime) -> Meeting:
    by.need_staff()
    meeting = await find(session, number, lock=True)
    check_answerable(meeting, now)
    return meeting


def _as_it_was(meeting: Meeting) -> dict[str, str]:
    return {
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
    }


async def move(session: AsyncSession, number: int, to: Move, by: Actor, now: datetime) -> Meeting:
    """„Verlegen": everyone is told old → new. Another time makes the answers void, and all are asked anew.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn, MeetingBegun: it is cancelled, or has begun.
        AlreadyDone: nothing would change.
        Unfit: it would be in the past, or end before it starts.
    """
    meeting = await _changeable(session, number, by, now)
    if to.starts_at <= now:
        raise Unfit("past")
    if to.ends_at <= to.starts_at:
        raise Unfit("ends before it starts")
    if (to.starts_at, to.ends_at, to.place) == (meeting.starts_at, meeting.ends_at, meeting.place):
        raise AlreadyDone
    old, start = _as_it_was(meeting), meeting.starts_at
    meeting.starts_at, meeting.ends_at, meeting.place, meeting.reason = to.starts_at, to.ends_at, to.place, to.reason
    if meeting.invited_at is None:
        return meeting
    meeting.revision += 1
    told = [(one, await _accounts(session, one)) for one in await invitations(session, number)]
    if to.starts_at != start:
        await _ask_anew(session, meeting, now)
    at = await goes_at(session, meeting, now, start)
    for invitation, accounts in told:
        await tell_change(session, invitation, meeting, News("meeting_moved", at, old), accounts, now)
    return meeting


async def _accounts(session: AsyncSession, invitation: Invitation) -> set[int]:
    """Who answers an invitation, and the deputy who is asked or comes."""
    accounts = set(await invited_accounts(session, invitation))
    if invitation.deputy_id is not None and invitation.deputy_answer != NO:
        deputy = await session.get_one(Person, invitation.deputy_id)
        accounts |= {deputy.telegram_id} if deputy.telegram_id is not None else set()
    return accounts


async def _ask_anew(session: AsyncSession, meeting: Meeting, now: datetime) -> None:
    meeting.moves += 1
    meeting.invited_at = now
    for one in await invitations(session, meeting.number):
        one.answer = one.answer_before = one.deputy_answer = None
        one.answered_by = one.answered_at = one.deputy_id = one.deputy_answered_at = one.entered_by = None
        one.declined = []


async def call_off(session: AsyncSession, number: int, reason: str, by: Actor, now: datetime) -> Meeting:
    """„Absagen": everyone is told, and gets the entry that takes the old one back.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn, MeetingBegun: it is cancelled already, or has begun.
    """
    meeting = await _changeable(session, number, by, now)
    meeting.status, meeting.reason, meeting.revision = CANCELLED, reason, meeting.revision + 1
    at = await goes_at(session, meeting, now)
    for one in await invitations(session, number):
        news = News("meeting_cancelled", at)
        await tell_change(session, one, meeting, news, await _accounts(session, one), now)
    return meeting


@dataclass(frozen=True, slots=True)
class AgendaChange:
    """Which items are new and which are gone, as they are written."""

    added: Sequence[str]
    removed: Sequence[str]

    @property
    def empty(self) -> bool:
        """Whether the same items are left; their order may be another."""
        return not self.added and not self.removed


def agenda_change(old: str, new: str) -> AgendaChange:
    """What another agenda changes. Pure."""
    before, after = ([one.text for one in read_agenda(text)] for text in (old, new))
    return AgendaChange([one for one in after if one not in before], [one for one in before if one not in after])


async def change_agenda(session: AsyncSession, number: int, text: str, by: Actor, now: datetime) -> Meeting:
    """„Tagesordnung ändern": those invited are told what is new and what is gone, with a new calendar entry.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn, MeetingBegun: it is cancelled, or has begun.
        AlreadyDone: it says the same.
        Unfit: an item that has a vote would go.
    """
    meeting = await _changeable(session, number, by, now)
    old = meeting.agenda
    await check_agenda(session, meeting, text)
    meeting.agenda = text
    if meeting.agenda == old:
        raise AlreadyDone
    if meeting.invited_at is None:
        return meeting
    meeting.revision += 1
    at = await goes_at(session, meeting, now)
    for one in await invitations(session, number):
        news = News("agenda_changed", at, old)
        await tell_change(session, one, meeting, news, await _accounts(session, one), now)
    return meeting


async def check_agenda(session: AsyncSession, meeting: Meeting, text: str) -> None:
    """Let pass an agenda that keeps the items on which there is a vote.

    Raises:
        Unfit: one of them would go.
    """
    kept = {one.text for one in read_agenda(text)}
    gone = [one.id for one in meeting.items if one.text not in kept]
    if await session.scalar(select(Vote.number).where(Vote.item_id.in_(gone)).limit(1)) is not None:
        raise Unfit("item has a vote")


async def find_item(session: AsyncSession, number: int) -> tuple[AgendaItem, Meeting]:
    """An item and its meeting.

    Raises:
        Unknown: there is none (any more).
    """
    item = await session.get(AgendaItem, number)
    if item is None:
        raise Unknown
    return item, await find(session, item.meeting_number)


async def mark_decision(session: AsyncSession, number: int, by: Actor, *, decision: bool) -> tuple[AgendaItem, Meeting]:
    """Say that the body is to decide on an item, or is not.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: there is no such item.
        AlreadyDone: it is so already.
    """
    by.need_staff()
    item, meeting = await find_item(session, number)
    if item.decision is decision:
        raise AlreadyDone
    item.decision = decision
    return item, meeting
