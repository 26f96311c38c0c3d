"""Questions that several forms put: which body, a title, a time with sensible buttons."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from handlers.forms.shape import Ask, Desk, Question, Tick, a_line, a_text
from handlers.times import read_time
from locales import Markup, Voice
from models.office import bodies
from models.refusals import Unfit
from models.roster import seated_bodies

NOON = time(12, 0)


async def which_body(desk: Desk) -> Ask:
    """The bodies of the office."""
    found = await bodies(desk.session)
    if not found:
        raise Unfit("no mandates")
    return Ask(desk.voice.say("Which body?"), [(body.short, body.id) for body in found])


async def _which_seated_body(desk: Desk) -> Ask:
    """Those in which somebody sits; where nobody sits in any, all of them."""
    found = await seated_bodies(desk.session)
    if not found:
        return await which_body(desk)
    return Ask(desk.voice.say("Which body?"), [(body.short, body.id) for body in found])


BODY = Question("body", _which_seated_body)  # of what a body does: vote, meet


def line(key: str, message: str, *, optional: bool = False) -> Question:
    """A question answered by one line."""
    return Question(key, _asking(message, optional), a_line)


def text(key: str, message: str, *, optional: bool = False) -> Question:
    """A question answered by a text."""
    return Question(key, _asking(message, optional), a_text)


def _asking(message: str, optional: bool) -> Callable[[Desk], Awaitable[Ask]]:
    async def ask(desk: Desk) -> Ask:
        return Ask(desk.voice.say(message), optional=optional)

    return ask


def read_instant(desk: Desk, entry: str) -> str:
    """A typed time that is still to come, as ISO.

    Raises:
        Unfit: it cannot be read, or it is past.
    """
    at = read_time(entry, desk.now, desk.calendar)
    if at <= desk.now:
        raise Unfit("past")
    return at.isoformat()


def read_after(key: str, reason: str) -> Callable[[Desk, str], str]:
    """A reader for a time that must lie after another answer."""

    def read(desk: Desk, entry: str) -> str:
        at = read_instant(desk, entry)
        if datetime.fromisoformat(at) <= desk.at(key):
            raise Unfit(reason)
        return at

    return read


def soon(desk: Desk, start: datetime, days: Sequence[int]) -> list[tuple[str, str]]:
    """Buttons for noon some days after a start, named with their weekday."""
    first = desk.calendar.day(start)
    instants = [desk.calendar.at(first + timedelta(days=number), NOON) for number in days]
    return [(desk.voice.moment(at), at.isoformat()) for at in instants if at > start]


def read_back(key: str, message: str) -> Callable[[Desk], Markup]:
    """An echo that reads a time back with its weekday."""

    def echo(desk: Desk) -> Markup:
        return desk.voice.say(message, moment=desk.voice.moment(desk.at(key)))

    return echo


def preview(voice: Voice) -> Markup:
    """The heading of what others will see."""
    return voice.say("<b>Preview</b> – this is what the members will see:")


def toggle(key: str) -> Tick:
    """Of a question with several answers: a tap ticks what was not ticked and unticks what was; „Weiter" goes on."""

    def ticked(desk: Desk, value: Any) -> tuple[list[Any], bool]:
        before = desk.answers.get(key, [])
        return ([one for one in before if one != value] if value in before else [*before, value]), True

    return ticked


def ticking(desk: Desk, key: str, text: Markup, choices: Sequence[tuple[str, Any]]) -> Ask:
    """Its buttons, those that are ticked marked; „Weiter" once there is one."""
    before = desk.answers.get(key, [])
    shown = [(chosen(desk.voice, label) if one in before else label, one) for label, one in choices]
    return Ask(text, shown, bool(before))


def chosen(voice: Voice, label: str) -> str:
    """The label of what is ticked, in words: a screen reader reads no tick."""
    return voice.plain("Chosen: %(name)s", name=label)
