"""Rundrufe: how far they are, who has got them, who is to be called; and „Gelesen"."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.actor import Actor
from models.broadcast.acts import find
from models.broadcast.rows import Broadcast, Copy
from models.broadcast.rules import PACE_SPAN, Fate, Tally, fate_of
from models.broadcast.sending import PROGRESS
from models.member import Membership, Person, Role
from models.office import Body, Mandate
from models.outbox import Letter, LetterState
from models.refusals import NotEntitled, Unknown, Withdrawn

MOST_SHOWN = 10  # of the list of Rundrufe


@dataclass(frozen=True, slots=True)
class Missed:
    """A recipient whose copy has come to ``fate``, with the error's name, and what the office knows of them."""

    name: str
    fate: Fate
    error: str
    roles: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # mandates, and names of sponsors


async def tally(session: AsyncSession, row: Broadcast, now: datetime) -> Tally:
    """How many copies came to what."""
    changed, is_read = aliased(Letter), Copy.read_at.is_not(None)
    is_current = Copy.read_revision == row.revision
    rows = await session.execute(
        select(Letter.state, Letter.error, is_read, is_current, changed.state, Copy.updated_to, Copy.anew, func.count())
        .select_from(Copy)
        .outerjoin(Letter, Letter.id == Copy.letter_id)
        .outerjoin(changed, changed.id == Copy.update_id)
        .where(Copy.broadcast_number == row.number)
        .group_by(Letter.state, Letter.error, is_read, is_current, changed.state, Copy.updated_to, Copy.anew)
    )
    fates: Counter[str] = Counter()
    updates: Counter[str] = Counter()
    read, anew = 0, 0
    for state, error, has_read, current, update_state, updated_to, sent_anew, number in rows:
        fate = fate_of(state, error, read=has_read)
        fates[fate] += number
        anew += number if sent_anew and sent_anew == row.revision and fate == Fate.DELIVERED else 0
        read += number if current else 0
        if update_state is not None and updated_to == row.target:
            updates[update_state] += number
    recent = await session.scalar(
        select(func.count())
        .select_from(Copy)
        .join(Letter, Letter.id == Copy.letter_id)
        .where(Copy.broadcast_number == row.number, Letter.sent_at > now - PACE_SPAN)
    )
    on_its_way = updates[LetterState.WAITING] + updates[LetterState.CLAIMED]
    done = updates[LetterState.SENT]
    return Tally(fates, read, recent or 0, done, updates.total() - done - on_its_way, on_its_way, anew)


async def missed(session: AsyncSession, number: int, *fates: Fate) -> list[Missed]:
    """The recipients whose copies have come to these fates, by name."""
    rows = await session.execute(
        select(Copy, Person.name, Letter.state, Letter.error)
        .outerjoin(Person, Person.id == Copy.person_id)
        .outerjoin(Letter, Letter.id == Copy.letter_id)
        .where(Copy.broadcast_number == number)
        .order_by(Person.name, Copy.id)
    )
    found = []
    for copy, name, state, error in rows:
        fate = fate_of(state, error, read=copy.read_at is not None)
        if fate in fates:
            found.append(await _described(session, copy, name or "", fate, error or ""))
    return found


async def _described(session: AsyncSession, copy: Copy, name: str, fate: Fate, error: str) -> Missed:
    rows = (
        await session.execute(
            select(Membership.role, Membership.sponsor, Body.short, Mandate.name)
            .outerjoin(Body, Body.id == Membership.body_id)
            .outerjoin(Mandate, Mandate.id == Membership.mandate_id)
            .where(Membership.person_id == copy.person_id, Membership.ended_at.is_(None))
            .order_by(Membership.id)
        )
    ).all()
    return Missed(
        name,
        fate,
        error,
        tuple(dict.fromkeys(str(Role(role)) for role, *_ in rows)),
        tuple(dict.fromkeys(body for _, _, body, _ in rows if body)),
        tuple(dict.fromkeys(mandate or sponsor for _, sponsor, _, mandate in rows if mandate or sponsor)),
    )


async def latest(session: AsyncSession) -> Sequence[Broadcast]:
    """The newest Rundrufe, the newest first."""
    return list(await session.scalars(select(Broadcast).order_by(Broadcast.number.desc()).limit(MOST_SHOWN)))


async def awaiting_release(session: AsyncSession) -> Sequence[Broadcast]:
    """Those that wait for a second person."""
    return list(
        await session.scalars(
            select(Broadcast)
            .where(
                Broadcast.needs_release,
                Broadcast.released_at.is_(None),
                Broadcast.started_at.is_(None),
                Broadcast.withdrawn_at.is_(None),
            )
            .order_by(Broadcast.number)
        )
    )


async def with_uncertain(session: AsyncSession) -> list[tuple[int, int]]:
    """(number, how many) of the Rundrufe with copies or changes of which nobody knows whether they have arrived."""
    rows = await session.execute(
        select(Copy.broadcast_number, func.count(Letter.id.distinct()))
        .join(Letter, or_(Letter.id == Copy.letter_id, Letter.id == Copy.update_id))
        .where(Letter.state == LetterState.UNCERTAIN)
        .group_by(Copy.broadcast_number)
        .order_by(Copy.broadcast_number)
    )
    return [(number, many) for number, many in rows]


async def own_copy(session: AsyncSession, number: int, telegram_id: int) -> Copy:
    """An account's copy of a Rundruf.

    Raises:
        NotEntitled: it was not sent to them, or there is no such Rundruf.
    """
    query = select(Copy).where(Copy.broadcast_number == number, Copy.telegram_id == telegram_id)
    copy = await session.scalar(query)
    if copy is None:
        raise NotEntitled("addressee")
    return copy


async def mark_read(session: AsyncSession, copy_id: int, revision: int, by: Actor, now: datetime) -> bool:
    """„Gelesen" under a copy, in the wording it showed; whether that is the one that holds. Twice is once.

    Raises:
        Unknown: there is no such copy.
        NotEntitled: it is somebody else's.
        Withdrawn: the Rundruf is withdrawn.
    """
    copy = await session.get(Copy, copy_id, with_for_update=True)
    if copy is None:
        raise Unknown
    if copy.telegram_id != by.telegram_id:
        raise NotEntitled("addressee")
    row = await find(session, copy.broadcast_number)
    if row.withdrawn_at:
        raise Withdrawn
    if revision > row.revision:
        raise Unknown
    if copy.read_revision is None or copy.read_revision < revision:
        copy.read_at, copy.read_revision = now, revision
    return revision == row.revision


async def to_be_shown(session: AsyncSession) -> list[int]:
    """The Rundrufe whose progress is not shown as it is."""
    never, since = Broadcast.shown_at.is_(None), Broadcast.shown_at < Broadcast.ended_at
    return list(
        await session.scalars(
            select(Broadcast.number)
            .where(Broadcast.started_at.is_not(None), or_(Broadcast.ended_at.is_(None), never, since))
            .order_by(Broadcast.number)
        )
    )


async def claim_showing(session: AsyncSession, number: int, pause: timedelta, now: datetime) -> bool:
    """Whether it is this process's turn to show the progress; nobody else will before the pause is over."""
    won = await session.scalar(
        update(Broadcast)
        .where(Broadcast.number == number, or_(Broadcast.shown_at.is_(None), Broadcast.shown_at <= now - pause))
        .values(shown_at=now)
        .returning(Broadcast.number)
    )
    return won is not None


async def progress_lines(session: AsyncSession, number: int) -> Sequence[Letter]:
    """The messages that show the progress of this sending."""
    keys = Letter.key.like(f"{PROGRESS}:{number}:%")
    return list(await session.scalars(select(Letter).where(keys, Letter.state == LetterState.SENT)))
