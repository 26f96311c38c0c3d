"""Do the votes say what the record says? Whoever alters a ballot, a title or a file alone is found here.

The record is the measure: of each vote that was opened in it, its entries are folded to what must be in the tables. A
vote older than the record is not compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Attachment, Ballot, Elector, Option, Vote
from models.files import StoredFile
from models.record.acts import lines
from models.record.rules import (
    Act,
    Entry,
    Said,
    Scored,
    digest,
    digest_of,
    instant,
    last_declared,
    last_said,
    last_scored,
    read_entry,
    still_excluded,
)
from models.selection.counting import orders_of
from models.selection.reading import call_of, said_in
from models.selection.rows import CallRow


class Part(StrEnum):
    """What of a vote differs from the record."""

    VOTE = "vote"  # is missing on one side
    BALLOT = "ballot"
    EXCLUSION = "exclusion"
    ELECTORATE = "electorate"
    TITLE = "title"
    TEXT = "text"
    CHARTER = "charter"
    OPTIONS = "options"
    ATTACHMENTS = "attachments"
    CLOSING = "closing"
    RESULT = "result"
    CALL = "call"  # of a project selection: budget, threshold, criteria, projects
    SCORES = "scores"
    TIE = "tie"


class Disagreement(NamedTuple):
    """Where tables and record differ; ``mandate`` by name, empty where it is about the whole vote."""

    vote: int
    part: Part
    mandate: str = ""


@dataclass(slots=True)
class Stored:
    """What the tables say of a vote."""

    vote: Vote
    ballots: dict[int, Said] = field(default_factory=dict)
    electors: dict[int, str] = field(default_factory=dict)
    excluded: set[int] = field(default_factory=set)
    options: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    call: str | None = None  # its digest
    scored: dict[int, Scored] = field(default_factory=dict)


async def disagreements(session: AsyncSession) -> list[Disagreement]:
    """Everything in which the votes differ from the record. Wants a snapshot where votes are running."""
    entries = await _readable(session)
    begun = min((entry.at for entry in entries), default=None)
    told = _by_vote(entries)
    stored = await _stored(session)
    found = [each for number, acts in told.items() for each in compare(number, acts, stored.get(number))]
    for number, one in stored.items():
        unheard = not any(entry.act == Act.OPENED for entry in told.get(number, ()))
        if begun and one.vote.opened_at and one.vote.opened_at >= begun and unheard:
            found.append(Disagreement(number, Part.VOTE))
    return found


def compare(number: int, entries: Sequence[Entry], stored: Stored | None) -> Iterator[Disagreement]:
    """In what a vote differs from its entries."""
    if stored is None:
        yield Disagreement(number, Part.VOTE)
        return
    opened = next((entry for entry in entries if entry.act == Act.OPENED), None)
    if opened is None:
        return
    yield from _frozen(number, opened.details, stored)
    yield from _seats(number, entries, stored, secret=bool(opened.details.get("secret")))
    yield from _scores(number, entries, stored)
    later = {"closes_at": opened.details.get("closes_at"), "result": None}
    for entry in entries:
        if entry.act == Act.EXTENDED:
            later["closes_at"] = entry.details.get("to")
        if entry.act in {Act.CLOSED, Act.PAPER_ENTERED} and "result" in entry.details:
            later["result"] = entry.details.get("result")
    ties = {entry.details["rank"]: entry.details["order"] for entry in entries if entry.act == Act.TIE_DECIDED}
    if ties != orders_of(stored.vote.ties):
        yield Disagreement(number, Part.TIE)
    if later["closes_at"] not in {None, instant(stored.vote.closes_at)}:
        yield Disagreement(number, Part.CLOSING)
    if later["result"] not in {None, digest_of(stored.vote.result)}:
        yield Disagreement(number, Part.RESULT)


def _frozen(number: int, told: Mapping[str, Any], stored: Stored) -> Iterator[Disagreement]:
    vote = stored.vote
    now: dict[Part, Any] = {
        Part.ELECTORATE: sorted(stored.electors),
        Part.TITLE: digest(vote.title),
        Part.TEXT: digest(vote.text),
        Part.CHARTER: digest_of(vote.charter),
        Part.OPTIONS: stored.options,
        Part.ATTACHMENTS: stored.files,
        Part.CALL: stored.call,
    }
    for part, value in now.items():
        if part.value in told and told[part.value] != value:
            yield Disagreement(number, part)


def _seats(number: int, entries: Sequence[Entry], stored: Stored, *, secret: bool) -> Iterator[Disagreement]:
    # Of a secret vote the record knows only who declared a conflict of interest.
    said, excluded = (last_declared if secret else last_said)(entries), still_excluded(entries)
    ballots = stored.ballots
    for mandate in sorted({*said, *ballots} | excluded ^ stored.excluded):
        name = stored.electors.get(mandate, str(mandate))
        if said.get(mandate) != ballots.get(mandate):
            yield Disagreement(number, Part.BALLOT, name)
        if mandate in excluded ^ stored.excluded:
            yield Disagreement(number, Part.EXCLUSION, name)


def _scores(number: int, entries: Sequence[Entry], stored: Stored) -> Iterator[Disagreement]:
    told, nothing = last_scored(entries), Scored()
    for mandate in sorted({*told, *stored.scored}):
        if told.get(mandate, nothing) != stored.scored.get(mandate, nothing):
            yield Disagreement(number, Part.SCORES, stored.electors.get(mandate, str(mandate)))


async def _readable(session: AsyncSession) -> list[Entry]:
    """The entries that can be read; those that cannot are the chain's to name."""
    found: list[Entry] = []
    for line in await lines(session):
        with suppress(ValueError, RecursionError):
            found.append(read_entry(line.entry.decode()))
    return found


def _by_vote(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    told: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.vote is not None:
            told[entry.vote].append(entry)
    return told


async def _stored(session: AsyncSession) -> dict[int, Stored]:
    stored = {vote.number: Stored(vote) for vote in await session.scalars(select(Vote).order_by(Vote.number))}
    for elector in await session.scalars(select(Elector)):
        if one := stored.get(elector.vote_number):
            one.electors[elector.mandate_id] = elector.name
            one.excluded |= {elector.mandate_id} if elector.excluded_at else set()
    columns = (Ballot.vote_number, Ballot.mandate_id, Ballot.choice, Ballot.cast_by)
    for number, mandate, choice, by in await session.execute(select(*columns)):
        if one := stored.get(number):
            one.ballots[mandate] = Said(choice, by)
    await _add_options(session, stored)
    await _add_files(session, stored)
    await _add_selections(session, stored)
    return stored


async def _add_options(session: AsyncSession, stored: Mapping[int, Stored]) -> None:
    for option in await session.scalars(select(Option).order_by(Option.vote_number, Option.place)):
        if one := stored.get(option.vote_number):
            one.options.append(digest(instant(option.starts_at) if option.starts_at else option.label))


async def _add_selections(session: AsyncSession, stored: Mapping[int, Stored]) -> None:
    for number in await session.scalars(select(CallRow.vote_number)):
        if one := stored.get(number):
            one.call = digest_of((await call_of(session, number)).to_json())
            said = await said_in(session, number)
            one.scored = {mandate: Scored(dict(part.points), set(part.aside)) for mandate, part in said.items()}


async def _add_files(session: AsyncSession, stored: Mapping[int, Stored]) -> None:
    columns = (Attachment.vote_number, Attachment.file_id)
    for number, file_id in (await session.execute(select(*columns).order_by(*columns))).all():
        if one := stored.get(number):
            # One at a time: a file may have 20 MB.
            content = await session.scalar(select(StoredFile.content).where(StoredFile.id == file_id))
            one.files.append(digest(content or b""))
