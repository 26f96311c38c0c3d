"""A tap is read in short; whatever is told otherwise is read by the library."""

from typing import Any

import pytest
from telegram import Bot, InaccessibleMessage, Message, Update

from bot.hearing import update_of

TAP: dict[str, Any] = {
    "update_id": 7,
    "callback_query": {
        "id": "99",
        "from": {"id": 5, "is_bot": False, "first_name": "Berta", "language_code": "de"},
        "message": {"message_id": 3, "date": 1790000000, "chat": {"id": 5, "type": "private"}, "text": "Alt"},
        "chat_instance": "-1",
        "data": "v:1:2:yes",
    },
}


@pytest.fixture
def bot() -> Bot:
    return Bot("42:TEST")


def test_a_tap_says_who_tapped_what_and_where(bot: Bot) -> None:
    heard, read = update_of(TAP, bot), Update.de_json(dict(TAP), bot)
    assert heard.update_id == read.update_id
    assert heard.effective_user == read.effective_user
    assert heard.effective_chat == read.effective_chat
    assert heard.callback_query
    assert read.callback_query
    assert heard.callback_query.to_dict() | {"message": 0} == read.callback_query.to_dict() | {"message": 0}
    assert isinstance(heard.callback_query.message, InaccessibleMessage)
    assert heard.callback_query.message.message_id == 3
    assert heard.callback_query.get_bot() is bot


@pytest.mark.parametrize(
    "change",
    [
        {"inline_message_id": "x"},
        {"message": {"message_id": 3, "date": 0}},
        {"message": {"date": 0, "chat": {"id": 5, "type": "private"}}},
        {"message": None},
        {"game_short_name": "x"},
    ],
)
def test_what_is_no_plain_tap_is_left_to_the_library(bot: Bot, change: dict[str, Any]) -> None:
    data = {**TAP, "callback_query": TAP["callback_query"] | change}

    def heard(read: Any) -> Any:
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - the same error, whichever it is
            return type(error)

    assert heard(lambda: update_of(data, bot)) == heard(lambda: Update.de_json(dict(data), bot))


def test_a_message_is_read_whole(bot: Bot) -> None:
    data = {"update_id": 8, "message": {**TAP["callback_query"]["message"], "from": TAP["callback_query"]["from"]}}
    heard = update_of(data, bot)
    assert isinstance(heard.message, Message)
    assert heard.message.text == "Alt"
