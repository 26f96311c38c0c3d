"""Updates brought to the bot: in order, at least once, with the secret header, tried again with growing pauses."""

import asyncio
import json
from collections.abc import AsyncIterator

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from demo.telegram.bots import Bot
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
    tries = 0
    while True:
        bot.arrived.clear()
        bot.drop_expired()
        if not bot.updates:
            tries = 0
            await bot.arrived.wait()
            continue
        number, update = bot.updates[0]
        if complaint := await _post(bot, session, update):
            bot.webhook.last_error_date, bot.webhook.last_error_message = world.seconds(), complaint
            await asyncio.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
            tries += 1
        else:
            bot.confirm(number + 1)
            world.journal.brought.append(update)
            tries = 0


async def _post(bot: Bot, session: ClientSession, update: dict[str, object]) -> str:
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
