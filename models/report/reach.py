"""Reports: who can be reached, as things stand now. How it was before nobody keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.member import Account, Membership, Person


@dataclass(frozen=True, slots=True)
class Reached:
    """People on the lists, those of them with an account, and those whose account lets us in."""

    people: int
    with_account: int
    reachable: int


@dataclass(frozen=True, slots=True)
class Reach:
    """``others``: accounts of nobody on the lists, and those of them that let us in."""

    lists: Reached
    by_role: Mapping[str, Reached]
    others: int
    others_reachable: int

    @property
    def blocked(self) -> int:
        """People on the lists who have blocked the bot or closed their account."""
        return self.lists.with_account - self.lists.reachable


PEOPLE = func.count(Person.id.distinct())
# How many people on the lists, how many of them with an account, how many of those let us in.
COUNTS = (PEOPLE, PEOPLE.filter(Account.telegram_id.is_not(None)), PEOPLE.filter(Account.reachable))


def _on_lists(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Account, Account.telegram_id == Person.telegram_id)
        .where(Membership.ended_at.is_(None))
    )


async def reach(session: AsyncSession) -> Reach:
    """Who can be reached now."""
    everybody = (await session.execute(_on_lists(*COUNTS))).one()
    by_role = await session.execute(_on_lists(Membership.role, *COUNTS).group_by(Membership.role))
    listed = _on_lists(Person.telegram_id).where(Person.telegram_id.is_not(None))
    others = await session.execute(
        select(func.count(), func.count().filter(Account.reachable)).where(Account.telegram_id.not_in(listed))
    )
    return Reach(Reached(*everybody), {row[0]: Reached(*row[1:]) for row in by_role}, *others.one())


async def newcomers(session: AsyncSession, since: datetime, until: datetime) -> int:
    """Accounts that wrote for the first time from ``since`` (inclusive) to ``until`` (exclusive)."""
    counted = await session.scalar(select(func.count()).where(Account.first_seen >= since, Account.first_seen < until))
    return counted or 0
