"""``invite``: a name that stands on no list yet is said to be new, for it may be a slip of the pen."""

from collections.abc import AsyncIterator

import pytest

from bot.__main__ import parser
from bot.inviting import invite_one
from bot.settings import Settings, load_settings
from demo.telegram import World, serve
from tests.auxil.party import TOKEN


@pytest.fixture
async def settings(sqlite_url: str) -> AsyncIterator[Settings]:
    world = World()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    async with serve(world) as api:
        given = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{api}/bot", "BOT_DATABASE_URL": sqlite_url}
        yield load_settings(given, needs_token=True)


async def test_who_is_new_on_the_lists_is_said_once_and_not_on_the_standard_output(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async def invited() -> tuple[list[str], str]:
        words = ["invite", "--role", "buero", "--name", "Berta  Büro"]
        assert await invite_one(settings, parser().parse_args(words)) == 0
        said = capsys.readouterr()
        return said.out.splitlines(), said.err

    (link, code, expires), told = await invited()
    assert link == f"https://t.me/reko_bot?start={code}"
    assert expires.endswith(" Uhr")
    assert "Neu auf den Listen: Berta Büro." in told

    (_, other, _), told = await invited()
    assert other != code
    assert "Neu" not in told
