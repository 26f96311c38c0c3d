"""Secret votes: „Befangen" is said openly, and can be taken back until the closing."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Ballot, Receipt
from models.ballot.rules import Choice, acting_for, check_open
from models.record import Act, NewEntry
from models.refusals import AlreadyDone, Unfit


def check_declaration(paper: Paper, choice: str) -> None:
    """Let pass what may be said openly in a secret vote: a conflict of interest, before a ballot was cast.

    Raises:
        Unfit: it is a choice, or the mandate has voted, and its ballot cannot be found any more.
    """
    if choice != Choice.CONFLICT:
        raise Unfit("secret vote")
    if paper.mark is not None:
        raise Unfit("voted secretly")


async def withdraw_conflict(session: AsyncSession, number: int, mandate_id: int, by: Actor, at: datetime) -> Paper:
    """Take a declared conflict of interest back; the mandate can vote again.

    Raises:
        Unknown: no such vote, or the mandate is not in its electorate.
        NotEntitled: the account does not act for the mandate now.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase when the tap reached us.
        AlreadyDone: none is declared, or the vote is an open one, where another answer replaces it.
    """
    paper = await read_paper(session, number, mandate_id, at, lock=True)
    acting = acting_for(by, mandate_id, paper.deputy_id)
    check_open(paper.vote, at)
    if not paper.vote.secret or paper.ballot is None:
        raise AlreadyDone
    seat = {"vote_number": number, "mandate_id": mandate_id}
    for table in (Ballot, Receipt):
        await session.execute(delete(table).filter_by(**seat))
    details = {"deputy": acting.as_deputy}
    await record.append(session, NewEntry(Act.CONFLICT_WITHDRAWN, at, acting.person_id, number, mandate_id, details))
    return await read_paper(session, number, mandate_id, at)
