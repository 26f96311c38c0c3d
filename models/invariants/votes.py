"""Votes: their electorate, their rounds, how they end, and what came out."""

from collections.abc import Callable

from sqlalchemy import Executable, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.ballot.counting import result_of
from models.ballot.rows import Elector, Objection, Option, Vote
from models.ballot.rules import Held, Kind
from models.ballot.secret.counting import without_list
from models.charter import Election
from models.office import Mandate


def _electors_of_another_body() -> Executable:
    return (
        select(Elector.vote_number, Elector.mandate_id)
        .join(Vote, Vote.number == Elector.vote_number)
        .join(Mandate, Mandate.id == Elector.mandate_id)
        .where(Mandate.body_id != Vote.body_id)
    )


def _open_votes_without_electors() -> Executable:
    frozen = exists().where(Elector.vote_number == Vote.number)
    return select(Vote.number).where(Vote.opened_at.is_not(None), ~frozen)


def _closed_votes_without_result() -> Executable:
    return select(Vote.number).where(Vote.closed_at.is_not(None), Vote.result.is_(None))


def _ended_and_still_going() -> Executable:
    broken_off = and_(Vote.cancelled_at.is_not(None), or_(Vote.closed_at.is_not(None), Vote.result.is_not(None)))
    ended = or_(Vote.closed_at.is_not(None), Vote.cancelled_at.is_not(None))
    return select(Vote.number).where(or_(broken_off, and_(Vote.awaits_office, ended)))


def _run_offs_of_nothing() -> Executable:
    first = aliased(Vote)
    return (
        select(Vote.number)
        .outerjoin(first, first.number == Vote.follows)
        .where(
            or_(
                (Vote.round > 1) != Vote.follows.is_not(None),
                and_(Vote.follows.is_not(None), or_(first.round != Vote.round - 1, first.body_id != Vote.body_id)),
            )
        )
    )


def _objections_out_of_place() -> Executable:
    binding = [one for one in Kind if one.binding]
    right = and_(Vote.held == Held.CIRCULAR, Vote.kind.in_(binding), Vote.closed_at >= Objection.made_at)
    return (
        select(Objection.vote_number)
        .outerjoin(Vote, Vote.number == Objection.vote_number)
        .where(or_(Vote.closed_at.is_(None), ~right))
    )


PROMISES: dict[str, Callable[[], Executable]] = {
    "an elector is a mandate of the vote's body": _electors_of_another_body,
    "an opened vote has its electorate": _open_votes_without_electors,
    "a closed vote has its result": _closed_votes_without_result,
    "a vote broken off has no result and waits for nobody": _ended_and_still_going,
    "a run-off goes on from the round before": _run_offs_of_nothing,
    "an objection has ended a binding vote by circulation": _objections_out_of_place,
}


async def broken(session: AsyncSession) -> list[str]:
    """Lots and results that do not follow from the ballots."""
    return await _lots_between_nobody(session) + await _results_that_differ(session)


async def _lots_between_nobody(session: AsyncSession) -> list[str]:
    drawn = await session.execute(
        select(Vote, Option.label)
        .outerjoin(Option, (Option.vote_number == Vote.number) & (Option.place == Vote.lot))
        .where(Vote.lot.is_not(None))
    )
    return [
        f"a lot decides between those left standing: {vote.number}"
        for vote, label in drawn
        if label not in _left_standing(vote)
    ]


def _left_standing(vote: Vote) -> tuple[str, ...]:
    if vote.round == 1 or vote.kind != Kind.ELECTION or vote.result is None:
        return ()
    return Election.from_json(vote.result).standing


async def _results_that_differ(session: AsyncSession) -> list[str]:
    closed = list(await session.scalars(select(Vote).where(Vote.closed_at.is_not(None), Vote.result.is_not(None))))
    return [
        f"a stored result is what the ballots say: {vote.number}"
        for vote in closed
        if await result_of(session, vote) != without_list(vote.result or {})
    ]
