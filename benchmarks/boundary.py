"""The whole bot in this process, with a Telegram that only says yes: real updates in, and nothing of a network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from telegram.request import BaseRequest, RequestData

from benchmarks.parts import TOKEN
from bot.application import assemble
from bot.assistant import Assistant
from bot.limiter import Limiter
from bot.settings import load_settings
from handlers.callbacks import Tap
from models.base import Database

_BOT = {"id": 42, "is_bot": True, "first_name": "ReKo", "username": "reko_bot"}
_ABLE = ("can_join_groups", "supports_inline_queries", "can_connect_to_business", "has_main_web_app")
_MESSAGES = {"sendMessage", "editMessageText", "editMessageReplyMarkup", "editMessageCaption"}


class Agreeable(BaseRequest):
    """A Bot API that takes everything and keeps nothing but how much it was asked."""

    def __init__(self, clock: "Clock") -> None:
        self._clock, self._ids = clock, count(1_000_000)
        self.asked: dict[str, int] = {}

    @property
    def read_timeout(self) -> float:
        """Of no account here."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing is opened."""

    async def shutdown(self) -> None:
        """Nothing is closed."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - the interface's
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_more: Any,
    ) -> tuple[int, bytes]:
        """Telegram's answer when all is well."""
        name = url.rsplit("/", 1)[-1]
        self.asked[name] = self.asked.get(name, 0) + 1
        told = dict(request_data.parameters) if request_data else {}
        return 200, json.dumps({"ok": True, "result": self._result(name, told)}).encode()

    def _result(self, name: str, told: Mapping[str, Any]) -> Any:
        if name == "getMe":
            return _BOT | dict.fromkeys(_ABLE, False) | {"can_read_all_group_messages": False}
        if name in _MESSAGES or (name.startswith("send") and name != "sendChatAction"):
            number = told.get("message_id") or next(self._ids)
            return message(int(told["chat_id"]), number, self._clock.now) | {"text": told.get("text", "")}
        return True


def message(chat: int, number: int, at: datetime) -> dict[str, Any]:
    """A message of ours in somebody's private chat, without its text."""
    where = {"id": chat, "type": "private", "first_name": "M"}
    return {"message_id": number, "date": int(at.timestamp()), "chat": where, "from": _BOT}


@dataclass
class Clock:
    """The time, set by hand."""

    now: datetime

    def __call__(self) -> datetime:
        """The present instant."""
        return self.now

    def pass_by(self, gone: timedelta) -> None:
        """So much time goes by."""
        self.now += gone


class _Pace:
    """A monotonic time that passes only where somebody sleeps, so that no limit costs time."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.elapsed += seconds


@dataclass
class Bot:
    """The bot on a store, and short ways to let it hear something."""

    assistant: Assistant
    clock: Clock
    telegram: Agreeable
    _ids: Any = field(default_factory=lambda: count(2_000_000_000))

    async def hear(self, *updates: Mapping[str, Any]) -> None:
        """Let updates in and work them off."""
        await self.assistant.intake.take(updates)
        await self.assistant.intake.idle()
        await self.assistant.intake.settle()

    def write(self, who: int, text: str) -> dict[str, Any]:
        """The update of a text or a command."""
        one = message(who, next(self._ids), self.clock.now) | {"from": _person(who), "text": text}
        if text.startswith("/"):
            one["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return {"update_id": next(self._ids), "message": one}

    def tap(self, who: int, tap: Tap) -> dict[str, Any]:
        """The update of a tap."""
        number = next(self._ids)
        shown = message(who, number, self.clock.now) | {"text": "…"}
        query = {"id": str(number), "from": _person(who), "message": shown, "chat_instance": "1", "data": tap.pack()}
        return {"update_id": number, "callback_query": query}

    async def stop(self) -> None:
        """End it and close the store."""
        self.assistant.collector.leave()
        await self.assistant.intake.stop()
        await self.assistant.application.bot.shutdown()
        await self.assistant.database.close()


def _person(who: int) -> dict[str, Any]:
    return {"id": who, "is_bot": False, "first_name": "M", "language_code": "de"}


async def bot_on(database: Database, now: datetime) -> Bot:
    """The bot at work on a store, without ticks of its own."""
    clock = Clock(now)
    telegram, pace = Agreeable(clock), _Pace()
    settings = load_settings({"BOT_TOKEN": TOKEN, "BOT_BACKUP_FOLDER": "no-such-place"}, needs_token=True)
    limiter = Limiter(settings.outbox_rate, monotonic=pace.monotonic, sleep=pace.sleep)
    assistant = assemble(settings, database, request=telegram, clock=clock, sleep=pace.sleep, limiter=limiter)
    await assistant.application.initialize()
    return Bot(assistant, clock, telegram)
