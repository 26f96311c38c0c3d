"""Who plays: the people of an office's lists, and which of them hold a phone on the page."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.page import Phone
from models.member import Membership, Person, Role
from models.office import Mandate

FIRST_USER = 1001


@dataclass(frozen=True)
class Part:
    """Somebody with a role; ``user_id`` is the account they get in the demo's Telegram."""

    user_id: int
    person_id: int
    name: str
    language: str
    role: Role
    body_id: int | None
    place: str

    def phone(self) -> Phone:
        """The phone on the page, with the line above it."""
        words = {Role.STAFF: "Büro", Role.MEMBER: "Mitglied", Role.SPONSOR: "Träger"}
        return Phone(self.user_id, self.name, " · ".join(filter(None, (words.get(self.role), self.place))))


@dataclass(frozen=True)
class Cast:
    """The phones on the page in their order, and the members who take part without one."""

    staff: Part
    members: tuple[Part, ...]
    sponsor: Part | None
    others: tuple[Part, ...]

    @property
    def on_page(self) -> list[Part]:
        """Those with a phone."""
        return [self.staff, *self.members, *([self.sponsor] if self.sponsor else [])]

    @property
    def everybody(self) -> list[Part]:
        """Those and the others."""
        return [*self.on_page, *self.others]


class NobodyToPlayError(LookupError):
    """The office has no staff or no member on its lists."""


async def choose_cast(session: AsyncSession) -> Cast:
    """The first of the staff, two members of the first body, the first sponsor; the body's other members behind them.

    Raises:
        NobodyToPlayError: there is no staff or no member.
    """
    parts = await _parts(session)
    staff = [part for part in parts if part.role is Role.STAFF]
    members = [part for part in parts if part.role is Role.MEMBER]
    sponsors = [part for part in parts if part.role is Role.SPONSOR]
    if not staff or not members:
        raise NobodyToPlayError
    body = [part for part in members if part.body_id == members[0].body_id]
    # Two from the same house („Landkreis Stendal – …") would look alike on the page.
    others = sorted(body[1:], key=lambda part: part.place.split()[:1] == body[0].place.split()[:1])
    sponsor = sponsors[0] if sponsors else None
    return Cast(staff[0], (body[0], *others[:1]), sponsor, tuple(others[1:]))


async def _parts(session: AsyncSession) -> list[Part]:
    rows = await session.execute(
        select(Membership, Person, Mandate)
        .join(Person, Membership.person_id == Person.id)
        .join(Mandate, Membership.mandate_id == Mandate.id, isouter=True)
        .where(Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return [
        Part(
            FIRST_USER + person.id,
            person.id,
            person.name,
            person.language or "de",
            Role(membership.role),
            membership.body_id,
            mandate.name if mandate else membership.sponsor,
        )
        for membership, person, mandate in rows
    ]
