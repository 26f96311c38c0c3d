"""A store for the benchmarks: one body whose mandates are all held, a vote that opens at once, a meeting, sources."""

from datetime import UTC, datetime, timedelta

from bot.migrate import migrate
from demo.sample import TEMPLATE
from models.actor import actor, ensure_account
from models.ballot import entering
from models.ballot.rules import Held, Kind
from models.base import open_database
from models.charter import DEFAULT_PRESET
from models.knowledge import read_sources, take_in
from models.meeting.acts import enter, invite
from models.meeting.rules import MeetingPlan
from models.member import Membership, Person, Role
from models.office import Body, Mandate, Office

MEMBERS = 50
STAFF = 9999


async def found(database_url: str, members: int = MEMBERS) -> None:
    """Make the store: a body of so many mandates, and a vote that is open."""
    database = open_database(database_url)
    await migrate(database)
    now = datetime.now(UTC)
    async with database.begin() as session:
        session.add(Office(id=1, name="Bench", contact="", languages=["de"], settings={}))
        body = Body(name="Bench", short="RAK", charter={"preset": DEFAULT_PRESET})
        clerk = Person(name="Clerk")
        session.add_all([body, clerk])
        await session.flush()
        session.add(Membership(person_id=clerk.id, role=Role.STAFF))
        for number in range(1, members + 1):
            await ensure_account(session, number, "de", now)
            person, mandate = Person(name=f"M{number}", telegram_id=number), Mandate(body_id=body.id, name=f"X{number}")
            session.add_all([person, mandate])
            await session.flush()
            session.add(Membership(person_id=person.id, role=Role.MEMBER, body_id=body.id, mandate_id=mandate.id))
        await session.flush()
        plan = entering.VotePlan(body.id, Kind.MOTION, Held.MEETING, "T", "Text", now, now + timedelta(days=7))
        clerk.telegram_id = (await ensure_account(session, STAFF, "de", now)).telegram_id
        await session.flush()
        await entering.enter(session, plan, await actor(session, STAFF), now)
    await database.close()


async def call_a_meeting(database_url: str) -> None:
    """A meeting so near that its invitations go out whatever the hour and day."""
    database = open_database(database_url)
    now = datetime.now(UTC)
    start = now + timedelta(hours=20)
    async with database.begin() as session:
        clerk = await actor(session, STAFF)
        meeting = await enter(session, MeetingPlan(1, "T", start, start + timedelta(hours=2), "R", "1. A"), clerk)
        await invite(session, meeting.number, clerk, now)
    await database.close()


async def take_in_the_sources(database_url: str) -> None:
    """The sources of the sample office."""
    database = open_database(database_url)
    files = {one.name: one.read_bytes() for one in sorted((TEMPLATE / "sources").iterdir())}
    async with database.begin() as session:
        await take_in(session, read_sources(files).sources, datetime.now(UTC))
    await database.close()
