"""Plain text, files and everything else in a private chat: an entry for a form, an answer of the office, a question."""

from io import BytesIO

from telegram import Message as Received

from handlers.allowance import FILES
from handlers.ask import asked
from handlers.callbacks import FormAct, OnQuestion, parse
from handlers.context import Context
from handlers.forms import flow
from handlers.forms.asking import FORMS
from handlers.general import unreadable
from handlers.office.lists import is_table, list_sent
from handlers.office.new_source import source_sent
from handlers.office.replying import answered_by_reply, corrected_by_edit
from handlers.office.send_minutes import minutes_sent, named_meeting
from handlers.personal import refuse_personal_data
from handlers.start import show
from handlers.typed.acts import act
from handlers.typed.buttons import meant
from handlers.typed.offering import follow, named_command, offered
from handlers.typed.performing import perform, press
from handlers.typed.words import read_request
from models import drafts, question
from models.codes import GROUP, LENGTH, looks_like_code
from models.drafts import PAUSE, Draft
from models.files import LARGEST
from models.knowledge import is_source
from models.refusals import Unfit

NAMES = {"video": "film", "audio": "ton", "document": "datei"}  # of files that come without one


async def heard(context: Context) -> None:
    """A text: for the form it belongs to, for the question it replies to, else a question of its own."""
    message = context.incoming.effective_message
    if message is None or not message.text:
        return
    draft, number = await _belongs_to(context, message)
    if number is not None:
        if not await refuse_personal_data(context, message.text):
            await answered_by_reply(context, number, message.text, message.message_id)
        return
    fresh = draft is not None and _is_fresh(draft, message, context)
    reading = draft if draft is not None and fresh and flow.reads(draft) else None
    if await _pressed(context, message, reading):
        return
    if draft is not None and (reading or not fresh or not _asks_otherwise(message.text)):
        await _heard_with_form(context, draft, message, message.text)
    else:
        await by_itself(context, message.text)


def _asks_otherwise(text: str) -> bool:
    """Whether a text that no form reads asks for something by its number, or for a command."""
    return read_request(text) is not None or named_command(text) is not None


async def _pressed(context: Context, message: Received, reading: Draft | None) -> bool:
    """Whether the text is a button's label or number; then that button was pressed."""
    if context.act.typed is not None:  # another try
        await perform(context, context.act.typed)
        return True
    found = await meant(context, message, message.text or "", reading)
    if found:
        await press(context, found)
    return bool(found)


async def by_itself(context: Context, text: str) -> None:
    """A text that belongs to no form: a code, an act by number, a command's word, the number of a thing, a question."""
    request = read_request(text)
    if _is_code(text):
        await show(context, text)
    elif request is not None:
        await act(context, request)
    elif (command := named_command(text)) is not None:
        await follow(context, command)
    elif not await offered(context, text):
        await asked(context, text)


async def edited(context: Context) -> None:
    """An edited text: where it holds an answer of the office, those who asked see the correction; else silence."""
    message = context.incoming.edited_message
    if message is not None and message.text and not await refuse_personal_data(context, message.text):
        await corrected_by_edit(context, message.message_id, message.text)


async def _heard_with_form(context: Context, draft: Draft, message: Received, text: str) -> None:
    fresh = _is_fresh(draft, message, context)
    if (not fresh or FORMS[draft.form].guarded) and await refuse_personal_data(context, text):
        return
    if fresh:
        await flow.take_text(context, draft.id, text)
    else:
        await flow.hold(context, draft, text)


def _is_code(text: str) -> bool:
    """Whether somebody typed the code from their letter; it must never be kept as a question.

    „Antragsformblatt" has sixteen letters too: without hyphens there must be a figure in it.
    """
    groups = [len(group) for group in text.replace("-", " ").split()]
    divided = groups == [GROUP] * (LENGTH // GROUP)
    has_figure = any(letter.isdigit() for letter in text)
    return looks_like_code(text) and ((divided and "-" in text) or (has_figure and (divided or len(groups) == 1)))


def _is_fresh(draft: Draft, message: Received, context: Context) -> bool:
    replied = message.reply_to_message is not None and message.reply_to_message.message_id == draft.message_id
    return replied or context.now - draft.updated_at <= PAUSE


async def _belongs_to(context: Context, message: Received) -> tuple[Draft | None, int | None]:
    """The form or the office's question that this text is for; a reply says so itself."""
    async with context.read() as session:
        if message.reply_to_message is not None:
            replied = message.reply_to_message.message_id
            draft = await drafts.by_question(session, context.telegram_id, replied)
            if draft is not None:
                return draft, None
            asked_of_us = await question.by_message(session, context.telegram_id, replied)
            if asked_of_us is not None:
                return None, asked_of_us.number
            listed = _question_shown_in(message.reply_to_message)
            if listed is not None:
                return None, listed
        return await drafts.active(session, context.telegram_id), None


def _question_shown_in(message: Received) -> int | None:
    """The question of a message from „Offene Fragen", which is no letter: the button under it says which."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    taps = [parse(str(button.callback_data or "")) for row in rows for button in row]
    return next((tap.number for tap in taps if isinstance(tap, OnQuestion) and tap.act == "answer"), None)


async def held_as_question(context: Context, tap: FormAct) -> None:
    """„Als Frage": the text that was held back is a question after all."""
    text = await flow.held_text(context, tap)
    await context.toast()
    await by_itself(context, text)
    await flow.drop_held(context, tap)


async def file(context: Context) -> None:
    """A file or a photo: for the form that asks for files, or minutes, a list, a source of the office; else unread."""
    message = context.incoming.effective_message
    if not context.within(FILES):
        return
    async with context.read() as session:
        draft = await drafts.active(session, context.telegram_id)
        staff = (await context.actor(session)).staff
    if message is None:
        return
    name, size, file_id, kind = _described(message)
    asked_for = draft is not None and flow.takes_files(draft)
    minutes, meeting = named_meeting(name, message.caption or "")
    if not asked_for and not (staff and (minutes or is_table(name) or is_source(name))):
        await unreadable(context)
        return
    if size > LARGEST:
        raise Unfit("file too large")
    content = BytesIO()
    await (await context.bot.get_file(file_id)).download_to_memory(content)
    if draft is not None and asked_for:
        received = flow.Received(name, content.getvalue(), kind, file_id, captioned=bool(message.caption))
        await flow.take_file(context, draft.id, received)
    elif minutes:
        await minutes_sent(context, name, content.getvalue(), meeting)
    elif is_table(name):
        await list_sent(context, name, content.getvalue())
    else:
        await source_sent(context, name, content.getvalue())


def _described(message: Received) -> tuple[str, int, str, str]:
    """Name, bytes, Telegram's id of the file, and what kind of message it makes."""
    for kind, one in (("video", message.video), ("audio", message.audio), ("document", message.document)):
        if one is not None:
            return one.file_name or f"{NAMES[kind]}-{message.message_id}", one.file_size or 0, one.file_id, kind
    largest = message.photo[-1]
    return f"foto-{message.message_id}.jpg", largest.file_size or 0, largest.file_id, "photo"
