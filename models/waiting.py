"""What waits for the office today, the most urgent first: plain values, which ``handlers/office/desk`` words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import question as questions
from models.actor import Actor
from models.ballot.counting import frozen_result
from models.ballot.looking import silent_mandates
from models.ballot.office import lot_between
from models.ballot.rows import UNDER_WAY, Vote
from models.ballot.rules import Kind
from models.broadcast.looking import awaiting_release, with_uncertain
from models.broadcast.rows import Broadcast
from models.charter import Election, Outcome
from models.codes import people_without_account
from models.deadline import effective_due, office_calendar, open_deadlines, schedule_of
from models.forecast import OWN_ENTRY
from models.meeting.looking import meetings_seen_by
from models.outbox import Letter, LetterState
from models.planned import Hold
from models.selection.ranking import Selection
from models.weekly import thin_meetings
from models.wish import open_wishes

CLOSING_SOON = timedelta(hours=24)
QUORUM_WITHIN = timedelta(days=14)
CONFIRM_WITHIN = timedelta(days=14)
UNDECIDED_FOR = timedelta(days=60)  # of votes that closed longer ago nobody is reminded


class What(StrEnum):
    """What kind of thing waits."""

    OVERDUE = "overdue"  # a question, for two working days
    TO_CLOSE = "to close"  # a vote whose closing fell into an outage
    UNCERTAIN = "uncertain"  # messages
    TO_RELEASE = "to release"  # a Rundruf
    STOPPED = "stopped"  # a Rundruf, half-way
    CLOSING = "closing"  # a vote
    RUN_OFF = "run-off"
    LOT = "lot"
    TIE = "tie"
    THIN = "thin"  # a meeting without a quorum, with the answers so far
    DRAFT = "draft"  # a meeting to which nobody is invited yet
    UNCONFIRMED = "unconfirmed"  # a deadline
    QUESTIONS = "questions"
    WISHES = "wishes"  # dates that were asked for and are not entered
    HELD = "held"  # planned messages
    MISSING = "missing"  # people who have not come in


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: of what has a number its number and title; of what is only counted how many."""

    what: What
    number: int = 0
    title: str = ""
    at: datetime | None = None
    many: int = 0
    needed: int = 0


Look = Callable[[AsyncSession, Actor, datetime], Awaitable[list[Waiting]]]


async def waiting(session: AsyncSession, who: Actor, now: datetime) -> list[Waiting]:
    """Everything that waits for the office."""
    return [one for look in LOOKS for one in await look(session, who, now)]


async def _overdue(session: AsyncSession, _who: Actor, now: datetime) -> list[Waiting]:
    calendar = await office_calendar(session)
    late = [one for one in await questions.waiting(session) if questions.is_overdue(one, calendar, now)]
    return [Waiting(What.OVERDUE, one.number, one.text, one.handed_at or one.asked_at) for one in late]


async def _to_close(session: AsyncSession, _who: Actor, _now: datetime) -> list[Waiting]:
    going = (Vote.closed_at.is_(None), Vote.cancelled_at.is_(None))  # as whatever waits is: their index leads to it
    votes = await session.scalars(select(Vote).where(*going, Vote.awaits_office).order_by(Vote.number))
    return [Waiting(What.TO_CLOSE, one.number, one.title, one.closes_at) for one in votes]


async def _uncertain(session: AsyncSession, _who: Actor, _now: datetime) -> list[Waiting]:
    alone = select(func.count()).where(Letter.state == LetterState.UNCERTAIN, Letter.kind.not_in(OWN_ENTRY))
    many = (await session.scalar(alone) or 0) + sum(many for _, many in await with_uncertain(session))
    return [Waiting(What.UNCERTAIN, many=many)] if many else []


async def _broadcasts(session: AsyncSession, _who: Actor, _now: datetime) -> list[Waiting]:
    stopped = await session.scalars(
        select(Broadcast)
        .where(
            Broadcast.started_at.is_not(None),
            Broadcast.ended_at.is_(None),
            Broadcast.paused_at.is_not(None),
            Broadcast.withdrawn_at.is_(None),
        )
        .order_by(Broadcast.number)
    )
    return [
        *(Waiting(What.TO_RELEASE, one.number) for one in await awaiting_release(session)),
        *(Waiting(What.STOPPED, one.number, at=one.paused_at) for one in stopped),
    ]


async def _closing(session: AsyncSession, _who: Actor, now: datetime) -> list[Waiting]:
    soon = await session.scalars(
        select(Vote)
        .where(
            *UNDER_WAY,
            ~Vote.awaits_office,
            Vote.closes_at > now,
            Vote.closes_at <= now + CLOSING_SOON,
        )
        .order_by(Vote.closes_at, Vote.number)
    )
    return [
        Waiting(What.CLOSING, one.number, one.title, one.closes_at, len(await silent_mandates(session, one)))
        for one in list(soon)
    ]


async def _undecided(session: AsyncSession, _who: Actor, now: datetime) -> list[Waiting]:
    """Votes that have closed and leave the office something to do: a run-off, the lot, a tie at the budget's edge."""
    votes = await session.scalars(
        select(Vote)
        .where(Vote.closed_at > now - UNDECIDED_FOR, Vote.kind.in_([Kind.ELECTION, Kind.SELECTION]))
        .order_by(Vote.closed_at, Vote.number)  # as their index has them
    )
    go_on = select(Vote.follows).where(Vote.follows.is_not(None), Vote.cancelled_at.is_(None))
    followed = set(await session.scalars(go_on))
    todo = [(vote, _todo(vote)) for vote in list(votes) if vote.number not in followed]
    return [Waiting(what, vote.number, vote.title) for vote, what in todo if what is not None]


def _todo(vote: Vote) -> What | None:
    result = frozen_result(vote)
    if isinstance(result, Selection):
        return What.TIE if result.tied_rank is not None else None
    if isinstance(result, Election) and result.outcome is Outcome.RUN_OFF:
        return What.RUN_OFF
    return What.LOT if lot_between(vote) and vote.lot is None else None


async def _meetings(session: AsyncSession, who: Actor, now: datetime) -> list[Waiting]:
    thin = [
        Waiting(What.THIN, one.meeting.number, one.meeting.title, one.meeting.starts_at, one.coming, one.needed)
        for one in await thin_meetings(session, now, now + QUORUM_WITHIN)
    ]
    drafts = [
        Waiting(What.DRAFT, one.number, one.title, one.starts_at)
        for one in await meetings_seen_by(session, who, now)
        if one.invited_at is None and not one.status
    ]
    return thin + drafts


async def _unconfirmed(session: AsyncSession, who: Actor, now: datetime) -> list[Waiting]:
    """Deadlines of the next two weeks that came from a list, and that nobody of the office has found right since."""
    calendar = await office_calendar(session)
    dues = [(effective_due(schedule_of(row), calendar), row) for row in await open_deadlines(session, now, who)]
    return [
        Waiting(What.UNCONFIRMED, row.number, row.title, due)
        for due, row in dues
        if due <= now + CONFIRM_WITHIN and row.confirmed != row.revision
    ]


async def _counted(session: AsyncSession, _who: Actor, now: datetime) -> list[Waiting]:
    calendar = await office_calendar(session)
    counts = {
        What.QUESTIONS: len(
            [one for one in await questions.waiting(session) if not questions.is_overdue(one, calendar, now)]
        ),
        What.WISHES: len(await open_wishes(session)),
        What.HELD: await _held(session, now),
        What.MISSING: len(await people_without_account(session)),
    }
    return [Waiting(what, many=many) for what, many in counts.items() if many]


async def _held(session: AsyncSession, now: datetime) -> int:
    """Whether somebody has stopped messages: those to come are held by their instant, those posted each by itself."""
    to_come = await session.scalar(select(func.count()).select_from(Hold).where(Hold.second > now.timestamp()))
    posted = select(func.count()).where(Letter.held, Letter.state == LetterState.WAITING)
    return (to_come or 0) + (await session.scalar(posted) or 0)


LOOKS: tuple[Look, ...] = (
    _overdue,
    _to_close,
    _uncertain,
    _broadcasts,
    _closing,
    _undecided,
    _meetings,
    _unconfirmed,
    _counted,
)
