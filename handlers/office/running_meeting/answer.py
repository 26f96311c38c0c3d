"""An answer that came by telephone or on paper."""

from handlers.callbacks import OnMeeting
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.meetings.page import state_words
from handlers.meetings.words import headline
from handlers.office.running_meeting.parts import changeable, done
from handlers.speech import Message
from locales import N_
from models.meeting import answering, looking
from models.meeting.rows import Invitation
from models.meeting.rules import DEPUTY, NO, YES
from models.member import Person
from models.refusals import Unknown


async def _whose(desk: Desk) -> Ask:
    meeting = await changeable(desk)
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
    meeting, voice = await changeable(desk), desk.voice
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
