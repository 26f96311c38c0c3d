"""What the shell says comes next, from the empty store to the first member."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from bot.founding.answers import Answers, BodyName
from bot.founding.papers import folder_of
from bot.next_step import next_step, nobody_inside
from bot.office_folder import load, read_folder
from models.actor import actor, ensure_account
from models.ballot import entering
from models.ballot.rules import Held, Kind
from models.base import Database
from models.codes import issue_code
from models.heartbeat import Heartbeat
from models.member import Membership, Person, Role
from models.office import Body, Office
from models.roster import Listing, enlist
from tests.auxil.clock import Clock

STAFF, MEMBER = 100, 1
ANSWERS = Answers("Stendal", "ReKo", BodyName("Arbeitskreis", "RAK"), "a@b.de", "angelehnt an KVG LSA", "Berta Büro")


async def said(database: Database, clock: Clock) -> str:
    step = await next_step(database, clock.now)
    return f"{step.what} {step.how}" if step else ""


async def come_in(database: Database, clock: Clock, name: str, telegram_id: int) -> None:
    async with database.begin() as session:
        await ensure_account(session, telegram_id, "de", clock.now)
        await session.execute(update(Person).where(Person.name == name).values(telegram_id=telegram_id))


async def test_step_by_step_to_the_first_member(database: Database, clock: Clock, tmp_path: Path) -> None:
    assert "bot init my-office" in await said(database, clock)
    assert "load FOLDER" in await nobody_inside(database, clock.now)

    for name, content in folder_of(ANSWERS).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    async with database.begin() as session:
        await load(session, read_folder(tmp_path), clock.now)
    assert "invite --role buero --name 'Berta Büro'" in await said(database, clock)

    async with database.begin() as session:
        staff = await session.scalar(select(Person.id))
        await issue_code(session, staff, clock.now, 14)
    assert "bot run" in await said(database, clock)
    clock.now += timedelta(days=15)
    assert "invite --role buero --name 'Berta Büro'" in await said(database, clock)
    assert "Berta" not in await nobody_inside(database, clock.now), "the log holds no names"
    async with database.begin() as session:
        await issue_code(session, staff, clock.now, 14)
        session.add(Heartbeat(id=1, at=clock.now))
    assert "Das bin ich" in await said(database, clock)
    assert "bot run" not in await said(database, clock)

    await come_in(database, clock, "Berta Büro", STAFF)
    assert await nobody_inside(database, clock.now) == ""
    assert "„Probe“ (wenn gefragt wird)" in await said(database, clock)

    async with database.begin() as session:
        body = await session.scalar(select(Body.id).where(Body.short == "Probe"))
        closes = clock.now + timedelta(hours=1)
        plan = entering.VotePlan(body, Kind.MOTION, Held.MEETING, "Probe", "Kaffee", clock.now, closes)
        await entering.enter(session, plan, await actor(session, STAFF), clock.now)
    assert "members.csv" in await said(database, clock)

    async with database.begin() as session:
        await enlist(session, Listing(Role.MEMBER, "Vera Muster", "RAK", "IHK"), clock.now)
    assert "invite --missing" in await said(database, clock)
    await come_in(database, clock, "Vera Muster", MEMBER)
    assert await said(database, clock) == ""


async def test_without_a_body_to_practise_in_it_is_said_how_to_enter_one(
    sqlite_database: Database, clock: Clock
) -> None:
    async with sqlite_database.begin() as session:
        session.add(Body(name="Arbeitskreis", short="RAK"))
        await ensure_account(session, STAFF, "de", clock.now)
        session.add(Person(id=1, name="Berta Büro", telegram_id=STAFF))
        await session.flush()
        session.add(Membership(person_id=1, role=Role.STAFF))
    assert "init" in await said(sqlite_database, clock)
    async with sqlite_database.begin() as session:
        session.add(Office(id=1, name="ReKo"))
    assert "Probe;Probesitz 1;mitglied;Berta Büro" in await said(sqlite_database, clock)


async def test_an_office_that_lists_nobody_at_the_desk(sqlite_database: Database, clock: Clock) -> None:
    async with sqlite_database.begin() as session:
        session.add(Office(id=1, name="ReKo"))
    assert "--name 'Vorname Nachname'" in await said(sqlite_database, clock)


async def test_a_store_that_is_not_there_yet_begins_at_the_beginning(clock: Clock) -> None:
    step = await next_step(None, clock.now)
    assert step is not None
    assert "init" in step.how
