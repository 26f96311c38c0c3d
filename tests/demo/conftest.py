"""A running stand-in, a raw client for it, and a hand-set clock."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from demo.telegram import Person, World, serve
from demo.telegram.bots import Bot
from tests.auxil.clock import Clock
from tests.demo.raw_client import TOKEN, Api


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock)


@pytest.fixture
def bot(world: World) -> Bot:
    return world.bot(TOKEN, name="ReKo-Assistent", username="reko_bot")


@pytest.fixture
def anna(world: World, bot: Bot) -> Person:
    """Someone who has opened the chat; what she said to do so is forgotten."""
    person = world.user(1, first_name="Anna", last_name="Müller", username="anna")
    person.room().opened = True
    return person


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    async with serve(world) as base:
        yield base


@pytest.fixture
async def api(address: str, bot: Bot) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, address)
