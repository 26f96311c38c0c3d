"""A bot's account: who it is, what it has set, and the updates that wait for it."""

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from demo.telegram.entities import Json
from demo.telegram.refusal import ApiError

if TYPE_CHECKING:
    from demo.telegram.people import Tap
    from demo.telegram.rooms import Message, Room
    from demo.telegram.world import World

TOKEN = re.compile(r"([0-9]{1,19}):[A-Za-z0-9_-]{1,64}")
UPDATE_LIFETIME = 24 * 3600
QUIET_WEEK = 7 * 24 * 3600
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_AHEAD = 10


@dataclass
class Webhook:
    """Where updates go instead of being fetched."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass(eq=False)
class Bot:
    """One account with its token."""

    world: "World"
    token: str
    name: str
    username: str
    reads_everything: bool = False
    updates: "deque[tuple[int, Json]]" = field(default_factory=deque)
    born: "deque[int]" = field(default_factory=deque)
    last_update_id: int = 0
    last_push: int = 0
    reordered: bool = False
    last_id: int = 0
    allowed: frozenset[str] | None = None
    webhook: Webhook = field(default_factory=Webhook)
    rooms: "dict[int, Room]" = field(default_factory=dict)
    taps: "dict[str, Tap]" = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    waiting: "asyncio.Future[None] | None" = None
    arrived: "asyncio.Event" = field(default_factory=asyncio.Event)

    @property
    def id(self) -> int:
        """The number before the colon of the token."""
        return int(self.token.partition(":")[0])

    def as_json(self) -> Json:
        """A Bot API ``User``, as in the ``from`` of a message."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def may_read(self, message: "Message") -> bool:
        """Whether a message in a group reaches this bot: commands, replies to it and mentions, unless it reads all."""
        text = message.text
        answered = message.data.get("reply_to_message", {}).get("from", {}).get("id") == self.id
        service = not any(name in message.data for name in ("text", "caption", "document", "photo"))
        if self.reads_everything or answered or service or f"@{self.username}" in text:
            return True
        return text.startswith("/") and ("@" not in text.split(maxsplit=1)[0])

    def wants(self, kind: str) -> bool:
        """Whether updates of this kind are wanted (``allowed_updates``)."""
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def push(self, kind: str, payload: Json) -> None:
        """Queues an update and wakes who waits for one."""
        if not self.wants(kind):
            return
        now = self.world.seconds()
        if not self.last_update_id or (not self.updates and now - self.last_push >= QUIET_WEEK):
            self.last_update_id = self.world.random.randrange(10_000_000, 900_000_000)
        self.last_update_id += 1
        self.last_push = now
        self.updates.append((self.last_update_id, {"update_id": self.last_update_id, kind: payload}))
        self.born.append(now)
        self.arrived.set()
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(None)

    def redeliver(self, update: Json) -> None:
        """Puts an update that was already confirmed back in front, as happens when a confirmation is lost."""
        self.updates.appendleft((update["update_id"], update))
        self.born.appendleft(self.world.seconds())
        self.arrived.set()
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(None)

    def reorder(self) -> None:
        """Shuffles the updates that wait, as when deliveries overtake one another; their ids stay.

        A client that confirms the id of the last one it got sees those with a higher one again.
        """
        self.world.random.shuffle(self.updates)
        self.reordered = True

    def drop(self, update: Json) -> None:
        """Forgets one waiting update that a webhook has taken."""
        for place, (_, waiting) in enumerate(self.updates):
            if waiting is update:
                del self.updates[place], self.born[place]
                return

    def drop_left(self) -> None:
        """Forgets the oldest waiting update."""
        self.updates.popleft()
        self.born.popleft()

    def drop_expired(self) -> None:
        """Forgets what has waited longer than a day, as Telegram does."""
        while self.born and self.world.seconds() - self.born[0] > UPDATE_LIFETIME:
            self.drop_left()

    def confirm(self, offset: int) -> None:
        """Forgets the updates before ``offset``; a negative one keeps only that many.

        An offset far ahead of what exists is passed over (the update ids were drawn anew after a quiet week).
        """
        if offset < 0:
            while len(self.updates) > -offset:
                self.drop_left()
        elif offset <= self.last_update_id + _AHEAD:
            while self.updates and self.updates[0][0] < offset:
                self.drop_left()
            if self.reordered:
                for update in [update for number, update in self.updates if number < offset]:
                    self.drop(update)
                self.reordered = bool(self.updates)

    async def poll(self, offset: int, limit: int, wait: float) -> list[Json]:
        """One long poll; ``wait`` in seconds of real time.

        Raises:
            ApiError: 409 if a webhook is set, or another poll comes while this one waits.
        """
        if self.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self.end_poll(
            ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        )
        self.drop_expired()
        self.confirm(offset)
        if not self.updates and wait > 0:
            await self._wait(wait)
        return [update for _, update in islice(self.updates, limit)]

    async def _wait(self, seconds: float) -> None:
        waiting = self.waiting = asyncio.get_running_loop().create_future()
        self.world.wake()
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            pass
        finally:
            if self.waiting is waiting:
                self.waiting = None

    def end_poll(self, error: ApiError | None = None) -> None:
        """Ends the poll that waits, with an error or with what there is."""
        if self.waiting and not self.waiting.done():
            if error:
                self.waiting.set_exception(error)
            else:
                self.waiting.set_result(None)

    def remember(self, tap: "Tap") -> None:
        """Keeps a callback query until it is too old to be answered."""
        while self.taps and (oldest := next(iter(self.taps.values()))).expired:
            del self.taps[oldest.id]
        self.taps[tap.id] = tap
