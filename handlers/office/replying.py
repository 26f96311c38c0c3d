"""A question before the office: how staff sees it, how it is answered and corrected, and how the asker sees that."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from handlers.callbacks import OnQuestion
from handlers.context import Context, EffectHadBeforeError
from handlers.forms.shape import written
from handlers.speaking import voice_for
from handlers.speech import Message, Row, shorten
from handlers.way_back import office_row
from handlers.words import office_note
from locales import Voice, html
from models import question as questions
from models.actor import actor
from models.outbox import Letter, LetterState
from models.question import OfficeQuestion

EXCERPT = 300  # characters of the question above its answer: both must fit into one message, which can be edited


def office_question(voice: Voice, question: OfficeQuestion, others: int = 0) -> Message:
    """A question as staff sees it; a reply to this message answers it. ``others``: who asked the same."""
    lines = [
        voice.say("Question no. %(number)s", number=question.number),
        voice.say("“%(text)s”", text=question.text),
    ]
    if others:
        lines.append(voice.plural("%(number)s more person asks this.", "%(number)s more people ask this.", others))
    lines.append(voice.say("Reply to this message, or tap “Answer”. Whoever asked gets it at once."))
    return Message("\n\n".join(lines), [[(voice.plain("Answer"), OnQuestion(question.number, "answer"))]])


async def show_question(context: Context, number: int) -> None:
    """One question that lies or lay before the office.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyAnswered: a colleague was quicker.
        Unknown: there is none with this number.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        question = await questions.open_before_the_office(session, number)
        others = await questions.joined(session, number)
    await context.toast()
    message = office_question(voice, question, others)
    await context.say(replace(message, rows=[*message.rows, office_row(voice)]))


def office_reply(voice: Voice, question: OfficeQuestion, answer: str) -> Message:
    """The office's answer as the asker sees it."""
    lines = [
        voice.say("Answer of the office to your question no. %(number)s", number=question.number),
        voice.say("“%(text)s”", text=shorten(question.text, EXCERPT)),
        html(answer),
        *office_note(voice),
    ]
    return Message("\n\n".join(lines))


def answered_message(voice: Voice, number: int, at: datetime) -> Message:
    """What staff hears once an answer is stored, ``at`` this instant, and until when it can be corrected."""
    lines = [
        voice.say("The answer to question no. %(number)s is on its way.", number=number),
        voice.say("To correct it, edit your message, until %(time)s.", time=voice.time(at + questions.CORRECTABLE)),
    ]
    return Message("\n".join(lines), [learn(voice, number)])


def learn(voice: Voice, number: int) -> Row:
    """„In die Wissensbasis"."""
    return [(voice.plain("Into the knowledge base"), OnQuestion(number, "learn"))]


async def answered_by_reply(context: Context, number: int, text: str, message_id: int) -> None:
    """Staff replied to a question's copy: the asker gets the answer, the others see that it is done."""
    with suppress(EffectHadBeforeError):
        async with context.begin() as session:
            who = await context.actor(session)
            await questions.answer(session, number, written(text), who, context.now, reply_id=message_id)
    voice = await context.own_voice()
    await context.say(answered_message(voice, number, context.now))


async def corrected_by_edit(context: Context, message_id: int, text: str) -> None:
    """Staff edited the message that holds an answer: for ten minutes the copies of those who asked follow.

    Any other edited message is let pass.
    """
    with suppress(EffectHadBeforeError):
        async with context.begin() as session:
            question = await questions.answered_in(session, message_id, await context.actor(session))
            if question is not None:
                await questions.correct(session, question, written(text), context.now)
    async with context.read() as session:
        voice = await context.voice(session)
        question = await questions.answered_in(session, message_id, await context.actor(session))
        # Only what this very edit has changed: an edit may bring nothing new, a link's preview for example.
        if question is None or question.corrected_at != context.now:
            return
        kept = await questions.kept(session, question.number) is not None
        letters = await questions.copies(session, question.number)
    for letter in letters:
        await _bring_up_to_date(context, letter)
    lines = [
        voice.say("The answer to question no. %(number)s is corrected; who asked sees it.", number=question.number)
    ]
    if kept:
        lines.append(voice.say("In the knowledge base it still stands as it was."))
    await context.say(Message("\n\n".join(lines), [learn(voice, question.number)]))


async def _bring_up_to_date(context: Context, letter: Letter) -> None:
    """Edit a copy that was sent; one that cannot be edited any more is followed by a fresh one."""
    if letter.state != LetterState.SENT:
        return  # worded when its turn comes
    async with context.read() as session:
        message = await asker_copy(session, letter)
    try:
        await context.bot.edit_message_text(
            message.text, chat_id=letter.telegram_id, message_id=letter.message_id, parse_mode=ParseMode.HTML
        )
    except Forbidden:
        return
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            await _send_anew(context, letter)
            return
    async with context.house.database.begin() as session:
        (await session.get_one(Letter, letter.id)).text = message.text  # what was sent is stored as sent


async def _send_anew(context: Context, letter: Letter) -> None:
    async with context.house.database.begin() as session:
        await questions.send_anew(session, letter, context.now)
    context.house.post_went_in()


async def asker_copy(session: AsyncSession, letter: Letter) -> Message:
    """The office's answer as the reader of this letter sees it now."""
    question = await session.get_one(OfficeQuestion, letter.about["question"])
    voice = await voice_for(session, await actor(session, letter.telegram_id))
    return office_reply(voice, question, await questions.given_answer(session, question))
