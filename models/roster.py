"""Who is on the office's lists: putting one person there, a mandate's deputies, and those who have not come in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.member import Membership, Person, Role
from models.office import Body, Mandate
from models.record import Act, NewEntry

WITH_BODY = {Role.MEMBER, Role.DEPUTY, Role.ADVISER, Role.GUEST}
WITH_MANDATE = {Role.MEMBER, Role.DEPUTY, Role.SPONSOR}
VOTING = {Role.MEMBER, Role.DEPUTY}
REHEARSAL = "Probe"  # the short name of the body that an office practises in (decision 36)


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


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody on the lists; ``fresh``: the role began just now."""

    person: Person
    membership: Membership
    fresh: bool


async def enlist(session: AsyncSession, listing: Listing, now: datetime) -> Person:
    """The person of this line, put on the lists where they are not there yet.

    Raises:
        RosterFault: body or mandate are missing or unknown, or somebody else holds the mandate.
    """
    joined = await join(session, listing)
    if joined.fresh:
        await record.append_all(session, seat_entries(Act.SEAT_TAKEN, [joined.membership], now))
    return joined.person


async def join(session: AsyncSession, listing: Listing) -> Joined:
    """Give somebody a role, where they do not hold it already; one that had ended begins anew.

    Raises:
        RosterFault: as for ``enlist``.
    """
    _check(listing)
    body = await _body(session, listing.body) if listing.role in WITH_BODY else None
    mandate = await _mandate(session, body, listing.mandate) if body and listing.role in WITH_MANDATE else None
    if mandate is not None and listing.role is Role.MEMBER:
        await _check_vacant(session, mandate, listing.name)
    person = await session.scalar(select(Person).where(Person.name == listing.name))
    if person is None:
        person = Person(name=listing.name)
        session.add(person)
        await session.flush()
    membership = await _membership(session, person, listing, body, mandate)
    fresh = membership.id is None or membership.ended_at is not None
    membership.ended_at, membership.ended_in_chat = None, False
    session.add(membership)
    await session.flush()
    return Joined(person, membership, fresh)


def seat_entries(act: Act, memberships: list[Membership], now: datetime, by: int | None = None) -> list[NewEntry]:
    """What the record says of roles that begin or end; of those that carry a vote, and no others.

    ``by``: the person at the office, None where it was a list.
    """
    return [
        NewEntry(act, now, by, None, one.mandate_id, {"person": one.person_id, "role": str(one.role)})
        for one in memberships
        if one.role in VOTING and one.mandate_id is not None
    ]


async def lock_staff(session: AsyncSession) -> set[int]:
    """Let one at a time change who is on the lists; the people who are staff once it is our turn.

    Two who are the last two may not leave at the same moment.
    """
    staff = select(Membership).where(Membership.role == Role.STAFF, Membership.ended_at.is_(None))
    await session.execute(staff.with_only_columns(Membership.id).order_by(Membership.id).with_for_update())
    return set(await session.scalars(staff.with_only_columns(Membership.person_id)))


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


async def _check_vacant(session: AsyncSession, mandate: Mandate, name: str) -> None:
    holder = await holder_of(session, mandate.id)
    if holder is not None and holder.name != name:
        raise RosterFault("mandate held", holder.name)


async def _membership(
    session: AsyncSession, person: Person, listing: Listing, body: Body | None, mandate: Mandate | None
) -> Membership:
    place = {
        "person_id": person.id,
        "role": listing.role,
        "body_id": body.id if body else None,
        "mandate_id": mandate.id if mandate else None,
        "sponsor": listing.mandate if listing.role is Role.SPONSOR else "",
    }
    same = [getattr(Membership, name).is_not_distinct_from(value) for name, value in place.items()]
    return await session.scalar(select(Membership).where(*same)) or Membership(**place)


async def holder_of(session: AsyncSession, mandate_id: int) -> Person | None:
    """Who holds a mandate today; None: it is vacant."""
    return await session.scalar(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.mandate_id == mandate_id, Membership.role == Role.MEMBER, Membership.ended_at.is_(None))
    )


async def seated_bodies(session: AsyncSession) -> list[Body]:
    """The bodies in which somebody holds a seat today, by name."""
    held = select(Membership.body_id).where(Membership.role == Role.MEMBER, Membership.ended_at.is_(None))
    return list(await session.scalars(select(Body).where(Body.id.in_(held)).order_by(Body.name)))


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
    """Everyone with a role today who is to use the bot and has no account, one line a person, by role and name."""
    rows = await session.execute(
        select(Person, Membership, Body.short, Mandate.name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Body, Membership.body_id == Body.id)
        .outerjoin(Mandate, Membership.mandate_id == Mandate.id)
        .where(Person.telegram_id.is_(None), Person.without_telegram.is_(False), Membership.ended_at.is_(None))
        .order_by(Membership.role, Person.name, Membership.id)
    )
    first: dict[int, tuple[Person, Listing]] = {}
    for person, membership, short, mandate in rows:
        listing = Listing(Role(membership.role), person.name, short or "", mandate or membership.sponsor)
        first.setdefault(person.id, (person, listing))
    return list(first.values())
