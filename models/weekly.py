"""The message to staff on Friday morning: what the next week brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import question as questions
from models.actor import Actor, staff_accounts
from models.ballot.looking import silent_mandates
from models.ballot.rows import UNDER_WAY, Vote
from models.calendar import DAY_ENDS, Calendar
from models.deadline import Deadline, effective_due, office_calendar, open_deadlines, schedule_of
from models.meeting.looking import attendance, quorum_needed
from models.meeting.rows import Meeting
from models.member import Account
from models.outbox import NewLetter, post
from models.planned import Planned, Reader, held, key_of, posted
from models.question import OfficeQuestion

KIND = "week"
AT = time(9)
FRIDAY, WEEK = 4, timedelta(days=7)
MIDNIGHT = time(0)


# --- when


def morning_before(monday: date, calendar: Calendar) -> datetime:
    """When staff is told of the week from this Monday: 9:00 on the Friday before, or the working day by then."""
    return calendar.at(calendar.working_day_by(monday - timedelta(days=3)), AT)


def mondays(first: date, last: date) -> Iterator[date]:
    """The Mondays after these days' own weeks have begun."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last + WEEK:
        yield monday
        monday += WEEK


def week_to_tell(calendar: Calendar, now: datetime) -> date | None:
    """The Monday of the week to be told of at this moment; None: none.

    One that was held up still goes until the evening of the week's first working day, out of quiet hours.
    """
    if calendar.quiet(now):
        return None
    today = calendar.day(now)
    for monday in mondays(today, today):
        ends = calendar.at(calendar.working_day_from(monday), DAY_ENDS)
        if morning_before(monday, calendar) <= now < ends:
            return monday
    return None


# --- what goes out


async def tell_staff(session: AsyncSession, now: datetime) -> None:
    """Post the message once its morning has come."""
    calendar = await office_calendar(session)
    monday = week_to_tell(calendar, now)
    if monday is None or key_of(KIND, 0, morning_before(monday, calendar)) in await held(session, KIND):
        return
    morning = morning_before(monday, calendar)
    for telegram_id in await _there_by(session, morning):
        await post(session, _letter(monday, telegram_id), now)


async def _there_by(session: AsyncSession, morning: datetime) -> list[int]:
    """Staff by then; who came later looks under „/buero", and hears from the next week on."""
    came = select(Account.telegram_id).where(Account.first_seen <= morning)
    there = set(await session.scalars(came.where(Account.telegram_id.in_(await staff_accounts(session)))))
    return sorted(there)


def _letter(monday: date, telegram_id: int) -> NewLetter:
    return NewLetter(f"{KIND}:{monday.isoformat()}:{telegram_id}", KIND, telegram_id, {"monday": monday.isoformat()})


async def ahead(session: AsyncSession, now: datetime, until: datetime) -> list[Planned]:
    """The messages of the weeks to come, and one that is held up (by a person or by the night) and could still go."""
    calendar, holds = await office_calendar(session), await held(session, KIND)
    found = []
    for monday in mondays(calendar.day(now), calendar.day(until)):
        morning, ends = morning_before(monday, calendar), calendar.at(calendar.working_day_from(monday), DAY_ENDS)
        key = key_of(KIND, 0, morning)
        if morning <= until and now < ends:
            letters = [_letter(monday, one) for one in await _there_by(session, morning)]
            done = await posted(session, [one.key for one in letters])
            left = tuple(Reader(one.telegram_id, one.about) for one in letters if one.key not in done)
            at = morning if morning > now or key in holds else calendar.next_allowed(now)
            found.append(Planned(key, at, left, held=key in holds))
    return [one for one in found if one.readers]


async def send_now(session: AsyncSession, planned: Planned, now: datetime) -> None:
    """Post a planned message now instead of on its morning."""
    monday = date.fromisoformat(planned.readers[0].about["monday"])
    for telegram_id in await staff_accounts(session):
        await post(session, _letter(monday, telegram_id), now)


# --- what it says


@dataclass(frozen=True, slots=True)
class Closing:
    """A vote that closes, and how many ballots are missing."""

    vote: Vote
    missing: int


@dataclass(frozen=True, slots=True)
class Thin:
    """A meeting that would have no quorum with the answers so far; or a draft, to which nobody is invited yet."""

    meeting: Meeting
    coming: int = 0
    needed: int = 0


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """What there is to know of a week."""

    closings: list[Closing]
    thin: list[Thin]
    drafts: list[Meeting]
    questions: list[OfficeQuestion]
    deadlines: list[Deadline]


async def week(session: AsyncSession, monday: date, who: Actor, now: datetime) -> WeekAhead:
    """What the week from this Monday to Sunday brings, as things stand now."""
    calendar = await office_calendar(session)
    begins, ends = (calendar.at(day, MIDNIGHT) for day in (monday, monday + WEEK))
    meetings = await session.scalars(
        select(Meeting)
        .where(Meeting.status == "", Meeting.starts_at >= begins, Meeting.starts_at < ends, Meeting.starts_at > now)
        .order_by(Meeting.starts_at, Meeting.number)
    )
    ahead_of_us = list(meetings)
    dues = [(effective_due(schedule_of(row), calendar), row) for row in await open_deadlines(session, now, who)]
    return WeekAhead(
        await _closings(session, begins, ends, now),
        await _thin(session, ahead_of_us),
        [one for one in ahead_of_us if one.invited_at is None],
        await questions.waiting(session),
        [row for due, row in dues if begins <= due < ends],
    )


async def thin_meetings(session: AsyncSession, now: datetime, until: datetime) -> list[Thin]:
    """The meetings ahead that were invited to and would have no quorum with the answers so far, the next one first."""
    found = await session.scalars(
        select(Meeting)
        .where(Meeting.status == "", Meeting.starts_at > now, Meeting.starts_at <= until)
        .order_by(Meeting.starts_at, Meeting.number)
    )
    return await _thin(session, list(found))


async def _thin(session: AsyncSession, meetings: Sequence[Meeting]) -> list[Thin]:
    counted = [await _quorum(session, one) for one in meetings if one.invited_at is not None]
    return [one for one in counted if one.coming < one.needed]


async def _closings(session: AsyncSession, begins: datetime, ends: datetime, now: datetime) -> list[Closing]:
    votes = await session.scalars(
        select(Vote)
        .where(
            *UNDER_WAY,
            Vote.closes_at >= max(begins, now),
            Vote.closes_at < ends,
        )
        .order_by(Vote.closes_at, Vote.number)
    )
    return [Closing(vote, len(await silent_mandates(session, vote))) for vote in list(votes)]


async def _quorum(session: AsyncSession, meeting: Meeting) -> Thin:
    seats = await attendance(session, meeting.number)
    coming = sum(one.comes for one in seats if one.votes)
    return Thin(meeting, coming, await quorum_needed(session, meeting, seats))
