"""The durable inbox: every update is a row here before Telegram is told that it arrived.

    pending ──► acted ──► done        acted: its effect is in the store, its answer may not have been spoken yet
       └──────► set aside             after three tries

The act's own transaction moves the row from *pending* to *acted*, so that an effect happens once, whatever is
delivered again. A row is *done*, and its payload gone, once the answer was spoken.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter

from sqlalchemy import BigInteger, CheckConstraint, Index, Select, bindparam, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.columns import Word
from models.statements import insert_new, table_of

# Telegram keeps an update for 24 hours, so an id kept for 48 meets every redelivery.
KEPT = timedelta(hours=48)
TRIES = 3


class InboxState(StrEnum):
    """How far an update has come."""

    PENDING = "pending"
    ACTED = "acted"
    DONE = "done"
    SET_ASIDE = "set_aside"


_OPEN = text("state IN ('pending', 'acted')")


class InboxRow(Base):
    """One update. ``lane`` is the chat (or user) within which order is kept."""

    __tablename__ = "inbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'acted', 'done', 'set_aside')", name="state"),
        CheckConstraint("(payload IS NULL) = (state IN ('done', 'set_aside'))", name="payload_gone_when_done"),
        Index("ix_inbox_state", "state", "received_at"),
        Index("ix_inbox_open", "lane", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lane: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    payload: Mapped[str | None]
    state: Mapped[str] = mapped_column(Word, default=InboxState.PENDING)
    tries: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str]  # "message", "callback_query" …: what is said of an update that was set aside
    error: Mapped[str | None]  # the type of the error that set it aside, never its text

    def as_arrival(self) -> "Arrival":
        """As it arrived, and how far it has come."""
        return Arrival(
            self.update_id,
            self.lane,
            self.received_at,
            self.kind,
            self.payload or "",
            acted=self.state == InboxState.ACTED,
            tries=self.tries,
        )


# Of the table, not of the class: SQLAlchemy need not look for loaded rows to bring up to date at every tap.
_TABLE = table_of(InboxRow)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it arrived; ``payload`` is its JSON text."""

    update_id: int
    lane: int
    received_at: datetime
    kind: str
    payload: str
    acted: bool = False
    tries: int = 0


async def take_in(session: AsyncSession, arrivals: Collection[Arrival]) -> set[int]:
    """Store a batch and return the ids that are new; one met before is left as it is."""
    if not arrivals:
        return set()
    rows = [
        {
            "update_id": one.update_id,
            "lane": one.lane,
            "received_at": one.received_at,
            "kind": one.kind,
            "payload": one.payload,
            "state": InboxState.PENDING,
            "tries": 0,
        }
        # In one order, whatever the batch: two processes that store the same updates must not wait for each other.
        for one in sorted(arrivals, key=attrgetter("update_id"))
    ]
    return set(await session.scalars(insert_new(session, _TABLE), rows))


def open_rows() -> Select[InboxRow]:
    """What is neither done nor set aside."""
    return select(InboxRow).where(InboxRow.state.in_([InboxState.PENDING, InboxState.ACTED]))


async def unfinished(session: AsyncSession) -> list[Arrival]:
    """What a stopped process left behind, in the order of arrival."""
    rows = await session.scalars(open_rows().order_by(InboxRow.received_at, InboxRow.update_id))
    return [row.as_arrival() for row in rows]


_MARK_ACTED = (
    update(_TABLE)
    .where(_TABLE.c.update_id == bindparam("acted_id"), _TABLE.c.state == InboxState.PENDING)
    .values(state=InboxState.ACTED)
)


async def mark_acted(session: AsyncSession, update_id: int) -> bool:
    """Claim the update's effect for this transaction; False where another transaction has had it."""
    result = await session.execute(_MARK_ACTED, {"acted_id": update_id})
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


_MARK_DONE = (
    update(_TABLE)
    .where(_TABLE.c.update_id.in_(bindparam("done_ids", expanding=True)))
    .values(state=InboxState.DONE, payload=None)
)


async def mark_done(session: AsyncSession, update_ids: Iterable[int]) -> None:
    """The answers were spoken: empty the payloads, keep the ids."""
    await session.execute(_MARK_DONE, {"done_ids": list(update_ids)})


async def is_done(session: AsyncSession, update_id: int) -> bool:
    """Whether somebody has worked it off."""
    state = await session.scalar(select(InboxRow.state).where(InboxRow.update_id == update_id))
    return state == InboxState.DONE


async def note_failure(session: AsyncSession, update_id: int, error: str) -> bool:
    """Count a failed try; True once the update is set aside."""
    row = await session.get_one(InboxRow, update_id)
    row.tries, row.error = row.tries + 1, error
    if row.tries < TRIES:
        return False
    row.state, row.payload = InboxState.SET_ASIDE, None
    return True


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Drop the ids that no redelivery can bring again."""
    await session.execute(delete(InboxRow).where(InboxRow.state == InboxState.DONE, InboxRow.received_at < now - KEPT))
