"""A list of the office (deadlines, members, meetings) sent in the chat: what it would change, and „Übernehmen"."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnList, Open
from handlers.context import Context
from handlers.office.list_words import describe, say_fault
from handlers.speech import Message, Row
from locales import Markup, Voice, html
from models import deadline as deadlines
from models.files import StoredFile, keep
from models.refusals import AlreadyDone, Unknown
from models.roll import (
    DEADLINES,
    MEETINGS,
    Difference,
    FolderFaults,
    Section,
    announce_applied,
    apply,
    list_in,
    prepare,
    would_tell,
)

MOST_LINES = 40


def is_list(name: str) -> bool:
    """Whether a file of this name is one of the office's lists."""
    return list_in(name) is not None


async def list_sent(context: Context, name: str, content: bytes) -> None:
    """Show what the list would change, or everything that is wrong with it. Nothing is taken yet.

    Raises:
        NotEntitled: for everyone but staff.
    """
    async with context.begin() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        try:
            difference = await prepare(session, {name: content})
        except FolderFaults as faults:
            message = _faults_message(voice, faults)
        else:
            message = await _preview(context, session, voice, difference, name, content)
    await context.say(message)


def _faults_message(voice: Voice, faults: FolderFaults) -> Message:
    heading = voice.plural(
        "Nothing is taken, %(number)s entry is wrong:", "Nothing is taken, %(number)s entries are wrong:",
        len(faults.faults),
    )  # fmt: skip
    lines = [say_fault(fault, voice) for fault in faults.faults]
    return Message("\n".join([heading, *_cut(voice, lines)]))


def _cut(voice: Voice, lines: list[str]) -> list[Markup]:
    shown = [html(line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(voice.plural("… and %(number)s more line", "… and %(number)s more lines", len(lines) - MOST_LINES))
    return shown


async def _preview(
    context: Context, session: AsyncSession, voice: Voice, difference: Difference, name: str, content: bytes
) -> Message:
    calendar = await deadlines.office_calendar(session)
    lines = _cut(voice, describe(difference, calendar, voice))
    if difference.empty:
        return Message("\n".join([voice.say("Nothing changes."), *lines]))
    stored = await keep(session, name, content, context.now)
    told = await would_tell(session, difference, context.now)
    heading = voice.say("<b>This would change</b> (%(name)s):", name=name)
    rows: list[Row] = [
        [(voice.plain("Take over"), OnList(stored.id, "take")), (voice.plain("Cancel"), OnList(stored.id, "drop"))]
    ]
    return Message("\n".join([heading, *lines, Markup(""), *_consequences(voice, difference, told)]), rows)


def _consequences(voice: Voice, difference: Difference, told: int) -> list[Markup]:
    lines = []
    section = difference.lists.get(DEADLINES, Section(DEADLINES))
    if not section.empty:
        lines.append(
            voice.plural(
                "%(number)s message about it goes out.", "%(number)s messages about it go out.", told
            ) if told else voice.say("No message goes out about it.")
        )  # fmt: skip
    if difference.lists.get(MEETINGS, Section(MEETINGS)).new:
        lines.append(voice.say("New meetings wait under /office until you tap “Invite”."))
    return lines


async def on_list(context: Context, tap: OnList) -> None:
    """„Übernehmen" or „Abbrechen" under the preview of a list.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: it was taken or dropped before.
        Unknown: another act, or a file that is no list.
    """
    if tap.act not in {"take", "drop"}:
        raise Unknown
    async with context.begin() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        stored = await session.get(StoredFile, tap.file, with_for_update=True)
        if stored is None:
            raise AlreadyDone
        if not is_list(stored.name):
            raise Unknown
        if tap.act == "take":
            message = await _take(context, session, voice, stored)
        else:
            message = Message(voice.say("Cancelled. Nothing was taken."), _way_back(voice))
        # The file has done its work; what it said stands in the rows.
        await session.delete(stored)
    await context.toast()
    await context.redraw(message)


async def _take(context: Context, session: AsyncSession, voice: Voice, stored: StoredFile) -> Message:
    content = await session.scalar(select(StoredFile.content).where(StoredFile.id == stored.id))
    try:
        difference = await prepare(session, {stored.name: content or b""})
    except FolderFaults as faults:
        # The store has changed since the preview.
        return _faults_message(voice, faults)
    if difference.empty:
        return Message(voice.say("Nothing changes."), _way_back(voice))
    lines = _cut(voice, describe(difference, await deadlines.office_calendar(session), voice))
    told = await would_tell(session, difference, context.now)
    await announce_applied(session, await apply(session, difference, context.now, told=True), context.now)
    heading = voice.say("<b>Taken over</b> (%(name)s):", name=stored.name)
    return Message("\n".join([heading, *lines, Markup(""), *_consequences(voice, difference, told)]), _way_back(voice))


def _way_back(voice: Voice) -> list[Row]:
    return [[(voice.plain("Office"), Open("office"))]]


async def list_again(context: Context, _tap: OnList) -> None:
    """It was decided before, only not spoken."""
    async with context.read() as session:
        voice = await context.voice(session)
    await context.toast(voice.plain("That is stored."))
