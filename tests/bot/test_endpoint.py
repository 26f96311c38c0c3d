"""The webhook's endpoint, called as Telegram calls it (ASGI, no socket), on an inbox of its own."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot import endpoint
from bot.endpoint import LARGEST, SECRET_HEADER, Gathering
from bot.working import StoppedError
from models import inbox
from models.ballot.secret.rows import SecretBallot
from models.base import Database
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import VERA, Party, at_work
from tests.auxil.voting import enter_vote
from tests.bot.test_intake import Desk, said

SECRET = "right-Secret_1"
URL = "https://example.org/telegram/hook"
RIGHT = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}


class Door:
    """What Telegram sees of us."""

    def __init__(self, take: Any) -> None:
        self.told: list[int] = []
        app = endpoint.endpoint(URL, SECRET, Gathering(take).take, self.told.append)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://example.org")

    async def bring(self, update: Mapping[str, Any], **headers: str) -> int:
        body = json.dumps(update).encode()
        return await self.post(body, RIGHT | {name.replace("_", "-"): value for name, value in headers.items()})

    async def post(self, body: Any, headers: Mapping[str, str], path: str = "/telegram/hook") -> int:
        return (await self.client.post(path, content=body, headers=dict(headers))).status_code


@pytest.fixture
async def desk(database: Database, clock: Clock) -> AsyncIterator[Desk]:
    made = Desk(database, clock)
    yield made
    await made.intake.stop()


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    made = Door(desk.intake.take)
    yield made
    await made.client.aclose()


async def test_an_update_is_in_the_store_when_we_say_yes(desk: Desk, door: Door) -> None:
    desk.hands.held[7] = asyncio.Event()
    assert await door.bring(said(7)) == 200
    assert set(await desk.rows()) == {7}
    desk.hands.held[7].set()
    await desk.intake.idle()
    assert desk.hands.done == [7]
    assert door.told == [200]


@pytest.mark.parametrize("given", ["", "wrong", SECRET + "x", SECRET.upper(), "ä"])
async def test_without_the_secret_nothing_is_taken(desk: Desk, door: Door, given: str) -> None:
    headers = {**RIGHT, SECRET_HEADER: given} if given else {"Content-Type": "application/json"}
    encoded = {name: value.encode() for name, value in headers.items()}
    assert await door.post(json.dumps(said(1)), encoded) == 403  # type: ignore[arg-type]  # bytes do as well
    assert await desk.rows() == {}


def test_the_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    monkeypatch.setattr(endpoint.hmac, "compare_digest", lambda one, other: compared.append((one, other)) or False)

    async def take(_updates: Sequence[Mapping[str, Any]]) -> None:
        raise AssertionError

    assert asyncio.run(Door(take).bring(said(1))) == 403
    assert compared == [(SECRET.encode(), SECRET.encode())]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
async def test_json_is_taken_with_a_charset_and_without(desk: Desk, door: Door, content_type: str) -> None:
    assert await door.bring(said(1, text="Grüße 🗳"), Content_Type=content_type) == 200
    assert await door.post(b"x", RIGHT | {"Content-Type": "text/plain"}) == 415


async def test_only_posts_to_our_path_are_heard(door: Door) -> None:
    assert (await door.client.get("/telegram/hook", headers=RIGHT)).status_code == 405
    assert await door.post(b"{}", RIGHT, path="/") == 404


async def test_what_is_too_large_is_not_read_to_its_end(desk: Desk, door: Door) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b" " * 65536

    assert await door.post(endless(), RIGHT) == 413
    assert sent <= LARGEST // 65536 + 2
    assert await door.post(b"{}", RIGHT | {"Content-Length": str(LARGEST + 1)}) == 413
    assert await desk.rows() == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\xfd",
        b"[]",
        b"7",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 9223372036854775808}',
        b'{"update_id": 7, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
async def test_what_is_no_update_never_comes_again(
    desk: Desk, door: Door, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert await door.post(body, RIGHT) == 200
    assert await desk.rows() == {}
    assert "not an update" in caplog.text


@pytest.mark.parametrize("content", [None, 7, [], {"chat": 5}, {"chat": {"id": "x"}}, {"from": {"id": 2**70}}])
async def test_an_update_of_a_strange_form_is_stored_and_set_aside(desk: Desk, door: Door, content: Any) -> None:
    desk.hands.faults[7] = [ValueError("strange")] * 3
    assert await door.bring({"update_id": 7, "message": content}) == 200
    await desk.intake.idle()
    assert (await desk.rows())[7].state == "set_aside"


async def test_what_comes_twice_is_done_once_and_chats_keep_their_order(desk: Desk, door: Door) -> None:
    desk.hands.held[1] = asyncio.Event()
    assert await door.bring(said(1)) == 200
    statuses = await asyncio.gather(*(door.bring(said(number)) for number in (3, 2, 3, 1, 2)))
    assert set(statuses) == {200}
    desk.hands.held[1].set()
    await desk.intake.idle()
    await desk.intake.settle()
    assert sorted(desk.hands.done) == [1, 2, 3]
    assert {row.state for row in (await desk.rows()).values()} == {"done"}


async def test_calls_at_the_same_time_share_a_commit() -> None:
    batches: list[list[int]] = []
    first = asyncio.Event()

    async def take(updates: Sequence[Mapping[str, Any]]) -> None:
        batches.append([one["update_id"] for one in updates])
        await first.wait()

    gathering = Gathering(take)
    calls = [asyncio.create_task(gathering.take(said(number))) for number in range(6)]
    await asyncio.sleep(0)
    calls += [asyncio.create_task(gathering.take(said(number))) for number in range(6, 9)]
    await asyncio.sleep(0)
    assert not any(one.done() for one in calls)
    first.set()
    await asyncio.gather(*calls)
    assert batches == [[0, 1, 2, 3, 4, 5], [6, 7, 8]]


@pytest.mark.parametrize("error", [OperationalError("INSERT", {}, Exception("disk full")), StoppedError()])
async def test_while_the_store_cannot_take_it_telegram_is_to_come_again(
    desk: Desk, door: Door, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take_in, errors = inbox.take_in, [error]

    async def failing(*args: Any) -> set[int]:
        if errors:
            raise errors.pop()
        return await take_in(*args)

    monkeypatch.setattr("bot.intake.inbox.take_in", failing)
    with caplog.at_level(logging.WARNING):
        assert await door.bring(said(7)) == 503
    assert "Traceback" not in caplog.text
    assert await door.bring(said(7)) == 200
    await desk.intake.idle()
    assert desk.hands.done == [7]


async def test_a_store_that_does_not_answer_holds_up_nobody_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "STORE_SECONDS", 0.01)

    async def take(_updates: Sequence[Mapping[str, Any]]) -> None:
        await asyncio.Event().wait()

    assert await Door(take).bring(said(7)) == 503


# --- a ballot in a secret vote, which goes round the inbox


@pytest.fixture
async def party(database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    async with at_work(database, telegram, clock) as party:
        yield party


async def test_a_secret_ballot_is_cast_when_we_say_yes_and_comes_again_when_we_could_not(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enter_vote(party.database, party.clock.now, secret=True)
    await party.deliver()
    await party.tap(VERA, "Ja")
    cast = party.telegram.tap(VERA, "Verbindlich abgeben")
    door = Door(party.assistant.intake.take)
    with monkeypatch.context() as patched:
        broken = OperationalError("INSERT", {}, Exception("disk full"))
        patched.setattr("models.ballot.secret.casting.cast", _raising(broken))
        assert await door.bring(cast) == 503
    assert await party.rows(SecretBallot) == []
    assert await door.bring(cast) == 200
    assert len(await party.rows(SecretBallot)) == 1
    assert await door.bring(cast) == 200
    assert len(await party.rows(SecretBallot)) == 1
    await party.assistant.intake.idle()


async def test_a_secret_ballot_that_finds_us_stopping_is_for_another_process(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, secret=True)
    await party.deliver()
    await party.tap(VERA, "Ja")
    cast = party.telegram.tap(VERA, "Verbindlich abgeben")
    party.assistant.intake.stopping = True
    assert await Door(party.assistant.intake.take).bring(cast) == 503
    assert await party.rows(SecretBallot) == []


def _raising(error: Exception) -> Any:
    async def raises(*_args: Any, **_kwargs: Any) -> None:
        raise error

    return raises
