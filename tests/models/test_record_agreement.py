"""A vote that was changed behind the record's back is named, with what was changed."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.ballot.rows import Attachment, Ballot, Elector, Option, Vote
from models.base import Database
from models.files import keep
from models.member import Person
from models.office import Body, Mandate
from models.record import Act, NewEntry, digest, digest_of, instant
from models.record.agreement import Part, disagreements
from tests.auxil.clock import START
from tests.auxil.records import by_hand

CLOSES = START + timedelta(days=7)
RESULT = {"yes": 1, "no": 1}


async def furnish(session: AsyncSession) -> None:
    """Vote 1 is older than the record, vote 2 stands in it from its opening to its closing."""
    session.add_all([Body(id=1, name="RAK", short="RAK"), Person(id=1, name="Vera"), Person(id=2, name="Jens")])
    await session.flush()
    session.add_all(Mandate(id=number, body_id=1, name=name) for number, name in ((1, "IHK"), (2, "HWK"), (3, "LK")))
    for number, opened in ((1, START - timedelta(days=1)), (2, START)):
        session.add(
            Vote(number=number, body_id=1, kind="motion", held="meeting", title="Titel", text="Text", opens_at=opened,
                 closes_at=CLOSES, charter={"quorum": "1/2"}, created_by=1, opened_at=opened, closed_at=CLOSES,
                 result=RESULT)
        )  # fmt: skip
    await session.flush()
    paper = await keep(session, "antrag.pdf", b"%PDF", START)
    session.add(Attachment(vote_number=2, file_id=paper.id))
    session.add_all([Option(vote_number=2, place=1, label="Eins"), Option(vote_number=2, place=2, starts_at=START)])
    session.add_all(Elector(vote_number=2, mandate_id=number, name=name) for number, name in ((1, "IHK"), (2, "HWK")))
    await session.flush()
    said = {"vote_number": 2, "receipt": "x", "cast_at": START, "update_id": 1}
    session.add_all(
        [Ballot(mandate_id=1, choice="yes", cast_by=1, **said), Ballot(mandate_id=2, choice="no", cast_by=2, **said)]
    )
    await session.flush()
    await record.append_all(session, entries(), open_ballots=True)


def entries() -> Sequence[NewEntry]:
    frozen = {
        "electorate": [1, 2],
        "title": digest("Titel"),
        "text": digest("Text"),
        "charter": digest_of({"quorum": "1/2"}),
        "options": [digest("Eins"), digest(instant(START))],
        "attachments": [digest(b"%PDF")],
        "closes_at": instant(CLOSES - timedelta(days=1)),
    }
    return [
        NewEntry(Act.ENTERED, START, 1, 2),
        NewEntry(Act.OPENED, START, None, 2, details=frozen),
        NewEntry(Act.CAST, START, 1, 2, 1, {"choice": "no"}),
        NewEntry(Act.CHANGED, START, 1, 2, 1, {"choice": "yes"}),
        NewEntry(Act.CAST, START, 2, 2, 2, {"choice": "no"}),
        NewEntry(Act.EXCLUSION_RECORDED, START, 1, 2, 2),
        NewEntry(Act.EXCLUSION_LIFTED, START, 1, 2, 2),
        NewEntry(Act.EXTENDED, START, 1, 2, details={"to": instant(CLOSES)}),
        NewEntry(Act.CLOSED, CLOSES, None, 2, details={"result": digest_of(RESULT)}),
    ]


CHANGES = {
    "UPDATE ballots SET choice = 'no' WHERE mandate_id = 1": [(2, Part.BALLOT, "IHK")],
    "UPDATE ballots SET cast_by = 1 WHERE mandate_id = 2": [(2, Part.BALLOT, "HWK")],
    "DELETE FROM ballots": [(2, Part.BALLOT, "IHK"), (2, Part.BALLOT, "HWK")],
    "UPDATE electorate SET excluded_at = '2026-11-24 09:00:00', excluded_by = 1 WHERE mandate_id = 2": [
        (2, Part.EXCLUSION, "HWK")
    ],
    "INSERT INTO electorate (vote_number, mandate_id, name) VALUES (2, 3, 'LK')": [(2, Part.ELECTORATE, "")],
    "UPDATE votes SET title = 'x' WHERE number = 2": [(2, Part.TITLE, "")],
    "UPDATE votes SET text = 'x' WHERE number = 2": [(2, Part.TEXT, "")],
    "UPDATE votes SET charter = '{}' WHERE number = 2": [(2, Part.CHARTER, "")],
    "UPDATE votes SET result = '{}' WHERE number = 2": [(2, Part.RESULT, "")],
    "UPDATE votes SET closes_at = '2026-12-24 09:00:00.000000' WHERE number = 2": [(2, Part.CLOSING, "")],
    "UPDATE options SET label = 'Zwei' WHERE place = 1": [(2, Part.OPTIONS, "")],
    "DELETE FROM attachments": [(2, Part.ATTACHMENTS, "")],
    "UPDATE files SET content = CAST('%PDG' AS BLOB)": [(2, Part.ATTACHMENTS, "")],
    "INSERT INTO ballots SELECT vote_number, 3, choice, receipt, cast_by, as_deputy, cast_at, update_id, way, why,"
    " before_conflict FROM ballots WHERE mandate_id = 1": [(2, Part.BALLOT, "3")],
    "UPDATE votes SET title = 'x' WHERE number = 1": [],
    "UPDATE votes SET opened_at = '2026-11-25 09:00:00.000000' WHERE number = 1": [(1, Part.VOTE, "")],
}


async def test_votes_that_nobody_touched_agree(database: Database) -> None:
    async with database.begin() as session:
        await furnish(session)
    async with database.snapshot() as session:
        assert await disagreements(session) == []


@pytest.mark.parametrize("change", CHANGES)
async def test_what_was_changed_alone_is_named(sqlite_database: Database, sqlite_url: str, change: str) -> None:
    async with sqlite_database.begin() as session:
        await furnish(session)
    by_hand(sqlite_url, change)
    async with sqlite_database.snapshot() as session:
        assert await disagreements(session) == CHANGES[change]


async def test_a_vote_that_was_taken_away_is_named(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as session:
        await record.append(session, NewEntry(Act.OPENED, START, None, 9))
        assert await disagreements(session) == [(9, Part.VOTE, "")]


async def test_of_a_secret_vote_ballots_are_not_compared(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as session:
        await furnish(session)
        opened = NewEntry(Act.OPENED, START, None, 1, details={"secret": True, "title": digest("Titel")})
        await record.append(session, opened)
        assert await disagreements(session) == []


async def test_an_entry_that_cannot_be_read_is_left_to_the_chain(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as session:
        await furnish(session)
        await session.execute(text("INSERT INTO record VALUES (99, 2, 'x', 'y')"))
        assert await disagreements(session) == []
        assert not (await record.verify(session)).whole
