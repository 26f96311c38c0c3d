"""What a bot says of itself: who it is, its commands, names, descriptions, menu button."""

import re

from demo.telegram.call import Call
from demo.telegram.entities import Json, units
from demo.telegram.methods.registry import method
from demo.telegram.refusal import bad_request

MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_PLAIN_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}


@method
def get_me(call: Call) -> Json:
    """The bot's own account."""
    return {
        **call.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.reads_everything,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _scope(call: Call) -> str:
    scope = call.params.parsed("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _PLAIN_SCOPES:
        return str(kind)
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = str(scope.get("chat_id"))
    if not chat_id.removeprefix("-").isdigit() or not call.world.knows(int(chat_id)):
        raise bad_request("chat not found")
    return f"{kind}:{chat_id}" + (f":{scope.get('user_id')}" if kind == "chat_member" else "")


def _language(call: Call) -> str:
    language = call.params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _command(entry: object) -> Json:
    if not isinstance(entry, dict) or not {"command", "description"} <= set(entry):
        raise bad_request("can't parse BotCommand: BotCommand must be an Object")
    command, description = str(entry["command"]).removeprefix("/"), str(entry["description"]).strip()
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if units(description) > MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


@method
def set_my_commands(call: Call) -> bool:
    """The command menu of a scope and language."""
    entries = call.params.array("commands", "BotCommand")
    if len(entries) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope(call), _language(call)] = [_command(entry) for entry in entries]
    call.world.emit("menu", None, bot=call.bot)
    return True


@method
def get_my_commands(call: Call) -> list[Json]:
    """The menu of exactly this scope and language."""
    return call.bot.commands.get((_scope(call), _language(call)), [])


@method
def delete_my_commands(call: Call) -> bool:
    """People then see the next wider scope's menu."""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    call.world.emit("menu", None, bot=call.bot)
    return True


def _set_text(call: Call, kind: str) -> bool:
    text = call.params.text(kind)
    if units(text) > _TEXT_LIMITS[kind]:
        raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
    language = _language(call)
    if kind == "name" and not language and text:
        call.bot.name = text
    call.bot.texts[kind, language] = text
    call.world.emit("menu", None, bot=call.bot)
    return True


def _get_text(call: Call, kind: str) -> Json:
    texts = call.bot.texts
    general = texts.get((kind, "")) or (call.bot.name if kind == "name" else "")
    return {kind: texts.get((kind, _language(call))) or general}


@method
def set_my_name(call: Call) -> bool:
    """The name in a language."""
    return _set_text(call, "name")


@method
def get_my_name(call: Call) -> Json:
    """A ``BotName``."""
    return _get_text(call, "name")


@method
def set_my_description(call: Call) -> bool:
    """What an empty chat shows."""
    return _set_text(call, "description")


@method
def get_my_description(call: Call) -> Json:
    """A ``BotDescription``."""
    return _get_text(call, "description")


@method
def set_my_short_description(call: Call) -> bool:
    """What the profile shows."""
    return _set_text(call, "short_description")


@method
def get_my_short_description(call: Call) -> Json:
    """A ``BotShortDescription``."""
    return _get_text(call, "short_description")


@method
def set_chat_menu_button(call: Call) -> bool:
    """The button beside the text entry, of one chat or of all."""
    button = call.params.parsed("menu_button", "MenuButton") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"commands", "web_app", "default"}:
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    if "chat_id" in call.params:
        call.room().menu_button = button
    else:
        call.bot.menu_button = button
    return True


@method
def get_chat_menu_button(call: Call) -> Json:
    """A ``MenuButton``."""
    own = call.room().menu_button if "chat_id" in call.params else None
    return own or call.bot.menu_button
