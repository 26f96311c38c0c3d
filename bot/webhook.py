"""What Telegram is told of how updates come: by our endpoint, or fetched (https://core.telegram.org/bots/api#setwebhook)."""

import hashlib
import hmac
import logging

from telegram import Bot, WebhookInfo

from bot.settings import Settings
from bot.watch import KINDS
from models import pace
from models.base import Database

log = logging.getLogger("bot.webhook")

CONNECTIONS = 40  # calls of Telegram at once; it keeps the order within a chat by itself


async def announce(bot: Bot, settings: Settings, database: Database) -> None:
    """Tell Telegram where to bring updates, where it has been told otherwise; without an address, that we fetch them.

    What waits there is never dropped, and nothing is taken back at the end: in a rolling restart others go on.

    Raises:
        TelegramError: Telegram cannot be reached, or does not take the address.
    """
    info = await bot.get_webhook_info()
    async with database.begin() as session:
        await pace.begin(session)
        known = await pace.known_webhook(session)
    wanted = _digest(settings)
    if settings.webhook_url is None or settings.webhook_secret is None:
        if info.url:
            log.warning("Updates were brought to another address; from now on they are fetched.")
            await bot.delete_webhook(drop_pending_updates=False)
    elif known != wanted or not _as_wanted(info, settings.webhook_url):
        await bot.set_webhook(
            settings.webhook_url,
            max_connections=CONNECTIONS,
            allowed_updates=list(KINDS),
            drop_pending_updates=False,
            secret_token=settings.webhook_secret.get_secret_value(),
        )
        log.info("Telegram brings updates from now on.")
    if known != wanted:
        async with database.begin() as session:
            await pace.note_webhook(session, wanted)


def _as_wanted(info: WebhookInfo, url: str) -> bool:
    return info.url == url and info.max_connections == CONNECTIONS and set(info.allowed_updates or ()) == set(KINDS)


def _digest(settings: Settings) -> str | None:
    """What Telegram does not tell again is its secret: whether it is another one now is seen by this."""
    if settings.webhook_secret is None or settings.token is None:
        return None
    secret, key = settings.webhook_secret.get_secret_value().encode(), settings.token.get_secret_value().encode()
    return hmac.new(key, secret, hashlib.sha256).hexdigest()
