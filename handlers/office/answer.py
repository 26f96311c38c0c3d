"""The form behind „Antworten": the answer, and a preview of what the asker will get."""

from handlers.callbacks import OnQuestion
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.shape import Ask, Desk, Form, Question, a_text
from handlers.office.replying import answered_message, office_reply
from handlers.phrases import refusal_text
from handlers.speech import Message
from handlers.way_back import office_row
from locales import N_, html
from models import question as questions
from models.question import OfficeQuestion
from models.refusals import AlreadyAnswered


async def answer_tapped(context: Context, tap: OnQuestion) -> None:
    """„Antworten" on a question that lies before the office.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such question before the office.
        AlreadyAnswered: a colleague was quicker.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        await questions.open_before_the_office(session, tap.number)
    await begin_form(context, "answer", {"number": tap.number})


async def _text(desk: Desk) -> Ask:
    question = await desk.session.get_one(OfficeQuestion, desk.answers["number"])
    return Ask(
        desk.voice.say(
            "Your answer to question no. %(number)s:\n“%(text)s”", number=question.number, text=question.text
        )
    )


def _read(desk: Desk, text: str) -> dict[str, object]:
    """The text, and the message it stands in: editing that message corrects the answer later."""
    return {"text": a_text(desk, text), "message": desk.message_id}


async def _preview(desk: Desk) -> Message:
    question = await desk.session.get_one(OfficeQuestion, desk.answers["number"])
    heading = desk.voice.say("<b>Preview</b> – this is what whoever asked will see:")
    return Message(f"{heading}\n\n{office_reply(desk.voice, question, desk.answers['answer']['text']).text}")


async def _finish(desk: Desk) -> Message:
    number, given = desk.answers["number"], desk.answers["answer"]
    back = office_row(desk.voice)
    try:
        await questions.answer(desk.session, number, given["text"], desk.actor, desk.now, reply_id=given["message"])
    except AlreadyAnswered as refusal:
        # The form is done with all the same; what was typed is not lost.
        lines = [html(refusal_text(refusal, desk.voice)), desk.voice.say("“%(text)s”", text=given["text"])]
        return Message("\n\n".join(lines), [back])
    message = answered_message(desk.voice, number, desk.now)
    return Message(message.text, [*message.rows, back])


ANSWER = Form("answer", N_("Answer"), N_("Send"), (Question("answer", _text, _read),), _preview, _finish, guarded=True)
