"""The invitation on the phone: „Zusage", „Absage", „Vertretung", and what the asked deputy sees."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Answer, Arrive, AskDeputy, DeputyAnswer, OnMeeting
from handlers.contact import other_way
from handlers.context import Context
from handlers.meetings.words import ANSWERS, facts
from handlers.speech import Message, Row
from handlers.words import office_note
from locales import N_, Markup, Voice
from models.meeting import answering, looking
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import DEPUTY, NO, check_answerable
from models.member import Person
from models.office import Body, Mandate, the_office
from models.refusals import Unknown

INVITATION = N_("Invitation · %(body)s")


async def invitation_message(
    session: AsyncSession,
    voice: Voice,
    invitation: Invitation,
    meeting: Meeting,
    heading: str = INVITATION,
    said: list[Markup] | None = None,
) -> Message:
    """The invitation of a mandate, an adviser or a guest, with what was answered so far.

    ``said``: what stands there instead of the meeting's facts, in the news of a change.
    """
    body = await session.get_one(Body, meeting.body_id)
    office = await the_office(session)
    files = await looking.files_of(session, meeting.number)
    lines = [
        voice.say(heading, body=body.short),
        *await seat_line(session, voice, invitation),
        *(facts(voice, meeting) if said is None else said),
    ]
    if files and said is None:
        lines.append(voice.say("Attachments: %(names)s", names=", ".join(one.name for one in files)))
    if invitation.answer:
        lines.append(await answer_line(session, voice, invitation))
    lines += [Markup(""), *office_note(voice), other_way(voice, office.contact)]
    rows = await answer_rows(session, voice, invitation, meeting)
    if files:
        rows.append([(voice.plain("Attachments (%(number)s)", number=len(files)), OnMeeting(meeting.number, "files"))])
    return Message("\n".join(lines).rstrip(), rows)


async def seat_line(session: AsyncSession, voice: Voice, invitation: Invitation) -> list[Markup]:
    """„für Jobcenter Stendal"; advisers and guests come for themselves."""
    if not invitation.mandate_id:
        return []
    mandate = await session.get_one(Mandate, invitation.mandate_id)
    return [voice.say("for %(mandate)s", mandate=mandate.name)]


async def answer_line(session: AsyncSession, voice: Voice, invitation: Invitation) -> Markup:
    """What was answered: „Ihre Antwort: Zusage"."""
    if invitation.answer != DEPUTY or invitation.deputy_id is None:
        return voice.say("<b>Your answer: %(answer)s</b>", answer=voice.plain(ANSWERS[invitation.answer or "yes"]))
    deputy = await session.get_one(Person, invitation.deputy_id)
    if invitation.deputy_answer == NO:
        return await _deputy_cannot(session, voice, invitation, deputy)
    said = {
        None: N_("<b>Your answer: deputy. %(name)s has been asked.</b>"),
        "yes": N_("<b>Your answer: deputy. %(name)s will come.</b>"),
    }
    return voice.say(said[invitation.deputy_answer], name=deputy.name)


async def _deputy_cannot(session: AsyncSession, voice: Voice, invitation: Invitation, deputy: Person) -> Markup:
    if await answering.next_deputies(session, invitation):
        return voice.say("<b>Your answer: deputy. %(name)s cannot come. Please choose anew.</b>", name=deputy.name)
    return voice.say(
        "<b>Your answer: deputy. %(name)s cannot come, and nobody else is entered. Can you come yourself?</b>",
        name=deputy.name,
    )


async def answer_rows(session: AsyncSession, voice: Voice, invitation: Invitation, meeting: Meeting) -> list[Row]:
    """„Zusage" „Absage" „Vertretung"; where a deputy cannot come, the next ones by name."""
    rows: list[Row] = [
        [(voice.plain(ANSWERS[one]), Answer(invitation.id, meeting.moves, one)) for one in ("yes", "no")]
    ]
    if invitation.deputy_answer == NO:
        rows += [
            [(voice.plain("Ask %(name)s", name=one.name), AskDeputy(invitation.id, meeting.moves, one.id))]
            for one in await answering.next_deputies(session, invitation)
        ]
    elif invitation.mandate_id:
        rows.append([(voice.plain("Deputy"), Answer(invitation.id, meeting.moves, DEPUTY))])
    return rows


def arrival_row(voice: Voice, invitation_id: int) -> Row:
    """„Anwesend", which asks for the word of the day."""
    return [(voice.plain("Present"), Arrive(invitation_id))]


async def answered(context: Context, tap: Answer) -> None:
    """„Zusage", „Absage", „Vertretung" on an invitation."""
    if tap.answer == DEPUTY:
        await _which_deputy(context, tap)
        return
    if tap.answer not in {"yes", "no"}:
        raise Unknown
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await answering.answer(session, tap.invitation, tap.answer, who, context.now, tap.asked)
        message = await _redrawn(session, voice, invitation, meeting)
    await context.toast(voice.plain("Your answer: %(answer)s", answer=voice.plain(ANSWERS[tap.answer])))
    await context.redraw(message)


async def _redrawn(session: AsyncSession, voice: Voice, invitation: Invitation, meeting: Meeting) -> Message:
    await session.flush()
    return await invitation_message(session, voice, invitation, meeting)


async def answered_again(context: Context, tap: Answer | AskDeputy) -> None:
    """The answer was stored before, only not spoken: show it from the store."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await answering.invitation_for(session, tap.invitation, who)
        message = await _redrawn(session, voice, invitation, meeting)
    await context.toast()
    await context.redraw(message)


async def _which_deputy(context: Context, tap: Answer) -> None:
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await answering.invitation_for(session, tap.invitation, who)
        check_answerable(meeting, context.now, tap.asked)
        found = await answering.deputies(session, invitation)
    if not found:
        await context.toast(voice.plain("No deputy is entered for this mandate. Please ask the office."), alert=True)
        return
    await context.toast()
    rows: list[Row] = [[(one.name, AskDeputy(invitation.id, meeting.moves, one.id))] for one in found]
    rows.append([(voice.plain("Back"), OnMeeting(meeting.number, "show"))])
    text = voice.say("Who shall be asked to come instead of you to “%(title)s”?", title=meeting.title)
    await context.say(Message(text, rows))


async def deputy_chosen(context: Context, tap: AskDeputy) -> None:
    """The deputy's name was tapped: they are asked in turn."""
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await answering.ask_deputy(
            session, tap.invitation, tap.person, who, context.now, tap.asked
        )
        message = await _redrawn(session, voice, invitation, meeting)
        reachable = (await session.get_one(Person, tap.person)).telegram_id is not None
    if not reachable:
        text = voice.plain("Noted. This deputy does not use the bot, so please tell them yourself.")
        await context.toast(text, alert=True)
    await context.toast(voice.plain("Your answer: %(answer)s", answer=voice.plain(ANSWERS[DEPUTY])))
    await context.redraw(message)


async def deputy_message(
    session: AsyncSession, voice: Voice, invitation: Invitation, meeting: Meeting, heading: str | None = None
) -> Message:
    """What the asked deputy sees."""
    body = await session.get_one(Body, meeting.body_id)
    office = await the_office(session)
    files = await looking.files_of(session, meeting.number)
    lines = [
        voice.say(heading or N_("Can you stand in? · %(body)s"), body=body.short),
        *await seat_line(session, voice, invitation),
        *facts(voice, meeting),
    ]
    if invitation.deputy_answer:
        said = voice.plain(ANSWERS[invitation.deputy_answer])
        lines.append(voice.say("<b>Your answer: %(answer)s</b>", answer=said))
    lines += [Markup(""), other_way(voice, office.contact)]
    rows: list[Row] = [
        [(voice.plain(ANSWERS[one]), DeputyAnswer(invitation.id, meeting.moves, one)) for one in ("yes", "no")]
    ]
    if files:
        rows.append([(voice.plain("Attachments (%(number)s)", number=len(files)), OnMeeting(meeting.number, "files"))])
    return Message("\n".join(lines).rstrip(), rows)


async def deputy_answered(context: Context, tap: DeputyAnswer) -> None:
    """The asked deputy says yes or no."""
    if tap.answer not in {"yes", "no"}:
        raise Unknown
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        invitation, meeting = await answering.deputy_answer(
            session, tap.invitation, tap.answer, who, context.now, tap.asked
        )
        message = await deputy_message(session, voice, invitation, meeting)
    await context.toast(voice.plain("Your answer: %(answer)s", answer=voice.plain(ANSWERS[tap.answer])))
    await context.redraw(message)


async def deputy_answered_again(context: Context, tap: DeputyAnswer) -> None:
    """The answer was stored before, only not spoken: show it from the store."""
    async with context.read() as session:
        voice = await context.voice(session)
        invitation = await session.get_one(Invitation, tap.invitation)
        meeting = await looking.find(session, invitation.meeting_number)
        message = await deputy_message(session, voice, invitation, meeting)
    await context.toast()
    await context.redraw(message)
