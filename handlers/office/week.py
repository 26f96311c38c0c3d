"""The message to the office on Friday morning."""

from collections.abc import Iterable
from datetime import date, timedelta

from handlers.callbacks import Open
from handlers.deadlines import Sheet, in_short
from handlers.speech import Message, Row
from locales import Markup, Voice
from models.deadline import Deadline
from models.meeting.rows import Meeting
from models.question import OfficeQuestion
from models.weekly import Closing, Thin, WeekAhead

SUNDAY = timedelta(days=6)


def week_message(sheet: Sheet, monday: date, found: WeekAhead) -> Message:
    """What the week brings: closings, meetings without a quorum, open questions, deadlines."""
    voice = sheet.voice
    heading = voice.say(
        "<b>The week of %(first)s to %(last)s</b>", first=voice.day(monday), last=voice.day(monday + SUNDAY)
    )
    blocks = [
        _block(voice.say("Votes that close"), (_closing(voice, one) for one in found.closings)),
        _block(voice.say("Meetings without a quorum so far"), (_thin(voice, one) for one in found.thin)),
        _block(voice.say("Meetings to which nobody is invited yet"), (_meeting(voice, one) for one in found.drafts)),
        _block(
            voice.say("Deadlines"),
            (
                voice.say(
                    "%(number)s · %(title)s: %(short)s", number=row.number, title=row.title, short=in_short(sheet, row)
                )
                for row in found.deadlines
            ),
        ),
        _questions(voice, found.questions),
    ]
    filled = [block for block in blocks if block]
    return Message("\n\n".join([heading, *(filled or [voice.say("There is nothing on.")])]), _rows(voice, found))


def _rows(voice: Voice, found: WeekAhead) -> list[Row]:
    rows: list[Row] = [[(voice.plain("Planned messages"), Open("planned"))]]
    if found.questions:
        rows.insert(0, [(voice.plain("Open questions"), Open("questions"))])
    return rows


def _block(heading: Markup, lines: Iterable[Markup]) -> Markup:
    found = [f"• {line}" for line in lines]
    return Markup("\n".join([f"<b>{heading}</b>", *found])) if found else Markup("")


def _deadline(sheet: Sheet, row: Deadline) -> Markup:
    return sheet.voice.say(
        "%(number)s · %(title)s: %(short)s", number=row.number, title=row.title, short=in_short(sheet, row)
    )


def _closing(voice: Voice, one: Closing) -> Markup:
    missing = (
        voice.plural("%(number)s ballot is missing", "%(number)s ballots are missing", one.missing)
        if one.missing
        else voice.say("everyone has voted")
    )
    return voice.say(
        "%(number)s · %(title)s: %(moment)s, %(missing)s",
        number=one.vote.number,
        title=one.vote.title,
        moment=voice.brief(one.vote.closes_at),
        missing=missing,
    )


def _thin(voice: Voice, one: Thin) -> Markup:
    return voice.say(
        "%(meeting)s, %(coming)s accepted, quorum from %(needed)s",
        meeting=_meeting(voice, one.meeting),
        coming=one.coming,
        needed=one.needed,
    )


def _meeting(voice: Voice, one: Meeting) -> Markup:
    return voice.say(
        "%(number)s · %(title)s: %(moment)s", number=one.number, title=one.title, moment=voice.brief(one.starts_at)
    )


def _questions(voice: Voice, found: list[OfficeQuestion]) -> Markup:
    if not found or found[0].handed_at is None:
        return Markup("")
    waiting = voice.plural("%(number)s open question", "%(number)s open questions", len(found))
    return voice.say("<b>%(waiting)s</b>, the oldest since %(day)s", waiting=waiting, day=voice.day(found[0].handed_at))
