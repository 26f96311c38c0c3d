"""An update as the library speaks of it."""

from collections.abc import Mapping
from typing import Any

from telegram import Bot, CallbackQuery, Chat, InaccessibleMessage, Update, User

_TAP = {"update_id", "callback_query"}
_QUERY = {"id", "from", "message", "chat_instance", "data"}


def update_of(data: Mapping[str, Any], bot: Bot) -> Update:
    """The update that this JSON says.

    Of a tap's message nobody needs more than where it stands. The library would read all that a message can hold, at
    every tap of a vote; so a tap gets an ``InaccessibleMessage``, as Telegram itself gives where a message is too old:
    https://core.telegram.org/bots/api#maybeinaccessiblemessage
    """
    query = data.get("callback_query")
    if data.keys() != _TAP or not isinstance(query, dict) or query.keys() != _QUERY:
        return Update.de_json(dict(data), bot)
    sender, hangs_on = query["from"], query["message"]
    if not isinstance(sender, dict) or not isinstance(hangs_on, dict) or not {"chat", "message_id"} <= hangs_on.keys():
        return Update.de_json(dict(data), bot)
    message = InaccessibleMessage(Chat.de_json(hangs_on["chat"], bot), hangs_on["message_id"])
    tap = CallbackQuery(
        query["id"], User.de_json(sender, bot), query["chat_instance"], message=message, data=query["data"]
    )
    update = Update(data["update_id"], callback_query=tap)
    for one in (message, tap, update):
        one.set_bot(bot)
    return update
