"""Coming in: an account shows a code, is told whom the office takes it for, and says yes or no."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import staff_accounts
from models.codes import digest_of
from models.deadline import inherit, join_all
from models.member import Account, Code, Membership, Person
from models.office import Body, Mandate
from models.outbox import NewLetter, post, post_news
from models.refusals import BadCode, CodeExpired, CodeUsed, Paused, Unknown

FREE_TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom a code is for."""

    person: Person
    roles: list[tuple[str, str, str]]  # role, body or sponsor, mandate


def pause_after(wrong: int) -> timedelta | None:
    """The pause that the n-th wrong code brings: a minute after five, doubling with each further five up to a day."""
    if wrong == 0 or wrong % FREE_TRIES:
        return None
    doublings = min(wrong // FREE_TRIES - 1, 12)  # a day is reached long before
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


async def show_code(session: AsyncSession, text: str, account: Account, now: datetime) -> Shown | BadCode:
    """Whom the code is for; a wrong one is counted against the account and returned, so that the count is kept.

    Raises:
        Paused: too many wrong codes lately; this one was not looked at.
    """
    if account.paused_until and account.paused_until > now:
        raise Paused(account.paused_until)
    code = await session.scalar(select(Code).where(Code.digest == digest_of(text)))
    if code is None:
        account.wrong_codes += 1
        pause = pause_after(account.wrong_codes)
        account.paused_until = now + pause if pause else None
        return BadCode()
    if code.used_at or code.voided_at:
        return CodeUsed()
    if code.expires_at <= now:
        return CodeExpired()
    account.wrong_codes, account.paused_until = 0, None
    code.shown_to = account.telegram_id
    person = await session.get_one(Person, code.person_id)
    return Shown(person, await roles_of(session, person.id))


async def roles_of(session: AsyncSession, person_id: int) -> list[tuple[str, str, str]]:
    """The person's current roles: (role, body's short name or sponsor, mandate)."""
    rows = await session.execute(
        select(Membership.role, Body.short, Membership.sponsor, Mandate.name)
        .outerjoin(Body, Membership.body_id == Body.id)
        .outerjoin(Mandate, Membership.mandate_id == Mandate.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return [(role, short or sponsor or "", mandate or "") for role, short, sponsor, mandate in rows]


async def _shown_code(session: AsyncSession, person_id: int, telegram_id: int, now: datetime) -> Code:
    code = await session.scalar(
        select(Code)
        .where(Code.person_id == person_id, Code.shown_to == telegram_id, Code.voided_at.is_(None))
        .order_by(Code.issued_at.desc(), Code.digest)
        .with_for_update()
    )
    if code is None:
        raise Unknown
    if code.used_at:
        raise CodeUsed
    if code.expires_at <= now:
        raise CodeExpired
    return code


async def claim(session: AsyncSession, person_id: int, account: Account, now: datetime) -> Person:
    """„Das bin ich": the account is the person's from now on; an account that was theirs before loses it and is told.

    Raises:
        Unknown: no code for this person was shown to this account.
        CodeUsed, CodeExpired: it was, but it is no longer good.
    """
    code = await _shown_code(session, person_id, account.telegram_id, now)
    person = await session.get_one(Person, person_id)
    former = person.telegram_id
    person.telegram_id, code.used_at = account.telegram_id, now
    person.came_in_at, person.without_telegram = now, False
    await session.execute(
        update(Code)
        .where(Code.person_id == person_id, Code.used_at.is_(None), Code.issued_at <= code.issued_at)
        .values(voided_at=now)
    )
    if former is not None and former != account.telegram_id:
        await _tell_of_change(session, person, former, now)
        await inherit(session, former, account.telegram_id, now)
    await join_all(session, now, account.telegram_id)
    return person


async def _tell_of_change(session: AsyncSession, person: Person, former: int, now: datetime) -> None:
    about = {"person": person.id}
    await post_news(session, NewLetter(f"lost_account:{person.id}", "lost_account", former, about), now)
    for staff in await staff_accounts(session):
        await post_news(
            session, NewLetter(f"account_changed:{person.id}", "account_changed", staff, about, silent=True), now
        )


async def disown(session: AsyncSession, person_id: int, account: Account, now: datetime) -> None:
    """„Das bin ich nicht": the code is void, and staff is told.

    Raises:
        Unknown, CodeUsed, CodeExpired: as for ``claim``.
    """
    code = await _shown_code(session, person_id, account.telegram_id, now)
    code.voided_at = now
    for staff in await staff_accounts(session):
        key = f"disowned:{code.digest[:16]}:{staff}"
        await post(session, NewLetter(key, "code_disowned", staff, {"person": person_id}, silent=True), now)
