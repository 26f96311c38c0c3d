"""The form „Neue Sitzung"."""

from datetime import timedelta

from handlers.callbacks import OnMeeting, Open
from handlers.forms.parts import BODY, line, preview, read_after, read_back, read_instant, soon
from handlers.forms.shape import Ask, Desk, Form, Question, a_line, a_text
from handlers.meetings import facts
from handlers.office.new_vote import attachments_asked, file_names
from handlers.office.running_meeting.parts import notice_warning
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import N_, Markup
from models.meeting import acts, looking
from models.meeting.rows import Meeting
from models.meeting.rules import MeetingPlan
from models.office import Body
from models.refusals import Unfit

LENGTHS = (1, 2, 3)  # hours


async def _start(desk: Desk) -> Ask:
    return Ask(
        desk.voice.say("When does it start? Tap, or write like this: 01.12.2026 10:00"),
        soon(desk, desk.now, (7, 14, 21)),
    )


async def _end(desk: Desk) -> Ask:
    start = desk.at("start")
    ends = [start + timedelta(hours=hours) for hours in LENGTHS]
    return Ask(
        desk.voice.say("When does it end? Tap, or write like this: 01.12.2026 12:00"),
        [(desk.voice.moment(end), end.isoformat()) for end in ends],
    )


def _plan(desk: Desk) -> MeetingPlan:
    return MeetingPlan(
        desk.answers["body"],
        desk.answers["title"],
        desk.at("start"),
        desk.at("end"),
        desk.answers["place"],
        desk.answers.get("agenda", ""),
        desk.answers.get("attachments", ()),
        desk.answers.get("second_of"),
    )


async def _before(desk: Desk) -> Meeting | None:
    """The meeting after which this one is called."""
    number = desk.answers.get("second_of")
    return await looking.find(desk.session, number) if number is not None else None


async def _place(desk: Desk) -> Ask:
    before = await _before(desk)
    return Ask(desk.voice.say("Place or link?"), [(before.place, before.place)] if before and before.place else [])


async def _agenda(desk: Desk) -> Ask:
    before = await _before(desk)
    same = [(desk.voice.plain("As before"), before.agenda)] if before and before.items else []
    text = desk.voice.say("Agenda? One item a line; write “Beschluss:” before what is to be decided.")
    return Ask(text, same, optional=True)


async def _preview(desk: Desk) -> Message:
    plan = _plan(desk)
    body = await desk.session.get_one(Body, plan.body_id)
    meeting = Meeting(
        number=0,
        title=plan.title,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        agenda=plan.agenda,
        second_of=plan.second_of,
    )
    lines = [
        preview(desk.voice),
        desk.voice.say("Invitation · %(body)s", body=body.short),
        *facts(desk.voice, meeting),
    ]
    if names := await file_names(desk):
        lines.append(desk.voice.say("Attachments: %(names)s", names=", ".join(names)))
    lines += await notice_warning(desk, plan.body_id, plan.starts_at)
    return Message("\n".join(lines))


async def _finish(desk: Desk) -> Message:
    if desk.at("start") <= desk.now:
        raise Unfit("past")
    meeting = await acts.enter(desk.session, _plan(desk), desk.actor)
    await acts.invite(desk.session, meeting.number, desk.actor, desk.now)
    voice = desk.voice
    lines = [voice.say("Meeting no. %(number)s: the invitations are on their way.", number=meeting.number)]
    if unreached := [one.name for one in await looking.attendance(desk.session, meeting.number) if not one.reachable]:
        names = ", ".join(unreached)
        lines.append(voice.say("Not using the bot; please invite them by letter or telephone: %(names)s", names=names))
    rows: list[Row] = [
        [(voice.plain("Who comes"), Open("meeting", meeting.number))],
        office_row(voice),
    ]
    if unreached:
        rows.insert(1, [(voice.plain("Invitation as a letter"), OnMeeting(meeting.number, "letters"))])
    return Message(Markup("\n".join(lines)), rows)


NEW_MEETING = Form(
    "meeting",
    N_("New meeting"),
    N_("Send the invitations"),
    (
        BODY,
        line("title", N_("Title of the meeting? One line.")),
        Question("start", _start, read_instant, echo=read_back("start", N_("Starts: %(moment)s"))),
        Question(
            "end", _end, read_after("start", "ends before it starts"), echo=read_back("end", N_("Ends: %(moment)s"))
        ),
        Question("place", _place, a_line),
        Question("agenda", _agenda, a_text),
        Question("attachments", attachments_asked, takes_files=True),
    ),
    _preview,
    _finish,
)
