"""What Telegram is told of how updates come, and when."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.settings import Settings, load_settings
from bot.watch import KINDS
from bot.webhook import CONNECTIONS, announce
from models.base import Database
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import TOKEN

HOOK = "https://reko.example/hook"


class Line:
    """A bot on its line, and what Telegram says is set."""

    def __init__(self, telegram: FakeTelegram, database: Database) -> None:
        self.telegram, self.database = telegram, database
        self.set: dict[str, Any] = {"url": ""}
        self.bot: ExtBot[Any] = ExtBot(TOKEN, request=telegram, get_updates_request=telegram)
        telegram.answer("getWebhookInfo", lambda _call: self._info())
        telegram.answer("setWebhook", lambda call: self._take(call.params))
        telegram.answer("deleteWebhook", lambda _call: self._take({"url": ""}))

    def _info(self) -> dict[str, Any]:
        return {"has_custom_certificate": False, "pending_update_count": 0, **self.set}

    def _take(self, params: Any) -> bool:
        self.set = {key: value for key, value in params.items() if key in {"url", "max_connections", "allowed_updates"}}
        return True

    async def start(self, settings: Settings) -> None:
        await announce(self.bot, settings, self.database)

    @property
    def calls(self) -> list[str]:
        return [call.method for call in self.telegram.calls if call.method != "getWebhookInfo"]


def settings(url: str = HOOK, secret: str = "s3cret") -> Settings:  # noqa: S107 - invented
    env = {"BOT_TOKEN": TOKEN}
    if url:
        env |= {"BOT_WEBHOOK_URL": url, "BOT_WEBHOOK_SECRET": secret, "BOT_WEBHOOK_LISTEN": "127.0.0.1:8080"}
    return load_settings(env, needs_token=True)


@pytest.fixture
async def line(sqlite_database: Database, telegram: FakeTelegram) -> AsyncIterator[Line]:
    made = Line(telegram, sqlite_database)
    yield made
    await made.bot.shutdown()


async def test_telegram_is_told_once_and_nothing_that_waits_is_dropped(line: Line) -> None:
    await line.start(settings())
    assert line.calls == ["setWebhook"]
    [call] = line.telegram.sent("setWebhook")
    assert call.params["url"] == HOOK
    assert call.params["secret_token"] == "s3cret"
    assert call.params["max_connections"] == CONNECTIONS
    assert set(call.params["allowed_updates"]) == set(KINDS)
    assert call.params.get("drop_pending_updates") in {None, False}
    for _ in range(3):
        await line.start(settings())
    assert line.calls == ["setWebhook"]


@pytest.mark.parametrize(
    "other", [{"url": "https://other.example"}, {"max_connections": 1}, {"allowed_updates": ["message"]}]
)
async def test_whatever_differs_is_told_anew(line: Line, other: dict[str, Any]) -> None:
    await line.start(settings())
    line.set |= other
    await line.start(settings())
    assert line.calls == ["setWebhook"] * 2


async def test_another_secret_is_told_although_telegram_never_shows_it(line: Line) -> None:
    await line.start(settings())
    await line.start(settings(secret="another"))
    assert [call.params["secret_token"] for call in line.telegram.sent("setWebhook")] == ["s3cret", "another"]


async def test_without_an_address_updates_are_fetched_again(line: Line) -> None:
    await line.start(settings(url=""))
    assert line.calls == []
    await line.start(settings())
    await line.start(settings(url=""))
    assert line.calls == ["setWebhook", "deleteWebhook"]
    assert line.telegram.sent("deleteWebhook")[0].params.get("drop_pending_updates") in {None, False}
    await line.start(settings())
    assert line.calls[-1] == "setWebhook"
