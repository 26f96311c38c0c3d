"""The real bot over HTTP, in this process or others, with the sample office; and short ways to act for its people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.application import assemble
from bot.limiter import Limiter
from bot.office_folder import load, read_folder
from bot.settings import load_settings
from demo.sample import write_sample
from demo.telegram import Answer, Message, Person, World, serve
from handlers.callbacks import OnVote, Open, parse
from models.base import Database
from models.calendar import Calendar
from models.codes import issue_code
from models.member import Person as Listed
from scheduler.courier import Courier
from tests.auxil.clock import Clock
from tests.auxil.party import Pace
from tests.auxil.tongues import Tongues
from tests.auxil.voting import been_at_work
from tests.end_to_end.clocked import SharedClock
from tests.end_to_end.crew import Crew, InHouse

SECRET = "TEST-4711-geheim"
STEP = timedelta(hours=8)
TOKEN = f"42:{SECRET}"


class Walk:
    """People of the sample office by first name, and the bot that hears them."""

    def __init__(
        self, world: World, crew: Crew, database: Database, clock: Clock | SharedClock, tongues: Tongues | None = None
    ) -> None:
        self.world, self.crew, self.database, self.clock = world, crew, database, clock
        self.tongues = tongues  # words letters in every language, where the bot is in this process
        self.people: dict[str, Person] = {}
        self.codes: list[str] = []
        self.tapped: set[type] = set()  # kinds of taps
        self.opened: set[str] = set()  # places
        self.on_votes: set[str] = set()  # what the office did with votes

    def meet(self, name: str, language: str = "de") -> Person:
        """Somebody with a phone who has not written yet."""
        first, _, last = name.rpartition(" ")
        number = 1000 + len(self.people)
        person = self.people[name] = self.world.user(number, first_name=first, last_name=last, language_code=language)
        person.room()
        return person

    async def code_for(self, name: str) -> str:
        async with self.database.begin() as session:
            listed = await session.scalar(select(Listed.id).where(Listed.name == name))
            assert listed is not None, name
            self.codes.append(await issue_code(session, listed, self.clock()))
            return self.codes[-1]

    async def come_in(self, name: str, language: str = "de") -> Person:
        """Somebody comes in by code."""
        person = self.meet(name, language)
        person.start(await self.code_for(name))
        await self.settled(person)
        await self.choose(person, "Das bin ich" if language == "de" else "That is me")
        return person

    async def settled(self, person: Person) -> None:
        """All this person sent is worked off, and what was posted has been delivered."""
        tap = person.press(person.messages[-1], "nothing")
        assert (await tap.answer()).alert
        await self.crew.deliver()

    async def say(self, person: Person, *texts: str, reply_to: Message | None = None) -> Message:
        """Write, and wait for what comes of it: the bot's newest message."""
        for text in texts:
            person.send(text, reply_to=reply_to)
            await self.settled(person)
        return person.last

    async def choose(self, person: Person, *labels: str) -> Answer:
        """Tap the newest buttons with these labels, one after the other."""
        answer = Answer("", False, "")
        for label in labels:
            shown = [one for one in reversed(person.messages) if label in one.labels]
            assert shown, f"{person.name} sees no button {label!r} under {person.last.text!r} {person.last.labels}"
            data = next(one.data for one in shown[0].buttons if one.text == label)
            self._note(data)
            answer = await person.press(shown[0], data).answer()
            await self.settled(person)
        return answer

    def _note(self, data: str) -> None:
        tap = parse(data)
        self.tapped.add(type(tap))
        if isinstance(tap, Open):
            self.opened.add(tap.where)
        if isinstance(tap, OnVote):
            self.on_votes.add(tap.act)

    async def fill(self, person: Person, *entries: str) -> Message:
        """Fill a form: an entry in [brackets] is a button."""
        for entry in entries:
            if entry.startswith("["):
                await self.choose(person, entry.strip("[]"))
            else:
                await self.say(person, entry)
        return person.last

    async def wait(self, **parts: float) -> None:
        """Time passes; planner and courier do what is due on the way."""
        end = self.clock.now + timedelta(**parts)
        await self.crew.tick()
        while self.clock.now < end:
            await self.skip(min(end, self.clock.now + STEP))
            await self.crew.tick()

    async def skip(self, to: datetime) -> None:
        """It is later at once, and yet the bot was never out of order."""
        # First, since others may look at the clock at any moment.
        await been_at_work(self.database, to)
        self.clock.jump(to)

    async def by_day(self) -> None:
        """Wait for an hour in which news may go out."""
        while Calendar().quiet(self.clock.now):
            await self.wait(hours=1)

    async def gone(self, **parts: float) -> None:
        """The bot is out of order for so long."""
        await self.crew.away(timedelta(**parts))
        await self.crew.tick()


async def found_sample(database: Database, now: datetime, folder: Path) -> None:
    """The sample office, in the store."""
    async with database.begin() as session:
        await load(session, read_folder(write_sample(folder / "office", now.date())), now)


@asynccontextmanager
async def walk(database: Database, clock: Clock, folder: Path) -> AsyncIterator[Walk]:
    """The bot at work in the sample office, nobody come in yet."""
    await found_sample(database, clock(), folder)
    world = World(clock=clock)
    world.bot(TOKEN, name="ReKo-Assistent", username="reko_bot")
    pace = Pace()
    limiter = Limiter(monotonic=pace.monotonic, sleep=pace.sleep)
    async with serve(world) as api:
        environment = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{api}/bot", "BOT_BACKUP_FOLDER": str(folder / "backups")}
        settings = load_settings(environment, needs_token=True)
        assistant = assemble(settings, database, clock=clock, limiter=limiter)
        tongues = Tongues()
        assistant.courier = Courier(database, tongues.word, assistant.sending.send, clock, limiter.halted_for)
        await assistant.start()
        try:
            await world.until(lambda: world.first_bot.waiting is not None)
            yield Walk(world, InHouse(assistant, clock), database, clock, tongues)
        finally:
            await assistant.stop()
