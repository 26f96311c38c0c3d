"""Edits: text, caption, file, keyboard."""

from demo.telegram.call import Call
from demo.telegram.entities import Json
from demo.telegram.methods.media import album_item
from demo.telegram.methods.registry import method
from demo.telegram.refusal import bad_request
from demo.telegram.rooms import MEDIA, Message

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _own_message(call: Call) -> Message:
    if "inline_message_id" in call.params:
        raise bad_request("MESSAGE_ID_INVALID")
    message = call.message(call.target(), "message to edit not found")
    if message.sender is not call.bot or "forward_origin" in message.data:
        raise bad_request("message can't be edited")
    return message


def _changed(message: Message, **fields: object) -> Json:
    """Changes the message; a field given as ``None`` goes."""
    if all(message.data.get(name) == value for name, value in fields.items()):
        raise bad_request(_NOT_MODIFIED)
    message.room.edit(message, **fields)
    return message.data


@method
def edit_message_text(call: Call) -> Json:
    """A new text; a keyboard that is not sent again goes."""
    content, markup, message = call.text(), call.inline_markup(), _own_message(call)
    if "text" not in message.data:
        raise bad_request("there is no text in the message to edit")
    preview = content.get("link_preview_options")
    entities = content.get("entities")
    return _changed(message, text=content["text"], entities=entities, link_preview_options=preview, reply_markup=markup)


@method
def edit_message_caption(call: Call) -> Json:
    """A new caption, or none."""
    content, markup, message = call.caption(), call.inline_markup(), _own_message(call)
    if not any(kind in message.data for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    entities = content.get("caption_entities")
    return _changed(message, caption=content.get("caption"), caption_entities=entities, reply_markup=markup)


@method
def edit_message_media(call: Call) -> Json:
    """Another file in its place, with its caption."""
    media = call.params.parsed("media", "media")
    if not isinstance(media, dict):
        raise bad_request("media is empty" if media is None else "can't parse media JSON object")
    content, markup, message = album_item(call, media), call.inline_markup(), _own_message(call)
    old = dict.fromkeys((*MEDIA, "caption", "caption_entities", "text", "entities", "link_preview_options"))
    return _changed(message, **{**old, **content}, reply_markup=markup)


@method
def edit_message_reply_markup(call: Call) -> Json:
    """Another keyboard, or none."""
    return _changed(_own_message(call), reply_markup=call.inline_markup())
