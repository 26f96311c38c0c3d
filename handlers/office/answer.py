"""The form behind „Antworten": the answer, and a preview of what the asker will get."""

from handlers.callbacks import OnQuestion, Open
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.shape import Ask, Desk, Form, Question, a_text
from handlers.office.replying import office_reply
from handlers.speech import Message
from locales import N_
from models import question as questions
from models.question import OfficeQuestion
from models.refusals import AlreadyDone, Unknown


async def answer_tapped(context: Context, tap: OnQuestion) -> None:
    """„Antworten" on a question that lies before the office.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such question before the office.
        AlreadyDone: a colleague has answered it.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        question = await session.get(OfficeQuestion, tap.number)
    if question is None or question.handed_at is None:
        raise Unknown
    if question.answered_at:
        raise AlreadyDone
    await begin_form(context, "answer", {"number": tap.number})


async def _text(desk: Desk) -> Ask:
    question = await desk.session.get_one(OfficeQuestion, desk.answers["number"])
    return Ask(
        desk.voice.say(
            "Your answer to question no. %(number)s:\n“%(text)s”", number=question.number, text=question.text
        )
    )


async def _preview(desk: Desk) -> Message:
    question = await desk.session.get_one(OfficeQuestion, desk.answers["number"])
    shown = OfficeQuestion(number=question.number, text=question.text, answer=desk.answers["answer"])
    heading = desk.voice.say("<b>Preview</b> – this is what the asker will see:")
    return Message(f"{heading}\n\n{office_reply(desk.voice, shown).text}")


async def _finish(desk: Desk) -> Message:
    number = desk.answers["number"]
    await questions.answer(desk.session, number, desk.answers["answer"], desk.actor, desk.now)
    text = desk.voice.say("The answer to question no. %(number)s is on its way.", number=number)
    return Message(text, [[(desk.voice.plain("Office"), Open("office"))]])


ANSWER = Form("answer", N_("Answer"), N_("Send"), (Question("answer", _text, a_text),), _preview, _finish)
