"""The stream of events: the whole state once, then what changes, to every open page in the same order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import contextmanager
from typing import Any

from demo.clock import DemoClock
from demo.page.changes import Change, Changes
from demo.page.view import Hint, Json, Phone, clock_view, message_view, phone_extras, state_view
from demo.telegram.rooms import Room
from demo.telegram.world import Event, World

HEARTBEAT = 15.0
BREATH = 0.016
"""Seconds, one frame of a screen: what happens meanwhile goes out together."""
_CLOCK_EVERY = 0.05
_AGAIN = b"retry: 1000\n\n"


class Hub:
    """Turns what happens in a world into events for every open page."""

    def __init__(self, world: World, phones: list[Phone], hints: list[Hint], clock: DemoClock, zone: str) -> None:
        self.world = world
        self.phones = phones
        self.hints = hints
        self.clock = clock
        self.zone = zone
        self.changes = Changes()
        self._users = {phone.user_id for phone in phones}
        self._extras: dict[int, Json] = {}
        self._woken = asyncio.Event()
        self._closed = False
        self._clock_told = 0.0

    def state(self) -> Json:
        """Everything, as of now."""
        return state_view(self.world, self.phones, self.hints, self.clock, self.zone)

    def close(self) -> None:
        """Ends every stream."""
        self._closed = True
        self._wake()

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

    async def stream(self, place: str = "") -> AsyncIterator[bytes]:
        """The events for one page: what it missed since ``place``, or the whole state, and then all that happens.

        A comment now and then keeps the line open.
        """
        yield _AGAIN
        seen = self.changes.number(place)
        if seen is None:
            seen = self.changes.last
            yield Change(self.changes.place, seen, "state", self.state()).block
        while not self._closed:
            if news := self.changes.after(seen):
                seen = news[-1].number
                yield b"".join(change.block for change in news)
                await asyncio.sleep(BREATH)
            elif not await self._something_happens():
                yield b": still here\n\n"

    async def _something_happens(self) -> bool:
        try:
            async with asyncio.timeout(HEARTBEAT):
                return await self._woken.wait()
        except TimeoutError:
            return False

    def _wake(self) -> None:
        self._woken.set()
        self._woken = asyncio.Event()

    def _tell(self, event: str, key: tuple[object, ...], data: Json) -> None:
        self.changes.add(key, event, data)
        self._wake()

    def _clock_changed(self) -> None:
        now = asyncio.get_running_loop().time()
        if self.clock.moving and now - self._clock_told < _CLOCK_EVERY:
            return
        self._clock_told = now
        self._tell("clock", ("clock",), clock_view(self.clock, self.zone))

    def _happened(self, event: Event) -> None:
        if event.room is None:
            for user_id in self._users:
                self._tell_extras(user_id)
        elif self._on_page(event.room):
            self._tell_of(event, event.room.id)

    def _tell_of(self, event: Event, user_id: int) -> None:
        """An event on one phone."""
        details, message = event.details, event.details.get("message")
        match event.kind:
            case "message" | "edited":
                shown = {"user_id": user_id, "message": message_view(details["message"], user_id)}
                self._tell("message", ("message", user_id, details["message"].id), shown)
            case "deleted":
                gone = {"user_id": user_id, "message_id": details["message"].id}
                self._tell("deleted", ("message", user_id, details["message"].id), gone)
                self._tell_extras(user_id)
            case "answer":
                answer = {"user_id": user_id, "message_id": details["message"].id, **details["answer"]._asdict()}
                self._tell("answer", ("answer", *answer.values()), answer)
            case "action":
                self._tell("action", ("action", user_id), {"user_id": user_id, "action": details["action"]})
        if event.kind in {"keyboard", "pinned"} or (message is not None and message.pinned):
            self._tell_extras(user_id)

    def _tell_extras(self, user_id: int) -> None:
        """What belongs to a phone beside its messages, where it has changed."""
        extras = phone_extras(self.world, user_id)
        if self._extras.get(user_id) != extras:
            self._extras[user_id] = extras
            self._tell("phone", ("phone", user_id), extras)

    def _on_page(self, room: Room) -> bool:
        """Whether it is what a phone of the page shows: somebody's chat with the first bot."""
        return room.private and room.id in self._users and room is self.world.people[room.id].room()
