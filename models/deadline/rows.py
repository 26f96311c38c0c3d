"""Deadlines: what is stored."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

# A–K since 2022, L and M since 01.04.2025 (regioaktiv.sachsen-anhalt.de), with the names their projects go by.
AREAS = {
    "A": "Aktive Eingliederung",
    "B": "FAMICO",
    "C": "STABIL",
    "D": "Kompetenzagenturen",
    "E": "PRAXIS BO",
    "F": "ELTERN BO",
    "G": "VERBUND",
    "H": "Modellprojekte",
    "I": "JUBE",
    "J": "REKO",
    "K": "Netzwerkstelle",
    "L": "JOKO",
    "M": "Ausbildungsmanagement",
}
CALL = "Aufruf"
KINDS = (CALL, "Antrag", "Mittelabruf", "Verwendungsnachweis", "Sachbericht", "Sonstiges")
DEFAULT_LEADS = (30, 14, 7, 3, 1)
CANCELLED, ENDED = "abgesagt", "beendet"
STATUSES = ("", CANCELLED, ENDED)
# Why somebody is reminded: „Erinnere mich", the audience is them, or they follow its area or kind.
ASKED, ADDRESSED, FOLLOWED = "asked", "addressed", "followed"
AREA, KIND = "area", "kind"


class Deadline(Base):
    """A date somebody must keep. ``number`` is what people see; ``key`` is the office's own name for it."""

    __tablename__ = "deadlines"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    areas: Mapped[list[str]] = mapped_column(default=list)
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(index=True)  # as entered, before any shift
    mode: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    copies: Mapped[str] = mapped_column(default="")
    budget: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="alle")  # „alle", a body's short name, „traeger:NAME"
    leads: Mapped[list[int]] = mapped_column(default=lambda: list(DEFAULT_LEADS))  # days before
    shift: Mapped[bool] = mapped_column(default=False)  # § 31 Abs. 3 VwVfG: moves to the next working day
    source: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="")  # „", „abgesagt", „beendet"
    revision: Mapped[int] = mapped_column(default=1)  # SEQUENCE of the calendar entry
    entered_at: Mapped[datetime]
    confirmed: Mapped[int | None]  # the revision that somebody of the office has found right


class Subscription(Base):
    """Somebody wants to be reminded of a deadline. ``ended_at``: „Erledigt" or „Nicht mehr erinnern".

    ``next_at`` is the planner's way in: no step of this subscription can be due before it; empty when none is left.
    """

    __tablename__ = "subscriptions"

    deadline_number: Mapped[int] = mapped_column(ForeignKey("deadlines.number"), primary_key=True)
    telegram_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("accounts.telegram_id"), primary_key=True, index=True
    )
    since: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None]  # „done" or „muted"
    origin: Mapped[str] = mapped_column(default=ASKED, server_default=ASKED)  # or ADDRESSED, FOLLOWED


class Follow(Base):
    """Somebody wants to hear of every deadline of a funding area (``what`` AREA) or of a kind (KIND)."""

    __tablename__ = "follows"
    __table_args__ = (
        CheckConstraint("what IN ('area', 'kind')", name="what"),
        Index("ix_follows_what_value", "what", "value"),
    )

    telegram_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("accounts.telegram_id"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)  # the area's letter, or the kind as in KINDS
    since: Mapped[datetime]


class Step(Base):
    """One step of a deadline that one person was, or is about to be, reminded of: never a second time."""

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("deadline_number", "revision", "lead", "telegram_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_number: Mapped[int] = mapped_column(ForeignKey("deadlines.number"))
    revision: Mapped[int]
    lead: Mapped[int]
    late: Mapped[bool] = mapped_column(default=False)  # „verspätet": it was past when it became possible
    telegram_id: Mapped[int] = mapped_column(BigInteger, index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)  # None: told by other news
