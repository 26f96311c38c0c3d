"""A mandate's ballot paper: all that its card speaks of, read in one statement, since this is read at every tap."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Attachment, Ballot, Elector, Vote
from models.office import Body, Office
from models.refusals import Unknown


@dataclass(frozen=True, slots=True)
class Paper:
    """What a mandate has before it in a vote. ``ballot`` is what it says now; None before the first tap."""

    vote: Vote
    body: str  # its short name
    mandate_id: int
    mandate: str  # its name when the vote opened
    ballot: Ballot | None
    contact: str  # of the office
    files: int  # how many attachments


_PAPER = (
    select(
        Vote,
        Ballot,
        Body.short.label("body"),
        Elector.name.label("mandate"),
        func.coalesce(Office.contact, "").label("contact"),
        select(func.count()).where(Attachment.vote_number == Vote.number).scalar_subquery().label("files"),
    )
    .select_from(Vote)
    .join(Body, Body.id == Vote.body_id)
    .join(Elector, (Elector.vote_number == Vote.number) & (Elector.mandate_id == bindparam("mandate_id")))
    .outerjoin(Ballot, (Ballot.vote_number == Vote.number) & (Ballot.mandate_id == Elector.mandate_id))
    .outerjoin(Office, Office.id == 1)
    .where(Vote.number == bindparam("number"))
)
_LOCK = select(Vote.number).where(Vote.number == bindparam("number")).with_for_update()


async def read_paper(session: AsyncSession, number: int, mandate_id: int, *, lock: bool = False) -> Paper:
    """The paper of a mandate in a vote; ``lock`` holds the vote until the transaction ends.

    Raises:
        Unknown: no such vote, or the mandate is not in its electorate.
    """
    if lock and session.get_bind().dialect.name == "postgresql":
        # A statement sees the store as it was when it began, so one that waited for the lock would see an old ballot.
        # SQLite's transactions are alone from their beginning.
        await session.execute(_LOCK, {"number": number})
    row = (await session.execute(_PAPER, {"number": number, "mandate_id": mandate_id})).one_or_none()
    if row is None:
        raise Unknown
    return Paper(row.Vote, row.body, mandate_id, row.mandate, row.Ballot, row.contact, row.files)
