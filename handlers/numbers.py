"""Numbers for buttons: how a message shows them to whoever would rather type, and what is remembered of them.

Both count alike: the buttons of a message in the order shown, those of a secret vote's choices left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.callbacks import SecretCast, SecretChoose, Tap
from handlers.speech import BUTTON_WIDTH, Message, Row, shorten
from locales import Markup, Voice, html
from models.shown import Buttons

OWN = re.compile(r"(\d{1,9})(?: · |$)")
SECRET = (SecretChoose, SecretCast)


def _in_order(rows: Sequence[Row]) -> Iterator[tuple[str, Tap]]:
    for row in rows:
        yield from row


def how_many(rows: Sequence[Row]) -> int:
    """How many of the buttons have a number."""
    return sum(not isinstance(tap, SECRET) for _, tap in _in_order(rows))


def own_number(label: str) -> int | None:
    """The number that a label begins with: „4" (points), „5 · Aufruf STABIL"; None where it has none."""
    found = OWN.match(label)
    return int(found[1]) if found else None


def takes_numbers(message: Message) -> bool:
    """Whether a bare number says something by itself: where a text is asked for, or buttons have their own numbers."""
    return message.reads or any(own_number(label) is not None for label, _ in _in_order(message.rows))


def numbered(voice: Voice, message: Message, first: int = 1) -> Message:
    """The message with a line for each button, „1 · Ja".

    Where a number says something by itself, the others are „Knopf 1 · Weiter".
    """
    if not message.rows:
        return message
    typable = [label for label, tap in _in_order(message.rows) if not isinstance(tap, SECRET)]
    named = takes_numbers(message)
    lines = [
        _line(voice, number, label, named=named) for number, label in enumerate(typable, first) if not label.isdecimal()
    ]
    if figures := [label for label in typable if label.isdecimal()]:
        lines.insert(0, voice.say("Type one of these numbers: %(numbers)s", numbers=", ".join(figures)))
    if len(typable) < sum(1 for _ in _in_order(message.rows)):
        lines.insert(0, voice.say("This vote is secret: please tap your choice. It cannot be typed."))
    return replace(message, text=Markup("\n".join([message.text, "", *lines])))


def _line(voice: Voice, number: int, label: str, *, named: bool) -> Markup:
    shown = html(shorten(label, BUTTON_WIDTH))
    if own_number(label) is not None:
        return shown
    if named:
        return voice.say("Button %(number)s · %(label)s", number=number, label=shown)
    return Markup(f"{number} · {shown}")


def buttons_of(message_id: int, message: Message, at: datetime, *, by: int = 0, first: int = 1) -> Buttons:
    """What is remembered of the buttons under a message that was sent or changed."""
    found = list(_in_order(message.rows))
    secret = next((tap.vote for _, tap in found if isinstance(tap, SECRET)), 0)
    # Under a preview of a secret ballot stands what would be cast: not even its label is kept.
    if any(isinstance(tap, SecretCast) for _, tap in found):
        found = [(label, tap) for label, tap in found if not isinstance(tap, SECRET)]
    labels = tuple(shorten(label, BUTTON_WIDTH) for label, _ in found)
    taps = tuple("" if isinstance(tap, SECRET) else tap.pack() for _, tap in found)
    return Buttons(message_id, labels, taps, at, by, first, takes_numbers(message), secret)
