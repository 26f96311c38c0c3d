"""What the office does with a meeting that is called: a form each, with a preview and „Senden"."""

from datetime import datetime, timedelta

from handlers.callbacks import OnMeeting
from handlers.forms.parts import line, read_back, read_instant
from handlers.forms.shape import Ask, Desk, Form, Question, a_line, a_text
from handlers.meetings.page import state_words
from handlers.meetings.words import changed_lines, headline, listed, span
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import N_, Markup, Voice
from models.meeting import answering, changing, looking
from models.meeting.changing import Move, agenda_change
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import DEPUTY, NO, YES, check_answerable, notice_kept
from models.member import Person
from models.refusals import Unfit, Unknown


async def _meeting(desk: Desk) -> Meeting:
    return await looking.find(desk.session, desk.answers["meeting"])


async def _changeable(desk: Desk) -> Meeting:
    desk.actor.need_staff()
    meeting = await _meeting(desk)
    check_answerable(meeting, desk.now)
    return meeting


def done(voice: Voice, number: int, said: Markup) -> Message:
    """What was done, and the ways on from there."""
    rows: list[Row] = [
        [(voice.plain("Show the meeting"), OnMeeting(number, "show"))],
        office_row(voice),
    ]
    return Message(said, rows)


def preview(voice: Voice) -> Markup:
    """The heading of what others will see."""
    return voice.say("<b>Preview</b> – this is what the members will see:")


# --- „Verlegen"


async def _new_start(desk: Desk) -> Ask:
    meeting, voice = await _changeable(desk), desk.voice
    stays = (voice.plain("Stays: %(moment)s", moment=voice.moment(meeting.starts_at)), meeting.starts_at.isoformat())
    text = voice.say("When does it start from now on? Tap, or write like this: 01.12.2026 10:00")
    later = [meeting.starts_at + timedelta(days=7 * weeks) for weeks in (1, 2)]
    # A week later at the same hour of the clock, also over a change of the clocks.
    moved = [desk.calendar.at(desk.calendar.day(at), desk.calendar.local(meeting.starts_at).time()) for at in later]
    return Ask(text, [stays, *((voice.moment(at), at.isoformat()) for at in moved)])


async def _new_end(desk: Desk) -> Ask:
    meeting, voice = await _changeable(desk), desk.voice
    lasts, start = meeting.ends_at - meeting.starts_at, desk.at("start")
    ends = [start + lasts, start + lasts + timedelta(hours=1)]
    text = voice.say("When does it end? Tap, or write like this: 01.12.2026 12:00")
    return Ask(text, [(voice.moment(at), at.isoformat()) for at in ends])


async def _new_place(desk: Desk) -> Ask:
    meeting, voice = await _meeting(desk), desk.voice
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
    meeting, to, voice = await _changeable(desk), _to(desk), desk.voice
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


async def notice_warning(desk: Desk, body_id: int, starts_at: datetime) -> list[Markup]:
    """Whether the notice period of the charter is kept by what goes out now."""
    days = await looking.notice_days(desk.session, body_id)
    if notice_kept(starts_at, desk.now, days):
        return []
    return [
        desk.voice.plural(
            "<b>Attention:</b> the rules ask for a notice of %(number)s day. It is not kept.",
            "<b>Attention:</b> the rules ask for a notice of %(number)s days. It is not kept.",
            days,
        )
    ]


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


# --- „Absagen"


async def _why_off(desk: Desk) -> Ask:
    await _changeable(desk)
    return Ask(desk.voice.say("For what reason? One line, people will read it."), optional=True)


async def _preview_off(desk: Desk) -> Message:
    meeting, voice = await _changeable(desk), desk.voice
    lines = [
        preview(voice),
        *headline(voice, meeting),
        voice.say("It does not take place: %(when)s", when=span(voice, meeting.starts_at, meeting.ends_at)),
    ]
    if reason := desk.answers.get("reason"):
        lines.append(voice.say("Reason: %(reason)s", reason=reason))
    for _, vote in await looking.votes_of(desk.session, meeting.number):
        if vote.closed_at is None and vote.cancelled_at is None:
            lines += [
                Markup(""),
                voice.say(
                    "Vote no. %(number)s belongs to this meeting and goes on. Break it off yourself.",
                    number=vote.number,
                ),
            ]
    return Message("\n".join(lines))


async def _call_off(desk: Desk) -> Message:
    number = desk.answers["meeting"]
    meeting = await changing.call_off(desk.session, number, desk.answers.get("reason", ""), desk.actor, desk.now)
    said = desk.voice.say("Meeting no. %(number)s is cancelled. Everyone is being told.", number=number)
    if meeting.invited_at is None:
        said = desk.voice.say("Meeting no. %(number)s is cancelled. Nobody had been invited.", number=number)
    return done(desk.voice, number, said)


CALL_OFF = Form(
    "meeting_off", N_("Cancel a meeting"), N_("Send"), (Question("reason", _why_off, a_line),), _preview_off, _call_off
)


# --- „Tagesordnung ändern"


async def _new_agenda(desk: Desk) -> Ask:
    meeting, voice = await _changeable(desk), desk.voice
    text = voice.say("The new agenda, whole? One item a line; write “Beschluss:” before what is to be decided.")
    if not meeting.items:
        return Ask(text)
    copy = voice.say("Until now (tap to copy):\n<code>%(agenda)s</code>", agenda=meeting.agenda)
    return Ask(Markup(f"{text}\n\n{copy}"))


async def _check_agenda(desk: Desk, text: str) -> None:
    await changing.check_agenda(desk.session, await _meeting(desk), text)


async def _preview_agenda(desk: Desk) -> Message:
    meeting, voice, text = await _changeable(desk), desk.voice, desk.answers["agenda"]
    change = agenda_change(meeting.agenda, text)
    lines = [preview(voice), *headline(voice, meeting)]
    lines += [voice.say("New: %(item)s", item=one) for one in change.added]
    lines += [voice.say("Left out: %(item)s", item=one) for one in change.removed]
    lines.append(voice.say("Agenda:\n%(agenda)s", agenda=listed(voice, text)))
    if change.added:
        lines += await notice_warning(desk, meeting.body_id, meeting.starts_at)
    return Message("\n".join(lines))


async def _change_agenda(desk: Desk) -> Message:
    number = desk.answers["meeting"]
    meeting = await changing.change_agenda(desk.session, number, desk.answers["agenda"], desk.actor, desk.now)
    said = desk.voice.say("The agenda is changed. Everyone is being told.")
    if meeting.invited_at is None:
        said = desk.voice.say("The agenda of the draft is changed.")
    return done(desk.voice, number, said)


AGENDA = Form(
    "meeting_agenda",
    N_("Change the agenda"),
    N_("Send"),
    (Question("agenda", _new_agenda, a_text, check=_check_agenda),),
    _preview_agenda,
    _change_agenda,
)


# --- an answer by telephone or on paper


async def _whose(desk: Desk) -> Ask:
    meeting = await _changeable(desk)
    seats = await looking.attendance(desk.session, meeting.number)
    if not seats:
        raise Unknown
    # Who cannot answer on the phone comes first.
    seats = sorted(seats, key=lambda one: (one.answer is not None, one.reachable))
    labels = [
        (f"{one.name}: {state_words(desk.voice, one)}" if one.answer else one.name, one.invitation_id) for one in seats
    ]
    return Ask(desk.voice.say("Whose answer?"), labels)


async def _invitation(desk: Desk) -> Invitation:
    found = await desk.session.get(Invitation, desk.answers["invitation"])
    if found is None or found.meeting_number != desk.answers["meeting"]:
        raise Unknown
    return found


async def _what(desk: Desk) -> Ask:
    invitation, voice = await _invitation(desk), desk.voice
    choices = [(voice.plain("Coming"), YES), (voice.plain("Not coming"), NO)]
    if await answering.deputies(desk.session, invitation):
        choices.append((voice.plain("Deputy"), DEPUTY))
    return Ask(voice.say("What did they say?"), choices)


async def _which_deputy(desk: Desk) -> Ask | None:
    if desk.answers["answer"] != DEPUTY:
        return None
    found = await answering.deputies(desk.session, await _invitation(desk))
    return Ask(desk.voice.say("Who stands in?"), [(one.name, one.id) for one in found])


async def _deputy_comes(desk: Desk) -> Ask | None:
    if desk.answers["answer"] != DEPUTY:
        return None
    deputy = await desk.session.get_one(Person, desk.answers["deputy"])
    ask = desk.voice.plain("Is to be asked") if deputy.telegram_id else desk.voice.plain("Does not know yet")
    return Ask(
        desk.voice.say("Has %(name)s accepted?", name=deputy.name), [(desk.voice.plain("Comes"), True), (ask, False)]
    )


async def _preview_answer(desk: Desk) -> Message:
    meeting, voice = await _changeable(desk), desk.voice
    seats = {one.invitation_id: one for one in await looking.attendance(desk.session, meeting.number)}
    seat = seats[(await _invitation(desk)).id]
    said = {YES: N_("accepted"), NO: N_("declined")}.get(desk.answers["answer"])
    words = voice.plain(said) if said else ""
    if desk.answers["answer"] == DEPUTY:
        deputy = await desk.session.get_one(Person, desk.answers["deputy"])
        state = voice.plain("accepted") if desk.answers["comes"] else voice.plain("asked")
        words = voice.plain("deputy %(name)s (%(state)s)", name=deputy.name, state=state)
    lines = [
        voice.say("<b>Preview</b> – this is what is entered:"),
        *headline(voice, meeting),
        voice.say("%(name)s: <b>%(said)s</b>", name=seat.name, said=words),
    ]
    if seat.reachable:
        lines.append(voice.say("%(name)s is told of it and can change it.", name=seat.person))
    return Message("\n".join(lines))


async def _enter_answer(desk: Desk) -> Message:
    await answering.enter_answer(
        desk.session,
        desk.answers["invitation"],
        desk.answers["answer"],
        desk.actor,
        desk.now,
        deputy_id=desk.answers.get("deputy"),
        deputy_comes=desk.answers.get("comes", False),
    )
    voice, number = desk.voice, desk.answers["meeting"]
    message = done(voice, number, voice.say("The answer is entered."))
    return Message(message.text, [[(voice.plain("Enter another answer"), OnMeeting(number, "enter"))], *message.rows])


ENTER_ANSWER = Form(
    "meeting_answer",
    N_("Enter an answer"),
    N_("Send"),
    (
        Question("invitation", _whose),
        Question("answer", _what),
        Question("deputy", _which_deputy),
        Question("comes", _deputy_comes),
    ),
    _preview_answer,
    _enter_answer,
)

MEETING_FORMS = (MOVE, CALL_OFF, AGENDA, ENTER_ANSWER)
