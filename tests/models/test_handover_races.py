"""A deputy votes while the holder takes the mandate back: one of the two comes first, and both know which."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import actor
from models.ballot.casting import Said, cast
from models.ballot.entering import VotePlan, enter
from models.ballot.handover import NewHandover, hand_over, take_back
from models.ballot.looking import find_for
from models.ballot.rows import Ballot, Handover
from models.ballot.rules import Held, Kind
from models.base import Database
from models.charter import DEFAULT_PRESET
from models.member import Membership, Role
from models.office import Body, Mandate
from models.refusals import NotEntitled, Refusal
from tests.auxil.clock import START
from tests.auxil.party import DORA, JENS, STAFF, VERA, found_office
from tests.auxil.races import blocked
from tests.auxil.voting import CLOSES, enter_vote

MANDATE = 1


async def given(database: Database, vote: int | None) -> int:
    """An open vote, and Vera's mandate handed over to Dora; the handover's number."""
    await found_office(database, START)
    await enter_vote(database, START)
    async with database.begin() as session:
        return (await hand_over(session, NewHandover(MANDATE, DORA, vote), await actor(session, VERA), START)).id


async def vote_as_deputy(session: AsyncSession) -> None:
    await cast(session, Said(1, MANDATE, "yes", START, 5), await actor(session, DORA))


async def taken_back(database: Database, number: int) -> bool:
    try:
        async with database.begin() as session:
            await take_back(session, number, await actor(session, VERA), START)
    except Refusal:
        return False
    return True


async def test_a_vote_that_is_being_stored_keeps_its_handover(database: Database) -> None:
    number = await given(database, None)
    async with database.begin() as session:
        await vote_as_deputy(session)
        taking = asyncio.create_task(taken_back(database, number))
        await blocked(database)
    assert await taking
    async with database.read() as session:
        kept = await session.scalar(select(Handover.vote_number).where(Handover.ended_at.is_(None)))
    assert kept == 1


async def test_for_one_vote_it_cannot_be_taken_back_then(database: Database) -> None:
    number = await given(database, 1)
    async with database.begin() as session:
        await vote_as_deputy(session)
        taking = asyncio.create_task(taken_back(database, number))
        await blocked(database)
    assert not await taking


async def test_taken_back_first_the_deputys_tap_is_refused(database: Database) -> None:
    number = await given(database, 1)

    async def tapping() -> bool:
        try:
            async with database.begin() as session:
                await vote_as_deputy(session)
        except Refusal:
            return False
        return True

    async with database.begin() as session:
        await take_back(session, number, await actor(session, VERA), START)
        voting = asyncio.create_task(tapping())
        await blocked(database)
    assert not await voting
    async with database.read() as session:
        assert await session.scalar(select(Ballot.mandate_id)) is None


async def test_a_deputy_of_one_body_does_not_see_a_secret_vote_of_another(sqlite_database: Database) -> None:
    await given(sqlite_database, None)
    async with sqlite_database.begin() as session:
        other = Body(name="Begleitgremium", short="BG", charter={"preset": DEFAULT_PRESET, "secret_on_request": True})
        session.add(other)
        await session.flush()
        seat = Mandate(body_id=other.id, name="Sitz")
        session.add(seat)
        await session.flush()
        session.add(Membership(person_id=JENS, role=Role.MEMBER, body_id=other.id, mandate_id=seat.id))
        await session.flush()
        plan = VotePlan(other.id, Kind.MOTION, Held.MEETING, "Wahl", "Text", START, CLOSES, secret=True)
        number = (await enter(session, plan, await actor(session, STAFF), START)).number
    async with sqlite_database.read() as session:
        assert (await find_for(session, number, await actor(session, JENS), START)).secret
        with pytest.raises(NotEntitled):
            await find_for(session, number, await actor(session, DORA), START)
