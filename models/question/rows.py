"""The rows of questions: each with a number that everyone sees, and the last one of an account for ten minutes."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

JOINED = text("joined_to IS NOT NULL")
HANDED = text("handed_at IS NOT NULL")


class OfficeQuestion(Base):
    """A question that somebody asked; ``handed_at`` is empty until „An die ReKo" was tapped.

    One that was joined to another (``joined_to``) never lies before the office itself: its asker gets the other's
    answer. After twelve months the texts are empty and the passage is forgotten; what was counted stays.
    """

    __tablename__ = "questions"
    __table_args__ = (
        # What waits for the office is looked for at every tick.
        # An empty column leads it, so that SQLite prefers it to the one on all that were ever handed on.
        Index(
            "ix_questions_waiting",
            "answered_at",
            "handed_at",
            sqlite_where=text("handed_at IS NOT NULL AND answered_at IS NULL"),
            postgresql_where=text("handed_at IS NOT NULL AND answered_at IS NULL"),
        ),
        # Without those that are joined to none, of which there are more every year.
        Index("ix_questions_joined_to", "joined_to", sqlite_where=JOINED, postgresql_where=JOINED),
        Index("ix_questions_handed", "handed_at", sqlite_where=HANDED, postgresql_where=HANDED),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(  # None: who asked has left
        BigInteger, ForeignKey("accounts.telegram_id"), index=True
    )
    text: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    finding: Mapped[str]  # what was found: „answer", „near", „none", „no date"
    passage_id: Mapped[int | None] = mapped_column(index=True)  # the passage that was shown
    helpful: Mapped[bool | None]
    handed_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    joined_to: Mapped[int | None]  # the same question, before the office already
    chased_at: Mapped[datetime | None]  # when the asker heard that it still lies there
    reply_id: Mapped[int | None] = mapped_column(BigInteger)  # the message of staff that holds the answer
    corrected_at: Mapped[datetime | None]


class LastQuestion(Base):
    """The last question of an account, which the next one may follow up („und für B?"). Gone after ten minutes."""

    __tablename__ = "last_questions"

    telegram_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("accounts.telegram_id"), primary_key=True, autoincrement=False
    )
    text: Mapped[str]
    asked_at: Mapped[datetime]
    update_id: Mapped[int] = mapped_column(BigInteger)  # what brought it: worked off again, it follows nothing up
