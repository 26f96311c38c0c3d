"""One deadline on the phone: what is entered, „Erinnere mich", the calendar; for staff „Ändern" and „Absagen"."""

from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnDeadline
from handlers.context import Context
from handlers.deadlines.sheet import Sheet, entry_text, in_words, mornings_line, sheet_for
from handlers.forms.flow import begin_form
from handlers.ics import deadline_ics
from handlers.speech import File, Message, Row
from handlers.way_back import to_office
from locales import Markup, Voice
from models import deadline as deadlines
from models.actor import Actor
from models.deadline import CANCELLED, Deadline
from models.refusals import Unknown

ENDINGS = {"done": "done", "mute": "muted"}
# What staff does with a deadline: the form behind the button, and what the form is to know.
FORMS = {"change": ("deadline_change", ""), "cancel": ("deadline_status", CANCELLED), "renew": ("deadline_status", "")}


async def on_deadline(context: Context, tap: OnDeadline) -> None:
    """What somebody does with one deadline."""
    match tap.act:
        case "show":
            await _show(context, tap.number)
        case "remind":
            await _remind(context, tap.number)
        case "done" | "mute":
            await _end(context, tap.number, tap.act)
        case "ics":
            await _calendar_file(context, tap.number)
        case "confirm":
            await _confirm(context, tap.number)
        case "change" | "cancel" | "renew":
            await _begin(context, tap.number, tap.act)
        case _:
            raise Unknown


async def _show(context: Context, number: int) -> None:
    async with context.read() as session:
        message = await entry_message(context, session, number)
    await context.toast()
    await context.say(message)


async def entry_message(context: Context, session: AsyncSession, number: int) -> Message:
    """The entry as this person sees it, with „Erinnere mich" and „Kalender (.ics)"."""
    who = await context.actor(session)
    sheet = await sheet_for(session, await context.voice(session), context.now)
    row = await deadlines.deadline(session, number, who)
    running = await deadlines.subscription(session, number, who.telegram_id)
    lines = [entry_text(sheet, row), mornings_line(sheet, row, running.since) if running else ""]
    rows = [*_own_rows(sheet, row, reminded=running is not None), *_staff_rows(sheet.voice, row, who)]
    rows += to_office(sheet.voice, who)
    return Message(Markup("\n".join(line for line in lines if line)), rows)


def _own_rows(sheet: Sheet, row: Deadline, *, reminded: bool) -> list[Row]:
    voice, rows = sheet.voice, list[Row]()
    if reminded:
        rows.append([(voice.plain("Stop reminding me"), OnDeadline(row.number, "mute"))])
    elif not row.status and sheet.due(row) > sheet.now:
        rows.append([(voice.plain("Remind me"), OnDeadline(row.number, "remind"))])
    return [*rows, [(voice.plain("Calendar (.ics)"), OnDeadline(row.number, "ics"))]]


def _staff_rows(voice: Voice, row: Deadline, who: Actor) -> list[Row]:
    if who.staff is None:
        return []
    if row.status == CANCELLED:
        return [[(voice.plain("Not cancelled after all"), OnDeadline(row.number, "renew"))]]
    change = (voice.plain("Change"), OnDeadline(row.number, "change"))
    rows: list[Row] = [[change, (voice.plain("Call off"), OnDeadline(row.number, "cancel"))]]
    if row.confirmed != row.revision and not row.status:
        rows.insert(0, [(voice.plain("The date is right"), OnDeadline(row.number, "confirm"))])
    return rows


async def _confirm(context: Context, number: int) -> None:
    """Staff has looked it up: it is right as it is entered."""
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        await deadlines.confirm(session, number, who)
        message = await entry_message(context, session, number)
    await context.toast(voice.plain("Noted: the date is right."))
    await context.redraw(message)


async def _begin(context: Context, number: int, act: str) -> None:
    async with context.read() as session:
        who = await context.actor(session)
        who.need_staff()
        await deadlines.deadline(session, number, who)
    form, status = FORMS[act]
    await begin_form(context, form, {"number": number, "status": status})


async def _remind(context: Context, number: int) -> None:
    async with context.begin() as session:
        await context.account(session)
        who = await context.actor(session)
        voice = await context.voice(session)
        await deadlines.subscribe(session, number, who, context.now)
        message = await entry_message(context, session, number)
    await context.toast(voice.plain("I will remind you."))
    await context.redraw(message)


async def _end(context: Context, number: int, act: str) -> None:
    async with context.begin() as session:
        voice = await context.voice(session)
        await deadlines.end_subscription(session, number, context.telegram_id, ENDINGS[act], context.now)
        message = await entry_message(context, session, number)
    await context.toast(ended(voice, act))
    await context.redraw(message)


def ended(voice: Voice, act: str) -> str:
    """What is said to „Erledigt" and „Nicht mehr erinnern"."""
    if act == "done":
        return voice.plain("Done. No more reminders of this.")
    return voice.plain("I will not remind you of this any more.")


async def deadline_again(context: Context, tap: OnDeadline) -> None:
    """The tap was stored before, only not spoken: show the entry as it stands."""
    async with context.read() as session:
        message = await entry_message(context, session, tap.number)
    await context.toast()
    await context.redraw(message)


async def _calendar_file(context: Context, number: int) -> None:
    async with context.read() as session:
        who = await context.actor(session)
        sheet = await sheet_for(session, await context.voice(session), context.now)
        row = await deadlines.deadline(session, number, who)
    await context.toast()
    await context.say(Message(sheet.voice.say("For your calendar:"), files=[calendar_file(sheet, row)]))


def calendar_file(sheet: Sheet, row: Deadline) -> File:
    """The deadline's .ics."""
    name = sheet.voice.plain("deadline-%(number)s.ics", number=row.number)
    return File(name, deadline_ics([row], sheet.calendar, sheet.now, describe=partial(in_words, sheet.voice)))
