"""The form behind a document sent to the bot: what it is, and a preview of what will be quoted from it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import PurePath

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from handlers.context import Context
from handlers.forms.flow import back_to_office, begin_form
from handlers.forms.shape import LONGEST_LINE, Ask, Desk, Form, Question, a_line
from handlers.office.source_extras import EXTRAS, a_day, added
from handlers.quoting import citation, quoted
from handlers.speech import Message, shorten
from locales import N_, Markup
from models import question as questions
from models.files import StoredFile, keep
from models.knowledge import (
    Details,
    Document,
    Edition,
    Quote,
    Rank,
    Source,
    Taken,
    UnreadableError,
    editions_in_force,
    prepare,
    read_day,
    take_in,
    unpack,
    waits,
)
from models.office import the_office
from models.refusals import Unknown

Asking = Callable[[Desk], Awaitable[Ask | None]]
RANKS = {
    Rank.DIRECTIVE: N_("Directive or law"),
    Rank.GUIDANCE: N_("Guidance of an authority"),
    Rank.OFFICE: N_("The office's own"),
    Rank.WEB_PAGE: N_("Web page"),
    Rank.PRESS: N_("Press"),
}
_DETAILS = N_("The details at the top of the file cannot be read, see line %(row)s. Please mend it and send it again.")
FAULTS = {
    "too large": N_("The file is too large to be read. Please send it in parts."),
    "too many pages": N_("The document has too many pages. Please send it in parts."),
    "unreadable": N_("The file is damaged and cannot be read."),
    "protected": N_(
        "The file has a password or an old Word format. Please save it without a password as .pdf or .docx."
    ),
    "no text": N_("The PDF holds no text, it is probably a scan. Please save it with text recognition (OCR)."),
    "empty": N_("The file holds no text."),
    "damaged": N_("The text of the file is damaged in line %(row)s. Please mend it and send it again."),
    "front matter not closed": _DETAILS,
    "not key: value": _DETAILS,
    "twice": _DETAILS,
}
PREPARED = "prepared source"  # the name of what is kept between the file and „Übernehmen"
PREPARED_FOR = timedelta(days=30)
_HEADINGS = 6
_LONGEST_SHOWN = 1500  # letters of the passage that is shown
_EDITIONS = 12  # buttons
_LABEL = 60  # letters on a button


async def source_sent(context: Context, name: str, content: bytes) -> None:
    """A document from staff: read it aside, since that takes seconds, then ask what it does not say itself.

    Raises:
        NotEntitled: for everyone but staff.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
    try:
        read = await asyncio.to_thread(prepare, PurePath(name).name, content)
    except UnreadableError as fault:
        await context.say(Message(voice.say(FAULTS[fault.reason], row=fault.row or 0)))
        return
    async with context.house.database.begin() as session:
        old = StoredFile.name == PREPARED, StoredFile.received_at < context.now - PREPARED_FOR
        await session.execute(delete(StoredFile).where(*old))
        kept = (await keep(session, PREPARED, json.dumps(read.packed).encode(), context.now)).id
    await begin_form(context, "source", {"file": kept, "key": read.key, "heading": read.heading, "said": read.said})


# --- what it does not say itself


def _unless_said(key: str, ask: Asking) -> Asking:
    """A question that is not put where the document answers it."""

    async def put(desk: Desk) -> Ask | None:
        return None if key in desk.answers["said"] else await ask(desk)

    return put


async def _title(desk: Desk) -> Ask:
    heading = desk.answers["heading"]
    return Ask(
        desk.voice.say("What is the document called? Tap, or write it in one line."),
        [(shorten(heading, _LABEL), shorten(heading, LONGEST_LINE))] if heading else (),
    )


async def _publisher(desk: Desk) -> Ask:
    known = [edition.publisher for edition in await editions_in_force(desk.session)]
    names = dict.fromkeys(name for name in [*known, (await the_office(desk.session)).name] if name)
    choices = [(shorten(name, _LABEL), name) for name in list(names)[:_EDITIONS]]
    return Ask(desk.voice.say("Who publishes it? Tap, or write it."), choices)


async def _dated(desk: Desk) -> Ask:
    text = desk.voice.say("Which date stands on it? Write like this: 21.06.2022. “Next” if there is none.")
    return Ask(text, optional=True)


async def _valid_from(desk: Desk) -> Ask:
    text = desk.voice.say("From which day is it valid? Write like this: 21.06.2022. “Next” if it does not say.")
    return Ask(text, optional=True)


async def _rank(desk: Desk) -> Ask:
    question = desk.voice.say("What is it? Where two sources differ, the higher one counts.")
    return Ask(question, [(desk.voice.plain(word), rank.value) for rank, word in RANKS.items()])


async def _replaces(desk: Desk) -> Ask | None:
    editions = [one for one in await editions_in_force(desk.session) if "/" not in one.key]
    if any(one.key == desk.answers["key"] for one in editions):
        return None
    choices = [(desk.voice.plain("No, it is new"), "")]
    choices += [(shorten(one.title, _LABEL), one.key) for one in editions[:_EDITIONS]]
    return Ask(
        desk.voice.say("Is it a new edition of one of these sources? The older one then answers no more."), choices
    )


# --- the preview, and „Übernehmen"


async def _source(desk: Desk) -> Source:
    kept = await desk.session.scalar(
        select(StoredFile).where(StoredFile.id == desk.answers["file"]).options(undefer(StoredFile.content))
    )
    if kept is None:
        raise Unknown
    told = {**desk.answers, **desk.answers["said"]}
    dated, first, last = (_day_of(told.get(key)) for key in ("dated", "valid_from", "valid_until"))
    title, publisher, url = (str(told.get(key, "")) for key in ("title", "publisher", "url"))
    against = tuple(desk.answers.get("contradicts", ()))
    details = Details(title, publisher, dated, first, last, url, Rank(told["rank"]), against)
    key = desk.answers.get("replaces") or desk.answers["key"]
    return unpack(key, details, json.loads(kept.content))


def _day_of(written: str | None) -> date | None:
    return read_day(written) if written else None


async def _preview(desk: Desk) -> Message:
    voice, source = desk.voice, await _source(desk)
    heading = voice.plural(
        "<b>Preview</b> – %(number)s passage can be quoted, like this:",
        "<b>Preview</b> – %(number)s passages can be quoted, the first like this:",
        len(source.cuts),
    )
    quote = _first(source)
    parts = [heading, quoted(quote), citation(voice, quote), *await added(desk), *await _consequences(desk, source)]
    return Message(Markup("\n\n".join(parts)))


def _first(source: Source) -> Quote:
    document = Document(
        id=0, key=source.key, superseded=False, **{name: getattr(source, name) for name in Details.__dataclass_fields__}
    )  # fmt: skip
    cut = source.cuts[0]
    return Quote(0, document, 0, cut.block, cut.section, cut.page, "", shorten(cut.text, _LONGEST_SHOWN))


async def _consequences(desk: Desk, source: Source) -> list[Markup]:
    voice = desk.voice
    lines = []
    sections = list(dict.fromkeys(cut.section for cut in source.cuts if cut.section))
    if sections:
        shown = "\n".join(shorten(one, _LABEL) for one in sections[:_HEADINGS])
        more = "\n…" if len(sections) > _HEADINGS else ""
        lines.append(voice.say("Sections:\n%(sections)s", sections=shown + more))
    if source.lost:
        pages = ", ".join(map(str, source.lost))
        lines.append(voice.say("Attention: something cannot be read and is left out, on page %(pages)s.", pages=pages))
    old = next((one for one in await editions_in_force(desk.session) if one.key == source.key), None)
    if old is not None:
        lines.append(_replacing(desk, old, source))
    return lines


def _replacing(desk: Desk, old: Edition, source: Source) -> Markup:
    if source.valid_from and waits(old.valid_from, source.valid_from, desk.calendar.day(desk.now)):
        begins = desk.voice.day(source.valid_from)
        return desk.voice.say("From %(date)s on it answers instead of “%(title)s”.", title=old.title, date=begins)
    return desk.voice.say("From now on it answers instead of “%(title)s”.", title=old.title)


async def _finish(desk: Desk) -> Message:
    desk.actor.need_staff()
    source = await _source(desk)
    [intake] = await take_in(desk.session, [source], desk.now)
    await questions.tell_of_changes(desk.session, [intake], desk.now)
    await desk.session.execute(delete(StoredFile).where(StoredFile.id == desk.answers["file"]))
    if intake.taken == Taken.UNCHANGED:
        text = desk.voice.say("“%(title)s” was in the knowledge base already. Nothing has changed.", title=source.title)
    else:
        text = desk.voice.say("“%(title)s” is in the knowledge base.", title=source.title)
    return Message(text, back_to_office(desk.voice))


NEW_SOURCE = Form(
    "source",
    N_("New source"),
    N_("Take over"),
    (
        Question("replaces", _replaces),
        Question("title", _unless_said("title", _title), a_line),
        Question("publisher", _unless_said("publisher", _publisher), a_line),
        Question("dated", _unless_said("dated", _dated), a_day),
        Question("valid_from", _unless_said("valid_from", _valid_from), a_day),
        Question("rank", _unless_said("rank", _rank)),
    ),
    _preview,
    _finish,
    sides=EXTRAS,
)
