"""Meetings: what is stored."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Meeting(Base):
    """A meeting of a body. A draft (``invited_at`` empty) is seen by staff alone."""

    __tablename__ = "meetings"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    agenda: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="")  # „", „abgesagt", „beendet"
    revision: Mapped[int] = mapped_column(default=0)  # SEQUENCE of the calendar entry
    uid: Mapped[str] = mapped_column(unique=True)  # of the calendar entry, stable for good
    invited_at: Mapped[datetime | None]


class Invitation(Base):
    """One mandate's, adviser's or guest's invitation to a meeting, and the answer."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("meeting_number", "mandate_id"),
        UniqueConstraint("meeting_number", "guest_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_number: Mapped[int] = mapped_column(ForeignKey("meetings.number"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"))  # empty for advisers and guests
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # an adviser or a guest
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # asked by „Vertretung"
    answer: Mapped[str | None]  # „yes", „no", „deputy"; None: silent
    deputy_answer: Mapped[str | None]  # „yes", „no"; None: silent or nobody asked
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
