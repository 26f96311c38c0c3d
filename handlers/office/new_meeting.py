"""The form „Neue Sitzung"."""

from datetime import timedelta

from handlers.callbacks import Open
from handlers.forms.parts import BODY, line, read_after, read_back, read_instant, soon, text
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.meetings import facts
from handlers.speech import Message
from locales import N_
from models.meeting import acts as meetings
from models.meeting.rows import Meeting
from models.meeting.rules import MeetingPlan, notice_kept
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
    )


async def _preview(desk: Desk) -> Message:
    plan = _plan(desk)
    body = await desk.session.get_one(Body, plan.body_id)
    meeting = Meeting(
        number=0, title=plan.title, starts_at=plan.starts_at, ends_at=plan.ends_at, place=plan.place, agenda=plan.agenda
    )
    lines = [
        desk.voice.say("<b>Preview</b> – this is what the members will see:"),
        desk.voice.say("Invitation · %(body)s", body=body.short),
        *facts(desk.voice, meeting),
    ]
    days = await meetings.notice_days(desk.session, plan.body_id)
    if not notice_kept(plan.starts_at, desk.now, days):
        lines.append(
            desk.voice.plural(
                "<b>Attention:</b> the rules ask for a notice of %(number)s day. It is not kept.",
                "<b>Attention:</b> the rules ask for a notice of %(number)s days. It is not kept.",
                days,
            )
        )
    return Message("\n".join(lines))


async def _finish(desk: Desk) -> Message:
    if desk.at("start") <= desk.now:
        raise Unfit("past")
    meeting = await meetings.enter(desk.session, _plan(desk), desk.actor)
    await meetings.invite(desk.session, meeting.number, desk.actor, desk.now)
    text = desk.voice.say("Meeting no. %(number)s: the invitations are on their way.", number=meeting.number)
    return Message(
        text,
        [
            [(desk.voice.plain("Who comes"), Open("meeting", meeting.number))],
            [(desk.voice.plain("Office"), Open("office"))],
        ],
    )


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
        line("place", N_("Place or link?")),
        text("agenda", N_("Agenda? One item a line."), optional=True),
    ),
    _preview,
    _finish,
)
