"""„Verlegen": another time, another place."""

from datetime import datetime, timedelta

from handlers.forms.parts import line, preview, read_back, read_instant
from handlers.forms.shape import Ask, Desk, Form, Question, a_line
from handlers.meetings.words import changed_lines, headline, span
from handlers.office.running_meeting.parts import changeable, done, notice_warning, the_meeting
from handlers.speech import Message
from locales import N_, Markup
from models.meeting import changing
from models.meeting.changing import Move
from models.meeting.rows import Meeting
from models.refusals import Unfit


async def _new_start(desk: Desk) -> Ask:
    meeting, voice = await changeable(desk), desk.voice
    stays = (voice.plain("Stays: %(moment)s", moment=voice.moment(meeting.starts_at)), meeting.starts_at.isoformat())
    text = voice.say("When does it start from now on? Tap, or write like this: 01.12.2026 10:00")
    later = [meeting.starts_at + timedelta(days=7 * weeks) for weeks in (1, 2)]
    # A week later at the same hour of the clock, also over a change of the clocks.
    moved = [desk.calendar.at(desk.calendar.day(at), desk.calendar.local(meeting.starts_at).time()) for at in later]
    return Ask(text, [stays, *((voice.moment(at), at.isoformat()) for at in moved)])


async def _new_end(desk: Desk) -> Ask:
    meeting, voice = await changeable(desk), desk.voice
    lasts, start = meeting.ends_at - meeting.starts_at, desk.at("start")
    ends = [start + lasts, start + lasts + timedelta(hours=1)]
    text = voice.say("When does it end? Tap, or write like this: 01.12.2026 12:00")
    return Ask(text, [(voice.moment(at), at.isoformat()) for at in ends])


async def _new_place(desk: Desk) -> Ask:
    meeting, voice = await the_meeting(desk), desk.voice
    stays = [(voice.plain("Stays: %(place)s", place=meeting.place), meeting.place)] if meeting.place else []
    return Ask(voice.say("Place or link?"), stays)


def _read_end(desk: Desk, entry: str) -> str:
    at = read_instant(desk, entry)
    if datetime.fromisoformat(at) <= desk.at("start"):
        raise Unfit("ends before it starts")
    return at


def _to(desk: Desk) -> Move:
    return Move(desk.at("start"), desk.at("end"), desk.answers["place"], desk.answers.get("reason", ""))


async def _preview_move(desk: Desk) -> Message:
    meeting, to, voice = await changeable(desk), _to(desk), desk.voice
    if (to.starts_at, to.ends_at, to.place) == (meeting.starts_at, meeting.ends_at, meeting.place):
        return Message(voice.say("Nothing would change."))
    was = {"starts_at": meeting.starts_at.isoformat(), "ends_at": meeting.ends_at.isoformat(), "place": meeting.place}
    after = Meeting(starts_at=to.starts_at, ends_at=to.ends_at, place=to.place, reason=to.reason)
    lines = [preview(voice), *headline(voice, meeting), *changed_lines(voice, after, was)]
    if to.starts_at != meeting.starts_at:
        lines += [Markup(""), voice.say("All are asked anew; the answers given so far no longer count.")]
        lines += await notice_warning(desk, meeting.body_id, to.starts_at)
    else:
        lines += [Markup(""), voice.say("The answers given so far stay.")]
    return Message("\n".join(lines))


async def _move(desk: Desk) -> Message:
    number = desk.answers["meeting"]
    meeting = await changing.move(desk.session, number, _to(desk), desk.actor, desk.now)
    when = span(desk.voice, meeting.starts_at, meeting.ends_at)
    if meeting.invited_at is None:
        return done(desk.voice, number, desk.voice.say("The draft is changed: %(when)s", when=when))
    return done(desk.voice, number, desk.voice.say("Moved: %(when)s. Everyone is being told.", when=when))


MOVE = Form(
    "meeting_move",
    N_("Move a meeting"),
    N_("Send"),
    (
        Question("start", _new_start, read_instant, echo=read_back("start", N_("Starts: %(moment)s"))),
        Question("end", _new_end, _read_end, echo=read_back("end", N_("Ends: %(moment)s"))),
        Question("place", _new_place, a_line),
        line("reason", N_("For what reason? One line, people will read it."), optional=True),
    ),
    _preview_move,
    _move,
)
