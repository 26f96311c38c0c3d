"""The assistant at work: its parts begun and ended in order, and what the clock has it do."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError
from telegram.ext import Application

from bot.backup.keeping import Keeper
from bot.hearing import update_of
from bot.intake import Intake
from bot.introducing import learn_who_we_are, set_menus
from bot.limiter import Limiter
from bot.reception import Reception
from bot.sending import Sending
from bot.settings import Settings
from bot.tasks import Tasks
from bot.troubles import Collector
from bot.watch import Watch
from bot.working import Sleep
from handlers.context import Context
from handlers.errors import apologise
from handlers.house import Act, House, current_act
from handlers.letters import word
from handlers.rundruf.progress import PAUSE, show_progress
from models import safekeeping
from models.base import Database
from models.search import library
from scheduler.courier import Courier
from scheduler.planner import plan

log = logging.getLogger("bot")

TICK_SECONDS = 5
STEP_SECONDS = 1
TOGETHER = 0.05  # seconds in which acts that follow each other are one occasion to look for letters
FINISH_SECONDS = 10  # for the letters on their way when the bot is told to stop


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
        self.sending = Sending(application.bot, house)
        self.courier = Courier(database, word, self.sending.send, house.clock, limiter.halted_for, watch.letter)
        self.keeper = Keeper(database, settings.backup_folder, house.clock)
        self.collector = Collector(house.clock)
        self.reception = Reception(settings, database, self.intake, watch, sleep)
        self._has_ticked = False
        self._sleep = sleep
        self._ticker = AsyncIOScheduler(timezone=UTC)
        self._tasks = Tasks()
        self._post_in = asyncio.Event()
        self._ticking = asyncio.Lock()
        house.post_went_in = self._post_in.set

    async def process(self, data: Mapping[str, Any], act: Act) -> BaseException | None:
        """Take one update through the handlers; the error that stopped it, if any."""
        token = current_act.set(act)
        try:
            update = update_of(data, self.application.bot)
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
            update = update_of(data, self.application.bot)
            await apologise(self.application.bot, self.house, update, acted=act.acted)
        except Exception:
            log.exception("Nobody could be told that update %d was set aside.", act.update_id)

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
        self._tasks.spawn(self._run())

    async def _run(self) -> None:
        if not await learn_who_we_are(self.application, self._sleep):
            return
        if self.database.shared:
            self._tasks.spawn(self.intake.watch())
            self._tasks.spawn(self._keep_step())
        else:
            await self.intake.replay()
        self._tasks.spawn(self.reception.hear(self.application.bot))
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
        self._tasks.spawn(self._deliver_when_due())
        self._tasks.spawn(set_menus(self.application.bot, self.database))
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
            self._tasks.spawn(self._safe_keeping())  # the ticks go on while a backup is written

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
        await self._sleep(TOGETHER)
        self._post_in.clear()

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
        await self._tasks.stop()
        await self.intake.stop()
        await self.application.bot.shutdown()
        await self.application.bot.request.shutdown()
        await self.reception.stop()
        await self.database.close()
