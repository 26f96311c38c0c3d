"""What a page is told, one change after the other, comes to what is there: whenever it listens, and after any break."""

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from demo.clock import DemoClock
from demo.page import Phone
from demo.page.changes import Change, Changes
from demo.page.hub import Hub
from demo.telegram import Message, World
from demo.telegram.people import Answer
from tests.demo.raw_client import TOKEN

USERS = (1, 2, 3)
ACTS = ["send", "write", "edit", "keys", "delete", "pin", "suggest", "menu", "answer"]


class Browser:
    """A page as the script on it works: the whole state, then each event in its turn."""

    def __init__(self) -> None:
        self.place = ""
        self.phones: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, dict[int, Any]] = {}
        self.bytes = 0

    def begin(self, hub: Hub) -> None:
        """The state, as the stream gives it."""
        self.place = hub.changes.place
        for phone in json.loads(json.dumps(hub.state()))["phones"]:
            self.messages[phone["user_id"]] = {one["message_id"]: one for one in phone.pop("messages")}
            self.phones[phone["user_id"]] = phone

    def listen(self, hub: Hub) -> list[Change]:
        """What came since."""
        number = hub.changes.number(self.place)
        assert number is not None
        news = hub.changes.after(number)
        for change in news:
            self.bytes += len(change.block)
            fields = dict(line.split(": ", 1) for line in change.block.decode().strip().split("\n"))
            self.place = fields["id"]
            self.take(fields["event"], json.loads(fields["data"]))
        return news

    def take(self, event: str, data: dict[str, Any]) -> None:
        """One event."""
        match event:
            case "message":
                self.messages[data["user_id"]][data["message"]["message_id"]] = data["message"]
            case "deleted":
                self.messages[data["user_id"]].pop(data["message_id"], None)
            case "phone":
                self.phones[data["user_id"]] |= data

    def shown(self) -> list[dict[str, Any]]:
        """The phones, with their messages by their numbers."""
        return [
            {**phone, "messages": [one for _, one in sorted(self.messages[user].items())]}
            for user, phone in self.phones.items()
        ]


def scene() -> tuple[World, Hub]:
    clock = DemoClock()
    world = World(clock=clock)
    world.bot(TOKEN, name="ReKo-Assistent", username="reko_bot")
    for user in USERS:
        world.user(user, first_name=f"Nr. {user}").room().opened = True
    return world, Hub(world, [Phone(user, f"Nr. {user}", "") for user in USERS[:2]], [], clock, "Europe/Berlin")


def act(world: World, what: str, user: int, number: int) -> None:
    """Somebody does something, to one of the messages where it takes one."""
    person, bot = world.people[user], world.first_bot
    room, messages = person.room(), person.messages
    match what:
        case "send":
            room.post(bot, {"text": f"Nachricht {number}"})
        case "write":
            person.send(f"Text {number}")
        case "suggest":
            room.keyboard = {"keyboard": [[{"text": str(number)}]]} if number % 2 else None
            world.emit("keyboard", room)
        case "menu":
            bot.commands["default", ""] = [{"command": f"c{number % 3}", "description": "x"}]
            world.emit("menu", None, bot=bot)
        case _ if messages:
            change(world, what, messages[number % len(messages)], number)


def change(world: World, what: str, message: Message, number: int) -> None:
    """Something happens to a message."""
    match what:
        case "edit":
            message.room.edit(message, text=f"Neu {number}")
        case "keys":
            keys = [[{"text": "Ja", "callback_data": str(number)}]]
            message.room.edit(message, reply_markup={"inline_keyboard": keys})
        case "delete":
            message.room.delete(message)
        case "pin":
            message.pinned = not message.pinned
            world.emit("pinned", message.room, message=message)
        case "answer":
            answer = Answer(f"Beleg {number}", False, "")
            world.emit("answer", message.room, message=message, person=message.room.id, answer=answer)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*ACTS, "listen"]), st.sampled_from(USERS), st.integers(0, 30)), max_size=40))
def test_the_changes_one_by_one_are_the_whole(acts: list[tuple[str, int, int]]) -> None:
    async def play() -> None:
        world, hub = scene()
        with hub.watching():
            constant, late = Browser(), Browser()
            constant.begin(hub)
            late.begin(hub)
            for what, user, number in acts:
                if what == "listen":
                    late.listen(hub)  # in between it was away, and everything it missed is one burst
                else:
                    act(world, what, user, number)
                constant.listen(hub)
            late.listen(hub)
            whole = json.loads(json.dumps(hub.state()))["phones"]
            assert constant.shown() == whole
            assert late.shown() == whole

    asyncio.run(play())


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=40))
def test_of_what_has_one_key_the_last_is_kept_and_all_is_in_order(told: list[tuple[int, bool]]) -> None:
    changes, seen, got = Changes(), 0, []
    last: dict[int, int] = {}
    for value, (key, listens) in enumerate(told):
        changes.add(key, "message", value)
        last[key] = value
        if listens:
            news = changes.after(seen)
            got += [change.data for change in news]
            seen = changes.last
    got += [change.data for change in changes.after(seen)]
    assert got == sorted(set(got))
    assert set(last.values()) <= set(got)
    assert [change.data for change in changes.after(0)] == sorted(last.values())


def test_a_page_of_an_earlier_run_or_from_the_future_begins_anew() -> None:
    changes, others = Changes(), Changes()
    changes.add("a", "message", 1)
    assert changes.number(changes.place) == 1
    assert [changes.number(place) for place in ("", "x", others.place, f"{changes.place}1", "-1")] == [None] * 5


async def test_a_burst_goes_out_as_one_and_a_change_carries_itself_alone() -> None:
    world, hub = scene()
    with hub.watching():
        for number in range(40):
            act(world, "send", 1, number)
        stream = hub.stream()
        pieces: list[bytes] = [await anext(stream), await anext(stream)]
        for number in range(25):
            act(world, "edit", 1, 7)
            act(world, "keys", 1, number % 3)
        pieces.append(await anext(stream))
        assert pieces[2].count(b"event: message") == 4
        act(world, "edit", 1, 5)
        one = await anext(stream)
        assert one.count(b"event:") == 1
        assert len(one) < 600
        assert len(pieces[1]) > 5000
        waiting = asyncio.ensure_future(anext(stream, b"end"))
        hub.close()
        assert await waiting == b"end"


async def test_a_command_menu_is_told_where_it_changed_and_nowhere_else() -> None:
    world, hub = scene()
    with hub.watching():
        bot = world.first_bot
        bot.commands["default", ""] = []
        world.emit("menu", None, bot=bot)
        before = hub.changes.last
        bot.commands["chat:2", ""] = [{"command": "offen", "description": "Was wartet"}]
        world.emit("menu", None, bot=bot)
        assert [change.data["user_id"] for change in hub.changes.after(before)] == [2]
        before = hub.changes.last
        world.people[3].room().post(bot, {"text": "an jemanden ohne Telefon auf der Seite"})
        assert hub.changes.last == before
