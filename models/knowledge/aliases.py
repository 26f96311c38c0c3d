"""Other ways of asking for a passage, as the office has heard them: worth more than any engine.

An alias belongs to a passage of a source by its hash, so a new edition that keeps the passage keeps its aliases.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.actor import Actor
from models.base import Base
from models.knowledge.rows import Edition, Passage, in_force
from models.refusals import Unknown
from models.statements import insert_or


class Alias(Base):
    """One way of asking that a passage answers."""

    __tablename__ = "aliases"
    __table_args__ = (UniqueConstraint("key", "passage_hash", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # of the source
    passage_hash: Mapped[str]
    text: Mapped[str]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]


async def add_aliases(session: AsyncSession, passage_id: int, texts: Iterable[str], by: Actor, now: datetime) -> None:
    """Add ways of asking to a passage; one that it has already changes nothing.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: there is no such passage.
    """
    staff = by.need_staff()
    key, passage_hash = await _place(session, passage_id)
    for text in texts:
        values = {"key": key, "passage_hash": passage_hash, "text": text, "added_by": staff.person_id, "added_at": now}
        await session.execute(insert_or(session, Alias).values(values).on_conflict_do_nothing())


async def drop_aliases(session: AsyncSession, passage_id: int, by: Actor) -> None:
    """Take all other ways of asking from a passage.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: there is no such passage.
    """
    by.need_staff()
    key, passage_hash = await _place(session, passage_id)
    await session.execute(delete(Alias).where(Alias.key == key, Alias.passage_hash == passage_hash))


async def aliases_of(session: AsyncSession, passage_id: int) -> list[str]:
    """The other ways of asking for a passage, the oldest first.

    Raises:
        Unknown: there is no such passage.
    """
    key, passage_hash = await _place(session, passage_id)
    query = select(Alias.text).where(Alias.key == key, Alias.passage_hash == passage_hash).order_by(Alias.id)
    return list(await session.scalars(query))


async def aliases_in_force(session: AsyncSession) -> Mapping[int, tuple[str, ...]]:
    """The other ways of asking for the passages of the editions in force, by passage."""
    rows = await session.execute(
        select(Passage.id, Alias.text)
        .join(Edition, Edition.id == Passage.edition_id)
        .join(Alias, (Alias.key == Edition.key) & (Alias.passage_hash == Passage.hash))
        .where(in_force())
        .order_by(Passage.id, Alias.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for passage_id, text in rows:
        found[passage_id] = (*found.get(passage_id, ()), text)
    return found


async def _place(session: AsyncSession, passage_id: int) -> tuple[str, str]:
    row = (
        await session.execute(
            select(Edition.key, Passage.hash)
            .join(Passage, Passage.edition_id == Edition.id)
            .where(Passage.id == passage_id)
        )
    ).one_or_none()
    if row is None:
        raise Unknown
    return row.key, row.hash
