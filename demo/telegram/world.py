"""The state of the stand-in: bots, people, rooms, files, the clock. No HTTP here.

world = World(clock=clock)
bot = world.bot("42:TEST", name="ReKo-Assistent")
anna = world.user(1, first_name="Anna", language_code="de")
async with serve(world) as base_url:          # demo.telegram.server
    ...                                       # start a bot with f"{base_url}/bot" and the token "42:TEST"
    anna.start()
    card = await anna.receive("Willkommen")
    answer = await anna.tap(card, "Ja")
    assert answer.text == "Ihre Stimme: Ja"
"""

import asyncio
import random
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from demo.telegram.bots import TOKEN, Bot
from demo.telegram.entities import Json
from demo.telegram.faults import FaultPlan
from demo.telegram.files import FileStore
from demo.telegram.journal import Journal
from demo.telegram.limits import RateLimits
from demo.telegram.people import Person
from demo.telegram.rooms import Room


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


class Event(NamedTuple):
    """Something that changed, for who watches (the page).

    Kinds: ``message`` ``edited`` ``deleted`` ``tap`` ``answer`` ``action`` ``menu`` ``keyboard`` ``pinned``
    ``reaction`` ``blocked`` ``unblocked``; ``details`` hold e.g. ``message``, ``person``, ``answer``, ``action``.
    """

    kind: str
    room: Room | None
    details: dict[str, Any]


class World:
    """One Telegram. ``clock`` gives the time (aware); ``tokens`` limits which bots exist (any token, if not given).

    ``limits.enabled = True`` switches Telegram's rates on; ``faults`` and ``journal`` are there to be used by tests.
    """

    def __init__(
        self, *, clock: Callable[[], datetime] = utc_now, tokens: Collection[str] | None = None, seed: int = 0
    ) -> None:
        self.clock = clock
        self.tokens = tokens
        self.random = random.Random(seed)  # noqa: S311 - ids of a stand-in, repeatable on purpose
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Room] = {}
        self.files = FileStore()
        self.faults = FaultPlan(self.random)
        self.journal = Journal()
        self.limits = RateLimits()
        self._watchers: list[Callable[[Event], None]] = []
        self._changed = asyncio.Event()

    def seconds(self) -> int:
        """Now, as Telegram counts: whole seconds since 1970."""
        return int(self.clock().timestamp())

    def advance(self, by: timedelta) -> None:
        """Puts the clock forward (or back) from here on."""
        before = self.clock
        self.clock = lambda: before() + by
        self.wake()

    def token_id(self) -> str:
        """A long random number as text, as callback queries have."""
        return str(self.random.randrange(10**17, 10**18))

    def bot(self, token: str, *, name: str = "", username: str = "") -> Bot:
        """The bot with this token; made if it is new. Names are set if given.

        Raises:
            LookupError: the token has not Telegram's shape, is not among ``tokens``, or another token with the same
                number is in use.
        """
        shape = TOKEN.fullmatch(token)
        if not shape or (self.tokens is not None and token not in self.tokens):
            raise LookupError("no such bot")
        number = int(shape[1])
        bot = self.bots.get(number)
        if bot is None:
            bot = self.bots[number] = Bot(self, token, name or f"Bot {number}", username or f"bot{number}_bot")
        if bot.token != token:
            raise LookupError("no such bot")
        bot.name, bot.username = name or bot.name, username or bot.username
        return bot

    @property
    def first_bot(self) -> Bot:
        """The bot people mean when they name none.

        Raises:
            LookupError: no bot has called yet, and none was made by `bot`.
        """
        for bot in self.bots.values():
            return bot
        raise LookupError("this world has no bot yet: call world.bot(token) first")

    def bot_of(self, sender: Bot | Person) -> Bot:
        """The bot that sent something; the first one if a person did."""
        return sender if isinstance(sender, Bot) else self.first_bot

    def user(
        self, user_id: int, *, first_name: str, last_name: str = "", username: str = "", language_code: str = "de"
    ) -> Person:
        """Someone with an account; who has not opened a chat with the bot yet."""
        person = Person(self, user_id, first_name, last_name, username, language_code)
        self.people[user_id] = person
        return person

    def group(self, chat_id: int, title: str, *, people: Collection[Person] = (), bots: Collection[Bot] = ()) -> Room:
        """A group (negative id); one whose id begins with -100 is a supergroup."""
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        room = Room(self, {"id": chat_id, "title": title, "type": kind}, opened=True)
        room.people = {person.id: person for person in people}
        room.bots = {bot.id: bot for bot in bots}
        self.groups[chat_id] = room
        return room

    def migrate(self, room: Room, chat_id: int) -> Room:
        """Makes a group a supergroup with a new id; messages to the old one are refused with the new id."""
        fresh = self.group(chat_id, room.chat["title"], people=room.people.values(), bots=room.bots.values())
        somebody = next(iter(room.people.values()))
        room.post(somebody, {"migrate_to_chat_id": chat_id})
        fresh.post(somebody, {"migrate_from_chat_id": room.id})
        room.migrated_to = chat_id
        return fresh

    def knows(self, chat_id: int) -> bool:
        """Whether a person or group has this id."""
        return chat_id in self.people or chat_id in self.groups

    def first_bot_menu(self, person: Person) -> list[Json]:
        """The commands the first bot offers this person in the private chat."""
        commands, language = self.first_bot.commands, person.language_code
        for scope in (f"chat:{person.id}", "all_private_chats", "default"):
            for code in (language, ""):
                if found := commands.get((scope, code)):
                    return found
        return []

    def watch(self, watcher: Callable[[Event], None]) -> Callable[[], None]:
        """Calls ``watcher`` with every event, at once; gives what ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def emit(self, kind: str, room: Room | None, **details: Any) -> None:
        """Tells everyone who watches or waits."""
        for watcher in self._watchers:
            watcher(Event(kind, room, details))
        self.wake()

    def wake(self) -> None:
        """Lets everyone who waits in `until` look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool], within: float = 10.0) -> None:
        """Waits, without polling, until ``condition()`` holds; looked at after every event and request.

        Raises:
            TimeoutError: not within ``within`` seconds of real time.
        """
        async with asyncio.timeout(within):
            while not condition():
                await self._changed.wait()
