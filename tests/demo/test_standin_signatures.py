"""Requests held against the table derived from aiogram's typed methods."""

import pytest

from demo.telegram import Person
from demo.telegram.methods import METHODS
from demo.telegram.signatures import SIGNATURES
from tests.auxil.bot_api_spec import spec
from tests.demo.raw_client import Api

CARD = {"chat_id": 1, "text": "x"}
WRONG = [
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 1}, "message text is empty"),
    ("sendMessage", {"chat_id": None, "text": "x"}, "chat_id is empty"),
    ("sendMessage", {**CARD, "text": {"a": 1}}, 'field "text" must be of type String'),
    ("sendMessage", {**CARD, "chat_id": [1]}, 'field "chat_id" must be of type Integer'),
    ("sendMessage", {**CARD, "disable_notification": "maybe"}, 'field "disable_notification" must be of type Boolean'),
    ("sendMessage", {**CARD, "entities": {"type": "bold"}}, "expected an Array of entities"),
    ("sendMessage", {**CARD, "entities": "["}, "can't parse entities JSON object"),
    ("sendMessage", {**CARD, "entities": [{"type": "bold"}]}, "can't parse MessageEntity: Can't find field \"length\""),
    ("sendMessage", {**CARD, "reply_parameters": {"message_id": "x"}}, 'field "message_id" must be of type Integer'),
    ("sendMessage", {**CARD, "reply_parameters": 7}, 'field "reply_parameters" must be of type Object'),
    ("editMessageText", {**CARD, "message_id": True}, 'field "message_id" must be of type Integer'),
    ("deleteMessage", {"chat_id": 1, "message_id": "first"}, 'field "message_id" must be of type Integer'),
    ("deleteMessages", {"chat_id": 1, "message_ids": ["a"]}, 'field "message_ids" must be of type Integer'),
    ("getUpdates", {"timeout": "long"}, 'field "timeout" must be of type Integer'),
    ("setMyCommands", {}, 'parameter "commands" is required'),
    ("setMyCommands", {"commands": [{"command": "x"}]}, "can't parse BotCommand: Can't find field \"description\""),
    ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
    ("setWebhook", {}, 'parameter "url" is required'),
    ("getChatMember", {"chat_id": 1}, "invalid user_id specified"),
]


@pytest.mark.xdist_group("aiogram")  # one worker loads it, which takes seconds
def test_the_table_is_what_aiogram_says() -> None:
    from demo.telegram.derive import TABLE, derive, written  # noqa: PLC0415 - likewise: not while tests are collected

    assert TABLE.read_text(encoding="utf-8") == written(derive()), "run: python -m demo.telegram.derive"


def test_every_method_answered_is_in_the_table_and_in_the_specification() -> None:
    assert set(METHODS) == {name for name in SIGNATURES if name.islower()}
    methods = spec()["by_lower_name"]
    for name in METHODS:
        required = {field["name"] for field in methods[name].get("fields", []) if field["required"]}
        ours = {field for field, (needed, _) in SIGNATURES[name].items() if needed}
        assert ours <= required, name


@pytest.mark.parametrize(("method", "params", "reason"), WRONG)
async def test_wrong_requests(api: Api, anna: Person, method: str, params: dict[str, object], reason: str) -> None:
    assert await api.refusal(method, **params) == f"Bad Request: {reason}"
    assert anna.messages == []


async def test_what_telegram_takes_too(api: Api, anna: Person) -> None:
    sent = await api.sloppy("sendMessage", chat_id="1", text=5, disable_notification="True", unknown=[1], entities=None)
    assert sent["text"] == "5"
    assert anna.last.silent
    assert await api.sloppy("DELETEmessage", chat_id=1.0, message_id=f" {sent['message_id']}")
