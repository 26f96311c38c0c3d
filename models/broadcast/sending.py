"""A Rundruf on its way: it begins, its letters are posted or held, and it ends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import staff_accounts
from models.broadcast.audience import recipients
from models.broadcast.rows import Broadcast, Copy
from models.broadcast.rules import Candidate, may_begin
from models.member import Person
from models.outbox import Letter, LetterState, NewLetter, post, post_all

COPY, UPDATE, RELEASE = "broadcast", "broadcast_update", "broadcast_release"
PROGRESS, REPORT = "broadcast_progress", "broadcast_report"


async def begin_due(session: AsyncSession, now: datetime) -> None:
    """Send out those whose time has come."""
    rows = await session.scalars(
        select(Broadcast)
        .where(
            Broadcast.started_at.is_(None),
            Broadcast.withdrawn_at.is_(None),
            or_(Broadcast.starts_at.is_(None), Broadcast.starts_at <= now),
        )
        .order_by(Broadcast.number)
        .with_for_update(skip_locked=True)
    )
    for row in rows:
        await begin_if_due(session, row, now)


async def begin_if_due(session: AsyncSession, row: Broadcast, now: datetime) -> None:
    """Send it out, unless something is still waited for."""
    if may_begin(row, now):
        await begin(session, row, now)


async def begin(session: AsyncSession, row: Broadcast, now: datetime) -> None:
    """Freeze the recipients and post a letter to each who can be reached; who sent it sees how far it is."""
    row.started_at = row.shown_at = now
    await _post_to_senders(session, row, PROGRESS, str(row.rounds), now)
    found = await recipients(session, row.audience, now)
    if found:
        await session.execute(insert(Copy), [_copy_of(row, one) for one in found])
    reachable = {one.telegram_id for one in found if one.reachable}
    copies = await session.scalars(
        select(Copy).where(Copy.broadcast_number == row.number, Copy.telegram_id.is_not(None)).order_by(Copy.id)
    )
    await post_copies(session, [one for one in copies if one.telegram_id in reachable], now)


def _copy_of(row: Broadcast, one: Candidate) -> dict[str, Any]:
    return {
        "broadcast_number": row.number,
        "person_id": one.person_id,
        "telegram_id": one.telegram_id,
        "attempt": 0,
        "shown": 0,
        "updated_to": 0,
        "anew": 0,
    }


async def post_copies(session: AsyncSession, copies: Sequence[Copy], now: datetime) -> None:
    """Post a letter for the present attempt at each of these copies."""
    letters = [
        NewLetter(
            f"{COPY}:{one.id}:{one.attempt}",
            COPY,
            one.telegram_id or 0,
            {"broadcast": one.broadcast_number, "copy": one.id},
        )
        for one in copies
    ]
    posted = await post_all(session, letters, now)
    for one, letter in zip(copies, letters, strict=True):
        one.letter_id = posted[letter.key]


async def _post_to_senders(session: AsyncSession, row: Broadcast, kind: str, once: str, now: datetime) -> None:
    """A letter to who sent it and who released it, as far as they are still staff."""
    accounts = await session.scalars(
        select(Person.telegram_id).where(Person.id.in_([row.made_by, row.edited_by, row.released_by or 0]))
    )
    for telegram_id in sorted(set(accounts) & set(await staff_accounts(session)), key=str):
        key = f"{kind}:{row.number}:{once}:{telegram_id}"
        await post(session, NewLetter(key, kind, telegram_id or 0, {"broadcast": row.number}), now)


async def hold(session: AsyncSession, row: Broadcast, *, held: bool) -> None:
    """Keep its letters back, or let them go; also what is in the courier's hands, since it may come back to wait."""
    await session.execute(
        update(Letter).where(letters_of(row.number)).values(held=held).execution_options(synchronize_session=False)
    )


def letters_of(number: int) -> ColumnElement[bool]:
    """As SQL: the letters that bring copies of a Rundruf, or what changes them."""
    mine = Copy.broadcast_number == number
    return or_(
        Letter.id.in_(select(Copy.letter_id).where(mine, Copy.letter_id.is_not(None))),
        Letter.id.in_(select(Copy.update_id).where(mine, Copy.update_id.is_not(None))),
    )


async def sendings_of(session: AsyncSession, copy: Copy) -> Sequence[Letter]:
    """The letters of all attempts at a copy, in their order."""
    keys = [f"{COPY}:{copy.id}:{attempt}" for attempt in range(copy.attempt + 1)]
    return list(await session.scalars(select(Letter).where(Letter.key.in_(keys)).order_by(Letter.id)))


async def on_its_way_again(session: AsyncSession, row: Broadcast) -> None:
    """More of it is to leave; where it is stopped, that waits too."""
    row.ended_at = None
    if row.paused_at:
        await hold(session, row, held=True)


async def end_if_done(session: AsyncSession, row: Broadcast, now: datetime) -> None:
    """Once nothing of it is on its way, who sent it gets the report."""
    under_way = select(Letter.id).where(
        letters_of(row.number), Letter.state.in_([LetterState.WAITING, LetterState.CLAIMED])
    )
    if await session.scalar(under_way.limit(1)) is not None:
        return
    row.ended_at, row.paused_at = now, None
    row.rounds += 1
    await _post_to_senders(session, row, REPORT, str(row.rounds), now)
