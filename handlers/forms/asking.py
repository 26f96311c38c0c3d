"""How a form asks: which question comes next, how it is shown, and the preview at its end."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import MessageEntity

from handlers.callbacks import FormAct, FormTap
from handlers.commands import Right
from handlers.context import Context
from handlers.forms.shape import Desk, Form, Question
from handlers.speech import Message, Row
from locales import Voice
from models import drafts
from models.deadline import office_calendar
from models.drafts import Draft
from models.refusals import Unknown

PREVIEW = "preview"
KNOWN = "known"  # the answers that the form began with; they are not asked
SHOWN = "shown"  # what the samples above the preview looked like


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
    heard = None if context.act.typed else context.incoming.message  # a tap that was typed is no entry
    message_id = heard.message_id if heard else None
    entities = heard.entities if heard else MessageEntity.de_list(draft.held_entities or [], context.bot)
    voice = await context.voice(session)
    return Desk(session, who, voice, context.now, calendar, dict(draft.answers), message_id, entities)


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
        if len(ask.choices) == 1 and question.read is None and not ask.must_be_tapped and question.tick is None:
            desk.answers[question.key] = ask.choices[0][1]
            draft.answers = dict(desk.answers)
            continue
        draft.asked = [*draft.asked, question.key]
        return await question_message(desk, draft, question)
    if form.looks_up:
        await session.delete(draft)
        return await form.finish(desk)
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
    rows: list[Row] = [[(label, FormTap(draft.id, step, number))] for number, (label, _) in enumerate(ask.choices)]
    if ask.optional:
        rows.append([(desk.voice.plain("Next"), FormAct(draft.id, step, "skip"))])
    return Message(ask.text, [*rows, _ways_out(desk.voice, draft, step)], reads=question.read is not None)


def _ways_out(voice: Voice, draft: Draft, step: int) -> Row:
    cancel = (voice.plain("Cancel"), FormAct(draft.id, step, "cancel"))
    return [(voice.plain("Back"), FormAct(draft.id, step, "back")), cancel] if step else [cancel]


async def preview_message(desk: Desk, draft: Draft) -> Message:
    """The preview: exactly what others will see, the button that does it, and those of what may be added."""
    form = FORMS[draft.form]
    shown = await form.preview(desk)
    sides = [one for one in form.sides if await one.ask(desk) is not None]
    draft.offered = [one.key for one in sides]
    step = len(draft.asked) - 1
    rows: list[Row] = [
        [(desk.voice.plain(form.confirm), FormAct(draft.id, step, "confirm"))],
        *[
            [(one.label(desk), FormTap(draft.id, step, number))]
            for number, one in enumerate(sides)
            if one.label is not None
        ],
        _ways_out(desk.voice, draft, step),
    ]
    return Message(shown.text, rows, samples=_not_shown_yet(draft, shown.samples))


def _not_shown_yet(draft: Draft, samples: Sequence[Message]) -> Sequence[Message]:
    """The samples, unless those that stand above the preview are the same."""
    print_of = sha256(repr(samples).encode()).hexdigest()
    if draft.answers.get(SHOWN) == print_of:
        return ()
    draft.answers = {**draft.answers, SHOWN: print_of}
    return samples


async def side_opened(context: Context, session: AsyncSession, draft: Draft, key: str) -> Message:
    """A button of the preview: its question, or, where it has one answer only, the preview with that taken."""
    desk, side = await desk_for(context, session, draft), FORMS[draft.form].question(key)
    ask = await side.ask(desk)
    if ask is None:
        raise Unknown
    if len(ask.choices) == 1 and side.read is None:
        desk.answers[key] = ask.choices[0][1]
        draft.answers = dict(desk.answers)
        # One step on, so that the preview's buttons from before the change are old.
        draft.asked = [*draft.asked, PREVIEW]
        return await preview_message(desk, draft)
    draft.asked = [*draft.asked, key]
    return await question_message(desk, draft, side)


async def current_question(context: Context, session: AsyncSession, draft: Draft) -> Message:
    """The open question of a draft, put anew; at the end of the form its preview."""
    desk = await desk_for(context, session, draft)
    if draft.asked[-1] == PREVIEW:
        return await preview_message(desk, draft)
    return await question_message(desk, draft, FORMS[draft.form].question(draft.asked[-1]))


async def put(context: Context, draft_id: int, message: Message, *, redraw: bool) -> None:
    """Say the question and remember which message it is, so that a reply to it finds its form."""
    if message.samples:
        await context.strip()
    for one in message.samples:
        await context.say(one)
    if redraw and not message.samples:
        said = await context.redraw(message)
    else:
        sent = await context.say(message)
        said = sent.message_id if sent else None
    async with context.house.database.begin() as session:
        draft = await drafts.to_change(session, context.telegram_id, draft_id)
        if draft is not None:
            draft.message_id = said
