"""The page's interface: the stream, the actions, files, the clock."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.demo.page_server import BALLOT, CARD, Page, page


@pytest.fixture
async def shown() -> AsyncIterator[Page]:
    async with page() as served:
        yield served


class Stream:
    def __init__(self, lines: Any) -> None:
        self.lines = lines
        self.place = ""

    async def next(self, wanted: str) -> dict[str, Any]:
        """The next event of a kind; others are passed over."""
        async with asyncio.timeout(10):
            while True:
                block = (await self.lines.readuntil(b"\n\n")).decode()
                fields = dict(line.split(": ", 1) for line in block.strip().split("\n"))
                self.place = fields.get("id", self.place)
                if fields.get("event") == wanted:
                    found: dict[str, Any] = json.loads(fields["data"])
                    return found


@pytest.fixture
async def stream(shown: Page) -> AsyncIterator[Stream]:
    await shown.send(2, CARD, reply_markup=BALLOT)
    async with shown.api.session.get(f"{shown.address}/phones/events") as response:
        assert response.content_type == "text/event-stream"
        yield Stream(response.content)


async def act(shown: Page, status: int = 204, **body: Any) -> None:
    async with shown.api.session.post(f"{shown.address}/phones/act", json=body) as response:
        assert response.status == status


async def test_the_first_event_tells_everything(stream: Stream) -> None:
    state = await stream.next("state")
    assert state["bot"] == {"name": "ReKo-Assistent", "username": "reko_bot", "description": ""}
    assert [phone["name"] for phone in state["phones"]] == ["Sabine Sommer", "Anke Ahorn", "Clara Eiche", "Tom Träger"]
    [card] = state["phones"][1]["messages"]
    assert (card["mine"], card["edited"], card["silent"]) == (False, False, False)
    assert card["reply_markup"] == BALLOT
    assert state["clock"]["zone"] == "Europe/Berlin"
    assert state["hints"][1]["fill"] == "Wofür steht C?"


async def test_a_tap_and_what_it_brings(shown: Page, stream: Stream) -> None:
    bot = asyncio.ensure_future(shown.answer_taps())
    card = shown.world.people[2].last
    await act(shown, user_id=2, act="tap", message_id=card.id, data="yes")
    answer = await stream.next("answer")
    assert (answer["user_id"], answer["message_id"], answer["alert"]) == (2, card.id, False)
    assert answer["text"].startswith("Ihre Stimme: Ja")
    edited = await stream.next("message")
    assert edited["message"]["edited"]
    bot.cancel()


async def test_texts_replies_and_starts_reach_the_bot(shown: Page) -> None:
    await shown.send(2, "Frage")
    question = shown.world.people[2].last
    await act(shown, user_id=2, act="send", text="Antwort", reply_to=question.id)
    await act(shown, user_id=2, act="start", payload="CODE")
    first, second = await shown.api.updates()
    assert first["message"]["reply_to_message"]["text"] == "Frage"
    assert second["message"]["text"] == "/start CODE"


async def test_ones_own_text_can_be_edited_and_nobody_elses(shown: Page) -> None:
    mine = shown.world.people[2].send("Nimand")
    await shown.send(2, "Karte")
    await act(shown, user_id=2, act="edit", message_id=mine.id, text="Niemand")
    _, edited = await shown.api.updates()
    assert edited["edited_message"]["text"] == "Niemand"
    for message_id in (shown.world.people[2].last.id, 999):
        await act(shown, 400, user_id=2, act="edit", message_id=message_id, text="x")


async def test_typing_menus_and_deletions_are_told(shown: Page, stream: Stream) -> None:
    await shown.api("sendChatAction", chat_id=2, action="typing")
    assert (await stream.next("action")) == {"user_id": 2, "action": "typing"}
    await shown.api("setMyCommands", commands=[{"command": "offen", "description": "Was wartet"}])
    assert (await stream.next("phone"))["commands"][0]["command"] == "offen"
    card = shown.world.people[2].last
    await shown.api("deleteMessage", chat_id=2, message_id=card.id)
    assert (await stream.next("deleted")) == {"user_id": 2, "message_id": card.id}


async def test_files_up_and_down(shown: Page) -> None:
    session, url = shown.api.session, f"{shown.address}/phones/upload"
    octets = {"Content-Type": "application/octet-stream"}
    sent = {"user_id": "4", "name": "Notiz <b>.html"}
    async with session.post(url, params=sent, data=b"<script>alert(1)</script>", headers=octets) as response:
        assert response.status == 204
    [update] = await shown.api.updates()
    file_id = update["message"]["document"]["file_id"]
    async with session.get(f"{shown.address}/phones/file/{file_id}") as response:
        assert response.content_type == "text/plain"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("inline")
    async with session.get(f"{shown.address}/phones/file/{file_id}?download") as response:
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Notiz%20%3Cb%3E.html"
    async with session.post(url, params=sent, data=b"", headers=octets) as response:
        assert response.status == 413
    async with session.post(url, params=sent, data={"file": "x"}) as response:
        assert response.status == 415


async def test_the_clock_moves_once_at_a_time(shown: Page, stream: Stream) -> None:
    going = asyncio.Event()
    shown.clock.tick = going.wait
    url, session = f"{shown.address}/phones/clock", shown.api.session

    async def move() -> int:
        async with session.post(url, json={"hours": 1}) as response:
            return response.status

    moving = asyncio.ensure_future(move())
    assert (await stream.next("clock"))["moving"]
    async with session.post(url, json={"hours": 1}) as response:
        assert response.status == 409
    going.set()
    assert await moving == 204
    async with session.post(url, json={"hours": 2}) as response:
        assert response.status == 400
    assert round(shown.clock.lead.total_seconds() / 60) == 60


async def test_a_page_that_comes_back_gets_what_it_missed(shown: Page, stream: Stream) -> None:
    await stream.next("state")
    await shown.send(2, "Verpasst")
    url, place = f"{shown.address}/phones/events", {"Last-Event-ID": stream.place}
    async with shown.api.session.get(url, headers=place) as response:
        missed = Stream(response.content)
        assert (await missed.next("message"))["message"]["text"] == "Verpasst"
    async with shown.api.session.get(url, headers={"Last-Event-ID": "gone-3"}) as response:
        assert (await Stream(response.content).next("state"))["bot"]["name"] == "ReKo-Assistent"


async def test_wrong_actions_are_refused(shown: Page) -> None:
    await act(shown, 404, user_id=99, act="send", text="x")
    await act(shown, 400, user_id=2, act="send", text=" ")
    await act(shown, 400, user_id=2, act="tap", message_id=99, data="x")
    async with shown.api.session.post(f"{shown.address}/phones/act", data="{}") as response:
        assert response.status == 415


async def test_static_files_and_nothing_else(shown: Page) -> None:
    session = shown.api.session
    async with session.get(shown.address) as response:
        assert "Der ReKo-Assistent" in await response.text()
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    for path in ("/static/..%2Froutes.py", "/static/nothing.js"):
        async with session.get(shown.address + path) as response:
            assert response.status == 404
