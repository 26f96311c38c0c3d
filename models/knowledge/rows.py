"""Editions of sources and the passages cut from them."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, and_, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base

_IN_FORCE = "superseded_at IS NULL AND NOT waiting"


class Edition(Base):
    """A source as it was loaded once. A newer one supersedes it for answers; citations still find it.

    ``key`` is the file's name without its ending. ``dated`` and the validity are days in the office's zone.
    ``waiting``: it begins to be valid on a later day, until which the one before it answers.
    """

    __tablename__ = "editions"
    __table_args__ = (
        # Of two editions in force of one source neither could be believed.
        Index(
            "uq_editions_in_force",
            "key",
            unique=True,
            sqlite_where=text(_IN_FORCE),
            postgresql_where=text(_IN_FORCE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    publisher: Mapped[str]
    dated: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    url: Mapped[str]
    rank: Mapped[str]
    contradicts: Mapped[list[str]]
    content_hash: Mapped[str]
    loaded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    waiting: Mapped[bool] = mapped_column(default=False, server_default=false())


def in_force() -> ColumnElement[bool]:
    """Whether an edition answers: not superseded or withdrawn, and not still waiting for its first day."""
    return and_(Edition.superseded_at.is_(None), ~Edition.waiting)


class Passage(Base):
    """What a person would quote: a few sentences, a list, an address, verbatim. Never changed after loading."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("edition_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    ordinal: Mapped[int]  # place in the source, from 0
    block: Mapped[int]  # paragraph or list it was cut from
    section: Mapped[str]  # „Teil 1 · Nr. 7.2"
    page: Mapped[int | None]
    lead: Mapped[str]
    text: Mapped[str]
    hash: Mapped[str]

    edition: Mapped[Edition] = relationship(lazy="raise")
