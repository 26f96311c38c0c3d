"""People: who is on the lists, body by body; who is missing; finding somebody; one person's page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.codes import codes_issued
from models.member import Account, Code, Membership, Person, Role
from models.office import Body, Mandate, bodies
from models.people.rules import matches, same_name
from models.refusals import Unfit, Unknown

ORDER = (Role.MEMBER, Role.DEPUTY, Role.ADVISER, Role.GUEST, Role.SPONSOR, Role.STAFF)


class State(StrEnum):
    """Whether somebody uses the bot."""

    IN = "in"
    MISSING = "missing"  # not in yet
    WITHOUT = "without"  # does without Telegram


@dataclass(frozen=True, slots=True)
class Listed:
    """A role, with who has it and where. ``mandate`` is the sponsor's name for a sponsor; ``ended_at`` None: holds."""

    membership_id: int
    person_id: int
    name: str
    state: State
    role: Role
    body_id: int | None
    body: str
    mandate_id: int | None
    mandate: str
    ended_at: datetime | None = None


Block = tuple[str, Sequence[Listed]]  # a mandate, a sponsor or a role, and its people

_LISTED = (
    select(Membership, Person, Body.short, Mandate.name)
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(Body, Body.id == Membership.body_id)
    .outerjoin(Mandate, Mandate.id == Membership.mandate_id)
    .order_by(Membership.id)
)


def state_of(person: Person) -> State:
    """Whether this person uses the bot."""
    if person.telegram_id is not None:
        return State.IN
    return State.WITHOUT if person.without_telegram else State.MISSING


async def listed(session: AsyncSession, *conditions: object, ended: bool = False) -> list[Listed]:
    """The roles that meet the conditions, by role and name; those that hold, or all with ``ended``."""
    query = _LISTED if ended else _LISTED.where(Membership.ended_at.is_(None))
    rows = await session.execute(query.where(*conditions))  # type: ignore[arg-type]  # tests of columns
    found = [
        Listed(
            membership.id,
            person.id,
            person.name,
            state_of(person),
            Role(membership.role),
            membership.body_id,
            short or "",
            membership.mandate_id,
            mandate or membership.sponsor,
            membership.ended_at,
        )
        for membership, person, short, mandate in rows
    ]
    return sorted(found, key=lambda one: (ORDER.index(one.role), one.name.casefold(), one.membership_id))


async def in_body(session: AsyncSession, body_id: int) -> list[Block]:
    """A body, mandate by mandate with holder and deputies (a vacant one is empty), then advisers, then guests."""
    found = await listed(session, Membership.body_id == body_id)
    mandates = await session.scalars(select(Mandate).where(Mandate.body_id == body_id).order_by(Mandate.name))
    blocks = [(one.name, [each for each in found if each.mandate_id == one.id]) for one in mandates]
    others = [(str(role), [one for one in found if one.role is role]) for role in (Role.ADVISER, Role.GUEST)]
    return [*blocks, *(block for block in others if block[1])]


async def with_role(session: AsyncSession, role: Role) -> list[Block]:
    """Everybody in a role that belongs to no body: staff, or the sponsors, each under its name."""
    found = await listed(session, Membership.role == role)
    titles = sorted({one.mandate for one in found}, key=str.casefold)
    return [(title or str(role), [one for one in found if one.mandate == title]) for title in titles]


async def in_state(session: AsyncSession, state: State) -> list[Listed]:
    """Everybody with a role who is in this state, each once, under the first of their roles; by name."""
    first: dict[int, Listed] = {}
    for one in await listed(session):
        first.setdefault(one.person_id, one)
    return sorted((one for one in first.values() if one.state is state), key=lambda one: one.name.casefold())


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people there are with a role, by whether they use the bot, and where they are."""

    states: dict[State, int]
    bodies: Sequence[tuple[Body, int]]  # each with its people, every one counted once
    roles: dict[Role, int]

    @property
    def everyone(self) -> int:
        """All of them."""
        return sum(self.states.values())


async def tally(session: AsyncSession) -> Tally:
    """How many people are on the lists, and where."""
    found = await listed(session)
    states = {one.person_id: one.state for one in found}
    counted = {state: list(states.values()).count(state) for state in State}
    known = await bodies(session)
    in_bodies = [(one, len({each.person_id for each in found if each.body_id == one.id})) for one in known]
    roles = {role: len({one.person_id for one in found if one.role is role}) for role in (Role.STAFF, Role.SPONSOR)}
    return Tally(counted, in_bodies, roles)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody found, with the roles they have today."""

    person_id: int
    name: str
    roles: Sequence[Listed]


async def find(session: AsyncSession, typed: str) -> list[Found]:
    """Who is meant by part of a name, mandate, sponsor or body: whoever is or was on the lists, by name."""
    by_person: dict[int, list[Listed]] = {}
    for one in await listed(session, ended=True):
        by_person.setdefault(one.person_id, []).append(one)
    former = {one.id: one.former_names for one in await session.scalars(select(Person))}
    found = []
    for number, roles in by_person.items():
        today = [one for one in roles if one.ended_at is None]
        places = [text for one in today for text in (one.mandate, one.body)]
        if matches(typed, roles[0].name, *former[number], *places):
            found.append(Found(number, roles[0].name, today))
    return sorted(found, key=lambda one: (not one.roles, one.name.casefold()))


async def called(session: AsyncSession, name: str) -> Person | None:
    """The person of this name, else the only one whose name is the same but for case and umlauts."""
    exact = await session.scalar(select(Person).where(Person.name == name))
    if exact is not None:
        return exact
    # Whoever has left and was forgotten is called by a number, which nobody types.
    alike = [one for one in await session.scalars(select(Person)) if same_name(one.name, name)]
    return alike[0] if len(alike) == 1 else None


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that a person's page says."""

    person: Person
    state: State
    roles: Sequence[Listed]
    former: Sequence[Listed]  # roles that have ended
    language: str | None  # as chosen, else as the office wrote it
    codes: int  # as many as were issued, for the button that issues the next
    valid_codes: int
    valid_until: datetime | None  # of the last of them


async def portrait(session: AsyncSession, person_id: int, now: datetime) -> Portrait:
    """One person.

    Raises:
        Unknown: nobody with this number is or was on the lists.
    """
    person = await session.get(Person, person_id)
    roles = await listed(session, Membership.person_id == person_id, ended=True)
    if person is None or not roles:
        raise Unknown
    account = await session.get(Account, person.telegram_id) if person.telegram_id is not None else None
    good = (Code.person_id == person_id, Code.used_at.is_(None), Code.voided_at.is_(None), Code.expires_at > now)
    row = (await session.execute(select(func.count(), func.max(Code.expires_at)).where(*good))).one()
    return Portrait(
        person,
        state_of(person),
        [one for one in roles if one.ended_at is None],
        [one for one in roles if one.ended_at is not None],
        (account.language if account else None) or person.language,
        await codes_issued(session, person_id),
        row[0],
        row[1],
    )


async def role_held(session: AsyncSession, membership_id: int) -> Listed:
    """A role that somebody has today.

    Raises:
        Unfit: it has ended; a colleague was quicker.
    """
    found = await listed(session, Membership.id == membership_id)
    if not found:
        raise Unfit("role ended")
    return found[0]


async def vacant_mandates(session: AsyncSession, body_id: int) -> list[str]:
    """The mandates of a body that nobody holds, by name."""
    held = select(Membership.mandate_id).where(
        Membership.role == Role.MEMBER, Membership.ended_at.is_(None), Membership.mandate_id.is_not(None)
    )
    query = select(Mandate.name).where(Mandate.body_id == body_id, Mandate.id.not_in(held))
    return list(await session.scalars(query.order_by(Mandate.name)))


async def places(session: AsyncSession, role: Role, body_id: int | None) -> list[str]:
    """The names a typed mandate or sponsor may be: of a body's mandates, or of all sponsors."""
    if role is Role.SPONSOR:
        found = await session.scalars(select(Membership.sponsor).where(Membership.role == role).distinct())
        return sorted({one for one in found if one}, key=str.casefold)
    return list(await session.scalars(select(Mandate.name).where(Mandate.body_id == body_id).order_by(Mandate.name)))


def as_known(typed: str, known: Iterable[str]) -> str:
    """A typed name as it is known already, where it is the same but for case and umlauts."""
    return next((one for one in known if same_name(one, typed)), typed)
