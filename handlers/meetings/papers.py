"""„Unterlagen": the papers of a meeting, for the office. Official papers are German, as the office files them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnMeeting, Open
from handlers.context import Context
from handlers.meetings.drafting import letters_of, minutes_of
from handlers.meetings.gathering import attendance_of, expected_of, sitting_of
from handlers.papers import attendance as lists
from handlers.papers.lists import letters_pdf
from handlers.papers.minutes import minutes_docx, minutes_pdf
from handlers.speech import File, Message, Row
from handlers.way_back import office_row
from locales import N_, Voice
from models.meeting import day, looking
from models.meeting.minutes import check_held, minutes_for
from models.meeting.rows import Meeting
from models.meeting.rules import CANCELLED
from models.refusals import Unknown, Withdrawn

Maker = Callable[[AsyncSession, Voice, Meeting, datetime], Awaitable[Sequence[File]]]


async def _answers(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Sequence[File]:
    sitting = await sitting_of(session, voice, meeting, now)
    expected = await expected_of(session, voice, meeting)
    name = f"wer-kommt-{meeting.number}"
    return [
        File(f"{name}.csv", lists.answers_csv(expected, voice)),
        File(f"{name}.xlsx", lists.answers_xlsx(sitting, expected, voice)),
    ]


async def _letters(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Sequence[File]:
    return await _printed(session, voice, meeting, now, everyone=False)


async def _letters_to_all(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Sequence[File]:
    return await _printed(session, voice, meeting, now, everyone=True)


async def _printed(
    session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime, *, everyone: bool
) -> Sequence[File]:
    letters = await letters_of(session, voice, meeting, now, everyone=everyone)
    if not letters:
        return []
    title = voice.plain("Invitations to meeting no. %(number)s", number=meeting.number)
    made = await asyncio.to_thread(letters_pdf, letters, title, voice)
    return [File(f"einladungen-{meeting.number}.pdf", made)]


async def _to_sign(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Sequence[File]:
    sitting = await sitting_of(session, voice, meeting, now)
    expected = await expected_of(session, voice, meeting)
    made = await asyncio.to_thread(lists.sheet_to_sign, sitting, expected, voice)
    return [File(f"unterschriften-{meeting.number}.pdf", made)]


async def _attendance(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Sequence[File]:
    if not await day.is_recorded(session, meeting.number):
        return []
    attendance = await attendance_of(session, voice, meeting, now)
    name = f"anwesenheit-{meeting.number}"
    return [
        File(f"{name}.pdf", await asyncio.to_thread(lists.attendance_pdf, attendance, voice)),
        File(f"{name}.csv", lists.attendance_csv(attendance, voice)),
    ]


async def _draft(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Sequence[File]:
    check_held(meeting, now)
    minutes = await minutes_of(session, voice, meeting, now)
    name = f"niederschrift-{meeting.number}-entwurf"
    return [
        File(f"{name}.docx", await asyncio.to_thread(minutes_docx, minutes, voice)),
        File(f"{name}.pdf", await asyncio.to_thread(minutes_pdf, minutes, voice)),
    ]


# What a button makes: its label, what is said with the files, and what is said where there is nothing to make.
PAPERS: dict[str, tuple[str, str, str, Maker]] = {
    "answers": (N_("Who comes (CSV, XLSX)"), N_("Who comes to meeting no. %(number)s:"), "", _answers),
    "letters": (
        N_("Invitation as a letter: those without Telegram"),
        N_("The invitation to print, a page each:"),
        N_("Everyone who is invited uses the bot. For letters to all there is a button of its own."),
        _letters,
    ),
    "letters_all": (
        N_("Invitation as a letter: all"),
        N_("The invitation to print, a page each:"),
        "",
        _letters_to_all,
    ),
    "sign": (N_("List to sign (PDF)"), N_("To be signed in the room:"), "", _to_sign),
    "attendance": (
        N_("Attendance list (PDF, CSV)"),
        N_("Who was there, as recorded:"),
        N_("Nobody is recorded as present yet. Please tap “Present” on the meeting's page."),
        _attendance,
    ),
    "draft": (
        N_("Draft of the minutes (DOCX, PDF)"),
        N_("The draft of the minutes. Correct the Word file as you like, then send it with “Send the minutes”."),
        "",
        _draft,
    ),
}
BEFORE = ("answers", "letters", "letters_all", "sign")
AFTER = ("attendance", "draft")


async def papers_menu(context: Context, number: int) -> None:
    """„Unterlagen": what can be made of this meeting now."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        meeting = await looking.find(session, number)
        if meeting.invited_at is None:
            raise Unknown
    await context.toast()
    began = (meeting.began_at or meeting.starts_at) <= context.now
    rows = [_row(voice, number, act) for act in BEFORE]
    if began:
        rows = [_row(voice, number, act) for act in (*AFTER, "answers", "sign")]
        rows.insert(2, [(voice.plain("Send the minutes"), OnMeeting(number, "send_minutes"))])
    if meeting.minutes_file_id is not None:
        rows.append([(voice.plain("Minutes as sent"), OnMeeting(number, "minutes"))])
    rows.append([(voice.plain("Show the meeting"), Open("meeting", number)), *office_row(voice)])
    await context.say(Message(voice.say("<b>Papers</b> of meeting no. %(number)s:", number=number), rows))


def _row(voice: Voice, number: int, act: str) -> Row:
    return [(voice.plain(PAPERS[act][0]), OnMeeting(number, act))]


async def send_paper(context: Context, tap: OnMeeting) -> None:
    """A paper, as files in the chat.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such paper, or nobody was invited.
        Withdrawn: it is cancelled.
    """
    if tap.act not in PAPERS:
        raise Unknown
    _, said, nothing, make = PAPERS[tap.act]
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        meeting = await looking.find(session, tap.number)
        if meeting.invited_at is None:
            raise Unknown
        if meeting.status == CANCELLED:
            raise Withdrawn
        files = await make(session, Voice("de", voice.zone), meeting, context.now)
    if not files:
        await context.toast(voice.plain(nothing), alert=True)
        return
    await context.toast()
    await context.say(Message(voice.say(said, number=tap.number), files=files))


async def read_minutes(context: Context, number: int) -> None:
    """The approved minutes, for staff and for those who got them.

    Raises:
        Unknown, NotEntitled: as for ``minutes_for``.
    """
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting, file = await minutes_for(session, number, who)
    await context.toast()
    await context.say(
        Message(
            voice.say("Minutes of meeting no. %(number)s:", number=meeting.number),
            files=[File(file.name, file.content)],
        )
    )
