"""A small office and its people, and the whole bot around them, with Telegram replaced at the transport."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.application import assemble
from bot.assistant import Assistant
from bot.limiter import Limiter
from bot.settings import load_settings
from bot.watch import Watch
from models.actor import ensure_account
from models.base import Database
from models.charter import DEFAULT_PRESET
from models.codes import issue_code
from models.inbox import InboxRow
from models.member import Membership, Person, Role
from models.office import Body, Mandate, Office
from models.shown import Shown
from models.tables import METADATA
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram

TOKEN = "42:TEST"
STAFF, COLLEAGUE, VERA, JENS, KARL, DORA, GUEST, SPONSOR, STRANGER = 100, 101, 1, 2, 3, 4, 5, 6, 7
SPONSORED = "Bildungswerk Altmark"
MANDATES = {"Jobcenter Stendal": VERA, "IHK Magdeburg": JENS, "Landkreis Stendal": KARL}
NAMES = {
    STAFF: "Berta Büro",
    COLLEAGUE: "Bernd Büro",
    VERA: "Vera Muster",
    JENS: "Jens Beispiel",
    KARL: "Karl Probe",
    DORA: "Dora Vertretung",
    GUEST: "Gero Gast",
    SPONSOR: "Sven Träger",
}
# Any answer changes the inbox, and which buttons were shown last.
KEPT = [one for one in METADATA.sorted_tables if one.name not in {"inbox", "shown"}]
KEPT_AS_IT_IS = [f"SELECT * FROM {one.name}" for one in KEPT]  # noqa: S608 - our own names


@dataclass
class Party:
    """The bot, its store, its clock and Telegram, and short ways to act on them."""

    assistant: Assistant
    database: Database
    telegram: FakeTelegram
    clock: Clock

    async def hear(self, *updates: Mapping[str, Any]) -> None:
        """Let updates in, work them off, and deliver what was posted."""
        await self.assistant.intake.take(updates)
        await self.assistant.intake.idle()
        await self.assistant.intake.settle()
        await self.deliver()

    async def deliver(self) -> None:
        """Deliver what is due."""
        await self.assistant.courier.deliver()

    async def tick(self) -> None:
        """Play one tick."""
        await self.assistant.tick()

    async def write(self, who: int, text: str, **extra: Any) -> None:
        """Somebody writes."""
        await self.hear(self.telegram.write(who, text, **extra))

    async def tap(self, who: int, label: str, **extra: Any) -> None:
        """Somebody taps a button."""
        await self.hear(self.telegram.tap(who, label, **extra))

    async def fill(self, who: int, *entries: str) -> None:
        """Fill a form: an entry in [brackets] is a button."""
        for entry in entries:
            if entry.startswith("["):
                await self.tap(who, entry.strip("[]"))
            else:
                await self.write(who, entry)

    def last_text(self, who: int) -> str:
        """The newest message as somebody sees it."""
        return self.telegram.texts(who)[-1]

    def labels(self, who: int) -> list[str]:
        """The buttons under the newest message."""
        return list(self.telegram.buttons(self.telegram.last(who)))

    async def rows(self, table: type[Any]) -> Sequence[Any]:
        """All rows of a table."""
        async with self.database.read() as session:
            return list(await session.scalars(select(table)))

    def toast(self) -> str:
        """The answer to the newest tap."""
        return self.telegram.toasts()[-1]

    async def issue(self, person_id: int, days: int = 14) -> str:
        """A fresh code for a person."""
        async with self.database.begin() as session:
            return await issue_code(session, person_id, self.clock.now, days)

    async def everything(self) -> dict[str, list[Any]]:
        """All rows of all tables but the inbox, and but which buttons were shown last: any answer changes that."""
        async with self.database.read() as session:
            return await session.run_sync(lambda rows: {one.name: list(rows.execute(select(one))) for one in KEPT})

    async def state(self) -> list[list[Any]]:
        """The same as the store itself spells it, and quicker: for comparing what was with what is."""
        async with self.database.read() as session:
            return await session.run_sync(
                lambda plain: [list(plain.connection().exec_driver_sql(one)) for one in KEPT_AS_IT_IS]
            )

    async def holds(self, words: str) -> bool:
        """Whether these words stand anywhere in the store, the inbox included."""
        inbox = [(one.payload, one.error) for one in await self.rows(InboxRow)]
        shown = [one.messages for one in await self.rows(Shown)]
        return words in str(inbox) or words in str(shown) or words in str(await self.everything())

    async def restart(self) -> None:
        """The process ends and another one takes over the store."""
        await self.assistant.intake.stop()
        await self.assistant.application.bot.shutdown()
        self.assistant = throw(self.database, self.telegram, self.clock).assistant
        await self.assistant.application.initialize()

    async def open_vote(self, closes: str = "01.12.2026 12:00", *, when_all: str = "[Nein]") -> None:
        """Staff opens a motion by the form."""
        await self.write(STAFF, "/buero")
        await self.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]", "Förderung 2027", "Der RAK stimmt zu.", "[Weiter]")
        await self.fill(STAFF, "[Sofort]", closes, when_all, "[Eröffnen]")


async def found_office(database: Database, now: datetime, charter: Mapping[str, Any] | None = None) -> None:
    """An office with two at the desk and one body of three mandates; everyone but the stranger has come in."""
    async with database.begin() as session:
        session.add(Office(id=1, name="ReKo Stendal", contact="03931 000000", languages=["de", "en"], settings={}))
        body = Body(name="Regionaler Arbeitskreis Stendal", short="RAK Stendal")
        body.charter = dict(charter or {"preset": DEFAULT_PRESET})
        session.add(body)
        await session.flush()
        for who, name in NAMES.items():
            await ensure_account(session, who, "de", now)
            session.add(Person(id=who, name=name, telegram_id=who))
        await session.flush()
        session.add_all(Membership(person_id=one, role=Role.STAFF) for one in (STAFF, COLLEAGUE))
        session.add(Membership(person_id=GUEST, role=Role.GUEST, body_id=body.id))
        session.add(Membership(person_id=SPONSOR, role=Role.SPONSOR, sponsor=SPONSORED))
        for name, who in MANDATES.items():
            mandate = Mandate(body_id=body.id, name=name)
            session.add(mandate)
            await session.flush()
            session.add(Membership(person_id=who, role=Role.MEMBER, body_id=body.id, mandate_id=mandate.id))
            if who == VERA:
                session.add(Membership(person_id=DORA, role=Role.DEPUTY, body_id=body.id, mandate_id=mandate.id))


class Pace:
    """A monotonic time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def monotonic(self) -> float:
        """Seconds slept so far."""
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        """Let the seconds have passed."""
        self.elapsed += seconds


def throw(
    database: Database, telegram: FakeTelegram, clock: Clock, backups: str = "no-such-place", watch: Watch | None = None
) -> Party:
    """The whole bot on a store; nothing is written to ``backups`` unless the test lets it be."""
    environment = {"BOT_TOKEN": TOKEN, "BOT_DATABASE_URL": "sqlite:///unused.db", "BOT_BACKUP_FOLDER": backups}
    settings = load_settings(environment, needs_token=True)
    pace = Pace()
    watch = watch or Watch()
    note = watch.telegram_error
    limiter = Limiter(settings.outbox_rate, monotonic=pace.monotonic, sleep=pace.sleep, note_error=note)
    assistant = assemble(
        settings, database, request=telegram, clock=clock, sleep=pace.sleep, limiter=limiter, watch=watch
    )
    return Party(assistant, database, telegram, clock)


@asynccontextmanager
async def at_work(
    database: Database, telegram: FakeTelegram, clock: Clock, *, founded: bool = False
) -> AsyncIterator[Party]:
    """The office, founded unless it is there, and the bot at work in it until the block ends."""
    if not founded:
        await found_office(database, clock.now)
    party = throw(database, telegram, clock)
    await party.assistant.application.initialize()
    yield party
    await party.assistant.intake.stop()
    await party.assistant.application.bot.shutdown()
