"""``/offen``: the one list of what waits for me."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnDeadline, Open
from handlers.context import Context
from handlers.deadlines import in_short, sheet_for
from handlers.meetings import ANSWERS
from handlers.office.desk import resume_row
from handlers.speech import Message, Row
from handlers.votes.naming import choice_in_words
from locales import Markup, Voice
from models import deadline as deadlines
from models import drafts
from models import question as questions
from models.actor import Actor
from models.ballot import looking
from models.ballot.casting import has_practised
from models.ballot.looking import still_to_say
from models.ballot.paper import options_of
from models.ballot.secret.reading import mark_of
from models.meeting import looking as meetings
from models.meeting.day import awaited
from models.member import Role


async def waiting(context: Context) -> None:
    """Votes without a ballot, invitations without an answer, deadlines, half-filled forms."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_member()
        voice = await context.voice(session)
        lines, rows = await _all(context, session, voice, who)
    await context.toast()
    if not rows:
        await context.say(Message(voice.say("Nothing is waiting for you.")))
        return
    text = (
        "\n".join([voice.say("<b>This is waiting for you:</b>"), *lines])
        if lines
        else voice.say("Nothing urgent is waiting for you.")
    )
    await context.say(Message(text, rows))


async def _all(context: Context, session: AsyncSession, voice: Voice, who: Actor) -> tuple[list[Markup], list[Row]]:
    lines: list[Markup] = []
    rows: list[Row] = []
    for vote, elector, ballot in await looking.waiting_for(session, who, context.now):
        if still_to_say(vote, ballot) and not await mark_of(session, vote, elector.mandate_id):
            lines.append(
                voice.say(
                    "Vote %(number)s for %(mandate)s, closes %(moment)s",
                    number=vote.number,
                    mandate=elector.name,
                    moment=voice.moment(vote.closes_at),
                )
            )
            rows.append([(_label(voice.plain("Vote"), vote.number, vote.title), Open("vote", vote.number))])
    for _, one in await meetings.unanswered(session, who, context.now):
        lines.append(
            voice.say("Invitation %(number)s, %(moment)s", number=one.number, moment=voice.moment(one.starts_at))
        )
        rows.append([(_label(voice.plain("Invitation"), one.number, one.title), Open("meeting", one.number))])
    for one in await awaited(session, who, context.now):
        lines.append(voice.say("Meeting %(number)s: please say that you are present", number=one.number))
        rows.append([(_label(voice.plain("Meeting"), one.number, one.title), Open("meeting", one.number))])
    sheet = await sheet_for(session, voice, context.now)
    for row in await deadlines.subscribed(session, who, context.now):
        lines.append(voice.say("Deadline %(number)s, %(short)s", number=row.number, short=in_short(sheet, row)))
        rows.append([(_label(voice.plain("Deadline"), row.number, row.title), OnDeadline(row.number, "show"))])
    rows += [resume_row(voice, draft) for draft in await drafts.mine(session, who.telegram_id)]
    if who.with_role(Role.MEMBER) and not await has_practised(session, who.telegram_id):
        rows.append([(voice.plain("Rehearsal vote"), Open("practice"))])
    return lines, rows


def _label(kind: str, number: int, title: str) -> str:
    return f"{kind} {number} · {title}"


async def stored(session: AsyncSession, voice: Voice, who: Actor, now: datetime) -> list[Markup]:
    """What is on record of this account in what is still open: ballots, answers, deadlines, questions."""
    lines = []
    for vote, elector, ballot in await looking.waiting_for(session, who, now):
        said = voice.plain("no vote yet")
        if await mark_of(session, vote, elector.mandate_id):
            said = voice.plain("counted")
        elif ballot:
            said = choice_in_words(voice, vote, await options_of(session, vote), ballot.choice)
        lines.append(
            voice.say("Vote %(number)s for %(mandate)s: %(said)s", number=vote.number, mandate=elector.name, said=said)
        )
    for meeting in await meetings.meetings_seen_by(session, who, now):
        for invitation in await meetings.own_invitations(session, meeting.number, who):
            said = voice.plain(ANSWERS[invitation.answer]) if invitation.answer else voice.plain("no answer yet")
            lines.append(voice.say("Invitation %(number)s: %(said)s", number=meeting.number, said=said))
    lines += [
        voice.say("Deadline %(number)s: I remind you.", number=row.number)
        for row in await deadlines.subscribed(session, who, now)
    ]
    lines += [
        voice.say("Question %(number)s: it is with the office.", number=question.number)
        for question in await questions.waiting_of(session, who.telegram_id)
    ]
    return lines
