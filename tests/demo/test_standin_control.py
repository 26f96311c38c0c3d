"""Steering the stand-in from outside, and as a program of its own."""

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from demo.telegram import Person
from tests.demo.raw_client import Api, Refused

ROOT = Path(__file__).parents[2]


async def test_faults_are_planned_listed_and_cleared(api: Api, anna: Person) -> None:
    control = f"{api.address}/control/faults"
    plan = {"action": "retry_after", "method": "sendMessage", "seconds": 2}
    async with api.session.post(control, json=plan) as response:
        assert (await response.json())["count"] == 1
    with pytest.raises(Refused, match="retry after 2"):
        await api("sendMessage", chat_id=1, text="x")
    async with api.session.get(control) as response:
        assert [one["hits"] for one in await response.json()] == [1]
    async with api.session.delete(control) as response:
        assert await response.json() == []
    for wrong in ({"action": "explode"}, {"action": "delay", "colour": "red"}):
        async with api.session.post(control, json=wrong) as response:
            assert response.status == 400


async def test_people_act_from_outside(api: Api) -> None:
    async def post(path: str, **body: object) -> object:
        async with api.session.post(f"{api.address}/control/{path}", json=body) as response:
            assert response.status == 200
            return await response.json()

    await post("users", id=7, first_name="Gerd")
    await post("send", user_id=7, text="/start")
    assert (await api.updates())[0]["message"]["from"]["first_name"] == "Gerd"
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    sent = await api("sendMessage", chat_id=7, text="Karte", reply_markup=keyboard)
    tap = asyncio.ensure_future(post("tap", user_id=7, message_id=sent["message_id"], data="yes"))
    while not (queries := [one for one in await api.updates(timeout=5) if "callback_query" in one]):
        pass
    await api("answerCallbackQuery", callback_query_id=queries[0]["callback_query"]["id"], text="Danke")
    assert await tap == {"text": "Danke", "alert": False, "url": ""}
    await post("block", user_id=7, blocked=True)
    assert await api.refusal("sendMessage", chat_id=7, text="x") == "Forbidden: bot was blocked by the user"
    async with api.session.get(f"{api.address}/control/messages?user_id=7") as response:
        assert [one["text"] for one in await response.json()] == ["/start", "Karte"]
    async with api.session.get(f"{api.address}/control/log?method=sendMessage&chat_id=7") as response:
        assert [one["status"] for one in await response.json()] == [200, 403]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("send", {"user_id": 99}, 404), ("users", {"id": 1}, 400), ("tap", {"user_id": 1, "message_id": 9}, 404)],
)
async def test_what_cannot_be_done(api: Api, anna: Person, path: str, body: dict[str, object], status: int) -> None:
    async with api.session.post(f"{api.address}/control/{path}", json=body) as response:
        assert response.status == status
    async with api.session.post(f"{api.address}/control/{path}", data="{}") as response:
        assert response.status == 415


async def test_it_runs_alone() -> None:
    command = [sys.executable, "-m", "demo.telegram", "--port", "0", "--rates"]
    alone = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert alone.stdout
    async with asyncio.timeout(30):
        base = (await alone.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session, session.get(f"{base}42:TEST/getMe") as response:
            assert (await response.json())["result"]["id"] == 42
        alone.send_signal(signal.SIGTERM)
        assert await alone.wait() == 0
