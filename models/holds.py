"""Planned messages that staff has stopped: whoever plans asks here first.

A planned message is known by what it is (``kind``), what it speaks of (``number``) and its instant, to the second. The
forecast and the planner name it by the same function, so that what staff holds is what would have been sent.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, ForeignKey, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, insert_or


class PlannedKey(NamedTuple):
    """Which planned message: kind of letter, number of its vote, meeting, deadline …, Unix second of its instant."""

    kind: str
    number: int
    second: int


class Hold(Base):
    """A planned message that is not to go out until released."""

    __tablename__ = "holds"

    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    second: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    held_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    held_at: Mapped[datetime]


def key_of(kind: str, number: int, at: datetime) -> PlannedKey:
    """The name of a planned message."""
    return PlannedKey(kind, number, int(at.timestamp()))


async def held(session: AsyncSession, kind: str | None = None) -> set[PlannedKey]:
    """What is held, of one kind or of all. There are few: nothing is held for long."""
    query = select(Hold.kind, Hold.number, Hold.second)
    rows = await session.execute(query if kind is None else query.where(Hold.kind == kind))
    return {PlannedKey(*row) for row in rows}


async def hold(session: AsyncSession, key: PlannedKey, person_id: int, now: datetime) -> None:
    """Stop a planned message; holding it twice is holding it."""
    values = {**key._asdict(), "held_by": person_id, "held_at": now}
    await session.execute(insert_or(session, Hold).values(values).on_conflict_do_nothing())


async def release(session: AsyncSession, key: PlannedKey) -> None:
    """Let a planned message go again."""
    await session.execute(
        delete(Hold).where(Hold.kind == key.kind, Hold.number == key.number, Hold.second == key.second)
    )
