"""The invitation on the phone: „Zusage", „Absage", „Vertretung", and what the asked deputy sees."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Answer, AskDeputy, DeputyAnswer
from handlers.context import Context
from handlers.meetings.words import ANSWERS, facts
from handlers.phrases import other_way
from handlers.speech import Message, Row
from locales import N_, Markup, Voice
from models.meeting import acts as meetings
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import check_answerable
from models.member import Person
from models.office import Body, Mandate, the_office
from models.refusals import Unknown


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
