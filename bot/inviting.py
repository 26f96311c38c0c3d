"""``invite``: codes for people on the lists, with the link that opens the bot."""

import sys
from argparse import Namespace
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select
from telegram import Bot
from telegram.error import TelegramError

from bot.application import utc_now
from bot.next_step import hint
from bot.settings import Settings
from bot.transport import Transport
from bot.upgrading import upgrade
from locales import Voice
from models.base import Database, open_database
from models.codes import issue_code
from models.member import Person, Role
from models.office import the_office
from models.roster import Listing, RosterFault, enlist, not_in_yet

HEADINGS = ("role", "body", "mandate", "name", "code", "link", "expires")
WORDS = {
    "no name": "Der Name fehlt (--name).",
    "no body": "Für diese Rolle fehlt das Gremium (--body).",
    "no mandate": "Für diese Rolle fehlt das Mandat (--mandate); bei traeger ist es der Name des Trägers.",
    "unknown body": "Dieses Gremium ist nicht eingelesen: {detail}",
    "mandate held": "Dieses Mandat hat schon {detail} inne.",
}
NEW = "Neu auf den Listen: {}. Falsch geschrieben? Dann in Telegram: /buero, „Personen“."


class Writer(Protocol):
    """Writes rows of a CSV file."""

    def writerow(self, row: tuple[str, ...], /) -> object:
        """Write one row."""


async def bot_name(settings: Settings) -> str:
    """The bot's user name, asked of the Bot API.

    Raises:
        TelegramError: it cannot be had.
    """
    transport = Transport()
    token = settings.token.get_secret_value() if settings.token else ""
    bot = Bot(token, base_url=settings.api_url, request=transport, get_updates_request=transport)
    try:
        return (await bot.get_me()).username or ""
    finally:
        await transport.shutdown()


async def invite_one(settings: Settings, arguments: Namespace) -> int:
    """Print the link, the bare code and the expiry, one a line."""
    listing = Listing(Role(arguments.role), " ".join(arguments.name.split()), arguments.body, arguments.mandate)
    try:
        name = await bot_name(settings)
    except TelegramError as error:
        return _unreachable(error)
    database = open_database(settings.database_url)
    try:
        await upgrade(database, settings.backup_folder, utc_now())
        code, expires, new = await _issue(database, listing, arguments.days)
        comes_next = await hint(database, utc_now())
    except RosterFault as fault:
        print(WORDS[fault.reason].format(detail=fault.detail), file=sys.stderr)  # noqa: T201 - the answer
        return 1
    finally:
        await database.close()
    print(f"{_link(name, code)}\n{code}\n{expires}")  # noqa: T201 - the answer
    besides = [NEW.format(listing.name), *comes_next] if new else comes_next
    print("".join(f"{line}\n" for line in besides), end="", file=sys.stderr)  # noqa: T201 - not part of it
    return 0


async def invite_missing(settings: Settings, days: int, writer: Writer) -> int:
    """Write a CSV with a fresh code for everyone on the lists who has not come in yet."""
    try:
        name = await bot_name(settings)
    except TelegramError as error:
        return _unreachable(error)
    database = open_database(settings.database_url)
    now = utc_now()
    try:
        await upgrade(database, settings.backup_folder, now)
        async with database.begin() as session:
            voice = Voice("de", ZoneInfo((await the_office(session)).time_zone))
            expires = voice.stamp(now + timedelta(days=days))
            rows = [(one, await issue_code(session, person.id, now, days)) for person, one in await not_in_yet(session)]
    finally:
        await database.close()
    writer.writerow(HEADINGS)
    for one, code in rows:
        writer.writerow((one.role, one.body, one.mandate, one.name, code, _link(name, code), expires))
    return 0


async def _issue(database: Database, listing: Listing, days: int) -> tuple[str, str, bool]:
    """The code, until when it serves, and whether nobody of this name was known before."""
    now = utc_now()
    async with database.begin() as session:
        known = await session.scalar(select(Person.id).where(Person.name == listing.name))
        person = await enlist(session, listing, now)
        code = await issue_code(session, person.id, now, days)
        voice = Voice("de", ZoneInfo((await the_office(session)).time_zone))
    return code, voice.stamp(now + timedelta(days=days)), known is None


def _link(name: str, code: str) -> str:
    return f"https://t.me/{name}?start={code}"


def _unreachable(error: TelegramError) -> int:
    text = f"Die Bot-API antwortet nicht ({type(error).__name__}); ohne sie gibt es keinen Link."
    print(text, file=sys.stderr)  # noqa: T201 - the answer
    return 1
