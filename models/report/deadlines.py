"""Reports: reminders that went out in a stretch of time, and what is known of the deadlines that ended in it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.calendar import Calendar
from models.deadline.rows import CANCELLED, ENDED, Deadline, Step, Subscription
from models.deadline.rules import effective_due, schedule_of
from models.outbox import Letter, LetterState

REMINDER, VOTES, MEETINGS, EVES = "reminder", "vote_reminder", "meeting_reminder", "meeting_eve"
LATE = -1  # stands for the steps that went out late, among the leads
# A due date is moved by weekends and holidays in a row, never so far.
LONGEST_SHIFT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Kept:
    """Deadlines and who is or was reminded of them. Whether somebody kept one is known only where they said so."""

    deadlines: int = 0
    followers: int = 0
    done: int = 0  # said „Erledigt" by the due time
    done_later: int = 0
    muted: int = 0

    @property
    def silent(self) -> int:
        """Those of whom nothing is known."""
        return self.followers - self.done - self.done_later - self.muted

    def __add__(self, other: "Kept") -> "Kept":
        """Both together."""
        return Kept(
            self.deadlines + other.deadlines,
            self.followers + other.followers,
            self.done + other.done,
            self.done_later + other.done_later,
            self.muted + other.muted,
        )


@dataclass(frozen=True, slots=True)
class DeadlineFigures:
    """``messages``: reminders by kind of letter; ``steps``: by days before the date; ``by_kind``: of what has ended."""

    messages: Mapping[str, int]
    steps: Mapping[int, int]  # LATE: those that came late, whichever step it was
    by_kind: Mapping[str, Kept]
    ahead: int  # deadlines of the period that have not ended yet
    cancelled: int

    @property
    def ended(self) -> Kept:
        """All kinds together."""
        return sum(self.by_kind.values(), Kept())


async def deadline_figures(
    session: AsyncSession, since: datetime, until: datetime, now: datetime, calendar: Calendar
) -> DeadlineFigures:
    """From ``since`` (inclusive) to ``until`` (exclusive): what went out, and the deadlines that end there."""
    rows = await session.scalars(
        select(Deadline).where(Deadline.due_at >= since - LONGEST_SHIFT, Deadline.due_at < until)
    )
    inside = [(row, due) for row in rows if since <= (due := effective_due(schedule_of(row), calendar)) < until]
    over = [(row, due) for row, due in inside if row.status == ENDED or (row.status != CANCELLED and due <= now)]
    ended = {row.number: (row.kind, due) for row, due in over}
    cancelled = sum(row.status == CANCELLED for row, _ in inside)
    return DeadlineFigures(
        await _messages(session, since, until),
        await _steps(session, since, until),
        await _kept(session, ended),
        len(inside) - len(ended) - cancelled,
        cancelled,
    )


async def _messages(session: AsyncSession, since: datetime, until: datetime) -> dict[str, int]:
    kinds = Letter.kind.in_([REMINDER, VOTES, MEETINGS, EVES])
    rows = await session.execute(
        select(Letter.kind, func.count()).where(*_sent(since, until), kinds).group_by(Letter.kind)
    )
    return {row[0]: row[1] for row in rows}


def _sent(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """As SQL: letters that have arrived, by the time they were due, since there is an index on that."""
    return Letter.state == LetterState.SENT, Letter.not_before >= since, Letter.not_before < until


async def _steps(session: AsyncSession, since: datetime, until: datetime) -> dict[int, int]:
    rows = await session.execute(
        select(Step.lead, Step.late, func.count())
        .join(Letter, Letter.id == Step.letter_id)
        .where(*_sent(since, until), Letter.kind == REMINDER)
        .group_by(Step.lead, Step.late)
    )
    counted: Counter[int] = Counter()
    for lead, late, number in rows:
        counted[LATE if late else lead] += number
    return dict(counted)


async def _kept(session: AsyncSession, ended: Mapping[int, tuple[str, datetime]]) -> dict[str, Kept]:
    found: dict[str, Kept] = defaultdict(Kept)
    for kind, _ in ended.values():
        found[kind] += Kept(deadlines=1)
    mine = Subscription.deadline_number.in_(ended)
    rows = await session.execute(
        select(Subscription.deadline_number, Subscription.ended_as, func.count())
        .where(mine)
        .group_by(Subscription.deadline_number, Subscription.ended_as)
    )
    for number, ended_as, many in rows:
        found[ended[number][0]] += Kept(followers=many, muted=many if ended_as == "muted" else 0)
    done = await session.execute(
        select(Subscription.deadline_number, Subscription.ended_at).where(mine, Subscription.ended_as == "done")
    )
    for number, at in done:
        kind, due = ended[number]
        by_then = at is not None and at <= due
        found[kind] += Kept(done=by_then, done_later=not by_then)
    return dict(found)
