"""Backups as rows: which files stay, one order at a time, one process at it, and who hears what became of it."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import safekeeping
from models.actor import actor
from models.base import Database
from models.calendar import Calendar
from models.invariants import broken_promises
from models.outbox import Letter
from models.refusals import NotEntitled
from models.safekeeping import Backup, Fault, Made, last_hour, surplus
from tests.auxil.clock import START
from tests.auxil.party import COLLEAGUE, STAFF, VERA, found_office

MADE = Made("reko-1.zip", 12, 1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CALENDAR = Calendar()


@pytest.fixture
async def office(database: Database) -> Database:
    await found_office(database, START)
    return database


# --- rules


files = st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 2, 28)), st.integers(0, 5)), unique=True)


@given(files, st.integers(1, 20))
@settings(max_examples=50)
def test_of_the_newest_days_the_last_file_stays(made: list[tuple[date, int]], kept: int) -> None:
    found = [(day, f"{day}-{number}") for day, number in made]
    gone = set(surplus(found, kept))
    left = [(day, name) for day, name in sorted(found) if name not in gone]
    days = sorted({day for day, _ in found}, reverse=True)
    assert {day for day, _ in left} == set(days[:kept])
    for day in days[1:kept]:
        assert [name for on, name in left if on == day] == [max(name for on, name in found if on == day)]
    if days:
        assert {name for on, name in found if on == days[0]} <= {name for _, name in left}


def test_the_nights_hour_is_local_also_when_the_clocks_change() -> None:
    # 25 October 2026: 3:00 becomes 2:00, so 4 o'clock is at 3:00 UTC, the day before at 2:00.
    assert last_hour(datetime(2026, 10, 25, 2, 59, tzinfo=UTC), CALENDAR, 4) == datetime(2026, 10, 24, 2, tzinfo=UTC)
    assert last_hour(datetime(2026, 10, 25, 3, 0, tzinfo=UTC), CALENDAR, 4) == datetime(2026, 10, 25, 3, tzinfo=UTC)


# --- ordering


async def test_who_orders_while_one_is_open_orders_no_second_one(office: Database) -> None:
    async with office.begin() as session:
        first, fresh = await safekeeping.order(session, await actor(session, STAFF), START)
        assert fresh
    async with office.begin() as session:
        second, fresh = await safekeeping.order(session, await actor(session, COLLEAGUE), START)
        assert not fresh
        assert (second.id, second.asked_by) == (first.id, STAFF)
        with pytest.raises(NotEntitled):
            await safekeeping.order(session, await actor(session, VERA), START)


async def test_two_who_order_at_the_same_moment_order_one(office: Database) -> None:
    async def order(who: int) -> bool:
        async with office.begin() as session:
            _, fresh = await safekeeping.order(session, await actor(session, who), START)
            return fresh

    assert sorted(await asyncio.gather(order(STAFF), order(COLLEAGUE))) == [False, True]


async def test_the_night_orders_one_whatever_number_of_ticks(office: Database) -> None:
    for step in range(5):  # the first hour is only noted
        async with office.begin() as session:
            await safekeeping.order_nightly(session, START + step * timedelta(minutes=5))
            assert await safekeeping.open_one(session) is None
    for number in (1, 2):
        for minutes in (0, 5):
            async with office.begin() as session:
                await safekeeping.order_nightly(session, START + number * DAY + timedelta(minutes=minutes))
                row = await safekeeping.open_one(session)
                if row is not None:
                    await safekeeping.settle(session, row.id, MADE, START + number * DAY)
    async with office.read() as session:
        assert await session.get(Backup, 2) is not None
        assert await session.get(Backup, 3) is None
        assert (await session.scalars(Letter.__table__.select())).all() == []  # a good night is told to nobody


# --- making


async def ordered(office: Database, who: int = STAFF) -> int:
    async with office.begin() as session:
        return (await safekeeping.order(session, await actor(session, who), START))[0].id


async def claimed(office: Database, now: datetime) -> int | None:
    async with office.begin() as session:
        row = await safekeeping.claim(session, now)
        return row.id if row else None


async def test_one_process_has_it_in_hand_until_its_lease_is_over(office: Database) -> None:
    number = await ordered(office)
    assert sorted(await asyncio.gather(claimed(office, START), claimed(office, START)), key=bool) == [None, number]
    assert await claimed(office, START + safekeeping.LEASE - HOUR / 60) is None
    assert await claimed(office, START + safekeeping.LEASE) == number


async def test_what_kills_the_process_every_time_is_given_up(office: Database) -> None:
    number = await ordered(office)
    for _ in range(safekeeping.TRIES):
        assert await claimed(office, START) == number
        async with office.begin() as session:
            await safekeeping.release(session)
    assert await claimed(office, START) is None
    async with office.read() as session:
        assert (await session.get_one(Backup, number)).fault == Fault.INTERRUPTED


async def letters(office: Database) -> list[int]:
    async with office.read() as session:
        rows = await session.execute(Letter.__table__.select().order_by(Letter.telegram_id))
        return [row.telegram_id for row in rows]


async def nightly(office: Database, outcome: Made | Fault, now: datetime) -> None:
    async with office.begin() as session:
        assert await safekeeping._open_one(session, now)
        row = await safekeeping.claim(session, now)
        assert row is not None
        await safekeeping.settle(session, row.id, outcome, now)
        await safekeeping.settle(session, row.id, MADE, now)  # too late: it has ended


async def test_only_the_first_failure_of_a_row_is_told_to_all(office: Database) -> None:
    nights: list[Made | Fault] = [MADE, Fault.SPACE, Fault.SPACE, Fault.OTHER]
    for number, outcome in enumerate(nights):
        await nightly(office, outcome, START + number * DAY)
    assert await letters(office) == [STAFF, COLLEAGUE]
    await nightly(office, MADE, START + 4 * DAY)
    await nightly(office, Fault.SPACE, START + 5 * DAY)
    assert await letters(office) == [STAFF, STAFF, COLLEAGUE, COLLEAGUE]
    async with office.read() as session:
        assert await broken_promises(session) == []
        good, last = await safekeeping.last_good(session), await safekeeping.last_ended(session)
        assert (good and good.id, last and last.id) == (5, 6)


async def test_who_asked_hears_of_it_in_any_case(office: Database) -> None:
    for outcome in (MADE, Fault.SPACE, Fault.SPACE):
        number = await ordered(office)
        async with office.begin() as session:
            await safekeeping.settle(session, number, outcome, START)
    assert await letters(office) == [STAFF, STAFF, STAFF, COLLEAGUE]


async def test_old_ones_are_forgotten_but_the_last_good_one(office: Database) -> None:
    nights: list[Made | Fault] = [MADE, MADE, Fault.SPACE]
    for number, outcome in enumerate(nights):
        await nightly(office, outcome, START + number * DAY)
    async with office.begin() as session:
        assert await safekeeping.forget_old(session, START + 30 * DAY) == 1
        good = await safekeeping.last_good(session)
        assert good is not None
        assert good.id == 2
