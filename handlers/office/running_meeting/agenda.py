"""„Tagesordnung ändern"."""

from handlers.forms.parts import preview
from handlers.forms.shape import Ask, Desk, Form, Question, a_text
from handlers.meetings.words import headline, listed
from handlers.office.running_meeting.parts import changeable, done, notice_warning, the_meeting
from handlers.speech import Message
from locales import N_, Markup
from models.meeting import changing
from models.meeting.changing import agenda_change


async def _new_agenda(desk: Desk) -> Ask:
    meeting, voice = await changeable(desk), desk.voice
    text = voice.say("The new agenda, whole? One item a line; write “Beschluss:” before what is to be decided.")
    if not meeting.items:
        return Ask(text)
    copy = voice.say("Until now (tap to copy):\n<code>%(agenda)s</code>", agenda=meeting.agenda)
    return Ask(Markup(f"{text}\n\n{copy}"))


async def _check_agenda(desk: Desk, text: str) -> None:
    await changing.check_agenda(desk.session, await the_meeting(desk), text)


async def _preview_agenda(desk: Desk) -> Message:
    meeting, voice, text = await changeable(desk), desk.voice, desk.answers["agenda"]
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
