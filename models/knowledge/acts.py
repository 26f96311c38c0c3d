"""Taking sources in, and getting passages out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.deadline import office_calendar
from models.knowledge.rows import Edition, Passage, in_force
from models.knowledge.source import Source, digest
from models.knowledge.values import Document, Quote, Rank

_DETAILS = ("title", "publisher", "dated", "valid_from", "valid_until", "url")


class Taken(StrEnum):
    """What became of a source. ``WAITING``: a new edition, valid from a later day; until then the old one answers."""

    NEW = "new"
    NEW_EDITION = "new edition"
    WAITING = "waiting"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Intake:
    """One source and what became of it; ``begins``: the first day of an edition that waits."""

    key: str
    taken: Taken
    edition_id: int
    begins: date | None = None


async def take_in(session: AsyncSession, sources: Iterable[Source], now: datetime) -> list[Intake]:
    """Store sources. The same text again costs nothing; another text is a new edition and supersedes the old.

    One whose validity begins on a later day waits for it beside the old. What was taken in last counts: it replaces an
    edition that waits, and the text in force, taken in again, takes it back.
    """
    today = (await office_calendar(session)).day(now)
    return [await _take_in_one(session, source, now, today) for source in sources]


async def _take_in_one(session: AsyncSession, source: Source, now: datetime, today: date) -> Intake:
    query = select(Edition).where(Edition.key == source.key, Edition.superseded_at.is_(None)).with_for_update()
    known = (await session.scalars(query.order_by(Edition.id))).all()
    current = next((edition for edition in known if not edition.waiting), None)
    waiting = [edition for edition in known if edition.waiting]
    same = next((edition for edition in known if edition.content_hash == source.content_hash), None)
    for edition in waiting:
        if edition is not same:
            edition.superseded_at, edition.waiting = now, False
    if same is None:
        return await _new(session, source, current, now, today)
    taken = _correct(same, source)
    if same.waiting and current and not waits(current.valid_from, same.valid_from, today):
        return await _begin(session, same, now)
    dropped = any(edition is not same for edition in waiting)
    return Intake(source.key, Taken.CORRECTED if dropped else taken, same.id)


async def _new(session: AsyncSession, source: Source, current: Edition | None, now: datetime, today: date) -> Intake:
    if current is None:
        return Intake(source.key, Taken.NEW, await _store(session, source, now, waiting=False))
    if waits(current.valid_from, source.valid_from, today):
        stored = await _store(session, source, now, waiting=True)
        return Intake(source.key, Taken.WAITING, stored, source.valid_from)
    current.superseded_at = now
    await session.flush()  # the old must be out of force before the index sees the new
    return Intake(source.key, Taken.NEW_EDITION, await _store(session, source, now, waiting=False))


def waits(current: date | None, following: date | None, today: date) -> bool:
    """Whether an edition has to wait beside the one in force: it begins later than that one, and later than today."""
    return following is not None and following > today and (current is None or current < following)


async def turn_over(session: AsyncSession, now: datetime) -> list[Intake]:
    """Put in force the editions whose first day has come; what they replace stays for citations."""
    today = (await office_calendar(session)).day(now)
    due = select(Edition).where(Edition.waiting, Edition.valid_from <= today).order_by(Edition.valid_from, Edition.id)
    return [await _begin(session, edition, now) for edition in await session.scalars(due.with_for_update())]


async def _begin(session: AsyncSession, edition: Edition, now: datetime) -> Intake:
    old = select(Edition).where(Edition.key == edition.key, in_force()).with_for_update()
    for replaced in await session.scalars(old):
        replaced.superseded_at = now
    await session.flush()
    edition.waiting = False
    await session.flush()
    return Intake(edition.key, Taken.NEW_EDITION, edition.id)


def _correct(edition: Edition, source: Source) -> Taken:
    said = {name: getattr(source, name) for name in _DETAILS}
    said |= {"rank": source.rank.value, "contradicts": list(source.contradicts)}
    changed = {name: value for name, value in said.items() if getattr(edition, name) != value}
    for name, value in changed.items():
        setattr(edition, name, value)
    return Taken.CORRECTED if changed else Taken.UNCHANGED


async def _store(session: AsyncSession, source: Source, now: datetime, *, waiting: bool) -> int:
    edition = Edition(
        key=source.key,
        **{name: getattr(source, name) for name in _DETAILS},
        rank=source.rank.value,
        contradicts=list(source.contradicts),
        content_hash=source.content_hash,
        loaded_at=now,
        superseded_at=None,
        waiting=waiting,
    )
    session.add(edition)
    await session.flush()
    rows = [
        {
            "edition_id": edition.id,
            "ordinal": ordinal,
            "block": cut.block,
            "section": cut.section,
            "page": cut.page,
            "lead": cut.lead,
            "text": cut.text,
            "hash": digest(cut.text),
        }
        for ordinal, cut in enumerate(source.cuts)
    ]
    await session.execute(insert(Passage), rows)
    return edition.id


async def withdraw(session: AsyncSession, key: str, now: datetime) -> bool:
    """Take a source out of force without a successor; False where it had no edition in force or waiting."""
    query = update(Edition).where(Edition.key == key, Edition.superseded_at.is_(None))
    done = await session.scalars(query.values(superseded_at=now, waiting=False).returning(Edition.id))
    return bool(done.all())


async def editions_in_force(session: AsyncSession) -> Sequence[Edition]:
    """The editions that answers may quote, by key. An ended validity is for the answer to say, not a reason to hide."""
    query = select(Edition).where(in_force()).order_by(Edition.key)
    return (await session.scalars(query)).all()


async def passages_in_force(session: AsyncSession) -> tuple[Quote, ...]:
    """All passages of the editions in force, by source and place in it."""
    documents = {edition.id: document_of(edition) for edition in await editions_in_force(session)}
    query = (
        select(Passage)
        .join(Edition, Passage.edition_id == Edition.id)
        .where(in_force())
        .order_by(Edition.key, Passage.ordinal)
    )
    return tuple(_quote_of(passage, documents[passage.edition_id]) for passage in await session.scalars(query))


async def quote(session: AsyncSession, passage_id: int) -> Quote | None:
    """A passage by its number, of any edition: what was once cited can always be shown again."""
    found = (
        await session.execute(
            select(Passage, Edition).join(Edition, Passage.edition_id == Edition.id).where(Passage.id == passage_id)
        )
    ).one_or_none()
    return None if found is None else _quote_of(found[0], document_of(found[1]))


def document_of(edition: Edition) -> Document:
    """An edition as a value."""
    return Document(
        id=edition.id,
        key=edition.key,
        **{name: getattr(edition, name) for name in _DETAILS},
        rank=Rank(edition.rank),
        contradicts=tuple(edition.contradicts),
        superseded=edition.superseded_at is not None,
    )


def _quote_of(passage: Passage, document: Document) -> Quote:
    return Quote(
        id=passage.id,
        document=document,
        ordinal=passage.ordinal,
        block=passage.block,
        section=passage.section,
        page=passage.page,
        lead=passage.lead,
        text=passage.text,
    )
