"""Joins, leaves and reactions; many messages at once; updates out of order and side by side."""

import asyncio
from datetime import timedelta

from aiohttp import web

from demo.telegram import Person, World, join, leave
from demo.telegram.bots import Bot
from demo.telegram.server import running
from tests.demo.raw_client import Api, judge_update

KINDS = ["message", "my_chat_member", "chat_member", "message_reaction"]


async def test_people_and_bots_join_and_leave(api: Api, anna: Person, bot: Bot, world: World) -> None:
    await api.updates(allowed_updates=KINDS)
    bert = world.user(2, first_name="Bert")
    group = world.group(-5, "RAK", people=[anna])
    assert await api.refusal("getChat", chat_id=-5) == "Forbidden: bot is not a member of the group chat"
    join(group, bot, by=anna)
    join(group, bert)
    leave(group, bert, by=anna)
    updates = await api.updates()
    for update in updates:
        judge_update(update)
    kinds = [next(name for name in update if name != "update_id") for update in updates]
    assert kinds == ["message", "my_chat_member", "message", "chat_member", "message", "chat_member"]
    assert updates[0]["message"]["new_chat_members"][0]["id"] == 42
    assert updates[4]["message"]["left_chat_member"]["id"] == 2
    assert (await api("getChatMember", chat_id=-5, user_id=2))["status"] == "left"
    assert await api("getChatMemberCount", chat_id=-5) == 2
    assert await api("leaveChat", chat_id=-5)
    assert await api.refusal("sendMessage", chat_id=-5, text="x") == "Forbidden: bot is not a member of the group chat"


async def test_reactions_of_people(api: Api, anna: Person) -> None:
    await api("sendMessage", chat_id=1, text="Gut?")
    anna.react(anna.last, "👍")
    assert await api.updates(allowed_updates=KINDS) == []
    anna.react(anna.last)
    [update] = await api.updates()
    judge_update(update)
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert update["message_reaction"]["new_reaction"] == []


async def test_many_are_copied_and_forwarded_at_once(api: Api, anna: Person) -> None:
    first, second = anna.send("eins").id, anna.send("zwei").id
    await api("copyMessages", chat_id=1, from_chat_id=1, message_ids=[first, second, 999])
    await api("forwardMessages", chat_id=1, from_chat_id=1, message_ids=[second])
    assert [message.text for message in anna.messages if message.from_bot] == ["eins", "zwei", "zwei"]
    nothing = await api.refusal("copyMessages", chat_id=1, from_chat_id=1, message_ids=[999])
    assert nothing == "Bad Request: there are no messages to copy"


async def test_updates_come_out_of_order_on_demand(api: Api, anna: Person) -> None:
    for number in range(8):
        anna.send(str(number))
    before = [one["update_id"] for one in await api.updates()]
    async with api.session.post(f"{api.address}/control/reorder", json={}) as response:
        assert response.status == 200
    after = [one["update_id"] for one in await api.updates()]
    assert after != before
    assert sorted(after) == before
    middle = before[4]
    assert sorted(one["update_id"] for one in await api.updates(offset=middle)) == before[4:]
    assert await api.updates(offset=before[-1] + 1) == []


async def test_the_clock_is_put_forward_from_outside(api: Api, anna: Person, world: World) -> None:
    before = world.clock()
    async with api.session.post(f"{api.address}/control/clock", json={"seconds": 3600}) as response:
        assert (await response.json())["now"] == (before + timedelta(hours=1)).isoformat()
    assert (await api("sendMessage", chat_id=1, text="x"))["date"] == int(before.timestamp()) + 3600
    async with api.session.post(f"{api.address}/control/clock", json={}) as response:
        assert response.status == 400


async def test_a_webhook_serves_chats_side_by_side_and_each_in_order(api: Api, anna: Person, world: World) -> None:
    bert = world.user(2, first_name="Bert")
    begun: list[str] = []
    go_on = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        begun.append((await request.json())["message"]["text"])
        world.wake()
        await go_on.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    async with running(app, "127.0.0.1", 0) as hook:
        await api("setWebhook", url=f"{hook}/hook", max_connections=2)
        anna.send("A1")
        anna.send("A2")
        bert.send("B1")
        await world.until(lambda: len(begun) == 2)
        assert sorted(begun) == ["A1", "B1"]
        go_on.set()
        await world.until(lambda: len(world.journal.brought) == 3)
        assert begun[2] == "A2"
        assert (await api("getWebhookInfo"))["pending_update_count"] == 0
        await api("deleteWebhook")
