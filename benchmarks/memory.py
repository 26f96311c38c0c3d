"""Memory of a real ``bot run`` over many updates: votes, RSVPs, questions and what nobody understands.

``python -m benchmarks.memory [UPDATES]`` (100,000). The stand-in runs in this process and forgets as it goes; the bot
runs in one of its own, and only that is measured.
"""

import asyncio
import sys

from benchmarks.load import Hall, hall
from benchmarks.parts import PATIENCE

UPDATES, TENTHS, AT_ONCE = 100_000, 10, 500
QUIET = 0.3  # seconds without a request: all answers are there
WARM = 2  # tenths before the growth is counted
KINDS = 4


def strange(one: Hall, number: int) -> None:
    """What is no business of ours, or forged: a command nobody knows, a long text, odd signs, an old button."""
    turn, who = divmod(number, len(one.people))
    person, card = one.people[who], one.cards[who]
    match turn % KINDS:
        case 0:
            person.send(f"/gibtesnicht{number}")
        case 1:
            person.send("x\u202e\u0300" * 300 + str(number))
        case 2:
            person.press(card, f"v:{number}:{number}:yes")
        case _:
            person.press(card, f"zzz:{number}")


def give(one: Hall, number: int) -> None:
    """By turns, each of its own kind."""
    turn, kind = divmod(number, KINDS)
    if kind == KINDS - 1:
        strange(one, turn)
    else:
        (one.vote, one.answer, one.ask)[kind](turn)


def forget(one: Hall) -> None:
    """Empty the stand-in: its journal, and of every chat all but what is still tapped."""
    world, kept = one.world, {id(each) for each in (*one.cards, *one.invitations)}
    world.journal.clear()
    for person in world.people.values():
        room = person.room()
        room.messages = {number: each for number, each in room.messages.items() if id(each) in kept}
        for each in room.messages.values():
            each.versions.clear()
    members = {each.id for each in one.people}
    for number in [each for each in world.people if each not in members]:
        del world.people[number]


async def worked_off(one: Hall) -> None:
    """The bot has fetched everything and has been silent for a moment."""
    bot, seen = one.world.first_bot, -1
    await one.world.until(lambda: not bot.updates, within=PATIENCE)
    while seen != len(one.world.journal.requests()):
        seen = len(one.world.journal.requests())
        await asyncio.sleep(QUIET)


async def main(updates: int = UPDATES) -> None:
    """Print the memory after each tenth, and the growth after the first two."""
    every, sizes = updates // TENTHS, list[float]()
    async with hall() as one:
        sizes.append(_shown(one, "at the beginning"))
        for begin in range(0, updates, AT_ONCE):
            for number in range(begin, min(begin + AT_ONCE, updates)):
                give(one, number)
            await worked_off(one)
            forget(one)
            if (begin + AT_ONCE) % every == 0:
                sizes.append(_shown(one, f"after {begin + AT_ONCE} updates"))
    grown, warm = sizes[-1] - sizes[WARM], every * WARM
    print(f"{f'growth from {warm} to {updates}':<44}{grown:>8.1f} MB  ×{sizes[-1] / sizes[WARM]:.3f}")


def _shown(one: Hall, when: str) -> float:
    resident, own = one.megabytes()
    print(f"{when:<44}{own:>8.1f} MB of its own{resident:>8.1f} MB resident", flush=True)
    return own


if __name__ == "__main__":
    asyncio.run(main(*(int(one) for one in sys.argv[1:])))
