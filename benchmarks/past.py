"""A store with years behind it: so many offices' votes, meetings, deadlines, letters and questions, entered in bulk.

What is there today is the same whatever the age: of each office a vote that is open, a meeting ahead, deadlines ahead.
The record is one chain by the record's own rules, and the store keeps every promise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.office import take_in_the_sources
from bot.migrate import migrate
from models.actor import actor
from models.ballot.entering import VotePlan, enter
from models.ballot.rows import Ballot, Elector, Receipt, Vote
from models.ballot.rules import Choice, Held, Kind
from models.base import Base, Database, open_database
from models.broadcast.rows import Broadcast, Copy
from models.charter import DEFAULT_PRESET, Tally, judge, read_charter
from models.deadline import Deadline, Step, Subscription
from models.inbox import InboxRow
from models.meeting import acts as meetings
from models.meeting.looking import invitations
from models.meeting.rows import AgendaItem, Invitation, Meeting, Presence
from models.meeting.rules import MeetingPlan
from models.member import Account, Membership, Person, Role
from models.office import Body, Mandate, Office
from models.outbox import Letter
from models.question import OfficeQuestion
from models.record import Act, NewEntry, append_all, digest, digest_of, instant
from models.report.rows import Asked
from models.tables import METADATA

MANDATES, PEOPLE, STAFF = 40, 300, 900
MEETINGS, ITEMS, DEADLINES, QUESTIONS, BROADCASTS = 3, 5, 50, 750, 2  # a quarter of a year, items a meeting
LEADS, FOLLOWERS, PRESENT = (14, 3), 2, 35
AHEAD = 40  # deadlines of an office that are still to come
INBOX = 2000  # ids of the last 48 hours
YEAR = timedelta(days=364)
QUARTERS = 4
QUARTER = YEAR / QUARTERS
CHARTER = {"preset": DEFAULT_PRESET}
TEXT = "Der Regionale Arbeitskreis befürwortet das Vorhaben mit einer Laufzeit von 36 Monaten. " * 5

Row = dict[str, Any]


def mandate(office: int, seat: int) -> int:
    """The number of a seat, from 1."""
    return (office - 1) * MANDATES + seat


def account(office: int, place: int) -> int:
    """The Telegram number of somebody of an office, and their number as a person; members are the first."""
    return office * 1000 + place


@dataclass
class Bulk:
    """Rows of many tables, inserted together; numbers count on. The rows of a table all name the same columns."""

    session: AsyncSession
    rows: dict[type[Base], list[Row]] = field(default_factory=dict)
    last: dict[type[Base], int] = field(default_factory=dict)
    entries: list[NewEntry] = field(default_factory=list)

    def add(self, table: type[Base], **row: Any) -> int:
        """One more row; its number, where its table counts."""
        key = next((one for one in ("number", "id") if one in METADATA.tables[table.__tablename__].c), "")
        if key and key not in row:
            self.last[table] = row[key] = self.last.get(table, 0) + 1
        self.rows.setdefault(table, []).append(row)
        return int(row.get(key, 0))

    async def write(self) -> None:
        """Insert them, parents first, and go on with empty hands."""
        order = [one.name for one in METADATA.sorted_tables]
        for table in sorted(self.rows, key=lambda one: order.index(one.__tablename__)):
            await self.session.execute(insert(METADATA.tables[table.__tablename__]), self.rows[table])
        await append_all(self.session, self.entries, open_ballots=True)
        self.rows, self.entries = {}, []


async def found(url: str, now: datetime, quarters: int, offices: int = 1) -> Database:
    """A store with so many offices in it, each so many quarters of a year old."""
    database = open_database(url)
    await migrate(database)
    await fill(database, now, quarters, offices)
    await take_in_the_sources(url)
    return database


async def fill(database: Database, now: datetime, quarters: int, offices: int = 1) -> None:
    """The offices and their past, into an empty store."""
    async with database.begin() as session:
        bulk = Bulk(session)
        _people(bulk, offices, now)
        await bulk.write()
        for quarter in range(quarters, 0, -1):
            for office in range(1, offices + 1):
                _quarter(bulk, office, now - quarter * QUARTER)
                await bulk.write()
        for office in range(1, offices + 1):
            _ahead(bulk, office, now)
        for number in range(INBOX * offices):
            at = now - timedelta(seconds=80 * number / offices + 600)
            bulk.add(InboxRow, update_id=number, lane=1, received_at=at, state="done", tries=0, kind="message")
        await bulk.write()
        if database.shared:
            await _count_on(session, bulk)
    if database.shared:  # as its own housekeeping does before long
        async with database.begin() as session:
            await session.execute(text("ANALYZE"))


async def _count_on(session: AsyncSession, bulk: Bulk) -> None:
    """PostgreSQL's sequences do not see numbers that were given."""
    for table, last in bulk.last.items():
        key = METADATA.tables[table.__tablename__].primary_key.columns.keys()[0]
        sequence = {"table": table.__tablename__, "key": key, "last": last}
        await session.execute(text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)"), sequence)


def _people(bulk: Bulk, offices: int, now: datetime) -> None:
    ago = now - 11 * YEAR
    bulk.add(Office, id=1, name="Bench", contact="", languages=["de"], settings={}, time_zone="Europe/Berlin",
             holiday_region="DE-ST")  # fmt: skip
    _person(bulk, STAFF, ago)
    bulk.add(Membership, person_id=STAFF, role=Role.STAFF, body_id=None, mandate_id=None, sponsor="")
    for office in range(1, offices + 1):
        bulk.add(Body, name=f"Body {office}", short=f"B{office}", charter=CHARTER)
        for seat in range(1, MANDATES + 1):
            bulk.add(Mandate, body_id=office, name=f"Seat {seat}")
        for place in range(1, PEOPLE + 1):
            _person(bulk, account(office, place), ago)
            seated = place <= MANDATES
            role = Role.MEMBER if seated else Role.GUEST
            seat_id = mandate(office, place) if seated else None
            bulk.add(Membership, person_id=account(office, place), role=role, body_id=office, mandate_id=seat_id,
                     sponsor="")  # fmt: skip


def _person(bulk: Bulk, number: int, at: datetime) -> None:
    bulk.add(Account, telegram_id=number, language="de", first_seen=at, reachable=True, wrong_codes=0)
    bulk.add(Person, id=number, name=f"Person {number}", telegram_id=number)


def _quarter(bulk: Bulk, office: int, begin: datetime) -> None:
    for number in range(MEETINGS):
        _meeting(bulk, office, begin + number * QUARTER / MEETINGS + timedelta(hours=1))
    for number in range(DEADLINES):
        _deadline(bulk, office, begin + number * QUARTER / (DEADLINES + 10) + timedelta(hours=2), number)
    for number in range(QUESTIONS):
        _question(bulk, office, begin + number * QUARTER / (QUESTIONS + 1), number)
    for number in range(BROADCASTS):
        _broadcast(bulk, office, begin + number * QUARTER / BROADCASTS + timedelta(hours=3))


def _letter(bulk: Bulk, kind: str, to: int, at: datetime, **about: int) -> int:
    number = bulk.last.get(Letter, 0) + 1
    return bulk.add(Letter, key=f"past:{number}", kind=kind, telegram_id=to, about=about, posted_at=at, not_before=at,
                    silent=False, state="sent", sent_at=at, message_id=number, text=TEXT, parts=[])  # fmt: skip


def _meeting(bulk: Bulk, office: int, start: datetime) -> None:
    end, asked = start + timedelta(hours=3), start - timedelta(days=14)
    number = bulk.last.get(Meeting, 0) + 1
    bulk.add(Meeting, body_id=office, title=f"Meeting {number}", starts_at=start, ends_at=end, place="R", revision=0,
             status="beendet", uid=f"past-{number}", invited_at=asked, began_at=start, ended_at=end)  # fmt: skip
    for seat in range(1, MANDATES + 1):
        answered = {"answer": "yes", "answered_at": asked, "answered_by": account(office, seat), "declined": []}
        bulk.add(Invitation, meeting_number=number, mandate_id=mandate(office, seat), **answered)
        if seat <= PRESENT:
            bulk.add(Presence, meeting_number=number, mandate_id=mandate(office, seat), came_at=start, left_at=end,
                     person_id=account(office, seat), entered_by=STAFF)  # fmt: skip
    for position in range(1, ITEMS + 1):
        item = bulk.add(AgendaItem, meeting_number=number, position=position, text=f"Item {position}", decision=True)
        _vote(bulk, office, item, start + timedelta(minutes=20 * position))


def _vote(bulk: Bulk, office: int, item: int, at: datetime) -> None:
    number, closes = bulk.last.get(Vote, 0) + 1, at + timedelta(minutes=20)
    said = dict(_said(number))
    result = _result(*(list(said.values()).count(one) for one in (Choice.YES, Choice.NO, Choice.ABSTAIN)))
    title, seats = f"Vote {number}", [mandate(office, seat) for seat in range(1, MANDATES + 1)]
    bulk.add(Vote, body_id=office, kind=Kind.MOTION, held=Held.MEETING, title=title, text=TEXT, opens_at=at,
             closes_at=closes, close_when_all=False, charter=CHARTER, created_by=STAFF, item_id=item, opened_at=at,
             closed_at=closes, present=PRESENT, result=result, reason="")  # fmt: skip
    opened = {
        "kind": Kind.MOTION, "held": Held.MEETING, "closes_at": instant(closes), "charter": digest_of(CHARTER),
        "electorate": seats, "title": digest(title), "text": digest(TEXT), "options": [], "attachments": [],
    }  # fmt: skip
    bulk.entries.append(NewEntry(Act.ENTERED, at, STAFF, number, details={"kind": Kind.MOTION}))
    bulk.entries.append(NewEntry(Act.OPENED, at, vote=number, details=opened))
    for seat in range(1, MANDATES + 1):
        who, where = account(office, seat), {"vote_number": number, "mandate_id": mandate(office, seat)}
        bulk.add(Elector, **where, name=f"Seat {seat}")
        _letter(bulk, "vote", who, at, vote=number, mandate=mandate(office, seat))
        _letter(bulk, "result", who, closes, vote=number)
        if seat in said:
            cast, code = at + timedelta(seconds=10 + seat), f"{seat:04d}"
            bulk.add(Ballot, **where, choice=said[seat], receipt=code, cast_by=who, cast_at=cast, update_id=seat)
            bulk.add(Receipt, **where, code=code)
            told = {"choice": said[seat]}
            bulk.entries.append(NewEntry(Act.CAST, cast, who, number, mandate(office, seat), told))
    bulk.entries.append(NewEntry(Act.CLOSED, closes, vote=number, details={"result": digest_of(result)}))


def _said(number: int) -> Iterator[tuple[int, Choice]]:
    """What those present say, another thing in each vote."""
    for seat in range(1, PRESENT + 1):
        yield seat, (Choice.YES, Choice.YES, Choice.NO, Choice.ABSTAIN, Choice.YES)[(seat * (number % 7 + 1)) % 5]


@cache
def _result(yes: int, no: int, abstained: int) -> Row:
    tally = Tally(MANDATES, yes, no, abstained, 0, present=PRESENT, recorded=True)
    return judge(read_charter(CHARTER), tally).to_json()


def _deadline(bulk: Bulk, office: int, due: datetime, place: int) -> None:
    ago = due - timedelta(days=40)
    number = _entered(bulk, office, due, ago, place)
    for follower in range(1, FOLLOWERS + 1):
        who = account(office, (place + follower) % PEOPLE + 1)
        _subscribed(bulk, number, who, ago, None)
        for lead in LEADS:
            letter = _letter(bulk, "reminder", who, due - timedelta(days=lead))
            bulk.add(Step, deadline_number=number, revision=1, lead=lead, late=False, telegram_id=who, letter_id=letter)


def _ahead(bulk: Bulk, office: int, now: datetime) -> None:
    """Deadlines of which somebody will be reminded, none of them today."""
    for place in range(AHEAD):
        due = now + timedelta(days=20 + place)
        number = _entered(bulk, office, due, now - timedelta(days=1), place)
        for follower in range(1, FOLLOWERS + 1):
            who = account(office, (place + follower) % PEOPLE + 1)
            _subscribed(bulk, number, who, now, due - timedelta(days=LEADS[0]))


def _entered(bulk: Bulk, office: int, due: datetime, entered: datetime, place: int) -> int:
    return bulk.add(Deadline, title=f"Deadline {place}", kind="Antrag", areas=["ABCDEFGHIJKLM"[place % 13]], mode="",
                    place="", copies="", budget="", due_at=due, audience=f"B{office}", leads=list(LEADS), shift=True,
                    source="", status="", revision=1, entered_at=entered)  # fmt: skip


def _subscribed(bulk: Bulk, number: int, who: int, since: datetime, next_at: datetime | None) -> None:
    bulk.add(Subscription, deadline_number=number, telegram_id=who, since=since, origin="asked", next_at=next_at)


def _question(bulk: Bulk, office: int, at: datetime, place: int) -> None:
    who, handed = account(office, place % PEOPLE + 1), at if place % 10 == 0 else None
    answered = {"answer": TEXT, "answered_by": STAFF, "answered_at": at + timedelta(hours=4)} if handed else {}
    bulk.add(OfficeQuestion, telegram_id=who, text=f"Wie hoch ist die Förderung {place}?", asked_at=at,
             finding=("answer", "none")[bool(handed)], handed_at=handed,
             **({"answer": None, "answered_by": None, "answered_at": None} | answered))  # fmt: skip
    if place % 10 == 0 and office == 1:
        bulk.add(Asked, day=at.date(), finding="answer", topic=f"t{place % 300}", areas="C", number=10)


def _broadcast(bulk: Bulk, office: int, at: datetime) -> None:
    number = bulk.add(Broadcast, made_by=STAFF, made_at=at, edited_by=STAFF, language="de", file_ids=[],
                      revisions=[{"texts": {"de": TEXT}, "note": ""}], audience=[f"body:{office}"], asks_read=True,
                      started_at=at, ended_at=at + timedelta(minutes=5), rounds=1)  # fmt: skip
    for place in range(1, PEOPLE + 1):
        who = account(office, place)
        letter = _letter(bulk, "broadcast", who, at, broadcast=number)
        bulk.add(Copy, broadcast_number=number, person_id=who, telegram_id=who, letter_id=letter, attempt=1,
                 read_at=at, read_revision=0)  # fmt: skip


async def today(database: Database, offices: int, now: datetime) -> tuple[int, list[int]]:
    """Of each office a vote that is open and a meeting ahead; the first office's vote, and its invitations."""
    votes, called = [], []
    async with database.begin() as session:
        staff = await actor(session, STAFF)
        for office in range(1, offices + 1):
            votes.append((await enter(session, motion(office, now, now + timedelta(days=2)), staff, now)).number)
            start = now + timedelta(days=20)
            plan = MeetingPlan(office, "Next", start, start + timedelta(hours=2), "R", "1. A")
            called.append((await meetings.enter(session, plan, staff)).number)
            await meetings.invite(session, called[-1], staff, now)
        found_invitations = await invitations(session, called[0])
    return votes[0], [one.id for one in sorted(found_invitations, key=lambda one: one.mandate_id or 0)]


def motion(office: int, opens: datetime, closes: datetime) -> VotePlan:
    """A motion of an office, in a meeting."""
    return VotePlan(office, Kind.MOTION, Held.MEETING, "Today", TEXT, opens, closes)
