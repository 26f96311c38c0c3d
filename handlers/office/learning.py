"""„In die Wissensbasis": an answer becomes a citable source. Question and answer are shown for editing first."""

from handlers.callbacks import OnQuestion
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.shape import LONGEST_LINE, Ask, Desk, Form, Question, a_line, a_text
from handlers.quoting import citation, quoted
from handlers.speech import Message, Row, shorten
from handlers.way_back import office_row
from locales import DEFAULT, N_, Markup, Voice
from models import question as questions
from models.knowledge import Document, Quote, Rank
from models.office import the_office
from models.question import OfficeQuestion
from models.question.rules import month_after
from models.refusals import AlreadyDone, Unknown


async def learn_tapped(context: Context, tap: OnQuestion) -> None:
    """„In die Wissensbasis" on a question that the office has answered.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such question, or none with an answer.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        if not (await questions.before_the_office(session, tap.number)).answer:
            raise Unknown
    await begin_form(context, "learn", {"number": tap.number})


async def unlearn_tapped(context: Context, tap: OnQuestion) -> None:
    """„Wieder herausnehmen": the answer is no longer quoted.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: it was not in the knowledge base.
    """
    async with context.begin() as session:
        voice = await context.voice(session)
        if not await questions.take_out(session, tap.number, await context.actor(session), context.now):
            raise AlreadyDone
    await context.toast()
    await context.redraw(Message(voice.say("The answer is no longer in the knowledge base.")))


async def _question(desk: Desk) -> Ask:
    question = await desk.session.get_one(OfficeQuestion, desk.answers["number"])
    text = desk.voice.say(
        "How shall the question stand in the knowledge base? Without names and without anything that shows who asked. "
        "“Next” takes it as it is:\n\n“%(text)s”",
        text=_as_asked(question),
    )
    return Ask(text, optional=True)


async def _answer(desk: Desk) -> Ask:
    question = await desk.session.get_one(OfficeQuestion, desk.answers["number"])
    text = desk.voice.say(
        "And the answer? It will be quoted word for word. “Next” takes it as it is:\n\n“%(text)s”",
        text=question.answer or "",
    )
    return Ask(text, optional=True)


def _as_asked(question: OfficeQuestion) -> str:
    return shorten(" ".join(question.text.split()), LONGEST_LINE)


async def _edited(desk: Desk) -> tuple[str, str]:
    question = await desk.session.get_one(OfficeQuestion, desk.answers["number"])
    return (
        desk.answers.get("question") or _as_asked(question),
        desk.answers.get("answer") or question.answer or "",
    )


def _title(desk: Desk) -> str:
    """„Auskunft der ReKo vom …": sources are German, whatever language staff reads."""
    german = Voice(DEFAULT)
    return german.plain("Information of the office of %(date)s", date=german.day(desk.calendar.day(desk.now)))


async def _preview(desk: Desk) -> Message:
    asked, answer = await _edited(desk)
    quote = await _quote(desk, asked, answer)
    heading = desk.voice.say(
        "<b>Preview</b> – this is how it will be quoted, until %(date)s:",
        date=desk.voice.day(month_after(desk.calendar.day(desk.now))),
    )
    return Message(Markup(f"{heading}\n\n{quoted(quote)}\n\n{citation(desk.voice, quote)}"))


async def _quote(desk: Desk, asked: str, answer: str) -> Quote:
    today = desk.calendar.day(desk.now)
    document = Document(
        id=0,
        key=questions.key_of(desk.answers["number"]),
        title=_title(desk),
        publisher=(await the_office(desk.session)).name,
        dated=today,
        valid_from=None,
        valid_until=month_after(today),
        url="",
        rank=Rank.OFFICE,
        contradicts=(),
        superseded=False,
    )
    return Quote(0, document, 0, 0, asked, None, "", answer)


async def _finish(desk: Desk) -> Message:
    number = desk.answers["number"]
    asked, answer = await _edited(desk)
    intake = await questions.keep(desk.session, number, asked, answer, _title(desk), desk.actor, desk.now)
    await questions.tell_of_changes(desk.session, [intake], desk.now)
    text = desk.voice.say(
        "In the knowledge base: “%(title)s”, valid until %(date)s.",
        title=_title(desk),
        date=desk.voice.day(month_after(desk.calendar.day(desk.now))),
    )
    rows: list[Row] = [
        [(desk.voice.plain("Take it out again"), OnQuestion(number, "unlearn"))],
        office_row(desk.voice),
    ]
    return Message(text, rows)


LEARN = Form(
    "learn",
    N_("Into the knowledge base"),
    N_("Take over"),
    (Question("question", _question, a_line), Question("answer", _answer, a_text)),
    _preview,
    _finish,
    guarded=True,
)
