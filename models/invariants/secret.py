"""Secret votes: marks, the box, and what was counted."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import Executable, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Ballot, Elector, Vote
from models.ballot.rules import Choice
from models.ballot.secret.counting import listed
from models.ballot.secret.rows import SecretBallot, SecretCount, SecretTurnout, SecretVoter


def _boxes_that_do_not_add_up() -> Executable:
    # In one statement, since a ballot may come in between two.
    marks = _number_of(SecretVoter.vote_number, Vote.number)
    ballots = _number_of(SecretBallot.vote_number, Vote.number)
    return select(Vote.number).where(marks != ballots)


def _number_of(column: Any, number: Any) -> Any:
    return select(func.count()).where(column == number).scalar_subquery()


def _boxes_of_votes_not_running() -> Executable:
    running = exists().where(
        Vote.number == SecretVoter.vote_number, Vote.secret, Vote.closed_at.is_(None), Vote.cancelled_at.is_(None)
    )
    return select(SecretVoter.vote_number, SecretVoter.mandate_id).where(~running)


def _marks_of_no_free_elector() -> Executable:
    seat = (Elector.vote_number == SecretVoter.vote_number, Elector.mandate_id == SecretVoter.mandate_id)
    declared = exists().where(
        Ballot.vote_number == SecretVoter.vote_number, Ballot.mandate_id == SecretVoter.mandate_id
    )
    free = exists().where(*seat, Elector.excluded_at.is_(None)) & ~declared
    return select(SecretVoter.vote_number, SecretVoter.mandate_id).where(~free)


def _open_ballots_in_secret_votes() -> Executable:
    told = and_(Vote.secret, Ballot.choice != Choice.CONFLICT)
    return select(Ballot.vote_number, Ballot.mandate_id).join(Vote, Vote.number == Ballot.vote_number).where(told)


def _turnouts_that_differ() -> Executable:
    def by_way(*, on_paper: bool) -> Any:
        voted = select(func.count()).where(
            SecretTurnout.vote_number == Vote.number, SecretTurnout.on_paper.is_(on_paper)
        )
        counted = select(func.coalesce(func.sum(SecretCount.ballots), 0)).where(
            SecretCount.vote_number == Vote.number, SecretCount.on_paper.is_(on_paper)
        )
        return voted.scalar_subquery() != counted.scalar_subquery()

    return select(Vote.number).where(or_(by_way(on_paper=False), by_way(on_paper=True)))


PROMISES: dict[str, Callable[[], Executable]] = {
    "a secret vote has a mark for every ballot": _boxes_that_do_not_add_up,
    "a secret ballot is kept while its vote runs": _boxes_of_votes_not_running,
    "who voted secretly is an elector, and neither excluded nor in conflict": _marks_of_no_free_elector,
    "a secret vote has no open ballot": _open_ballots_in_secret_votes,
    "of a secret vote as many are counted as took part": _turnouts_that_differ,
}


async def broken(session: AsyncSession) -> list[str]:
    """Lists of receipts that are not what was counted."""
    false = []
    for vote in await session.scalars(select(Vote).where(Vote.secret, Vote.closed_at.is_not(None))):
        told = Counter(choice for _, choice in listed(vote.result))
        of_vote = (SecretCount.vote_number == vote.number, SecretCount.on_paper.is_(False))
        rows = await session.execute(select(SecretCount.choice, SecretCount.ballots).where(*of_vote))
        if told and told != Counter({choice: int(ballots) for choice, ballots in rows}):
            false.append(f"the list of receipts is what was counted: {vote.number}")
    return false
