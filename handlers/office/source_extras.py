"""What may be added to a new source on its preview: its last day, its address, what it contradicts."""

from typing import Any

from handlers.forms.parts import ticking, toggle
from handlers.forms.shape import Ask, Desk, Question, a_line
from handlers.speech import shorten
from locales import Markup
from models.knowledge import editions_in_force, read_day
from models.refusals import Unfit

UNTIL, ADDRESS, AGAINST = "valid_until", "url", "contradicts"
_LABEL = 60  # letters on a button
_MOST = 12  # sources to tick
_SCHEMES = ("https://", "http://")


def a_day(_desk: Desk, text: str) -> str:
    """A typed day as ISO.

    Raises:
        Unfit: it is none.
    """
    try:
        return read_day(text.strip()).isoformat()
    except ValueError:
        raise Unfit("not a day") from None


def _last_day(desk: Desk, text: str) -> str:
    day, first = a_day(desk, text), {**desk.answers, **desk.answers["said"]}.get("valid_from")
    if first and read_day(first) > read_day(day):
        raise Unfit("not after the first day")
    return day


def _an_address(desk: Desk, text: str) -> str:
    address = a_line(desk, text)
    if not address.lower().startswith(_SCHEMES):
        raise Unfit("no address")
    return address


async def _until(desk: Desk) -> Ask | None:
    if UNTIL in desk.answers["said"]:
        return None
    return Ask(desk.voice.say("Until which day is it valid? Write like this: 31.12.2027"))


async def _address(desk: Desk) -> Ask | None:
    if ADDRESS in desk.answers["said"]:
        return None
    return Ask(desk.voice.say("Where can it be found? Write the address, it begins with https://"))


async def _against(desk: Desk) -> Ask | None:
    own = desk.answers.get("replaces") or desk.answers["key"]
    others = [(shorten(one.title, _LABEL), one.key) for one in await editions_in_force(desk.session) if one.key != own]
    if not others:
        return None
    text = desk.voice.say("Which sources say something else? Whoever is shown one of them is told of the other.")
    return ticking(desk, AGAINST, text, others[:_MOST])


EXTRAS = (
    Question(UNTIL, _until, _last_day, label=lambda desk: desk.voice.plain("Valid until …")),
    Question(ADDRESS, _address, _an_address, label=lambda desk: desk.voice.plain("Address (URL) …")),
    Question(AGAINST, _against, tick=toggle(AGAINST), label=lambda desk: desk.voice.plain("Contradicts …")),
)


async def added(desk: Desk) -> list[Markup]:
    """What the preview says of it."""
    told: dict[str, Any] = {**desk.answers, **desk.answers["said"]}
    lines = []
    if told.get(UNTIL):
        lines.append(desk.voice.say("Valid until: %(day)s", day=desk.voice.day(read_day(told[UNTIL]))))
    if told.get(ADDRESS):
        lines.append(desk.voice.say("Address: %(address)s", address=told[ADDRESS]))
    titles = {one.key: one.title for one in await editions_in_force(desk.session)}
    against = ", ".join(titles.get(key, key) for key in desk.answers.get(AGAINST, []))
    if against:
        lines.append(desk.voice.say("Contradicts: %(titles)s", titles=against))
    return [Markup("\n".join(lines))] if lines else []
