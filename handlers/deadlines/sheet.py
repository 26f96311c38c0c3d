"""How a deadline is written down: in ten words, as one of several, whole, and its fields by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.words import office_note
from locales import N_, Markup, Voice, bold, html
from models import deadline as deadlines
from models.calendar import Calendar
from models.deadline import AREAS, CALL, CANCELLED, EVERYONE, SPONSOR_PREFIX, Deadline

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


def listed(sheet: Sheet, row: Deadline) -> Markup:
    """Two lines of a list: number and title, and in short when; a call that is not open yet says when it opens."""
    voice, parts = sheet.voice, [in_short(sheet, row)]
    if row.opens_at and row.opens_at > sheet.now:
        parts.append(voice.plain("opens %(moment)s", moment=voice.brief(row.opens_at)))
    if row.audience != EVERYONE:
        parts.append(voice.plain("only for %(audience)s", audience=audience_name(row.audience)))
    return voice.say("%(number)s · %(title)s\n%(short)s", number=row.number, title=row.title, short=" · ".join(parts))


def audience_name(audience: str) -> str:
    """A body's short name, or the sponsor's."""
    return audience.removeprefix(SPONSOR_PREFIX).strip()


def area_name(area: str) -> str:
    """„C · STABIL"."""
    return f"{area} · {AREAS[area]}"


def areas_named(areas: Sequence[str]) -> str:
    """„B (FAMICO), C (STABIL)"."""
    return ", ".join(f"{area} ({AREAS[area]})" if area in AREAS else area for area in areas)


def item_text(sheet: Sheet, row: Deadline) -> Markup:
    """One of several: title, weekday, date, clock time, days left, mode, the post, place, source."""
    voice = sheet.voice
    lines = [
        voice.say("%(number)s · <b>%(title)s</b>", number=row.number, title=row.title),
        due_line(sheet, row),
        _opening_line(sheet, row),
        *_notes(sheet, row),
        voice.say("Place: %(place)s", place=row.place) if row.place else Markup(""),
        _source_line(voice, row),
    ]
    return Markup("\n".join(line for line in lines if line))


def entry_text(sheet: Sheet, row: Deadline) -> Markup:
    """A deadline with everything the office has entered, and its source."""
    voice = sheet.voice
    lines = [
        _heading(sheet, row),
        bold(row.title),
        due_line(sheet, row),
        _opening_line(sheet, row),
        *_notes(sheet, row),
        *(voice.say("%(name)s: %(value)s", name=voice.plain(name), value=value) for name, value in _details(row)),
        _source_line(voice, row),
        *office_note(voice),
    ]
    return Markup("\n".join(line for line in lines if line))


def _heading(sheet: Sheet, row: Deadline) -> Markup:
    """Number and kind; of a call also whether it is open."""
    voice = sheet.voice
    parts = [voice.plain("No. %(number)s", number=row.number), row.kind] if row.number else [row.kind]
    if row.kind == CALL and not row.status and sheet.due(row) > sheet.now:
        waits = row.opens_at is not None and row.opens_at > sheet.now
        parts.append(voice.plain("not open yet") if waits else voice.plain("open"))
    return html(" · ".join(parts))


def due_line(sheet: Sheet, row: Deadline) -> Markup:
    """„Fällig: Fr, 20.03.2026, 12:00 Uhr · noch 12 Tage · Posteingang"; a call closes; what is over is said to be."""
    voice, due = sheet.voice, sheet.due(row)
    moment = voice.moment(due)
    if row.status == CANCELLED:
        return voice.say("<b>Cancelled.</b> It was due on %(moment)s.", moment=moment)
    if row.status or due <= sheet.now:
        return voice.say("Over. It was due on %(moment)s.", moment=moment)
    said = " · ".join(part for part in (moment, left(voice, sheet.days_left(row)), row.mode) if part)
    return (
        voice.say("<b>Closes: %(due)s</b>", due=said)
        if row.kind == CALL
        else voice.say("<b>Due: %(due)s</b>", due=said)
    )


def _opening_line(sheet: Sheet, row: Deadline) -> Markup:
    voice = sheet.voice
    if row.opens_at is None or row.status or sheet.due(row) <= sheet.now:
        return Markup("")
    if row.opens_at > sheet.now:
        return voice.say("Opens: %(moment)s", moment=voice.moment(row.opens_at))
    return voice.say("Open since %(moment)s", moment=voice.moment(row.opens_at))


def _notes(sheet: Sheet, row: Deadline) -> list[Markup]:
    """The law's shift with both days, and the post; nothing of what is over."""
    voice, due = sheet.voice, sheet.due(row)
    if row.status or due <= sheet.now:
        return []
    lines = []
    if due != row.due_at:
        lines.append(
            voice.say(
                "Entered for %(moment)s; that is no working day, so it moves (§ 31 Abs. 3 VwVfG). "
                "Reminders count from the earlier day.",
                moment=voice.moment(row.due_at),
            )
        )
    if deadlines.by_post(row.mode):
        lines.append(_post_line(sheet, row))
    return lines


def _post_line(sheet: Sheet, row: Deadline) -> Markup:
    voice, today = sheet.voice, sheet.calendar.day(sheet.now)
    day = deadlines.posting_day(deadlines.schedule_of(row), sheet.calendar, sheet.postal_days)
    if day < today:
        return voice.say("It is too late for the post: please hand it in yourself.")
    if day == today:
        return voice.say("Post it today at the latest.")
    return voice.say("Post it by %(weekday)s, %(day)s at the latest.", weekday=voice.weekday(day), day=voice.day(day))


def _details(row: Deadline) -> list[tuple[str, str]]:
    found = [
        (FIELDS["areas"], areas_named(row.areas)),
        (FIELDS["place"], row.place),
        (FIELDS["copies"], row.copies),
        (FIELDS["budget"], row.budget),
        (FIELDS["audience"], "" if row.audience == EVERYONE else audience_name(row.audience)),
    ]
    return [(name, value) for name, value in found if value]


def _source_line(voice: Voice, row: Deadline) -> Markup:
    return voice.say("Source: %(source)s", source=row.source or voice.plain("entered by the office"))


def mornings_line(sheet: Sheet, row: Deadline, since: datetime) -> Markup:
    """When somebody who is reminded since then will still hear of it."""
    voice = sheet.voice
    if row.status or sheet.due(row) <= sheet.now:
        return Markup("")
    found = deadlines.mornings_left(deadlines.schedule_of(row), sheet.calendar, since, sheet.now)
    if not found:
        return voice.say("No further reminder follows.")
    days = " · ".join(voice.short_day(sheet.calendar.day(one)) for one in found)
    return voice.say("I remind you at 9:00 on: %(days)s", days=days)


def in_words(voice: Voice, row: Deadline) -> str:
    """What a calendar entry says below its title."""
    parts = [row.kind, row.mode, row.place, voice.plain("Source: %(source)s", source=row.source) if row.source else ""]
    return "\n".join(part for part in parts if part)


def spoken_value(voice: Voice, field: str, value: object) -> str:
    """A field's value, as it stands in JSON, as people read it."""
    if value is None or value in ("", []):
        return voice.plain("nothing entered")
    if field in {"opens_at", "due_at"}:
        return voice.moment(datetime.fromisoformat(str(value)))
    if field == "areas" and isinstance(value, list):
        return areas_named(value)
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    if isinstance(value, bool):
        return voice.plain("yes") if value else voice.plain("no")
    return str(value)
