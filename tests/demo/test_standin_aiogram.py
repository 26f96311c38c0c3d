"""A foreign client, unchanged: aiogram."""

import asyncio
from importlib import import_module
from types import ModuleType

import pytest
from aiohttp import web

from demo.telegram import Fault, Person, World
from demo.telegram.server import running
from tests.demo.walk import judge_all, walk

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),  # the foreign client's own
    pytest.mark.xdist_group("aiogram"),
]


@pytest.fixture
def aiogram() -> ModuleType:
    """Loaded when it is needed, by one worker: making its models takes seconds."""
    return import_module("tests.demo.aiogram_bot")


async def test_aiogram_walks_through(aiogram: ModuleType, address: str, anna: Person, world: World) -> None:
    async with aiogram.client(address) as client:
        dispatcher = aiogram.dispatcher()
        polling = asyncio.ensure_future(dispatcher.start_polling(client, handle_signals=False, close_bot_session=False))
        await walk(anna, world)
        await dispatcher.stop_polling()
        await polling
    judge_all(world, "getUpdates")


async def test_aiogram_walks_through_by_webhook(aiogram: ModuleType, address: str, anna: Person, world: World) -> None:
    async with aiogram.client(address) as client:
        dispatcher = aiogram.dispatcher()
        app = web.Application()
        aiogram.SimpleRequestHandler(dispatcher, client, secret_token="s3cret").register(app, "/hook")
        async with running(app, "127.0.0.1", 0) as hook:
            assert (await client.get_me()).id == 42
            await client.set_webhook(
                f"{hook}/hook", secret_token="s3cret", allowed_updates=dispatcher.resolve_used_update_types()
            )
            await walk(anna, world)
            await client.delete_webhook()
    judge_all(world, "setWebhook")


async def test_aiogram_sees_its_own_errors(aiogram: ModuleType, address: str, anna: Person, world: World) -> None:
    async with aiogram.client(address) as client:
        world.faults.add(Fault("retry_after", seconds=3))
        with pytest.raises(aiogram.TelegramRetryAfter) as caught:
            await client.send_message(1, "x")
        assert caught.value.retry_after == 3
        anna.block()
        with pytest.raises(aiogram.TelegramForbiddenError, match="blocked"):
            await client.send_message(1, "x")
