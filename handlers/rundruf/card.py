"""A Rundruf as the office sees it: what it waits for, how far it is, what has come of it, and what can be done."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnBroadcast, Open
from handlers.speech import Message, Row, shorten, shown
from handlers.way_back import office_row
from locales import Markup, Voice
from models.broadcast.looking import tally
from models.broadcast.rows import Broadcast
from models.broadcast.rules import PACE_SPAN, Fate, Tally, seconds_left
from models.member import Person

EXCERPT = 300  # characters of its text
TITLE = 40
MINUTE = 60
RATE = 25.0  # letters a second, until there is a pace to see


def excerpt(row: Broadcast, width: int = TITLE) -> str:
    """The beginning of its text, in one line."""
    texts = row.revisions[-1]["texts"]
    return shorten(" ".join(shown(texts[row.language]).split()), width)


async def card(session: AsyncSession, voice: Voice, row: Broadcast, now: datetime) -> Message:
    """All that the office needs to know, and the buttons for what can be done now."""
    counted = await tally(session, row, now)
    lines = [_heading(voice, row), _quoted(voice, row)]
    if row.started_at is None:
        lines += await _waiting_lines(session, voice, row)
    elif row.ended_at is None and not row.withdrawn_at:
        lines += progress_lines(voice, row, counted, now)
    else:
        lines += report_lines(voice, row, counted)
    return Message("\n".join(lines), [*_acts(voice, row, counted), [_all(voice), *office_row(voice)]])


def _quoted(voice: Voice, row: Broadcast) -> Markup:
    """Its beginning, with an empty line below."""
    return Markup(voice.say("“%(text)s”", text=excerpt(row, EXCERPT)) + "\n")


def _heading(voice: Voice, row: Broadcast) -> Markup:
    return voice.say("<b>Broadcast no. %(number)s</b>", number=row.number)


def _all(voice: Voice) -> tuple[str, Open]:
    return voice.plain("All broadcasts"), Open("broadcasts")


async def _waiting_lines(session: AsyncSession, voice: Voice, row: Broadcast) -> list[Markup]:
    lines = []
    if row.withdrawn_at:
        return [voice.say("Withdrawn before it went out. Nobody has got it.")]
    if row.starts_at:
        lines.append(voice.say("Goes out: %(moment)s", moment=voice.moment(row.starts_at)))
    if row.needs_release:
        by = await session.get(Person, row.released_by) if row.released_by else None
        author = await session.get_one(Person, row.edited_by)
        lines.append(
            voice.say("Released by %(name)s.", name=by.name)
            if by
            else voice.say("Written by %(name)s. It waits for the release by a second person.", name=author.name)
        )
    if row.paused_at:
        lines.append(voice.say("<b>Held:</b> it goes when somebody releases it."))
    return lines


def progress_lines(voice: Voice, row: Broadcast, counted: Tally, now: datetime) -> list[Markup]:
    """„312 von 480 · 3 nicht erreichbar · noch 6 s"."""
    parts = [voice.say("%(done)s of %(all)s", done=counted.settled, all=counted.recipients)]
    if lost := counted.fates[Fate.UNREACHABLE]:
        parts.append(voice.say("%(number)s unreachable", number=lost))
    if counted.correcting:
        parts.append(voice.say("%(number)s still to be corrected", number=counted.correcting))
    if row.paused_at:
        parts.append(voice.say("<b>stopped</b>"))
    elif left := counted.fates[Fate.WAITING] + counted.correcting:
        span = min(PACE_SPAN, now - (row.started_at or now)).total_seconds()
        parts.append(_still(voice, seconds_left(left, counted.recent, span, RATE)))
    return [Markup(" · ".join(parts))]


def _still(voice: Voice, seconds: int) -> Markup:
    if seconds < 2 * MINUTE:
        return voice.say("%(seconds)s s left", seconds=seconds)
    return voice.say("%(minutes)s min left", minutes=round(seconds / MINUTE))


def report_lines(voice: Voice, row: Broadcast, counted: Tally) -> list[Markup]:
    """„zugestellt: n" and all else that has come of it."""
    fates = counted.fates
    lines = [voice.say("delivered: %(number)s", number=fates[Fate.DELIVERED])]
    if row.asks_read:
        lines.append(voice.say("read: %(number)s", number=counted.read))
    lines += [
        voice.say("unreachable: %(number)s", number=fates[Fate.UNREACHABLE]),
        voice.say("failed: %(number)s", number=fates[Fate.FAILED]),
        voice.say("uncertain: %(number)s", number=fates[Fate.UNCERTAIN]),
    ]
    if fates[Fate.DROPPED]:
        lines.append(voice.say("not sent: %(number)s", number=fates[Fate.DROPPED]))
    if row.withdrawn_at:
        return [*lines, *_withdrawn_lines(voice, counted)]
    if row.revision:
        lines.append(voice.say("corrected: %(number)s", number=counted.corrected))
        if counted.anew:
            lines.append(voice.say("sent anew: %(number)s", number=counted.anew))
        lines.append(voice.say("not corrected: %(number)s", number=counted.uncorrected))
    return lines


def _withdrawn_lines(voice: Voice, counted: Tally) -> list[Markup]:
    lines = [
        voice.say("<b>Withdrawn.</b>"),
        voice.say("deleted: %(number)s", number=counted.corrected),
        voice.say("could not be deleted any more: %(number)s", number=counted.uncorrected),
    ]
    if counted.correcting:
        lines.append(voice.say("still being deleted: %(number)s", number=counted.correcting))
    return lines


def _acts(voice: Voice, row: Broadcast, counted: Tally) -> list[Row]:
    if row.withdrawn_at:
        return []
    rows: list[Row] = []
    if row.started_at is None:
        if row.needs_release and not row.released_by:
            rows.append([(voice.plain("Release the broadcast"), _tap(row, "release"))])
        elif row.starts_at:
            rows.append([(voice.plain("Send now"), _tap(row, "now"))])
    elif row.paused_at:
        rows.append([(voice.plain("Go on sending"), _tap(row, "resume"))])
    elif row.ended_at is None:
        rows.append([(voice.plain("Stop sending"), _tap(row, "pause"))])
    rows += _follow_up(voice, row, counted)
    rows.append([(voice.plain("Correct"), _tap(row, "correct")), (voice.plain("Withdraw"), _tap(row, "withdraw"))])
    return rows


def _follow_up(voice: Voice, row: Broadcast, counted: Tally) -> list[Row]:
    rows: list[Row] = []
    missing = counted.fates[Fate.UNREACHABLE] + counted.fates[Fate.FAILED]
    if missing:
        rows.append([(voice.plain("Call list"), _tap(row, "calls"))])
    if counted.fates[Fate.UNCERTAIN]:
        rows.append([(voice.plain("Uncertain messages"), _tap(row, "uncertain"))])
    if missing and row.ended_at:
        rows.append([(voice.plain("Send again to those missing only"), _tap(row, "missing"))])
    return rows


def _tap(row: Broadcast, act: str) -> OnBroadcast:
    return OnBroadcast(row.number, act, row.revision)


async def report(session: AsyncSession, voice: Voice, row: Broadcast, now: datetime) -> Message:
    """What is told once nothing of it is on its way."""
    counted = await tally(session, row, now)
    heading = voice.say("<b>Report: broadcast no. %(number)s</b>", number=row.number)
    lines = [heading, _quoted(voice, row), *report_lines(voice, row, counted)]
    return Message("\n".join(lines), [*_acts(voice, row, counted), [_all(voice)]])


async def to_be_released(session: AsyncSession, voice: Voice, row: Broadcast, people: int) -> Message:
    """What a second person is shown below the message itself."""
    author = await session.get_one(Person, row.edited_by)
    lines = [
        voice.say("Broadcast no. %(number)s by %(name)s waits for your release.", number=row.number, name=author.name),
        voice.plural("It goes to %(number)s person.", "It goes to %(number)s people.", people),
    ]
    if row.starts_at:
        lines.append(voice.say("Goes out: %(moment)s", moment=voice.moment(row.starts_at)))
    counted = await tally(session, row, row.made_at)
    return Message("\n".join(lines), _acts(voice, row, counted))
