import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.counting import result_of
from models.ballot.rows import Ballot, Elector, Handover, Objection, Option, Receipt, Vote
from models.base import Database, open_database
from models.broadcast.rows import Broadcast, Copy
from models.deadline.rows import Deadline, Step, Subscription
from models.drafts import Draft
from models.inbox import InboxRow
from models.invariants import PROMISES, broken_promises
from models.knowledge.rows import Edition, Passage
from models.meeting.rows import AgendaItem, Invitation, Meeting, Presence
from models.member import Account, Membership, Person
from models.office import Body, Mandate
from models.outbox import Letter
from models.question import OfficeQuestion
from models.record import Act, NewEntry, append_all
from models.safekeeping import Backup
from models.selection.entering import store_call
from models.selection.rows import ScoreRow
from models.selection.rules import Call, Criterion, Project
from models.tables import METADATA
from models.wish import Wish
from tests.auxil.clock import START
from tests.auxil.templates import filled

LATER, HOUR = START + timedelta(days=7), timedelta(hours=1)


async def furnish(session: AsyncSession) -> None:
    """A store in which something of everything has happened, as it should."""
    session.add_all([Body(id=1, name="RAK", short="RAK"), Body(id=2, name="Beirat", short="BB")])
    session.add(Account(telegram_id=10, first_seen=START))
    await session.flush()
    session.add_all([Mandate(id=1, body_id=1, name="IHK"), Mandate(id=2, body_id=1, name="HWK")])
    session.add(Person(id=1, name="Vera", telegram_id=10))
    await session.flush()
    session.add(Membership(id=1, person_id=1, role="mitglied", body_id=1, mandate_id=1))
    session.add(
        Vote(number=1, body_id=1, kind="motion", held="meeting", title="t", text="t", opens_at=START, closes_at=LATER,
             charter={}, created_by=1, opened_at=START, closed_at=LATER)
    )  # fmt: skip
    await session.flush()
    session.add_all(
        [Elector(vote_number=1, mandate_id=1, name="IHK"), Elector(vote_number=1, mandate_id=2, name="HWK")]
    )
    await session.flush()
    session.add(
        Ballot(vote_number=1, mandate_id=1, choice="yes", receipt="7F3K", cast_by=1, cast_at=START + HOUR, update_id=5)
    )
    await session.flush()
    session.add_all([Receipt(vote_number=1, code=code, mandate_id=1) for code in ("7F3K", "AAAA")])
    vote = await session.get_one(Vote, 1)
    vote.result = await result_of(session, vote)
    cast = NewEntry(Act.CAST, START + HOUR, 1, 1, 1, {"choice": "yes"})
    await append_all(session, [NewEntry(Act.OPENED, START, None, 1), cast], open_ballots=True)
    await _object_and_elect(session)
    await _select(session)
    await _post_and_remind(session)
    await _meet_and_ask(session)
    await _write_to_many(session)


async def _object_and_elect(session: AsyncSession) -> None:
    """A circular that was objected to, and an election in which a deputy has voted."""
    about = {"body_id": 1, "title": "t", "text": "t", "opens_at": START, "closes_at": LATER, "created_by": 1}
    charter = {"circular": "majority", "clause": "§ 9"}
    session.add_all(
        [
            Vote(number=2, kind="motion", held="circular", charter=charter, opened_at=START, closed_at=LATER, **about),
            Vote(number=3, kind="election", held="meeting", charter={}, opened_at=START, **about),
        ]
    )
    session.add(Person(id=2, name="Dora"))
    await session.flush()
    session.add_all([Elector(vote_number=number, mandate_id=1, name="IHK") for number in (2, 3)])
    session.add_all([Option(vote_number=3, place=place, label=label) for place, label in ((1, "Anna"), (2, "Bernd"))])
    session.add(Handover(mandate_id=1, vote_number=3, holder_id=1, deputy_id=2, given_at=START, until=LATER))
    await session.flush()
    session.add(Objection(vote_number=2, mandate_id=1, made_by=1, made_at=LATER))
    session.add(Receipt(vote_number=3, code="BBBB", mandate_id=1))
    session.add(
        Ballot(
            vote_number=3,
            mandate_id=1,
            choice="2",
            receipt="BBBB",
            cast_by=2,
            as_deputy=True,
            cast_at=START + HOUR,
            update_id=6,
        )
    )
    await session.flush()
    vote = await session.get_one(Vote, 2)
    vote.result = await result_of(session, vote)
    cast = NewEntry(Act.CAST, START + HOUR, 2, 3, 1, {"choice": "2"})
    opened = [NewEntry(Act.OPENED, START, None, number) for number in (2, 3)]
    await append_all(session, [*opened, cast], open_ballots=True)


async def _select(session: AsyncSession) -> None:
    """A selection in which one mandate has scored one of two projects, and another tie was decided."""
    about = {"body_id": 1, "title": "t", "text": "t", "opens_at": START, "closes_at": LATER, "created_by": 1}
    session.add_all(
        [
            Vote(number=number, kind="selection", held="meeting", charter={"quorum": {"at_least": 1}}, opened_at=START,
                 closed_at=closed, **about)
            for number, closed in ((4, None), (5, LATER))
        ]
    )  # fmt: skip
    await session.flush()
    call = Call(100, 0, (Criterion(1, "K", 5, 100),), (Project(1, "A", "T", 70), Project(2, "B", "T", 80)))
    for number in (4, 5):
        await store_call(session, number, call)
        session.add(Elector(vote_number=number, mandate_id=1, name="IHK"))
    await session.flush()
    entries = [NewEntry(Act.OPENED, START, None, number) for number in (4, 5)]
    given = {"mandate_id": 1, "criterion": 1, "points": 3, "given_by": 1, "given_at": START + HOUR, "update_id": 7}
    for number, projects, choice in ((4, (1,), "part"), (5, (1, 2), "full")):
        for project in projects:
            code = f"SC{number}{project}"
            session.add(Receipt(vote_number=number, code=code, mandate_id=1))
            session.add(ScoreRow(vote_number=number, project=project, receipt=code, **given))
            details = {"choice": choice, "project": project, "criterion": 1, "points": 3}
            entries.append(NewEntry(Act.CAST, START + HOUR, 1, number, 1, details))
        session.add(
            Ballot(vote_number=number, mandate_id=1, choice=choice, receipt=code, cast_by=1, cast_at=START + HOUR,
                   update_id=7)
        )  # fmt: skip
    await session.flush()
    vote = await session.get_one(Vote, 5)
    vote.result = await result_of(session, vote)
    vote.ties = {"1": {"order": [2, 1], "why": "w", "by": 1, "at": "x"}}
    entries.append(NewEntry(Act.TIE_DECIDED, LATER, 1, 5, details={"rank": 1, "order": [2, 1]}))
    await append_all(session, entries, open_ballots=True)


async def _post_and_remind(session: AsyncSession) -> None:
    waiting = {"kind": "vote", "telegram_id": 10, "about": {}, "posted_at": START, "not_before": START}
    session.add_all(
        [
            Letter(id=1, key="a", state="sent", message_id=7, sent_at=START, **waiting),
            Letter(id=2, key="b", state="claimed", lease_until=LATER, **waiting),
            Letter(id=3, key="c", state="uncertain", error="TimedOut", **waiting),
            Letter(id=4, key="d", state="waiting", **waiting),
            Deadline(number=1, title="d", kind="Aufruf", due_at=LATER, entered_at=START),
        ]
    )
    await session.flush()
    session.add(Deadline(number=2, title="d", kind="Aufruf", due_at=LATER, entered_at=START, status="abgesagt"))
    await session.flush()
    session.add(Subscription(deadline_number=1, telegram_id=10, since=START, next_at=LATER))
    session.add(Subscription(deadline_number=2, telegram_id=10, since=START, ended_at=START, ended_as="done"))
    session.add(Step(id=1, deadline_number=1, revision=1, lead=7, telegram_id=10, letter_id=1))
    arrived = {"lane": 10, "received_at": START, "kind": "message"}
    session.add_all(
        [
            InboxRow(update_id=1, state="done", **arrived),
            InboxRow(update_id=2, state="pending", payload="{}", **arrived),
        ]
    )


async def _write_to_many(session: AsyncSession) -> None:
    about = {"made_by": 1, "made_at": START, "edited_by": 1, "language": "de", "revisions": [{"texts": {"de": "t"}}]}
    session.add(Broadcast(number=1, started_at=START, **about))
    await session.flush()
    session.add(Copy(id=1, broadcast_number=1, person_id=1, telegram_id=10, letter_id=4))


async def _meet_and_ask(session: AsyncSession) -> None:
    session.add(
        Meeting(number=1, body_id=1, title="m", starts_at=LATER, ends_at=LATER + HOUR, uid="u", invited_at=START)
    )
    session.add_all([Draft(id=1, telegram_id=10, form="f", updated_at=START), Backup(id=1, ordered_at=START)])
    session.add(
        Edition(id=1, key="k", title="t", publisher="p", url="", rank="office", contradicts=[], content_hash="h",
                loaded_at=START)
    )  # fmt: skip
    session.add(OfficeQuestion(number=1, telegram_id=10, text="?", asked_at=START, finding="none"))
    await session.flush()
    session.add(Wish(question_number=1, telegram_id=10, about="deadline", wanted={}, asked_at=START, seen=0))
    session.add(Invitation(id=1, meeting_number=1, mandate_id=1, answer="yes", answered_by=1, answered_at=START))
    session.add_all(AgendaItem(meeting_number=1, position=place, text=f"TOP {place}") for place in (1, 2))
    for came, left in ((LATER, LATER + HOUR / 2), (LATER + HOUR / 2, None)):
        session.add(Presence(meeting_number=1, mandate_id=1, person_id=1, came_at=came, left_at=left, entered_by=1))
        await session.flush()
    session.add(Passage(id=1, edition_id=1, ordinal=0, block=0, section="", lead="", text="t", hash="h"))


BREAKS = {
    "a ballot belongs to an elector": "DELETE FROM electorate WHERE mandate_id = 1",
    "a mandate has one ballot": "INSERT INTO ballots SELECT * FROM ballots",
    "a step is told once": "INSERT INTO steps SELECT * FROM steps",
    "a receipt has its ballot": "UPDATE receipts SET mandate_id = 2 WHERE code = 'AAAA'",
    "a ballot has its receipt": "DELETE FROM receipts WHERE code = '7F3K'",
    "an elector is a mandate of the vote's body": "UPDATE mandates SET body_id = 2 WHERE id = 2",
    "an opened vote has its electorate": "DELETE FROM electorate",
    "a closed vote has its result": "UPDATE votes SET result = NULL",
    "a vote broken off has no result and waits for nobody": "UPDATE votes SET cancelled_at = closed_at",
    "a run-off goes on from the round before": "UPDATE votes SET round = 2",
    "an objection has ended a binding vote by circulation": "UPDATE votes SET held = 'meeting'",
    "a deputy votes while the mandate is handed over": "UPDATE handovers SET given_at = until",
    "a ballot says what its vote asks": "UPDATE ballots SET choice = '3' WHERE vote_number = 3",
    "a lot decides between those left standing": "UPDATE votes SET lot = 1 WHERE number = 3",
    "a selection has its call, criteria and projects": "DELETE FROM projects WHERE vote_number = 4",
    "a mandate gives points once by project and criterion": "INSERT INTO scores SELECT * FROM scores",
    "points are within what the call asks": "UPDATE scores SET points = 6",
    "points stand on a ballot": "DELETE FROM ballots WHERE vote_number = 4",
    "points have their receipt": "UPDATE scores SET receipt = 'ZZZZ'",
    "points are given while the vote is open": "UPDATE scores SET given_at = (SELECT max(closes_at) FROM votes)",
    "a ballot of a selection is as far as its points": "UPDATE ballots SET choice = 'confirmed' WHERE vote_number = 4",
    "a conflict covers what the charter says": "INSERT INTO asides SELECT vote_number, mandate_id, project, true, "
    "receipt, given_by, given_at, update_id FROM scores",
    "a tie is decided between equals": 'UPDATE votes SET ties = \'{"2": {"order": [2, 1]}}\' WHERE number = 5',
    "the record's head is its last entry": "DELETE FROM record WHERE number = (SELECT max(number) FROM record)",
    "the record is one chain": "UPDATE record SET entry = replace(entry, 'yes', 'no')",
    "the votes are as the record has them": "UPDATE ballots SET choice = 'no'",
    "a letter is in one state": "UPDATE letters SET lease_until = NULL WHERE state = 'claimed'",
    "the same news is posted once": "UPDATE letters SET key = 'a'",
    "a step's letter is there and goes to the same person": "DELETE FROM letters WHERE id = 1",
    "a step belongs to a revision of its deadline": "UPDATE steps SET revision = 2",
    "a subscription that ended is not waited for": "UPDATE subscriptions SET ended_as = NULL",
    "a deadline that is no more waits for no step": "UPDATE subscriptions SET ended_at = NULL, ended_as = NULL, "
    "next_at = since WHERE deadline_number = 2",
    "a wish belongs to who asked": "UPDATE wishes SET telegram_id = 11",
    "a copy of a Rundruf goes to its own account": "UPDATE broadcast_copies SET telegram_id = 11",
    "a Rundruf has no copies before it begins, nor begins without its release": "UPDATE broadcasts "
    "SET needs_release = true",
    "nothing of a Rundruf leaves while it is stopped, or withdrawn": "UPDATE broadcasts SET paused_at = started_at",
    "nothing of a Rundruf that has ended is on its way": "UPDATE broadcasts SET ended_at = started_at",
    "a mandate has one holder": "INSERT INTO memberships SELECT * FROM memberships",
    "a seat belongs to its mandate's body": "UPDATE memberships SET body_id = 2",
    "an account fills in one form": "INSERT INTO drafts SELECT * FROM drafts",
    "one backup is ordered or in hand": "INSERT INTO backups SELECT * FROM backups",
    "no revision to come of a deadline is confirmed": "UPDATE deadlines SET confirmed = 2 WHERE number = 1",
    "an invitation is for a mandate or for a guest": "UPDATE invitations SET guest_id = 1",
    "a draft of a meeting has invited nobody": "UPDATE meetings SET invited_at = NULL",
    "an answer to an invitation has its time": "UPDATE invitations SET answered_at = NULL",
    "minutes that were sent are kept": "UPDATE meetings SET minutes_sent_at = starts_at, minutes_sent_by = 1",
    "a deputy is asked by the answer": "UPDATE invitations SET deputy_id = 2",
    "an agenda counts from one": "UPDATE agenda_items SET position = 1",
    "a vote on an item is held in its meeting": "UPDATE votes SET present = 1 WHERE number = 1",
    "a seat is filled once at a time": "UPDATE presences SET came_at = (SELECT starts_at FROM meetings)",
    "who is present was invited": "DELETE FROM invitations",
    "a second meeting is of the same body": "UPDATE meetings SET second_of = 99",
    "one edition of a source is in force": "INSERT INTO editions SELECT * FROM editions",
    "an edition waits for its first day": "UPDATE editions SET waiting = true",
    "a passage belongs to an edition": "DELETE FROM editions",
    "an answer to a question has its time": "UPDATE questions SET answer = 'x'",
    "a corrected answer was given": "UPDATE questions SET corrected_at = asked_at",
    "a joined question joins one before the office": "UPDATE questions SET joined_to = 99, handed_at = asked_at",
    "a worked update has lost its payload, an unworked one has not": "UPDATE inbox SET payload = '{}'",
    "a ballot is cast while its vote is open": "UPDATE ballots SET cast_at = (SELECT closes_at FROM votes)",
    "a stored result is what the ballots say": "UPDATE ballots SET choice = 'no'",
    "no update is stuck": "UPDATE inbox SET tries = 3",
    "a secret vote has a mark for every ballot": "INSERT INTO secret_voters VALUES (1, 2, NULL)",
    "a secret ballot is kept while its vote runs": "INSERT INTO secret_voters VALUES (1, 2, NULL)",
    "who voted secretly is an elector, and neither excluded nor in conflict": (
        "INSERT INTO secret_voters VALUES (1, 1, NULL)"
    ),
    "a secret vote has no open ballot": "UPDATE votes SET secret = 1",
    "of a secret vote as many are counted as took part": "INSERT INTO secret_counts VALUES (1, 0, 'yes', 1)",
    "the list of receipts is what was counted": (
        """UPDATE votes SET secret = 1, result = '{"receipts": [["7F3K-9QXM", "yes"]]}' WHERE number = 1"""
    ),
}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


async def _shadow(session: AsyncSession) -> None:
    """Copies of all tables without one constraint, which stand before the tables themselves."""
    for name in METADATA.tables:
        await session.execute(text(f"CREATE TEMP TABLE {name} AS SELECT * FROM main.{name}"))  # noqa: S608 - our own names


async def test_a_store_that_is_as_it_should_be_breaks_nothing(database: Database) -> None:
    async with database.begin() as session:
        assert await broken_promises(session) == []
        await furnish(session)
    async with database.read() as session:
        assert await broken_promises(session) == []


def test_every_promise_is_tried() -> None:
    assert set(PROMISES) - set(BREAKS) == set()


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file in which something of everything has happened, to be copied."""

    async def fill(database: Database) -> None:
        async with database.begin() as session:
            await furnish(session)
        async with database.read() as session:
            await _shadow(session)
            assert await broken_promises(session) == []

    return filled(sqlite_template, tmp_path_factory.mktemp("furnished") / "store.db", fill)


@pytest.mark.parametrize("promise", BREAKS)
async def test_a_broken_promise_is_named(sqlite_url: str, furnished: Path, promise: str) -> None:
    shutil.copyfile(furnished, sqlite_url.removeprefix("sqlite:///"))
    async with opened(sqlite_url) as database, database.read() as session:
        await _shadow(session)
        await session.execute(text(BREAKS[promise]))
        assert promise in [line.split(":")[0] for line in await broken_promises(session)]


async def test_a_ballot_of_the_instant_that_completed_the_vote_is_in_time(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as session:
        await furnish(session)
        vote = await session.get_one(Vote, 1)
        vote.complete_at = vote.closed_at = START + HOUR
        await session.flush()
        assert await broken_promises(session) == []
