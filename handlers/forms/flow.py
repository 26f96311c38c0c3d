"""The asking: what the next question is, and what becomes of an entry, a tap, a file, a step back."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import FormAct, FormTap
from handlers.context import Context, EffectHadBeforeError
from handlers.forms.asking import (
    FORMS,
    KNOWN,
    PREVIEW,
    current_question,
    desk_for,
    next_question,
    put,
    side_opened,
)
from handlers.forms.shape import Desk
from handlers.phrases import refusal_text
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup, Voice, html
from models import drafts
from models.drafts import Draft
from models.files import LARGEST, keep
from models.refusals import AlreadyDone, NotEntitled, Unfit, Unknown

HIGHEST_ID = 2**31 - 1


async def begin_form(context: Context, name: str, known: Mapping[str, Any] | None = None) -> None:
    """Begin a form; one that is being filled in is put aside. ``known``: what it is about, and answers not asked."""
    try:
        draft_id, message = await _begun(context, name, dict(known or {}))
    except EffectHadBeforeError:
        await context.toast()
        await _text_again(context)
        return
    await context.toast()
    await put(context, draft_id, message, redraw=False)


async def _begun(context: Context, name: str, known: dict[str, Any]) -> tuple[int, Message]:
    async with context.begin() as session:
        await context.account(session)
        await drafts.put_aside(session, context.telegram_id)
        draft = Draft(
            # SQLite gives the id of a finished form to the next one, whose old buttons would then act on the new.
            id=secrets.randbelow(HIGHEST_ID) + 1,
            telegram_id=context.telegram_id,
            form=name,
            answers={**known, KNOWN: sorted(known)},
            asked=[],
            updated_at=context.now,
        )
        draft.offered, draft.parked = [], False
        session.add(draft)
        await session.flush()
        return draft.id, await next_question(context, session, draft)


async def _answer(context: Context, session: AsyncSession, draft: Draft, value: Any) -> Message:
    question = FORMS[draft.form].question(draft.asked[-1])
    draft.updated_at, draft.held_text, draft.held_entities = context.now, None, None
    draft.answers = {**draft.answers, question.key: value}
    message = await next_question(context, session, draft)
    if question.echo is None or draft.asked[-1] == PREVIEW:
        return message
    heard = question.echo(await desk_for(context, session, draft))
    return replace(message, text=Markup(f"{heard}\n\n{message.text}"))


async def take_text(context: Context, draft_id: int, text: str) -> None:
    """A typed entry. A wrong one gets one sentence and the same question."""
    try:
        message = await _taken(context, draft_id, text)
    except EffectHadBeforeError:
        await _text_again(context)
        return
    await put(context, draft_id, message, redraw=False)


async def _taken(context: Context, draft_id: int, text: str) -> Message:
    async with context.begin() as session:
        draft = await drafts.to_change(session, context.telegram_id, draft_id)
        if draft is None:
            raise Unknown
        await drafts.take_up(session, draft)
        return await _read_in(context, session, draft, lambda desk: _read(desk, draft, text))


async def _read_in(context: Context, session: AsyncSession, draft: Draft, read: Callable[[Desk], Any]) -> Message:
    """Take an entry if it can be read; else say why not, and put the same question."""
    desk = await desk_for(context, session, draft)
    try:
        found = read(desk)
        value = await found if isawaitable(found) else found
        check = FORMS[draft.form].question(draft.asked[-1]).check
        if check is not None:
            await check(desk, value)
        return await _answer(context, session, draft, value)
    except Unfit as refusal:
        draft.updated_at = context.now
        refused = refusal_text(refusal, desk.voice)
        message = await current_question(context, session, draft)
        return replace(message, text=Markup(f"{html(refused)}\n\n{message.text}"))


def _read(desk: Desk, draft: Draft, text: str) -> Any:
    if draft.asked[-1] == PREVIEW:
        raise Unfit("not a choice")
    question = FORMS[draft.form].question(draft.asked[-1])
    if question.read is None:
        raise Unfit("no file" if question.takes_files else "not a choice")
    return question.read(desk, text)


def reads(draft: Draft) -> bool:
    """Whether the open question of a form takes a text."""
    return draft.asked[-1] != PREVIEW and FORMS[draft.form].question(draft.asked[-1]).read is not None


def takes_files(draft: Draft) -> bool:
    """Whether the open question of a form takes files."""
    if draft.asked[-1] == PREVIEW:
        return False
    question = FORMS[draft.form].question(draft.asked[-1])
    return question.takes_files or question.read_file is not None


@dataclass(frozen=True)
class Received:
    """A file as it came: ``handle`` is that by which Telegram sends it on, ``captioned``: words stood under it."""

    name: str
    content: bytes
    kind: str = "document"
    handle: str | None = None
    captioned: bool = False


async def take_file(context: Context, draft_id: int, file: Received) -> None:
    """A file for the open question. More may follow until „Weiter". Words under it are not kept, and that is said.

    Raises:
        Unfit: it takes none, or it is too large.
    """
    async with context.begin() as session:
        draft = await drafts.to_change(session, context.telegram_id, draft_id)
        if draft is None or not takes_files(draft):
            raise Unfit("not a choice")
        question = FORMS[draft.form].question(draft.asked[-1])
        if len(file.content) > LARGEST:
            raise Unfit("file too large")
        if (reader := question.read_file) is not None:
            message = await _read_in(context, session, draft, lambda desk: reader(desk, file.name, file.content))
        else:
            message = await _collected(context, session, draft, file)
    await put(context, draft_id, message, redraw=False)


async def _collected(context: Context, session: AsyncSession, draft: Draft, file: Received) -> Message:
    key = draft.asked[-1]
    kept = await keep(session, file.name, file.content, context.now, kind=file.kind, handle=file.handle)
    draft.answers = {**draft.answers, key: [*draft.answers.get(key, []), kept.id]}
    draft.updated_at = context.now
    message = await current_question(context, session, draft)
    if not file.captioned:
        return message
    said = (await context.voice(session)).say(
        "The words under the file do not go out. What all are to read belongs into the form's text."
    )
    return replace(message, text=Markup(f"{said}\n\n{message.text}"))


async def tapped(context: Context, tap: FormTap) -> None:
    """A choice among the open question's buttons."""
    async with context.begin() as session:
        draft = await _open_draft(session, context.telegram_id, tap.draft, tap.step)
        await drafts.take_up(session, draft)
        if tap.choice >= len(draft.offered):
            raise Unknown
        message = await _chosen(context, session, draft, draft.offered[tap.choice])
    await context.toast()
    await put(context, tap.draft, message, redraw=True)


async def _chosen(context: Context, session: AsyncSession, draft: Draft, value: Any) -> Message:
    draft.updated_at = context.now
    if draft.asked[-1] == PREVIEW:
        return await side_opened(context, session, draft, value)
    question = FORMS[draft.form].question(draft.asked[-1])
    if question.tick is None:
        return await _answer(context, session, draft, value)
    answer, stays = question.tick(await desk_for(context, session, draft), value)
    if not stays:
        return await _answer(context, session, draft, answer)
    draft.answers = {**draft.answers, question.key: answer}
    return await current_question(context, session, draft)


async def _own_draft(session: AsyncSession, telegram_id: int, number: int) -> Draft:
    """The draft, for who fills it in.

    Raises:
        AlreadyDone: it was finished or cancelled before.
        NotEntitled: it is somebody else's.
    """
    draft = await drafts.to_change(session, telegram_id, number)
    if draft is None:
        raise AlreadyDone
    if draft.telegram_id != telegram_id:
        raise NotEntitled("own form")
    return draft


async def _open_draft(session: AsyncSession, telegram_id: int, number: int, step: int) -> Draft:
    draft = await _own_draft(session, telegram_id, number)
    if step != len(draft.asked) - 1:
        raise AlreadyDone
    return draft


async def acted(context: Context, tap: FormAct) -> None:
    """„Weiter", „Zurück", „Abbrechen", the last button, and the ways back into a form."""
    match tap.act:
        case "cancel":
            await _cancel(context, tap)
        case "confirm":
            await _confirm(context, tap)
        case "resume":
            await resume(context, tap.draft)
        case "form":
            await _held_for_form(context, tap)
        case "back" | "skip":
            await _step(context, tap)
        case _:
            raise Unknown


async def _cancel(context: Context, tap: FormAct) -> None:
    async with context.begin() as session:
        draft = await _own_draft(session, context.telegram_id, tap.draft)
        voice = await context.voice(session)
        await session.delete(draft)
    await context.toast()
    await context.redraw(Message(voice.say("Cancelled. Nothing was sent."), back_to_office(voice)))


def back_to_office(voice: Voice) -> Sequence[Row]:
    """The way back to „/buero"."""
    return [office_row(voice)]


async def _step(context: Context, tap: FormAct) -> None:
    async with context.begin() as session:
        draft = await _open_draft(session, context.telegram_id, tap.draft, tap.step)
        await drafts.take_up(session, draft)
        draft.updated_at = context.now
        if tap.act == "skip":
            _pass_over(draft)
            message = await next_question(context, session, draft)
        else:
            draft.asked = _before(draft)
            message = await current_question(context, session, draft)
    await context.toast()
    await put(context, tap.draft, message, redraw=True)


def _before(draft: Draft) -> list[str]:
    """What was asked before the open question: before the preview, the last question that everybody is asked."""
    asked = draft.asked[:-1]
    if draft.asked[-1] == PREVIEW:
        sides = {PREVIEW, *(one.key for one in FORMS[draft.form].sides)}
        while asked and asked[-1] in sides:
            asked = asked[:-1]
    return asked or draft.asked


def _pass_over(draft: Draft) -> None:
    question = FORMS[draft.form].question(draft.asked[-1])
    if not question.takes_files and question.tick is None:
        draft.answers = {key: value for key, value in draft.answers.items() if key != question.key}


async def _confirm(context: Context, tap: FormAct) -> None:
    async with context.begin() as session:
        draft = await _open_draft(session, context.telegram_id, tap.draft, tap.step)
        if draft.asked[-1] != PREVIEW:
            raise AlreadyDone
        form, answers = FORMS[draft.form], dict(draft.answers)
        message = await form.finish(await desk_for(context, session, draft))
        await session.delete(draft)
    await context.toast()
    await context.redraw(message)
    if form.afterwards is not None:
        await form.afterwards(context, answers)


async def resume(context: Context, number: int) -> None:
    """„Weiter ausfüllen": put the open question again."""
    async with context.begin() as session:
        draft = await _own_draft(session, context.telegram_id, number)
        await drafts.take_up(session, draft)
        draft.updated_at = context.now
        message = await current_question(context, session, draft)
    await context.toast()
    await put(context, number, message, redraw=False)


async def hold(context: Context, draft: Draft, text: str) -> None:
    """After a pause: is this text for the form, or a question?"""
    with suppress(EffectHadBeforeError):
        async with context.begin() as session:
            held = await drafts.to_change(session, context.telegram_id, draft.id)
            if held is None:
                raise Unknown
            held.held_text, heard = text, context.incoming.message
            held.held_entities = [one.to_dict() for one in heard.entities] if heard else []
    async with context.read() as session:
        voice = await context.voice(session)
    step = len(draft.asked) - 1
    rows: list[Row] = [
        [(voice.plain("For the form"), FormAct(draft.id, step, "form"))],
        [(voice.plain("As a question"), FormAct(draft.id, step, "question"))],
    ]
    title = voice.plain(FORMS[draft.form].title)
    await context.say(Message(voice.say("The form “%(title)s” is still open. What is this text?", title=title), rows))


async def _held_for_form(context: Context, tap: FormAct) -> None:
    if context.act.acted:
        raise EffectHadBeforeError
    text = await held_text(context, tap)
    await context.toast()
    await take_text(context, tap.draft, text)


async def held_text(context: Context, tap: FormAct) -> str:
    """The text that was held back.

    Raises:
        NotEntitled: the form is somebody else's.
        Unknown: nothing is held.
    """
    async with context.read() as session:
        draft = await session.get(Draft, tap.draft)
    if draft is not None and draft.telegram_id != context.telegram_id:
        raise NotEntitled("own form")
    if draft is None or draft.held_text is None:
        raise Unknown
    return draft.held_text


async def drop_held(context: Context, tap: FormAct) -> None:
    """The held text was a question: the form is put aside without it."""
    async with context.house.database.begin() as session:
        draft = await drafts.to_change(session, context.telegram_id, tap.draft)
        if draft is not None:
            draft.held_text, draft.parked = None, True


async def again(context: Context, tap: FormTap | FormAct) -> None:
    """What was tapped is stored, only not spoken: put the open question of the form again."""
    async with context.house.database.begin() as session:
        draft = await drafts.to_change(session, context.telegram_id, tap.draft)
        voice = await context.voice(session)
        message = await current_question(context, session, draft) if draft and draft.asked else None
    await context.toast()
    await context.say(message or Message(voice.say("That is stored."), back_to_office(voice)))


async def _text_again(context: Context) -> None:
    """A typed entry was stored, only not answered: put the open question of the form again."""
    async with context.house.database.begin() as session:
        draft = await drafts.active_to_change(session, context.telegram_id)
        if draft is None:
            raise EffectHadBeforeError
        message = await current_question(context, session, draft)
    await put(context, draft.id, message, redraw=False)
