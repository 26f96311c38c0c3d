"""Who is on the office's lists: putting one person there, a mandate's deputies, and those who have not come in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.member import Membership, Person, Role
from models.office import Body, Mandate

WITH_BODY = {Role.MEMBER, Role.DEPUTY, Role.ADVISER, Role.GUEST}
WITH_MANDATE = {Role.MEMBER, Role.DEPUTY, Role.SPONSOR}


class RosterFault(ValueError):
    """Somebody cannot be put on the lists like this; ``reason`` is one of a closed list that the caller words."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of the lists. ``mandate`` is the sponsor's name for a sponsor."""

    role: Role
    name: str
    body: str = ""
    mandate: str = ""


async def enlist(session: AsyncSession, listing: Listing) -> Person:
    """The person of this line, put on the lists where they are not there yet.

    Raises:
        RosterFault: body or mandate are missing or unknown, or somebody else holds the mandate.
    """
    _check(listing)
    body = await _body(session, listing.body) if listing.role in WITH_BODY else None
    mandate = await _mandate(session, body, listing.mandate) if body and listing.role in WITH_MANDATE else None
    person = await session.scalar(select(Person).where(Person.name == listing.name))
    if person is None:
        person = Person(name=listing.name)
        session.add(person)
        await session.flush()
    await _join(session, person, listing, body, mandate)
    return person


def _check(listing: Listing) -> None:
    if not listing.name:
        raise RosterFault("no name")
    if listing.role in WITH_BODY and not listing.body:
        raise RosterFault("no body")
    if listing.role in WITH_MANDATE and not listing.mandate:
        raise RosterFault("no mandate")


async def _body(session: AsyncSession, short: str) -> Body:
    body = await session.scalar(select(Body).where(Body.short == short))
    if body is None:
        raise RosterFault("unknown body", short)
    return body


async def _mandate(session: AsyncSession, body: Body, name: str) -> Mandate:
    mandate = await session.scalar(select(Mandate).where(Mandate.body_id == body.id, Mandate.name == name))
    if mandate is None:
        mandate = Mandate(body_id=body.id, name=name)
        session.add(mandate)
        await session.flush()
    return mandate


async def _join(
    session: AsyncSession, person: Person, listing: Listing, body: Body | None, mandate: Mandate | None
) -> None:
    sponsor = listing.mandate if listing.role is Role.SPONSOR else ""
    current = await session.scalars(
        select(Membership).where(Membership.role == listing.role, Membership.ended_at.is_(None))
    )
    for one in current:
        same_place = one.body_id == (body.id if body else None) and one.mandate_id == (mandate.id if mandate else None)
        if same_place and one.sponsor == sponsor and one.person_id == person.id:
            return
        if same_place and listing.role is Role.MEMBER:
            holder = await session.get_one(Person, one.person_id)
            raise RosterFault("mandate held", holder.name)
    session.add(
        Membership(
            person_id=person.id,
            role=listing.role,
            body_id=body.id if body else None,
            mandate_id=mandate.id if mandate else None,
            sponsor=sponsor,
        )
    )
    await session.flush()


async def deputies_of(session: AsyncSession, mandate_id: int) -> list[Person]:
    """The people who may be asked to act for a mandate."""
    return list(
        await session.scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                Membership.mandate_id == mandate_id,
                Membership.role == Role.DEPUTY,
                Membership.ended_at.is_(None),
            )
            .order_by(Person.name)
        )
    )


async def not_in_yet(session: AsyncSession) -> list[tuple[Person, Listing]]:
    """Everyone with a role today and no account, one line a person, by role and name."""
    rows = await session.execute(
        select(Person, Membership, Body.short, Mandate.name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Body, Membership.body_id == Body.id)
        .outerjoin(Mandate, Membership.mandate_id == Mandate.id)
        .where(Person.telegram_id.is_(None), Membership.ended_at.is_(None))
        .order_by(Membership.role, Person.name, Membership.id)
    )
    first: dict[int, tuple[Person, Listing]] = {}
    for person, membership, short, mandate in rows:
        listing = Listing(Role(membership.role), person.name, short or "", mandate or membership.sponsor)
        first.setdefault(person.id, (person, listing))
    return list(first.values())
