"""What went wrong lately: where, which kind of error, how often, when. Never a text, a name, a code or a token.

One row a place and kind, whatever its number, so that a night without Telegram is one line and not ten thousand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.statements import insert_or

MOST = 200  # rows kept; kinds of errors are few, so that more would be a fault of its own


class Place(StrEnum):
    """Where it went wrong."""

    UPDATE = "update"  # working off what somebody sent
    LETTER = "letter"  # wording or sending a letter
    PLAN = "plan"  # what time brings
    STORE = "store"  # the database
    TELEGRAM = "telegram"  # could not be reached, or refused us
    REST = "rest"


class Trouble(Base):
    """One kind of error at one place."""

    __tablename__ = "troubles"
    __table_args__ = (CheckConstraint("many >= 1", name="met"),)

    place: Mapped[str] = mapped_column(primary_key=True)  # ``Place``
    what: Mapped[str] = mapped_column(primary_key=True)  # the error's type
    many: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    reference: Mapped[str] = mapped_column(default="", server_default="")  # of the last one, as it stands in the log


@dataclass(frozen=True, slots=True)
class Met:
    """Errors of one kind at one place since the last note."""

    place: Place
    what: str
    many: int
    at: datetime  # of the last one
    reference: str = ""


async def note(session: AsyncSession, met: Iterable[Met]) -> None:
    """Add them to what is known."""
    for one in sorted(met, key=lambda each: (each.place, each.what)):  # in one order: two processes may note at once
        row = {"place": one.place, "what": one.what, "many": one.many, "reference": one.reference}
        insert = insert_or(session, Trouble).values(**row, first_at=one.at, last_at=one.at)
        counted = {"many": Trouble.many + one.many, "last_at": one.at, "reference": one.reference}
        await session.execute(insert.on_conflict_do_update(index_elements=["place", "what"], set_=counted))


async def since(session: AsyncSession, begin: datetime) -> list[Trouble]:
    """What was met since then, the latest first."""
    rows = await session.scalars(select(Trouble).where(Trouble.last_at >= begin).order_by(Trouble.last_at.desc()))
    return list(rows)


async def forget_old(session: AsyncSession, before: datetime) -> int:
    """Drop what was last met before, and of more than there can be the oldest."""
    rows = list(await session.scalars(select(Trouble).order_by(Trouble.last_at.desc())))
    gone = [one for place, one in enumerate(rows) if one.last_at < before or place >= MOST]
    for one in gone:
        await session.execute(delete(Trouble).where(Trouble.place == one.place, Trouble.what == one.what))
    return len(gone)
