from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, actor, ensure_account
from models.base import Database
from models.calendar import Calendar
from models.deadline import (
    Change,
    Deadline,
    Entry,
    Step,
    Subscription,
    cancel,
    deadline,
    due_reminders,
    end_subscription,
    enter,
    open_deadlines,
    rearm_all,
    record_steps,
    reminder_key,
    revise,
    standing_steps,
    subscribe,
    subscribed,
    subscribers,
    subscription,
)
from models.deadline.reminders import UNREACHABLE_FOR
from models.member import Membership, Person, Role
from models.office import Office
from models.outbox import Letter, NewLetter, post
from models.refusals import Late, Unknown, Withdrawn

CALENDAR = Calendar()
ANNA, BEN = 11, 12
LETTERS = count(1)


def berlin(text: str) -> datetime:
    day = datetime.fromisoformat(text)
    return CALENDAR.at(day.date(), day.time())


START = berlin("2026-03-02 10:00")  # a Monday


def call(title: str = "Aufruf STABIL", due: str = "2026-03-20 12:00", **more: object) -> Entry:
    entry: Entry = {"title": title, "kind": "Aufruf", "areas": ["C"], "due_at": berlin(due), "mode": "Posteingang"}
    return {**entry, **more}  # type: ignore[typeddict-item]  # the tests' own spelling


async def someone(session: AsyncSession, telegram_id: int = ANNA) -> Actor:
    await ensure_account(session, telegram_id, "de", START)
    return await actor(session, telegram_id)


async def sponsor(session: AsyncSession, telegram_id: int, name: str) -> Actor:
    await ensure_account(session, telegram_id, "de", START)
    person = Person(name=f"Person {telegram_id}", language=None, telegram_id=telegram_id)
    session.add(person)
    await session.flush()
    session.add(Membership(person_id=person.id, role=Role.SPONSOR, sponsor=name))
    await session.flush()
    return await actor(session, telegram_id)


async def told(session: AsyncSession, now: datetime) -> list[tuple[int, list[tuple[str, int, bool]]]]:
    """A planner's tick: post and record what is due, and say what it was."""
    spoken = []
    for reminder in await due_reminders(session, now):
        key = reminder_key(reminder, now, CALENDAR)
        letter = await post(session, NewLetter(key, "reminder", reminder.telegram_id), now)
        assert letter is not None
        await record_steps(session, reminder, letter, now)
        spoken.append((reminder.telegram_id, [(one.deadline.title, one.lead, one.late) for one in reminder.steps]))
    return spoken


async def test_a_subscriber_hears_each_step_once(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        who = await someone(session)
        await record_everything_before(session, row, who)
    heard = []
    now = START
    while now < berlin("2026-03-21 12:00"):
        async with database.begin() as session:
            heard += [(now, steps) for _, steps in await told(session, now)]
        now += timedelta(hours=1)
    assert heard == [
        (berlin("2026-03-06 09:00"), [("Aufruf STABIL", 14, False)]),
        (berlin("2026-03-13 09:00"), [("Aufruf STABIL", 7, False)]),
        (berlin("2026-03-17 09:00"), [("Aufruf STABIL", 3, False)]),
        (berlin("2026-03-19 09:00"), [("Aufruf STABIL", 1, False)]),
    ]


async def record_everything_before(session: AsyncSession, row: Deadline, who: Actor) -> None:
    """Subscribe, and let the step that is past already be told."""
    assert await subscribe(session, row.number, who, START)
    assert await told(session, START) == [(who.telegram_id, [(row.title, 30, True)])]


async def test_one_message_gathers_a_morning_by_date(database: Database) -> None:
    async with database.begin() as session:
        later = await enter(session, call("B", "2026-03-27 12:00", leads=[14]), START)
        sooner = await enter(session, call("A", "2026-03-20 12:00", leads=[7]), START)
        for telegram_id in (ANNA, BEN):
            who = await someone(session, telegram_id)
            await subscribe(session, later.number, who, START)
            if telegram_id == ANNA:
                await subscribe(session, sooner.number, who, START)
    async with database.begin() as session:
        assert await told(session, berlin("2026-03-13 08:59")) == []
        assert await told(session, berlin("2026-03-13 09:00")) == [
            (ANNA, [("A", 7, False), ("B", 14, False)]),
            (BEN, [("B", 14, False)]),
        ]
        assert await told(session, berlin("2026-03-13 09:00")) == []
        assert await session.scalar(select(Letter.key).where(Letter.telegram_id == BEN)) == "reminder:12:2026-03-13"


async def test_a_late_subscription_is_told_at_once_by_day_only(database: Database) -> None:
    evening = berlin("2026-03-14 21:00")
    async with database.begin() as session:
        row = await enter(session, call(), START)
        await subscribe(session, row.number, await someone(session), evening)
        assert await told(session, evening) == []
        assert await told(session, berlin("2026-03-15 07:59")) == []
        assert await told(session, berlin("2026-03-15 08:00")) == [(ANNA, [("Aufruf STABIL", 7, True)])]
        key = await session.scalar(select(Letter.key))
        assert key == "reminder:11:2026-03-15:late:1.1.7"


async def test_after_an_outage_only_the_newest_step_goes(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        await record_everything_before(session, row, await someone(session))
        assert await told(session, berlin("2026-03-18 11:00")) == [(ANNA, [("Aufruf STABIL", 3, True)])]
        assert await told(session, berlin("2026-03-20 11:59")) == [(ANNA, [("Aufruf STABIL", 1, True)])]
        row_left = await session.get_one(Subscription, (row.number, ANNA))
        assert row_left.next_at is None


async def test_subscribing_twice_is_one_and_ending_silences(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        who = await someone(session)
        assert await subscribe(session, row.number, who, START)
        assert not await subscribe(session, row.number, who, START)
        assert [one.number for one in await subscribed(session, who, START)] == [row.number]
        assert await end_subscription(session, row.number, ANNA, "done", START)
        assert not await end_subscription(session, row.number, ANNA, "muted", START)
        assert await subscription(session, row.number, ANNA) is None
        assert await subscribed(session, who, START) == []
        assert await told(session, berlin("2026-03-13 09:00")) == []


async def test_who_comes_back_does_not_hear_a_step_again(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        who = await someone(session)
        await record_everything_before(session, row, who)
        await end_subscription(session, row.number, ANNA, "muted", START)
        assert await subscribe(session, row.number, who, START)
        assert await told(session, START) == []
        resumed = await subscription(session, row.number, ANNA)
        assert resumed is not None
        assert resumed.ended_as is None
        assert resumed.next_at == berlin("2026-03-06 09:00")


async def test_a_moved_deadline_is_armed_anew(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        await record_everything_before(session, row, await someone(session))
        moved = berlin("2026-03-27 12:00")
        revision = await revise(session, row.number, {"due_at": moved, "title": row.title}, START, told=True)
        assert revision.changes == (Change("due_at", berlin("2026-03-20 12:00"), moved),)
        assert revision.deadline.revision == 2
        assert await told(session, berlin("2026-03-06 09:00")) == []
        assert await told(session, berlin("2026-03-13 09:00")) == [(ANNA, [("Aufruf STABIL", 14, False)])]


async def test_a_move_nobody_was_told_of_is_told_by_the_newest_step(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        await record_everything_before(session, row, await someone(session))
        await revise(session, row.number, {"due_at": berlin("2026-03-04 12:00")}, START, told=False)
        assert await told(session, START) == [(ANNA, [("Aufruf STABIL", 3, True)])]


async def test_a_new_title_repeats_no_step(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        await record_everything_before(session, row, await someone(session))
        revision = await revise(session, row.number, {"title": "Aufruf STABIL II"}, START, told=False)
        assert revision.deadline.revision == 2
        assert await told(session, START) == []
        assert await told(session, berlin("2026-03-06 09:00")) == [(ANNA, [("Aufruf STABIL II", 14, False)])]


async def test_no_change_is_no_revision(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        same = await revise(session, row.number, call(), START, told=True)
        assert same.changes == ()
        assert same.deadline.revision == 1
        with pytest.raises(Unknown):
            await revise(session, 99, call(), START, told=True)


async def test_a_cancelled_deadline_is_silent_and_can_come_back(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        who = await someone(session)
        await record_everything_before(session, row, who)
        assert (await cancel(session, row.number, START)).changes == (Change("status", "", "abgesagt"),)
        assert await told(session, berlin("2026-03-13 09:00")) == []
        assert await open_deadlines(session, START, who) == []
        with pytest.raises(Withdrawn):
            await subscribe(session, row.number, who, START)
        await revise(session, row.number, {"status": ""}, berlin("2026-03-13 10:00"), told=True)
        assert await told(session, berlin("2026-03-17 09:00")) == [(ANNA, [("Aufruf STABIL", 3, False)])]


async def test_what_is_over_takes_no_subscription(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(shift=True, due="2026-03-21 12:00"), START)
        who = await someone(session)
        assert [one.number for one in await open_deadlines(session, berlin("2026-03-23 11:59"), who)] == [row.number]
        assert await open_deadlines(session, berlin("2026-03-23 12:00"), who) == []
        with pytest.raises(Late):
            await subscribe(session, row.number, who, berlin("2026-03-23 12:00"))
        with pytest.raises(Unknown):
            await subscribe(session, 99, who, START)


async def test_the_list_is_by_date_and_by_area(database: Database) -> None:
    async with database.begin() as session:
        for title, due, areas in [("far", "2026-06-01 12:00", ["A"]), ("near", "2026-03-10 12:00", ["A", "C"])]:
            await enter(session, call(title, due, areas=areas), START)
        who = await someone(session)
        assert [one.title for one in await open_deadlines(session, START, who)] == ["near", "far"]
        assert [one.title for one in await open_deadlines(session, START, who, area="C")] == ["near"]


async def test_a_sponsors_deadline_is_for_that_sponsor_alone(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(audience="traeger:Lernwerk gGmbH"), START)
        ours, other = await sponsor(session, ANNA, "Lernwerk gGmbH"), await sponsor(session, BEN, "Anderes Werk")
        assert await deadline(session, row.number, ours) is row
        assert await open_deadlines(session, START, other) == []
        with pytest.raises(Unknown):
            await deadline(session, row.number, other)
        with pytest.raises(Unknown):
            await subscribe(session, row.number, other, START)
        await subscribe(session, row.number, ours, START)
        assert await subscribers(session, row) == [ANNA]


async def test_who_may_see_it_no_more_is_not_reminded(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(audience="traeger:Lernwerk gGmbH"), START)
        await subscribe(session, row.number, await sponsor(session, ANNA, "Lernwerk gGmbH"), START)
        due = await due_reminders(session, START)
        letter = await post(session, NewLetter("k", "reminder", ANNA), START)
        assert letter is not None
        await record_steps(session, due[0], letter, START)
        assert len(await standing_steps(session, letter, START)) == 1
        (await session.scalars(select(Membership))).one().ended_at = START
        await session.flush()
        assert await standing_steps(session, letter, START) == []
        assert await subscribers(session, row) == []
        assert await told(session, berlin("2026-03-06 09:00")) == []


async def test_a_letter_that_waited_says_only_what_still_holds(database: Database) -> None:
    names = ["stands", "done", "moved", "cancelled", "over"]
    nine = berlin("2026-03-13 09:00")
    async with database.begin() as session:
        who = await someone(session)
        for name in names:
            row = await enter(session, call(name, "2026-03-14 12:00" if name == "over" else "2026-03-20 12:00"), START)
            await subscribe(session, row.number, who, START)
        await told(session, START)
        await told(session, nine)
        letter = await session.scalar(select(Letter.id).where(Letter.key == "reminder:11:2026-03-13"))
        assert letter is not None
        assert {one.deadline.title for one in await standing_steps(session, letter, nine)} == set(names)
        await end_subscription(session, 2, ANNA, "done", nine)
        await revise(session, 3, {"due_at": berlin("2026-03-23 12:00")}, nine, told=True)
        await cancel(session, 4, nine)
        left = await standing_steps(session, letter, berlin("2026-03-14 12:00"))
        assert [(one.deadline.title, one.lead, one.late) for one in left] == [("stands", 7, False)]


async def test_who_cannot_be_reached_is_not_written_to(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        await subscribe(session, row.number, await someone(session), START)
        account = await ensure_account(session, ANNA, "de", START)
        account.reachable = False
        await session.flush()
        assert await told(session, START) == []
        account.reachable = True
        await session.flush()
        assert await told(session, START + UNREACHABLE_FOR) == [(ANNA, [("Aufruf STABIL", 30, True)])]


async def test_other_holidays_arm_anew(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(due="2026-06-05 12:00", leads=[1]), START)  # the day after Corpus Christi
        await subscribe(session, row.number, await someone(session), START)
        armed = await session.get_one(Subscription, (row.number, ANNA))
        assert armed.next_at == berlin("2026-06-04 09:00")
        session.add(Office(id=1, name="Büro", contact="", holiday_region="DE-BY"))
        await session.flush()
        await rearm_all(session, START)
        assert armed.next_at == berlin("2026-06-03 09:00")


async def test_the_same_step_is_never_stored_twice(database: Database) -> None:
    async with database.begin() as session:
        row = await enter(session, call(), START)
        await subscribe(session, row.number, await someone(session), START)
        reminder = (await due_reminders(session, START))[0]
        for key in ("one", "two"):
            letter = await post(session, NewLetter(key, "reminder", ANNA), START)
            assert letter is not None
            await record_steps(session, reminder, letter, START)
        assert len((await session.scalars(select(Step))).all()) == 1
        assert row.entered_at.tzinfo is UTC
