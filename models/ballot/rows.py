"""Votes: what is stored. The primary keys keep the promises: one ballot a mandate, one code a receipt."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Vote(Base):
    """A vote. ``charter`` and ``electorate`` are frozen at opening; a rehearsal leaves no trace in any result."""

    __tablename__ = "votes"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    kind: Mapped[str]  # ``rules.Kind``
    held: Mapped[str]  # ``rules.Held``
    title: Mapped[str]
    text: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    close_when_all: Mapped[bool] = mapped_column(default=False)
    charter: Mapped[dict[str, Any]]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime | None]  # when its calls went into the outbox
    complete_at: Mapped[datetime | None]  # the last ballot came in, and it closes when all have voted
    closed_at: Mapped[datetime | None]  # the instant as of which it is closed
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")  # of a cancelling
    result: Mapped[dict[str, Any] | None]


class Elector(Base):
    """A mandate that may vote in a vote, frozen at opening."""

    __tablename__ = "electorate"

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), primary_key=True)
    name: Mapped[str]  # as it was then


class Ballot(Base):
    """What a mandate's ballot says now. The primary key is the promise: one a mandate."""

    __tablename__ = "ballots"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
        CheckConstraint("choice IN ('yes', 'no', 'abstain', 'conflict')", name="choice"),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[str]
    receipt: Mapped[str]
    cast_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    cast_at: Mapped[datetime]
    update_id: Mapped[int] = mapped_column(BigInteger)  # of the tap, for the order of taps


class Receipt(Base):
    """A receipt code given out in a vote; unique there for good, also after the mind was changed."""

    __tablename__ = "receipts"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    mandate_id: Mapped[int]


class Rehearsal(Base):
    """Somebody has practised once („Probeabstimmung"). What they chose is not kept."""

    __tablename__ = "rehearsals"

    telegram_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("accounts.telegram_id"), primary_key=True, autoincrement=False
    )
    practised_at: Mapped[datetime]


class Attachment(Base):
    """A file that belongs to a vote, in the order given."""

    __tablename__ = "attachments"

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
