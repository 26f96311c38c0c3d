"""What is going to be sent and is no letter yet: how it is named, and what staff has stopped.

A planned message is known by what it is (``kind``), what it speaks of (``number``) and its instant, to the second. The
forecast and the planner name it by the same function, so that what staff stops is what would have been sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ForeignKey, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.outbox import Letter
from models.statements import insert_or


class PlannedKey(NamedTuple):
    """Which planned message: kind of letter, number of its vote, meeting, deadline …, Unix second of its instant."""

    kind: str
    number: int
    second: int


@dataclass(frozen=True, slots=True)
class Reader:
    """An account that a planned message will go to, and what its letter speaks of."""

    telegram_id: int
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A message to come. ``at``: when it goes, if it is not held; ``late``: it was past when it became possible."""

    key: PlannedKey
    at: datetime
    readers: tuple[Reader, ...]
    held: bool = False
    late: bool = False
    fixed: bool = False  # it hangs on something else (a vote's closing) and can be neither stopped nor sent now
    letters: tuple[int, ...] = ()  # the letters in the outbox that it already is


class Hold(Base):
    """A planned message that is not to go out until released."""

    __tablename__ = "holds"

    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    second: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    held_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    held_at: Mapped[datetime]


def key_of(kind: str, number: int, at: datetime) -> PlannedKey:
    """The name of a planned message."""
    return PlannedKey(kind, number, int(at.timestamp()))


async def held(session: AsyncSession, kind: str) -> set[PlannedKey]:
    """What is held of one kind. There is little: nothing is held for long."""
    rows = await session.execute(select(Hold.kind, Hold.number, Hold.second).where(Hold.kind == kind))
    return {PlannedKey(*row) for row in rows}


async def hold(session: AsyncSession, key: PlannedKey, person_id: int, now: datetime) -> None:
    """Stop a planned message; stopping it twice is stopping it."""
    values = {**key._asdict(), "held_by": person_id, "held_at": now}
    await session.execute(insert_or(session, Hold).values(values).on_conflict_do_nothing())


async def release(session: AsyncSession, key: PlannedKey) -> None:
    """Let a planned message go again."""
    await session.execute(
        delete(Hold).where(Hold.kind == key.kind, Hold.number == key.number, Hold.second == key.second)
    )


async def posted(session: AsyncSession, keys: list[str]) -> set[str]:
    """Which of these letters have been posted, by their keys."""
    return set(await session.scalars(select(Letter.key).where(Letter.key.in_(keys))))
