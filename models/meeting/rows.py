"""Meetings: what is stored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.meeting.agenda import Item, read_agenda, write_agenda


class AgendaItem(Base):
    """One item of an agenda, in order. A vote may belong to it: ``Vote.item_id``."""

    __tablename__ = "agenda_items"
    __table_args__ = (Index("ix_agenda_items_meeting", "meeting_number", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_number: Mapped[int] = mapped_column(ForeignKey("meetings.number"))
    position: Mapped[int]  # counts from 1
    text: Mapped[str]
    decision: Mapped[bool] = mapped_column(default=False, server_default=false())  # the body is to decide on it


class Meeting(Base):
    """A meeting of a body. A draft (``invited_at`` empty) is seen by staff alone."""

    __tablename__ = "meetings"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    title: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="")  # „", „abgesagt", „beendet"
    reason: Mapped[str] = mapped_column(default="", server_default="")  # of moving or calling it off
    revision: Mapped[int] = mapped_column(default=0)  # SEQUENCE of the calendar entry
    moves: Mapped[int] = mapped_column(default=0, server_default="0")  # how often it was moved and all were asked anew
    uid: Mapped[str] = mapped_column(unique=True)  # of the calendar entry, stable for good
    invited_at: Mapped[datetime | None]
    second_of: Mapped[int | None] = mapped_column(ForeignKey("meetings.number"))  # invited again after no quorum
    day_code: Mapped[str | None]  # four digits, shown in the room
    began_at: Mapped[datetime | None]  # as the office recorded it
    ended_at: Mapped[datetime | None]  # likewise
    minutes_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))  # the approved minutes
    minutes_sent_at: Mapped[datetime | None]
    minutes_sent_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    items: Mapped[list[AgendaItem]] = relationship(
        order_by=AgendaItem.position, lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def agenda(self) -> str:
        """The agenda as a list spells it."""
        return write_agenda(Item(one.text, one.decision) for one in self.items)

    @agenda.setter
    def agenda(self, text: str) -> None:
        """Take a written agenda. An item that says the same stays the same row, and keeps its vote."""
        left = list(self.items) if self.items else []
        taken = []
        for place, item in enumerate(read_agenda(text), 1):
            row = next((one for one in left if one.text == item.text), None)
            if row is None:
                row = AgendaItem(text=item.text, decision=item.decision)
            else:
                left.remove(row)
            row.position, row.decision = place, item.decision
            taken.append(row)
        self.items = taken


class MeetingFile(Base):
    """A file that goes with the invitation, in the order given."""

    __tablename__ = "meeting_files"

    meeting_number: Mapped[int] = mapped_column(ForeignKey("meetings.number"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)


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
    answer_before: Mapped[str | None]  # what was answered before the mind was changed
    deputy_answer: Mapped[str | None]  # „yes", „no"; None: silent or nobody asked
    deputy_answered_at: Mapped[datetime | None]
    declined: Mapped[list[int]] = mapped_column(default=list, server_default="[]")  # deputies who cannot come
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # whose answer it is
    answered_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # staff, for somebody without Telegram
    wrong_words: Mapped[int] = mapped_column(default=0, server_default="0")  # wrong words of the day


class Presence(Base):
    """From when until when a mandate's seat was filled, and by whom; of an adviser or guest: that they were there.

    Who leaves and comes back has several. The database keeps a seat from being filled twice at a time.
    """

    __tablename__ = "presences"
    __table_args__ = (
        CheckConstraint("left_at IS NULL OR left_at >= came_at", name="leaves_after_coming"),
        Index(
            "uq_presences_seat",
            "meeting_number",
            "mandate_id",
            unique=True,
            sqlite_where=sql("left_at IS NULL AND mandate_id IS NOT NULL"),
            postgresql_where=sql("left_at IS NULL AND mandate_id IS NOT NULL"),
        ),
        Index(
            "uq_presences_guest",
            "meeting_number",
            "person_id",
            unique=True,
            sqlite_where=sql("left_at IS NULL AND mandate_id IS NULL"),
            postgresql_where=sql("left_at IS NULL AND mandate_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_number: Mapped[int] = mapped_column(ForeignKey("meetings.number"), index=True)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"))  # empty for advisers and guests
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id"), index=True
    )  # the holder, the deputy, the adviser, the guest
    came_at: Mapped[datetime]
    left_at: Mapped[datetime | None]  # empty: there until the end
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by_self: Mapped[bool] = mapped_column(default=False, server_default=false())  # with the word of the day
