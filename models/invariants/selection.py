"""Project selection: the call, its points, and ties."""

from collections.abc import Callable

from sqlalchemy import Executable, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Ballot, Receipt, Vote
from models.ballot.rules import Choice, Kind, Stage
from models.charter import read_charter
from models.selection.ranking import Selection, check_order, with_orders
from models.selection.reading import call_of, said_in
from models.selection.rows import AsideRow, CallRow, CriterionRow, ProjectRow, ScoreRow
from models.selection.rules import Part


def _selections_without_call() -> Executable:
    about = (
        exists().where(CallRow.vote_number == Vote.number)
        & exists().where(CriterionRow.vote_number == Vote.number)
        & exists().where(ProjectRow.vote_number == Vote.number)
    )
    return select(Vote.number).where((Vote.kind == Kind.SELECTION) != about)


def _points_beyond_the_maximum() -> Executable:
    there = exists().where(
        CriterionRow.vote_number == ScoreRow.vote_number,
        CriterionRow.place == ScoreRow.criterion,
        CriterionRow.maximum >= ScoreRow.points,
        ProjectRow.vote_number == ScoreRow.vote_number,
        ProjectRow.number == ScoreRow.project,
    )
    return select(ScoreRow.vote_number, ScoreRow.mandate_id, ScoreRow.project).where(~there)


def _points_without_ballot() -> Executable:
    there = exists().where(
        Ballot.vote_number == ScoreRow.vote_number,
        Ballot.mandate_id == ScoreRow.mandate_id,
    )
    return select(ScoreRow.vote_number, ScoreRow.mandate_id, ScoreRow.project).where(~there)


def _points_without_receipt() -> Executable:
    told = exists().where(
        Receipt.vote_number == ScoreRow.vote_number,
        Receipt.mandate_id == ScoreRow.mandate_id,
        Receipt.code == ScoreRow.receipt,
    )
    return select(ScoreRow.vote_number, ScoreRow.mandate_id, ScoreRow.project).where(~told)


def _points_out_of_time() -> Executable:
    late = or_(ScoreRow.given_at < Vote.opens_at, ScoreRow.given_at >= Vote.closes_at)
    return (
        select(ScoreRow.vote_number, ScoreRow.mandate_id, ScoreRow.project)
        .join(Vote, Vote.number == ScoreRow.vote_number)
        .where(late)
    )


def _second_points() -> Executable:
    keys = (ScoreRow.vote_number, ScoreRow.mandate_id, ScoreRow.project, ScoreRow.criterion)
    return select(*keys).group_by(*keys).having(func.count() > 1)


PROMISES: dict[str, Callable[[], Executable]] = {
    "a selection has its call, criteria and projects": _selections_without_call,
    "a mandate gives points once by project and criterion": _second_points,
    "points are within what the call asks": _points_beyond_the_maximum,
    "points stand on a ballot": _points_without_ballot,
    "points have their receipt": _points_without_receipt,
    "points are given while the vote is open": _points_out_of_time,
}


async def broken(session: AsyncSession) -> list[str]:
    """What no query can ask: whether ballots are as far as their points, and ties were between equals."""
    wrong: list[str] = []
    for vote in await session.scalars(select(Vote).where(Vote.kind == Kind.SELECTION)):
        wrong += await _ballots_that_say_otherwise(session, vote) + await _asides_beyond_the_charter(session, vote)
        if not _ties_between_equals(vote):
            wrong.append(f"a tie is decided between equals: {vote.number}")
    return wrong


async def _ballots_that_say_otherwise(session: AsyncSession, vote: Vote) -> list[str]:
    if await session.get(CallRow, vote.number) is None:
        return []  # named already
    call, said = await call_of(session, vote.number), await said_in(session, vote.number)
    ballots = await session.scalars(select(Ballot).where(Ballot.vote_number == vote.number))
    return [
        f"a ballot of a selection is as far as its points: {vote.number}, {one.mandate_id}"
        for one in ballots
        if one.choice != Choice.CONFLICT
        and (one.choice == Stage.PART) != (said.get(one.mandate_id, Part()).stage(call) is Stage.PART)
    ]


async def _asides_beyond_the_charter(session: AsyncSession, vote: Vote) -> list[str]:
    if read_charter(vote.charter).conflict_scope == "project":
        return []
    asides = await session.scalars(select(AsideRow.mandate_id).where(AsideRow.vote_number == vote.number))
    return [f"a conflict covers what the charter says: {vote.number}, {mandate}" for mandate in asides]


def _ties_between_equals(vote: Vote) -> bool:
    """Whether every decided order is one of projects that were tied once those before were decided."""
    if not vote.ties:
        return True
    if vote.result is None:
        return False
    judged, orders = Selection.from_json(vote.result), dict[int, list[int]]()
    while (found := with_orders(judged, orders)).tied_rank is not None:
        decided = vote.ties.get(str(found.tied_rank))
        if decided is None:
            break
        if not check_order(found, decided["order"]):
            return False
        orders[found.tied_rank] = decided["order"]
    return len(orders) == len(vote.ties)
