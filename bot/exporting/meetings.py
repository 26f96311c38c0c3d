"""The meetings: what was invited to, who answered what, who was there, and the minutes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.exporting.desk import Desk
from bot.exporting.folder import numbered
from handlers.meetings.drafting import minutes_of
from handlers.meetings.gathering import attendance_of, expected_of, sitting_of
from handlers.meetings.words import facts
from handlers.papers import attendance as lists
from handlers.papers.minutes import minutes_pdf
from handlers.speech import shown
from models.files import StoredFile
from models.meeting import day, looking
from models.meeting.rows import Invitation, Meeting, Presence
from models.office import Body

FOLDER = "sitzungen"
HEADINGS = ["Nr.", "Gremium", "Titel", "Beginn", "Ende", "Ort", "Status", "Eingeladen", "Niederschrift", "Ordner"]


async def export_meetings(desk: Desk) -> None:
    """A folder for each meeting, and all of them as a table."""
    rows = []
    for meeting in await desk.session.scalars(select(Meeting).order_by(Meeting.number)):
        body = await desk.session.get_one(Body, meeting.body_id)
        folder = f"{FOLDER}/{numbered(meeting.number)}"
        minutes = await _export(desk, folder, meeting, body)
        invited = desk.voice.stamp(meeting.invited_at) if meeting.invited_at else ""
        times = [desk.voice.stamp(meeting.starts_at), desk.voice.stamp(meeting.ends_at)]
        about = [str(meeting.number), body.short, meeting.title, *times, meeting.place, meeting.status]
        rows.append([*about, invited, minutes, folder])
    desk.table(FOLDER, "sitzungen", HEADINGS, rows)


async def _export(desk: Desk, folder: str, meeting: Meeting, body: Body) -> str:
    """One meeting; what there is of its minutes, in words."""
    files = await desk.attach(f"{folder}/anlagen", await looking.files_of(desk.session, meeting.number))
    votes = [(item.position, vote.number) for item, vote in await looking.votes_of(desk.session, meeting.number)]
    desk.akte.put_json(folder, "sitzung.json", _facts(desk, meeting, body, files, votes))
    desk.akte.put(folder, "einladung.txt", _invitation(desk, meeting, body, [one["name"] for one in files]))
    if meeting.invited_at is None:
        return ""
    as_of = await last_changed(desk, meeting)
    await _answers(desk, folder, meeting, as_of)
    recorded = await day.is_recorded(desk.session, meeting.number)
    if recorded:
        await _attendance(desk, folder, meeting, as_of)
    return await _minutes(desk, folder, meeting, as_of, recorded=recorded)


async def last_changed(desk: Desk, meeting: Meeting) -> datetime:
    """When the facts of a meeting last changed: the same facts then make the same papers."""
    number = meeting.number
    answers = await desk.session.execute(
        select(Invitation.answered_at, Invitation.deputy_answered_at).where(Invitation.meeting_number == number)
    )
    stays = await desk.session.execute(
        select(Presence.came_at, Presence.left_at).where(Presence.meeting_number == number)
    )
    known = [meeting.invited_at, meeting.began_at, meeting.ended_at, meeting.minutes_sent_at]
    known += [at for row in (*answers, *stays) for at in row]
    known += [vote.closed_at for _, vote in await looking.votes_of(desk.session, number)]
    return max((at for at in known if at is not None), default=meeting.starts_at)


def _facts(
    desk: Desk, meeting: Meeting, body: Body, files: list[dict[str, str]], votes: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    return {
        "number": meeting.number,
        "key": meeting.key,
        "body": body.short,
        "title": meeting.title,
        "starts_at": desk.instant(meeting.starts_at),
        "ends_at": desk.instant(meeting.ends_at),
        "place": meeting.place,
        "status": meeting.status,
        "reason": meeting.reason,
        "moves": meeting.moves,
        "second_of": meeting.second_of,
        "invited_at": desk.instant(meeting.invited_at),
        "began_at": desk.instant(meeting.began_at),
        "ended_at": desk.instant(meeting.ended_at),
        "minutes_sent_at": desk.instant(meeting.minutes_sent_at),
        "agenda": [
            {
                "position": one.position,
                "text": one.text,
                "decision": one.decision,
                "votes": [number for position, number in votes if position == one.position],
            }
            for one in meeting.items
        ],
        "attachments": files,
    }


def _invitation(desk: Desk, meeting: Meeting, body: Body, files: Sequence[str]) -> bytes:
    """What the invitation says, as it stands now."""
    lines = [f"Einladung · {body.name}", "", *(shown(one) for one in facts(desk.voice, meeting))]
    if files:
        lines += ["", f"Anlagen: {', '.join(files)}"]
    if meeting.invited_at is None:
        lines += ["", "Entwurf: noch niemand wurde eingeladen."]
    return ("\n".join(lines) + "\n").encode()


async def _answers(desk: Desk, folder: str, meeting: Meeting, as_of: datetime) -> None:
    sitting = await sitting_of(desk.session, desk.voice, meeting, as_of)
    expected = await expected_of(desk.session, desk.voice, meeting)
    desk.akte.put(folder, f"wer-kommt-{meeting.number}.csv", lists.answers_csv(expected, desk.voice))
    desk.akte.put(folder, f"wer-kommt-{meeting.number}.xlsx", lists.answers_xlsx(sitting, expected, desk.voice))


async def _attendance(desk: Desk, folder: str, meeting: Meeting, as_of: datetime) -> None:
    voice, name = desk.voice, f"anwesenheit-{meeting.number}"
    attendance = await attendance_of(desk.session, voice, meeting, as_of)
    desk.akte.put(folder, f"{name}.pdf", lambda: lists.attendance_pdf(attendance, voice))
    desk.akte.put(folder, f"{name}.csv", lists.attendance_csv(attendance, voice))


async def _minutes(desk: Desk, folder: str, meeting: Meeting, as_of: datetime, *, recorded: bool) -> str:
    """The approved minutes; where there are none yet, the draft of what was recorded."""
    if meeting.minutes_file_id is not None:
        file = await desk.session.get_one(StoredFile, meeting.minutes_file_id)
        await desk.attach(f"{folder}/niederschrift", [file])
        return "genehmigt"
    if not recorded:
        return ""
    voice = desk.voice
    minutes = await minutes_of(desk.session, voice, meeting, as_of)
    desk.akte.put(folder, f"niederschrift-{meeting.number}-entwurf.pdf", lambda: minutes_pdf(minutes, voice))
    return "Entwurf"
