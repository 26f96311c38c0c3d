"""Taking sources in, and getting passages out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.knowledge.rows import Edition, Passage
from models.knowledge.source import Source, digest
from models.knowledge.values import Document, Quote, Rank

_DETAILS = ("title", "publisher", "dated", "valid_from", "valid_until", "url")


class Taken(StrEnum):
    """What became of a source."""

    NEW = "new"
    NEW_EDITION = "new edition"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Intake:
    """One source and what became of it."""

    key: str
    taken: Taken
    edition_id: int


async def take_in(session: AsyncSession, sources: Iterable[Source], now: datetime) -> list[Intake]:
    """Store sources. The same text again costs nothing; another text is a new edition and supersedes the old."""
    return [await _take_in_one(session, source, now) for source in sources]


async def _take_in_one(session: AsyncSession, source: Source, now: datetime) -> Intake:
    query = select(Edition).where(Edition.key == source.key, Edition.superseded_at.is_(None)).with_for_update()
    old = await session.scalar(query)
    if old is None:
        return Intake(source.key, Taken.NEW, await _store(session, source, now))
    if old.content_hash == source.content_hash:
        return Intake(source.key, _correct(old, source), old.id)
    old.superseded_at = now
    await session.flush()  # the old must be out of force before the index sees the new
    return Intake(source.key, Taken.NEW_EDITION, await _store(session, source, now))


def _correct(edition: Edition, source: Source) -> Taken:
    said = {name: getattr(source, name) for name in _DETAILS}
    said |= {"rank": source.rank.value, "contradicts": list(source.contradicts)}
    changed = {name: value for name, value in said.items() if getattr(edition, name) != value}
    for name, value in changed.items():
        setattr(edition, name, value)
    return Taken.CORRECTED if changed else Taken.UNCHANGED


async def _store(session: AsyncSession, source: Source, now: datetime) -> int:
    edition = Edition(
        key=source.key,
        **{name: getattr(source, name) for name in _DETAILS},
        rank=source.rank.value,
        contradicts=list(source.contradicts),
        content_hash=source.content_hash,
        loaded_at=now,
        superseded_at=None,
    )
    session.add(edition)
    await session.flush()
    session.add_all(
        Passage(
            edition_id=edition.id,
            ordinal=ordinal,
            block=cut.block,
            section=cut.section,
            page=cut.page,
            lead=cut.lead,
            text=cut.text,
            hash=digest(cut.text),
        )
        for ordinal, cut in enumerate(source.cuts)
    )
    await session.flush()
    return edition.id


async def withdraw(session: AsyncSession, key: str, now: datetime) -> bool:
    """Take a source out of force without a successor; False where none was in force."""
    query = update(Edition).where(Edition.key == key, Edition.superseded_at.is_(None)).values(superseded_at=now)
    done = await session.scalar(query.returning(Edition.id))
    return done is not None


async def editions_in_force(session: AsyncSession) -> Sequence[Edition]:
    """The editions that answers may quote, by key. An ended validity is for the answer to say, not a reason to hide."""
    query = select(Edition).where(Edition.superseded_at.is_(None)).order_by(Edition.key)
    return (await session.scalars(query)).all()


async def passages_in_force(session: AsyncSession) -> tuple[Quote, ...]:
    """All passages of the editions in force, by source and place in it."""
    documents = {edition.id: document_of(edition) for edition in await editions_in_force(session)}
    query = (
        select(Passage)
        .join(Edition, Passage.edition_id == Edition.id)
        .where(Edition.superseded_at.is_(None))
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
