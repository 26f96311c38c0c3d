"""Messages without files: sent, copied, forwarded, deleted; answers to taps."""

from demo.telegram.call import Call
from demo.telegram.entities import Json, units
from demo.telegram.methods.registry import method
from demo.telegram.people import Answer
from demo.telegram.refusal import bad_request
from demo.telegram.rooms import Message, Room

MAX_TOAST = 200
MAX_AT_ONCE = 100
DELETABLE = 48 * 3600
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@method
def send_message(call: Call) -> Json:
    """A text."""
    return call.post(call.text()).data


@method
def send_chat_action(call: Call) -> bool:
    """„… is typing"."""
    action = call.params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    room = call.target()
    call.world.emit("action", room, action=action)
    return True


@method
def answer_callback_query(call: Call) -> bool:
    """The toast or alert for a tap."""
    text = call.params.text("text").strip()
    if units(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    tap = call.bot.taps.get(call.params.text("callback_query_id"))
    if tap is None or tap.expired:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    answer = Answer(text, call.params.flag("show_alert"), call.params.text("url"))
    tap.settle(answer)
    call.world.emit("answer", tap.message.room, message=tap.message, person=tap.person.id, answer=answer)
    return True


def _deletable(call: Call, room: Room, message: Message) -> bool:
    """A bot deletes its own and, in a private chat, the person's; both for 48 hours only."""
    young = call.world.seconds() - message.data["date"] < DELETABLE
    return young and (room.private or message.sender is call.bot)


@method
def delete_message(call: Call) -> bool:
    """Takes a message away, for everyone."""
    room = call.room()
    message = call.message(room, "message to delete not found")
    if not _deletable(call, room, message):
        raise bad_request("message can't be deleted for everyone")
    room.delete(message)
    return True


@method
def delete_messages(call: Call) -> bool:
    """Takes up to 100 away; those that are not there are passed over."""
    room = call.room()
    numbers = call.params.array("message_ids", "message identifiers")
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MAX_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    found = [room.messages[number] for number in numbers if number in room.messages]
    if not all(_deletable(call, room, message) for message in found):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        room.delete(message)
    return True


def _source(call: Call, complaint: str) -> Message:
    message = call.message(call.room("from_chat_id"), complaint)
    if message.data.get("has_protected_content"):
        raise bad_request(f"the message can't be {'copied' if 'copy' in complaint else 'forwarded'}")
    return message


def _copied(call: Call, source: Message) -> Json:
    content = source.content()
    if not content:
        raise bad_request("the message can't be copied")
    if "caption" in call.params.values and "text" not in content:
        content = {name: value for name, value in content.items() if not name.startswith("caption")} | call.caption()
    return {"message_id": call.post(content).id}


def _forwarded(call: Call, source: Message) -> Json:
    origin = {"type": "user", "sender_user": source.sender.as_json(), "date": source.data["date"]}
    origin = source.data.get("forward_origin", origin)
    return call.post({**source.content(), "forward_origin": origin}).data


@method
def copy_message(call: Call) -> Json:
    """The same content anew, without its origin; the caption may be another."""
    return _copied(call, _source(call, "message to copy not found"))


@method
def forward_message(call: Call) -> Json:
    """The same content with its origin."""
    return _forwarded(call, _source(call, "message to forward not found"))


def _several(call: Call, complaint: str) -> list[Message]:
    """Those of up to 100 messages that are there, and may leave their chat."""
    room, numbers = call.room("from_chat_id"), call.params.array("message_ids", "message identifiers")
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MAX_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    found = [room.messages[number] for number in sorted(numbers) if number in room.messages]
    free = [message for message in found if not message.data.get("has_protected_content")]
    if not free:
        raise bad_request(complaint)
    return free


@method
def copy_messages(call: Call) -> list[Json]:
    """Many at once; those that are not there are passed over."""
    return [_copied(call, source) for source in _several(call, "there are no messages to copy")]


@method
def forward_messages(call: Call) -> list[Json]:
    """Many at once; those that are not there are passed over."""
    found = _several(call, "there are no messages to forward")
    return [{"message_id": _forwarded(call, source)["message_id"]} for source in found]


@method
def pin_chat_message(call: Call) -> bool:
    """Pins; in a group people see a service message."""
    room = call.target()
    message = call.message(room, "message to pin not found")
    message.pinned = True
    call.world.emit("pinned", room, message=message)
    return True


@method
def unpin_chat_message(call: Call) -> bool:
    """Takes one pin away, the newest if none is named."""
    room = call.target()
    pinned = [message for message in room.messages.values() if message.pinned]
    if "message_id" in call.params:
        pinned = [message for message in pinned if message.id == call.params.integer("message_id")]
    if not pinned:
        raise bad_request("message to unpin not found")
    pinned[-1].pinned = False
    call.world.emit("pinned", room, message=pinned[-1])
    return True


@method
def unpin_all_chat_messages(call: Call) -> bool:
    """Takes all pins away."""
    room = call.target()
    for message in room.messages.values():
        message.pinned = False
    call.world.emit("pinned", room)
    return True


@method
def set_message_reaction(call: Call) -> bool:
    """The bot's reaction to a message; one emoji at most."""
    room = call.target()
    message = call.message(room, "message to react not found")
    reactions = call.params.array("reaction", "reaction types")
    if len(reactions) > 1 or any(one.get("type") != "emoji" or not one.get("emoji") for one in reactions):
        raise bad_request("REACTION_INVALID")
    message.reactions[call.bot.id] = reactions
    call.world.emit("reaction", room, message=message)
    return True
