"""The forms behind „Ändern" and „Absagen" of a deadline: what changes, and a preview of what its subscribers get."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

from handlers.callbacks import OnDeadline
from handlers.deadlines import FIELDS, changed_message, sheet_for, spoken_value
from handlers.forms.parts import line
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.new_deadline import NEW_DEADLINE
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import N_, Markup
from models import deadline as deadlines
from models.deadline import Deadline, Entry, Revision, changes, draft, effective_due, plain, schedule_of
from models.refusals import AlreadyDone, Unfit

# So many fields at a time: who changes more sends the list.
ROUNDS = 4
OPTIONAL: dict[str, Any] = {
    "areas": [],
    "opens_at": None,
    "mode": "",
    "place": "",
    "copies": "",
    "budget": "",
    "source": "",
}
# The likeliest first.
CHANGEABLE = (
    "due_at", "opens_at", "place", "mode", "copies", "budget", "title", "kind", "areas", "source", "audience", "leads",
    "shift",
)  # fmt: skip
INSTANTS = {"opens_at", "due_at"}


async def _row(desk: Desk) -> Deadline:
    return await deadlines.deadline(desk.session, desk.answers["number"], desk.actor)


def _which(turn: int) -> Callable[[Desk], Awaitable[Ask | None]]:
    async def ask(desk: Desk) -> Ask | None:
        chosen = {desk.answers.get(f"field{before}") for before in range(1, turn)}
        if turn > 1 and f"field{turn - 1}" not in desk.answers:
            return None
        voice, row = desk.voice, await _row(desk)
        choices = [(voice.plain(FIELDS[field]), field) for field in CHANGEABLE if field not in chosen]
        if turn > 1:
            return Ask(voice.say("Does anything else change? Otherwise tap “Next”."), choices, optional=True)
        text = voice.say("What changes about deadline %(number)s, “%(title)s”?", number=row.number, title=row.title)
        return Ask(text, choices)

    return ask


def _value(turn: int) -> Callable[[Desk], Awaitable[Ask | None]]:
    async def ask(desk: Desk) -> Ask | None:
        field = desk.answers.get(f"field{turn}")
        if field is None:
            return None
        voice, asked = desk.voice, await NEW_DEADLINE.question(field).ask(desk)
        if asked is None:
            return None
        value = plain(getattr(await _row(desk), field))
        now = voice.say("At present: %(value)s", value=spoken_value(voice, field, value))
        empty = [(voice.plain("Leave it empty"), OPTIONAL[field])] if field in OPTIONAL else []
        return Ask(Markup(f"{asked.text}\n{now}"), [*asked.choices, *empty])

    return ask


def _read(turn: int) -> Callable[[Desk, str], Any]:
    def read(desk: Desk, text: str) -> Any:
        question = NEW_DEADLINE.question(desk.answers[f"field{turn}"])
        if question.read is None:
            raise Unfit("not a choice")
        return question.read(desk, text)

    return read


def _echo(turn: int) -> Callable[[Desk], Markup]:
    def echo(desk: Desk) -> Markup:
        field = desk.answers[f"field{turn}"]
        value = spoken_value(desk.voice, field, desk.answers[f"value{turn}"])
        return desk.voice.say("%(name)s: %(value)s", name=desk.voice.plain(FIELDS[field]), value=value)

    return echo


def _entry(desk: Desk) -> Entry:
    entry: dict[str, Any] = {}
    for turn in range(1, ROUNDS + 1):
        field = desk.answers.get(f"field{turn}")
        if field is not None and f"value{turn}" in desk.answers:
            value = desk.answers[f"value{turn}"]
            entry[field] = datetime.fromisoformat(value) if value and field in INSTANTS else value
    return cast("Entry", entry)


def _check(row: Deadline, entry: Entry, now: datetime) -> None:
    due = entry.get("due_at", row.due_at)
    opens = entry.get("opens_at", row.opens_at)
    if "due_at" in entry and due <= now:
        raise Unfit("past")
    if opens is not None and opens >= due:
        raise Unfit("closes before it opens")


async def _shown(desk: Desk, entry: Entry, reason: str = "") -> Message:
    row = await _row(desk)
    voice, found = desk.voice, changes(row, entry)
    if not found:
        return Message(voice.say("Nothing would change."))
    after = draft(entry, row)
    sheet = await sheet_for(desk.session, voice, desk.now)
    told = await deadlines.told_by(desk.session, Revision(after, found, schedule_of(row)), desk.now)
    said = [
        {"field": one.field, "old": plain(one.old), "new": plain(one.new)}
        for one in (deadlines.told_changes(found) if told else found)
    ]
    shown = changed_message(sheet, after, said, reason=reason)
    heading = voice.plural(
        "<b>Preview</b> – %(number)s person gets this message:",
        "<b>Preview</b> – %(number)s people get this message:",
        len(told),
    )
    if not told:
        heading = voice.say("<b>Preview</b> – nobody is reminded of it, so nobody is written to. It will say:")
    return Message(Markup(f"{heading}\n\n{shown.text}"))


async def _done(desk: Desk, entry: Entry, reason: str = "") -> Message:
    number = desk.answers["number"]
    _check(await _row(desk), entry, desk.now)
    revision = await deadlines.revise(desk.session, number, entry, desk.now, told=True)
    if not revision.changes:
        raise AlreadyDone
    await deadlines.confirm(desk.session, number, desk.actor)
    told = await deadlines.announce(desk.session, revision, desk.now, reason=reason)
    voice = desk.voice
    lines = [
        voice.say("Deadline no. %(number)s is changed.", number=number),
        voice.plural("%(number)s person is told.", "%(number)s people are told.", told),
    ]
    rows: list[Row] = [
        [(voice.plain("Show the deadline"), OnDeadline(number, "show"))],
        office_row(voice),
    ]
    return Message("\n".join(lines), rows)


async def _preview_change(desk: Desk) -> Message:
    return await _shown(desk, _entry(desk))


async def _finish_change(desk: Desk) -> Message:
    return await _done(desk, _entry(desk))


def _status(desk: Desk) -> Entry:
    return {"status": desk.answers["status"]}


async def _preview_status(desk: Desk) -> Message:
    return await _shown(desk, _status(desk), desk.answers.get("reason", ""))


async def _finish_status(desk: Desk) -> Message:
    row = await _row(desk)
    if not desk.answers["status"] and effective_due(schedule_of(row), desk.calendar) <= desk.now:
        raise Unfit("past")
    return await _done(desk, _status(desk), desk.answers.get("reason", ""))


def _rounds() -> list[Question]:
    return [
        question
        for turn in range(1, ROUNDS + 1)
        for question in (
            Question(f"field{turn}", _which(turn)),
            Question(f"value{turn}", _value(turn), _read(turn), echo=_echo(turn)),
        )
    ]


CHANGE_DEADLINE = Form(
    "deadline_change", N_("Change a deadline"), N_("Send"), _rounds(), _preview_change, _finish_change
)
CANCEL_DEADLINE = Form(
    "deadline_status",
    N_("Call off a deadline"),
    N_("Send"),
    (line("reason", N_("For what reason? One line, people will read it."), optional=True),),
    _preview_status,
    _finish_status,
)
