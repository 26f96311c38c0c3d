"""Everything of the demo that touches the bot: its store, its start, and what the newcomer finds already done.

People come in as everywhere: with a code the bot's own functions issue, by ``/start CODE`` and „Das bin ich". They
vote by tapping. Only what the office would have typed into its forms the day before is entered by the same acts that
the forms call.
"""

import asyncio
import time as real_time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application import assemble
from bot.assistant import Assistant
from bot.limiter import Limiter
from bot.migrate import migrate
from bot.office_folder import load, read_folder
from bot.settings import load_settings
from demo.cast import Cast, Part, choose_cast
from demo.clock import DemoClock
from demo.page import Hint
from demo.telegram.people import Answer, Person
from demo.telegram.rooms import Button, Message
from demo.telegram.world import World
from handlers.callbacks import CastTap, Claim, Tap, parse
from models.actor import actor
from models.ballot import entering
from models.ballot.rules import Choice, Held, Kind
from models.base import Database, open_database
from models.calendar import Calendar
from models.codes import issue_code
from models.deadline import office_calendar
from models.meeting import acts as meetings
from models.meeting.rows import Meeting
from models.member import Role

TOKEN = "1000:demo"  # noqa: S105 - the stand-in takes any
BOT_NAME = "ReKo-Assistent"
BOT_USERNAME = "reko_demo_bot"
OPENS, CLOSES, BEGINS = time(9), time(16), time(9, 30)
VOTE_LASTS = timedelta(days=5)
PATIENCE = 30.0
HASTE = 10
"""How many times faster than Telegram's the pace of letters is: the stand-in has no limits, and somebody is waiting."""
# Some of the members who sit at no phone at first vote too, so that there is a quorum.
VOTES = (Choice.YES, Choice.YES, Choice.NO, Choice.YES)
TITLE = "Förderung des Vorhabens „Lernort Werkstatt“"
MOTION = (
    "Der Regionale Arbeitskreis befürwortet das Vorhaben „Lernort Werkstatt“ der Lernwerk Altmark gGmbH "
    "mit einer Laufzeit von 36 Monaten."
)


class Stage:
    """The store with an office in it, and the people of its lists in the demo's Telegram."""

    def __init__(self, world: World, clock: DemoClock, database: Database, cast: Cast, calendar: Calendar) -> None:
        self.world = world
        self.clock = clock
        self.database = database
        self.cast = cast
        self.zone = calendar.zone

    @classmethod
    async def open(cls, world: World, clock: DemoClock, office: Path, store: Path) -> "Stage":
        """Loads an office folder into a new store; nobody is sent anything.

        Raises:
            FolderFaults: the folder is no office.
            NobodyToPlayError: it has no staff or no member.
        """
        database = open_database(f"sqlite:///{store}")
        try:
            await migrate(database)
            async with database.begin() as session:
                await load(session, read_folder(office), clock())
                cast, calendar = await choose_cast(session), await office_calendar(session)
        except Exception:
            await database.close()
            raise
        world.bot(TOKEN, name=BOT_NAME, username=BOT_USERNAME)
        for part in cast.everybody:
            first, _, last = part.name.rpartition(" ")
            world.user(part.user_id, first_name=first or last, last_name=last if first else "")
        return cls(world, clock, database, cast, calendar)

    @asynccontextmanager
    async def played(self, address: str) -> AsyncIterator[None]:
        """Runs the bot against the stand-in at ``address``; in the block everybody is in and has something to do."""
        environment = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{address}/bot", "BOT_BACKUP_FOLDER": self._backups}
        settings = load_settings(environment, needs_token=True)
        assistant = assemble(settings, self.database, clock=self.clock, limiter=_hasty(settings.outbox_rate))
        await assistant.start()
        try:
            await self._set_scene(assistant)
            self.clock.tick = assistant.tick
            yield
        finally:
            self.clock.tick = None
            await assistant.stop()

    @property
    def _backups(self) -> str:
        """Beside the store, in the folder that goes with the demo."""
        return str(Path(self.database.engine.url.database or "").parent / "backups")

    async def _set_scene(self, assistant: Assistant) -> None:
        await asyncio.gather(*map(self._come_in, self.cast.everybody))
        async with self.database.begin() as session:
            vote = await self._give_work(session)
        await assistant.tick()
        voters = zip(self.cast.colleagues, VOTES, strict=False)
        await asyncio.gather(*(self._vote(part, vote, choice) for part, choice in voters))

    async def _come_in(self, part: Part) -> None:
        async with self.database.begin() as session:
            code = await issue_code(session, part.person_id, self.clock())
        person = self.world.people[part.user_id]
        person.start(code)
        await self._tap(person, lambda tap: isinstance(tap, Claim) and tap.answer == "yes")

    async def _vote(self, part: Part, vote: int, choice: Choice) -> None:
        person = self.world.people[part.user_id]
        await self._tap(person, lambda tap: isinstance(tap, CastTap) and (tap.vote, tap.choice) == (vote, choice))

    async def _tap(self, person: Person, fits: Callable[[Tap | None], bool]) -> Answer:
        """Waits for a button that fits, and taps it."""
        found: list[tuple[Message, Button]] = []

        def shown() -> bool:
            found.extend(
                (message, button)
                for message in person.messages
                for button in message.buttons
                if button.data and fits(parse(button.data))
            )
            return bool(found)

        await self.world.until(shown, PATIENCE)
        message, button = found[0]
        return await person.tap(message, button.data, PATIENCE)

    async def _give_work(self, session: AsyncSession) -> int:
        """Invites to the body's first meeting in draft, and opens a vote; its number."""
        now, body_id = self.clock(), self.cast.members[0].body_id or 0
        staff = await actor(session, self.cast.staff.user_id)
        drafts = select(Meeting).where(
            Meeting.body_id == body_id, Meeting.invited_at.is_(None), Meeting.status == "", Meeting.starts_at > now
        )
        if meeting := await session.scalar(drafts.order_by(Meeting.starts_at).limit(1)):
            await meetings.invite(session, meeting.number, staff, now)
        closes = (now + VOTE_LASTS).replace(minute=0, second=0, microsecond=0)
        plan = entering.VotePlan(body_id, Kind.MOTION, Held.MEETING, TITLE, MOTION, now, closes)
        return (await entering.enter(session, plan, staff, now)).number


def _hasty(rate: int) -> Limiter:
    """The real limiter, by a monotonic clock that goes faster."""
    return Limiter(
        rate, monotonic=lambda: real_time.monotonic() * HASTE, sleep=lambda seconds: asyncio.sleep(seconds / HASTE)
    )


def office_hours(now: datetime, calendar: Calendar) -> datetime:
    """``now`` where an office is open, else the next working morning: nobody is written to at night or on a Sunday."""
    local = calendar.local(now)
    if calendar.is_working_day(local.date()) and OPENS <= local.time() < CLOSES:
        return now
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return calendar.at(calendar.working_day_from(day), BEGINS)


def hints(cast: Cast) -> list[Hint]:
    """What to try first."""
    member, asker = cast.members[0].user_id, (cast.sponsor or cast.members[0]).user_id
    return [
        Hint(
            "Abstimmen",
            "Tippen Sie unter der offenen Abstimmung auf „Ja“. Der Beleg kommt sofort, das Ergebnis mit „+1 Woche“.",
            member,
        ),
        *_deputy_hint(cast),
        Hint(
            "Fragen",
            "Stellen Sie eine Frage zur Förderung. Die Antwort nennt ihre Fundstelle.",
            asker,
            "Wofür steht Förderbereich C?",
        ),
        Hint(
            "Erinnert werden",
            "Öffnen Sie eine Frist und tippen Sie auf „Erinnere mich“. Stellen Sie dann oben die Uhr vor.",
            asker,
            "/fristen",
        ),
        Hint(
            "Das Büro",
            "Eröffnen Sie einen Beschluss, eine Wahl oder einen Umlauf. Am Ende kommt das Ergebnis mit Protokoll.",
            cast.staff.user_id,
            "/buero",
        ),
    ]


def _deputy_hint(cast: Cast) -> list[Hint]:
    """How a member has somebody stand in; nothing where nobody on the page has a deputy."""
    for member in cast.members:
        for deputy in cast.rest:
            if deputy.role is Role.DEPUTY and (deputy.body_id, deputy.place) == (member.body_id, member.place):
                text = f"Übergeben Sie Ihr Mandat. Wählen Sie dann {deputy.name} über einem der Telefone."
                return [Hint("Sich vertreten lassen", text, member.user_id, "/vertretung")]
    return []
