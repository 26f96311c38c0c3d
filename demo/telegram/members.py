"""Groups people and bots join and leave: a service message for all, and the change of membership for bots."""

from typing import TYPE_CHECKING

from demo.telegram.bots import Bot
from demo.telegram.rooms import Room

if TYPE_CHECKING:
    from demo.telegram.people import Person


def join(room: Room, who: "Person | Bot", *, by: "Person | None" = None) -> None:
    """Lets someone into a group; ``by`` is who adds them, if not they themselves (a bot is always added by someone).

    Raises:
        TypeError: a bot joins and nobody adds it.
    """
    actor = by or who
    if isinstance(actor, Bot):
        raise TypeError("a bot does not join by itself: name who adds it")
    if isinstance(who, Bot):
        room.bots[who.id] = who
    else:
        room.people[who.id] = who
    room.gone.pop(who.id, None)
    room.post(actor, {"new_chat_members": [who.as_json()]})
    _tell(room, who, actor, ("left", "member"))


def leave(room: Room, who: "Person | Bot", *, by: "Person | None" = None) -> None:
    """Lets someone out of a group; ``by`` is who removes them, if they do not go themselves."""
    room.gone[who.id] = who.as_json()
    room.post(by or who, {"left_chat_member": who.as_json()})
    _tell(room, who, by or who, ("member", "left"))
    (room.bots if isinstance(who, Bot) else room.people).pop(who.id, None)


def _tell(room: Room, who: "Person | Bot", actor: "Person | Bot", change: tuple[str, str]) -> None:
    """Tells a bot of its own membership, and other bots that ask for it of everyone's."""
    old, new = ({"status": status, "user": who.as_json()} for status in change)
    said = {
        "chat": room.chat,
        "from": actor.as_json(),
        "date": room.world.seconds(),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    for bot in room.bots.values():
        bot.push("my_chat_member" if bot is who else "chat_member", said)
