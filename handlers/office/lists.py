"""A list of the office (deadlines, members, meetings) sent in the chat: what it would change, and „Übernehmen"."""

import asyncio
from pathlib import PurePath

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from handlers.callbacks import OnList, Open
from handlers.context import Context
from handlers.office.list_words import describe, say_fault
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup, Voice, html
from models import deadline as deadlines
from models.files import StoredFile, keep
from models.refusals import AlreadyDone, Unknown
from models.roll import (
    DEADLINES,
    MEETINGS,
    OFFICE,
    Difference,
    FolderFaults,
    Section,
    Table,
    announce_applied,
    apply,
    is_sources,
    list_in,
    open_table,
    prepare,
    would_tell,
)

MOST_LINES = 40
READ = {".csv", ".xlsx"}
TABLES = READ | {".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".numbers"}


def is_list(name: str) -> bool:
    """Whether a file of this name is one of the office's lists."""
    return list_in(name) is not None or is_sources(name)


def is_table(name: str) -> bool:
    """Whether a file of this name is a list, or might be meant for one."""
    return is_list(name) or PurePath(name).suffix.lower() in TABLES


async def list_sent(context: Context, name: str, content: bytes) -> None:
    """Show what the list would change, or everything that is wrong with it. Nothing is taken yet.

    Raises:
        NotEntitled: for everyone but staff.
    """
    if not is_list(name):
        await _say_how(context, name)
        return
    async with context.read() as session:
        (await context.actor(session)).need_staff()
    opened = await _opened(name, content)
    async with context.begin() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        try:
            difference = await prepare(session, {name: opened})
        except FolderFaults as faults:
            message = _faults_message(voice, faults)
        else:
            message = await _preview(context, session, voice, difference, name, content)
    await context.say(message)


async def _opened(name: str, content: bytes) -> bytes | Table:
    """A long list is unpacked and parsed beside the conversations; office.toml is short."""
    return content if list_in(name) == OFFICE else await asyncio.to_thread(open_table, name, content)


async def _say_how(context: Context, name: str) -> None:
    """A table that is none of the lists: by which names they are known, or in which format they are read."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
    if PurePath(name).suffix.lower() in READ:
        text = voice.say(
            "I know a list by its name: members, deadlines, meetings or sources, as .xlsx or .csv. Please rename "
            "“%(name)s”, and send it again.",
            name=name,
        )
    else:
        text = voice.say("“%(name)s”: this format is not read. Please save the list as .xlsx or .csv.", name=name)
    await context.say(Message(text, [[(voice.plain("Lists and files"), Open("lists"))]]))


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
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        there = await session.get(StoredFile, tap.file, options=[undefer(StoredFile.content)])
        known = there if there is not None and is_list(there.name) else None
    opened = await _opened(known.name, known.content) if known and tap.act == "take" else b""
    async with context.begin() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        stored = await session.get(StoredFile, tap.file, with_for_update=True)
        if stored is None:
            raise AlreadyDone
        if not is_list(stored.name):
            raise Unknown
        if tap.act == "take":
            message = await _take(context, session, voice, stored, opened)
        else:
            message = Message(voice.say("Cancelled. Nothing was taken."), [office_row(voice)])
        # The file has done its work; what it said stands in the rows.
        await session.delete(stored)
    await context.toast()
    await context.redraw(message)


async def _take(
    context: Context, session: AsyncSession, voice: Voice, stored: StoredFile, opened: bytes | Table
) -> Message:
    try:
        difference = await prepare(session, {stored.name: opened})
    except FolderFaults as faults:
        # The store has changed since the preview.
        return _faults_message(voice, faults)
    if difference.empty:
        return Message(voice.say("Nothing changes."), [office_row(voice)])
    lines = _cut(voice, describe(difference, await deadlines.office_calendar(session), voice))
    told = await would_tell(session, difference, context.now)
    await announce_applied(session, await apply(session, difference, context.now, told=True), context.now)
    heading = voice.say("<b>Taken over</b> (%(name)s):", name=stored.name)
    return Message(
        "\n".join([heading, *lines, Markup(""), *_consequences(voice, difference, told)]), [office_row(voice)]
    )


async def list_again(context: Context, _tap: OnList) -> None:
    """It was decided before, only not spoken."""
    voice = await context.own_voice()
    await context.toast(voice.plain("That is stored."))
