"""What people do at the phones, and when somebody takes a picture of it."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from demo.telegram import Message, Person
from tests.pictures.still import Still

FILE = "file: "
QUIET = 0.1
"""Seconds without anything new on a phone: then what a tap brings is there."""


class Photographer(Protocol):
    """Whoever takes the pictures."""

    async def phone(self, name: str, who: str, messages: list[int], *, words: bool) -> None:
        """One phone, with these messages on it; without ``words`` their pictures only."""

    async def front(self, name: str) -> None:
        """The whole page."""


class Play:
    """The people at the phones, by name; `shown` has what each picture shows, line by line."""

    def __init__(self, stage: Still, photographer: Photographer | None = None) -> None:
        self.stage = stage
        self.shown: dict[str, list[str]] = {}
        self._photographer = photographer
        self._people = {person.name: person for person in stage.world.people.values()}
        self._changes = 0
        stage.world.watch(self._count)

    def _count(self, event: object) -> None:
        self._changes += 1

    async def write(self, who: str, text: str, then: str) -> None:
        """Writes; waits until ``then`` is to be read in an answer."""
        await self._acting(who, then, lambda person: person.send(text))

    async def send(self, who: str, name: str, content: bytes, then: str) -> None:
        """Sends a file."""
        await self._acting(who, then, lambda person: person.send_document(name, content))

    async def tap(self, who: str, label: str, then: str) -> None:
        """Taps the newest button that begins so."""
        message, data = self._button(who, label)
        await self._acting(who, then, lambda person: person.press(message, data))

    async def fill(self, who: str, *steps: tuple[str, str]) -> None:
        """Goes through a form: entries, each with what is asked next; one in [brackets] is a button."""
        for entry, then in steps:
            if entry.startswith("["):
                await self.tap(who, entry.strip("[]"), then)
            else:
                await self.write(who, entry, then)

    def code(self, who: str) -> str:
        """The code on somebody's phone."""
        found = re.findall(
            r"^(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$", "\n".join(one.text for one in self._people[who].messages), re.MULTILINE
        )
        return str(found[-1])

    async def later(self, **by: int) -> None:
        """Moves the clock on; what falls due on the way is done, and letters go out."""
        await self.stage.clock.advance(timedelta(**by))
        await self._settled()

    async def waits(self, who: str, text: str) -> None:
        """Waits until somebody's phone shows this."""
        person = self._people[who]
        await self.stage.world.until(lambda: any(text in one.text for one in person.messages), 20)
        await self._settled()

    async def picture(self, name: str, who: str, *beginnings: str, words: bool = True) -> None:
        """Photographs somebody's phone: the newest message, or those that begin so, of each the newest.

        A file begins with `FILE` and its name. Without ``words`` there is only the picture that a message carries.
        """
        await self._settled()
        messages = self._people[who].messages
        taken = [next(one for one in reversed(messages) if _beginning(one).startswith(begin)) for begin in beginnings]
        taken = taken or messages[-1:]
        self.shown[name] = [line for one in taken for line in _lines(one, words=words)]
        if self._photographer:
            await self._photographer.phone(name, who, [one.id for one in taken], words=words)

    async def front(self, name: str) -> None:
        """Photographs the whole page."""
        await self._settled()
        self.shown[name] = []
        if self._photographer:
            await self._photographer.front(name)

    async def _acting(self, who: str, then: str, act: Callable[[Person], object]) -> None:
        person = self._people[who]
        before = {one.id: one.data for one in person.messages}
        act(person)

        def answered() -> bool:
            new = [one for one in person.messages if before.get(one.id) is not one.data and one.from_bot]
            return any(then in line for one in new for line in (one.text, *one.labels))

        try:
            await self.stage.world.until(answered, 20)
        except TimeoutError:
            said = [(one.text, one.labels) for one in person.messages[-3:]]
            raise AssertionError(f"{who}: no answer with {then!r}, but {said}") from None

    def _button(self, who: str, label: str) -> tuple[Message, str]:
        for message in reversed(self._people[who].messages):
            for button in message.buttons:
                if button.data and (button.text == label or button.text.startswith(f"{label} ")):
                    return message, button.data
        raise LookupError(f"{who} has no button {label!r}")

    async def _settled(self) -> None:
        seen = -1
        while seen != self._changes:
            seen = self._changes
            await asyncio.sleep(QUIET)


def _beginning(message: Message) -> str:
    return message.text or (FILE + message.file.name if message.file else "")


def _lines(message: Message, *, words: bool) -> list[str]:
    """A message as words: its text, its file, its buttons."""
    name = message.file.name if message.file else ""
    labels = [f"[{label}]" for label in message.labels]
    lines = [*message.text.splitlines(), *([name] if name else []), *([" ".join(labels)] if labels else [])]
    return lines if words else lines[-1:]
