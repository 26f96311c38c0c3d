"""A question before the office: how staff sees it, how it is answered, and how the asker sees the answer."""

from contextlib import suppress

from handlers.callbacks import OnQuestion
from handlers.context import Context, EffectHadBeforeError
from handlers.speech import Message
from locales import Voice, html
from models import question as questions
from models.question import OfficeQuestion
from models.refusals import Unfit


def office_question(voice: Voice, question: OfficeQuestion) -> Message:
    """A question as staff sees it; a reply to this message answers it."""
    lines = [
        voice.say("Question no. %(number)s", number=question.number),
        voice.say("“%(text)s”", text=question.text),
        voice.say("Reply to this message, or tap “Answer”. The asker gets it at once."),
    ]
    return Message("\n\n".join(lines), [[(voice.plain("Answer"), OnQuestion(question.number, "answer"))]])


def office_reply(voice: Voice, question: OfficeQuestion) -> Message:
    """The office's answer as the asker sees it."""
    lines = [
        voice.say("Answer of the office to your question no. %(number)s", number=question.number),
        voice.say("“%(text)s”", text=question.text),
        html(question.answer or ""),
    ]
    return Message("\n\n".join(lines))


async def answered_by_reply(context: Context, number: int, text: str) -> None:
    """Staff replied to a question's copy: the asker gets the answer, the others see that it is done."""
    if not text.strip():
        raise Unfit("empty")
    with suppress(EffectHadBeforeError):
        async with context.begin() as session:
            await questions.answer(session, number, text.strip(), await context.actor(session), context.now)
    async with context.read() as session:
        voice = await context.voice(session)
    await context.say(Message(voice.say("The answer to question no. %(number)s is on its way.", number=number)))
