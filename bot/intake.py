"""Updates in: stored before Telegram is told, worked off in order within a chat and side by side across chats."""

import asyncio
import json
import logging
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter

from bot.door import Door
from bot.journal import about
from bot.passing import Passing, passes, payload_of
from bot.watch import Watch
from handlers.context import Act, House
from models import inbox
from models.base import stamp_in_order
from models.inbox import TRIES, Arrival
from models.troubles import Place

log = logging.getLogger("bot.intake")

SIDE_BY_SIDE = 64
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
RETRY_PAUSE = 0.5
SETTLE_AFTER = 0.3  # seconds after the last answer until the payloads are emptied without another act
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeoutError)  # the store, for a while
FARTHEST_ID = 1 << 52  # ids have at most 52 significant bits: https://core.telegram.org/bots/api#chat
ELSEWHERE = 0.05  # seconds until another look at a chat in which another process is at work
LOOK_EVERY = 2.0  # seconds between two looks for what a process has left behind that was killed

Process = Callable[[Mapping[str, Any], Act], Awaitable[BaseException | None]]
Sorry = Callable[[Mapping[str, Any], Act], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]


def lane_of(update: Mapping[str, Any]) -> tuple[int, str]:
    """The chat (or user) within which order is kept, and the kind of update."""
    kind = next((key for key in update if key != "update_id"), "nothing")
    content = update.get(kind)
    if not isinstance(content, Mapping):
        return 0, kind
    message = content.get("message") if kind == "callback_query" else content
    chat = message.get("chat") if isinstance(message, Mapping) else None
    owner = next((one for one in (chat, content.get("from")) if isinstance(one, Mapping) and one), {})
    number = owner.get("id", 0)
    return number if isinstance(number, int) and abs(number) < FARTHEST_ID else 0, kind


async def _no_word(_update: Mapping[str, Any], _act: Act) -> None:
    """Say nothing about an update that was set aside."""


class OutOfReachError(SQLAlchemyError):
    """The store could not take a secret ballot."""


class StoppedError(Exception):
    """The bot was told to stop before Telegram could be spoken to again."""


class Intake:
    """The durable inbox at work."""

    def __init__(
        self,
        house: House,
        process: Process,
        *,
        sorry: Sorry = _no_word,
        sleep: Sleep = asyncio.sleep,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch or Watch()
        self._house, self._process, self._sorry, self._sleep = house, process, sorry, sleep
        self._lanes: dict[int, deque[Arrival]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._settling: asyncio.TimerHandle | None = None
        # SQLite has one process: its lanes need nobody's leave.
        self._door = Door(house.database, sleep) if house.database.shared else None
        self.stopping = False
        house.settle_soon = self._settle_soon

    def clock(self) -> datetime:
        """The house's clock."""
        return self._house.clock()

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Store a batch, then hand it to its lanes. When this returns the batch may be confirmed to Telegram.

        What must not be written down goes to its lane as it is; a ballot that it casts is waited for.

        Raises:
            SQLAlchemyError: the store cannot be written to. Nothing may be confirmed.
            StoppedError: the bot stops, and a ballot is not in the store. The same.
        """
        passing = {int(one["update_id"]): self._passing(one) for one in updates if passes(one)}
        new = await self._store([one for one in updates if not passes(one)])
        for _, arrival in sorted({**new, **passing}.items()):
            self._hand_over(arrival)
        for cast in [one for one in passing.values() if one.casts]:
            await cast.done

    async def _store(self, updates: Sequence[Mapping[str, Any]]) -> Mapping[int, Arrival]:
        """Store updates and return those that are new."""
        if not updates:
            return {}
        with self._house.settling() as unkept:
            async with self._house.database.begin() as session:
                # Stamped under the writer's lock, so that no closing can pass between the stamp and the row.
                received_at = await stamp_in_order(session, self._house.clock)
                arrivals = [self._arrival(one, received_at) for one in updates]
                new = await inbox.take_in(session, arrivals)
                await unkept.write(session)
        once = {one.update_id: one for one in arrivals}  # a batch may hold a redelivered update twice
        for update_id in new:
            self._watch.received(once[update_id].kind)
        return {update_id: once[update_id] for update_id in new}

    def _passing(self, update: Mapping[str, Any]) -> Passing:
        arrival = self._arrival(update, self._house.clock())
        return Passing(arrival.update_id, arrival.lane, arrival.received_at, arrival.kind, arrival.payload)

    @staticmethod
    def _arrival(update: Mapping[str, Any], received_at: datetime) -> Arrival:
        lane, kind = lane_of(update)
        return Arrival(int(update["update_id"]), lane, received_at, kind, payload_of(update))

    async def replay(self) -> int:
        """Take up what a stopped process left behind; returns how many."""
        async with self._house.database.read() as session:
            left = await inbox.unfinished(session)
        for arrival in left:
            self._hand_over(arrival)
        return len(left)

    async def watch(self) -> None:
        """Take up what other processes leave behind, from now on. On SQLite there is none."""
        while self._door is not None and not self.stopping:
            try:
                for lane in await self._door.look(list(self._lanes), 4 * SIDE_BY_SIDE):
                    self._wake(lane)
            except SQLAlchemyError as error:
                log.warning("The store is out of reach (%s).", type(error).__name__)
            await self._sleep(LOOK_EVERY)

    def _hand_over(self, arrival: Arrival) -> None:
        self._wake(arrival.lane).append(arrival)

    def _wake(self, number: int) -> deque[Arrival]:
        """The lane, with somebody at work in it."""
        if number not in self._lanes:
            self._lanes[number] = deque()
            self._employ(self._work(number))
        return self._lanes[number]

    def _employ(self, work: Coroutine[Any, Any, None]) -> None:
        worker = asyncio.create_task(work)
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, number: int) -> None:
        lane = self._lanes[number]
        try:
            await (self._alone(lane) if self._door is None else self._in_turn(self._door, number, lane))
        finally:
            del self._lanes[number]
            for one in lane:
                if isinstance(one, Passing):
                    one.settle(StoppedError())
        if not self._lanes:
            self._settle_soon()

    async def _alone(self, lane: deque[Arrival]) -> None:
        while lane and not self.stopping:
            async with self._room:
                await self._one(lane[0])
            lane.popleft()

    async def _in_turn(self, door: Door, number: int, lane: deque[Arrival]) -> None:
        """The same where other processes are at work too: what waits in the chat is read once it is ours."""
        while not self.stopping:
            async with self._room:
                found = await door.enter(number)
                # What is in the store and not ours is seen by whoever leaves the chat; the others have no row.
                passing = [one for one in lane if isinstance(one, Passing)]
                lane.clear()
                if found is not None:
                    lane.extend(sorted([*found, *passing], key=attrgetter("update_id")))
                    more = await self._visit(door, number, lane)
            if found is None:
                if not passing:
                    return
                lane.extendleft(reversed(passing))
                await self._sleep(ELSEWHERE)
            elif not more and not lane:
                return

    async def _visit(self, door: Door, number: int, lane: deque[Arrival]) -> bool:
        spoken, here = [], len(lane)
        try:
            for _ in range(here):
                if self.stopping:
                    break
                if await self._one(lane[0]):
                    spoken.append(lane[0].update_id)
                lane.popleft()
        finally:
            await self._keep_shown()
            more = await door.leave(number, spoken)
        return more

    async def _keep_shown(self) -> None:
        """Which buttons the chat shows now, before another process may read what was typed there."""
        try:
            await self.settle()
        except SQLAlchemyError as error:  # it is kept with the next act
            log.warning("The store is out of reach (%s).", type(error).__name__)

    async def _one(self, arrival: Arrival) -> bool:
        """Work one off; whether a row of the inbox was answered that is to be noted with leaving the chat."""
        if isinstance(arrival, Passing):
            await self._pass(arrival)
            return False
        with about(update=arrival.update_id):
            answered = await self._through(arrival)
        if not answered:
            return False
        self._watch.answered(arrival.kind, (self._house.clock() - arrival.received_at).total_seconds())
        if self._door is None:
            self._house.unkept.spoken.add(arrival.update_id)
        return True

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
        while not self.stopping:
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
        """Count a failed try; True once the update is set aside. A store out of reach counts none: the chat waits."""
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

    def _settle_soon(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
        self._settling = asyncio.get_running_loop().call_later(SETTLE_AFTER, self._start_settling)

    def _start_settling(self) -> None:
        self._employ(self.settle())

    async def settle(self) -> None:
        """Empty the payloads of what was answered."""
        with self._house.settling() as unkept:
            if len(unkept):
                async with self._house.database.begin() as session:
                    await unkept.write(session)

    async def idle(self) -> None:
        """Wait until every lane is worked off."""
        while self._workers:
            await asyncio.gather(*self._workers)

    async def stop(self) -> None:
        """Finish the updates at work, leave the others in the store, and settle."""
        self.stopping = True
        if self._settling is not None:
            self._settling.cancel()
        if self._workers:
            await asyncio.wait(self._workers, timeout=10)
        await self.settle()
        if self._door is not None:
            await self._door.close()


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
