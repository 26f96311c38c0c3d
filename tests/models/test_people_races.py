"""Two at the desk act at the same moment: one of them comes first, and the other is told. On both stores."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, actor
from models.base import Database
from models.invariants import broken_promises
from models.member import Code, Membership, Person, Role
from models.people import acts
from models.refusals import Refusal
from models.roster import Listing
from tests.auxil.clock import START
from tests.auxil.party import COLLEAGUE, GUEST, JENS, STAFF, found_office

Doing = Callable[[AsyncSession, Actor], Awaitable[object]]


async def found(database: Database) -> None:
    """The office; its people have numbers of their own, which PostgreSQL's counter has not seen."""
    await found_office(database, START)
    if database.shared:
        async with database.begin() as session:
            await session.execute(text("SELECT setval(pg_get_serial_sequence('people', 'id'), 1000)"))


async def both(database: Database, first: Doing, second: Doing) -> list[str]:
    """What became of two acts by two of staff that began together: the refusals."""
    ready = asyncio.Barrier(2) if database.shared else None

    async def act(who: int, doing: Doing) -> str:
        try:
            async with database.begin() as session:
                by = await actor(session, who)
                if ready is not None:  # SQLite lets the second begin when the first has ended
                    await ready.wait()
                await doing(session, by)
        except Refusal as refusal:
            return repr(refusal)
        return ""

    return sorted(await asyncio.gather(act(STAFF, first), act(COLLEAGUE, second)))


async def one_came_first(database: Database, first: Doing, second: Doing) -> str:
    """The refusal of the one who came second."""
    done, refused = await both(database, first, second)
    assert done == ""
    async with database.read() as session:
        assert await broken_promises(session) == []
    return refused


async def membership_of(database: Database, person: int, role: Role) -> int:
    async with database.read() as session:
        found = select(Membership.id).where(Membership.person_id == person, Membership.role == role)
        return (await session.scalars(found)).one()


async def test_the_last_two_cannot_end_each_other(database: Database) -> None:
    await found(database)
    berta = await membership_of(database, STAFF, Role.STAFF)
    bernd = await membership_of(database, COLLEAGUE, Role.STAFF)
    await one_came_first(
        database,
        lambda session, by: acts.end(session, bernd, by, START),
        lambda session, by: acts.end(session, berta, by, START),
    )
    async with database.read() as session:
        still = select(Membership).where(Membership.role == Role.STAFF, Membership.ended_at.is_(None))
        assert len(list(await session.scalars(still))) == 1


async def test_one_mandate_moves_to_one_successor(database: Database) -> None:
    await found(database)
    seat = await membership_of(database, JENS, Role.MEMBER)
    refused = await one_came_first(
        database,
        lambda session, by: acts.move(session, seat, "Nadine Neu", by, START),
        lambda session, by: acts.move(session, seat, "Otto Ohm", by, START),
    )
    assert "role ended" in refused
    async with database.read() as session:
        new = list(await session.scalars(select(Person.name).where(Person.name.in_(["Nadine Neu", "Otto Ohm"]))))
    assert len(new) == 1


async def test_one_new_mandate_is_made_once(database: Database) -> None:
    await found(database)
    refused = await one_came_first(
        database,
        lambda session, by: acts.add(session, Listing(Role.MEMBER, "Nadine Neu", "RAK Stendal", "Neu"), by, START),
        lambda session, by: acts.add(session, Listing(Role.MEMBER, "Otto Ohm", "RAK Stendal", "Neu"), by, START),
    )
    assert "mandate held" in refused


async def test_one_membership_ends_once_and_one_name_is_taken_once(database: Database) -> None:
    await found(database)
    guest = await membership_of(database, GUEST, Role.GUEST)

    async def end(session: AsyncSession, by: Actor) -> None:
        await acts.end(session, guest, by, START)

    assert "role ended" in await one_came_first(database, end, end)
    refused = await one_came_first(
        database,
        lambda session, by: acts.rename(session, JENS, "Nadine Neu", by),
        lambda session, by: acts.rename(session, GUEST, "Nadine Neu", by),
    )
    assert "name taken" in refused


async def test_one_button_issues_one_code(database: Database) -> None:
    await found(database)

    async def issue(session: AsyncSession, by: Actor) -> None:
        await acts.issue(session, JENS, 0, by, START)

    assert "AlreadyDone" in await one_came_first(database, issue, issue)
    async with database.read() as session:
        assert len(list(await session.scalars(select(Code)))) == 1
