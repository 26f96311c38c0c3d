"""What the store knows of people: listed table by table, told whole, deleted whole."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import Database
from models.calendar import Calendar
from models.inbox import InboxRow
from models.member import Account, Membership, Person, Role
from models.office import Office
from models.privacy import KNOWN, NOBODY, Fate, clean, erase, own_data
from models.privacy.rules import bounds, name_may_go, no_name, struck
from models.question import OfficeQuestion
from models.record.rows import RecordLine
from models.refusals import LastOfStaff
from models.tables import METADATA
from tests.auxil.rows import fill_every_table

LISTED = {known.name: known for known in KNOWN}
# Numbers of Telegram's that mean a message or an update, and instants: nobody's.
NO_ACCOUNT = {"message_id", "reply_id", "update_id", "second", "budget", "applied"}
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SOMEBODY, OTHER = 2**53 + 1, -(2**63)  # the accounts that ``fill_every_table`` makes
PERSON = 70
NAME = "Vera Muster-Märker"


# --- the listing


def columns() -> Iterator[tuple[Table, Column[Any]]]:
    for table in METADATA.sorted_tables:
        yield from ((table, column) for column in table.columns)


def leads_to(column: Column[Any], target: str) -> bool:
    return any(key.column.table.name == target for key in column.foreign_keys)


def test_every_table_is_listed_once_as_known_or_as_nobodys() -> None:
    assert len(LISTED) == len(KNOWN)
    assert LISTED.keys() & NOBODY.keys() == set()
    assert METADATA.tables.keys() - LISTED.keys() - NOBODY.keys() == set(), (
        "a new table: list it in models/privacy/listing.py, as Known or under NOBODY"
    )
    assert (LISTED.keys() | NOBODY.keys()) - METADATA.tables.keys() == set()


def test_every_column_that_names_somebody_is_listed() -> None:
    for table, column in columns():
        known = LISTED.get(table.name)
        accounts, people = (known.accounts, known.people) if known else ({}, {})
        is_number = isinstance(column.type, BigInteger) and column.name not in NO_ACCOUNT
        if leads_to(column, "accounts") or is_number:
            assert column.name in accounts, f"{table.name}.{column.name} holds a Telegram number"
        if leads_to(column, "people"):
            assert column.name in people, f"{table.name}.{column.name} names a person"


def test_what_is_listed_is_there_and_can_be_done() -> None:
    for known in KNOWN:
        table = known.table
        fates = {**known.accounts, **known.people}
        named = {*fates, *known.words, *known.at, *known.hidden, *filter(None, [known.mandate])}
        assert named <= set(table.columns.keys()), known.name
        for name, fate in fates.items():
            assert fate is not Fate.EMPTIED or table.columns[name].nullable, f"{known.name}.{name} cannot be empty"
        stays = [name for name, fate in fates.items() if fate is Fate.STAYS]
        assert bool(stays) == bool(known.formal) == bool(known.at), f"{known.name}: a formal act has an instant"


# --- leaving


@pytest.fixture
async def full(database: Database) -> Database:
    """Two rows in every table; the first are those of somebody with a name of their own, and of nobody else."""
    async with database.begin() as session:
        await fill_every_table(session)
        await session.execute(update(Person).where(Person.id == PERSON).values(name=NAME))
        await session.execute(update(Account).values(wrong_codes=0))
        await session.execute(update(Office).values(time_zone="Europe/Berlin", holiday_region="DE-ST", settings={}))
        session.add(Person(id=90, name="Berta Büro", telegram_id=OTHER))
        await session.flush()
        session.add(Membership(id=90, person_id=90, role=Role.STAFF, sponsor=""))
    return database


async def holding(session: AsyncSession, what: str) -> dict[str, set[str]]:
    """The columns in which something stands, by table."""
    found: dict[str, set[str]] = {}
    for table in METADATA.sorted_tables:
        for row in (await session.execute(select(table))).mappings():
            hits = {str(name) for name, value in row.items() if what in str(value) and name not in NO_ACCOUNT}
            if hits:
                found.setdefault(table.name, set()).update(hits)
    return found


async def test_who_leaves_is_in_no_table_any_more_but_by_name_in_formal_acts(full: Database) -> None:
    async with full.begin() as session:
        before = await holding(session, str(SOMEBODY))
        assert before.keys() >= {known.name for known in KNOWN if known.accounts}, "everything that can be known is"
        told = await erase(session, SOMEBODY, NOW)
    async with full.read() as session:
        assert await holding(session, str(SOMEBODY)) == {}
        assert await holding(session, NAME) == {"people": {"name"}}
        for known in KNOWN:
            for name, fate in known.people.items():
                rows = await session.execute(select(known.table).where(known.table.columns[name] == PERSON))
                assert bool(rows.all()) == (fate in {Fate.STAYS, Fate.BY_HAND}), f"{known.name}.{name}"
    assert told.stays
    assert min(told.stays.values()) > 0


async def test_where_no_formal_act_holds_it_the_name_goes_at_once_and_else_when_its_years_are_over(
    full: Database,
) -> None:
    async with full.begin() as session:
        assert await clean(session, NOW) is not None
        await erase(session, SOMEBODY, NOW)
        assert await holding(session, NAME) != {}
        assert await clean(session, NOW + timedelta(hours=1)) is None, "once a night"
    years = 10
    for month, kept in ((10, True), (12, False)):
        async with full.begin() as session:
            await clean(session, datetime(2026 + years, month, 1, 9, tzinfo=UTC))
            assert bool(await holding(session, NAME)) is kept
    async with full.read() as session:
        person = await session.get_one(Person, PERSON)
        assert person.name == no_name(PERSON)


async def test_a_second_time_finds_nothing(full: Database) -> None:
    async with full.begin() as session:
        assert (await erase(session, SOMEBODY, NOW)).known
    async with full.begin() as session:
        assert not (await erase(session, SOMEBODY, NOW)).known


async def test_the_last_of_staff_cannot_leave(full: Database) -> None:
    async with full.begin() as session:
        with pytest.raises(LastOfStaff):
            await erase(session, OTHER, NOW)


async def test_a_number_that_tried_wrong_codes_stays_for_a_month_with_its_pause(full: Database) -> None:
    pause = NOW + timedelta(hours=1)
    async with full.begin() as session:
        account = await session.get_one(Account, SOMEBODY)
        account.wrong_codes, account.paused_until = 7, pause
        assert (await erase(session, SOMEBODY, NOW)).watched
    async with full.begin() as session:
        assert await holding(session, str(SOMEBODY)) == {"accounts": {"telegram_id"}}
        account = await session.get_one(Account, SOMEBODY)
        assert (account.wrong_codes, account.paused_until) == (7, pause)
        assert (account.language, account.notice_version) == (None, None)
        await clean(session, NOW + timedelta(days=29))
        assert await session.get(Account, SOMEBODY) is not None
    async with full.begin() as session:
        await clean(session, NOW + timedelta(days=32))
        assert await session.get(Account, SOMEBODY, populate_existing=True) is None


# --- one's own data


async def test_everything_that_knows_somebody_is_told_and_nothing_of_others(full: Database) -> None:
    async with full.begin() as session:
        line = await session.get_one(RecordLine, 70)
        assert line is not None
        told = {kept.known.name: kept.rows for kept in await own_data(session, SOMEBODY)}
    # Receipts and turnout know a mandate only, the record a person by its text: neither is this one's here.
    assert LISTED.keys() - told.keys() <= {"receipts", "record", "secret_voters", "secret_turnout"}
    assert str(OTHER) not in str(told)
    assert "Berta" not in str(told)
    for rows in told.values():
        assert rows
    assert all("digest" not in row for row in told["codes"])


async def test_a_question_that_staff_answered_is_its_askers(full: Database) -> None:
    async with full.begin() as session:
        question = await session.get_one(OfficeQuestion, 70)
        question.telegram_id, question.text, question.answer = OTHER, "Geheim gefragt", "Nein"
        await session.flush()
        told = {kept.known.name: kept.rows for kept in await own_data(session, SOMEBODY)}
    assert "Geheim gefragt" not in str(told)


# --- the night's cleaning, and the rules


async def test_the_cleaning_says_how_much_of_what_went(full: Database) -> None:
    async with full.begin() as session:
        await session.execute(update(InboxRow).values(state="set_aside", payload=None))
        cleaned = await clean(session, NOW + timedelta(days=3 * 365))
    assert cleaned is not None
    assert {"questions", "letters", "codes", "forms", "failed updates"} <= cleaned.keys()
    assert all(number > 0 for number in cleaned.values())


CALENDAR = Calendar()


def test_an_offices_own_years_and_months_count_from_the_same_day() -> None:
    old = bounds(NOW, CALENDAR, {"text_months": 6, "retention_years": 3})
    assert (old.texts.date(), old.names.date()) == (datetime(2026, 5, 24).date(), datetime(2023, 11, 24).date())  # noqa: DTZ001 - only its day counts
    default = bounds(NOW, CALENDAR, {})
    assert (default.texts.year, default.names.year) == (2025, 2016)


@given(st.lists(st.datetimes(timezones=st.just(UTC))), st.datetimes(timezones=st.just(UTC)))
def test_a_name_goes_when_its_last_act_is_old_enough(acts: list[datetime], before: datetime) -> None:
    assert name_may_go(acts, before) == (not acts or max(acts) < before)
    assert not name_may_go([*acts, None], before)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Vera Bo kommt", "… kommt"),
        ("Vera Boden kommt", "Vera Boden kommt"),
        ("A &amp; B, A & B", "…, …"),
        ({"x": ["Vera Bo", 3]}, {"x": ["…", 3]}),
    ],
)
def test_a_name_is_struck_out_as_a_whole(text: Any, without: Any) -> None:
    assert struck(text, ["Vera Bo", "A & B"]) == without
