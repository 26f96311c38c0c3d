"""Project selection: reading the call, and what a mandate or all of them have said of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Attachment, Vote
from models.refusals import Unknown
from models.selection.rows import AsideRow, CallRow, CriterionRow, ProjectRow, ScoreRow
from models.selection.rules import Call, Criterion, Part, Project


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a mandate has before it in a selection: the call, its points so far with their receipts, the papers."""

    call: Call
    scores: Mapping[tuple[int, int], ScoreRow] = field(default_factory=dict)  # by project and criterion
    asides: Mapping[int, AsideRow] = field(default_factory=dict)  # by project, those that were taken back too
    files: Mapping[int, int] = field(default_factory=dict)  # how many papers, by project

    @property
    def part(self) -> Part:
        """What the mandate says so far."""
        return Part(
            {place: row.points for place, row in self.scores.items()},
            frozenset(number for number, row in self.asides.items() if row.holds),
        )


async def call_of(session: AsyncSession, number: int) -> Call:
    """The call of a selection.

    Raises:
        Unknown: the vote is no selection.
    """
    row = await session.get(CallRow, number)
    if row is None:
        raise Unknown
    criteria = await session.scalars(
        select(CriterionRow).where(CriterionRow.vote_number == number).order_by(CriterionRow.place)
    )
    projects = await session.scalars(
        select(ProjectRow).where(ProjectRow.vote_number == number).order_by(ProjectRow.number)
    )
    return Call(
        row.budget,
        row.threshold,
        tuple(Criterion(one.place, one.name, one.maximum, one.weight) for one in criteria),
        tuple(Project(one.number, one.title, one.sponsor, one.applied) for one in projects),
    )


async def sheet_of(session: AsyncSession, number: int, mandate_id: int) -> Sheet:
    """A mandate's sheet.

    Raises:
        Unknown: the vote is no selection.
    """
    call = await call_of(session, number)
    of_mandate = (ScoreRow.vote_number == number, ScoreRow.mandate_id == mandate_id)
    scores = {(one.project, one.criterion): one for one in await session.scalars(select(ScoreRow).where(*of_mandate))}
    aside = select(AsideRow).where(AsideRow.vote_number == number, AsideRow.mandate_id == mandate_id)
    asides = {one.project: one for one in await session.scalars(aside)}
    return Sheet(call, scores, asides, await papers_of(session, number))


async def papers_of(session: AsyncSession, number: int) -> Counter[int]:
    """How many files belong to each project."""
    found = await session.scalars(
        select(Attachment.project).where(Attachment.vote_number == number, Attachment.project.is_not(None))
    )
    return Counter(one for one in found if one is not None)


async def said_in(session: AsyncSession, number: int) -> dict[int, Part]:
    """What every mandate that said anything says, by mandate; whether it is out of the call is not looked at."""
    points: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for row in await session.scalars(select(ScoreRow).where(ScoreRow.vote_number == number)):
        points[row.mandate_id][row.project, row.criterion] = row.points
    aside: dict[int, set[int]] = defaultdict(set)
    for one in await session.scalars(select(AsideRow).where(AsideRow.vote_number == number, AsideRow.holds)):
        aside[one.mandate_id].add(one.project)
    return {mandate: Part(points[mandate], frozenset(aside[mandate])) for mandate in points.keys() | aside.keys()}


async def scores_in(session: AsyncSession, number: int) -> list[ScoreRow]:
    """All points given in a selection, by mandate, project and criterion."""
    query = select(ScoreRow).where(ScoreRow.vote_number == number)
    return list(await session.scalars(query.order_by(ScoreRow.mandate_id, ScoreRow.project, ScoreRow.criterion)))


async def progress_of(session: AsyncSession, vote: Vote) -> dict[int, tuple[int, int]]:
    """By mandate that has said anything: for how many projects its points count, of how many it is asked."""
    call = await call_of(session, vote.number)
    return {
        mandate: (len(part.counting(call)), len(part.to_score(call)))
        for mandate, part in (await said_in(session, vote.number)).items()
    }
