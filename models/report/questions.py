"""Reports: questions asked in a stretch of time, and what became of those that the office was given."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.calendar import Calendar
from models.question.rows import OfficeQuestion
from models.report.periods import Period
from models.report.rows import BEGUN, CONFIDENTIAL, DATES, PERSONAL, Asked
from models.report.rules import Share, in_time, median


@dataclass(frozen=True, slots=True)
class AskedFigures:
    """What was asked, counted from ``since`` on: by what it came to, by its topic, by the funding areas it names."""

    since: date
    findings: Mapping[str, int]
    topics: Mapping[str, int]
    areas: Mapping[str, int]  # a question that names two counts in both
    without_area: int

    @property
    def asked(self) -> int:
        """All of them."""
        return sum(self.findings.values())

    def came_to(self, *findings: str) -> int:
        """How many came to one of these."""
        return sum(self.findings.get(one, 0) for one in findings)

    @property
    def found(self) -> int:
        """How many got a passage of a source."""
        return self.came_to("answer")

    @property
    def dated(self) -> int:
        """How many were answered from deadlines and meetings."""
        return self.came_to(DATES)

    @property
    def unfound(self) -> int:
        """How many heard that there is no documented information."""
        return self.came_to("none", "no date")

    @property
    def refused(self) -> int:
        """How many were confidential, or held personal data."""
        return self.came_to(CONFIDENTIAL, PERSONAL)


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """Questions handed to the office, the same one by several as often as it was asked."""

    handed: int
    times: tuple[timedelta, ...]  # from handing on to the answer, of those that were answered
    in_time: int

    @property
    def answered(self) -> int:
        """How many got an answer."""
        return len(self.times)

    @property
    def median(self) -> timedelta | None:
        """How long half of those took at most."""
        return median(self.times)

    @property
    def longest(self) -> timedelta | None:
        """How long the last of those took."""
        return max(self.times, default=None)

    @property
    def soon(self) -> Share:
        """Within two working days, of those that were answered."""
        return Share(self.in_time, self.answered)


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """``asked``: None where nothing was counted in that time yet."""

    asked: AskedFigures | None
    helpful: int
    not_helpful: int
    office: OfficeFigures


async def question_figures(session: AsyncSession, period: Period, calendar: Calendar) -> QuestionFigures:
    """What was asked in a period, and what was handed to the office in it."""
    since, until = period.instants(calendar)
    rows = await session.execute(
        select(OfficeQuestion.helpful, func.count())
        .where(OfficeQuestion.asked_at >= since, OfficeQuestion.asked_at < until, OfficeQuestion.helpful.is_not(None))
        .group_by(OfficeQuestion.helpful)
    )
    rated = {bool(helpful): number for helpful, number in rows}
    return QuestionFigures(
        await _asked(session, period),
        rated.get(True, 0),
        rated.get(False, 0),
        await _handed_on(session, since, until, calendar),
    )


async def _asked(session: AsyncSession, period: Period) -> AskedFigures | None:
    since = await session.scalar(select(func.min(Asked.day)))
    if since is None or since >= period.following:
        return None
    rows = await session.execute(
        select(Asked.finding, Asked.topic, Asked.areas, func.sum(Asked.number))
        .where(Asked.day >= period.first, Asked.day < period.following, Asked.finding != BEGUN)
        .group_by(Asked.finding, Asked.topic, Asked.areas)
    )
    findings, topics, areas = Counter[str](), Counter[str](), Counter[str]()
    without = 0
    for finding, topic, letters, number in rows:
        findings[finding] += number
        topics[topic] += number
        for letter in letters:
            areas[letter] += number
        without += 0 if letters else number
    return AskedFigures(max(since, period.first), findings, topics, areas, without)


async def _handed_on(session: AsyncSession, since: datetime, until: datetime, calendar: Calendar) -> OfficeFigures:
    main = aliased(OfficeQuestion)
    rows = await session.execute(
        select(OfficeQuestion.handed_at, func.coalesce(OfficeQuestion.answered_at, main.answered_at))
        .outerjoin(main, main.number == OfficeQuestion.joined_to)
        .where(OfficeQuestion.handed_at >= since, OfficeQuestion.handed_at < until)
    )
    spans = [(handed_at, answered_at) for handed_at, answered_at in rows if handed_at is not None]
    answered = [(handed_at, at) for handed_at, at in spans if at is not None]
    return OfficeFigures(
        len(spans),
        tuple(at - handed_at for handed_at, at in answered),
        sum(in_time(handed_at, at, calendar) for handed_at, at in answered),
    )
