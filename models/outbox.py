"""Letters: announcements on their way to people. A letter has exactly one state at any time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, false, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.columns import Word
from models.refusals import AlreadyDone
from models.statements import insert_or


class LetterState(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    CLAIMED = "claimed"  # a courier holds it until ``lease_until``
    SENT = "sent"
    VOID = "void"  # no longer held when its turn came
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # may have arrived; a person decides


CLAIMED = text("lease_until IS NOT NULL")
AT_ONCE = 500  # rows of one statement; SQLite takes 32,766 values at once


class Letter(Base):
    """One message to one person. ``key`` keeps the same news from being posted twice."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'void', 'failed', 'uncertain')", name="state"),
        CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name="claimed_has_lease"),
        CheckConstraint("(state = 'sent') = (message_id IS NOT NULL)", name="sent_has_message"),
        Index("ix_letters_turn", "state", "not_before", "id"),
        Index("ix_letters_lease", "lease_until", sqlite_where=CLAIMED, postgresql_where=CLAIMED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # which renderer words it
    telegram_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("accounts.telegram_id"), index=True)
    about: Mapped[dict[str, Any]]  # what it speaks of, by number
    posted_at: Mapped[datetime]
    not_before: Mapped[datetime]
    silent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(Word, default=LetterState.WAITING)
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str | None]  # as it was sent
    error: Mapped[str | None]
    held: Mapped[bool] = mapped_column(default=False, server_default=false())  # by a person, until released
    not_taken: Mapped[int] = mapped_column(default=0, server_default="0")  # 5xx answers so far
    doubts: Mapped[int] = mapped_column(default=0, server_default="0")  # times it may have arrived, nobody knows
    # Message ids of the parts that have arrived, of an album all of them; 0 stands for a file that Telegram refused.
    parts: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to be posted. ``not_before`` is an instant; left out, it goes at once."""

    key: str
    kind: str
    telegram_id: int
    about: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    silent: bool = False


async def post(session: AsyncSession, letter: NewLetter, now: datetime) -> int | None:
    """Put a letter into the outbox and return its id; None where one with this key was posted before."""
    return await session.scalar(
        insert_or(session, Letter).values(_row(letter, now)).on_conflict_do_nothing().returning(Letter.id)
    )


async def post_all(session: AsyncSession, letters: Sequence[NewLetter], now: datetime) -> dict[str, int]:
    """Post many at once, in their order; their ids by key, also of those that were posted before."""
    posted: dict[str, int] = {}
    insert = insert_or(session, Letter).on_conflict_do_nothing()
    for begin in range(0, len(letters), AT_ONCE):
        chunk = letters[begin : begin + AT_ONCE]
        await session.execute(insert, [_row(one, now) for one in chunk])
        found = await session.execute(select(Letter.key, Letter.id).where(Letter.key.in_([one.key for one in chunk])))
        posted |= {row.key: row.id for row in found}
    return posted


def _row(letter: NewLetter, now: datetime) -> dict[str, Any]:
    return {
        "key": letter.key,
        "kind": letter.kind,
        "telegram_id": letter.telegram_id,
        "about": dict(letter.about),
        "posted_at": now,
        "not_before": letter.not_before or now,
        "silent": letter.silent,
        "state": LetterState.WAITING,
        "held": False,
        "not_taken": 0,
        "doubts": 0,
        "parts": [],
    }


async def post_news(session: AsyncSession, letter: NewLetter, now: datetime) -> int | None:
    """Post what may be news more than once, even within one batch of updates, which all have the same instant.

    ``key`` is made one of its own. A letter of this kind about the same that still waits for its turn will be worded as
    things stand then, so none is added; None in that case.
    """
    waiting = await session.scalars(
        select(Letter.about).where(
            Letter.telegram_id == letter.telegram_id, Letter.kind == letter.kind, Letter.state == LetterState.WAITING
        )
    )
    if dict(letter.about) in list(waiting):
        return None
    return await post(session, replace(letter, key=f"{letter.key}:{uuid4()}"), now)


async def send_again(session: AsyncSession, number: int, now: datetime) -> None:
    """An uncertain letter waits for its turn once more, because a person decided so.

    Raises:
        AlreadyDone: it is not uncertain any more.
    """
    letter = await _uncertain(session, number)
    letter.state, letter.not_before, letter.error, letter.not_taken = LetterState.WAITING, now, None, 0


async def redirect(session: AsyncSession, old: int, new: int) -> None:
    """Whatever waits for a chat goes to its new id."""
    await session.execute(
        update(Letter).where(Letter.telegram_id == old, Letter.state == LetterState.WAITING).values(telegram_id=new)
    )


async def settle_by_hand(session: AsyncSession, number: int) -> None:
    """A person says that an uncertain letter has arrived: nothing more is sent.

    Raises:
        AlreadyDone: it is not uncertain any more.
    """
    letter = await _uncertain(session, number)
    letter.state = LetterState.VOID


async def _uncertain(session: AsyncSession, number: int) -> Letter:
    letter = await session.get(Letter, number, with_for_update=True)
    if letter is None or letter.state != LetterState.UNCERTAIN:
        raise AlreadyDone
    return letter


async def sent_letters(session: AsyncSession, telegram_id: int, kinds: Collection[str]) -> list[Letter]:
    """Letters of these kinds that an account has got, the newest first; their messages may still be there."""
    query = select(Letter).where(
        Letter.telegram_id == telegram_id, Letter.kind.in_(kinds), Letter.state == LetterState.SENT
    )
    return list(await session.scalars(query.order_by(Letter.id.desc())))
