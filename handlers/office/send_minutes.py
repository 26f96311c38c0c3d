"""The form „Niederschrift senden": which meeting, the file, a preview. A file sent in the chat can begin it too."""

import re
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Open
from handlers.context import Context, EffectHadBeforeError
from handlers.forms.flow import back_to_office, begin_form
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.meetings.words import span
from handlers.speech import File, Message
from handlers.turn import Turn
from locales import N_, Markup, Voice, bold, html
from models.files import StoredFile, keep
from models.meeting import looking
from models.meeting.minutes import check_held, minutes_for, readers, send_minutes
from models.meeting.rows import Meeting
from models.office import Body
from models.refusals import Refusal, Unfit

SUFFIXES = {".pdf", ".docx"}
# „Niederschrift 4" under a file, or our own draft come back: „niederschrift-4-entwurf.docx".
_CAPTION = re.compile(r"\s*(?:niederschrift|protokoll|minutes)\b\D*(\d+)?", re.IGNORECASE)
_NAME = re.compile(r"niederschrift-(\d+)", re.IGNORECASE)
_DIGITS = 9
_HASH_SHOWN = 16  # signs of the SHA-256, enough to compare by eye


def named_meeting(name: str, caption: str) -> tuple[bool, int | None]:
    """Whether a file is meant as minutes, by its caption or its name, and of which meeting. Pure."""
    if PurePath(name).suffix.lower() not in SUFFIXES:
        return False, None
    found = _CAPTION.match(caption) or (None if caption.strip() else _NAME.match(name))
    number = found[1] if found else None
    return found is not None, int(number[:_DIGITS]) if number else None


async def minutes_sent(context: Context, name: str, content: bytes, number: int | None) -> None:
    """Minutes sent in the chat: the form begins with the file, and with the meeting where it is known.

    Raises:
        NotEntitled: for everyone but staff.
    """
    if context.act.acted:
        raise EffectHadBeforeError
    async with context.house.database.begin() as session:
        (await context.actor(session)).need_staff()
        known: dict[str, Any] = {"file": [(await keep(session, name, content, context.now)).id]}
        if number is not None and await _is_held(session, number, context):
            known["meeting"] = number
    await begin_form(context, FORM, known)


async def _is_held(session: AsyncSession, number: int, context: Context) -> bool:
    try:
        check_held(await looking.find(session, number), context.now)
    except Refusal:
        return False
    return True


# --- the form


async def _which(desk: Desk) -> Ask:
    found = await looking.meetings_behind(desk.session, desk.now)
    ahead = await looking.meetings_seen_by(desk.session, desk.actor, desk.now)
    held = [one for one in ahead if one.invited_at and not one.status and one.starts_at <= desk.now]
    choices = [
        (desk.voice.plain("%(number)s · %(title)s", number=one.number, title=one.title), one.number)
        for one in [*held, *found]
    ]
    if not choices:
        raise Unfit("no meeting held")
    return Ask(desk.voice.say("Of which meeting?"), choices, must_be_tapped=True)


async def _file(desk: Desk) -> Ask:
    check_held(await looking.find(desk.session, desk.answers["meeting"]), desk.now)
    ids = desk.answers.get("file", [])
    if not ids:
        return Ask(desk.voice.say("Please send the approved minutes as a file, PDF or Word (.docx)."))
    names = [(await desk.session.get_one(StoredFile, one)).name for one in ids]
    said = desk.voice.say(
        "This file: %(name)s. Tap “Next”, or send another one, which then takes its place.", name=names[-1]
    )
    return Ask(said, optional=True)


def _no_text(_desk: Desk, _text: str) -> str:
    raise Unfit("not minutes")


async def _chosen(desk: Desk) -> StoredFile:
    ids = desk.answers.get("file", [])
    file = await desk.session.scalar(select(StoredFile).where(StoredFile.id == ids[-1])) if ids else None
    if file is None:
        raise Unfit("no file")
    if PurePath(file.name).suffix.lower() not in SUFFIXES:
        raise Unfit("not minutes")
    return file


async def minutes_text(session: AsyncSession, voice: Voice, meeting: Meeting, file: StoredFile) -> Markup:
    """What goes with the minutes: of which meeting, and the file's name and hash."""
    body = await session.get_one(Body, meeting.body_id)
    lines = [
        voice.say("Minutes · %(body)s", body=body.short),
        voice.say("Meeting no. %(number)s", number=meeting.number),
        bold(meeting.title),
        html(span(voice, meeting.starts_at, meeting.ends_at)),
        voice.say("File: %(name)s", name=file.name),
        voice.say("SHA-256: %(hash)s …", hash=file.sha256[:_HASH_SHOWN]),
    ]
    return Markup("\n".join(lines))


async def _preview(desk: Desk) -> Message:
    voice, file = desk.voice, await _chosen(desk)
    meeting = await looking.find(desk.session, desk.answers["meeting"])
    parts = [
        voice.say("<b>Preview</b> – this is what will be sent, with the file:"),
        await minutes_text(desk.session, voice, meeting, file),
        await _consequences(desk, meeting),
    ]
    return Message(Markup("\n\n".join(parts)))


async def _consequences(desk: Desk, meeting: Meeting) -> Markup:
    voice, found = desk.voice, await readers(desk.session, meeting)
    lines = [
        voice.plural(
            "It goes to %(number)s person: the members of the body and those who were there.",
            "It goes to %(number)s people: the members of the body and those who were there.",
            len(found.accounts),
        )
    ]
    if found.elsewhere:
        lines.append(voice.say("Not on Telegram, please send by post: %(names)s", names=", ".join(found.elsewhere)))
    if meeting.minutes_sent_at is not None:
        lines.append(
            voice.say(
                "<b>Attention:</b> minutes were sent on %(moment)s. These take their place.",
                moment=voice.moment(meeting.minutes_sent_at),
            )
        )
    return Markup("\n".join(lines))


async def _finish(desk: Desk) -> Message:
    file = await _chosen(desk)
    meeting = await send_minutes(desk.session, desk.answers["meeting"], file.id, desk.actor, desk.now)
    said = desk.voice.say("The minutes of meeting no. %(number)s are on their way.", number=meeting.number)
    show = (desk.voice.plain("Show the meeting"), Open("meeting", meeting.number))
    return Message(said, [[show], *back_to_office(desk.voice)])


FORM = "minutes"
SEND_MINUTES = Form(
    FORM,
    N_("Send the minutes"),
    N_("Send"),
    (Question("meeting", _which), Question("file", _file, _no_text, takes_files=True)),
    _preview,
    _finish,
)


# --- the letter


async def minutes_letter(turn: Turn) -> Message | None:
    """The minutes as their readers get them; None where others have taken their place."""
    meeting, file = await minutes_for(turn.session, turn.letter.about["meeting"], turn.reader)
    if file.id != turn.letter.about["file"]:
        return None
    text = await minutes_text(turn.session, turn.voice, meeting, file)
    return Message(text, files=[File(file.name, file.content)])
