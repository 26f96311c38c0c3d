"""People with a phone: what tests and the page do in their name."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from demo.telegram.entities import FormattedText, Json, clean, with_found
from demo.telegram.rooms import Message, Room
from demo.telegram.samples import sample

if TYPE_CHECKING:
    from demo.telegram.bots import Bot
    from demo.telegram.files import StoredFile
    from demo.telegram.world import World

QUERY_LIFETIME = 60
"""Seconds, by the world's clock, in which a callback query can be answered."""


class Answer(NamedTuple):
    """What a tap brought: the toast's (or alert's) text, empty if there was none."""

    text: str
    alert: bool
    url: str


@dataclass(eq=False)
class Tap:
    """One tap on an inline button: a callback query on its way."""

    id: str
    person: "Person"
    bot: "Bot"
    message: Message
    data: str
    at: int
    given: Answer | None = None
    waiting: list["asyncio.Future[Answer]"] = field(default_factory=list)

    @property
    def expired(self) -> bool:
        """Whether it is too old to be answered."""
        return self.person.world.seconds() - self.at > QUERY_LIFETIME

    async def answer(self, within: float = 10.0) -> Answer:
        """The bot's answer.

        Raises:
            TimeoutError: none came within ``within`` seconds of real time.
        """
        if self.given is None:
            future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            self.waiting.append(future)
            async with asyncio.timeout(within):
                return await future
        return self.given

    def settle(self, answer: Answer) -> None:
        """Takes the bot's answer; only the first counts."""
        if self.given is not None:
            return
        self.given = answer
        for future in self.waiting:
            if not future.done():
                future.set_result(answer)


@dataclass(eq=False)
class Person:
    """Someone with an account.

    Without a ``room`` (or ``bot``) everything happens in the private chat with the world's first bot.
    """

    world: "World"
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    deactivated: bool = False
    seen: int = 0

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def as_json(self) -> Json:
        """A Bot API ``User``."""
        return {"id": self.id, "is_bot": False, **self._names(), **self._optional("language_code")}

    def _names(self) -> Json:
        return {"first_name": self.first_name, **self._optional("last_name"), **self._optional("username")}

    def _optional(self, name: str) -> Json:
        value = getattr(self, name)
        return {name: value} if value else {}

    def room(self, bot: "Bot | None" = None) -> Room:
        """The private chat with a bot (the first one, unless named)."""
        bot = bot or self.world.first_bot
        if self.id not in bot.rooms:
            chat = {"id": self.id, **self._names(), "type": "private"}
            bot.rooms[self.id] = Room(self.world, chat, people={self.id: self}, bots={bot.id: bot})
        return bot.rooms[self.id]

    @property
    def messages(self) -> list[Message]:
        """What stands in the private chat with the first bot, oldest first; deleted messages are gone."""
        return list(self.room().messages.values())

    @property
    def last(self) -> Message:
        """The newest message of the bot in that chat.

        Raises:
            LookupError: there is none.
        """
        for message in reversed(self.room().messages.values()):
            if message.from_bot:
                return message
        raise LookupError(f"{self.name} has heard nothing yet")

    @property
    def menu(self) -> list[Json]:
        """The commands this person is offered (scope and language resolved as Telegram's apps do)."""
        return self.world.first_bot_menu(self)

    async def receive(self, containing: str = "", within: float = 10.0) -> Message:
        """The next message of the bot not received before, in the chat with the first bot, that holds this text.

        Messages without it are passed over. An edit of an older message is not received.

        Raises:
            TimeoutError: none came within ``within`` seconds of real time.
        """
        found: list[Message] = []

        def arrived() -> bool:
            for message in self.room().messages.values():
                if message.id > self.seen and message.from_bot:
                    self.seen = message.id
                    if containing in message.text:
                        found.append(message)
                        return True
            return False

        await self.world.until(arrived, within)
        return found[0]

    def start(self, payload: str = "") -> Message:
        """Opens the chat: „Starten", with the payload of a deep link; unblocks."""
        self.unblock()
        return self.send(f"/start {payload}".strip())

    def send(self, text: str, *, reply_to: Message | None = None, room: Room | None = None) -> Message:
        """Writes a text; plain, with commands and links found as Telegram finds them."""
        formatted = with_found(clean(FormattedText(text, [])))
        content: Json = {"text": formatted.text}
        if formatted.entities:
            content["entities"] = formatted.entities
        return self.post(content, reply_to=reply_to, room=room)

    def post(self, content: Json, *, reply_to: Message | None = None, room: Room | None = None) -> Message:
        """Sends a message with any fields of a Bot API ``Message``, e.g. ``{"sticker": {…}}``."""
        room = room or self.room()
        room.opened, room.blocked = True, False
        if reply_to is not None:
            content = {**content, "reply_to_message": without_reply(reply_to.data)}
        return room.post(self, content)

    def send_document(self, name: str, content: bytes, caption: str = "", *, room: Room | None = None) -> Message:
        """Sends a file."""
        stored = self._store("documents", name, content, room)
        return self.post({"document": stored.as_document(), **_caption(caption)}, room=room)

    def send_photo(self, content: bytes, caption: str = "", *, room: Room | None = None) -> Message:
        """Sends a picture (PNG, JPEG or GIF)."""
        stored = self._store("photos", "photo.jpg", content, room)
        return self.post({"photo": stored.as_photo(), **_caption(caption)}, room=room)

    def send_sample(self, kind: str) -> Message:
        """Sends a thing bots rarely expect; kinds: sticker, voice, contact, location, poll, dice."""
        return self.post(sample(kind, self._store("files", f"{kind}.bin", kind.encode(), None)))

    def _store(self, folder: str, name: str, content: bytes, room: Room | None) -> "StoredFile":
        bot = next(iter((room or self.room()).bots.values()))
        return self.world.files.add(bot.id, folder, name, content)

    def forward(self, message: Message, *, room: Room | None = None) -> Message:
        """Forwards a message to the bot; its buttons stay behind."""
        origin = {"type": "user", "sender_user": message.sender.as_json(), "date": message.data["date"]}
        return self.post({**message.content(), "forward_origin": origin}, room=room)

    def edit(self, message: Message, text: str) -> None:
        """Changes one's own text."""
        formatted = with_found(clean(FormattedText(text, [])))
        message.room.edit(message, text=formatted.text, entities=formatted.entities or None)

    def press(self, message: Message, data: str) -> Tap:
        """Sends callback data for a message, whether or not such a button stands there (any more).

        So act a phone that has not seen the newest edit, and somebody who forges.
        """
        bot = message.sender if message.from_bot else self.world.first_bot
        tap = Tap(self.world.token_id(), self, self.world.bot_of(bot), message, data, self.world.seconds())
        tap.bot.remember(tap)
        gone = {"chat": message.room.chat, "message_id": message.id, "date": 0}
        query = {
            "id": tap.id,
            "from": self.as_json(),
            "message": gone if message.deleted else message.data,
            "chat_instance": str(message.room.id * 1_000_003),
            "data": data,
        }
        tap.bot.push("callback_query", query)
        self.world.emit("tap", message.room, message=message, person=self.id)
        return tap

    async def tap(self, message: Message, label_or_data: str, within: float = 10.0) -> Answer:
        """Taps the button with this label (or callback data) and waits for the bot's answer.

        Raises:
            LookupError: the message has no such button now.
            TimeoutError: no answer within ``within`` seconds of real time.
        """
        return await self.press(message, button_data(message, label_or_data)).answer(within)

    def react(self, message: Message, emoji: str = "") -> None:
        """Puts an emoji under a message, or takes it away; bots hear of it that asked for ``message_reaction``."""
        old = message.reactions.get(self.id, [])
        new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        message.reactions[self.id] = new
        change = {"chat": message.room.chat, "message_id": message.id, "user": self.as_json()}
        change |= {"date": self.world.seconds(), "old_reaction": old, "new_reaction": new}
        for bot in message.room.bots.values():
            bot.push("message_reaction", change)
        self.world.emit("reaction", message.room, message=message)

    def block(self, bot: "Bot | None" = None) -> None:
        """Stops the bot: it can write no more."""
        self._membership(self.room(bot), blocked=True)

    def unblock(self, bot: "Bot | None" = None) -> None:
        """Takes the stop back."""
        self._membership(self.room(bot), blocked=False)

    def _membership(self, room: Room, *, blocked: bool) -> None:
        if room.blocked == blocked:
            return
        room.blocked = blocked
        bot = next(iter(room.bots.values()))
        stopped = {"status": "kicked", "user": bot.as_json(), "until_date": 0}
        member = {"status": "member", "user": bot.as_json()}
        change = {
            "chat": room.chat,
            "from": self.as_json(),
            "date": self.world.seconds(),
            "old_chat_member": member if blocked else stopped,
            "new_chat_member": stopped if blocked else member,
        }
        bot.push("my_chat_member", change)
        self.world.emit("blocked" if blocked else "unblocked", room)

    async def until(self, condition: Callable[[], bool], within: float = 10.0) -> None:
        """Waits until ``condition()`` holds; see `World.until`."""
        await self.world.until(condition, within)


def without_reply(data: Json) -> Json:
    """A message as it is quoted in a reply: without the message it answers itself."""
    return {name: value for name, value in data.items() if name != "reply_to_message"}


def button_data(message: Message, label_or_data: str) -> str:
    """The callback data of the button with this label or data.

    Raises:
        LookupError: there is no such button, or it is a link.
    """
    for button in message.buttons:
        if label_or_data in {button.text, button.data} and button.data:
            return button.data
    raise LookupError(f"no button {label_or_data!r} among {message.labels} under {message.text!r}")


def _caption(text: str) -> Json:
    formatted = with_found(clean(FormattedText(text, [])))
    content: Json = {"caption": formatted.text} if formatted.text else {}
    if formatted.entities:
        content["caption_entities"] = formatted.entities
    return content
