"""A Rundruf that has gone out: its copies are brought to the text that holds, or taken away again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.actor import Actor
from models.broadcast.acts import ask_release, find
from models.broadcast.rows import Broadcast, Copy
from models.broadcast.rules import is_deletable
from models.broadcast.sending import UPDATE, end_if_done, on_its_way_again, post_copies
from models.outbox import Letter, LetterState, NewLetter, post_all
from models.refusals import Changed, Withdrawn

REFUSED = "BadRequest"  # the error of a letter that Telegram did not accept


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Another text: ``seen`` is the revision it was written over, ``note`` the HTML of the „Korrektur: …" that follows.

    ``captioned`` counts before it goes out only: what was sent keeps its shape.
    """

    seen: int
    texts: Mapping[str, str]
    note: str | None = None
    captioned: bool = False


async def rewrite(session: AsyncSession, number: int, new: Rewriting, by: Actor, now: datetime) -> Broadcast:
    """Another text. Before it goes out it is released anew; afterwards every copy follows, and is to be read anew.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn: it is withdrawn.
        Changed: somebody else has written another text meanwhile.
    """
    staff, row = by.need_staff(), await find(session, number, lock=True)
    if row.withdrawn_at:
        raise Withdrawn
    if new.seen != row.revision:
        raise Changed
    row.revisions = [*row.revisions, {"texts": dict(new.texts), "note": new.note if row.started_at else None}]
    row.edited_by = staff.person_id
    if row.started_at is None:
        row.released_by = row.released_at = None
        row.captioned = new.captioned
        if row.needs_release:
            await ask_release(session, row, now)
        return row
    row.ended_at = None
    await bring_up_to_date(session, row, now)
    return row


async def withdraw(session: AsyncSession, number: int, by: Actor, now: datetime) -> tuple[int, int]:
    """„Zurückziehen": nothing more leaves, and what Telegram still lets us delete is deleted.

    Returns how many copies that are, and how many are too old for it.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn: it is withdrawn already.
    """
    by.need_staff()
    row = await find(session, number, lock=True)
    if row.withdrawn_at:
        raise Withdrawn
    row.withdrawn_at, row.paused_at = now, None
    if row.started_at is None:
        return 0, 0
    row.ended_at = None
    gone, too_old = await removable(session, row, now)
    waiting = await session.scalars(
        select(Letter)
        .join(Copy, or_(Copy.letter_id == Letter.id, Copy.update_id == Letter.id))
        .where(Copy.broadcast_number == number, Letter.state == LetterState.WAITING)
        .with_for_update()
    )
    for letter in waiting:
        # One of which a part has arrived is taken away like those that arrived whole.
        letter.state, letter.held, letter.error = LetterState.VOID, False, None
    await session.flush()
    await bring_up_to_date(session, row, now)
    return gone, too_old


async def removable(session: AsyncSession, row: Broadcast, now: datetime) -> tuple[int, int]:
    """How many copies Telegram still lets us delete, and how many are too old."""
    sent = list(
        await session.scalars(
            select(Letter.sent_at)
            .join(Copy, Copy.letter_id == Letter.id)
            .where(Copy.broadcast_number == row.number, Letter.state == LetterState.SENT)
        )
    )
    gone = sum(is_deletable(one, now) for one in sent)
    return gone, len(sent) - gone


async def keep_up(session: AsyncSession, now: datetime) -> None:
    """Whatever is under way: copies that arrived meanwhile follow the text that holds; what is done is reported."""
    rows = await session.scalars(
        select(Broadcast)
        .where(Broadcast.started_at.is_not(None), Broadcast.ended_at.is_(None))
        .order_by(Broadcast.number)
        .with_for_update(skip_locked=True)
    )
    for row in rows:
        await bring_up_to_date(session, row, now)
        await _send_anew(session, row, now)
        await end_if_done(session, row, now)


async def bring_up_to_date(session: AsyncSession, row: Broadcast, now: datetime) -> None:
    """Post a letter that edits or deletes each copy that has arrived and is not what it should be.

    One whose latest change is just on its way has to wait for it: of two edits at once the older might come last.
    """
    if row.target == 0:
        return
    copies = await _behind(session, row)
    letters = [
        NewLetter(
            f"{UPDATE}:{one.id}:{row.target}",
            UPDATE,
            one.telegram_id or 0,
            {"broadcast": row.number, "copy": one.id, "to": row.target},
        )
        for one in copies
    ]
    posted = await post_all(session, letters, now)
    for one, letter in zip(copies, letters, strict=True):
        one.update_id, one.updated_to = posted[letter.key], row.target
    await session.flush()
    if row.paused_at and posted:
        for letter_row in await session.scalars(select(Letter).where(Letter.id.in_(posted.values()))):
            letter_row.held = True


async def _behind(session: AsyncSession, row: Broadcast) -> Sequence[Copy]:
    before = aliased(Letter)
    partly = Letter.state.in_([LetterState.VOID, LetterState.FAILED]) if row.withdrawn_at else Letter.id.is_(None)
    # What was to be sent anew has not left: its earlier message is there all the same, and goes.
    sent_before = Copy.anew > 0 if row.withdrawn_at else Letter.id.is_(None)
    rows = await session.execute(
        select(Copy, Letter.parts)
        .join(Letter, Letter.id == Copy.letter_id)
        .outerjoin(before, before.id == Copy.update_id)
        .where(
            Copy.broadcast_number == row.number,
            Copy.shown < row.target,
            Copy.updated_to < row.target,
            or_(Letter.state == LetterState.SENT, partly, sent_before),
            or_(before.id.is_(None), before.state != LetterState.CLAIMED),
        )
        .order_by(Copy.id)
    )
    return [copy for copy, parts in rows if parts or (row.withdrawn_at and copy.anew)]


async def _send_anew(session: AsyncSession, row: Broadcast, now: datetime) -> None:
    """Whose copy Telegram did not edit, since it is too old or gone, gets the text that holds as another message."""
    if row.withdrawn_at or row.revision == 0:
        return
    refused = await session.execute(
        select(Copy, Letter.parts)
        .join(Letter, Letter.id == Copy.update_id)
        .where(
            Copy.broadcast_number == row.number,
            Copy.updated_to == row.target,
            Letter.state == LetterState.FAILED,
            Letter.error == REFUSED,
        )
        .order_by(Copy.id)
    )
    # Of a change that was made, and whose „Korrektur: …" alone was refused, there is nothing to be made up for.
    copies = [copy for copy, parts in refused if not parts]
    for one in copies:
        one.attempt, one.anew, one.update_id = one.attempt + 1, row.revision, None
    if copies:
        await post_copies(session, copies, now)
        await session.flush()
        await on_its_way_again(session, row)


async def changes_of(session: AsyncSession, copy: Copy) -> Sequence[Letter]:
    """What has changed a copy before the change that is under way."""
    keys = [f"{UPDATE}:{copy.id}:{number}" for number in range(1, copy.updated_to)]
    return list(await session.scalars(select(Letter).where(Letter.key.in_(keys)).order_by(Letter.id)))
