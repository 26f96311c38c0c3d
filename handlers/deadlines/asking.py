"""A question for a date, answered from the table; where nothing is entered, „Sagen Sie mir Bescheid"."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnDeadline, OnQuestion, Open
from handlers.context import Context
from handlers.deadlines.sheet import Sheet, due_line, item_text, listed, sheet_for
from handlers.speech import Message, Row
from locales import Markup, Voice
from models import deadline as deadlines
from models import question as questions
from models import wish as wishes
from models.deadline import CALL, Deadline
from models.refusals import Unknown
from models.search import AsksDeadline, AsksMeeting, answer, library
from models.search.dates import Wanted, fitting, wanted
from models.search.values import Slots

WHOLE, MOST = 3, 8  # up to so many are shown whole, in short, and no more
LOOKED_BACK = timedelta(days=90)
APPLICATION = "Antrag"


class NoDate(Message):
    """That none is entered."""


async def dates(context: Context, session: AsyncSession, text: str, slots: Slots) -> Message:
    """The deadlines a question means: one, several to choose from, or that none is entered."""
    who = await context.actor(session)
    sheet = await sheet_for(session, await context.voice(session), context.now)
    asked = wanted(slots, text, sheet.calendar.day(context.now))
    ahead = await deadlines.open_deadlines(session, context.now, who)
    found = fitting(ahead, asked, sheet.calendar)
    if found:
        return _answer(sheet, found, asked)
    # Who says „Antrag" often means what is handed in on a call; the answer says what it is.
    if asked.kinds == (APPLICATION,) and (asked.areas or asked.names):
        calls = fitting(ahead, replace(asked, kinds=(CALL,)), sheet.calendar)
        if calls:
            heading = sheet.voice.say("No deadline of the kind Antrag is entered for that, but this call is:")
            return _shown(sheet, calls, heading)
    gone = fitting(await deadlines.gone_by(session, context.now - LOOKED_BACK, context.now, who), asked, sheet.calendar)
    return await no_date(context, session, text, _past_lines(sheet, gone) if asked != Wanted() else [])


def _answer(sheet: Sheet, found: Sequence[Deadline], asked: Wanted) -> Message:
    voice = sheet.voice
    if len(found) == 1:
        return _shown(sheet, found, Markup(""))
    if asked.areas or asked.kinds or asked.names:
        return _shown(sheet, found, voice.say("Several deadlines fit. Which one do you mean?"))
    return _shown(sheet, found, voice.say("These deadlines are ahead:"))


def _shown(sheet: Sheet, found: Sequence[Deadline], heading: Markup) -> Message:
    voice = sheet.voice
    write = item_text if len(found) <= WHOLE else listed
    lines = [write(sheet, row) for row in found[:MOST]]
    rows: list[Row] = [[(f"{row.number} · {row.title}", OnDeadline(row.number, "show"))] for row in found[:MOST]]
    if len(found) == 1:
        rows.append(
            [
                (voice.plain("Remind me"), OnDeadline(found[0].number, "remind")),
                (voice.plain("Calendar (.ics)"), OnDeadline(found[0].number, "ics")),
            ]
        )
    if len(found) > MOST:
        rows.append([(voice.plain("All deadlines"), Open("deadlines"))])
    return Message("\n\n".join(line for line in (heading, *lines) if line), rows)


def _past_lines(sheet: Sheet, gone: Sequence[Deadline]) -> list[Markup]:
    """The newest of what fits and is over or cancelled: who asks a day late should not think there never was one."""
    return [Markup(f"{gone[0].number} · {_title(sheet, gone[0])}\n{due_line(sheet, gone[0])}")] if gone else []


def _title(sheet: Sheet, row: Deadline) -> Markup:
    return sheet.voice.say("<b>%(title)s</b>", title=row.title)


async def no_date(context: Context, session: AsyncSession, text: str, more: Sequence[Markup] = ()) -> NoDate:
    """No such date is entered: say so, offer to tell, and the way to the office."""
    await context.account(session)
    voice = await context.voice(session)
    noted = await questions.note(session, context.telegram_id, text, context.now, "no date", None)
    lines = [
        voice.say("I have no documented information on that."),
        voice.say("No such date is entered. I name no date that the office has not entered."),
        *more,
    ]
    rows: list[Row] = [
        [(voice.plain("Let me know"), OnQuestion(noted.number, "tell"))],
        [(voice.plain("To the office"), OnQuestion(noted.number, "office"))],
        [(voice.plain("Deadlines"), Open("deadlines"))],
    ]
    return NoDate("\n\n".join(lines), rows)


async def tell_me(context: Context, number: int) -> None:
    """„Sagen Sie mir Bescheid": the wish is kept until the office enters what fits.

    Raises:
        Unknown: it is not a question of theirs, or not one for a date.
    """
    async with context.begin() as session:
        await context.account(session)
        who = await context.actor(session)
        voice = await context.voice(session)
        question = await questions.own(session, number, context.telegram_id)
        calendar = await deadlines.office_calendar(session)
        finding = answer(question.text, await library(session, asyncio.to_thread), context.now, zone=calendar.zone)
        if not isinstance(finding, AsksDeadline | AsksMeeting):
            raise Unknown
        about = wishes.DEADLINE if isinstance(finding, AsksDeadline) else wishes.MEETING
        asked = wanted(finding.slots, question.text, calendar.day(question.asked_at))
        await wishes.wish(session, number, about, asked, who, context.now)
    await context.toast(voice.plain("I will let you know."))
    await context.say(_noted(voice))


def _noted(voice: Voice) -> Message:
    return Message(
        voice.say("Noted. As soon as the office enters such a date for you to see, I will write to you here."),
        [[(voice.plain("Choose funding areas"), Open("areas"))]],
    )
