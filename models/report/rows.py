"""What was asked, counted by day. Nothing here says who asked, or what the words were."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import CheckConstraint, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.statements import table_of

BEGUN = "begun"  # the finding of the row that marks the day on which counting began
# Questions that were answered from the tables, and those that keep no row of their own: see ``handlers/ask.py``.
DATES, CONTACT, CONFIDENTIAL, PERSONAL = "dates", "contact", "confidential", "personal data"


class Asked(Base):
    """How many questions of a day came to the same, about the same."""

    __tablename__ = "asked"
    __table_args__ = (CheckConstraint("number >= 0", name="number"),)

    day: Mapped[date] = mapped_column(primary_key=True)  # by the office's clock
    finding: Mapped[str] = mapped_column(primary_key=True)  # as of ``OfficeQuestion``, or one of the above
    topic: Mapped[str] = mapped_column(primary_key=True)  # ``models.search.understanding.Topic``
    areas: Mapped[str] = mapped_column(primary_key=True)  # the letters of the funding areas it names: „AC"
    number: Mapped[int]


async def count_asked(session: AsyncSession, day: date, finding: str, topic: str, areas: str) -> None:
    """Count one more question."""
    row = {"day": day, "finding": finding, "topic": topic, "areas": areas, "number": 1}
    await session.execute(_one_more(session.get_bind().dialect.name, table_of(Asked)), row)


@cache  # made once: it is executed at every question
def _one_more(dialect: str, table: Table) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    key = ["day", "finding", "topic", "areas"]
    return insert.on_conflict_do_update(index_elements=key, set_={"number": table.c.number + 1})
