"""Rundrufe: what staff does with them, from entering to those still to be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, staff_accounts
from models.broadcast.audience import recipients
from models.broadcast.rows import Broadcast, Copy
from models.broadcast.rules import Fate, check_begun, check_stoppable, fate_of
from models.broadcast.sending import RELEASE, begin_if_due, hold, letters_of, on_its_way_again, post_copies
from models.member import Account, Person
from models.office import the_office
from models.outbox import Letter, LetterState, NewLetter, post
from models.refusals import AlreadyDone, Changed, DoneBy, NotEntitled, Unfit, Unknown, Withdrawn

SETTING = "broadcast_release"  # of office.toml: true asks for a second person


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be sent. ``texts``: HTML by language; ``starts_at``: None for at once.

    ``captioned``: the text is short enough to stand under the files.
    """

    texts: Mapping[str, str]
    language: str
    audience: Sequence[str]
    file_ids: Sequence[int] = field(default=())
    asks_read: bool = False
    starts_at: datetime | None = None
    captioned: bool = False


async def enter(session: AsyncSession, plan: Plan, by: Actor, now: datetime) -> Broadcast:
    """Enter a Rundruf. It begins at once unless it waits for its time or for a second person.

    Raises:
        NotEntitled: for everyone but staff.
        Unfit: it would go to nobody, or its time is past.
    """
    staff = by.need_staff()
    if plan.starts_at is not None and plan.starts_at <= now:
        raise Unfit("past")
    if not await recipients(session, plan.audience, now):
        raise Unfit("nobody")
    row = Broadcast(
        made_by=staff.person_id,
        made_at=now,
        edited_by=staff.person_id,
        language=plan.language,
        revisions=[{"texts": dict(plan.texts), "note": None}],
        file_ids=list(plan.file_ids),
        audience=list(plan.audience),
        asks_read=plan.asks_read,
        captioned=plan.captioned,
        starts_at=plan.starts_at,
        needs_release=await asks_release(session),
    )
    session.add(row)
    await session.flush()
    if row.needs_release:
        await ask_release(session, row, now)
    await begin_if_due(session, row, now)
    return row


async def asks_release(session: AsyncSession) -> bool:
    """Whether a second person has to release every Rundruf of this office."""
    return bool((await the_office(session)).settings.get(SETTING))


async def ask_release(session: AsyncSession, row: Broadcast, now: datetime) -> None:
    """Put it, as it stands, before all staff but who wrote it."""
    author = await session.get_one(Person, row.edited_by)
    for telegram_id in await staff_accounts(session):
        if telegram_id != author.telegram_id:
            key = f"{RELEASE}:{row.number}:{row.revision}:{telegram_id}"
            about = {"broadcast": row.number, "revision": row.revision}
            await post(session, NewLetter(key, RELEASE, telegram_id, about), now)


async def find(session: AsyncSession, number: int, *, lock: bool = False) -> Broadcast:
    """The Rundruf with this number.

    Raises:
        Unknown: there is none.
    """
    row = await session.get(Broadcast, number, with_for_update=lock or None)
    if row is None:
        raise Unknown
    return row


async def release(session: AsyncSession, number: int, revision: int, by: Actor, now: datetime) -> Broadcast:
    """A second person lets it go, in the wording they have seen.

    Raises:
        NotEntitled: for everyone but staff, and for who wrote it.
        Withdrawn: it is withdrawn.
        DoneBy: a colleague was quicker.
        Changed: its text is another by now.
    """
    staff, row = by.need_staff(), await find(session, number, lock=True)
    if row.withdrawn_at:
        raise Withdrawn
    if row.released_by is not None:
        raise DoneBy((await session.get_one(Person, row.released_by)).name)
    if not row.needs_release:
        raise AlreadyDone
    if staff.person_id in {row.made_by, row.edited_by}:
        raise NotEntitled("second person")
    if revision != row.revision:
        raise Changed
    row.released_by, row.released_at = staff.person_id, now
    await begin_if_due(session, row, now)
    return row


async def pause(session: AsyncSession, number: int, by: Actor, now: datetime) -> Broadcast:
    """„Anhalten": what has not left yet stays.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn, AlreadyDone: as for ``check_stoppable``.
    """
    by.need_staff()
    row = await find(session, number, lock=True)
    check_stoppable(row)
    row.paused_at = now
    await hold(session, row, held=True)
    return row


async def resume(session: AsyncSession, number: int, by: Actor, now: datetime) -> Broadcast:
    """„Weiter senden". One whose time came meanwhile begins now.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn: it is withdrawn.
        AlreadyDone: it is not stopped.
    """
    by.need_staff()
    row = await find(session, number, lock=True)
    if row.withdrawn_at:
        raise Withdrawn
    if row.paused_at is None:
        raise AlreadyDone
    row.paused_at = None
    await hold(session, row, held=False)
    await begin_if_due(session, row, now)
    return row


async def send_now(session: AsyncSession, number: int, by: Actor, now: datetime) -> Broadcast:
    """Send one that waits for its time now, or go on with one that is stopped.

    Raises:
        NotEntitled, Withdrawn: as for ``resume``.
        AlreadyDone: it is on its way.
    """
    by.need_staff()
    row = await find(session, number, lock=True)
    if row.started_at:
        return await resume(session, number, by, now)
    if row.withdrawn_at:
        raise Withdrawn
    row.starts_at = row.paused_at = None
    await begin_if_due(session, row, now)
    return row


async def send_to_missing(session: AsyncSession, number: int, by: Actor, now: datetime) -> int:
    """„Nur an die Ausstehenden erneut": whose copy has failed or who can be reached only now; how many they are.

    Those of whom nobody knows whether they have got it are not among them: they have a list of their own.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn, TooEarly: as for ``check_begun``.
        Unfit: there is nobody left who could be reached.
    """
    by.need_staff()
    row = await find(session, number, lock=True)
    check_begun(row, now)
    again = [one for one in await _missing(session, number) if await _has_account(session, one)]
    if not again:
        raise Unfit("nobody left")
    for one in again:
        one.attempt += 1
    await post_copies(session, again, now)
    await on_its_way_again(session, row)
    return len(again)


async def _missing(session: AsyncSession, number: int) -> list[Copy]:
    rows = await session.execute(
        select(Copy, Letter.state, Letter.error)
        .outerjoin(Letter, Letter.id == Copy.letter_id)
        .where(Copy.broadcast_number == number)
        .order_by(Copy.id)
    )
    lacking = {Fate.FAILED, Fate.UNREACHABLE}
    return [one for one, state, error in rows if fate_of(state, error, read=one.read_at is not None) in lacking]


async def _has_account(session: AsyncSession, copy: Copy) -> bool:
    """Whether they can be reached now; whoever has come in meanwhile, or with another phone, is reached there."""
    person = await session.get(Person, copy.person_id) if copy.person_id else None
    telegram_id = person.telegram_id if person else copy.telegram_id
    account = await session.get(Account, telegram_id) if telegram_id else None
    if account is None or not account.reachable or await _is_taken(session, copy, account.telegram_id):
        return False
    copy.telegram_id = account.telegram_id
    return True


async def _is_taken(session: AsyncSession, copy: Copy, telegram_id: int) -> bool:
    """Whether somebody else's copy went to that account."""
    other = select(Copy.id).where(
        Copy.broadcast_number == copy.broadcast_number, Copy.telegram_id == telegram_id, Copy.id != copy.id
    )
    return await session.scalar(other) is not None


async def settle_uncertain(session: AsyncSession, number: int, by: Actor, now: datetime, *, arrived: bool) -> int:
    """A person decides about all copies of which nobody knows whether they have arrived; how many they were.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: there is none, or none any more.
    """
    by.need_staff()
    row = await find(session, number, lock=True)
    found = list(
        await session.scalars(
            select(Letter).where(letters_of(number), Letter.state == LetterState.UNCERTAIN).with_for_update()
        )
    )
    if not found:
        raise AlreadyDone
    for letter in found:
        if arrived:
            letter.state = LetterState.VOID
        else:
            letter.state, letter.not_before, letter.error, letter.not_taken = LetterState.WAITING, now, None, 0
    if not arrived:
        await session.flush()
        await on_its_way_again(session, row)
    return len(found)
