"""How updates reach a bot: long polling, conflicts, webhooks, expiry."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from demo.telegram import Person, World
from demo.telegram.bots import Bot
from demo.telegram.server import running
from tests.auxil.clock import Clock
from tests.demo.raw_client import Api, Refused


async def waiting(world: World, bot: Bot) -> None:
    await world.until(lambda: bot.waiting is not None)


async def test_an_update_stays_until_it_is_confirmed(api: Api, anna: Person) -> None:
    anna.send("eins")
    anna.send("zwei")
    first = await api.updates()
    assert [one["message"]["text"] for one in first] == ["eins", "zwei"]
    assert await api.updates() == first
    assert await api.updates(limit=1) == first[:1]
    assert await api.updates(offset=first[0]["update_id"] + 1) == first[1:]
    assert await api.updates(offset=first[1]["update_id"] + 1) == []
    assert await api.updates() == []


async def test_a_negative_offset_keeps_the_newest(api: Api, anna: Person) -> None:
    for number in range(3):
        anna.send(str(number))
    assert [one["message"]["text"] for one in await api.updates(offset=-1)] == ["2"]
    assert len(await api.updates()) == 1


async def test_a_long_poll_ends_with_the_update(api: Api, anna: Person, bot: Bot, world: World) -> None:
    poll = asyncio.ensure_future(api.updates(timeout=30))
    await waiting(world, bot)
    anna.send("jetzt")
    assert [one["message"]["text"] for one in await poll] == ["jetzt"]


async def test_a_second_poll_ends_the_first(api: Api, anna: Person, bot: Bot, world: World) -> None:
    first = asyncio.ensure_future(api.updates(timeout=30))
    await waiting(world, bot)
    second = asyncio.ensure_future(api.updates(timeout=30))
    with pytest.raises(Refused) as caught:
        await first
    assert caught.value.body["error_code"] == 409
    assert caught.value.body["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    anna.send("für den zweiten")
    assert len(await second) == 1


async def test_kinds_wanted_are_remembered(api: Api, anna: Person) -> None:
    await api.updates(allowed_updates=["callback_query"])
    anna.send("nicht gewollt")
    assert await api.updates() == []
    assert (await api("getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    await api.updates(allowed_updates=[])
    anna.send("gewollt")
    assert len(await api.updates()) == 1


async def test_updates_are_kept_for_a_day(api: Api, anna: Person, clock: Clock) -> None:
    anna.send("alt")
    clock.advance(timedelta(hours=25))
    anna.send("neu")
    assert [one["message"]["text"] for one in await api.updates()] == ["neu"]


async def test_after_a_quiet_week_ids_begin_anew_and_nothing_is_lost(api: Api, anna: Person, clock: Clock) -> None:
    anna.send("vorher")
    [before] = await api.updates()
    await api.updates(offset=before["update_id"] + 1)
    clock.advance(timedelta(days=8))
    anna.send("nachher")
    [after] = await api.updates(offset=before["update_id"] + 1)
    assert after["message"]["text"] == "nachher"
    assert after["update_id"] != before["update_id"] + 1


async def test_a_redelivered_update_keeps_its_id(api: Api, anna: Person, bot: Bot) -> None:
    anna.send("x")
    [update] = await api.updates()
    await api.updates(offset=update["update_id"] + 1)
    bot.redeliver(update)
    assert await api.updates() == [update]


async def test_a_webhook_gets_updates_with_the_secret_until_it_says_yes(
    api: Api, anna: Person, bot: Bot, world: World
) -> None:
    calls: list[tuple[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        calls.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], update["message"]["text"]))
        world.wake()
        return web.Response(status=503 if len(calls) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    async with running(app, "127.0.0.1", 0) as hook:
        await api("setWebhook", url=f"{hook}/hook", secret_token="s3cret")
        anna.send("eins")
        anna.send("zwei")
        await world.until(lambda: len(calls) == 3)
        assert calls == [("s3cret", "eins"), ("s3cret", "eins"), ("s3cret", "zwei")]
        complaint = await api.refusal("getUpdates")
        assert complaint.startswith("Conflict: can't use getUpdates method while webhook is active")
        info = await api("getWebhookInfo")
        assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
        assert await api("deleteWebhook")
    assert await api.updates() == []


async def test_a_bad_webhook(api: Api) -> None:
    assert (await api.refusal("setWebhook", url="ftp://x")).startswith("Bad Request: bad webhook")
    complaint = await api.refusal("setWebhook", url="https://example.org", secret_token="ä")
    assert complaint == "Bad Request: secret token contains unallowed characters"
