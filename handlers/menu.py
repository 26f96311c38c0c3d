"""The command menu: by role and language for members and staff, by default scope and language for everyone else."""

from collections.abc import Iterator, Sequence
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.commands import COMMANDS, Right
from locales import N_, Voice, choose
from models.actor import Actor

# Of the languages we speak those that Telegram has a code for: https://core.telegram.org/bots/api#setmycommands
TELEGRAM_CODES = ("de", "en")
EVERYONE = BotCommandScopeAllPrivateChats()
UNKNOWN = "und"  # ISO 639-2's own word for a language not known
DESCRIPTION = N_(
    "I answer questions about the funding directive REGIO AKTIV and say where the answer stands. I know the deadlines, "
    "remind you of them, and pass questions on to the office. Members vote here and answer invitations.\n\n"
    "All of it works by telephone and e-mail, too. Please send no data of participants."
)
SHORT = N_("Questions about REGIO AKTIV, deadlines, meetings and votes of the regional coordination.")


def commands(language: str, who: Actor | None) -> list[BotCommand]:
    """The commands somebody may use, named in their language."""
    voice = Voice(language)
    return [
        BotCommand(one.names[0] if voice.german else one.names[-1], voice.plain(one.label))
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
            await bot.set_my_commands(commands(choose(who.language, who.languages), who), scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    except TelegramError:
        return


async def introduce(bot: ExtBot[Any], offered: Sequence[str]) -> None:
    """What everyone else sees: the menu, and what the bot says of itself before the first word.

    By Telegram's language, of two letters; without one for those whose language we do not have. Leichte Sprache has no
    such code: who has chosen it and has no role sees the German menu.
    """
    for code, voice in _voices(offered):
        await bot.set_my_commands(commands(voice.language, None), scope=EVERYONE, language_code=code)
        await bot.set_my_description(voice.plain(DESCRIPTION), language_code=code)
        await bot.set_my_short_description(voice.plain(SHORT), language_code=code)


async def is_introduced(bot: Bot, offered: Sequence[str]) -> bool:
    """Whether Telegram has all that ``introduce`` says."""
    for code, voice in _voices(offered):
        if list(await bot.get_my_commands(scope=EVERYONE, language_code=code)) != commands(voice.language, None):
            return False
        said = (await bot.get_my_description(language_code=code)).description
        short = (await bot.get_my_short_description(language_code=code)).short_description
        if (said, short) != (voice.plain(DESCRIPTION), voice.plain(SHORT)):
            return False
    return True


def _voices(offered: Sequence[str]) -> Iterator[tuple[str | None, Voice]]:
    """Telegram's language codes, None for everybody else's, each with the voice that answers there."""
    for code in (None, *TELEGRAM_CODES):
        yield code, Voice(choose(code or UNKNOWN, offered))
