"""Who acts: a Telegram user with every role that holds at this moment. Rights are asked here, never of a button."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.member import Account, Membership, Person, Role
from models.office import Body, Mandate, Office
from models.refusals import NotEntitled
from models.statements import insert_or, table_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One role that somebody holds now, with its body and mandate where it has them."""

    role: Role
    person_id: int
    person_name: str
    body_id: int | None = None
    body_short: str = ""
    mandate_id: int | None = None
    mandate_name: str = ""
    sponsor: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A Telegram user and what they are to the office. Nobody known has no standings."""

    telegram_id: int
    language: str | None = None  # chosen by the user, else as the office wrote it, else as Telegram says
    standings: tuple[Standing, ...] = field(default=())
    known: bool = False  # has an account row
    zone: str = ""  # the office's time zone, where it was read along
    types: bool = False  # rather types than taps: every message numbers its buttons
    languages: tuple[str, ...] = ()  # those the office offers, where they were read along

    def with_role(self, *roles: Role) -> list[Standing]:
        """The standings in any of these roles."""
        return [one for one in self.standings if one.role in roles]

    @property
    def staff(self) -> Standing | None:
        """The standing as office staff, if there is one."""
        return next(iter(self.with_role(Role.STAFF)), None)

    @property
    def is_member(self) -> bool:
        """Has any business in a body: votes, answers invitations, stands in."""
        return bool(self.with_role(Role.MEMBER, Role.DEPUTY, Role.ADVISER, Role.GUEST))

    @property
    def name(self) -> str:
        """The name the office knows; empty for a stranger."""
        return self.standings[0].person_name if self.standings else ""

    @property
    def sponsors(self) -> set[str]:
        """Names of the sponsors this account speaks for."""
        return {one.sponsor for one in self.with_role(Role.SPONSOR)}

    def need_staff(self) -> Standing:
        """The staff standing.

        Raises:
            NotEntitled: for everyone else.
        """
        if self.staff is None:
            raise NotEntitled("staff")
        return self.staff

    def need_member(self) -> None:
        """Let pass who belongs to a body, and staff.

        Raises:
            NotEntitled: for everyone else.
        """
        if not self.is_member and self.staff is None:
            raise NotEntitled("member")


# Of the tables, not of the classes: what is read as columns needs nothing of the mapper, which costs as much again.
_ACCOUNTS, _PEOPLE, _MEMBERSHIPS = table_of(Account).c, table_of(Person).c, table_of(Membership).c
_BODIES, _MANDATES, _OFFICE = table_of(Body).c, table_of(Mandate).c, table_of(Office).c
_KNOWN = (
    select(
        _ACCOUNTS.language,
        _ACCOUNTS.telegram_language,
        _ACCOUNTS.types,
        _PEOPLE.id.label("person_id"),
        _PEOPLE.name.label("person_name"),
        _PEOPLE.language.label("office_language"),
        _MEMBERSHIPS.role,
        _MEMBERSHIPS.sponsor,
        _BODIES.id.label("body_id"),
        _BODIES.short.label("body_short"),
        _MANDATES.id.label("mandate_id"),
        _MANDATES.name.label("mandate_name"),
        _OFFICE.time_zone,
        _OFFICE.languages,
    )
    .select_from(table_of(Account))
    .outerjoin(table_of(Person), _PEOPLE.telegram_id == _ACCOUNTS.telegram_id)
    .outerjoin(table_of(Membership), (_MEMBERSHIPS.person_id == _PEOPLE.id) & _MEMBERSHIPS.ended_at.is_(None))
    .outerjoin(table_of(Body), _MEMBERSHIPS.body_id == _BODIES.id)
    .outerjoin(table_of(Mandate), _MEMBERSHIPS.mandate_id == _MANDATES.id)
    .outerjoin(table_of(Office), _OFFICE.id == 1)
    .where(_ACCOUNTS.telegram_id == bindparam("telegram_id"))
    .order_by(_MEMBERSHIPS.id)
)


async def actor(session: AsyncSession, telegram_id: int, telegram_language: str | None = None) -> Actor:
    """Who this Telegram user is right now. One statement: this is asked at every tap."""
    rows = (await session.execute(_KNOWN, {"telegram_id": telegram_id})).all()
    if not rows:
        return Actor(telegram_id, telegram_language)
    chosen, heard = rows[0].language, rows[0].telegram_language
    office_language = next((row.office_language for row in rows if row.office_language and row.role), None)
    return Actor(
        telegram_id,
        chosen or office_language or telegram_language or heard,
        tuple(_standing(row) for row in rows if row.role),
        known=True,
        zone=rows[0].time_zone or "",
        types=rows[0].types,
        languages=tuple(rows[0].languages or ()),
    )


def _standing(row: Any) -> Standing:
    return Standing(
        Role(row.role),
        row.person_id,
        row.person_name,
        row.body_id,
        row.body_short or "",
        row.mandate_id,
        row.mandate_name or "",
        row.sponsor,
    )


_ACCOUNT = select(Account).where(Account.telegram_id == bindparam("telegram_id")).execution_options(autoflush=False)


async def ensure_account(session: AsyncSession, telegram_id: int, language: str | None, now: datetime) -> Account:
    """The account's row, made at the first contact; whoever writes to us can be reached."""
    account: Account | None = await session.scalar(_ACCOUNT, {"telegram_id": telegram_id})
    if account is None:
        await session.execute(
            insert_or(session, Account)
            .values(telegram_id=telegram_id, telegram_language=language, first_seen=now, reachable=True, wrong_codes=0)
            .on_conflict_do_nothing()
        )
        account = await session.get_one(Account, telegram_id)
    account.reachable = True
    if language:
        account.telegram_language = language
    return account


async def staff_accounts(session: AsyncSession) -> list[int]:
    """The accounts of all office staff."""
    return await accounts_with(session, Membership.role == Role.STAFF)


async def accounts_with(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[int]:
    """The accounts of the people whose current memberships meet the conditions, each once."""
    found = await session.scalars(
        select(Person.telegram_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.telegram_id.is_not(None), Membership.ended_at.is_(None), *conditions)
        .distinct()
        .order_by(Person.telegram_id)
    )
    return [one for one in found if one is not None]
