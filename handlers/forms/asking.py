"""How a form asks: which question comes next, how it is shown, and the preview at its end."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import FormAct, FormTap
from handlers.commands import Right
from handlers.context import Context
from handlers.forms.shape import Desk, Form, Question
from handlers.speech import Message, Row
from locales import Voice
from models.deadline import office_calendar
from models.drafts import Draft
from models.refusals import Unknown

PREVIEW = "preview"
TICK = "✓"
KNOWN = "known"  # the answers that the form began with; they are not asked


FORMS: dict[str, Form] = {}


def register(*forms: Form) -> None:
    """Make forms known by their names."""
    FORMS.update({form.name: form for form in forms})


async def desk_for(context: Context, session: AsyncSession, draft: Draft) -> Desk:
    """The desk at which this draft is filled in.

    Raises:
        NotEntitled: the form is not for this account.
    """
    who = await context.actor(session)
    if FORMS[draft.form].right is Right.STAFF:
        who.need_staff()
    else:
        who.need_member()
    calendar = await office_calendar(session)
    heard = context.incoming.message
    message_id = heard.message_id if heard else None
    return Desk(session, who, await context.voice(session), context.now, calendar, dict(draft.answers), message_id)


async def next_question(context: Context, session: AsyncSession, draft: Draft) -> Message:
    """Put the first question without an answer that is still to be asked; after the last one the preview."""
    desk = await desk_for(context, session, draft)
    form = FORMS[draft.form]
    start = _place(form, draft.asked[-1]) + 1 if draft.asked else 0
    for question in form.questions[start:]:
        if question.key in desk.answers.get(KNOWN, ()):
            continue
        ask = await question.ask(desk)
        if ask is None:
            continue
        if len(ask.choices) == 1 and question.read is None and not ask.must_be_tapped and not question.several:
            desk.answers[question.key] = ask.choices[0][1]
            draft.answers = dict(desk.answers)
            continue
        draft.asked = [*draft.asked, question.key]
        return await question_message(desk, draft, question)
    draft.asked = [*draft.asked, PREVIEW]
    return await preview_message(desk, draft)


def _place(form: Form, key: str) -> int:
    keys = [one.key for one in form.questions]
    return keys.index(key) if key in keys else len(keys)


async def question_message(desk: Desk, draft: Draft, question: Question) -> Message:
    """A question as the user sees it; what stands behind its buttons is kept with the draft."""
    ask = await question.ask(desk)
    if ask is None:
        raise Unknown
    step = len(draft.asked) - 1
    draft.offered = [value for _, value in ask.choices]
    ticked = desk.answers.get(question.key, []) if question.several else []
    rows: list[Row] = [
        [(f"{TICK} {label}" if value in ticked else label, FormTap(draft.id, step, number))]
        for number, (label, value) in enumerate(ask.choices)
    ]
    if ask.optional or ticked:
        rows.append([(desk.voice.plain("Next"), FormAct(draft.id, step, "skip"))])
    return Message(ask.text, [*rows, _ways_out(desk.voice, draft, step)])


def _ways_out(voice: Voice, draft: Draft, step: int) -> Row:
    cancel = (voice.plain("Cancel"), FormAct(draft.id, step, "cancel"))
    return [(voice.plain("Back"), FormAct(draft.id, step, "back")), cancel] if step else [cancel]


async def preview_message(desk: Desk, draft: Draft) -> Message:
    """The preview: exactly what others will see, and the button that does it."""
    form = FORMS[draft.form]
    shown = await form.preview(desk)
    draft.offered = []
    step = len(draft.asked) - 1
    rows: list[Row] = [
        [(desk.voice.plain(form.confirm), FormAct(draft.id, step, "confirm"))],
        _ways_out(desk.voice, draft, step),
    ]
    return Message(shown.text, rows)


async def current_question(context: Context, session: AsyncSession, draft: Draft) -> Message:
    """The open question of a draft, put anew; at the end of the form its preview."""
    desk = await desk_for(context, session, draft)
    if draft.asked[-1] == PREVIEW:
        return await preview_message(desk, draft)
    return await question_message(desk, draft, FORMS[draft.form].question(draft.asked[-1]))


async def put(context: Context, draft_id: int, message: Message, *, redraw: bool) -> None:
    """Say the question and remember which message it is, so that a reply to it finds its form."""
    if redraw:
        said = await context.redraw(message)
    else:
        sent = await context.say(message)
        said = sent.message_id if sent else None
    async with context.house.database.begin() as session:
        draft = await session.get(Draft, draft_id)
        if draft is not None:
            draft.message_id = said
