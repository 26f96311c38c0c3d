"""Conversations and the messages in them, as Telegram keeps them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from demo.telegram.entities import FormattedText, Json, to_html
from demo.telegram.files import StoredFile

if TYPE_CHECKING:
    from demo.telegram.bots import Bot
    from demo.telegram.people import Person
    from demo.telegram.world import World

CONTENT = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "document",
    "photo",
    "video",
    "audio",
    "voice",
    "animation",
    "video_note",
    "sticker",
    "contact",
    "location",
    "venue",
    "poll",
    "dice",
    "link_preview_options",
    "show_caption_above_media",
    "has_media_spoiler",
)
"""The fields of a Message that a copy or a forward takes along."""
MEDIA = ("document", "photo", "video", "audio", "voice", "animation", "video_note", "sticker")


class Button(NamedTuple):
    """One inline button; ``data`` is its callback data, ``url`` its address, either may be empty."""

    text: str
    data: str
    url: str
    row: int


class Message:
    """One message, seen by everyone in its room alike.

    ``data`` is the Bot API ``Message`` of this moment; an edit puts a new dict in its place, so that what was handed
    out before stays as it was. Of that, tests mostly read the properties.
    """

    __slots__ = ("data", "deleted", "pinned", "reactions", "room", "sender", "silent", "versions")

    def __init__(self, room: "Room", sender: "Bot | Person", data: Json, silent: bool) -> None:
        self.room = room
        self.sender = sender
        self.data = data
        self.silent = silent
        self.deleted = False
        self.pinned = False
        self.versions: list[Json] = []
        self.reactions: dict[int, list[Json]] = {}

    def __repr__(self) -> str:
        return f"<Message {self.id} from {self.data['from']['first_name']!r}: {self.text!r} {self.labels}>"

    @property
    def id(self) -> int:
        """The message id, unique in its room."""
        return int(self.data["message_id"])

    @property
    def at(self) -> datetime:
        """When it was sent, UTC, whole seconds."""
        return datetime.fromtimestamp(self.data["date"], UTC)

    @property
    def text(self) -> str:
        """The text, or the caption of a file; without formatting."""
        return str(self.data.get("text") or self.data.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """The entities of the text or caption; offsets in UTF-16 units."""
        found: list[Json] = self.data.get("entities") or self.data.get("caption_entities") or []
        return found

    @property
    def html(self) -> str:
        """The text with its formatting, as HTML."""
        return to_html(FormattedText(self.text, self.entities))

    @property
    def buttons(self) -> list[Button]:
        """The inline buttons, row by row."""
        rows = self.data.get("reply_markup", {}).get("inline_keyboard", [])
        return [
            Button(button["text"], button.get("callback_data", ""), button.get("url", ""), number)
            for number, row in enumerate(rows)
            for button in row
        ]

    @property
    def labels(self) -> list[str]:
        """The labels of the inline buttons."""
        return [button.text for button in self.buttons]

    @property
    def file(self) -> StoredFile | None:
        """The document, photo or other file it carries: ``name``, ``mime_type``, ``content``."""
        for kind in MEDIA:
            if held := self.data.get(kind):
                file_id = held[-1]["file_id"] if isinstance(held, list) else held["file_id"]
                return self.room.world.files.find(file_id)
        return None

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return bool(self.data["from"]["is_bot"])

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was sent."""
        return "edit_date" in self.data

    @property
    def reply_to(self) -> int | None:
        """The id of the message it answers."""
        answered = self.data.get("reply_to_message")
        return answered["message_id"] if answered else None

    def content(self) -> Json:
        """What a copy takes along."""
        return {name: self.data[name] for name in CONTENT if name in self.data}

    def change(self, **fields: Any) -> None:
        """Sets fields, or removes those given as ``None``; what it was before goes to ``versions``."""
        self.versions.append(self.data)
        merged = {**self.data, **fields}
        self.data = {name: value for name, value in merged.items() if value is not None}


@dataclass(eq=False)
class Room:
    """A conversation: one person and one bot, or a group.

    ``opened``: the person has written to the bot (before that the bot may not write). ``blocked``: the person has
    stopped the bot. ``gone``: who has left a group. ``keyboard``: the reply keyboard or forced reply the bot last sent.
    """

    world: "World"
    chat: Json
    messages: dict[int, Message] = field(default_factory=dict)
    people: dict[int, "Person"] = field(default_factory=dict)
    bots: dict[int, "Bot"] = field(default_factory=dict)
    gone: dict[int, Json] = field(default_factory=dict)
    opened: bool = False
    blocked: bool = False
    keyboard: Json | None = None
    menu_button: Json | None = None
    migrated_to: int = 0
    last_id: int = 0

    @property
    def id(self) -> int:
        """The chat id; in a private room that of the person."""
        return int(self.chat["id"])

    @property
    def private(self) -> bool:
        """Whether it is one person's chat with a bot."""
        return bool(self.chat["type"] == "private")

    def next_id(self) -> int:
        """A new message id. A bot counts its private chats together, a group counts for itself."""
        counter: Room | Bot = next(iter(self.bots.values())) if self.private else self
        counter.last_id += 1
        return counter.last_id

    def post(self, sender: "Bot | Person", content: Json, *, silent: bool = False) -> Message:
        """Puts a message in; bots hear of it if a person sent it."""
        data = {
            "message_id": self.next_id(),
            "from": sender.as_json(),
            "chat": self.chat,
            "date": self.world.seconds(),
            **content,
        }
        message = Message(self, sender, data, silent)
        self.messages[message.id] = message
        self.tell_bots("message", message)
        self.world.emit("message", self, message=message)
        return message

    def edit(self, message: Message, **fields: Any) -> None:
        """Changes a message; see `Message.change`."""
        message.change(edit_date=max(self.world.seconds(), message.data["date"] + 1), **fields)
        self.tell_bots("edited_message", message)
        self.world.emit("edited", self, message=message)

    def delete(self, message: Message) -> None:
        """Takes a message out, for everyone."""
        message.deleted = True
        del self.messages[message.id]
        self.world.emit("deleted", self, message=message)

    def tell_bots(self, kind: str, message: Message) -> None:
        """Hands a person's message to the bots that may read it."""
        if message.data["from"]["is_bot"]:
            return
        for bot in self.bots.values():
            if self.private or bot.may_read(message):
                bot.push(kind, message.data)
