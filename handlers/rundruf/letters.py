"""How the letters of a Rundruf are worded when their turn comes."""

from dataclasses import replace

from handlers.callbacks import Read
from handlers.pieces import Bundle
from handlers.rundruf.card import card, report, to_be_released
from handlers.rundruf.layout import bundle, deletion, design_of, update
from handlers.speech import Message
from handlers.turn import Turn, Wording
from models.actor import Actor
from models.broadcast.audience import recipients
from models.broadcast.correcting import changes_of
from models.broadcast.rows import Broadcast, Copy
from models.broadcast.rules import is_deletable
from models.broadcast.sending import COPY, PROGRESS, RELEASE, REPORT, UPDATE, sendings_of
from models.outbox import Letter


async def _row(turn: Turn) -> Broadcast:
    return await turn.session.get_one(Broadcast, turn.letter.about["broadcast"])


async def _copy(turn: Turn) -> Message | None:
    """A copy in its reader's language. Once a part has arrived, the rest belongs to the same revision."""
    row, number = await _row(turn), turn.letter.about.get("copy")
    if row.withdrawn_at:
        return None
    if number is None:  # as the office looks at it beforehand
        return bundle(turn.voice, await design_of(turn.session, row), Read(0, 0) if row.asks_read else None)
    copy = await turn.session.get_one(Copy, number)
    if not _is_still(turn.reader, copy):
        return None
    if not turn.letter.parts:
        copy.shown = row.revision
    read = Read(copy.id, copy.shown) if row.asks_read else None
    whole = bundle(turn.voice, await design_of(turn.session, row, copy.shown), read)
    note = row.revisions[copy.shown]["note"] if copy.anew else None
    return replace(whole, pieces=[*whole.pieces, Message(note)]) if note else whole


def _is_still(reader: Actor, copy: Copy) -> bool:
    """Whether the account is still that person's, and the person on the lists."""
    return copy.person_id is None or copy.person_id in {one.person_id for one in reader.standings}


async def _update(turn: Turn) -> Message | None:
    """What brings a copy to the present text, or takes it away; an older change is void."""
    row, about = await _row(turn), turn.letter.about
    copy = await turn.session.get_one(Copy, about["copy"])
    if copy.updated_to != about["to"] or row.target != about["to"] or copy.letter_id is None:
        return None
    sent = await turn.session.get_one(Letter, copy.letter_id)
    if row.withdrawn_at:
        return await _deletion(turn, copy)
    design = await design_of(turn.session, row)
    message, edits = update(turn.voice, design, sent.parts, copy, row.revisions[-1]["note"])
    turn.letter.about = {**about, "harmless": edits}
    return message


async def _deletion(turn: Turn, copy: Copy) -> Bundle | None:
    letters = [one for one in await sendings_of(turn.session, copy) if is_deletable(one.sent_at or turn.now, turn.now)]
    parts = [part for one in letters for part in one.parts]
    if not parts:
        return None
    turn.letter.about = {**turn.letter.about, "harmless": 1}
    changes = await changes_of(turn.session, copy)
    notes = [number for one in changes for number in one.parts[one.about.get("harmless", 0) :]]
    return deletion(turn.voice.say("(withdrawn)"), [*parts, *notes])


async def _release(turn: Turn) -> Message | None:
    row = await _row(turn)
    turn.reader.need_staff()
    if row.released_by or row.started_at or row.withdrawn_at or row.revision != turn.letter.about["revision"]:
        return None
    design = await design_of(turn.session, row)
    people = len(await recipients(turn.session, row.audience, turn.now))
    shown = bundle(turn.voice, design, Read(0, 0) if row.asks_read else None)
    below = await to_be_released(turn.session, turn.voice, row, people)
    return Bundle(below.text, pieces=[*shown.pieces, below])


async def _progress(turn: Turn) -> Message | None:
    turn.reader.need_staff()
    return await card(turn.session, turn.voice, await _row(turn), turn.now)


async def _report(turn: Turn) -> Message | None:
    turn.reader.need_staff()
    return await report(turn.session, turn.voice, await _row(turn), turn.now)


BROADCAST_LETTERS: dict[str, Wording] = {
    COPY: _copy,
    UPDATE: _update,
    RELEASE: _release,
    PROGRESS: _progress,
    REPORT: _report,
}
