"""The one composition root: everything is put together here, and only here."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import BaseRequest

from bot import VERSION
from bot.backup.keeping import Keeper
from bot.intake import FIRST_PAUSE, LONGEST_PAUSE, Intake
from bot.limiter import LETTER, Limiter
from bot.migrate import migrate
from bot.pace import SharedPace
from bot.reception import Reception
from bot.settings import Settings
from bot.transport import NeverLeft, NotTaken, Transport
from bot.troubles import Collector
from bot.watch import Watch
from handlers import register
from handlers.context import Act, Context, House, Process, current_act
from handlers.errors import apologise
from handlers.letters import word
from handlers.menu import introduce
from handlers.numbers import buttons_of
from handlers.pieces import Deleted, Edited, HandleGoneError
from handlers.rundruf.progress import PAUSE, show_progress
from handlers.rundruf.sending import send_letter_part
from handlers.speech import Message
from models import safekeeping
from models.base import Database, open_database
from models.office import the_office
from models.search import library
from models.troubles import Place
from scheduler.courier import Arrived, Courier, Part
from scheduler.planner import plan
from scheduler.verdicts import NeverLeftError, NotTakenError

log = logging.getLogger("bot")

TICK_SECONDS = 5
STEP_SECONDS = 1
FINISH_SECONDS = 10  # for the letters on their way when the bot is told to stop
Sleep = Callable[[float], Awaitable[None]]


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


class Assistant:
    """The bot, put together: intake, handlers, planner and courier on one store."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        application: Application[Any, Context, Any, Any, Any, Any],
        house: House,
        limiter: Limiter,
        sleep: Sleep,
        watch: Watch,
    ) -> None:
        self.settings, self.database, self.application, self.house = settings, database, application, house
        self._limiter, self.watch = limiter, watch
        self.intake = Intake(house, self.process, sorry=self.apologise, sleep=sleep, watch=watch)
        self.courier = Courier(database, word, self._send, house.clock, limiter.halted_for, watch.letter)
        self.keeper = Keeper(database, settings.backup_folder, house.clock)
        self.collector = Collector(house.clock)
        self.reception = Reception(settings, database, self.intake, watch, sleep)
        self._has_ticked = False
        self._sleep, self._halted_for = sleep, limiter.halted_for
        self._ticker = AsyncIOScheduler(timezone=UTC)
        self._tasks: set[asyncio.Task[None]] = set()
        self._post_in = asyncio.Event()
        self._ticking = asyncio.Lock()
        house.post_went_in = self._post_in.set

    async def process(self, data: Mapping[str, Any], act: Act) -> BaseException | None:
        """Take one update through the handlers; the error that stopped it, if any."""
        token = current_act.set(act)
        try:
            update = Update.de_json(dict(data), self.application.bot)
            act.error = None
            await self.application.process_update(update)
        except Exception as error:  # noqa: BLE001 - whatever an update brings, its chat goes on
            return error
        finally:
            current_act.reset(token)
        return act.error

    async def apologise(self, data: Mapping[str, Any], act: Act) -> None:
        """Tell whoever sent an update that it was set aside; that this fails too must not hold up the chat."""
        try:
            update = Update.de_json(dict(data), self.application.bot)
            await apologise(self.application.bot, self.house, update, acted=act.acted)
        except Exception:
            log.exception("Nobody could be told that update %d was set aside.", act.update_id)

    async def _send(self, telegram_id: int, part: Part, silent: bool) -> Arrived:
        if not isinstance(part, Message):
            raise TypeError(type(part))
        extra: dict[str, Any] = {"disable_notification": silent or None, "rate_limit_args": LETTER}
        try:
            arrived = await send_letter_part(self.application.bot, self.database, telegram_id, part, **extra)
        except NeverLeft as error:
            raise NeverLeftError from error
        except (NotTaken, HandleGoneError) as error:
            raise NotTakenError from error
        self._note_shown(telegram_id, part, arrived)
        return arrived

    def _note_shown(self, telegram_id: int, part: Message, arrived: Arrived) -> None:
        """Remember which buttons a letter brought, changed, or took along."""
        now = self.house.clock()
        if isinstance(part, Deleted):
            for gone in part.message_ids:
                self.house.note_shown(telegram_id, buttons_of(gone, part, now))
        elif isinstance(arrived, int) and (part.rows or isinstance(part, Edited)):
            self.house.note_shown(telegram_id, buttons_of(arrived, part, now))

    async def tick(self) -> None:
        """Plan what is due and deliver it, until nothing is due at this instant."""
        await self.plan()
        await self.courier.deliver()
        await self.show_progress()

    async def show_progress(self) -> None:
        """Bring the lines up to date that show how far a Rundruf is."""
        await show_progress(self.application.bot, self.house)

    async def keep_safe(self) -> None:
        """Make the backup that was ordered, if one was."""
        await self.keeper.work()

    async def plan(self) -> None:
        """Plan what is due; a long delivery under way does not hold it up."""
        # What is answered but not noted so would look unworked, and keep a vote from closing until the next tick.
        await self.intake.settle()
        await plan(self.database, self.house.clock())
        await self.database.empty_overdue_log()
        await self.collector.flush_to(self.database)

    async def start(self) -> None:
        """Begin work: what was left behind first, then updates and ticks. Telegram may be out of reach meanwhile.

        Raises:
            AddressTaken: another program listens where we are to listen.
        """
        self.reception.bind()
        self.collector.listen()
        await self.courier.release()
        await self.database.empty_log()
        if not self.database.shared:
            async with self.database.begin() as session:
                await safekeeping.release(session)
        self._spawn(self._run())

    async def _run(self) -> None:
        if not await self._introduce():
            return
        if self.database.shared:
            self._spawn(self.intake.watch())
            self._spawn(self._keep_step())
        else:
            await self.intake.replay()
        self._spawn(self.reception.hear(self.application.bot))
        self._ticker.add_job(
            self._safe_tick,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._ticker.add_job(
            self._safe_progress,
            "interval",
            seconds=PAUSE.total_seconds(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._ticker.start()
        self._spawn(self._deliver_when_due())
        self._spawn(self._set_menus())
        # The first question should not wait for the index.
        async with self.database.read() as session:
            await library(session, asyncio.to_thread)

    async def _keep_step(self) -> None:
        """Learn each second of the other processes' halts."""
        while True:
            await self._sleep(STEP_SECONDS)
            try:
                await self._limiter.keep_step()
            except SQLAlchemyError as error:
                log.warning("The store is out of reach (%s).", type(error).__name__)

    async def _introduce(self) -> bool:
        """Learn who we are; False where Telegram does not know the token."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.application.initialize()
            except InvalidToken:
                log.critical("Telegram does not know this BOT_TOKEN. Please check it with @BotFather.")
                return False
            except TelegramError as error:
                named = {"trouble": type(error).__name__, "place": Place.TELEGRAM}
                log.warning(
                    "Telegram cannot be reached (%s). Next try in %.0f s.", type(error).__name__, pause, extra=named
                )
                await self._sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                log.info("Here is @%s.", self.application.bot.username)
                return True

    async def _safe_tick(self) -> None:
        if self.courier.stopping:
            return
        try:
            async with self._ticking:
                if await self._is_ours():
                    began = time.monotonic()
                    await self.plan()
                    self.watch.ticked(time.monotonic() - began)
        except asyncio.CancelledError:
            return  # told to stop; the scheduler would take it for a fault of the job
        except Exception:
            log.exception("A tick failed; the next one tries again.")
        self._post_in.set()
        if not self.keeper.at_work:
            self._spawn(self._safe_keeping())  # the ticks go on while a backup is written

    async def _safe_keeping(self) -> None:
        try:
            await self.keep_safe()
        except Exception:
            log.exception("The backup could not be made; the next tick tries again.")

    async def _is_ours(self) -> bool:
        """Whether this tick is done here, and not by another process. The first always is."""
        first, self._has_ticked = not self._has_ticked, True
        return first or await self._limiter.takes_tick(timedelta(seconds=TICK_SECONDS))

    async def _safe_progress(self) -> None:
        if self.courier.stopping:
            return
        try:
            await self.show_progress()
        except asyncio.CancelledError:
            return  # as above
        except Exception:
            log.exception("The progress could not be shown; the next time it will.")

    async def _deliver_when_due(self) -> None:
        """Letters posted by an act go out at once, not with the next tick; what has to wait goes when it may."""
        while True:
            try:
                await self._until_due()
                await self.courier.deliver()
            except Exception:
                log.exception("A delivery failed; the next tick tries again.")
                await self._post_in.wait()

    async def _until_due(self) -> None:
        """Wait until something was posted, or what waits may go."""
        pause = await self.courier.pause()
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._post_in.wait()
        self._post_in.clear()

    async def _set_menus(self) -> None:
        async with self.database.read() as session:
            offered = (await the_office(session)).languages
        try:
            await introduce(self.application.bot, offered)
        except TelegramError as error:
            log.warning("The command menus could not be set (%s).", type(error).__name__)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("A part of the bot has stopped. Please start it anew.", exc_info=error)

    async def stop(self) -> None:
        """End cleanly: what is at work is finished, what waits stays in the store."""
        await self.reception.close()
        self.intake.stopping = True
        self.collector.leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS):
                # A letter cut off between request and note would be one of which nobody knows whether it arrived.
                await self.courier.finish()
                await self._ticking.acquire()
        if self._ticker.running:
            self._ticker.shutdown(wait=False)
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.intake.stop()
        await self.application.bot.shutdown()
        await self.application.bot.request.shutdown()
        await self.reception.stop()
        await self.database.close()


async def build(
    settings: Settings,
    *,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> Assistant:
    """Open and migrate the store and put the bot together on it."""
    database = open_database(settings.database_url, running=True)
    await migrate(database)
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
