"""The one composition root: everything is put together here, and only here."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import BaseRequest

from bot import VERSION
from bot.assistant import Assistant
from bot.limiter import Limiter
from bot.pace import SharedPace
from bot.settings import Settings
from bot.transport import Transport
from bot.upgrading import upgrade
from bot.watch import Watch
from bot.working import Sleep
from handlers import register
from handlers.context import Context
from handlers.house import House, Process, current_act
from models.base import Database, open_database


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


async def build(
    settings: Settings,
    *,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> Assistant:
    """Open the store, bring it to this program's revision, and put the bot together on it.

    Raises:
        StoreFault: the store cannot be worked on.
    """
    database = open_database(settings.database_url, running=True)
    await upgrade(database, settings.backup_folder, clock())
    return assemble(settings, database, request=request, clock=clock, sleep=sleep)


def assemble(
    settings: Settings,
    database: Database,
    *,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = utc_now,
    sleep: Sleep = asyncio.sleep,
    limiter: Limiter | None = None,
    watch: Watch | None = None,
) -> Assistant:
    """Put the bot together on an open store. ``request`` replaces the transport, ``clock`` the time."""
    shared = SharedPace(database, settings.outbox_rate, sleep) if database.shared and limiter is None else None
    watch = watch or _watch(settings)
    limiter = limiter or Limiter(settings.outbox_rate, shared=shared, note_error=watch.telegram_error)
    transport = request or Transport()
    bot: ExtBot[Any] = ExtBot(
        settings.token.get_secret_value() if settings.token else "",
        base_url=settings.api_url,
        base_file_url=settings.file_url,
        request=transport,
        get_updates_request=transport,
        rate_limiter=limiter,
    )
    process = Process(VERSION, clock(), str(settings.backup_folder), limiter.halted_for)
    house = House(database, clock, refused=watch.refused, vote_cast=watch.vote_cast, process=process)
    application = (
        ApplicationBuilder().bot(bot).updater(None).job_queue(None).context_types(ContextTypes(context=Context)).build()
    )
    application.bot_data["house"] = house
    register(application)
    application.add_error_handler(_note_error)
    return Assistant(settings, database, application, house, limiter, sleep, watch)


def _watch(settings: Settings) -> Watch:
    if settings.metrics_listen is None:
        return Watch()
    from bot.metrics import Metrics  # noqa: PLC0415 - costs a start that nobody watches a twentieth of a second

    return Metrics()


async def _note_error(_update: object, context: Context) -> None:
    """Hand the error of a handler to the intake, which decides about another try."""
    current_act.get().error = context.error
