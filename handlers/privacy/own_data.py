"""``/meinedaten``: everything stored about oneself (Art. 15 and 20 GDPR), as JSON and to be read."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import unescape
from typing import Any

from handlers.allowance import OWN_DATA
from handlers.contact import one_line
from handlers.context import Context
from handlers.privacy.leaving import nothing_kept
from handlers.privacy.notice import VERSION, whole
from handlers.roles import ROLES
from handlers.speech import File, Message
from handlers.votes.naming import CHOICES
from locales import N_, Voice
from models.ballot.rules import Choice
from models.member import Role
from models.office import Office, the_office
from models.privacy import Kept, Subject, own_data

HEADINGS = {
    Subject.ACCOUNT: N_("Your account"),
    Subject.ROLES: N_("Your name and your roles"),
    Subject.VOTES: N_("Votes and deputies"),
    Subject.MEETINGS: N_("Meetings"),
    Subject.DEADLINES: N_("Deadlines and reminders"),
    Subject.QUESTIONS: N_("Questions"),
    Subject.LETTERS: N_("Messages to you"),
    Subject.FORMS: N_("Half-filled forms"),
    Subject.OFFICE: N_("What you did for the office"),
    Subject.ARRIVALS: N_("Incoming messages of the last two days, without their texts"),
}
# What the text says; a column that is not here is one for machines, and stands in the JSON alone.
LABELS = {
    "telegram_id": N_("Telegram number"),
    "lane": N_("Telegram number"),
    "name": N_("Name"),
    "language": N_("Language"),
    "telegram_language": N_("Language of your Telegram"),
    "reachable": N_("Can be written to"),
    "types": N_("Buttons numbered"),
    "changed_at": N_("Buttons last shown"),
    "first_seen": N_("First seen"),
    "notice_version": N_("Privacy notice, version"),
    "notice_shown_at": N_("Privacy notice, shown"),
    "wrong_codes": N_("Wrong codes"),
    "paused_until": N_("Pause until"),
    "role": N_("Role"),
    "body": N_("Body"),
    "mandate": N_("Mandate"),
    "sponsor": N_("Sponsor"),
    "ended_at": N_("Ended"),
    "issued_at": N_("Issued"),
    "expires_at": N_("Expires"),
    "used_at": N_("Used"),
    "vote": N_("Vote"),
    "vote_number": N_("Number of the vote"),
    "choice": N_("Choice"),
    "receipt": N_("Receipt"),
    "code": N_("Receipt"),
    "cast_at": N_("Cast"),
    "given_at": N_("Given"),
    "until": N_("Until"),
    "made_at": N_("Made"),
    "reason": N_("Reason"),
    "meeting": N_("Meeting"),
    "answer": N_("Answer"),
    "answered_at": N_("Answered"),
    "deadline": N_("Deadline"),
    "since": N_("Since"),
    "text": N_("Text"),
    "asked_at": N_("Asked"),
    "handed_at": N_("Handed to the office"),
    "helpful": N_("Helpful"),
    "posted_at": N_("Posted"),
    "sent_at": N_("Sent"),
    "form": N_("Form"),
    "answers": N_("Entries"),
    "updated_at": N_("Last changed"),
    "received_at": N_("Received"),
    "title": N_("Title"),
    "number": N_("Number"),
    "entry": N_("Entry in the record"),
    "value": N_("Funding area or kind"),
}


async def my_data(context: Context) -> None:
    """``/meinedaten``: two files, one for machines and one for people."""
    if not context.within(OWN_DATA):
        return
    async with context.read() as session:
        voice = await context.voice(session)
        office = await the_office(session)
        found = await own_data(session, context.telegram_id)
    if all(kept.known.subject is Subject.ARRIVALS for kept in found):
        await context.say(nothing_kept(voice))
        return
    files = [
        File("meine-daten.txt", readable(voice, office, found).encode()),
        File("meine-daten.json", machine_readable(office, found, context.now).encode()),
    ]
    lines = [voice.say("<b>What is kept about you</b>"), *_summary(voice, found)]
    lines.append(voice.say("The text file says it in words; the other holds every detail, for machines (JSON)."))
    await context.say(Message("\n".join(lines), files=files))


def _summary(voice: Voice, found: Sequence[Kept]) -> list[str]:
    counts: dict[Subject, int] = {}
    for kept in found:
        counts[kept.known.subject] = counts.get(kept.known.subject, 0) + len(kept.rows)
    return [
        voice.say("• %(heading)s: %(number)s", heading=voice.plain(HEADINGS[subject]), number=counts[subject])
        for subject in Subject
        if subject in counts and subject is not Subject.ARRIVALS
    ]


def machine_readable(office: Office, found: Sequence[Kept], now: datetime) -> str:
    """Everything by table and column; instants are ISO 8601 in UTC."""
    told = {
        "made_at": now.isoformat(),
        "office": office.name,
        "contact": one_line(office.contact),
        "notice": VERSION,
        "data": {kept.known.name: kept.rows for kept in found},
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value.isoformat()


def readable(voice: Voice, office: Office, found: Sequence[Kept]) -> str:
    """The same in words, by subject, and the whole notice below it."""
    lines = [voice.plain("What is kept about you"), ""]
    for subject in Subject:
        rows = [row for kept in found if kept.known.subject is subject for row in kept.rows]
        if not rows:
            continue
        heading = voice.plain(HEADINGS[subject])
        lines += [heading, "=" * len(heading), ""]
        lines += [line for row in rows for line in _paragraph(voice, row, html=subject is Subject.LETTERS)]
    return "\n".join([*lines, "-" * 40, "", _bare(whole(voice, office))]) + "\n"


def _bare(markup: str) -> str:
    """A text of ours without its tags."""
    return unescape(re.sub(r"<[^>]+>", "", markup))


def _paragraph(voice: Voice, row: Mapping[str, Any], *, html: bool) -> list[str]:
    """A row in words, and an empty line; nothing where only machines would read it."""
    said = {name: _value(voice, name, row[name]) for name in row if name in LABELS and row[name] not in ("", [], {})}
    lines = [f"{voice.plain(LABELS[name])}: {_bare(text) if html else text}" for name, text in said.items()]
    return [*lines, ""] if lines else []


def _value(voice: Voice, name: str, value: Any) -> str:
    match value:
        case bool():
            return voice.plain("yes") if value else voice.plain("no")
        case datetime():
            return voice.moment(value)
        case str() if name == "role" and value in set(Role):
            return voice.plain(ROLES[Role(value)])
        case str() if name == "choice" and value in set(Choice):
            return voice.plain(CHOICES[Choice(value)])
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
