"""The command menu: by role and language for members and staff, by default scope and language for everyone else."""

from typing import Any

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.commands import COMMANDS, Right
from locales import SHIPPED, Voice, choose
from models.actor import Actor


def commands(language: str, who: Actor | None) -> list[BotCommand]:
    """The commands somebody may use, named in their language."""
    voice = Voice(language)
    return [
        BotCommand(one.names[0] if language == "de" else one.names[-1], voice.plain(one.label))
        for one in COMMANDS
        if one.label and allowed(one.right, who)
    ]


def allowed(right: Right, who: Actor | None) -> bool:
    """Whether a menu shows the commands of this right to somebody."""
    if right is Right.ANYONE:
        return True
    if who is None:
        return False
    return who.staff is not None or (right is Right.MEMBER and who.is_member)


async def set_menu(bot: ExtBot[Any], who: Actor) -> None:
    """Give somebody known the menu of their roles. A menu that cannot be set is no reason to fail an act."""
    scope = BotCommandScopeChat(who.telegram_id)
    try:
        if who.is_member or who.staff:
            await bot.set_my_commands(commands(choose(who.language), who), scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    except TelegramError:
        return


async def set_default_menus(bot: ExtBot[Any]) -> None:
    """The menus of everyone else, one for each language and one for all others."""
    scope = BotCommandScopeAllPrivateChats()
    for language in SHIPPED:
        await bot.set_my_commands(commands(language, None), scope=scope, language_code=language)
    await bot.set_my_commands(commands("de", None), scope=scope)
