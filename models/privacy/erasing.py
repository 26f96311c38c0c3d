"""``/loeschen``: somebody leaves. What becomes of each table stands in ``listing``; here is how, and in which order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Column, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import drafts
from models.actor import staff_accounts
from models.ballot.leaving import end_handovers
from models.deadline import office_calendar
from models.entry import roles_of
from models.inbox import InboxRow, InboxState
from models.meeting.leaving import withdraw_answers
from models.member import Account, Person
from models.outbox import NewLetter, post
from models.privacy.access import Mine, formal_acts, links, mine
from models.privacy.listing import KNOWN, Fate, Formal, Known
from models.privacy.rules import no_name, spellings, struck
from models.question import forget_asker
from models.refusals import LastOfStaff
from models.roster import lock_staff
from models.tables import METADATA


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving means for somebody: what is left behind of them, and until when."""

    known: bool  # there is anything to delete at all
    roles: tuple[tuple[str, str, str], ...] = ()  # role, body or sponsor, mandate
    stays: Mapping[Formal, int] | None = None  # how many formal acts keep the name
    watched: bool = False  # the number tried wrong codes, and is kept for a month


async def leaving(session: AsyncSession, telegram_id: int) -> Leaving:
    """What would become of somebody's data.

    Raises:
        LastOfStaff: nobody else could do what the office does.
    """
    return await _leaving(session, await mine(session, telegram_id))


async def _leaving(session: AsyncSession, who: Mine) -> Leaving:
    await _check_not_the_last(session, who)
    account = await session.get(Account, who.telegram_id)
    acts = await formal_acts(session, who)
    return Leaving(
        account is not None,
        tuple([role for person in who.people for role in await roles_of(session, person)]),
        {kind: len(when) for kind, when in acts.items()},
        account is not None and account.wrong_codes > 0,
    )


async def erase(session: AsyncSession, telegram_id: int, now: datetime) -> Leaving:
    """Delete what is stored about a Telegram user; formal acts keep the person's number, and the name for a time.

    Whoever is not known is told so, and nothing happens: a second tap finds nothing.

    Raises:
        LastOfStaff: as for ``leaving``.
    """
    await drafts.reserve(session, telegram_id)
    await lock_staff(session)
    who = await mine(session, telegram_id)
    told = await _leaving(session, who)
    if not told.known:
        return told
    await end_handovers(session, who.people, now)
    await withdraw_answers(session, who.people, now)
    await forget_asker(session, telegram_id)
    for known in KNOWN:
        await _empty(session, known, who)
    by_table = {known.name: known for known in KNOWN}
    # Rows that lean on others first.
    for table in reversed(METADATA.sorted_tables):
        if table.name in by_table:
            await _delete(session, by_table[table.name], who)
    await _strike_out(session, who.names)
    await _forget_people(session, who, keep_names=bool(told.stays))
    await _forget_account(session, telegram_id, now)
    await _tell_staff(session, told, now)
    return told


async def _check_not_the_last(session: AsyncSession, who: Mine) -> None:
    accounts = await staff_accounts(session)
    if who.telegram_id in accounts and len(accounts) == 1:
        raise LastOfStaff


async def _empty(session: AsyncSession, known: Known, who: Mine) -> None:
    fates = {**known.accounts, **known.people}
    for name, values in links(known, who).items():
        if fates[name] is Fate.EMPTIED:
            column = known.table.columns[name]
            await session.execute(update(known.table).where(column.in_(values)).values({name: None}))


async def _delete(session: AsyncSession, known: Known, who: Mine) -> None:
    fates = {**known.accounts, **known.people}
    theirs = [
        known.table.columns[name].in_(values) for name, values in links(known, who).items() if fates[name] is Fate.GOES
    ]
    if theirs:
        await session.execute(delete(known.table).where(or_(*theirs)))


async def _strike_out(session: AsyncSession, names: Collection[str]) -> None:
    """Take the names out of what others were sent, asked or have begun to fill in."""
    for known in KNOWN if names else ():
        for name in known.words:
            await _strike_out_of(session, known, known.table.columns[name], list(names))


async def _strike_out_of(session: AsyncSession, known: Known, column: Column[Any], names: list[str]) -> None:
    key = list(known.table.primary_key.columns)
    query = select(*key, column).where(column.is_not(None))
    if not isinstance(column.type, JSON):  # whose letters the store may spell in another way
        spelled = {one for name in names for one in spellings(name)}
        query = query.where(or_(*(column.contains(one, autoescape=True) for one in sorted(spelled))))
    for *keys, value in (await session.execute(query)).all():
        without = struck(value, names)
        if without != value:
            same = [one == wanted for one, wanted in zip(key, keys, strict=True)]
            await session.execute(update(known.table).where(*same).values({column.name: without}))


async def _forget_people(session: AsyncSession, who: Mine, *, keep_names: bool) -> None:
    for number in who.people:
        person = await session.get_one(Person, number)
        person.telegram_id = person.language = person.came_in_at = None
        person.former_names, person.without_telegram = [], False
        if not keep_names:
            person.name = no_name(number)
    await session.flush()


async def _forget_account(session: AsyncSession, telegram_id: int, now: datetime) -> None:
    """The number goes; where it has tried wrong codes it alone stays for a month, so that leaving ends no pause."""
    done = InboxRow.state != InboxState.PENDING
    await session.execute(update(InboxRow).where(InboxRow.lane == telegram_id, done).values(lane=0))
    account = await session.get_one(Account, telegram_id)
    if not account.wrong_codes:
        await session.delete(account)
        await session.flush()
        return
    account.language = account.telegram_language = account.notice_version = account.notice_shown_at = None
    account.first_seen, account.reachable, account.types = now, False, False


async def _tell_staff(session: AsyncSession, told: Leaving, now: datetime) -> None:
    """Staff hears which role nobody fills any more, not who it was."""
    if not told.roles:
        return
    at, about = (await office_calendar(session)).next_allowed(now), {"roles": [list(role) for role in told.roles]}
    for telegram_id in await staff_accounts(session):
        await post(session, NewLetter(f"left:{uuid4()}", "left", telegram_id, about, at, silent=True), now)
