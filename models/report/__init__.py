"""Reports of a month or a quarter: figures alone, nobody's name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Vote
from models.broadcast.rows import Broadcast
from models.calendar import Calendar
from models.deadline import office_calendar
from models.member import Account
from models.question.rows import OfficeQuestion
from models.report.deadlines import DeadlineFigures, deadline_figures
from models.report.meetings import MeetingFigures, meeting_figures
from models.report.periods import MIDNIGHT, Period
from models.report.questions import QuestionFigures, question_figures
from models.report.reach import Reach, newcomers, reach
from models.report.rows import Asked
from models.report.rundruf import BroadcastFigures, broadcast_figures
from models.report.votes import VoteFigures, vote_figures


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in a period."""

    period: Period
    votes: VoteFigures
    meetings: MeetingFigures
    questions: QuestionFigures
    deadlines: DeadlineFigures
    broadcasts: BroadcastFigures
    newcomers: int


@dataclass(frozen=True, slots=True)
class Report:
    """A period beside the one before it. ``figures`` and ``before``: None where the assistant was not at work yet.

    ``begun_at``: the earliest that the store knows of; None: nothing. ``running``: the period has not ended.
    """

    period: Period
    as_of: datetime
    running: bool
    begun_at: datetime | None
    figures: Figures | None
    before: Figures | None
    reach: Reach


async def report_of(session: AsyncSession, period: Period, now: datetime) -> Report:
    """The report of a period, as things stand now."""
    calendar = await office_calendar(session)
    begun_at = await _begun_at(session, calendar)
    return Report(
        period,
        now,
        period.holds(calendar.day(now)),
        begun_at,
        await _figures(session, period, begun_at, now, calendar),
        await _figures(session, period.before, begun_at, now, calendar),
        await reach(session),
    )


async def _begun_at(session: AsyncSession, calendar: Calendar) -> datetime | None:
    """The earliest trace of anybody; accounts alone would not do, since who leaves is deleted."""
    columns = (Account.first_seen, Vote.opened_at, Broadcast.made_at, OfficeQuestion.asked_at)
    found = [await session.scalar(select(func.min(column))) for column in columns]
    counted = await session.scalar(select(func.min(Asked.day)))
    found.append(calendar.at(counted, MIDNIGHT) if counted else None)
    return min((one for one in found if one is not None), default=None)


async def _figures(
    session: AsyncSession, period: Period, begun_at: datetime | None, now: datetime, calendar: Calendar
) -> Figures | None:
    since, until = period.instants(calendar)
    if begun_at is None or begun_at >= until or since > now:
        return None
    return Figures(
        period,
        await vote_figures(session, since, until),
        await meeting_figures(session, since, until, now),
        await question_figures(session, period, calendar),
        await deadline_figures(session, since, until, now, calendar),
        await broadcast_figures(session, since, until),
        await newcomers(session, since, until),
    )


__all__ = ["Figures", "Period", "Report", "report_of"]
