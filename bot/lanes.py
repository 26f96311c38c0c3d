"""The lanes: order within a chat, side by side across chats, and the turn taken where other processes are at work."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from operator import attrgetter
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.door import Door
from bot.passing import Passing
from bot.watch import Watch
from bot.working import Process, Sleep, Sorry, StoppedError, Working
from handlers.house import House
from models import inbox
from models.inbox import Arrival

# One place in the log and for „Technik", whichever room of the intake speaks.
log = logging.getLogger("bot.intake")

SIDE_BY_SIDE = 64
SETTLE_AFTER = 0.3  # seconds after the last answer until the payloads are emptied without another act
ELSEWHERE = 0.05  # seconds until another look at a chat in which another process is at work
LOOK_EVERY = 2.0  # seconds between two looks for what a process has left behind that was killed


class Lanes:
    """What was taken in, worked off chat by chat, and noted as answered."""

    def __init__(self, house: House, process: Process, sorry: Sorry, sleep: Sleep, watch: Watch) -> None:
        self._house, self._sleep = house, sleep
        self._working = Working(
            house, process, sorry, sleep, watch, stopping=lambda: self.stopping, had_elsewhere=self._had_elsewhere
        )
        self._lanes: dict[int, deque[Arrival]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._settling: asyncio.TimerHandle | None = None
        # SQLite has one process: its lanes need nobody's leave.
        self._door = Door(house.database, sleep, house.settling) if house.database.shared else None
        self.stopping = False
        house.settle_soon = self._settle_soon

    async def watch(self) -> None:
        """Take up what other processes leave behind, from now on. On SQLite there is none."""
        while self._door is not None and not self.stopping:
            try:
                for lane in await self._door.look(list(self._lanes), 4 * SIDE_BY_SIDE):
                    self._wake(lane)
            except SQLAlchemyError as error:
                log.warning("The store is out of reach (%s).", type(error).__name__)
            await self._sleep(LOOK_EVERY)

    def hand_over(self, arrival: Arrival) -> None:
        """Put an update into its lane, where somebody works it off."""
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
            more = await door.leave(number, spoken)
        return more

    async def _had_elsewhere(self, arrival: Arrival) -> bool:
        """Whether another process has worked this off, in a chat that may have been taken from us while we hung."""
        if self._door is None or self._door.sure(arrival.lane) or isinstance(arrival, Passing):
            return False
        async with self._house.database.read() as session:
            return await inbox.is_done(session, arrival.update_id)

    async def _one(self, arrival: Arrival) -> bool:
        """Work one off; whether a row of the inbox was answered that is to be noted with leaving the chat."""
        answered = await self._working.work_off(arrival)
        if answered and self._door is None:
            self._house.unkept.spoken.add(arrival.update_id)
        return answered

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
