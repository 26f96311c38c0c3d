import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest, RetryAfter

from bot.limiter import LETTER, PATIENCE, Answer, Limiter
from tests.auxil.clock import Clock, settle


class Line:
    """What went out, and when; faults by the number of the call."""

    def __init__(self, rate: int = 25) -> None:
        self.clock = Clock()
        self.limiter = Limiter(rate, monotonic=self.clock.monotonic, sleep=self.clock.sleep)
        self.sent: list[tuple[float, int | str | None, str | None]] = []
        self.faults: list[Exception | None] = []

    async def send(self, chat: int | str | None, kind: str | None = None, endpoint: str = "sendMessage") -> Answer:
        async def callback() -> Answer:
            await asyncio.sleep(0)  # on its way
            fault = self.faults.pop(0) if self.faults else None
            if fault:
                raise fault
            self.sent.append((self.clock.monotonic(), chat, kind))
            return True

        data: dict[str, Any] = {} if chat is None else {"chat_id": chat}
        return await self.limiter.process_request(callback, (), {}, endpoint, data, kind)

    def start(
        self, chat: int | str | None, kind: str | None = None, endpoint: str = "sendMessage"
    ) -> asyncio.Task[Any]:
        return asyncio.create_task(self.send(chat, kind, endpoint))

    def moments(self, kind: str | None) -> list[float]:
        return [moment for moment, _, each in self.sent if each == kind]


def busiest(moments: list[float], span: float) -> int:
    """The most in any window of ``span`` seconds."""
    return max((sum(start <= each < start + span for each in moments) for start in moments), default=0)


async def test_letters_keep_the_rate_in_every_second_and_use_it_up() -> None:
    line = Line(rate=25)
    tasks = [line.start(chat, LETTER) for chat in range(1, 101)]
    await line.clock.play(3.0)
    assert busiest(line.moments(LETTER), 1.0) == 25
    assert len(line.sent) == 100
    await asyncio.gather(*tasks)


async def test_one_letter_a_second_in_one_chat_does_not_hold_up_the_others() -> None:
    line = Line()
    tasks = [line.start(7, LETTER) for _ in range(3)] + [line.start(8, LETTER)]
    await settle()
    assert [(moment, chat) for moment, chat, _ in line.sent] == [(0.0, 7), (0.0, 8)]
    await line.clock.play(2.0)
    assert [moment for moment, chat, _ in line.sent if chat == 7] == [0.0, 1.0, 2.0]
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("group", [-100123, "@rak_stendal"])
async def test_twenty_letters_a_minute_in_one_group(group: int | str) -> None:
    line = Line()
    tasks = [line.start(group, LETTER) for _ in range(25)]
    await line.clock.play(59.0)
    assert len(line.sent) == 20
    await line.clock.play(10.0)
    assert len(line.sent) == 25
    await asyncio.gather(*tasks)


async def test_direct_answers_never_wait_for_letters() -> None:
    line = Line()
    letters = [line.start(chat, LETTER) for chat in range(1, 200)]
    await settle()
    answers = [line.start(chat) for chat in range(1000, 1040)]
    await settle()
    assert line.moments(None) == [0.0] * 40
    await line.clock.play(20.0)
    await asyncio.gather(*letters, *answers)


async def test_letters_give_way_to_direct_answers() -> None:
    line = Line(rate=25)
    answers = [line.start(chat) for chat in range(1000, 1028)]
    await settle()
    letters = [line.start(chat, LETTER) for chat in range(1, 26)]
    await settle()
    assert len(line.moments(LETTER)) == 2  # 28 answers and 2 letters are 30
    await line.clock.play(1.0)
    assert len(line.moments(LETTER)) == 25
    await asyncio.gather(*answers, *letters)


async def test_a_letter_waits_its_second_after_a_direct_answer_in_the_chat() -> None:
    line = Line()
    await line.send(7)
    letter = line.start(7, LETTER)
    await line.clock.play(0.99)
    assert line.moments(LETTER) == []
    await line.clock.play(0.01)
    assert line.moments(LETTER) == [1.0]
    await letter


async def test_a_halt_halts_everything_whatever_finishes_meanwhile() -> None:
    line = Line()
    gate = asyncio.Event()

    async def slow() -> Answer:
        await gate.wait()
        return True

    under_way = asyncio.create_task(line.limiter.process_request(slow, (), {}, "sendMessage", {"chat_id": 1}, None))
    await settle()
    line.faults = [RetryAfter(2)]
    first = line.start(2)
    await settle()
    others = [line.start(3), line.start(4), line.start(None, None, "setMyCommands")]
    others.append(line.start(5, None, "answerCallbackQuery"))
    letter = line.start(6, LETTER)
    gate.set()  # a request that was under way finishes in the middle of the halt
    await line.clock.play(1.9)
    assert under_way.done()
    assert line.sent == []
    assert isinstance(letter.exception(), RetryAfter)  # back to the courier, whose lease goes on
    assert line.limiter.halted_for() == pytest.approx(0.1)
    await line.clock.play(0.2)
    assert {chat for _, chat, _ in line.sent} == {2, 3, 4, 5, None}
    assert line.limiter.halted_for() == 0
    await asyncio.gather(first, *others)


async def test_a_letter_that_waits_for_its_pace_does_not_sit_out_a_halt_that_begins_meanwhile() -> None:
    line = Line(rate=1)
    line.faults = [None, None, RetryAfter(600)]
    letters = [line.start(chat, LETTER) for chat in (1, 2)]
    await settle()
    answers = [line.start(chat) for chat in (3, 4)]
    await line.clock.play(2.0)
    assert [chat for _, chat, _ in line.sent] == [1, 3]
    fault = letters[1].exception()
    assert isinstance(fault, RetryAfter)
    assert fault.retry_after == timedelta(seconds=599)  # what is left of it when the letter would have gone
    await line.clock.play(600.0)
    await asyncio.gather(letters[0], *answers)


async def test_a_letter_that_answers_keep_waiting_goes_back_before_its_lease_is_over() -> None:
    line = Line()
    letter: asyncio.Task[Any] | None = None
    gone_back: BaseException | None = None
    answers: list[asyncio.Task[Any]] = []
    for _ in range(int(PATIENCE / 0.9) + 1):
        answers += [line.start(chat) for chat in range(1000, 1030)]
        await settle()
        letter = letter or line.start(1, LETTER)
        await line.clock.play(0.9)
        gone_back = letter.exception() if letter.done() else None
    assert isinstance(gone_back, RetryAfter)
    assert line.limiter.halted_for() == 0
    assert line.moments(LETTER) == []
    await asyncio.gather(*answers)


async def test_a_longer_halt_prolongs_a_shorter_one_and_never_the_other_way_round() -> None:
    line = Line()
    line.faults = [RetryAfter(10), RetryAfter(2)]
    tasks = [line.start(1), line.start(2)]
    await line.clock.play(9.9)
    assert line.sent == []
    await line.clock.play(0.2)
    assert len(line.sent) == 2
    await asyncio.gather(*tasks)


async def test_a_letter_hands_the_refusal_to_the_courier_at_once() -> None:
    line = Line()
    line.faults = [RetryAfter(5)]
    letter = line.start(1, LETTER)
    await settle()
    assert isinstance(letter.exception(), RetryAfter)
    assert line.limiter.halted_for() == 5


async def test_a_direct_answer_gives_up_after_three_more_tries() -> None:
    line = Line()
    line.faults = [RetryAfter(1)] * 4
    task = line.start(1)
    await line.clock.play(10.0)
    with pytest.raises(RetryAfter):
        await task
    assert line.faults == []


async def test_other_errors_pass_through_untouched() -> None:
    line = Line()
    line.faults = [BadRequest("chat not found")]
    with pytest.raises(BadRequest):
        await line.send(1)
    assert line.limiter.halted_for() == 0


async def test_toasts_do_not_count() -> None:
    line = Line()
    for _ in range(40):
        await line.send(1, None, "answerCallbackQuery")
    letter = line.start(1, LETTER)
    await settle()
    assert line.moments(LETTER) == [0.0]
    await letter


async def test_idle_chats_are_forgotten() -> None:
    line = Line()
    for chat in range(1, 500):
        await line.send(chat)
    await line.clock.play(120.0)
    await line.send(1)
    assert len(line.limiter._chats) == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.booleans(), st.sampled_from([0.0, 0.1, 0.7])), max_size=40))
async def test_whatever_comes_the_limits_hold(plan: list[tuple[int, bool, float]]) -> None:
    line = Line(rate=3)
    tasks = []
    for chat, is_letter, pause in plan:
        tasks.append(line.start(chat, LETTER if is_letter else None))
        await line.clock.play(pause)
    await line.clock.play(60.0)
    assert len(line.sent) == len(plan)
    assert busiest(line.moments(LETTER), 0.999) <= 3
    for chat in range(1, 5):
        mine = [moment for moment, each, kind in line.sent if each == chat and kind == LETTER]
        assert all(later - earlier > 0.999 for earlier, later in pairwise(mine))
    await asyncio.gather(*tasks)
