"""„Geplante Nachrichten": what will be sent in the next thirty days; one can be held, released, or sent now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnPlanned, Open
from handlers.context import Context
from handlers.deadlines import reminder_message, sheet_for
from handlers.letters import worded
from handlers.rundruf.card import excerpt
from handlers.speech import Message, Row, split
from handlers.turn import Turn
from handlers.way_back import office_row
from locales import N_, Markup, Voice, html
from models import deadline as deadlines
from models.actor import actor
from models.ballot.rows import Vote
from models.broadcast.rows import Broadcast
from models.deadline import Deadline, DueStep
from models.deadline.reminders import REMINDER, step_key
from models.forecast import find, forecast, let_go, send_now, stop
from models.meeting.rows import Meeting
from models.member import Person
from models.outbox import Letter
from models.planned import Planned, PlannedKey
from models.refusals import AlreadyDone, Unknown

PAGE = 8
NAMES = 20  # readers who are named
EXCERPT = 2500  # UTF-16 units of the text that are shown
KINDS = {
    "reminder": N_("Reminder of a deadline"),
    "deadline_changed": N_("News of a changed deadline"),
    "deadline_new": N_("News of a new deadline"),
    "wish": N_("A date somebody waited for"),
    "vote": N_("Call to vote"),
    "vote_reminder": N_("Reminder to vote"),
    "result": N_("Result of a vote"),
    "role_begun": N_("News of a new role"),
    "role_ended": N_("News of a role that ended"),
    "invitation": N_("Invitation"),
    "meeting_reminder": N_("Reminder of an invitation"),
    "meeting_eve": N_("Reminder of a meeting"),
    "meeting_moved": N_("News of a moved meeting"),
    "meeting_cancelled": N_("News of a cancelled meeting"),
    "agenda_changed": N_("News of a changed agenda"),
    "answers": N_("New answers to an invitation"),
    "deputy_asked": N_("Question to a deputy"),
    "outage": N_("News of an outage"),
    "week": N_("The office's week"),
    "backup": N_("News of a backup"),
    "broadcast": N_("Broadcast"),
}


async def planned(context: Context, page: int) -> None:
    """The list, a page of it."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        found = await forecast(session, context.now)
        page = min(page, max(0, len(found) - 1) // PAGE)
        subjects = [await _subject(session, one) for one in found[page * PAGE : (page + 1) * PAGE]]
    await context.toast()
    await context.say(planned_list(voice, found, subjects, page))


def planned_list(voice: Voice, found: Sequence[Planned], subjects: Sequence[str], page: int) -> Message:
    """When, what, to how many; a button each."""
    if not found:
        return Message(voice.say("No message is planned for the next 30 days."), [office_row(voice)])
    here = list(zip(found[page * PAGE : (page + 1) * PAGE], subjects, strict=True))
    lines = [
        voice.plural(
            "<b>%(number)s planned message</b> in the next 30 days",
            "<b>%(number)s planned messages</b> in the next 30 days",
            len(found),
        )
    ]
    lines += [_line(voice, one, subject) for one, subject in here]
    rows: list[Row] = [
        [(f"{voice.brief(one.at)} · {subject or _kind(voice, one)}", _tap(one, "show"))] for one, subject in here
    ]
    turn = [(voice.plain("Back"), Open("planned", page - 1))] if page else []
    if len(found) > (page + 1) * PAGE:
        turn.append((voice.plain("Later ones"), Open("planned", page + 1)))
    return Message("\n\n".join(lines), [*rows, *([turn] if turn else []), office_row(voice)])


def _line(voice: Voice, one: Planned, subject: str) -> Markup:
    line = voice.say(
        "%(moment)s\n%(title)s · %(people)s",
        moment=voice.moment(one.at),
        title=_title(voice, one, subject),
        people=voice.plural("%(number)s person", "%(number)s people", len(one.readers)),
    )
    return Markup(line + " · " + voice.say("<b>held</b>")) if one.held else line


def _tap(one: Planned, act: str) -> OnPlanned:
    return OnPlanned(*one.key, act)


def _kind(voice: Voice, one: Planned) -> str:
    return voice.plain(KINDS[one.key.kind]) if one.key.kind in KINDS else voice.plain("Message")


def _title(voice: Voice, one: Planned, subject: str) -> str:
    """„Erinnerung an Frist: 4 · Aufruf STABIL"."""
    return f"{_kind(voice, one)}: {subject}" if subject else _kind(voice, one)


async def _subject(session: AsyncSession, one: Planned) -> str:
    """„4 · Aufruf STABIL"; empty where it speaks of nothing that has a number."""
    about = one.readers[0].about
    if "broadcast" in about:
        broadcast = await session.get_one(Broadcast, about["broadcast"])
        return f"{broadcast.number} · {excerpt(broadcast)}"
    row: Deadline | Vote | Meeting | None = None
    if "deadline" in about or one.key.kind == REMINDER:
        row = await session.get(Deadline, one.key.number)
    elif "vote" in about:
        row = await session.get(Vote, one.key.number)
    elif "meeting" in about:
        row = await session.get(Meeting, one.key.number)
    return f"{row.number} · {row.title}" if row else ""


async def on_planned(context: Context, tap: OnPlanned) -> None:
    """Show one, hold it, release it, or send it now."""
    key = PlannedKey(tap.kind, tap.number, tap.second)
    match tap.act:
        case "show":
            await _show(context, key)
        case "hold" | "release" | "now":
            await _change(context, key, tap.act)
        case _:
            raise Unknown


async def _show(context: Context, key: PlannedKey) -> None:
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        message = await _opened(context, session, await find(session, key, context.now))
    await context.toast()
    await context.say(message)


async def _change(context: Context, key: PlannedKey, act: str) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        match act:
            case "hold":
                message = await _opened(context, session, await stop(session, key, who, context.now))
                said = voice.plain("Held. It goes when somebody releases it.")
            case "release":
                released = await let_go(session, key, who, context.now)
                message = await _still_there(context, session, voice, released)
                said = voice.plain("Released.")
            case _:
                sent = await send_now(session, key, who, context.now)
                message = _sent(voice, _title(voice, sent, await _subject(session, sent)), len(sent.readers))
                said = voice.plain("It is on its way.")
    await context.toast(said)
    await context.redraw(message)


async def _still_there(context: Context, session: AsyncSession, voice: Voice, released: Planned) -> Message:
    """The entry after its release; one whose time is over may be void now."""
    try:
        return await _opened(context, session, await find(session, released.key, context.now))
    except AlreadyDone:
        return Message(voice.say("Released."), [_back(voice)])


def _sent(voice: Voice, title: str, readers: int) -> Message:
    people = voice.plural("%(number)s person", "%(number)s people", readers)
    return Message(voice.say("%(title)s\nis on its way to %(people)s.", title=title, people=people), [_back(voice)])


def _back(voice: Voice) -> Row:
    return [(voice.plain("Planned messages"), Open("planned")), *office_row(voice)]


async def planned_again(context: Context, tap: OnPlanned) -> None:
    """The tap was stored before, only not spoken: show how it stands."""
    async with context.read() as session:
        voice = await context.voice(session)
        try:
            found = await find(session, PlannedKey(tap.kind, tap.number, tap.second), context.now)
            message = await _opened(context, session, found)
        except AlreadyDone:
            message = Message(voice.say("That message has been sent."), [_back(voice)])
    await context.toast()
    await context.redraw(message)


async def _opened(context: Context, session: AsyncSession, one: Planned) -> Message:
    """When, what, to whom, and how it will look."""
    voice = await context.voice(session)
    lines = [
        Markup(f"<b>{voice.moment(one.at)}</b>"),
        html(_title(voice, one, await _subject(session, one))),
        voice.say("To %(names)s", names=await _names(session, voice, one)),
        *await _notes(context, session, voice, one),
    ]
    text = await _text(session, voice, one, max(one.at, context.now))
    shown = split(text, EXCERPT)[0] if text else voice.say("Its text is known only when it is sent.")
    rows: list[Row] = [] if one.fixed else [_acts(voice, one)]
    return Message("\n".join([*lines, "", shown]), [*rows, _back(voice)])


async def _notes(context: Context, session: AsyncSession, voice: Voice, one: Planned) -> list[Markup]:
    notes = []
    if one.held:
        notes.append(voice.say("<b>Held:</b> it goes when somebody releases it."))
    if one.fixed:
        notes.append(voice.say("It goes by itself and cannot be held."))
    elif (await deadlines.office_calendar(session)).quiet(context.now):
        notes.append(voice.say("These are quiet hours: sent now it would make no sound."))
    return notes


def _acts(voice: Voice, one: Planned) -> Row:
    hold = (voice.plain("Release"), _tap(one, "release")) if one.held else (voice.plain("Hold"), _tap(one, "hold"))
    return [hold, (voice.plain("Send now"), _tap(one, "now"))]


async def _names(session: AsyncSession, voice: Voice, one: Planned) -> str:
    """„3 Personen: Vera Muster, Jens Beispiel, 1 ohne Namen"."""
    accounts = [reader.telegram_id for reader in one.readers]
    known = list(
        await session.scalars(select(Person.name).where(Person.telegram_id.in_(accounts)).order_by(Person.name))
    )
    names, more, unknown = known[:NAMES], len(known) - NAMES, len(set(accounts)) - len(known)
    if more > 0:
        names.append(voice.plural("%(number)s more", "%(number)s more", more))
    if unknown > 0:
        names.append(voice.plural("%(number)s not on your lists", "%(number)s not on your lists", unknown))
    return f"{voice.plural('%(number)s person', '%(number)s people', len(accounts))}: {', '.join(names)}"


async def _text(session: AsyncSession, voice: Voice, one: Planned, at: datetime) -> str:
    """How it would look to its first reader at that instant, in the voice of who asks; empty: nobody knows yet."""
    if one.key.kind == REMINDER and not one.letters:
        return await _reminder_text(session, voice, one, at)
    first = one.readers[0]
    letter = await session.get(Letter, one.letters[0]) if one.letters else None
    letter = letter or Letter(id=0, kind=one.key.kind, telegram_id=first.telegram_id, about=dict(first.about))
    message = await worded(Turn(session, letter, voice, await actor(session, first.telegram_id), at))
    return message.text if message and one.key.kind != "result" else ""


async def _reminder_text(session: AsyncSession, voice: Voice, one: Planned, at: datetime) -> str:
    row, sheet = await session.get_one(Deadline, one.key.number), await sheet_for(session, voice, at)
    lead = min(lead for lead in row.leads if step_key(row, lead, sheet.calendar) == one.key)
    return reminder_message(sheet, [DueStep(row, lead, one.late)], 0).text
