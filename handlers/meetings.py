"""A meeting on the phone: the invitation with its calendar entry, the answer, the deputy, who comes."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Answer, AskDeputy, DeputyAnswer, OnMeeting, Open
from handlers.context import Context
from handlers.ics import meeting_ics
from handlers.phrases import other_way
from handlers.speech import File, Message, Row
from locales import N_, Markup, Voice, bold
from models.actor import Actor
from models.ballot.rules import quorum_of_meeting
from models.charter import read_charter
from models.meeting import acts as meetings
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import Attendance, check_answerable, is_asked
from models.member import Person
from models.office import Body, Mandate, the_office
from models.refusals import NotEntitled, Unknown

ANSWERS = {"yes": N_("Acceptance"), "no": N_("Refusal"), "deputy": N_("Deputy")}


def facts(voice: Voice, meeting: Meeting) -> list[Markup]:
    """Title, time, place and agenda, a line each."""
    lines = [
        voice.say("No. %(number)s", number=meeting.number) if meeting.number else Markup(""),
        bold(meeting.title),
        voice.say("%(start)s to %(end)s", start=voice.moment(meeting.starts_at), end=voice.time(meeting.ends_at)),
        voice.say("Place: %(place)s", place=meeting.place) if meeting.place else Markup(""),
        voice.say("Agenda:\n%(agenda)s", agenda=meeting.agenda) if meeting.agenda else Markup(""),
    ]
    return [line for line in lines if line]


async def invitation_message(
    session: AsyncSession, voice: Voice, invitation: Invitation, meeting: Meeting, heading: str
) -> Message:
    """The invitation of a mandate, an adviser or a guest, with what was answered so far."""
    body = await session.get_one(Body, meeting.body_id)
    office = await the_office(session)
    lines = [voice.say(heading, body=body.short)]
    if invitation.mandate_id:
        mandate = await session.get_one(Mandate, invitation.mandate_id)
        lines.append(voice.say("for %(mandate)s", mandate=mandate.name))
    lines += facts(voice, meeting)
    if invitation.answer:
        lines.append(await answer_line(session, voice, invitation))
    lines.append(other_way(voice, office.contact))
    return Message("\n".join(lines).rstrip(), _answer_rows(voice, invitation))


async def answer_line(session: AsyncSession, voice: Voice, invitation: Invitation) -> Markup:
    """What was answered: „Ihre Antwort: Zusage"."""
    if invitation.answer != "deputy" or invitation.deputy_id is None:
        return voice.say("<b>Your answer: %(answer)s</b>", answer=voice.plain(ANSWERS[invitation.answer or "yes"]))
    deputy = await session.get_one(Person, invitation.deputy_id)
    said = {
        None: N_("<b>Your answer: deputy. %(name)s has been asked.</b>"),
        "yes": N_("<b>Your answer: deputy. %(name)s will come.</b>"),
        "no": N_("<b>Your answer: deputy. %(name)s cannot come. Please choose anew.</b>"),
    }
    return voice.say(said[invitation.deputy_answer], name=deputy.name)


def _answer_rows(voice: Voice, invitation: Invitation) -> list[Row]:
    first = [
        (voice.plain("Acceptance"), Answer(invitation.id, "yes")),
        (voice.plain("Refusal"), Answer(invitation.id, "no")),
    ]
    rows: list[Row] = [first]
    if invitation.mandate_id:
        rows.append([(voice.plain("Deputy"), Answer(invitation.id, "deputy"))])
    return rows


def calendar_file(meeting: Meeting, voice: Voice) -> File:
    """The meeting's .ics."""
    name = voice.plain("meeting-%(number)s.ics", number=meeting.number)
    return File(name, meeting_ics(meeting, voice.zone, meeting.invited_at or meeting.starts_at))


async def answered(context: Context, tap: Answer) -> None:
    """„Zusage", „Absage", „Vertretung" on an invitation."""
    if tap.answer == "deputy":
        await _which_deputy(context, tap.invitation)
        return
    if tap.answer not in {"yes", "no"}:
        raise Unknown
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await meetings.answer(session, tap.invitation, tap.answer, who, context.now)
        message = await _redrawn(session, voice, invitation, meeting)
    await context.toast(voice.plain("Your answer: %(answer)s", answer=voice.plain(ANSWERS[tap.answer])))
    await context.redraw(message)


async def _redrawn(session: AsyncSession, voice: Voice, invitation: Invitation, meeting: Meeting) -> Message:
    await session.flush()
    return await invitation_message(session, voice, invitation, meeting, N_("Invitation · %(body)s"))


async def answered_again(context: Context, tap: Answer | AskDeputy) -> None:
    """The answer was stored before, only not spoken: show it from the store."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await meetings.invitation_for(session, tap.invitation, who)
        message = await _redrawn(session, voice, invitation, meeting)
    await context.toast()
    await context.redraw(message)


async def _which_deputy(context: Context, number: int) -> None:
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await meetings.invitation_for(session, number, who)
        check_answerable(meeting, context.now)
        found = await meetings.deputies(session, invitation)
    if not found:
        await context.toast(voice.plain("No deputy is entered for this mandate. Please ask the office."), alert=True)
        return
    await context.toast()
    rows: list[Row] = [[(one.name, AskDeputy(number, one.id))] for one in found]
    text = voice.say("Who shall be asked to come instead of you to “%(title)s”?", title=meeting.title)
    await context.say(Message(text, rows))


async def deputy_chosen(context: Context, tap: AskDeputy) -> None:
    """The deputy's name was tapped: they are asked in turn."""
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await meetings.ask_deputy(session, tap.invitation, tap.person, who, context.now)
        message = await _redrawn(session, voice, invitation, meeting)
        reachable = (await session.get_one(Person, tap.person)).telegram_id is not None
    if not reachable:
        text = voice.plain("Noted. This deputy does not use the bot, so please tell them yourself.")
        await context.toast(text, alert=True)
    await context.toast(voice.plain("Your answer: %(answer)s", answer=voice.plain(ANSWERS["deputy"])))
    await context.redraw(message)


async def deputy_message(session: AsyncSession, voice: Voice, invitation: Invitation, meeting: Meeting) -> Message:
    """What the asked deputy sees."""
    body = await session.get_one(Body, meeting.body_id)
    mandate = await session.get_one(Mandate, invitation.mandate_id)
    lines = [
        voice.say("Can you stand in? · %(body)s", body=body.short),
        voice.say("for %(mandate)s", mandate=mandate.name),
        *facts(voice, meeting),
    ]
    if invitation.deputy_answer:
        said = voice.plain(ANSWERS[invitation.deputy_answer])
        lines.append(voice.say("<b>Your answer: %(answer)s</b>", answer=said))
    row = [(voice.plain(ANSWERS[one]), DeputyAnswer(invitation.id, one)) for one in ("yes", "no")]
    return Message("\n".join(lines), [row])


async def deputy_answered(context: Context, tap: DeputyAnswer) -> None:
    """The asked deputy says yes or no."""
    if tap.answer not in {"yes", "no"}:
        raise Unknown
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await meetings.deputy_answer(session, tap.invitation, tap.answer, who, context.now)
        message = await deputy_message(session, voice, invitation, meeting)
    await context.toast(voice.plain("Your answer: %(answer)s", answer=voice.plain(ANSWERS[tap.answer])))
    await context.redraw(message)


async def deputy_answered_again(context: Context, tap: DeputyAnswer) -> None:
    """The answer was stored before, only not spoken: show it from the store."""
    async with context.read() as session:
        voice = await context.voice(session)
        invitation = await session.get_one(Invitation, tap.invitation)
        meeting = await meetings.find(session, invitation.meeting_number)
        message = await deputy_message(session, voice, invitation, meeting)
    await context.toast()
    await context.redraw(message)


async def my_meetings(context: Context) -> None:
    """``/termine``: the meetings ahead; staff sees drafts too."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_member()
        voice = await context.voice(session)
        found = await meetings.meetings_seen_by(session, who, context.now)
    await context.toast()
    await context.say(meeting_list(voice, found))


def meeting_list(voice: Voice, found: Sequence[Meeting]) -> Message:
    """Meetings, a line and a button each."""
    if not found:
        return Message(voice.say("No meeting is entered."))
    lines = [voice.say("Meetings ahead:")]
    rows: list[Row] = []
    for one in found:
        state = voice.plain("draft") if one.invited_at is None else voice.plain("invited")
        if one.status:
            state = voice.plain("cancelled")
        lines.append(
            voice.say(
                "%(number)s · %(moment)s · %(title)s (%(state)s)",
                number=one.number,
                moment=voice.moment(one.starts_at),
                title=one.title,
                state=state,
            )
        )
        rows.append(
            [(voice.plain("%(number)s · %(title)s", number=one.number, title=one.title), Open("meeting", one.number))]
        )
    return Message("\n".join(lines), rows)


async def show_meeting(context: Context, number: int) -> None:
    """A meeting: one's own invitations to answer; for staff who comes, or the draft to send."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await meetings.find(session, number)
        messages = await _shown(session, voice, meeting, who)
    await context.toast()
    for message in messages:
        await context.say(message)


async def _shown(session: AsyncSession, voice: Voice, meeting: Meeting, who: Actor) -> list[Message]:
    mine = await meetings.own_invitations(session, meeting.number, who) if meeting.invited_at else []
    heading = N_("Invitation · %(body)s")
    messages = [await invitation_message(session, voice, one, meeting, heading) for one in mine]
    asked = [one for one in await meetings.invitations(session, meeting.number) if is_asked(one, who)]
    messages += [await deputy_message(session, voice, one, meeting) for one in asked]
    if who.staff:
        messages.append(await staff_view(session, voice, meeting))
    if not messages:
        raise NotEntitled("invited")
    return messages


async def staff_view(session: AsyncSession, voice: Voice, meeting: Meeting) -> Message:
    """What staff sees: the draft with „Einladen", or mandate by mandate who comes and whether it is enough."""
    if meeting.invited_at is None:
        lines = [voice.say("<b>Draft</b> – nobody has been invited yet."), *facts(voice, meeting)]
        return Message("\n".join(lines), [[(voice.plain("Send the invitations"), OnMeeting(meeting.number, "invite"))]])
    body = await session.get_one(Body, meeting.body_id)
    seats = await meetings.attendance(session, meeting.number)
    lines = [*facts(voice, meeting), Markup(""), *[_seat_line(voice, one) for one in seats]]
    entitled = [one for one in seats if one.votes]
    coming = sum(one.comes for one in entitled)
    needed = quorum_of_meeting(read_charter(body.charter), len(entitled), coming)
    lines += [
        Markup(""),
        voice.say(
            "%(coming)s of %(all)s accepted, quorum from %(needed)s", coming=coming, all=len(entitled), needed=needed
        ),
    ]
    return Message("\n".join(lines), [[(voice.plain("Calendar (.ics)"), OnMeeting(meeting.number, "ics"))]])


def _seat_line(voice: Voice, seat: Attendance) -> Markup:
    if seat.answer == "deputy":
        state = {None: N_("asked"), "yes": N_("accepted"), "no": N_("refused")}[seat.deputy_answer]
        said = voice.plain("deputy %(name)s (%(state)s)", name=seat.deputy, state=voice.plain(state))
    else:
        said = voice.plain({None: N_("no answer yet"), "yes": N_("accepted"), "no": N_("refused")}[seat.answer])
    return voice.say("• %(name)s: %(said)s", name=seat.name, said=said)


async def on_meeting(context: Context, tap: OnMeeting) -> None:
    """„Einladen" and „Kalender (.ics)"."""
    match tap.act:
        case "invite":
            await _invite(context, tap.number)
        case "ics":
            await _calendar(context, tap.number)
        case _:
            raise Unknown


async def _invite(context: Context, number: int) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await meetings.invite(session, number, who, context.now)
        message = await staff_view(session, voice, meeting)
    await context.toast(voice.plain("The invitations are on their way."))
    await context.redraw(message)


async def _calendar(context: Context, number: int) -> None:
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await meetings.find(session, number)
        if who.staff is None and not await meetings.own_invitations(session, number, who):
            raise NotEntitled("invited")
        file = calendar_file(meeting, voice)
    await context.toast()
    await context.say(Message(voice.say("For your calendar:"), files=[file]))
