"""One request on its way: which bot asks, what for, and the checks that many methods share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.telegram.bots import Bot
from demo.telegram.entities import FormattedText, Json, clean, units, with_found
from demo.telegram.keyboards import checked_markup, inline_markup
from demo.telegram.markup import parse
from demo.telegram.params import Params
from demo.telegram.people import without_reply
from demo.telegram.refusal import bad_request, forbidden, migrated
from demo.telegram.rooms import Message, Room

if TYPE_CHECKING:
    from demo.telegram.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024


@dataclass
class Call:
    """What a method gets."""

    world: "World"
    bot: Bot
    params: Params

    def room(self, name: str = "chat_id") -> Room:
        """The conversation a parameter names.

        Raises:
            ApiError: 400 if it is not given, or this bot cannot know it.
        """
        if name not in self.params:
            raise bad_request(f"{name} is empty")
        chat_id = self.params.integer(name)
        if room := self.bot.rooms.get(chat_id):
            return room
        if (group := self.world.groups.get(chat_id)) and self.bot.id in group.bots:
            return group
        if group:
            raise forbidden(f"bot is not a member of the {group.chat['type']} chat")
        if person := self.world.people.get(chat_id):
            return person.room(self.bot)
        if chat_id in self.world.bots:
            raise forbidden("bots can't send messages to bots")
        raise bad_request("chat not found")

    def target(self, name: str = "chat_id") -> Room:
        """The conversation to write into; counts for the rates.

        Raises:
            ApiError: 400 or 403 if it cannot be written to, 429 if too fast.
        """
        room = self.room(name)
        if room.migrated_to:
            raise migrated(room.migrated_to)
        if room.private and room.people[room.id].deactivated:
            raise forbidden("user is deactivated")
        if not room.opened:
            raise forbidden("bot can't initiate conversation with a user")
        if room.blocked:
            raise forbidden("bot was blocked by the user")
        self.world.limits.spend(self.bot.id, room.id)
        return room

    def message(self, room: Room, complaint: str, name: str = "message_id") -> Message:
        """A message by its id.

        Raises:
            ApiError: 400 with ``complaint`` if it is not there.
        """
        if name not in self.params:
            raise bad_request("message identifier is not specified")
        message = room.messages.get(self.params.integer(name))
        if message is None:
            raise bad_request(complaint)
        return message

    def formatted(self, name: str, entities: str, values: Params | None = None) -> FormattedText:
        """A text with its markup read (or with the entities given), cleaned, and with what Telegram finds itself.

        Raises:
            ApiError: 400 if the markup is wrong.
        """
        params = values or self.params
        text = params.text(name)
        if mode := params.text("parse_mode"):
            raw = parse(text, mode)
        else:
            raw = FormattedText(text, [_checked_entity(one, units(text)) for one in params.array(entities, "entities")])
        cleaned = clean(raw)
        return with_found(
            FormattedText(cleaned.text, [one for one in map(self._known_person, cleaned.entities) if one])
        )

    def _known_person(self, entity: Json) -> Json | None:
        """A mention of a person by id names the person, or is plain text if there is none."""
        if entity["type"] != "text_mention":
            return entity
        person = self.world.people.get(entity["user"]["id"])
        return {**entity, "user": person.as_json()} if person else None

    def text(self) -> Json:
        """The fields of a text message: ``text``, ``entities``, ``link_preview_options``.

        Raises:
            ApiError: 400 if it is empty, too long or wrongly marked up.
        """
        formatted = self.formatted("text", "entities")
        if not formatted.text:
            raise bad_request("message text is empty")
        if units(formatted.text) > MAX_TEXT:
            raise bad_request("message is too long")
        content: Json = {"text": formatted.text}
        if formatted.entities:
            content["entities"] = formatted.entities
        if preview := self.params.parsed("link_preview_options", "link preview options"):
            content["link_preview_options"] = preview
        return content

    def caption(self, values: Params | None = None) -> Json:
        """The fields of a caption: ``caption``, ``caption_entities``.

        Raises:
            ApiError: 400 if it is too long or wrongly marked up.
        """
        formatted = self.formatted("caption", "caption_entities", values)
        if units(formatted.text) > MAX_CAPTION:
            raise bad_request("message caption is too long")
        content: Json = {"caption": formatted.text} if formatted.text else {}
        if formatted.entities:
            content["caption_entities"] = formatted.entities
        return content

    def inline_markup(self) -> Json | None:
        """The inline keyboard of an edit.

        Raises:
            ApiError: 400 if it is wrong.
        """
        return inline_markup(self.params.parsed("reply_markup", "reply keyboard markup"))

    def post(self, content: Json, *, room: Room | None = None) -> Message:
        """Sends: into the chat named, with reply, keyboard and protection as asked for."""
        markup = checked_markup(self.params.parsed("reply_markup", "reply keyboard markup"))
        room = room or self.target()
        content = {**content, **self._reply(room)}
        if markup and "inline_keyboard" in markup:
            content["reply_markup"] = markup
        if self.params.flag("protect_content"):
            content["has_protected_content"] = True
        message = room.post(self.bot, content, silent=self.params.flag("disable_notification"))
        if markup and "inline_keyboard" not in markup:
            room.keyboard = None if markup.get("remove_keyboard") else markup
            self.world.emit("keyboard", room)
        return message

    def _reply(self, room: Room) -> Json:
        wanted = self.params.parsed("reply_parameters", "reply parameters") or {}
        number = wanted.get("message_id") or self.params.integer("reply_to_message_id")
        if not number:
            return {}
        answered = room.messages.get(number)
        if answered is None:
            if wanted.get("allow_sending_without_reply") or self.params.flag("allow_sending_without_reply"):
                return {}
            raise bad_request("message to be replied not found")
        content: Json = {"reply_to_message": without_reply(answered.data)}
        if quote := wanted.get("quote"):
            if quote not in answered.text:
                raise bad_request("QUOTE_TEXT_INVALID")
            content["quote"] = {"text": quote, "position": units(answered.text.partition(quote)[0]), "is_manual": True}
        return content


def _checked_entity(entity: object, length: int) -> Json:
    if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
        raise bad_request("can't parse MessageEntity: Can't find field \"type\"")
    offset, size = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size <= 0:
        raise bad_request("can't parse MessageEntity: Can't find field \"offset\"")
    if offset + size > length:
        return {**entity, "length": max(length - offset, 0)}
    return entity
