"""Updates brought to the bot: in order within a chat, at least once, with the secret header.

What the bot does not take is tried again, with growing pauses.
"""

import asyncio
import json
from collections.abc import AsyncIterator

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from demo.telegram.bots import Bot
from demo.telegram.entities import Json
from demo.telegram.keys import WORLD
from demo.telegram.world import Event, World

_TIMEOUT = ClientTimeout(total=60)
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
_GOOD = range(200, 300)


async def deliver(app: web.Application) -> AsyncIterator[None]:
    """Runs one courier for each bot that has a webhook, as long as the application runs."""
    world = app[WORLD]
    tasks: dict[int, asyncio.Task[None]] = {}
    async with ClientSession(timeout=_TIMEOUT) as session:

        def changed(event: Event) -> None:
            if event.kind != "webhook":
                return
            bot: Bot = event.details["bot"]
            if task := tasks.pop(bot.id, None):
                task.cancel()
            if bot.webhook.url:
                tasks[bot.id] = asyncio.create_task(_courier(world, bot, session))

        unwatch = world.watch(changed)
        yield
        unwatch()
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _courier(world: World, bot: Bot, session: ClientSession) -> None:
    """Hands out what waits: up to ``max_connections`` at once, but in each chat one after the other."""
    busy: set[int] = set()
    async with asyncio.TaskGroup() as deliveries:
        while True:
            bot.arrived.clear()
            bot.drop_expired()
            while len(busy) < bot.webhook.max_connections and (update := _next(bot, busy)):
                busy.add(_chat(update))
                deliveries.create_task(_bring(world, bot, session, update, busy))
            await bot.arrived.wait()


def _chat(update: Json) -> int:
    """The chat an update belongs to; the person, where it has none."""
    payload = next(value for name, value in update.items() if name != "update_id")
    place = payload.get("message", payload).get("chat") or payload.get("from") or {}
    return int(place.get("id", 0))


def _next(bot: Bot, busy: set[int]) -> Json | None:
    """The oldest update of a chat that is not busy."""
    return next((update for _, update in bot.updates if _chat(update) not in busy), None)


async def _bring(world: World, bot: Bot, session: ClientSession, update: Json, busy: set[int]) -> None:
    """Tries until it is taken or has expired."""
    tries = 0
    while any(waiting is update for _, waiting in bot.updates):
        complaint = await _post(bot, session, update)
        if not complaint:
            bot.drop(update)
            world.journal.brought.append(update)
            world.wake()
            break
        bot.webhook.last_error_date, bot.webhook.last_error_message = world.seconds(), complaint
        await asyncio.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
        tries += 1
    busy.discard(_chat(update))
    bot.arrived.set()


async def _post(bot: Bot, session: ClientSession, update: Json) -> str:
    """What went wrong, or nothing."""
    headers = {"Content-Type": "application/json"}
    if bot.webhook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = bot.webhook.secret
    try:
        async with session.post(bot.webhook.url, data=json.dumps(update), headers=headers) as response:
            if response.status in _GOOD:
                return ""
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except (ClientError, TimeoutError, OSError):
        return "Connection refused"
