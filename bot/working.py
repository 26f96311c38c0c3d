"""One update worked off: tries until it is done or set aside, and patience while Telegram is out of reach."""

import json
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter

from bot.journal import about
from bot.passing import Passing
from bot.watch import Watch
from handlers.house import Act, House
from models import inbox
from models.inbox import TRIES, Arrival
from models.locks import held_up
from models.troubles import Place

# One place in the log and for „Technik", whichever room of the intake speaks.
log = logging.getLogger("bot.intake")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
RETRY_PAUSE = 0.5
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeoutError)  # the store, for a while

Process = Callable[[Mapping[str, Any], Act], Awaitable[BaseException | None]]
Sorry = Callable[[Mapping[str, Any], Act], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]


class OutOfReachError(SQLAlchemyError):
    """The store could not take a secret ballot."""


class StoppedError(Exception):
    """The bot was told to stop before Telegram could be spoken to again."""


class Working:
    """The hands that work updates off, until they are done or the bot is ``stopping``."""

    def __init__(
        self,
        house: House,
        process: Process,
        sorry: Sorry,
        sleep: Sleep,
        watch: Watch,
        *,
        stopping: Callable[[], bool],
        had_elsewhere: Callable[[Arrival], Awaitable[bool]],
    ) -> None:
        self._house, self._process, self._sorry = house, process, sorry
        self._sleep, self._watch, self._stopping, self._had_elsewhere = sleep, watch, stopping, had_elsewhere

    async def work_off(self, arrival: Arrival) -> bool:
        """Work one off; whether a row of the inbox was answered, which is to be noted then."""
        if isinstance(arrival, Passing):
            await self._pass(arrival)
            return False
        with about(update=arrival.update_id):
            answered = await self._through(arrival)
        if answered:
            self._watch.answered(arrival.kind, (self._house.clock() - arrival.received_at).total_seconds())
        return answered

    async def _through(self, arrival: Arrival) -> bool:
        """One update until it is done, or set aside after three tries; Telegram out of reach is not a try.

        True: it was answered.
        """
        act = Act(arrival.update_id, arrival.received_at, acted=arrival.acted)
        while (error := await self._try(arrival, act)) is not None:
            if isinstance(error, StoppedError):
                return False
            if await self._failed(arrival, error):
                await self._sorry(json.loads(arrival.payload), act)
                return False
            await self._sleep(RETRY_PAUSE)
        return True

    async def _try(self, arrival: Arrival, act: Act) -> BaseException | None:
        """Work an update off, as soon as Telegram is in reach; the error that the update itself is to blame for."""
        pause = FIRST_PAUSE
        while not self._stopping():
            if await self._had_elsewhere(arrival):
                return None
            act.anew()
            act.error = await self._process(json.loads(arrival.payload), act)
            if act.error is None or isinstance(act.error, Forbidden):  # who has blocked us hears no answer
                return None
            if not _out_of_reach(act.error):
                return act.error
            say_why(act.error, pause)
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return StoppedError()

    async def _pass(self, passing: Passing) -> None:
        """The same for one without a row: three tries are counted here, and nothing of it is told to the log."""
        act = Act(passing.update_id, passing.received_at, stored=False, committed=passing.settle)
        for _ in range(TRIES):
            error = await self._try(passing, act)
            if error is None:
                break
            if not act.acted and isinstance(error, (StoppedError, *UNREACHABLE)):
                # Without its words: PostgreSQL's tell the row that it failed at.
                passing.settle(StoppedError() if isinstance(error, StoppedError) else OutOfReachError())
                return
            # The words of an error may quote what it failed at.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error(
                "Update %d failed: %s\n%s",
                passing.update_id,
                type(error).__name__,
                where,
                extra={"trouble": type(error).__name__},
            )
            await self._sleep(RETRY_PAUSE)
        else:
            await self._sorry(json.loads(passing.payload), act)
        passing.settle()

    async def _failed(self, arrival: Arrival, error: BaseException) -> bool:
        """Count a failed try; True once the update is set aside.

        A store out of reach counts none, nor does somebody who holds what the update needs: the chat waits.
        """
        if held_up(error):
            log.warning("Update %d (%s) waits for what somebody else is changing.", arrival.update_id, arrival.kind)
            return False
        named = {"reference": str(arrival.update_id)}
        log.error("Update %d (%s) failed.", arrival.update_id, arrival.kind, exc_info=error, extra=named)
        try:
            async with self._house.database.begin() as session:
                aside = await inbox.note_failure(session, arrival.update_id, type(error).__name__)
        except SQLAlchemyError:
            log.exception("The store cannot be written to.")
            return False
        if aside:
            self._watch.set_aside(arrival.kind)
        return aside


def _out_of_reach(error: BaseException) -> bool:
    """Whether Telegram could not be spoken to, or wants silence: nothing the update is to blame for."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


def say_why(error: BaseException, pause: float) -> None:
    """Tell the log why Telegram cannot be spoken to; ``pause``: seconds until the next try."""
    named = {"trouble": type(error).__name__, "place": Place.TELEGRAM}
    if isinstance(error, Conflict):
        log.warning(
            "Conflict: another process asks for updates with this token. Next try in %.0f s.", pause, extra=named
        )
    else:
        log.warning("Telegram cannot be reached (%s). Next try in %.0f s.", type(error).__name__, pause, extra=named)
