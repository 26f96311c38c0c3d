"""Votes: what is stored. The primary keys keep the promises: one ballot a mandate, one code a receipt."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

RUNNING = sql("closed_at IS NULL AND cancelled_at IS NULL")
CLOSED, CANCELLED = sql("closed_at IS NOT NULL"), sql("cancelled_at IS NOT NULL")
GOES_ON = sql("follows IS NOT NULL")


class Vote(Base):
    """A vote. ``charter``, electorate, options, text and attachments are frozen at opening."""

    __tablename__ = "votes"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        # Every tick looks for the few that have not ended, whatever the years have left behind.
        Index("ix_votes_running", "number", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_votes_closed_at", "closed_at", sqlite_where=CLOSED, postgresql_where=CLOSED),
        Index("ix_votes_cancelled_at", "cancelled_at", sqlite_where=CANCELLED, postgresql_where=CANCELLED),
        Index("ix_votes_follows", "follows", sqlite_where=GOES_ON, postgresql_where=GOES_ON),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    kind: Mapped[str]  # ``rules.Kind``
    held: Mapped[str]  # ``rules.Held``
    secret: Mapped[bool] = mapped_column(default=False, server_default=false())  # its ballots are in ``secret/``
    title: Mapped[str]
    text: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    close_when_all: Mapped[bool] = mapped_column(default=False)
    charter: Mapped[dict[str, Any]]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    again: Mapped[bool] = mapped_column(default=False, server_default=false())  # the body was invited again
    round: Mapped[int] = mapped_column(default=1, server_default="1")  # of an election; 2: the run-off
    follows: Mapped[int | None] = mapped_column(ForeignKey("votes.number"))  # the vote that this one goes on from
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id"), index=True)  # whose decision it is
    present: Mapped[int | None]  # recorded in the meeting at closing, without the excluded; None: nobody was recorded
    opened_at: Mapped[datetime | None]  # when its calls went into the outbox
    complete_at: Mapped[datetime | None]  # the last ballot came in, and it closes when all have voted
    awaits_office: Mapped[bool] = mapped_column(default=False, server_default=false())  # closing fell into an outage
    closed_at: Mapped[datetime | None]  # the instant as of which it is closed
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")  # of a breaking off
    lot: Mapped[int | None]  # the option that a lot decided for
    ties: Mapped[dict[str, Any] | None]  # of a project selection: by rank, how a tie at the budget's edge was decided
    result: Mapped[dict[str, Any] | None]  # the verdict as it stood at closing


# A vote that is open, also one whose closing waits for the office.
UNDER_WAY = (Vote.opened_at.is_not(None), Vote.closed_at.is_(None), Vote.cancelled_at.is_(None))


class Option(Base):
    """What can be chosen in an election, or a date in a date finding; ``place`` counts from 1."""

    __tablename__ = "options"

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime | None]  # of a date


class Elector(Base):
    """A mandate that may vote in a vote, frozen at opening; the office may record that it is excluded."""

    __tablename__ = "electorate"
    __table_args__ = (CheckConstraint("(excluded_at IS NULL) = (excluded_by IS NULL)", name="excluded_by_somebody"),)

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), primary_key=True, index=True)
    name: Mapped[str]  # as it was then
    excluded_at: Mapped[datetime | None]  # a decision under § 33 KVG LSA, entered by the office
    excluded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    excluded_why: Mapped[str] = mapped_column(default="", server_default="")


class Ballot(Base):
    """What a mandate's ballot says now. The primary key is the promise: one a mandate."""

    __tablename__ = "ballots"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
        CheckConstraint("choice <> ''", name="choice"),
        CheckConstraint("way IN ('tap', 'typed', 'paper', 'telephone')", name="way"),
        CheckConstraint("(way IN ('paper', 'telephone')) = (why <> '')", name="entered_with_reason"),
        # In which votes somebody stood in: they go on seeing those.
        Index("ix_ballots_deputies", "cast_by", sqlite_where=sql("as_deputy = 1"), postgresql_where=sql("as_deputy")),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[str]  # as ``rules.says`` spells it
    receipt: Mapped[str]
    cast_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    as_deputy: Mapped[bool] = mapped_column(default=False, server_default=false())
    cast_at: Mapped[datetime]
    update_id: Mapped[int] = mapped_column(BigInteger)  # of the tap, for the order of taps
    way: Mapped[str] = mapped_column(default="tap", server_default="tap")  # ``rules.Way``
    why: Mapped[str] = mapped_column(default="", server_default="")  # the reason for an entry by the office
    before_conflict: Mapped[str | None]  # what it said before „Befangen"


class Receipt(Base):
    """A receipt code given out in a vote; unique there for good, also after the mind was changed."""

    __tablename__ = "receipts"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    mandate_id: Mapped[int]


class Handover(Base):
    """A holder lets a deputy act for the mandate: in one vote, until an instant, or until further notice.

    Of one mandate and scope only one is not ended. A date that has passed ends it without anybody writing.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= given_at", name="ends_after_giving"),
        Index(
            "uq_handovers_running",
            "mandate_id",
            sql("coalesce(vote_number, 0)"),
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), index=True)
    vote_number: Mapped[int | None] = mapped_column(ForeignKey("votes.number"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Objection(Base):
    """A mandate objected to a vote by circulation. One ends it."""

    __tablename__ = "objections"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)  # the first one ends the vote
    mandate_id: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]


class Extension(Base):
    """The closing was put off, with a reason that all were told."""

    __tablename__ = "extensions"
    __table_args__ = (CheckConstraint("new_closing > old_closing", name="later"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), index=True)
    old_closing: Mapped[datetime]
    new_closing: Mapped[datetime]
    reason: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]


class Rehearsal(Base):
    """Somebody has practised once („Probeabstimmung"). What they chose is not kept."""

    __tablename__ = "rehearsals"

    telegram_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("accounts.telegram_id"), primary_key=True, autoincrement=False
    )
    practised_at: Mapped[datetime]


class Attachment(Base):
    """A file that belongs to a vote, in the order given; ``project``: to that one project of a selection."""

    __tablename__ = "attachments"

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
    project: Mapped[int | None]
