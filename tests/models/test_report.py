"""Reports: periods and medians as rules; every figure against a slow recount of small random worlds, on both stores."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median as middle

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.ballot.rows import Vote
from models.base import Database
from models.broadcast.rows import Broadcast
from models.calendar import Calendar
from models.deadline.rows import Subscription
from models.member import Account, Membership, Person
from models.question.rows import OfficeQuestion
from models.report import Figures, report_of
from models.report.deadlines import Kept
from models.report.periods import Period, month, month_of, quarter, quarter_of, read_spelled
from models.report.questions import AskedFigures
from models.report.reach import Reach, Reached
from models.report.rows import Asked, count_asked
from models.report.rules import Share, few, in_time, median, told_apart
from tests.auxil.report_recount import Recount, soon
from tests.auxil.report_world import BERLIN, Maker, World, furnish, midnight

CALENDAR = Calendar()
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


# --- periods


@given(DAYS)
def test_every_day_lies_in_one_month_and_one_quarter(day: date) -> None:
    for period in (month_of(day), quarter_of(day)):
        assert period.holds(day)
        assert not period.before.holds(day)
        assert period.before.following == period.first
        assert period.before.moved(1) == period
        assert read_spelled(period.spelled) == period
    assert quarter_of(day).quarter == (day.month + 2) // 3
    assert {month_of(quarter_of(day).first + timedelta(days=31 * n)).month for n in range(3)} == {
        quarter_of(day).month + n for n in range(3)
    }


@given(DAYS)
def test_a_period_is_from_midnight_to_midnight_on_the_offices_clock(day: date) -> None:
    for period in (month_of(day), quarter_of(day)):
        since, until = period.instants(CALENDAR)
        assert (since, until) == (midnight(period.first), midnight(period.following))
        assert since.astimezone(BERLIN).date() == period.first
        assert (until - timedelta.resolution).astimezone(BERLIN).date() == period.following - timedelta(days=1)


def test_the_months_in_which_the_clocks_change_are_an_hour_shorter_and_longer() -> None:
    lengths = [Period(2026, number).instants(CALENDAR) for number in (3, 10)]
    hours = [(until - since) / timedelta(hours=1) for since, until in lengths]
    assert hours == [31 * 24 - 1, 31 * 24 + 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-0",
        "2026-01",
        "2026-q5",
        "2026-q0",
        "q1-2026",
        "1999-1",
        "2026-q1 ",
        "２０２６-1",
        "2026-1-1",
        "99999-1",
    ],
)
def test_a_forged_period_is_none(text: str) -> None:
    assert read_spelled(text) is None
    assert month(1999, 1) is quarter(2026, 5) is None


# --- rules


@given(st.lists(st.timedeltas(timedelta(days=-400), timedelta(days=400))))
@example(
    [timedelta(microseconds=-1), timedelta(days=1)]
)  # which are rounded where one of them stands, and not to their middle
def test_the_median_is_the_one_in_the_middle(spans: list[timedelta]) -> None:
    assert median(spans) == (middle(spans) if spans else None)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is given beside
    st.timedeltas(timedelta(), timedelta(days=9)),
)
def test_two_working_days_end_at_the_clock_time_at_which_they_began(handed: datetime, later: timedelta) -> None:
    local = handed.astimezone(BERLIN)
    # Of an hour that the change of the clocks skips or repeats nobody can say.
    if local.utcoffset() == (local + timedelta(days=9)).utcoffset() and local.hour != 2:
        assert in_time(handed, handed + later, CALENDAR) == soon(handed, handed + later)


def test_shares_and_small_numbers() -> None:
    assert Share(3, 4) + Share(1, 4) == Share(4, 8)
    assert Share(4, 8).fraction == 0.5
    assert Share(0, 0).fraction is None
    assert [one for one in range(6) if few(one)] == [1, 2]
    assert told_apart({"A": 3, "B": 2}, {"B": 1, "C": 9}) == ["A", "C"]


# --- the figures


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), day=st.dates(date(2026, 1, 1), date(2026, 12, 31)))
async def test_every_figure_is_that_of_a_recount(database: Database, seed: int, day: date) -> None:
    random = Random(seed)  # noqa: S311 - a world, no secret
    period = random.choice([month_of, quarter_of])(day)
    edges = [midnight(one) for one in (period.before.first, period.first, period.following)]
    now = random.choice([edges[2] + timedelta(days=9), midnight(day) + timedelta(hours=9)])
    world = Maker(random, edges).world
    async with database.read() as session:  # which takes the world out of the store again
        await furnish(session, world)
        report = await report_of(session, period, now)
    assert report.running == period.holds(now.astimezone(BERLIN).date())
    begun = began(world)
    assert report.begun_at == begun
    for figures, of in ((report.figures, period), (report.before, period.before)):
        recount = Recount(world, of.first, of.following, now)
        if begun >= recount.until:
            assert figures is None
            continue
        assert figures is not None
        same_votes(figures, recount)
        same_meetings(figures, recount)
        same_questions(figures, recount)
        same_deadlines(figures, recount)
        same_broadcasts(figures, recount)
        assert figures.newcomers == sum(recount.inside(one["first_seen"]) for one in world[Account])
    same_reach(report.reach, world)


def began(world: World) -> datetime:
    """The earliest trace of anybody."""
    columns = {Account: "first_seen", Broadcast: "made_at", Vote: "opened_at", OfficeQuestion: "asked_at"}
    traces = [one[column] for table, column in columns.items() for one in world[table] if one[column]]
    return min([*traces, *(midnight(one["day"]) for one in world[Asked])])


def same_votes(figures: Figures, recount: Recount) -> None:
    found = recount.votes()
    assert {one.number: (one.turnout.part, one.turnout.whole) for one in figures.votes.votes} == found
    together = Share(sum(did for did, _ in found.values()), sum(could for _, could in found.values()))
    assert figures.votes.turnout == together
    assert sum((share for _, share in figures.votes.by_kind.values()), Share(0, 0)) == together
    assert figures.votes.cancelled == sum(recount.inside(one["cancelled_at"]) for one in recount.world[Vote])
    spans = recount.spans_to_ballot()
    assert figures.votes.until_cast == (middle(spans) if spans else None)


def same_meetings(figures: Figures, recount: Recount) -> None:
    held = {one["number"]: one for one in recount.held()}
    assert {one.number for one in figures.meetings.meetings} == set(held)
    for one in figures.meetings.meetings:
        meeting = held[one.number]
        seats, stays = recount.seats(meeting), recount.stays(meeting)
        assert (one.invited, one.answered) == (len(seats), sum(seat["answer"] is not None for seat in seats))
        there = {stay["mandate_id"] for stay in stays if stay["mandate_id"]}
        assert one.present == (len(there) if stays else None)
        assert one.quorum == recount.quorum(meeting)
    known = [one for one in held.values() if recount.stays(one)]
    wanted = None if held and not known else Share(sum(bool(recount.quorum(one)) for one in known), len(known))
    assert figures.meetings.quorate == wanted


def same_questions(figures: Figures, recount: Recount) -> None:
    questions, rows = figures.questions, recount.world[OfficeQuestion]
    rated = Counter(one["helpful"] for one in rows if recount.inside(one["asked_at"]))
    assert (questions.helpful, questions.not_helpful) == (rated[True], rated[False])
    answers = recount.answers()
    times = sorted(at - handed for handed, at in answers if at)
    assert (questions.office.handed, sorted(questions.office.times)) == (len(answers), times)
    assert questions.office.median == (middle(times) if times else None)
    assert questions.office.soon == Share(sum(soon(handed, at) for handed, at in answers if at), len(times))
    days = [one["day"] for one in recount.world[Asked]]
    if not days or min(days) >= recount.following:
        assert questions.asked is None
        return
    assert questions.asked is not None
    same_asked(questions.asked, recount)


def same_asked(asked: AskedFigures, recount: Recount) -> None:
    rows = recount.asked()
    total = sum(one["number"] for one in rows)
    assert asked.asked == total == sum(asked.topics.values())
    assert asked.without_area == sum(one["number"] for one in rows if not one["areas"])
    for area in "AC":
        assert asked.areas.get(area, 0) == sum(one["number"] for one in rows if area in one["areas"])
    assert asked.refused == sum(one["number"] for one in rows if one["finding"] in {"confidential", "personal data"})
    assert asked.since == max(recount.first, min(one["day"] for one in recount.world[Asked]))


def same_deadlines(figures: Figures, recount: Recount) -> None:
    kinds = ("reminder", "vote_reminder", "meeting_reminder", "meeting_eve")
    sent = Counter(one["kind"] for one in recount.letters(*kinds))
    assert dict(figures.deadlines.messages) == dict(sent)
    assert dict(figures.deadlines.steps) == dict(recount.steps())
    ended: Counter[str] = Counter()
    kept = Kept()
    for row, due in recount.ended():
        ended[row["kind"]] += 1
        mine = [one for one in recount.world[Subscription] if one["deadline_number"] == row["number"]]
        done = [one["ended_at"] <= due for one in mine if one["ended_as"] == "done"]
        muted = sum(one["ended_as"] == "muted" for one in mine)
        kept += Kept(1, len(mine), sum(done), len(done) - sum(done), muted)
    assert {kind: one.deadlines for kind, one in figures.deadlines.by_kind.items()} == dict(ended)
    assert figures.deadlines.ended == kept


def same_broadcasts(figures: Figures, recount: Recount) -> None:
    sent, found = recount.broadcasts(), figures.broadcasts
    fates = Counter(fate for one in sent for fate, _ in recount.copies(one))
    assert (found.sent, dict(found.fates)) == (len(sent), dict(fates))
    asked = [read for one in sent if one["asks_read"] for fate, read in recount.copies(one) if fate == "delivered"]
    assert found.read == Share(sum(asked), len(asked))
    assert found.withdrawn == sum(one["withdrawn_at"] is not None for one in sent)
    assert found.corrected == sum(len(one["revisions"]) > 1 for one in sent)


def same_reach(found: Reach, world: World) -> None:
    lets_in = {one["telegram_id"]: one["reachable"] for one in world[Account]}
    listed: dict[str, set[int]] = {"": set()}
    for one in world[Membership]:
        if one["ended_at"] is None:
            listed.setdefault(one["role"], set()).add(one["person_id"])
            listed[""].add(one["person_id"])
    accounts = {one["id"]: one["telegram_id"] for one in world[Person]}

    def reached(people: set[int]) -> Reached:
        mine = [accounts[one] for one in people if accounts[one]]
        return Reached(len(people), len(mine), sum(lets_in[one] for one in mine))

    assert found.lists == reached(listed.pop(""))
    assert dict(found.by_role) == {role: reached(people) for role, people in listed.items()}
    on_lists = {accounts[one] for people in listed.values() for one in people}
    others = [one for one in lets_in if one not in on_lists]
    assert (found.others, found.others_reachable) == (len(others), sum(lets_in[one] for one in others))


async def test_counting_adds_up_and_an_empty_store_knows_nothing(database: Database) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with database.read() as session:
        empty = await report_of(session, month_of(now.date()), now)
    assert empty.figures is empty.before is empty.begun_at is None
    async with database.begin() as session:
        for areas in ("C", "C", ""):
            await count_asked(session, now.date(), "answer", "area", areas)
        found = await report_of(session, month_of(now.date()), now)
        ahead = await report_of(session, month_of(now.date()).moved(1), now)
    assert found.figures is not None
    assert found.figures.questions.asked is not None
    assert (found.figures.questions.asked.asked, found.figures.questions.asked.areas["C"]) == (3, 2)
    assert found.before is None
    assert ahead.figures is None
