"""Chats and who is in them."""

from demo.telegram.call import Call
from demo.telegram.entities import Json
from demo.telegram.members import leave
from demo.telegram.methods.registry import method
from demo.telegram.people import without_reply
from demo.telegram.refusal import bad_request

_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


@method
def get_chat(call: Call) -> Json:
    """A ``ChatFullInfo``."""
    room = call.room()
    info = {
        **room.chat,
        "accent_color_id": room.id % 7 if room.private else 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _NO_GIFTS,
    }
    if pinned := [message for message in room.messages.values() if message.pinned]:
        info["pinned_message"] = without_reply(pinned[-1].data)
    return info


@method
def get_chat_member(call: Call) -> Json:
    """A ``ChatMember``."""
    room, user_id = call.room(), call.params.integer("user_id")
    member = room.people.get(user_id) or room.bots.get(user_id)
    if gone := room.gone.get(user_id):
        return {"status": "left", "user": gone}
    if member is None:
        raise bad_request("user not found" if user_id not in call.world.people else "member not found")
    return {"status": "member", "user": member.as_json()}


@method
def get_chat_member_count(call: Call) -> int:
    """How many there are, with bots."""
    room = call.room()
    return len(room.people) + len(room.bots)


@method
def get_chat_administrators(call: Call) -> list[Json]:
    """Nobody is set over a group here."""
    if call.room().private:
        raise bad_request("there are no administrators in the private chat")
    return []


@method
def leave_chat(call: Call) -> bool:
    """The bot goes."""
    room = call.room()
    if room.private:
        raise bad_request("chat member status can't be changed in private chats")
    leave(room, call.bot)
    return True
