"""Who plays: everybody on an office's lists, and who of them sits at a phone on the page first."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.page import Phone
from locales import EASY, choose
from models.member import Membership, Person, Role
from models.office import Body, Mandate

FIRST_USER = 1001
WORDS = {
    Role.STAFF: "Büro",
    Role.MEMBER: "Mitglied",
    Role.DEPUTY: "Vertretung",
    Role.ADVISER: "beratend",
    Role.GUEST: "Gast",
    Role.SPONSOR: "Träger",
}


@dataclass(frozen=True)
class Part:
    """Somebody with a role, their first one; ``user_id`` is the account they get in the demo's Telegram."""

    user_id: int
    person_id: int
    name: str
    language: str
    role: Role
    body_id: int | None
    body: str
    place: str

    def phone(self, *, shown: bool) -> Phone:
        """Their phone, with the line above it; ``shown``: whether it is one of the first on the page."""
        role = " · ".join(filter(None, (WORDS[self.role], self.place)))
        return Phone(self.user_id, self.name, role, self.body or WORDS[self.role], shown)


@dataclass(frozen=True)
class Cast:
    """Who sits at the phones at first, in their order, and everybody else."""

    staff: Part
    members: tuple[Part, ...]
    sponsor: Part | None
    colleagues: tuple[Part, ...]
    """The other members of the first body."""
    rest: tuple[Part, ...]

    @property
    def on_page(self) -> list[Part]:
        """Those who sit at the phones at first."""
        return [self.staff, *self.members, *([self.sponsor] if self.sponsor else [])]

    @property
    def everybody(self) -> list[Part]:
        """Those and the others."""
        return [*self.on_page, *self.colleagues, *self.rest]

    @property
    def phones(self) -> list[Phone]:
        """Everybody's phone; the first ones are shown."""
        first = self.on_page
        return [part.phone(shown=part in first) for part in self.everybody]


class NobodyToPlayError(LookupError):
    """The office has no staff or no member on its lists."""


async def choose_cast(session: AsyncSession) -> Cast:
    """At the phones first: one of the staff, two members of the first body, the first sponsor.

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
    playing = [staff[0], *body, *sponsors[:1]]
    rest = tuple(part for part in parts if part not in playing)
    return Cast(staff[0], (body[0], *others[:1]), next(iter(sponsors), None), tuple(others[1:]), rest)


async def _parts(session: AsyncSession) -> list[Part]:
    """Everybody once, with their first role."""
    rows = await session.execute(
        select(Membership, Person, Mandate, Body.short)
        .join(Person, Membership.person_id == Person.id)
        .join(Mandate, Membership.mandate_id == Mandate.id, isouter=True)
        .join(Body, Membership.body_id == Body.id, isouter=True)
        .where(Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    parts: dict[int, Part] = {}
    for membership, person, mandate, body in rows:
        part = Part(
            FIRST_USER + person.id,
            person.id,
            person.name,
            choose(person.language).replace(EASY, "de"),  # Telegram has no code for Leichte Sprache
            Role(membership.role),
            membership.body_id,
            body or "",
            mandate.name if mandate else membership.sponsor,
        )
        parts.setdefault(person.id, part)
    return list(parts.values())
