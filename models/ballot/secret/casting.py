"""Secret votes: casting. Mark and ballot go into the store together, or not at all; nothing says that they belong."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.ballot.casting import Said, note_completion
from models.ballot.looking import find
from models.ballot.paper import Paper, read_paper
from models.ballot.rules import Choice, Kind, acting_for, check_choice, check_not_excluded, check_open
from models.ballot.secret import box
from models.ballot.secret.box import Mark, Slip
from models.ballot.secret.rows import SecretCast
from models.ballot.secret.rules import draw_receipt, lists_receipts
from models.refusals import Unfit, Unknown
from models.statements import insert_or


@dataclass(frozen=True, slots=True)
class Counted:
    """A ballot is in the box. ``receipt`` is empty where only the voter has it and it was told before."""

    paper: Paper
    receipt: str


async def cast(session: AsyncSession, said: Said, by: Actor) -> Counted:
    """Put a mandate's ballot into the box. Said again it changes nothing, and the receipt is the same.

    Raises:
        Unknown: no such vote, mandate or choice, or the vote is not secret.
        NotEntitled: the account does not act for the mandate now, or the mandate is excluded.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase when the tap reached us.
        Unfit: the mandate has declared a conflict of interest.
    """
    vote = await find(session, said.vote, lock=True)
    if not vote.secret:
        raise Unknown
    await box.hold(session)
    paper = await read_paper(session, said.vote, said.mandate_id, said.at)
    acting_for(by, said.mandate_id, paper.deputy_id)
    if paper.mark is not None:  # by this very update, or by an earlier one
        return Counted(paper, paper.mark.receipt or "")
    check_open(vote, said.at)
    check_not_excluded(paper.elector)
    if paper.ballot is not None:
        raise Unfit("conflict declared")
    check_choice(Kind(vote.kind), said.choice, len(paper.options))
    if said.choice == Choice.CONFLICT:  # declared openly, never cast
        raise Unknown
    return await _store(session, paper, said)


async def _store(session: AsyncSession, paper: Paper, said: Said) -> Counted:
    found = await box.open_box(session)
    receipt = draw_receipt(found.receipts(said.vote))
    listed = lists_receipts(paper.vote)
    mark = Mark(said.vote, said.mandate_id, None if listed else receipt)
    found.marks.append(mark)
    found.slips.append(Slip(said.vote, said.choice, receipt if listed else None))
    await box.put_back(session, found)
    statement = insert_or(session, SecretCast.__table__).values(update_id=said.update_id)
    await session.execute(statement.on_conflict_do_nothing())
    if paper.vote.close_when_all:
        await note_completion(session, paper.vote, said.at)
    return Counted(replace(paper, mark=mark), receipt)
