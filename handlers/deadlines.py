"""Deadlines on the phone: the list, one entry, „Erinnere mich", the morning's reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnDeadline, OnReminder, Open
from handlers.context import Context
from handlers.ics import deadline_ics
from handlers.speech import File, Message, Row
from locales import N_, Markup, Voice, bold
from models import deadline as deadlines
from models.calendar import Calendar
from models.deadline import Deadline, DueStep
from models.outbox import Letter
from models.refusals import NotEntitled, Unknown

PAGE = 8
ENDINGS = {"done": "done", "mute": "muted"}
FIELDS = {
    "title": N_("Title"),
    "kind": N_("Kind"),
    "areas": N_("Funding areas"),
    "opens_at": N_("Opening"),
    "due_at": N_("Due"),
    "mode": N_("Mode"),
    "place": N_("Place"),
    "copies": N_("Copies"),
    "budget": N_("Budget"),
    "audience": N_("Audience"),
    "leads": N_("Reminders"),
    "shift": N_("Moves to the next working day"),
    "source": N_("Source"),
}


@dataclass(frozen=True)
class Sheet:
    """What a deadline is written down with: the reader's voice, the office's calendar, and the present instant."""

    voice: Voice
    calendar: Calendar
    now: datetime
    postal_days: int

    def due(self, row: Deadline) -> datetime:
        """The instant by which it must be done."""
        return deadlines.effective_due(deadlines.schedule_of(row), self.calendar)

    def days_left(self, row: Deadline) -> int:
        """Calendar days until then; 0 is today."""
        return deadlines.days_left(deadlines.schedule_of(row), self.calendar, self.now)


async def sheet_for(session: AsyncSession, voice: Voice, now: datetime) -> Sheet:
    """The sheet of this office for this reader."""
    return Sheet(voice, await deadlines.office_calendar(session), now, await deadlines.postal_days(session))


def left(voice: Voice, days: int) -> str:
    """How long it still is: „noch 12 Tage", „morgen", „heute"."""
    if days <= 0:
        return voice.plain("today")
    if days == 1:
        return voice.plain("tomorrow")
    return str(voice.plural("%(number)s day left", "%(number)s days left", days))


def in_short(sheet: Sheet, row: Deadline) -> str:
    """„Fr, 20.03., 12:00 Uhr · noch 12 Tage · Posteingang"."""
    return " · ".join(
        part for part in (sheet.voice.brief(sheet.due(row)), left(sheet.voice, sheet.days_left(row)), row.mode) if part
    )


def entry_text(sheet: Sheet, row: Deadline) -> Markup:
    """A deadline with everything the office has entered, and its source."""
    voice, due = sheet.voice, sheet.due(row)
    lines = [
        voice.say("No. %(number)s · %(kind)s", number=row.number, kind=row.kind),
        bold(row.title),
        _due_line(voice, row, due, sheet.days_left(row)),
    ]
    if due != row.due_at:
        lines.append(
            voice.say(
                "Entered for %(moment)s; that is no working day, so it moves (§ 31 Abs. 3 VwVfG). "
                "Reminders count from the earlier day.",
                moment=voice.moment(row.due_at),
            )
        )
    if deadlines.by_post(row.mode) and due > sheet.now:
        lines.append(_post_line(sheet, row))
    lines += [
        voice.say("%(name)s: %(value)s", name=voice.plain(name), value=value) for name, value in _details(voice, row)
    ]
    lines.append(voice.say("Source: %(source)s", source=row.source or voice.plain("entered by the office")))
    return Markup("\n".join(lines))


def _due_line(voice: Voice, row: Deadline, due: datetime, days: int) -> Markup:
    if row.status == "abgesagt":
        return voice.say("<b>Cancelled.</b> It was due on %(moment)s.", moment=voice.moment(due))
    if row.status or days < 0:
        return voice.say("Over. It was due on %(moment)s.", moment=voice.moment(due))
    parts = [voice.moment(due), left(voice, days), row.mode]
    return voice.say("<b>Due: %(due)s</b>", due=" · ".join(part for part in parts if part))


def _post_line(sheet: Sheet, row: Deadline) -> Markup:
    day = deadlines.posting_day(deadlines.schedule_of(row), sheet.calendar, sheet.postal_days)
    voice = sheet.voice
    return voice.say("Post it on %(weekday)s, %(day)s at the latest.", weekday=voice.weekday(day), day=voice.day(day))


def _details(voice: Voice, row: Deadline) -> list[tuple[str, str]]:
    found = [
        (FIELDS["areas"], " ".join(row.areas)),
        (FIELDS["opens_at"], voice.moment(row.opens_at) if row.opens_at else ""),
        (FIELDS["place"], row.place),
        (FIELDS["copies"], row.copies),
        (FIELDS["budget"], row.budget),
    ]
    return [(name, value) for name, value in found if value]


async def list_deadlines(context: Context, page: int = 0) -> None:
    """``/fristen``: the next one in ten words, then what is ahead, a button each."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        sheet = await sheet_for(session, voice, context.now)
        found = await deadlines.open_deadlines(session, context.now, who)
    await context.toast()
    await context.say(deadline_list(sheet, found, page))


def deadline_list(sheet: Sheet, found: Sequence[Deadline], page: int) -> Message:
    """A page of deadlines; the first begins with the next one. A page that is no more shows the last."""
    voice = sheet.voice
    if not found:
        return Message(voice.say("No deadline is entered at present."))
    page = min(page, (len(found) - 1) // PAGE)
    here = found[page * PAGE : (page + 1) * PAGE]
    lines = [bold(in_short(sheet, found[0]))] if page == 0 else []
    lines += [
        voice.say(
            "%(number)s · %(title)s\n%(short)s",
            number=row.number,
            title=row.title,
            short=in_short(sheet, row),
        )
        for row in here
    ]
    rows: list[Row] = [[(f"{row.number} · {row.title}", OnDeadline(row.number, "show"))] for row in here]
    turn: list[tuple[str, Open]] = []
    if page:
        turn.append((voice.plain("Back"), Open("deadlines", page - 1)))
    if len(found) > (page + 1) * PAGE:
        turn.append((voice.plain("More deadlines"), Open("deadlines", page + 1)))
    return Message("\n\n".join(lines), [*rows, turn] if turn else rows)


async def on_deadline(context: Context, tap: OnDeadline) -> None:
    """What somebody does with one deadline."""
    match tap.act:
        case "show":
            await show(context, tap.number)
        case "remind":
            await _remind(context, tap.number)
        case "done" | "mute":
            await _end(context, tap.number, tap.act)
        case "ics":
            await _calendar_file(context, tap.number)
        case _:
            raise Unknown


async def show(context: Context, number: int) -> None:
    """One deadline, with „Erinnere mich" and „Kalender (.ics)"."""
    async with context.read() as session:
        message = await entry_message(context, session, number)
    await context.toast()
    await context.say(message)


async def entry_message(context: Context, session: AsyncSession, number: int) -> Message:
    """The entry as this person sees it."""
    who = await context.actor(session)
    voice = await context.voice(session)
    sheet = await sheet_for(session, voice, context.now)
    row = await deadlines.deadline(session, number, who)
    running = await deadlines.subscription(session, number, who.telegram_id)
    rows: list[Row] = []
    if running:
        rows.append([(voice.plain("Do not remind me any more"), OnDeadline(number, "mute"))])
    elif not row.status and sheet.due(row) > context.now:
        rows.append([(voice.plain("Remind me"), OnDeadline(number, "remind"))])
    rows.append([(voice.plain("Calendar (.ics)"), OnDeadline(number, "ics"))])
    text = entry_text(sheet, row)
    if running:
        days = ", ".join(str(lead) for lead in sorted(row.leads, reverse=True))
        text = Markup(f"{text}\n" + voice.say("You are being reminded, days before: %(days)s", days=days))
    return Message(text, rows)


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
    await context.toast(_ended(voice, act))
    await context.redraw(message)


def _ended(voice: Voice, act: str) -> str:
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
        voice = await context.voice(session)
        calendar = await deadlines.office_calendar(session)
        row = await deadlines.deadline(session, number, who)
    await context.toast()
    content = deadline_ics([row], calendar, context.now, describe=lambda one: in_words(voice, one))
    name = voice.plain("deadline-%(number)s.ics", number=number)
    await context.say(Message(voice.say("For your calendar:"), files=[File(name, content)]))


def in_words(voice: Voice, row: Deadline) -> str:
    """What a calendar entry says below its title."""
    parts = [row.kind, row.mode, row.place, voice.plain("Source: %(source)s", source=row.source) if row.source else ""]
    return "\n".join(part for part in parts if part)


def reminder_message(sheet: Sheet, steps: Sequence[DueStep], letter: int) -> Message:
    """The morning's reminder: all that is due, by date."""
    voice = sheet.voice
    lines = []
    for step in steps:
        text = entry_text(sheet, step.deadline)
        late = voice.say("(belated)") if step.late else Markup("")
        lines.append(f"{late}\n{text}" if late else text)
    heading = voice.plural("Reminder of %(number)s deadline", "Reminder of %(number)s deadlines", len(steps))
    rows: list[Row] = [
        [
            (voice.plain("Done"), OnReminder(letter, "done")),
            (voice.plain("Do not remind me any more"), OnReminder(letter, "mute")),
        ]
    ]
    return Message("\n\n".join([heading, *lines]), rows)


async def on_reminder(context: Context, tap: OnReminder) -> None:
    """„Erledigt" or „Nicht mehr erinnern" on a reminder; which one is asked where it holds several."""
    if tap.act not in ENDINGS:
        raise Unknown
    async with context.read() as session:
        letter = await session.get(Letter, tap.letter)
        voice = await context.voice(session)
        who = await context.actor(session)
        if letter is None or letter.telegram_id != context.telegram_id:
            raise NotEntitled("invited")
        rows = [await deadlines.deadline(session, number, who) for number in letter.about.get("deadlines", [])]
    if not rows:
        raise Unknown
    if len(rows) == 1:
        await _end_from_reminder(context, voice, rows[0], tap.act)
        return
    await context.toast()
    buttons: list[Row] = [[(f"{row.number} · {row.title}", OnDeadline(row.number, tap.act))] for row in rows]
    await context.say(Message(voice.say("Which one?"), buttons))


async def _end_from_reminder(context: Context, voice: Voice, row: Deadline, act: str) -> None:
    async with context.begin() as session:
        await deadlines.end_subscription(session, row.number, context.telegram_id, ENDINGS[act], context.now)
    await context.toast(_ended(voice, act))
    text = voice.say("%(number)s · %(title)s: %(said)s", number=row.number, title=row.title, said=_ended(voice, act))
    await context.say(Message(text, [[(voice.plain("Deadlines"), Open("deadlines"))]]))


async def changed_message(
    session: AsyncSession, voice: Voice, row: Deadline, changes: Sequence[dict[str, str]], now: datetime
) -> Message:
    """A changed deadline, told to its subscribers: old → new."""
    lines = [voice.say("<b>A deadline has changed</b>")]
    lines += [
        voice.say(
            "%(name)s: %(old)s → %(new)s",
            name=voice.plain(FIELDS.get(change["field"], change["field"])),
            old=spoken_value(voice, change["old"]),
            new=spoken_value(voice, change["new"]),
        )
        for change in changes
    ]
    lines += [Markup(""), entry_text(await sheet_for(session, voice, now), row)]
    return Message("\n".join(lines), [[(voice.plain("Show the deadline"), OnDeadline(row.number, "show"))]])


def spoken_value(voice: Voice, value: object) -> str:
    """A value of a deadline as people read it."""
    if isinstance(value, str) and _is_instant(value):
        return voice.moment(datetime.fromisoformat(value))
    if isinstance(value, list):
        return " ".join(str(one) for one in value) or "–"
    if isinstance(value, bool):
        return voice.plain("yes") if value else voice.plain("no")
    return str(value) if value not in {None, ""} else "–"


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
