import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text

from handlers.callbacks import CastTap
from models import deadline, inbox
from models.actor import actor
from models.ballot.casting import Said, cast
from models.ballot.rows import Ballot, Vote
from models.ballot.rules import Choice
from models.base import Database, open_database
from models.heartbeat import Heartbeat
from models.inbox import Arrival
from models.locks import stamp_in_order
from models.meeting import acts as meetings
from models.meeting.rules import MeetingPlan
from models.outbox import Letter
from scheduler import planner
from scheduler.planner import plan
from tests.auxil.clock import Clock, settle
from tests.auxil.party import JENS, KARL, STAFF, VERA, Party, found_office
from tests.auxil.voting import CLOSES, enter_vote

BERLIN = ZoneInfo("Europe/Berlin")
# What is due when is the same on both stores.
SQLITE_ALONE = pytest.mark.parametrize("kind", ["sqlite"])
TICK = timedelta(seconds=5)


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[misc,arg-type]  # year to minute


async def the_vote(party: Party, number: int = 1) -> Vote:
    async with party.database.read() as session:
        return await session.get_one(Vote, number)


async def posted(party: Party, kind: str) -> list[int]:
    return sorted(one.telegram_id for one in await party.rows(Letter) if one.kind == kind)


async def subscribe(party: Party, due: datetime, leads: list[int]) -> None:
    entry: deadline.Entry = {"title": "Aufruf", "kind": "Aufruf", "due_at": due, "leads": leads}
    async with party.database.begin() as session:
        row = await deadline.enter(session, entry, party.clock.now)
        await deadline.subscribe(session, row.number, await actor(session, VERA), party.clock.now)


async def invite(party: Party, start: datetime) -> None:
    async with party.database.begin() as session:
        staff = await actor(session, STAFF)
        meeting = await meetings.enter(session, MeetingPlan(1, "S", start, start + timedelta(hours=1), "R", ""), staff)
        await meetings.invite(session, meeting.number, staff, party.clock.now)


# --- a tick


async def test_a_second_tick_changes_nothing(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await enter_vote(party.database, party.clock.now, closes=party.clock.now + timedelta(days=1))
    await invite(party, party.clock.now + timedelta(days=8))
    await subscribe(party, party.clock.now + timedelta(days=9), [30, 7])
    for minutes in (0, 595, 815, 30, 1440, 1440):
        party.clock.advance(minutes=minutes)
        await party.tick()
        before, calls = await party.state(), len(party.telegram.calls)
        await party.tick()
        assert await party.state() == before
        assert len(party.telegram.calls) == calls
    kinds = {one.kind for one in await party.rows(Letter)}
    assert kinds >= {"vote", "vote_reminder", "result", "invitation", "meeting_reminder", "reminder"}


async def test_what_cannot_be_planned_keeps_nothing_else_from_it(
    party: Party, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(planner, "ACTS", (broken, *planner.ACTS, broken))
    await enter_vote(party.database, party.clock.now)
    party.clock.jump(CLOSES)
    await party.tick()
    assert (await the_vote(party)).closed_at == CLOSES
    assert "Planning (broken) failed" in caplog.text
    assert party.telegram.texts(VERA)


async def test_two_planners_at_once_post_everything_once(postgres_url: str, clock: Clock) -> None:
    first, second = open_database(postgres_url), open_database(postgres_url)
    await found_office(first, clock.now)
    for _ in range(3):
        await enter_vote(first, clock.now)
    async with first.begin() as session:
        for number in range(3):
            row = await deadline.enter(
                session,
                {"title": str(number), "kind": "Aufruf", "due_at": clock.now + timedelta(days=8), "leads": [7]},
                clock.now,
            )
            for who in (VERA, JENS, KARL):
                await deadline.subscribe(session, row.number, await actor(session, who), clock.now)
    shortly_before = CLOSES - timedelta(minutes=30)  # a sign of life, so that the closing falls into no outage
    for moment in (berlin(2026, 11, 25, 9), CLOSES - timedelta(hours=24), shortly_before, CLOSES):
        await asyncio.gather(plan(first, moment), plan(second, moment), plan(first, moment))
    async with first.read() as session:
        rows = await session.execute(select(Letter.kind, func.count()).group_by(Letter.kind))
        counted = {kind: number for kind, number in rows}  # noqa: C416 - a Row is no pair
    assert counted == {"vote": 9, "vote_reminder": 18, "reminder": 3, "result": 15, "outage": 10, "week": 2}
    await first.close()
    await second.close()


async def test_two_processes_starting_at_once_beat_one_heart(
    postgres_url: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    databases = [open_database(postgres_url) for _ in range(4)]
    await asyncio.gather(*(plan(one, clock.now) for one in databases))
    async with databases[0].read() as session:
        assert (await session.scalars(select(Heartbeat.at))).all() == [clock.now]
    assert "Traceback" not in caplog.text
    for one in databases:
        await one.close()


async def test_the_end_waits_for_a_tick_at_work_and_no_other_begins(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, gate, ticks = asyncio.Event(), asyncio.Event(), []

    async def slow() -> None:
        ticks.append(1)
        going.set()
        await gate.wait()

    monkeypatch.setattr(party.assistant, "plan", slow)
    tick = asyncio.create_task(party.assistant._safe_tick())
    await going.wait()
    ending = asyncio.create_task(party.assistant.stop())
    await settle()
    assert not ending.done()
    await party.assistant._safe_tick()
    gate.set()
    await asyncio.gather(tick, ending)
    assert len(ticks) == 1


# --- a vote opens and closes


async def test_a_vote_closes_at_its_second_whenever_the_tick_comes(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    party.clock.jump(CLOSES - timedelta.resolution)
    await party.tick()
    assert (await the_vote(party)).closed_at is None
    party.clock.jump(CLOSES + timedelta(seconds=4))
    await party.tick()
    assert (await the_vote(party)).closed_at == CLOSES


async def test_a_vote_opens_at_its_second_and_takes_no_tap_before(party: Party) -> None:
    opens = party.clock.now + timedelta(hours=1)
    await enter_vote(party.database, party.clock.now, opens=opens)
    party.clock.jump(opens - timedelta.resolution)
    await party.tick()
    assert (await the_vote(party)).opened_at is None
    party.clock.jump(opens)
    await party.tick()
    assert await posted(party, "vote") == [VERA, JENS, KARL]
    await party.tap(VERA, "Ja")
    assert len(await party.rows(Ballot)) == 1


async def test_a_vote_waits_for_every_update_received_before_its_closing(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    await party.deliver()
    party.clock.jump(CLOSES - timedelta.resolution)
    party.assistant.intake.stopping = True  # stored, and not worked off
    await party.assistant.intake.take([party.telegram.tap(VERA, "Ja")])
    party.clock.jump(CLOSES)
    await party.assistant.intake.take([party.telegram.tap(JENS, "Ja")])
    party.clock.advance(minutes=5)
    await party.tick()
    assert (await the_vote(party)).closed_at is None
    await party.restart()
    await party.assistant.intake.replay()
    await party.assistant.intake.idle()
    await party.assistant.intake.settle()
    await party.tick()
    vote = await the_vote(party)
    assert vote.closed_at == CLOSES
    assert vote.result is not None
    assert (vote.result["tally"]["yes"], vote.result["tally"]["no"]) == (1, 0)
    assert "Die Abstimmung ist beendet." in " ".join(party.telegram.toasts())


async def test_an_update_stamped_but_not_stored_yet_holds_the_closing(party: Party) -> None:
    await enter_vote(party.database, party.clock.now)
    late = Arrival(5, VERA, CLOSES, "message", "{}")
    async with party.database.begin() as session:
        stamp = await stamp_in_order(session, lambda: CLOSES - timedelta.resolution)
        closing = asyncio.create_task(plan(party.database, CLOSES))
        await _blocked(party.database)
        await inbox.take_in(session, [Arrival(4, VERA, stamp, "message", "{}"), late])
    await closing
    assert (await the_vote(party)).closed_at is None
    async with party.database.begin() as session:
        await inbox.mark_done(session, [4])
    await plan(party.database, CLOSES)
    assert (await the_vote(party)).closed_at == CLOSES
    async with party.database.begin() as session:
        await inbox.mark_done(session, [5])


async def _blocked(database: Database) -> None:
    """Wait until somebody waits for a lock."""
    await settle()
    while database.shared:
        async with database.read() as session:
            if await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return


async def test_of_two_taps_at_once_the_later_one_stands_whichever_commits_first(party: Party) -> None:
    """A mandate's two taps may be worked off by two processes; the older one must not read what was before both."""
    number = await enter_vote(party.database, party.clock.now)
    async with party.database.begin() as session:
        mandate = (await actor(session, VERA)).standings[0].mandate_id
    assert mandate is not None

    async def vera_says(choice: Choice, update_id: int) -> None:
        async with party.database.begin() as session:
            await cast(session, Said(number, mandate, choice, party.clock.now, update_id), await actor(session, VERA))

    await vera_says(Choice.ABSTAIN, 10)
    async with party.database.begin() as session:
        who = await actor(session, VERA)
        await cast(session, Said(number, mandate, Choice.YES, party.clock.now, 30), who)
        older = asyncio.create_task(vera_says(Choice.NO, 20))
        await _blocked(party.database)
    await older
    [ballot] = await party.rows(Ballot)
    assert (ballot.choice, ballot.update_id) == ("yes", 30)


async def test_chats_worked_off_out_of_order_leave_a_complete_vote_consistent(party: Party) -> None:
    """Invariants are looked at in the end: no ballot may have come after what closed its vote."""
    number = await enter_vote(party.database, party.clock.now, when_all=True)
    async with party.database.begin() as session:
        seats = {who: (await actor(session, who)).standings[0].mandate_id for who in (VERA, JENS, KARL)}
    start = party.clock.now
    taps = [(VERA, Choice.YES, 0), (JENS, Choice.NO, 9), (KARL, Choice.YES, 5), (VERA, Choice.NO, 3)]
    for update_id, (who, choice, second) in enumerate(taps):
        async with party.database.begin() as session:
            at = start + timedelta(seconds=second)
            who_acts, seat = await actor(session, who), seats[who]
            assert seat is not None
            await cast(session, Said(number, seat, choice, at, update_id), who_acts)
    assert (await the_vote(party)).complete_at == start + timedelta(seconds=9)
    party.clock.advance(seconds=10)
    await party.tick()
    vote = await the_vote(party)
    assert vote.closed_at == start + timedelta(seconds=9)
    assert vote.result is not None
    assert (vote.result["tally"]["yes"], vote.result["tally"]["no"]) == (1, 2)


async def test_a_change_in_the_batch_that_completes_a_vote_still_counts(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, when_all=True)
    await party.deliver()
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Ja")
    await party.hear(party.telegram.tap(KARL, "Ja"), party.telegram.tap(VERA, "Nein"))
    party.clock.advance(seconds=1)
    await party.tick()
    vote = await the_vote(party)
    assert vote.result is not None
    assert (vote.result["tally"]["yes"], vote.result["tally"]["no"]) == (2, 1)


# --- reminders and quiet hours


@SQLITE_ALONE
async def test_silent_mandates_are_reminded_at_half_time_a_day_and_three_hours_before(party: Party) -> None:
    start, closes = party.clock.now, party.clock.now + timedelta(days=4)  # Tuesday to Saturday, 10:00
    await enter_vote(party.database, start, closes=closes)
    await party.deliver()
    await party.tap(VERA, "Ja")
    for moment, reminded in (
        (start + timedelta(days=2) - TICK, 0),
        (start + timedelta(days=2), 1),
        (closes - timedelta(days=1) - TICK, 1),
        (closes - timedelta(days=1), 2),
        # Three hours before would be 7:00, so it goes before the night.
        (berlin(2026, 11, 27, 19, 54), 2),
        (berlin(2026, 11, 27, 19, 55), 3),
        (closes - timedelta(hours=3), 3),
        (closes, 3),
    ):
        party.clock.jump(moment)
        await party.tick()
        assert await posted(party, "vote_reminder") == sorted([JENS, KARL] * reminded), moment


@SQLITE_ALONE
async def test_a_step_on_a_sunday_goes_on_the_evening_before(party: Party) -> None:
    monday = berlin(2026, 11, 30, 10)
    await enter_vote(party.database, party.clock.now, closes=monday)
    await invite(party, berlin(2026, 12, 1, 10))
    party.clock.jump(berlin(2026, 11, 28, 19, 54))
    await party.tick()
    before = len(await posted(party, "vote_reminder")), len(await posted(party, "meeting_reminder"))
    party.clock.jump(berlin(2026, 11, 28, 19, 55))
    await party.tick()
    now = len(await posted(party, "vote_reminder")), len(await posted(party, "meeting_reminder"))
    assert now[0] == before[0] + 3
    assert now[1] > before[1]
    for moment in (berlin(2026, 11, 29, 10), berlin(2026, 11, 30, 7)):
        party.clock.jump(moment)
        await party.tick()
    assert (len(await posted(party, "vote_reminder")), len(await posted(party, "meeting_reminder"))) == now


@SQLITE_ALONE
async def test_a_step_held_up_by_an_outage_waits_for_the_end_of_the_night(party: Party) -> None:
    await enter_vote(party.database, party.clock.now, closes=party.clock.now + timedelta(days=2))
    await invite(party, party.clock.now + timedelta(days=7, hours=2))
    await party.tick()
    for moment, reminded in ((berlin(2026, 11, 25, 21), 0), (berlin(2026, 11, 26, 8), 3)):
        party.clock.jump(moment)
        await party.tick()
        assert len(await posted(party, "vote_reminder")) == reminded
        assert bool(await posted(party, "meeting_reminder")) is bool(reminded)


@SQLITE_ALONE
async def test_only_those_who_have_not_answered_are_reminded_of_a_meeting(party: Party) -> None:
    await invite(party, party.clock.now + timedelta(days=8))
    await party.deliver()
    await party.tap(VERA, "Zusage")
    party.clock.advance(days=1)
    await party.tick()
    reminded = await posted(party, "meeting_reminder")
    assert VERA not in reminded
    assert {JENS, KARL} <= set(reminded)


# --- the nights the clocks change


@pytest.mark.parametrize(
    ("first", "due", "most", "mornings"),
    [
        # The hour from two to three comes twice on Sunday, 25 October 2026 …
        ((2026, 10, 20), (2026, 10, 28, 12), 7, [(10, 21), (10, 22), (10, 23), (10, 26), (10, 27)]),
        # … and not at all on Sunday, 28 March 2027 (Easter: no working day from Friday to Monday).
        ((2027, 3, 22), (2027, 4, 1, 12), 9, [(3, 23), (3, 24), (3, 25), (3, 30), (3, 31)]),
    ],
)
@SQLITE_ALONE
async def test_nights_the_clocks_change_bring_each_step_once_at_nine(
    party: Party,
    first: tuple[int, int, int],
    due: tuple[int, int, int, int],
    most: int,
    mornings: list[tuple[int, int]],
) -> None:
    party.clock.jump(berlin(*first, 12))
    await subscribe(party, berlin(*due), list(range(most, 0, -1)))
    end = berlin(*due)
    while party.clock.now < end:
        night = party.clock.now.astimezone(BERLIN).hour < 10
        party.clock.advance(minutes=30 if night else 60)
        async with party.database.begin() as session:
            await planner.remind_of_deadlines(session, party.clock.now)
    found = sorted(one.posted_at.astimezone(BERLIN) for one in await party.rows(Letter))
    assert [(one.month, one.day, one.hour, one.minute) for one in found] == [(*one, 9, 0) for one in mornings]


@SQLITE_ALONE
async def test_a_vote_that_closes_in_the_hour_that_comes_twice_closes_once_at_its_instant(party: Party) -> None:
    party.clock.jump(berlin(2026, 10, 20, 12))
    closes = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second half past two
    await enter_vote(party.database, party.clock.now, closes=closes)
    await party.deliver()
    party.clock.jump(closes - timedelta(hours=1))  # the first half past two
    await party.tap(VERA, "Ja")
    await party.tick()
    assert (await the_vote(party)).closed_at is None
    party.clock.jump(closes)
    await party.tick()
    await party.hear(party.telegram.tap_data(JENS, CastTap(1, 2, "yes").pack(), party.telegram.last(JENS)))
    assert (await the_vote(party)).closed_at == closes
    assert len(await party.rows(Ballot)) == 1


@SQLITE_ALONE
async def test_planning_says_nothing_of_anybody(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "scheduler")
    await enter_vote(party.database, party.clock.now)
    party.clock.jump(CLOSES)
    await party.tick()
    said = [one.message for one in caplog.records if one.name.startswith("scheduler")]
    assert said == ["The night's cleaning: nothing was due."]
