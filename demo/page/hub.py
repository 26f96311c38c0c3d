"""The stream of events: one queue a browser, fed by the world and the clock."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import contextmanager
from typing import Any

from demo.clock import DemoClock
from demo.page.view import Hint, Phone, clock_view, message_view, phone_extras, state_view
from demo.telegram.world import Event, World

HEARTBEAT = 15.0
_CLOCK_EVERY = 0.05


class Hub:
    """Turns what happens in a world into events for every open page."""

    def __init__(self, world: World, phones: list[Phone], hints: list[Hint], clock: DemoClock, zone: str) -> None:
        self.world = world
        self.phones = phones
        self.hints = hints
        self.clock = clock
        self.zone = zone
        self._pages: set[asyncio.Queue[bytes | None]] = set()
        self._clock_told = 0.0

    def state(self) -> dict[str, Any]:
        """Everything, as of now."""
        return state_view(self.world, self.phones, self.hints, self.clock, self.zone)

    def tell(self, event: str, data: Any) -> None:
        """Sends an event to every open page."""
        block = _block(event, data)
        for page in self._pages:
            page.put_nowait(block)

    def close(self) -> None:
        """Ends every stream."""
        for page in self._pages:
            page.put_nowait(None)

    @contextmanager
    def watching(self) -> Any:
        """Listens to world and clock while the block runs."""
        unwatch = self.world.watch(self._happened)
        self.clock.changed = self._clock_changed
        try:
            yield
        finally:
            unwatch()
            self.clock.changed = lambda: None

    async def stream(self) -> AsyncIterator[bytes]:
        """The events for one page, from the whole state on; a comment now and then keeps the line open."""
        page: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._pages.add(page)
        try:
            yield _block("state", self.state())
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        block = await page.get()
                except TimeoutError:
                    block = b": still here\n\n"
                if block is None:
                    return
                yield block
        finally:
            self._pages.discard(page)

    def _clock_changed(self) -> None:
        now = asyncio.get_running_loop().time()
        if self.clock.moving and now - self._clock_told < _CLOCK_EVERY:
            return
        self._clock_told = now
        self.tell("clock", clock_view(self.clock, self.zone))

    def _happened(self, event: Event) -> None:
        if not self._pages:
            return
        if event.room is None:
            for phone in self.phones:
                self.tell("phone", phone_extras(self.world, phone.user_id))
            return
        if not event.room.private or event.room is not self._room(event.room.id):
            return
        user_id, details = event.room.id, event.details
        match event.kind:
            case "message" | "edited":
                self.tell(event.kind, {"user_id": user_id, "message": message_view(details["message"], user_id)})
            case "deleted":
                self.tell("deleted", {"user_id": user_id, "message_id": details["message"].id})
            case "answer":
                answer = details["answer"]._asdict()
                self.tell("answer", {"user_id": user_id, "message_id": details["message"].id, **answer})
            case "action":
                self.tell("action", {"user_id": user_id, "action": details["action"]})
            case "keyboard" | "pinned":
                self.tell("phone", phone_extras(self.world, user_id))

    def _room(self, user_id: int) -> Any:
        """The room of a phone on the page."""
        known = any(phone.user_id == user_id for phone in self.phones)
        return self.world.people[user_id].room() if known else None


def _block(event: str, data: Any) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
