"""Votes, RSVPs, questions and all of them mixed, in updates a second beside bare bots; from tap to toast in a crowd.

``python -m benchmarks.load`` measures this alone. The stand-in runs in this process with its rate limits off, each bot
in one of its own. A tap counts once its toast *and* its card have arrived at the stand-in, a question once its answer
has; by then everything is committed durably.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles

import psutil

from benchmarks.office import call_a_meeting, found, take_in_the_sources
from benchmarks.parts import PATIENCE, TOKEN, choice, process
from demo.telegram import Message, Person, World, serve
from handlers.callbacks import Answer, CastTap

PEOPLE = 100
UPDATES = 1500
WARM_UP = 200
ROUNDS = 3
CROWDS = (10, 100, 1000)
LETTERS = 20  # a second, at least
QUESTIONS = (  # the sources answer each
    "Wofür steht der Förderbereich C?",
    "Was ist das Ziel von REGIO AKTIV?",
    "Welche Förderbereiche gibt es?",
    "Was wird gefördert?",
    "Wer kann gefördert werden?",
)

_PREFIXES = {CastTap.prefix, Answer.prefix}

Give = Callable[[int], None]


class Hall:
    """The bot at work, its members with their cards and invitations in hand."""

    def __init__(self, world: World, people: list[Person], process_id: int) -> None:
        self.world, self.people, self.process_id = world, people, process_id
        self.cards: list[Message] = []
        self.invitations: list[Message] = []
        self._asked = 0

    async def called(self) -> None:
        """Everybody has got what they are to answer."""
        patience = PATIENCE + 2 * len(self.people) / LETTERS
        await self.world.until(lambda: all(len(_calls(one)) == len(_PREFIXES) for one in self.people), patience)
        for person in self.people:
            calls = _calls(person)
            self.cards.append(calls[CastTap.prefix])
            self.invitations.append(calls[Answer.prefix])

    def vote(self, number: int) -> None:
        """Somebody changes their mind."""
        turn, who = divmod(number, len(self.people))
        self.people[who].press(self.cards[who], choice(self.cards[who], turn))

    def answer(self, number: int) -> None:
        """Somebody comes, or does not come after all."""
        turn, who = divmod(number, len(self.people))
        wanted = ("yes", "no")[turn % 2]
        data = next(one.data for one in self.invitations[who].buttons if one.data.endswith(f":{wanted}"))
        self.people[who].press(self.invitations[who], data)

    def ask(self, number: int) -> None:
        """Somebody new asks: one account is answered thirty times in ten minutes only."""
        self._asked += 1
        newcomer = self.world.user(100_000 + self._asked // 20, first_name="A", language_code="de")
        newcomer.send(QUESTIONS[number % len(QUESTIONS)])

    def mixed(self, number: int) -> None:
        """By turns."""
        (self.vote, self.answer, self.ask)[number % 3](number // 3)

    async def rate(self, give: Give, updates: int) -> float:
        """Updates a second until all are answered."""
        journal = self.world.journal
        journal.clear()
        asked = self._asked
        began = time.perf_counter()
        for number in range(updates):
            give(number)
        questions = self._asked - asked

        def answered() -> bool:
            toasts, cards = (len(journal.requests(one)) for one in ("answerCallbackQuery", "editMessageText"))
            return min(toasts, cards) >= updates - questions and len(journal.requests("sendMessage")) >= questions

        await self.world.until(answered, within=PATIENCE)
        return updates / (time.perf_counter() - began)

    def megabytes(self) -> tuple[float, float]:
        """Resident memory of the bot, and how much of it is its own: the rest is files the system may drop any time."""
        memory = psutil.Process(self.process_id).memory_info()
        return memory.rss / 1e6, (memory.rss - memory.shared) / 1e6


def _calls(person: Person) -> dict[str, Message]:
    """What somebody is to answer, by the kind of its buttons."""
    shown = ((one.buttons[0].data.partition(":")[0], one) for one in person.messages if one.buttons)
    return {prefix: one for prefix, one in shown if prefix in _PREFIXES}


@asynccontextmanager
async def hall(people: int = PEOPLE, database: str = "") -> AsyncIterator[Hall]:
    """An office with so many members, its sources, a vote and a meeting; ``database`` empty: a fresh SQLite file."""
    world = World()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    members = [world.user(number, first_name="M", language_code="de") for number in range(1, people + 1)]
    for person in members:
        person.room().opened = True
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{Path(folder) / 'load.db'}"
        await found(url, people)
        await take_in_the_sources(url)
        await call_a_meeting(url)
        async with serve(world, port=0) as api:
            env = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{api}/bot", "BOT_DATABASE_URL": url, "BOT_OUTBOX_RATE": "30"}
            async with process("bot", "run", env=env) as running:
                made = Hall(world, members, running.pid)
                await made.called()
                yield made


async def rates() -> dict[str, float]:
    """Updates a second of each kind, once."""
    async with hall() as one:
        kinds: dict[str, Give] = {"votes": one.vote, "RSVPs": one.answer, "questions": one.ask, "mixed": one.mixed}
        measured = {}
        for name, give in kinds.items():
            await one.rate(give, WARM_UP)
            measured[name] = await one.rate(give, UPDATES)
        return measured


async def waits(crowd: int) -> list[float]:
    """Milliseconds from tap to toast of a crowd that taps in the same moment."""
    async with hall(crowd) as one:
        found_waits: list[float] = []
        for turn in (1, 2, 3):
            taps = [
                _timed(person, card, choice(card, turn)) for person, card in zip(one.people, one.cards, strict=True)
            ]
            waited = await asyncio.gather(*taps)
            if turn > 1:  # the first is for warming up
                found_waits += waited
        return found_waits


async def _timed(person: Person, card: Message, data: str) -> float:
    began = time.perf_counter()
    await person.tap(card, data, PATIENCE)
    return (time.perf_counter() - began) * 1000


async def main(echo: Callable[[str], Awaitable[float]]) -> None:
    """Rates in rounds, beside the bare bots of the same round; then the crowds."""
    bare: dict[str, list[float]] = {"ptb": [], "aiogram": []}
    ours: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for kind, figures in bare.items():
            figures.append(await echo(kind))
        for kind, figure in (await rates()).items():
            ours.setdefault(kind, []).append(figure)
    slow, quick = median(bare["ptb"]), median(bare["aiogram"])
    print(f"bare PTB {slow:.0f}/s, bare aiogram {quick:.0f}/s")
    for kind, figures in ours.items():
        middle = median(figures)
        span = f"({min(figures):.0f}–{max(figures):.0f})"
        print(f"{kind:<44}{middle:>8.0f}/s  {span}  PTB ×{middle / slow:.2f}  aiogram ×{middle / quick:.2f}")
    for crowd in CROWDS:
        at = quantiles(await waits(crowd), n=100)
        name = f"{crowd} people tap at once, tap to toast"
        print(f"{name:<44}p50 {at[49]:.0f} ms  p95 {at[94]:.0f} ms  p99 {at[98]:.0f} ms")


if __name__ == "__main__":
    from benchmarks.bare import echo

    asyncio.run(main(echo))
