from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from models.base import Database
from models.knowledge import (
    Passage,
    Source,
    Taken,
    editions_in_force,
    passages_in_force,
    quote,
    read_sources,
    take_in,
    withdraw,
)
from models.search import NewerEdition, answer, library, show
from models.search.values import Answer

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def source(text: str, title: str = "Merkblatt") -> tuple[Source, ...]:
    head = f"---\ntitle: {title}\npublisher: Büro\nrank: office\n---\n"
    read = read_sources({"merkblatt.md": (head + text).encode()})
    assert not read.faults
    return read.sources


async def test_the_same_text_again_costs_nothing(database: Database) -> None:
    async with database.begin() as session:
        first = await take_in(session, source("Das Plakat ist rot."), NOW)
    async with database.begin() as session:
        again = await take_in(session, source("Das Plakat ist rot."), NOW + timedelta(days=1))
        count = await session.scalar(select(func.count()).select_from(Passage))
    assert [first[0].taken, again[0].taken] == [Taken.NEW, Taken.UNCHANGED]
    assert first[0].edition_id == again[0].edition_id
    assert count == 1


async def test_a_corrected_title_is_no_new_edition(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source("Das Plakat ist rot."), NOW)
        taken = await take_in(session, source("Das Plakat ist rot.", "Anderer Titel"), NOW)
        edition = (await editions_in_force(session))[0]
    assert taken[0].taken == Taken.CORRECTED
    assert edition.title == "Anderer Titel"


async def test_a_new_edition_answers_and_the_old_one_stays_for_citations(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source("Das Plakat ist rot."), NOW)
        old = answer("wie ist das plakat", await library(session), NOW)
        assert isinstance(old, Answer)
        taken = await take_in(session, source("Das Plakat ist blau."), NOW + timedelta(hours=1))
    async with database.read() as session:
        lib = await library(session)
        now_said = answer("wie ist das plakat", lib, NOW)
        cited = await quote(session, old.quote.id)
        texts = [passage.text for passage in await passages_in_force(session)]
    assert taken[0].taken == Taken.NEW_EDITION
    assert isinstance(now_said, Answer)
    assert now_said.quote.text == "Das Plakat ist blau."
    assert texts == ["Das Plakat ist blau."]
    assert cited is not None
    assert cited.text == "Das Plakat ist rot."
    assert show(cited, lib, NOW).warnings == (NewerEdition("Merkblatt", None),)


async def test_a_withdrawn_source_answers_no_more(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source("Das Plakat ist rot."), NOW)
        assert await withdraw(session, "merkblatt", NOW)
        assert not await withdraw(session, "merkblatt", NOW)
        assert await passages_in_force(session) == ()


async def test_the_library_is_kept_until_something_changes(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as session:
        await take_in(session, source("Das Plakat ist rot."), NOW)
        first, second = await library(session), await library(session)
        await take_in(session, source("Das Plakat ist blau."), NOW)
        third = await library(session)
    assert first is second
    assert third is not first


async def test_a_passage_that_never_was_is_none(sqlite_database: Database) -> None:
    async with sqlite_database.read() as session:
        assert await quote(session, 1) is None
