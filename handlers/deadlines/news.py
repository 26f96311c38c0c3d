"""News of a deadline: it changed, it is new, or it is the one somebody asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnDeadline, Open
from handlers.deadlines.entry import calendar_file
from handlers.deadlines.sheet import (
    FIELDS,
    Sheet,
    areas_named,
    audience_name,
    entry_text,
    item_text,
    mornings_line,
    spoken_value,
)
from handlers.speech import Message, Row
from locales import Markup, Voice, bold
from models import deadline as deadlines
from models.actor import Actor
from models.deadline import CALL, CANCELLED, Deadline, speaks_to

SHOWN = {*FIELDS, "status"}  # never the office's own key for it


def changed_message(
    sheet: Sheet, row: Deadline, changes: Sequence[Mapping[str, Any]], *, reason: str = "", steps: Markup | None = None
) -> Message:
    """A changed deadline, told to its subscribers: old → new, what holds now, and the calendar's entry anew.

    ``steps`` says when the reader is still reminded.
    """
    voice = sheet.voice
    news = {change["field"]: change for change in changes if change["field"] in SHOWN}
    lines = [bold(_heading(voice, news))]
    lines += [
        voice.say(
            "%(name)s: until now %(old)s, now %(new)s",
            name=voice.plain(FIELDS[field]),
            old=spoken_value(voice, field, change["old"]),
            new=spoken_value(voice, field, change["new"]),
        )
        for field, change in news.items()
        if field != "status"
    ]
    if reason:
        lines.append(voice.say("Reason: %(reason)s", reason=reason))
    lines += [Markup(""), item_text(sheet, row)]
    if steps:
        lines.append(steps)
    lines += [Markup(""), voice.say("Please delete the old entry if your calendar keeps it.")]
    rows: list[Row] = [[(voice.plain("Show the deadline"), OnDeadline(row.number, "show"))]]
    return Message(Markup("\n".join(lines)), rows, [calendar_file(sheet, row)])


def _heading(voice: Voice, news: Mapping[str, Mapping[str, Any]]) -> str:
    if "status" in news:
        if news["status"]["new"] == CANCELLED:
            return voice.plain("A deadline is cancelled")
        return voice.plain("A deadline has ended") if news["status"]["new"] else voice.plain("A deadline applies again")
    return voice.plain("A deadline is moved") if "due_at" in news else voice.plain("A deadline has changed")


async def steps_of(session: AsyncSession, sheet: Sheet, row: Deadline, telegram_id: int) -> Markup:
    """When this account is still reminded of it; empty where it is not."""
    running = await deadlines.subscription(session, row.number, telegram_id)
    return mornings_line(sheet, row, running.since) if running else Markup("")


def new_message(sheet: Sheet, row: Deadline, why: Markup, steps: Markup) -> Message:
    """A new deadline, told to those who hear of it without asking, and why they do."""
    voice = sheet.voice
    heading = voice.say("<b>New call</b>") if row.kind == CALL else voice.say("<b>New deadline</b>")
    text = "\n".join(line for line in (heading, entry_text(sheet, row), steps, why) if line)
    rows: list[Row] = [
        [
            (voice.plain("Calendar (.ics)"), OnDeadline(row.number, "ics")),
            (voice.plain("Stop reminding me"), OnDeadline(row.number, "mute")),
        ],
        [(voice.plain("Choose funding areas"), Open("areas"))],
    ]
    return Message(text, rows)


def why_told(voice: Voice, row: Deadline, followed: set[tuple[str, str]], who: Actor) -> Markup:
    """„Sie bekommen das, weil Sie Förderbereich C (STABIL) gewählt haben."."""
    areas = [area for area in row.areas if (deadlines.AREA, area) in followed]
    if speaks_to(row.audience, who):
        return voice.say(
            "You are getting this because the deadline is for %(audience)s.", audience=audience_name(row.audience)
        )
    if areas:
        return voice.say("You are getting this because you chose: %(chosen)s", chosen=areas_named(areas))
    return voice.say("You are getting this because you chose: %(chosen)s", chosen=row.kind)


def wish_message(sheet: Sheet, question: int, text: str, rows: Sequence[Deadline]) -> Message:
    """What somebody asked for is entered now."""
    voice = sheet.voice
    lines = [voice.say("<b>You wanted to be told</b>")]
    if text:
        lines.append(voice.say("Your question no. %(number)s: “%(text)s”", number=question, text=text))
    lines.append(voice.plural("This is entered now:", "These are entered now:", len(rows)))
    buttons: list[Row] = [[(f"{row.number} · {row.title}", OnDeadline(row.number, "show"))] for row in rows]
    if len(rows) == 1:
        buttons.insert(0, [(voice.plain("Remind me"), OnDeadline(rows[0].number, "remind"))])
    return Message("\n\n".join(["\n".join(lines), *(item_text(sheet, row) for row in rows)]), buttons)
