"""How fast we may speak: letters wait, direct answers do not, and a halt halts everything.

Telegram takes about 30 messages a second overall, one a second in one chat, 20 a minute in a group
(core.telegram.org/bots/faq) and says ``retry_after`` when it has had enough. Direct answers are sent at once but count,
so that letters give way to them. A ``retry_after`` holds back every call, whatever else finishes meanwhile.

Where several processes work for one bot they keep one pace (``bot/pace.py``).

``getUpdates`` never passes here. ``answerCallbackQuery`` and whatever names no chat do not count, but obey a halt.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.pace import SharedPace

LETTER = "letter"
OVERALL = 30  # messages a second, direct answers included
GROUP = 20  # messages a minute in one group
SECOND, MINUTE = 1.0, 60.0
RETRIES = 3  # of a direct answer, after halts
PATIENCE = 75.0  # seconds a letter waits in here: its courier's lease is two minutes, and sending takes time too

Answer = bool | dict[str, Any] | list[dict[str, Any]]
Call = Callable[..., Coroutine[Any, Any, Answer]]


class Window:
    """At most ``most`` stamps in any ``span`` seconds."""

    __slots__ = ("_stamps", "most", "span")

    def __init__(self, most: int, span: float) -> None:
        self.most, self.span = most, span
        self._stamps: deque[float] = deque(maxlen=most)

    def free_at(self) -> float:
        """When there is room for one more: the oldest stamp that counts has to leave first."""
        return self._stamps[0] + self.span if len(self._stamps) == self.most else float("-inf")

    def last(self) -> float:
        """When the latest was sent."""
        return self._stamps[-1]

    def stamp(self, now: float) -> None:
        """One was sent."""
        self._stamps.append(now)


class Limiter(BaseRateLimiter[str]):
    """The pace of everything we send. ``rate``: letters a second; ``monotonic`` in seconds, as is ``sleep``."""

    def __init__(
        self,
        rate: int = 25,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        shared: SharedPace | None = None,
        note_error: Callable[[TelegramError], None] = lambda _error: None,
    ) -> None:
        self._monotonic, self._sleep = monotonic, sleep
        self._shared, self._note_error = shared, note_error
        self._letters = Window(rate, SECOND)
        self._overall = Window(OVERALL, SECOND)
        # By the time of the last message, oldest first, so that the idle ones are dropped from the front.
        self._chats: OrderedDict[int | str, tuple[Window, ...]] = OrderedDict()
        self._halted_until = float("-inf")

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def halted_for(self) -> float:
        """Seconds for which Telegram still wants silence; 0 when it does not."""
        return max(0.0, self._halted_until - self._monotonic())

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Answer:
        """Make the call when its turn has come.

        A letter goes back to the courier where Telegram refuses it for its pace, where a halt begins before its turn
        has come, and where direct answers keep it waiting for long: its lease must not run out in here.

        Raises:
            RetryAfter: of a letter at once, of a direct answer after three more tries.
        """
        chat, letter = None if endpoint == "answerCallbackQuery" else data.get("chat_id"), rate_limit_args == LETTER
        tries = 1 if letter else 1 + RETRIES
        while True:
            if self._shared is not None and chat is not None:
                await self._common_turn(self._shared, letter=letter)
            if letter or self._halted_until > self._monotonic():
                await self._turn(chat, letter=letter)
            elif chat is not None:
                self._stamp(chat, letter=False)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as refusal:
                self._note_error(refusal)
                await self._halt(refusal)
                tries -= 1
                if not tries:
                    raise
            except TelegramError as error:
                self._note_error(error)
                raise

    async def keep_step(self) -> None:
        """Learn of the other processes' halts, and let them know how much was answered here; once a second.

        Raises:
            SQLAlchemyError: the store is out of reach.
        """
        if self._shared is not None:
            self._halt_for(await self._shared.look())

    async def takes_tick(self, every: timedelta) -> bool:
        """Whether this process does the tick that is due, and no other."""
        return self._shared is None or await self._shared.takes_tick(every)

    @staticmethod
    async def _common_turn(shared: SharedPace, *, letter: bool) -> None:
        if letter:
            await shared.turn()
        else:
            shared.answered()

    async def _turn(self, chat: int | str | None, *, letter: bool) -> None:
        began = self._monotonic()
        # Nothing is awaited between the last look and the stamp: two callers cannot take the same place.
        while (wait := self._free_at(chat, letter=letter) - self._monotonic()) > 0:
            if letter:
                wait = min(wait, self._patience(began))
            await self._sleep(wait)
        if chat is not None:
            self._stamp(chat, letter=letter)

    def _patience(self, began: float) -> float:
        """Seconds for which a letter may still wait; none during a halt."""
        left = began + PATIENCE - self._monotonic()
        if halt := self.halted_for():
            raise RetryAfter(timedelta(seconds=halt))
        if left <= 0:
            raise RetryAfter(timedelta(seconds=SECOND))
        return left

    def _free_at(self, chat: int | str | None, *, letter: bool) -> float:
        if not letter or chat is None:
            return self._halted_until
        windows = (self._letters, self._overall, *self._chats.get(chat, ()))
        return max(self._halted_until, *(window.free_at() for window in windows))

    def _stamp(self, chat: int | str, *, letter: bool) -> None:
        now = self._monotonic()
        windows = self._chats.pop(chat, None) or _windows(chat)
        self._chats[chat] = windows
        for window in (self._overall, *windows, *((self._letters,) if letter else ())):
            window.stamp(now)
        while next(iter(self._chats.values()))[0].last() < now - MINUTE:
            self._chats.popitem(last=False)

    async def _halt(self, refusal: RetryAfter) -> None:
        told = refusal.retry_after
        seconds = told.total_seconds() if isinstance(told, timedelta) else float(told)
        self._halt_for(seconds)
        if self._shared is not None:
            await self._shared.halt(seconds)

    def _halt_for(self, seconds: float) -> None:
        self._halted_until = max(self._halted_until, self._monotonic() + seconds)


def _windows(chat: int | str) -> tuple[Window, ...]:
    """Groups have negative ids or a name; only they have a limit by the minute."""
    private = isinstance(chat, int) and chat > 0
    return (Window(1, SECOND),) if private else (Window(1, SECOND), Window(GROUP, MINUTE))
