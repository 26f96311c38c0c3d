"""A running stand-in, a raw client for it, a hand-set clock, and one Chromium for all."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from demo.telegram import Person, World, serve
from demo.telegram.bots import Bot
from tests.auxil.clock import Clock
from tests.demo.chromium import chromium
from tests.demo.page_server import Page, page
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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests that need it, and so one event loop."""
    async with chromium() as launched:
        yield launched


@pytest_asyncio.fixture(loop_scope="session")
async def tabs(browser: Browser) -> AsyncIterator[Browser]:
    """The same; its tabs are closed at the end of the test."""
    yield browser
    for context in browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def served(tabs: Browser) -> AsyncIterator[Page]:
    """A page with a bot behind it that answers taps; nobody has heard anything yet."""
    async with page() as shown, shown.answering():
        yield shown
