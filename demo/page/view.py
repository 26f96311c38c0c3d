"""What the page is told: phones, messages, clock, as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from demo.clock import DemoClock
from demo.telegram.rooms import Message
from demo.telegram.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Phone:
    """Somebody's phone, and the line above it, e.g. „Mitglied · IHK Magdeburg".

    ``group`` is where they are found in the list of those who can sit at a phone; ``shown``: whether they do at first.
    """

    user_id: int
    name: str
    role: str
    group: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Hint:
    """Something to try: a title, a sentence, the phone it is about, and a text to put into its entry."""

    title: str
    text: str
    user_id: int
    fill: str = ""


def message_view(message: Message, user_id: int) -> Json:
    """A message as the owner of a phone sees it."""
    shown = ("text", "caption")
    edited = any(old.get(name) != message.data.get(name) for old in message.versions for name in shown)
    mine = message.data["from"]["id"] == user_id
    return {**message.data, "mine": mine, "edited": edited, "silent": message.silent}


def phone_extras(world: World, user_id: int) -> Json:
    """What belongs to a phone beside its messages."""
    person = world.people[user_id]
    room = person.room()
    keyboard = room.keyboard if room.keyboard and "keyboard" in room.keyboard else None
    pinned = [message.id for message in room.messages.values() if message.pinned]
    return {"user_id": user_id, "commands": person.menu, "keyboard": keyboard, "pinned": pinned}


def clock_view(clock: DemoClock, zone: str) -> Json:
    """The clock."""
    return {
        "now": clock().isoformat(),
        "zone": zone,
        "lead_minutes": round(clock.lead.total_seconds() / 60),
        "moving": clock.moving,
        "progress": round(clock.progress, 3),
    }


def state_view(world: World, phones: list[Phone], hints: list[Hint], clock: DemoClock, zone: str) -> Json:
    """Everything."""
    bot = world.first_bot
    description = bot.texts.get(("description", "de")) or bot.texts.get(("description", ""), "")
    return {
        "bot": {"name": bot.name, "username": bot.username, "description": description},
        "phones": [
            {
                **asdict(phone),
                **phone_extras(world, phone.user_id),
                "messages": [message_view(one, phone.user_id) for one in world.people[phone.user_id].messages],
            }
            for phone in phones
        ],
        "clock": clock_view(clock, zone),
        "hints": [asdict(hint) for hint in hints],
    }
