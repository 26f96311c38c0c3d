"""Where updates come in and where one can see how the process is: the addresses of ours, and what Telegram is told.

What serves HTTP is imported only where an address is set: who fetches updates, unwatched, needs no server.
"""

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.intake import Intake
from bot.polling import poll
from bot.settings import Settings
from bot.transport import Transport
from bot.watch import Watch
from bot.webhook import announce
from bot.working import FIRST_PAUSE, LONGEST_PAUSE, Sleep
from models.base import Database

if TYPE_CHECKING:
    from bot.serving import Serving

log = logging.getLogger("bot.reception")


class Reception:
    """From ``bind`` to ``stop``: ``hear`` lets updates in, ``close`` lets none in any more."""

    def __init__(self, settings: Settings, database: Database, intake: Intake, watch: Watch, sleep: Sleep) -> None:
        self._settings, self._database, self._intake = settings, database, intake
        self._watch, self._sleep = watch, sleep
        self._hears = False
        self._endpoint, self._health = self._made_endpoint(), self._made_health()

    def _made_endpoint(self) -> "Serving | None":
        settings = self._settings
        if settings.webhook_url is None or settings.webhook_secret is None or settings.webhook_listen is None:
            return None
        from bot.endpoint import Gathering, endpoint  # noqa: PLC0415 - see above
        from bot.serving import Serving  # noqa: PLC0415 - see above

        secret = settings.webhook_secret.get_secret_value()
        app = endpoint(settings.webhook_url, secret, Gathering(self._intake.take).take, self._watch.called)
        return Serving(app, settings.webhook_listen, beside_others=self._database.shared)

    def _made_health(self) -> "Serving | None":
        if self._settings.metrics_listen is None:
            return None
        from bot.health import health  # noqa: PLC0415 - see above
        from bot.metrics import Metrics  # noqa: PLC0415 - see above
        from bot.serving import Serving  # noqa: PLC0415 - see above

        metrics = self._watch if isinstance(self._watch, Metrics) else Metrics()
        app = health(metrics, self._database, self._intake.clock, works=lambda: self._hears)
        return Serving(app, self._settings.metrics_listen)

    def bind(self) -> None:
        """Take the addresses, and say from now on how the process is.

        Raises:
            AddressTaken: another program has one of them.
        """
        for one in (self._endpoint, self._health):
            if one is not None:
                one.bind()
        if self._health is not None:
            self._health.start()

    async def hear(self, bot: ExtBot[Any]) -> None:
        """Let updates in, by the way that the settings name."""
        if self._endpoint is not None:
            self._endpoint.start()
        self._hears = True
        pause = FIRST_PAUSE
        while not await self._announced(bot):
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        transport = bot.request
        if self._endpoint is None and isinstance(transport, Transport):
            url = f"{self._settings.api_url}{bot.token}/getUpdates"
            await poll(self._intake, transport, url, sleep=self._sleep, watch=self._watch)

    async def _announced(self, bot: ExtBot[Any]) -> bool:
        try:
            await announce(bot, self._settings, self._database)
        except BadRequest as error:
            log.critical("Telegram does not take BOT_WEBHOOK_URL: %s", error.message)
            return False
        except (TelegramError, SQLAlchemyError) as error:
            log.warning("Telegram or the store cannot be reached (%s).", type(error).__name__)
            return False
        return True

    async def close(self) -> None:
        """Let no more updates in; those that are coming in are answered."""
        self._hears = False
        if self._endpoint is not None:
            await self._endpoint.stop()

    async def stop(self) -> None:
        """Say no more how the process is."""
        if self._health is not None:
            await self._health.stop()
