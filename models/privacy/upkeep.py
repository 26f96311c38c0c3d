"""What has been kept long enough goes, once a night."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import chores, safekeeping, shown, troubles
from models.deadline import office_calendar
from models.drafts import Draft
from models.files import StoredFile
from models.inbox import InboxRow, InboxState
from models.member import Account, Code, Membership, Person
from models.office import the_office
from models.privacy.access import Mine, formal_acts
from models.privacy.rules import bounds, name_may_go, no_name
from models.question import forget_texts
from models.roll import list_in
from models.tables import METADATA


async def clean(session: AsyncSession, now: datetime) -> dict[str, int] | None:
    """The night's cleaning: how much of what went, nothing that is nought; None where it was done already."""
    calendar = await office_calendar(session)
    night = chores.daily(now, calendar)
    if await chores.turn(session, "clean", night, every=timedelta(days=1)) is None:
        return None
    old = bounds(night, calendar, (await the_office(session)).settings)
    questions, letters = await forget_texts(session, old.texts)
    gone = {
        "questions": questions,
        "letters": letters,
        "codes": await _count(session, delete(Code).where(Code.expires_at < old.leftovers)),
        "forms": await _count(session, delete(Draft).where(Draft.updated_at < old.texts)),
        "buttons": await shown.forget_old(session, night),
        "lists": await _drop_lists(session, old.leftovers),
        "failed updates": await _drop_failed(session, old.leftovers),
        "accounts": await _drop_watched(session, old.leftovers),
        "backups": await safekeeping.forget_old(session, old.leftovers),
        "troubles": await troubles.forget_old(session, old.leftovers),
        "names": await _drop_names(session, old.names),
    }
    return {name: number for name, number in gone.items() if number}


async def _count(session: AsyncSession, statement: Any) -> int:
    counted: int = (await session.execute(statement)).rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
    return counted


async def _drop_failed(session: AsyncSession, before: datetime) -> int:
    """Updates that were set aside: their payloads are empty since then, their lane is somebody's number."""
    failed = InboxRow.state == InboxState.SET_ASIDE
    return await _count(session, delete(InboxRow).where(failed, InboxRow.received_at < before))


async def _drop_lists(session: AsyncSession, before: datetime) -> int:
    """Lists that were sent in the chat and neither taken nor dropped: names stand in them."""
    files = await session.execute(select(StoredFile.id, StoredFile.name).where(StoredFile.received_at < before))
    attached = {number for table, column in _leaning_on("files") for number in await session.scalars(select(column))}
    lists = [number for number, name in files if list_in(name) and number not in attached]
    return await _count(session, delete(StoredFile).where(StoredFile.id.in_(lists)))


def _leaning_on(target: str) -> list[tuple[Any, Any]]:
    """Every column that leads to a table."""
    return [
        (table, column)
        for table in METADATA.sorted_tables
        for column in table.columns
        if any(key.column.table.name == target for key in column.foreign_keys)
    ]


async def _drop_watched(session: AsyncSession, before: datetime) -> int:
    """Numbers that have only ever tried wrong codes, or are kept for that after they left."""
    alone = [~exists(select(column).where(column == Account.telegram_id)) for _, column in _leaning_on("accounts")]
    watched = Account.wrong_codes > 0, Account.notice_version.is_(None), Account.language.is_(None)
    paused = or_(Account.paused_until.is_(None), Account.paused_until < before)
    return await _count(session, delete(Account).where(*alone, *watched, paused, Account.first_seen < before))


async def _drop_names(session: AsyncSession, before: datetime) -> int:
    """Names of people who hold no role any more, once each of their formal acts and roles is older than the bound."""
    current = exists().where(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    gone = 0
    for person in list(await session.scalars(select(Person).where(~current).order_by(Person.id))):
        ended = await session.scalars(select(Membership.ended_at).where(Membership.person_id == person.id))
        acts = await formal_acts(session, Mine(0, (person.id,)))
        when = [*ended, *(one for each in acts.values() for one in each)]
        if person.name == no_name(person.id) or not name_may_go(when, before):
            continue
        nameless: dict[str, Any] = {"name": no_name(person.id), "telegram_id": None, "former_names": []}
        await session.execute(update(Person).where(Person.id == person.id).values(nameless))
        gone += 1
    return gone
