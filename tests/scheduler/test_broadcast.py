"""What has gone wrong in others' broadcasts does not go wrong here.

one attempt, then it raises · RetryAfter uncaught      every letter ends in a state, whatever Telegram says
a halt released early · one flood freezes everyone     all wait as long as told, and no longer
`gather` over all recipients                           a few are on their way at any time
a timed-out send is resent blindly                     only a reminder, once
a send loop that never ends                            a round ends
a list in memory                                       another process goes on where one was killed
"sent" set after the whole batch                       a crash leaves in doubt what was on its way, no more
a sent message cannot be corrected                     each of its parts is known by its message id
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

import handlers.letters
from benchmarks.pace import Attempt, allowed
from bot.application import assemble
from bot.assistant import Assistant
from bot.limiter import Limiter
from bot.settings import load_settings
from bot.transport import NeverLeft, NotTaken
from handlers.speech import Message
from models.ballot.rows import Vote
from models.base import Database
from models.invariants import broken_promises
from models.member import Account
from models.outbox import Letter
from scheduler.courier import AT_ONCE
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import Call, FakeTelegram
from tests.auxil.party import TOKEN, found_office
from tests.auxil.telegram_json import blocked, flood
from tests.auxil.voting import enter_vote

RATE = 25
FIRST = 1000  # the readers' accounts count from here


class Killed(BaseException):
    """The process has ended."""


class Storm(FakeTelegram):
    """Telegram on a bad day: of the messages sent, a share meets one fault or another."""

    def __init__(self, clock: Clock, share: float, kinds: str = "5tlnfb", seed: int = 7) -> None:
        super().__init__()
        self.kinds = kinds
        self.clock, self.share, self.chance = clock, share, Random(seed)  # noqa: S311 - a scenario
        self.attempts: list[Attempt] = []
        self.fates: dict[int, str] = {}  # what the latest message to a chat meets
        self.undecided: set[int] = set()  # chats whose message arrived, and nobody was told
        self.going = self.most_going = 0
        self.takes = 0.0  # seconds an answer takes

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: Any, **_more: Any
    ) -> tuple[int, bytes]:
        if url.endswith("sendMessage") and request_data is not None:
            self._arrives(int(request_data.parameters["chat_id"]))
        self.going += 1
        self.most_going = max(self.most_going, self.going)
        try:
            if self.takes:
                await self.clock.sleep(self.takes)
            return await super().do_request(url, method, request_data)
        finally:
            self.going -= 1

    def _arrives(self, chat: int) -> None:
        tried = len([one for one in self.attempts if one.chat == chat and one.pause])
        kind = self.fates[chat] = self.chance.choice(self.kinds) if self.chance.random() < self.share else ""
        pauses = {"5": (5.0 * 3**tried + self.takes, 0.0), "f": (0.0, 2.0 + self.takes)}
        self.attempts.append(Attempt(self.clock.monotonic(), chat, *pauses.get(kind, (0.0, 0.0))))

    def _respond(self, call: Call) -> tuple[int, dict[str, Any]]:
        if call.method != "sendMessage":
            return super()._respond(call)
        chat = int(call.params["chat_id"])
        return self._meet(self.fates[chat], call, chat)

    def _meet(self, kind: str, call: Call, chat: int) -> tuple[int, dict[str, Any]]:
        match kind:
            case "5":
                raise NotTaken("HTTP 502")
            case "n":
                raise NeverLeft("ClientConnectorError")
            case "f":
                return flood(2)
            case "b":
                return blocked()
            case "l":  # lost before the effect
                raise NetworkError("ServerDisconnectedError")
            case "t":
                self._perform(call)
                self.undecided.add(chat)
                raise TimedOut
            case _:
                return super()._respond(call)


@pytest.fixture
async def office(sqlite_database: Database, clock: Clock) -> AsyncIterator[Database]:
    await found_office(sqlite_database, clock.now)
    yield sqlite_database
    async with sqlite_database.read() as session:
        assert await broken_promises(session) == []


def at_work(database: Database, storm: Storm) -> Assistant:
    settings = load_settings({"BOT_TOKEN": TOKEN, "BOT_DATABASE_URL": "sqlite:///unused.db"}, needs_token=True)
    clock = storm.clock
    limiter = Limiter(RATE, monotonic=clock.monotonic, sleep=clock.sleep)
    return assemble(settings, database, request=storm, clock=clock, sleep=clock.sleep, limiter=limiter)


async def post_to(database: Database, clock: Clock, readers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter to each: every other one a reminder."""

    async def short(turn: handlers.letters.Turn) -> Message:
        return Message(f"Brief {turn.letter.id}")

    for kind in ("reminder", "note"):
        monkeypatch.setitem(handlers.letters.WORDINGS, kind, short)
    accounts = [{"telegram_id": FIRST + one, "first_seen": clock.now, "reachable": True, "wrong_codes": 0}
                for one in range(readers)]  # fmt: skip
    letters = [
        {"key": f"k{one}", "kind": ("reminder", "note")[one % 2], "telegram_id": FIRST + one, "about": {},
         "posted_at": clock.now, "not_before": clock.now, "silent": False, "state": "waiting"}
        for one in range(readers)
    ]  # fmt: skip
    async with database.begin() as session:
        await session.execute(insert(Account), accounts)
        await session.execute(insert(Letter), letters)


async def until_all_is_settled(assistant: Assistant, clock: Clock) -> None:
    """The courier's own loop, on the virtual clock."""

    async def loop() -> None:
        while True:
            await assistant.courier.deliver()
            pause = await assistant.courier.pause()
            if pause is None:
                return
            await clock.sleep(pause)

    await ended(asyncio.create_task(loop()), clock)


async def ended(task: asyncio.Task[Any], clock: Clock) -> None:
    """Let time pass, from alarm to alarm, until the task has ended."""
    while not task.done():
        await nothing_moves()
        if clock._sleepers and not task.done():
            clock._move_to(clock._sleepers[0][0])
    if not isinstance(task.exception(), Killed):
        task.result()


async def pass_time(clock: Clock, seconds: float) -> None:
    await ended(asyncio.create_task(clock.sleep(seconds)), clock)
    await nothing_moves()


async def nothing_moves() -> None:
    """Let every task run until all of them sleep. The store works in this thread: nothing else wakes them."""
    ready: Any = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # the loop's own queue
    quiet = 0
    while quiet < 3:
        await asyncio.sleep(0)
        quiet = 0 if ready else quiet + 1


async def all_letters(database: Database) -> list[Letter]:
    async with database.read() as session:
        return list(await session.scalars(select(Letter).order_by(Letter.id)))


@pytest.mark.parametrize("takes", [0.0, 0.06])  # seconds, as Telegram may answer
async def test_a_storm_loses_nothing_doubles_only_the_undecidable_and_costs_no_time(
    office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch, takes: float
) -> None:
    """250 letters, every fifth attempt meets a fault."""
    storm = Storm(clock, share=0.2, kinds="5tlfb")
    storm.takes = takes
    assistant = at_work(office, storm)
    await post_to(office, clock, 250, monkeypatch)
    await until_all_is_settled(assistant, clock)
    nothing_lost(storm, await all_letters(office))
    ideal = allowed(storm.attempts, RATE)
    took = storm.attempts[-1].at - storm.attempts[0].at
    assert took <= ideal * 1.02


def nothing_lost(storm: Storm, letters: list[Letter]) -> None:
    arrived = {chat: len(messages) for chat, messages in storm.chats.items()}
    tries = Counter(one.chat for one in storm.attempts)
    for one in letters:
        copies, undecided = arrived.get(one.telegram_id, 0), one.telegram_id in storm.undecided
        match one.state:
            case "sent":
                assert copies == 1 or (copies == 2 and undecided and one.kind == "reminder")
            case "uncertain":
                assert one.doubts == (2 if one.kind == "reminder" else 1)
                assert copies <= one.doubts
            case "failed":
                assert one.error == "Forbidden" or (one.error == "NotTakenError" and tries[one.telegram_id] >= 4)
            case _:
                raise AssertionError(one.state)
        assert copies <= 1 or undecided


# --- each line of the list


async def test_a_halt_is_kept_by_everybody_in_full_and_not_a_second_longer(
    office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = Storm(clock, share=0.0)
    storm.takes = 0.1
    storm.fail("sendMessage", flood(20), chat_id=FIRST + 30)
    assistant = at_work(office, storm)
    await post_to(office, clock, 100, monkeypatch)
    await until_all_is_settled(assistant, clock)
    refused = next(number for number, one in enumerate(storm.attempts) if one.chat == FIRST + 30)
    told = storm.attempts[refused].at
    after = [one.at - told for one in storm.attempts[refused + 1 :] if one.at > told + 0.3]
    assert after[0] == pytest.approx(20, abs=0.3)
    assert {one.state for one in await all_letters(office)} == {"sent"}
    assert storm.attempts[-1].at == pytest.approx(20 + 100 / RATE, abs=1.2)


async def test_a_few_are_on_their_way_at_any_time(
    office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = Storm(clock, share=0.0)
    storm.takes = 1.0
    assistant = at_work(office, storm)
    await post_to(office, clock, 60, monkeypatch)
    await until_all_is_settled(assistant, clock)
    assert storm.most_going == AT_ONCE


async def test_one_slow_answer_holds_up_nobody(office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    storm = Storm(clock, share=0.0)

    async def first_is_slow(*args: Any, **more: Any) -> tuple[int, bytes]:
        if not storm.attempts:
            storm.attempts.append(Attempt(0.0, 0))
            await clock.sleep(60)
        return await Storm.do_request(storm, *args, **more)

    monkeypatch.setattr(storm, "do_request", first_is_slow)
    assistant = at_work(office, storm)
    await post_to(office, clock, 100, monkeypatch)
    task = asyncio.create_task(assistant.courier.deliver())
    await pass_time(clock, 6)
    states = Counter(one.state for one in await all_letters(office))
    assert states == {"sent": 99, "claimed": 1}
    await pass_time(clock, 60)
    assert await task == 100


async def test_a_round_ends_though_nothing_gets_through(
    office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = Storm(clock, share=1.0)
    assistant = at_work(office, storm)
    await post_to(office, clock, 40, monkeypatch)
    await until_all_is_settled(assistant, clock)
    nothing_lost(storm, await all_letters(office))


async def test_a_crash_in_the_middle_leaves_in_doubt_what_was_on_its_way_and_repeats_nothing(
    office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = Storm(clock, share=0.0)
    assistant = at_work(office, storm)
    await post_to(office, clock, 200, monkeypatch)
    send, count = assistant.sending.send, 0

    async def killed(*args: Any) -> int:
        nonlocal count
        count += 1
        if count > 100:
            raise Killed
        message_id = await send(*args)
        if count >= 100:
            raise Killed
        return message_id

    monkeypatch.setattr(assistant.courier, "_send", killed)
    task = asyncio.create_task(assistant.courier.deliver())
    await ended(task, clock)
    assert isinstance(task.exception(), Killed)
    another = at_work(office, storm)
    await another.courier.release()
    await until_all_is_settled(another, clock)
    copies = Counter(len(storm.chats[FIRST + one]) for one in range(200))
    letters = await all_letters(office)
    unsure = [one for one in letters if one.state == "uncertain"]
    assert len(unsure) <= AT_ONCE
    assert {one.kind for one in unsure} == {"note"}
    assert {one.state for one in letters} == {"sent", "uncertain"}
    assert copies[2] <= AT_ONCE
    assert copies[0] + copies[1] + copies[2] == 200
    assert all(len(storm.chats[one.telegram_id]) for one in letters if one.state == "sent")


async def test_what_was_sent_can_be_found_again_and_corrected(
    office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = Storm(clock, share=0.0)
    assistant = at_work(office, storm)
    await post_to(office, clock, 3, monkeypatch)
    await until_all_is_settled(assistant, clock)
    for one in await all_letters(office):
        assert one.parts == [one.message_id]
        assert storm.chats[one.telegram_id][one.message_id]["text"] == one.text
        await assistant.application.bot.edit_message_text(
            "Berichtigt", chat_id=one.telegram_id, message_id=one.message_id
        )
    assert [storm.texts(FIRST + one) for one in range(3)] == [["Berichtigt"]] * 3


async def test_a_vote_is_closed_while_a_long_delivery_is_under_way(
    office: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tick plans; it does not wait for letters."""
    storm = Storm(clock, share=0.0)
    assistant = at_work(office, storm)
    number = await enter_vote(office, clock.now, closes=clock.now + timedelta(minutes=1))
    await post_to(office, clock, 10_000 // RATE, monkeypatch)
    storm.takes = 30.0
    delivery = asyncio.create_task(assistant.courier.deliver())
    await nothing_moves()
    clock.jump(clock.now + timedelta(minutes=1))
    await assistant._safe_tick()
    async with office.read() as session:
        assert (await session.get_one(Vote, number)).closed_at == clock.now
    assert not delivery.done()
    delivery.cancel()
    await asyncio.gather(delivery, return_exceptions=True)
    await nothing_moves()
    async with office.begin() as session:
        await session.execute(update(Letter).values(state="void", lease_until=None, message_id=None, sent_at=None))
