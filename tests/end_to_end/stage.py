"""A stand-in for Telegram, a store with a small office in it, and the real program as a process beside them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, update

from bot.migrate import migrate
from demo.telegram import Answer, Event, Message, Person, World, serve
from demo.telegram.people import Tap
from models.base import Database, open_database
from models.invariants import broken_promises
from models.outbox import Letter, LetterState
from tests.auxil.party import NAMES, TOKEN, found_office
from tests.end_to_end.forked import Forked

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class Program:
    """``python -m bot run``, again and again on one store."""

    def __init__(self, api: str, database_url: str, log: Path) -> None:
        self.environment = {
            **os.environ,
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"{api}/bot",
            "BOT_DATABASE_URL": database_url,
            "BOT_BACKUP_FOLDER": str(log.with_name("backups")),
        }
        self.log = log
        self.process: Forked | asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, as a fork of one that has loaded it already."""
        self.process = Forked(self.environment, self.log)

    async def start_by_command(self) -> None:
        """Start it as an administrator does."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """kill -9, at this very moment."""
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)

    async def ended(self) -> int:
        assert self.process is not None
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


class Stage:
    """The office of `found_office`, its people with phones, and the program."""

    def __init__(self, world: World, database: Database, program: Program) -> None:
        self.world, self.database, self.program = world, database, program
        self.people: dict[int, Person] = {}
        for number, name in NAMES.items():
            person = self.people[number] = world.user(number, first_name=name, language_code="de")
            person.room().opened = True
        self.taps: list[tuple[int, int, str, Tap]] = []  # update id, who, choice

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.world.until(condition, within=PATIENCE)

    async def polling(self) -> None:
        """Wait until the program asks for updates."""
        await self.until(lambda: self.world.first_bot.waiting is not None)

    def card(self, who: int, title: str = "Neue Abstimmung") -> Message:
        """The newest message of the bot that begins like this."""
        return [one for one in self.people[who].messages if one.from_bot and one.text.startswith(title)][-1]

    def cards(self, who: int, number: int) -> list[Message]:
        """All messages that call this person to a vote."""
        mine = f":{number}:"
        return [one for one in self.people[who].messages if any(mine in b.data for b in one.buttons)]

    def tap(self, who: int, choice: str, card: Message) -> Tap:
        """Tap a choice („yes" …) on a card; remembered."""
        data = next(one.data for one in card.buttons if one.data.endswith(f":{choice}"))
        tap = self.people[who].press(card, data)
        self.taps.append((self.world.first_bot.last_update_id, who, choice, tap))
        return tap

    async def choose(self, who: int, label: str) -> Answer:
        """Tap the button with this label on the newest message that has it, once there is one."""
        messages = self.people[who].room().messages
        await self.until(lambda: any(label in one.labels for one in messages.values()))
        newest = next(one for one in reversed(messages.values()) if label in one.labels)
        return await self.people[who].tap(newest, label, within=PATIENCE)

    async def worked_off(self) -> None:
        """Wait until everything sent so far has been worked off: chats keep their order, so a last tap will do."""
        last = [person.press(person.messages[-1], "nothing") for person in self.people.values() if person.messages]
        for tap in last:
            assert (await tap.answer(PATIENCE)).alert

    def when(self, kind: str, count: int, then: Callable[[], None], containing: str = "") -> asyncio.Event:
        """Do something at the count-th event of a kind by the bot, before the bot has Telegram's reply to it."""
        seen, happened = [0], asyncio.Event()

        def watcher(event: Event) -> None:
            message = event.details.get("message")
            if event.kind != kind or happened.is_set():
                return
            if message is not None and (not message.from_bot or containing not in message.text):
                return
            seen[0] += 1
            if seen[0] == count:
                happened.set()
                then()

        self.world.watch(watcher)
        return happened

    async def lease_over(self) -> None:
        """As if the dead process' leases had run out."""
        async with self.database.begin() as session:
            statement = update(Letter).where(Letter.state == LetterState.CLAIMED)
            await session.execute(statement.values(lease_until=utc_now()))

    async def letters(self, kind: str, number: int | None = None) -> dict[int, str]:
        """Letters of a kind (about a vote): whose, and in which state."""
        async with self.database.read() as session:
            found = await session.scalars(select(Letter).where(Letter.kind == kind))
            return {one.telegram_id: one.state for one in found if number in {None, one.about.get("vote")}}

    async def check(self) -> None:
        """What must hold at any moment."""
        async with self.database.read() as session:
            assert await broken_promises(session) == []


@asynccontextmanager
async def set_up(database_url: str, folder: Path) -> AsyncIterator[Stage]:
    """A stage on an empty store of either kind; the program is not started yet."""
    database = open_database(database_url)
    await migrate(database)
    await found_office(database, utc_now())
    world = World()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    async with serve(world) as api:
        stage = Stage(world, database, Program(api, database_url, folder / "log"))
        try:
            yield stage
        finally:
            stage.program.kill()
            if stage.program.process is not None:
                await stage.program.ended()
            await database.close()
