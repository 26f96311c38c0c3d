"""The form „Neue Frist"."""

from datetime import datetime
from typing import Any, cast

from handlers.callbacks import OnDeadline
from handlers.deadlines import FIELDS, Sheet, entry_text, sheet_for
from handlers.forms.parts import line, read_back, read_instant, soon
from handlers.forms.shape import Ask, Desk, Form, Question, a_line
from handlers.speech import Message
from handlers.times import read_time
from handlers.way_back import office_row
from locales import N_, Markup
from models import deadline as deadlines
from models.deadline import AREAS, DEFAULT_LEADS, EVERYONE, KINDS, Deadline, Entry
from models.office import bodies
from models.refusals import Unfit
from models.wish import told_of_new

MODES = ("Posteingang", "elektronisch", "E-Mail")
LONGEST_LEAD = 365


async def _kind(desk: Desk) -> Ask:
    # The kinds are terms of the office's own papers and stay as they are in every language.
    return Ask(desk.voice.say("What kind of deadline?"), [(kind, kind) for kind in KINDS])


async def _areas(desk: Desk) -> Ask:
    return Ask(desk.voice.say("Which funding areas? Letters from A to M, separated by blanks."), optional=True)


def read_areas(_desk: Desk, text: str) -> list[str]:
    """Letters of funding areas.

    Raises:
        Unfit: something else is among them.
    """
    letters = text.upper().replace(",", " ").split()
    if not letters or any(one not in AREAS for one in letters):
        raise Unfit("areas")
    return sorted(set(letters))


async def _opens(desk: Desk) -> Ask:
    return Ask(desk.voice.say("When does it open? Write like this: 01.12.2026 12:00"), optional=True)


def _read_any(desk: Desk, text: str) -> str:
    return read_time(text, desk.now, desk.calendar).isoformat()


async def _due(desk: Desk) -> Ask:
    return Ask(
        desk.voice.say("When is it due? Tap, or write like this: 01.12.2026 12:00"), soon(desk, desk.now, (14, 30))
    )


async def _mode(desk: Desk) -> Ask:
    return Ask(desk.voice.say("How is it handed in? Tap, or write it."), [(mode, mode) for mode in MODES])


async def _audience(desk: Desk) -> Ask:
    choices = [(desk.voice.plain("All"), EVERYONE), *[(one.short, one.short) for one in await bodies(desk.session)]]
    return Ask(desk.voice.say("Who may see it? For one sponsor write: traeger:NAME"), choices)


def read_audience(_desk: Desk, text: str) -> str:
    """„alle" or „traeger:NAME"; the bodies are buttons.

    Raises:
        Unfit: anything else, which nobody would see.
    """
    word, colon, name = " ".join(text.split()).partition(":")
    if colon and word.strip().casefold() == "traeger" and name.strip():
        return f"traeger:{name.strip()}"
    if text.strip().casefold() == EVERYONE:
        return EVERYONE
    raise Unfit("not a choice")


async def _leads(desk: Desk) -> Ask:
    preset = " ".join(str(lead) for lead in DEFAULT_LEADS)
    return Ask(
        desk.voice.say("How many days before shall people be reminded? “Next” takes %(preset)s.", preset=preset),
        optional=True,
    )


def read_leads(_desk: Desk, text: str) -> list[int]:
    """Days before the date.

    Raises:
        Unfit: not numbers from 1 to 365.
    """
    words = text.replace(",", " ").split()
    if not words or not all(word.isascii() and word.isdigit() and 1 <= int(word) <= LONGEST_LEAD for word in words):
        raise Unfit("leads")
    return sorted({int(word) for word in words}, reverse=True)


async def _shift(desk: Desk) -> Ask:
    return Ask(
        desk.voice.say("If the day is no working day: does the deadline move to the next one (§ 31 Abs. 3 VwVfG)?"),
        [(desk.voice.plain("No"), False), (desk.voice.plain("Yes"), True)],
    )


def _entry(desk: Desk) -> Entry:
    values: dict[str, Any] = {key: desk.answers[key] for key in _KEYS if key in desk.answers}
    values["due_at"] = desk.at("due_at")
    if "opens_at" in values:
        values["opens_at"] = datetime.fromisoformat(values["opens_at"])
    return cast("Entry", values)


_KEYS = (
    "title",
    "kind",
    "areas",
    "opens_at",
    "mode",
    "place",
    "copies",
    "budget",
    "source",
    "audience",
    "leads",
    "shift",
)


async def _preview(desk: Desk) -> Message:
    row = deadlines.draft(_entry(desk))
    voice = desk.voice
    sheet = await sheet_for(desk.session, voice, desk.now)
    audience = voice.say("%(name)s: %(value)s", name=voice.plain(FIELDS["audience"]), value=row.audience)
    told = len(await told_of_new(desk.session, row, desk.now))
    lines = [
        voice.say("<b>Preview</b> – this is what people will see:"),
        audience,
        Markup(""),
        entry_text(sheet, row),
        Markup(""),
        *what_follows(sheet, row, told),
    ]
    return Message("\n".join(lines))


def what_follows(sheet: Sheet, row: Deadline, told: int) -> list[Markup]:
    """Who hears of a new deadline at once, and on which mornings people are still reminded of it."""
    voice, schedule = sheet.voice, deadlines.schedule_of(row)
    heard = voice.plural("%(number)s person is told at once.", "%(number)s people are told at once.", told)
    if not told:
        heard = voice.say("Nobody is told at once.")
    days = [sheet.calendar.day(one) for one in deadlines.mornings_left(schedule, sheet.calendar, sheet.now, sheet.now)]
    if not days:
        return [heard, voice.say("It is entered too late for a reminder on a morning of its own.")]
    steps = " · ".join(voice.short_day(day) for day in days)
    return [heard, voice.say("Reminders go out on: %(days)s", days=steps)]


async def _finish(desk: Desk) -> Message:
    if desk.at("due_at") <= desk.now:
        raise Unfit("past")
    entry = _entry(desk)
    if entry.get("opens_at") and desk.at("opens_at") >= desk.at("due_at"):
        raise Unfit("closes before it opens")
    told = len(await told_of_new(desk.session, deadlines.draft(entry), desk.now))
    row = await deadlines.enter(desk.session, entry, desk.now, told=True)
    await deadlines.announce_new(desk.session, row, desk.now)
    await deadlines.confirm(desk.session, row.number, desk.actor)
    voice = desk.voice
    text = [
        voice.say("Deadline no. %(number)s is entered.", number=row.number),
        *what_follows(await sheet_for(desk.session, voice, desk.now), row, told),
    ]
    return Message(
        "\n".join(text),
        [
            [(voice.plain("Show the deadline"), OnDeadline(row.number, "show"))],
            office_row(voice),
        ],
    )


def _read_due(desk: Desk, text: str) -> str:
    at = read_instant(desk, text)
    if desk.answers.get("opens_at") and datetime.fromisoformat(at) <= desk.at("opens_at"):
        raise Unfit("closes before it opens")
    return at


NEW_DEADLINE = Form(
    "deadline",
    N_("New deadline"),
    N_("Enter the deadline"),
    (
        line("title", N_("Title of the deadline? One line.")),
        Question("kind", _kind),
        Question("areas", _areas, read_areas),
        Question("opens_at", _opens, _read_any),
        Question("due_at", _due, _read_due, echo=read_back("due_at", N_("Due: %(moment)s"))),
        Question("mode", _mode, a_line),
        line("place", N_("Where is it handed in? Address or link."), optional=True),
        line("copies", N_("How many copies?"), optional=True),
        line("budget", N_("Which budget?"), optional=True),
        line("source", N_("Where does the deadline stand? For example the call and its date."), optional=True),
        Question("audience", _audience, read_audience),
        Question("leads", _leads, read_leads),
        Question("shift", _shift),
    ),
    _preview,
    _finish,
)
