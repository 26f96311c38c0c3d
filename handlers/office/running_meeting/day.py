"""The day of a meeting in the office's hands: who came, who left, when it was opened and closed."""

from collections.abc import Sequence
from datetime import datetime

from handlers.forms.parts import read_back, ticking, toggle
from handlers.forms.shape import NOW, Ask, Desk, Form, Question
from handlers.meetings.words import headline
from handlers.office.running_meeting.parts import done
from handlers.speech import Message
from handlers.times import read_time
from locales import N_, Markup, html
from models.meeting import day, looking
from models.meeting.day import SeatOnTheDay
from models.meeting.rows import Invitation, Meeting
from models.member import Person
from models.refusals import Unfit

NEVER_THERE = "never"


async def _meeting(desk: Desk) -> Meeting:
    desk.actor.need_staff()
    meeting = await looking.find(desk.session, desk.answers["meeting"])
    await day.check_recordable(desk.session, meeting, desk.now)
    return meeting


async def _seats(desk: Desk) -> list[SeatOnTheDay]:
    return await day.seats_on_the_day(desk.session, (await _meeting(desk)).number)


def _read_past(desk: Desk, entry: str) -> str:
    """A typed time that is not to come, as ISO; a clock time alone is one of today.

    Raises:
        Unfit: it cannot be read, or is still to come.
    """
    try:
        at = read_time(f"{desk.calendar.day(desk.now):%d.%m.%Y} {entry}", desk.now, desk.calendar)
    except Unfit:
        at = read_time(entry, desk.now, desk.calendar)
    if at > desk.now:
        raise Unfit("still to come")
    return at.isoformat()


def _heading(desk: Desk, meeting: Meeting) -> list[Markup]:
    return [desk.voice.say("<b>Preview</b> – this is what is recorded:"), *headline(desk.voice, meeting)]


async def _count(desk: Desk, meeting: Meeting, mandates: int) -> Markup:
    seats = await looking.attendance(desk.session, meeting.number)
    return desk.voice.say(
        "Then %(count)s of %(all)s are present, quorum from %(needed)s.",
        count=mandates,
        all=sum(one.votes for one in seats),
        needed=await looking.quorum_needed(desk.session, meeting, seats),
    )


# --- „Anwesend"


async def _who_came(desk: Desk) -> Ask:
    """Who is not there yet, by their seats; where a deputy may sit, each who might by name, until one is ticked."""
    choices: list[tuple[str, list[int]]] = []
    ticked = dict(desk.answers.get("seats", ()))
    for seat in await _seats(desk):
        if seat.there is not None:
            continue
        invitation = await desk.session.get_one(Invitation, seat.invitation_id)
        expected = await day.sitter(desk.session, invitation)
        people = await day.possible_sitters(desk.session, invitation)
        for person in sorted(people, key=lambda one: one.id != expected):
            if ticked.get(seat.invitation_id, person.id) != person.id:
                continue
            named = seat.votes and (len(people) > 1 or person.name != seat.holder)
            choices.append((f"{seat.name} ({person.name})" if named else seat.name, [seat.invitation_id, person.id]))
    if not choices:
        raise Unfit("all there")
    return ticking(desk, "seats", desk.voice.say("Who is there? Tap all of them, then “Next”."), choices)


async def _since_when(desk: Desk) -> Ask:
    meeting, voice = await _meeting(desk), desk.voice
    choices: list[tuple[str, str]] = [(voice.plain("Now"), NOW)]
    began = meeting.began_at or meeting.starts_at
    if began < desk.now:
        choices.append((voice.plain("From the beginning (%(time)s)", time=voice.time(began)), began.isoformat()))
    return Ask(voice.say("Since when? Tap, or write the time like this: 10:15"), choices)


def _arrivals(desk: Desk) -> list[tuple[int, int]]:
    """Pairs of invitation and person."""
    return [(invitation, person) for invitation, person in desk.answers.get("seats", ())]


async def _preview_arrivals(desk: Desk) -> Message:
    meeting, seats = await _meeting(desk), {one.invitation_id: one for one in await _seats(desk)}
    moment, new = desk.voice.moment(desk.at("at")), 0
    lines = [*_heading(desk, meeting), desk.voice.say("Present since %(moment)s:", moment=moment)]
    for invitation_id, person_id in _arrivals(desk):
        seat, person = seats[invitation_id], await desk.session.get_one(Person, person_id)
        new += seat.votes
        name = f"{seat.name} ({person.name})" if seat.votes else seat.name
        lines.append(html(f"• {name}"))
    there = sum(one.there is not None and one.votes for one in seats.values())
    return Message("\n".join([*lines, await _count(desk, meeting, there + new)]))


async def _record_arrivals(desk: Desk) -> Message:
    number = desk.answers["meeting"]
    await day.record_arrivals(desk.session, number, _arrivals(desk), desk.at("at"), desk.actor, desk.now)
    return done(desk.voice, number, desk.voice.say("Recorded."))


PRESENT = Form(
    "meeting_present",
    N_("Who is there"),
    N_("Send"),
    (
        Question("seats", _who_came, tick=toggle("seats")),
        Question("at", _since_when, _read_past, echo=read_back("at", N_("Since: %(moment)s"))),
    ),
    _preview_arrivals,
    _record_arrivals,
)


# --- „Gegangen"


def _there(seats: Sequence[SeatOnTheDay]) -> list[tuple[str, int]]:
    return [(seat.name, seat.there.presence_id) for seat in seats if seat.there is not None]


async def _who_left(desk: Desk) -> Ask:
    choices = _there(await _seats(desk))
    if not choices:
        raise Unfit("nobody there")
    return ticking(desk, "spans", desk.voice.say("Who has left? Tap all of them, then “Next”."), choices)


async def _until_when(desk: Desk) -> Ask:
    voice = desk.voice
    return Ask(
        voice.say("When? Tap, or write the time like this: 11:30"),
        [(voice.plain("Now"), NOW), (voice.plain("Was not there: take the entry back"), NEVER_THERE)],
    )


def _left_at(desk: Desk) -> datetime | None:
    return None if desk.answers["at"] == NEVER_THERE else desk.at("at")


async def _preview_leavings(desk: Desk) -> Message:
    meeting, seats, at = await _meeting(desk), await _seats(desk), _left_at(desk)
    gone = set(desk.answers.get("spans", ()))
    lines, left = _heading(desk, meeting), 0
    for seat in seats:
        if seat.there is None or seat.there.presence_id not in gone:
            continue
        left += seat.votes
        if at is None:
            lines.append(desk.voice.say("• %(name)s: the entry is taken back", name=seat.name))
        else:
            lines.append(desk.voice.say("• %(name)s, until %(moment)s", name=seat.name, moment=desk.voice.moment(at)))
    there = sum(one.there is not None and one.votes for one in seats)
    return Message("\n".join([*lines, await _count(desk, meeting, there - left)]))


async def _record_leavings(desk: Desk) -> Message:
    number, spans = desk.answers["meeting"], desk.answers.get("spans", ())
    await day.record_leavings(desk.session, number, spans, _left_at(desk), desk.actor, desk.now)
    return done(desk.voice, number, desk.voice.say("Recorded."))


LEFT = Form(
    "meeting_left",
    N_("Who has left"),
    N_("Send"),
    (Question("spans", _who_left, tick=toggle("spans")), Question("at", _until_when, _read_past)),
    _preview_leavings,
    _record_leavings,
)


# --- opened and closed


async def _began(desk: Desk) -> Ask:
    meeting, voice = await _meeting(desk), desk.voice
    choices: list[tuple[str, str]] = [(voice.plain("Now"), NOW)]
    if meeting.starts_at < desk.now:
        choices.append((voice.moment(meeting.starts_at), meeting.starts_at.isoformat()))
    return Ask(voice.say("When was it opened? Tap, or write the time like this: 10:05"), choices)


async def _preview_beginning(desk: Desk) -> Message:
    meeting, at = await _meeting(desk), desk.at("at")
    there = await day.mandates_there(desk.session, meeting.number, at)
    opened = desk.voice.say("Opened: %(moment)s", moment=desk.voice.moment(at))
    return Message("\n".join([*_heading(desk, meeting), opened, await _count(desk, meeting, len(there))]))


async def _begin(desk: Desk) -> Message:
    number = desk.answers["meeting"]
    await day.begin(desk.session, number, desk.at("at"), desk.actor, desk.now)
    return done(desk.voice, number, desk.voice.say("Recorded."))


BEGIN = Form(
    "meeting_begin",
    N_("Open the meeting"),
    N_("Send"),
    (Question("at", _began, _read_past, echo=read_back("at", N_("Opened: %(moment)s"))),),
    _preview_beginning,
    _begin,
)


async def _ended(desk: Desk) -> Ask:
    meeting, voice = await _meeting(desk), desk.voice
    if desk.now <= (meeting.began_at or meeting.starts_at):
        raise Unfit("not begun")
    choices: list[tuple[str, str]] = [(voice.plain("Now"), NOW)]
    if meeting.ends_at < desk.now:
        choices.append((voice.moment(meeting.ends_at), meeting.ends_at.isoformat()))
    return Ask(voice.say("When was it closed? Tap, or write the time like this: 11:55"), choices)


async def _preview_end(desk: Desk) -> Message:
    meeting = await _meeting(desk)
    closed = desk.voice.say("Closed: %(moment)s", moment=desk.voice.moment(desk.at("at")))
    note = desk.voice.say("Whoever is present now counts as present until then.")
    return Message("\n".join([*_heading(desk, meeting), closed, note]))


async def _end(desk: Desk) -> Message:
    number = desk.answers["meeting"]
    await day.end(desk.session, number, desk.at("at"), desk.actor, desk.now)
    return done(desk.voice, number, desk.voice.say("Recorded."))


END = Form(
    "meeting_end",
    N_("Close the meeting"),
    N_("Send"),
    (Question("at", _ended, _read_past, echo=read_back("at", N_("Closed: %(moment)s"))),),
    _preview_end,
    _end,
)

DAY_FORMS = (PRESENT, LEFT, BEGIN, END)
