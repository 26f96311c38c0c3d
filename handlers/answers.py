"""What can be tapped under an answer: helpful or not, the whole, the office, a heading that was meant."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.ask import asked
from handlers.callbacks import Near as NearTap
from handlers.callbacks import OnQuestion
from handlers.contact import one_line
from handlers.context import Context
from handlers.quoting import answer_message, whole_message
from handlers.speech import Message
from locales import Voice
from models import question as questions
from models.actor import staff_accounts
from models.deadline import office_calendar
from models.knowledge import quote
from models.office import the_office
from models.question import OfficeQuestion
from models.refusals import Unknown
from models.search import Answer, library, show
from models.search.excerpt import excerpt


async def near_tapped(context: Context, tap: NearTap) -> None:
    """A heading under „Meinten Sie …": its passage is the question's answer from now on."""
    async with context.begin() as session:
        question = await questions.own(session, tap.question, context.telegram_id)
        message = await _meant(context, session, question, tap.passage)
        question.passage_id = tap.passage
    await context.toast()
    await context.say(message)


async def near_again(context: Context, tap: NearTap) -> None:
    """The heading was noted before, only its passage not shown."""
    async with context.read() as session:
        question = await questions.own(session, tap.question, context.telegram_id)
        message = await _meant(context, session, question, tap.passage)
    await context.toast()
    await context.say(message)


async def _meant(context: Context, session: AsyncSession, question: OfficeQuestion, passage_id: int) -> Message:
    who, voice = await context.actor(session), await context.voice(session)
    found = await _shown(context, session, passage_id)
    pieces = excerpt(found.quote.text, (await library(session, asyncio.to_thread)).question(question.text))
    contact = (await the_office(session)).contact
    return answer_message(voice, found, pieces, question.number, contact, staff=who.staff is not None)


async def _shown(context: Context, session: AsyncSession, passage_id: int | None) -> Answer:
    """A passage with its warnings as they are today.

    Raises:
        Unknown: there is no such passage.
    """
    passage = await quote(session, passage_id) if passage_id else None
    if passage is None:
        raise Unknown
    calendar = await office_calendar(session)
    return show(passage, await library(session, asyncio.to_thread), context.now, zone=calendar.zone)


async def on_question(context: Context, tap: OnQuestion) -> None:
    """„Hilfreich", „Nicht hilfreich", „An die ReKo", „Mehr" …; what only staff may tap is in ``handlers.office``."""
    match tap.act:
        case "good" | "bad":
            await _rate(context, tap)
        case "office" | "alone":
            await _hand_on(context, tap)
        case "more":
            await _more(context, tap.number)
        case "again":
            await _ask_again(context, tap.number)
        case _:
            raise Unknown


async def _rate(context: Context, tap: OnQuestion) -> None:
    async with context.begin() as session:
        voice = await context.voice(session)
        question = await questions.own(session, tap.number, context.telegram_id)
        question.helpful = tap.act == "good"
    await context.toast(voice.plain("Thank you."))


async def _hand_on(context: Context, tap: OnQuestion) -> None:
    async with context.begin() as session:
        question = await questions.own(session, tap.number, context.telegram_id)
        await questions.hand_on(session, question, context.now, alone=tap.act == "alone")
        message = await _handed_on(context, session, question)
    await context.toast()
    await context.say(message)


async def _handed_on(context: Context, session: AsyncSession, question: OfficeQuestion) -> Message:
    """What the asker hears of a question that lies before the office."""
    voice = await context.voice(session)
    if question.joined_to:
        said = voice.say(
            "Somebody has asked your question no. %(number)s already. You will get the answer, too.",
            number=question.number,
        )
        return Message(said, [[(voice.plain("Mine is a different question"), OnQuestion(question.number, "alone"))]])
    if await staff_accounts(session):
        return Message(_lies_there(voice, question.number))
    return Message(
        voice.say(
            "Your question no. %(number)s is stored, but nobody at the office uses the bot yet. Please call: "
            "%(contact)s",
            number=question.number,
            contact=one_line((await the_office(session)).contact) or "–",
        )
    )


def _lies_there(voice: Voice, number: int) -> str:
    return voice.say("Your question no. %(number)s is with the office now. The answer will come here.", number=number)


async def _more(context: Context, number: int) -> None:
    async with context.read() as session:
        voice = await context.voice(session)
        question = await questions.own(session, number, context.telegram_id)
        found = await _shown(context, session, question.passage_id)
        contact = (await the_office(session)).contact
    await context.toast()
    await context.say(whole_message(voice, found, contact))


async def _ask_again(context: Context, number: int) -> None:
    """The source has changed since: the same question once more."""
    async with context.read() as session:
        question = await questions.own(session, number, context.telegram_id)
    if not question.text:
        raise Unknown
    await context.toast()
    await asked(context, question.text)


async def question_again(context: Context, tap: OnQuestion) -> None:
    """The tap was stored before, only not spoken."""
    async with context.read() as session:
        voice = await context.voice(session)
        question = await session.get(OfficeQuestion, tap.number)
        handed = question is not None and question.handed_at is not None and tap.act in {"office", "alone"}
        message = await _handed_on(context, session, question) if handed and question else None
    await context.toast(voice.plain("That is stored."))
    if message is not None:
        await context.say(message)
