"""People, their roles, and the Telegram accounts they come in with.

An *account* is a Telegram user. A *person* is somebody on the office's lists, reached through at most one account.
A *membership* is one role of one person: a seat holder of a mandate, a deputy, an adviser, a guest, staff, a sponsor.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.columns import Word
from models.office import Body, Mandate


class Role(StrEnum):
    """What somebody is; the words of members.csv."""

    MEMBER = "mitglied"
    DEPUTY = "stellvertretung"
    ADVISER = "beratend"
    GUEST = "gast"
    STAFF = "buero"
    SPONSOR = "traeger"


class Account(Base):
    """A Telegram user who has written to the bot."""

    __tablename__ = "accounts"

    telegram_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[str | None]  # chosen with /sprache; None: as Telegram says
    telegram_language: Mapped[str | None]
    reachable: Mapped[bool] = mapped_column(default=True)
    first_seen: Mapped[datetime]
    notice_version: Mapped[str | None]
    notice_shown_at: Mapped[datetime | None]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None]
    types: Mapped[bool] = mapped_column(default=False, server_default=false())  # wants numbers under each message


class Person(Base):
    """Somebody on the office's lists."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str | None]
    telegram_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.telegram_id"), index=True)
    came_in_at: Mapped[datetime | None]  # when the account they use now said „Das bin ich"
    without_telegram: Mapped[bool] = mapped_column(default=False, server_default=false())  # by their own wish
    # What the office called them before; a list that still says so means the same person.
    former_names: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class Membership(Base):
    """One role of one person. Ended memberships stay as history and give no right."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_role",
            "person_id",
            "role",
            text("coalesce(body_id, 0)"),
            text("coalesce(mandate_id, 0)"),
            "sponsor",
            unique=True,
        ),
        # One seat, one holder: of two current holders of a mandate neither could be believed.
        Index(
            "uq_memberships_holder",
            "mandate_id",
            unique=True,
            sqlite_where=text("role = 'mitglied' AND ended_at IS NULL"),
            postgresql_where=text("role = 'mitglied' AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(Word)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"), index=True)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"), index=True)
    sponsor: Mapped[str] = mapped_column(default="")  # the sponsor's name, for role „traeger"
    ended_at: Mapped[datetime | None]
    ended_in_chat: Mapped[bool] = mapped_column(default=False, server_default=false())  # no list undoes that

    person: Mapped[Person] = relationship(lazy="raise")
    body: Mapped[Body | None] = relationship(lazy="raise")
    mandate: Mapped[Mandate | None] = relationship(lazy="raise")


class Code(Base):
    """An invitation, kept as a hash only. Using one of a person's codes voids the others issued before."""

    __tablename__ = "codes"

    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    shown_to: Mapped[int | None] = mapped_column(BigInteger)  # the account that was asked „Das bin ich"?
