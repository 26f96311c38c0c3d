"""Updates in: stored before Telegram is told, then handed to their lanes."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.lanes import Lanes
from bot.passing import Passing, passes, payload_of
from bot.watch import Watch
from bot.working import Process, Sleep, Sorry
from handlers.house import Act, House
from models import inbox
from models.inbox import Arrival
from models.locks import stamp_in_order

FARTHEST_ID = 1 << 52  # ids have at most 52 significant bits: https://core.telegram.org/bots/api#chat


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


class Intake(Lanes):
    """The durable inbox at work: the lanes, and the one way into them."""

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
        super().__init__(house, process, sorry, sleep, self._watch)

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
            self.hand_over(arrival)
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
            self.hand_over(arrival)
        return len(left)
