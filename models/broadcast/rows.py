"""Rundrufe: what is stored. Each recipient has one row, whatever becomes of their copy."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

UNDER_WAY = text("started_at IS NOT NULL AND ended_at IS NULL")
AHEAD = text("started_at IS NULL AND withdrawn_at IS NULL")


class Broadcast(Base):
    """A Rundruf. ``revisions``: one entry each ``{"texts": {language: HTML}, "note": …}``; the last one holds.

    It ``needs_release`` where office.toml asks for a second person. ``ended_at``: nothing of it is on its way; a
    correction, a withdrawal or another sending begins a new round.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (
        CheckConstraint("(released_by IS NULL) = (released_at IS NULL)", name="release_has_its_person"),
        CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", name="ended_was_begun"),
        Index("ix_broadcasts_under_way", "number", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
        Index("ix_broadcasts_ahead", "starts_at", sqlite_where=AHEAD, postgresql_where=AHEAD),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    edited_by: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who wrote the last revision
    language: Mapped[str]  # of the text for those in whose language there is none
    revisions: Mapped[list[Any]] = mapped_column(JSON)
    file_ids: Mapped[list[int]] = mapped_column(default=list)
    captioned: Mapped[bool] = mapped_column(default=False, server_default=false())  # the text stands under the files
    audience: Mapped[list[str]] = mapped_column(default=list)  # marks, see ``models/broadcast/rules.py``
    asks_read: Mapped[bool] = mapped_column(default=False, server_default=false())
    starts_at: Mapped[datetime | None]  # None: at once
    needs_release: Mapped[bool] = mapped_column(default=False, server_default=false())
    released_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    released_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]  # its recipients are frozen
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    rounds: Mapped[int] = mapped_column(default=0, server_default="0")  # how often it has ended
    shown_at: Mapped[datetime | None]  # when its progress was last shown

    @property
    def revision(self) -> int:
        """The number of the revision that holds; the first is 0."""
        return len(self.revisions) - 1

    @property
    def target(self) -> int:
        """What every copy is to come to: the revision that holds, and one more where it is withdrawn."""
        return self.revision + (self.withdrawn_at is not None)


class Copy(Base):
    """A recipient and their copy. Without ``telegram_id`` nobody could be written to: somebody has to call."""

    __tablename__ = "broadcast_copies"
    __table_args__ = (
        UniqueConstraint("broadcast_number", "person_id"),
        UniqueConstraint("broadcast_number", "telegram_id"),
        CheckConstraint("person_id IS NOT NULL OR telegram_id IS NOT NULL", name="of_somebody"),
        CheckConstraint("(read_at IS NULL) = (read_revision IS NULL)", name="read_has_its_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_number: Mapped[int] = mapped_column(ForeignKey("broadcasts.number"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("accounts.telegram_id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), unique=True)  # of the latest attempt
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    shown: Mapped[int] = mapped_column(default=0, server_default="0")  # the revision its letter was worded in
    update_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), unique=True)  # the latest edit or deletion
    updated_to: Mapped[int] = mapped_column(default=0, server_default="0")  # and what it brings the copy to
    anew: Mapped[int] = mapped_column(default=0, server_default="0")  # the revision sent as another message; 0: none
    read_at: Mapped[datetime | None]
    read_revision: Mapped[int | None]
