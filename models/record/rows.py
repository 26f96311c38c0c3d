"""The record of votes: what is stored. One line an entry, and one row that says how long the record is."""

from sqlalchemy import DDL, CheckConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.record.guards import guards


class RecordLine(Base):
    """An entry. ``entry`` is the very text that was hashed; ``vote_number`` repeats what stands in it, to be found by.

    No foreign keys: nothing that happens to a vote, a mandate or a person may touch a line or wait for one.
    """

    __tablename__ = "record"
    __table_args__ = (CheckConstraint("number >= 1", name="counts_from_one"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    vote_number: Mapped[int | None] = mapped_column(index=True)
    entry: Mapped[str]
    hash: Mapped[str]


class RecordHead(Base):
    """Number and hash of the last entry (a single row, id 1): the lock of all who append. The database moves it."""

    __tablename__ = "record_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    hash: Mapped[str]


for _dialect in ("sqlite", "postgresql"):
    for _statement in guards(_dialect):
        _guard = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
        event.listen(RecordLine.__table__, "after_create", _guard.execute_if(dialect=_dialect))
