"""Secret votes: „Befangen" is said openly, and can be taken back until the closing."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor
from models.ballot.casting import note_completion
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Ballot, Receipt
from models.ballot.rules import acting_for, check_open
from models.record import Act, NewEntry
from models.refusals import AlreadyDone


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
    if paper.vote.close_when_all:
        await note_completion(session, paper.vote)
    details = {"deputy": acting.as_deputy}
    await record.append(session, NewEntry(Act.CONFLICT_WITHDRAWN, at, acting.person_id, number, mandate_id, details))
    return await read_paper(session, number, mandate_id, at)
