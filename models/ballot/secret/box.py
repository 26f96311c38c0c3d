"""The ballot box: opened, everything in it written anew under fresh keys and in random order, closed again.

Whatever was written before is gone with it, so that a copy of the store shows one state of the box and never the
ballot that came in last. SQLite overwrites what is deleted (``secure_delete``), and ``Database.begin_traceless``
empties its log. PostgreSQL keeps deleted rows until it cleans up and stamps every row with its transaction; TRUNCATE
gives the table a new file, and all rows in it are of one transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random, SystemRandom

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.secret.rows import SecretBallot, SecretVoter
from models.base import Base

KEY_BITS = 128

random: Random = SystemRandom()

_MARKS, _BALLOTS = (Base.metadata.tables[one.__tablename__] for one in (SecretVoter, SecretBallot))
_TABLES = f"{_MARKS.name}, {_BALLOTS.name}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mandate has voted."""

    vote: int
    mandate_id: int
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Slip:
    """What a ballot says, without its key."""

    vote: int
    choice: str
    receipt: str | None


@dataclass(slots=True)
class Box:
    """Marks and ballots of every secret vote that runs."""

    marks: list[Mark]
    slips: list[Slip]

    def receipts(self, vote: int) -> set[str | None]:
        """The receipts given out in a vote so far."""
        given = {one.receipt for one in self.marks if one.vote == vote}
        return given | {one.receipt for one in self.slips if one.vote == vote}

    def take(self, vote: int) -> tuple[list[Mark], list[Slip]]:
        """Take out what belongs to one vote; the ballots in random order."""
        marks = [one for one in self.marks if one.vote == vote]
        slips = [one for one in self.slips if one.vote == vote]
        self.marks = [one for one in self.marks if one.vote != vote]
        self.slips = [one for one in self.slips if one.vote != vote]
        random.shuffle(slips)
        return marks, slips


async def hold(session: AsyncSession) -> None:
    """Keep everybody else from the box until the commit. After the lock on a vote, before the record's head.

    TRUNCATE wants the tables for itself alone; two that had looked into them first would wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"LOCK TABLE {_TABLES} IN ACCESS EXCLUSIVE MODE"))


async def open_box(session: AsyncSession) -> Box:
    """Everything in the box, which ``put_back`` must follow in the same transaction."""
    await hold(session)
    marks = [Mark(*row) for row in await session.execute(select(*_MARKS.columns))]
    rows = await session.execute(select(SecretBallot.vote_number, SecretBallot.choice, SecretBallot.receipt))
    return Box(marks, [Slip(*row) for row in rows])


async def put_back(session: AsyncSession, box: Box) -> None:
    """Write the box anew: marks in the order of their numbers, ballots under fresh keys in the order of those."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"TRUNCATE {_TABLES}"))
    else:
        await session.execute(delete(SecretVoter))
        await session.execute(delete(SecretBallot))
    marks = sorted((one.vote, one.mandate_id, one.receipt) for one in box.marks)
    columns = ("vote_number", "mandate_id", "receipt")
    if marks:
        await session.execute(insert(_MARKS), [dict(zip(columns, one, strict=True)) for one in marks])
    if box.slips:
        await session.execute(insert(_BALLOTS), sorted(_under_fresh_keys(box.slips), key=lambda row: str(row["key"])))


def _under_fresh_keys(slips: Iterable[Slip]) -> list[dict[str, object]]:
    return [
        {
            "key": f"{random.getrandbits(KEY_BITS):032x}",
            "vote_number": one.vote,
            "choice": one.choice,
            "receipt": one.receipt,
        }
        for one in slips
    ]
