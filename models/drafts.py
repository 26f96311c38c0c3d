"""Half-filled forms. A draft is a row, so that a restart or a week's pause changes nothing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from models.base import Base
from models.member import Account

# After this pause a text is first asked back: it may be a question, not an entry.
PAUSE = timedelta(hours=1)


class Draft(Base):
    """One form being filled in by one account; of several only one is not put aside."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "uq_drafts_active",
            "telegram_id",
            unique=True,
            sqlite_where=text("NOT parked"),
            postgresql_where=text("NOT parked"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("accounts.telegram_id"), index=True)
    form: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked: Mapped[list[str]] = mapped_column(default=list)  # the questions asked so far; the last one is open
    offered: Mapped[list[Any]] = mapped_column(JSON, default=list)  # values behind the open question's buttons
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # of the open question
    held_text: Mapped[str | None]  # a text that may or may not be for the form
    held_entities: Mapped[list[Any] | None] = mapped_column(JSON)  # and its formatting
    parked: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]


# Made once: it is asked at every text and command.
_ACTIVE = select(Draft).where(Draft.telegram_id == bindparam("of"), ~Draft.parked)


async def active(session: AsyncSession, telegram_id: int) -> Draft | None:
    """The form that is being filled in now."""
    found: Draft | None = await session.scalar(_ACTIVE, {"of": telegram_id})
    return found


async def by_question(session: AsyncSession, telegram_id: int, message_id: int) -> Draft | None:
    """The form whose open question was this message."""
    return await session.scalar(select(Draft).where(Draft.telegram_id == telegram_id, Draft.message_id == message_id))


async def mine(session: AsyncSession, telegram_id: int) -> list[Draft]:
    """All of the account's half-filled forms."""
    return list(await session.scalars(select(Draft).where(Draft.telegram_id == telegram_id).order_by(Draft.id)))


async def reserve(session: AsyncSession, telegram_id: int) -> None:
    """Be the only one at this account's forms until the commit: who changes one comes through here first.

    The account's row is what everybody can wait for, also whoever begins a form. Not its key: a letter to the account
    may be posted meanwhile, by somebody for whom we may have to wait.
    """
    row = select(Account.telegram_id).where(Account.telegram_id == telegram_id)
    await session.execute(row.with_for_update(key_share=True))


async def to_change(session: AsyncSession, telegram_id: int, number: int) -> Draft | None:
    """A draft that an account is about to change, as it stands once nobody else is at this account's forms."""
    await reserve(session, telegram_id)
    # The row too: the night's cleaning comes without the account.
    return await session.get(Draft, number, with_for_update=True, populate_existing=True)


async def active_to_change(session: AsyncSession, telegram_id: int) -> Draft | None:
    """The same for the form that is being filled in now."""
    await reserve(session, telegram_id)
    found = await active(session, telegram_id)
    return await session.get(Draft, found.id, with_for_update=True, populate_existing=True) if found else None


async def put_aside(session: AsyncSession, telegram_id: int) -> None:
    """A command or another form came in between; nothing is lost. Of two beginnings at once the second waits."""
    await reserve(session, telegram_id)
    await session.execute(update(Draft).where(Draft.telegram_id == telegram_id, ~Draft.parked).values(parked=True))


async def take_up(session: AsyncSession, draft: Draft) -> None:
    """Go on filling in this form; another one that was active is put aside."""
    if draft.parked:
        await put_aside(session, draft.telegram_id)
        draft.parked = False
        await session.flush()
