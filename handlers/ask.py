"""A question: the passage that answers it with the place where it stands, an honest no, or the way to the office."""

from contextlib import suppress
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import BadRequest

from handlers.callbacks import Near as NearTap
from handlers.callbacks import OnQuestion, Open
from handlers.context import Context, EffectHadBeforeError
from handlers.deadlines import dates, no_date
from handlers.general import contact_text
from handlers.meetings import meeting_list
from handlers.phrases import one_line
from handlers.quoting import answer_message, citation, quoted, warnings
from handlers.speech import Message, Row
from locales import N_, Markup, Voice
from models import deadline as deadlines
from models import question as questions
from models.actor import Actor
from models.knowledge import quote
from models.meeting import acts as meetings
from models.office import the_office
from models.question import OfficeQuestion
from models.refusals import Unfit, Unknown
from models.search import (
    Answer,
    AsksContact,
    AsksDeadline,
    AsksMeeting,
    Confidential,
    Near,
    NoAnswer,
    OtherFigure,
    PersonalData,
    SmallTalk,
    answer,
    library,
    personal_data,
    show,
)
from models.search.values import Finding

LONGEST_QUESTION = 2000
PERSONAL = {
    "iban": N_("an account number (IBAN)"),
    "insurance": N_("a social insurance number"),
    "birth": N_("a birth date with a name"),
    "list": N_("a list of participants"),
}


async def asked(context: Context, text: str) -> None:
    """Plain text in a private chat is a question."""
    if await refuse_personal_data(context, text):
        return
    if len(text) > LONGEST_QUESTION:
        raise Unfit("too long")
    try:
        async with context.begin() as session:
            message = await _found(context, session, text)
    except EffectHadBeforeError:
        # Noted before, only not answered: find and say it again.
        async with context.house.database.begin() as session:
            message = await _found(context, session, text)
    await context.say(message)


async def _found(context: Context, session: AsyncSession, text: str) -> Message:
    await context.account(session)
    who = await context.actor(session)
    voice = await context.voice(session)
    calendar = await deadlines.office_calendar(session)
    finding = answer(text, await library(session), context.now, zone=calendar.zone)
    return await _worded(context, session, voice, who, text, finding)


async def refuse_personal_data(context: Context, text: str) -> bool:
    """Refuse a message that holds personal data, and take it out of the chat where Telegram allows (48 hours)."""
    found = personal_data(text)
    if found is None:
        return False
    async with context.read() as session:
        voice = await context.voice(session)
    message = context.incoming.effective_message
    if message is not None:
        # Deleted by its author meanwhile, or older than 48 hours: https://core.telegram.org/bots/api#deletemessage
        with suppress(BadRequest):
            await context.bot.delete_message(message.chat.id, message.message_id)
    said = voice.say(
        "Your message holds %(what)s. Such data has no place here, so I have kept nothing of it and taken it out of "
        "the chat where I could. Please ask without names and numbers.",
        what=voice.plain(PERSONAL[found.kind]),
    )
    await context.say(Message(said))
    return True


async def _worded(
    context: Context, session: AsyncSession, voice: Voice, who: Actor, text: str, finding: Finding
) -> Message:
    """The message for whatever a question came to; what can be handed on to the office is noted with its number."""
    match finding:
        case Answer():
            noted = await _note(context, session, text, "answer", finding.quote.id)
            message = answer_message(voice, finding, noted.number)
        case AsksDeadline():
            message = await dates(context, session, text, finding.slots)
        case AsksMeeting():
            found = await meetings.meetings_seen_by(session, who, context.now)
            message = meeting_list(voice, found) if found else await no_date(context, session, text)
        case Near():
            message = _near_message(voice, finding, await _note(context, session, text, "near", None))
        case NoAnswer():
            noted = await _note(context, session, text, "none", None)
            message = Message(_no_answer(voice), [_to_office(voice, noted)])
        case AsksContact() | Confidential() | PersonalData() | SmallTalk():
            message = await _without_source(session, voice, finding)
        case _:
            assert_never(finding)
    return message


async def _without_source(
    session: AsyncSession, voice: Voice, finding: AsksContact | Confidential | PersonalData | SmallTalk
) -> Message:
    match finding:
        case AsksContact():
            office = await the_office(session)
            return Message(contact_text(voice, office.name, office.contact))
        case Confidential():
            return Message(voice.say("I give no information about that."))
        case SmallTalk():
            return _small_talk(voice, finding.kind)
        case PersonalData():
            # ``asked`` has refused these before anything was kept.
            raise Unfit("empty")
        case _:
            assert_never(finding)


async def _note(
    context: Context, session: AsyncSession, text: str, finding: str, passage_id: int | None
) -> OfficeQuestion:
    await context.account(session)
    return await questions.note(session, context.telegram_id, text, context.now, finding, passage_id)


def _no_answer(voice: Voice) -> Markup:
    return voice.say("I have no documented information on that.")


def _to_office(voice: Voice, noted: OfficeQuestion) -> Row:
    return [(voice.plain("To the office"), OnQuestion(noted.number, "office"))]


def _near_message(voice: Voice, near: Near, noted: OfficeQuestion) -> Message:
    rows: list[Row] = [[(one.label, NearTap(one.passage_id))] for one in near.headings]
    text = Markup(f"{_no_answer(voice)}\n\n{voice.say('Did you mean …')}")
    return Message(text, [*rows, _to_office(voice, noted)])


def _small_talk(voice: Voice, kind: str) -> Message:
    if kind == "thanks":
        return Message(voice.say("You are welcome."))
    return Message(
        voice.say("Hello. Write your question about REGIO AKTIV, or look at the deadlines."),
        [[(voice.plain("Deadlines"), Open("deadlines"))]],
    )


async def near_tapped(context: Context, tap: NearTap) -> None:
    """A heading under „Meinten Sie …": its passage with citation and the same warnings."""
    async with context.read() as session:
        voice = await context.voice(session)
        passage = await quote(session, tap.passage)
        if passage is None:
            raise Unknown
        found = show(passage, await library(session), context.now)
    await context.toast()
    parts = [quoted(found.quote), citation(voice, found.quote), *warnings(voice, found.warnings)]
    await context.say(Message("\n\n".join(parts)))


async def on_question(context: Context, tap: OnQuestion) -> None:
    """„Hilfreich", „Nicht hilfreich", „An die ReKo", „Mehr"; „Antworten" is the office's."""
    match tap.act:
        case "good" | "bad":
            await _rate(context, tap)
        case "office":
            await _hand_on(context, tap.number)
        case "more":
            await _more(context, tap.number)
        case _:
            raise Unknown


async def _rate(context: Context, tap: OnQuestion) -> None:
    async with context.begin() as session:
        voice = await context.voice(session)
        question = await questions.own(session, tap.number, context.telegram_id)
        question.helpful = tap.act == "good"
    await context.toast(voice.plain("Thank you."))


async def _hand_on(context: Context, number: int) -> None:
    async with context.begin() as session:
        voice = await context.voice(session)
        question = await questions.own(session, number, context.telegram_id)
        reached = await questions.hand_on(session, question, context.now)
        contact = (await the_office(session)).contact
    await context.toast()
    if reached:
        text = voice.say("Your question no. %(number)s lies before the office. The answer comes here.", number=number)
    else:
        text = voice.say(
            "Your question no. %(number)s is kept, but nobody of the office uses the bot yet. Please call: %(contact)s",
            number=number,
            contact=one_line(contact) or "–",
        )
    await context.say(Message(text))


async def _more(context: Context, number: int) -> None:
    async with context.read() as session:
        voice = await context.voice(session)
        question = await questions.own(session, number, context.telegram_id)
        passage = await quote(session, question.passage_id) if question.passage_id else None
        if passage is None:
            raise Unknown
        calendar = await deadlines.office_calendar(session)
        found = answer(question.text, await library(session), question.asked_at, zone=calendar.zone)
    await context.toast()
    more = list(found.more) if isinstance(found, Answer) else []
    others = [one.quote for one in found.warnings if isinstance(one, OtherFigure)] if isinstance(found, Answer) else []
    parts = [Markup(f"{quoted(one)}\n\n{citation(voice, one)}") for one in (*more, *others)]
    await context.say(Message("\n\n".join(parts) or voice.say("There is no more on this.")))


async def question_again(context: Context, _tap: OnQuestion) -> None:
    """The tap was stored before, only not spoken."""
    async with context.read() as session:
        voice = await context.voice(session)
    await context.toast(voice.plain("That is stored."))
