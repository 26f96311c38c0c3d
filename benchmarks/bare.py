"""The bare echo bots that everything else is measured beside, and how a rate is taken."""

import time
from collections.abc import Callable

from benchmarks.echo import CARD, CARD_BUTTONS
from benchmarks.office import MEMBERS
from benchmarks.parts import PATIENCE, TOKEN, process
from demo.telegram import World, serve

UPDATES = 1500
WARM_UP = 200


class Count:
    """How many requests of some methods have come in since the last look."""

    def __init__(self, world: World, *methods: str) -> None:
        self._world, self._methods = world, methods

    def __call__(self) -> int:
        """The smallest count among the methods."""
        return min(len(self._world.journal.requests(method)) for method in self._methods)


async def rate(world: World, give: Callable[[int], None], count: Count, updates: int) -> float:
    """Updates a second: ``give`` lays each at the stand-in, and the bot has answered all of them."""
    world.journal.clear()
    began = time.perf_counter()
    for number in range(updates):
        give(number)
    await world.until(lambda: count() >= updates, within=PATIENCE)
    return updates / (time.perf_counter() - began)


async def echo(kind: str) -> float:
    """Updates a second of a bare echo bot."""
    world = World()
    world.bot(TOKEN, name="Echo", username="echo_bot")
    people = [world.user(number, first_name="E") for number in range(1, MEMBERS + 1)]
    async with serve(world, port=0) as url, process("benchmarks.echo", kind, url, TOKEN):
        await world.until(lambda: bool(world.journal.requests("getUpdates")), within=PATIENCE)
        count = Count(world, "sendMessage")

        def give(number: int) -> None:
            people[number % MEMBERS].send(f"Hallo {number}")

        await rate(world, give, count, WARM_UP)
        return await rate(world, give, count, UPDATES)


async def spoken_taps() -> float:
    """Taps a second of a bare aiogram bot that answers each with a toast and a changed card, and stores nothing."""
    world = World()
    world.bot(TOKEN, name="Taps", username="echo_bot")
    people = [world.user(number, first_name="T") for number in range(1, MEMBERS + 1)]
    for person in people:
        person.send("Karte")
    async with serve(world, port=0) as url, process("benchmarks.echo", "taps", url, TOKEN):
        cards = [await person.receive(CARD, within=PATIENCE) for person in people]
        count = Count(world, "answerCallbackQuery", "editMessageText")

        def give(number: int) -> None:
            people[number % MEMBERS].press(cards[number % MEMBERS], CARD_BUTTONS[number // MEMBERS % len(CARD_BUTTONS)])

        await rate(world, give, count, WARM_UP)
        return await rate(world, give, count, UPDATES)
