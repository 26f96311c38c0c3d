"""When a vote is open, which tap counts, when people are reminded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ballot.rows import Vote
from models.ballot.rules import (
    Held,
    Kind,
    Phase,
    check_open,
    ends_at,
    held_where,
    is_older_tap,
    phase,
    reminders,
)
from models.charter import read_charter
from models.refusals import BallotClosed, TooEarly, Withdrawn
from tests.auxil.clock import START

OPENS, CLOSES = START, START + timedelta(days=7)
TICK = timedelta.resolution
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 24), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds are naive by Hypothesis' wish


def a_vote(**facts: Any) -> Vote:
    return Vote(opens_at=OPENS, closes_at=CLOSES, charter={}, kind=Kind.MOTION, **facts)


# --- phases


@pytest.mark.parametrize(
    ("facts", "at", "expected"),
    [
        ({}, OPENS - TICK, Phase.WAITING),
        ({}, OPENS, Phase.OPEN),
        ({}, CLOSES - TICK, Phase.OPEN),
        ({}, CLOSES, Phase.CLOSED),
        ({"complete_at": OPENS + TICK}, OPENS + TICK, Phase.OPEN),
        ({"complete_at": OPENS + TICK}, OPENS + 2 * TICK, Phase.CLOSED),
        ({"complete_at": CLOSES}, CLOSES, Phase.CLOSED),
        ({"cancelled_at": OPENS + TICK}, OPENS, Phase.OPEN),
        ({"cancelled_at": OPENS + TICK}, OPENS + TICK, Phase.CANCELLED),
        ({"cancelled_at": OPENS - TICK}, OPENS, Phase.CANCELLED),
        ({"cancelled_at": OPENS + TICK}, CLOSES, Phase.CANCELLED),
    ],
)
def test_phases_by_the_instant(facts: dict[str, Any], at: datetime, expected: Phase) -> None:
    assert phase(a_vote(**facts), at) is expected


@given(MOMENTS, st.none() | st.timedeltas(timedelta(), CLOSES - OPENS))
def test_phases_follow_one_another_and_only_the_open_one_takes_taps(at: datetime, complete: timedelta | None) -> None:
    vote = a_vote(complete_at=None if complete is None else OPENS + complete)
    now, later = phase(vote, at), phase(vote, at + TICK)
    order = [Phase.WAITING, Phase.OPEN, Phase.CLOSED]
    assert order.index(later) - order.index(now) in {0, 1}
    assert OPENS <= ends_at(vote) <= CLOSES
    refused = {Phase.WAITING: TooEarly, Phase.CLOSED: BallotClosed}.get(now)
    if refused is None:
        assert OPENS <= at <= ends_at(vote)
        check_open(vote, at)
        return
    with pytest.raises(refused):
        check_open(vote, at)


def test_a_cancelled_vote_and_one_with_a_result_take_no_tap() -> None:
    with pytest.raises(Withdrawn):
        check_open(a_vote(cancelled_at=OPENS), OPENS)
    with pytest.raises(BallotClosed):
        check_open(a_vote(closed_at=OPENS), OPENS)


# --- which of two taps is the later one


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(hours=24) - TICK), st.integers(1, 9), st.integers(1, 9))
def test_within_a_day_the_higher_id_is_the_later_tap(at: datetime, apart: timedelta, one: int, other: int) -> None:
    assert is_older_tap(one, at, other, at + apart) is (one < other)
    assert is_older_tap(one, at + apart, other, at) is (one < other)


@given(MOMENTS, st.timedeltas(timedelta(hours=24), timedelta(days=9)), st.integers(1, 9), st.integers(1, 9))
def test_beyond_a_day_arrival_decides(at: datetime, apart: timedelta, one: int, other: int) -> None:
    assert is_older_tap(one, at, other, at + apart)
    assert not is_older_tap(one, at + apart, other, at)


# --- counting, reminding, where it is held


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=60)))
def test_reminders_come_in_order_and_before_the_end(opens: datetime, lasts: timedelta) -> None:
    closes = opens + lasts
    steps = reminders(opens, closes)
    assert steps == sorted(set(steps))
    assert all(opens < at < closes for at in steps)
    assert opens + lasts / 2 in steps
    assert {at for at in (closes - timedelta(hours=24), closes - timedelta(hours=3)) if at > opens} <= set(steps)


@pytest.mark.parametrize(
    ("circular", "motion", "straw_poll"),
    [
        ("never", [Held.MEETING], [Held.MEETING]),
        ("straw poll only", [Held.MEETING], [Held.CIRCULAR, Held.MEETING]),
        ("no objection", [Held.MEETING, Held.CIRCULAR], [Held.CIRCULAR, Held.MEETING]),
        ("majority", [Held.MEETING, Held.CIRCULAR], [Held.CIRCULAR, Held.MEETING]),
    ],
)
def test_an_umlauf_only_as_the_charter_permits(circular: str, motion: list[Held], straw_poll: list[Held]) -> None:
    charter = read_charter({"circular": circular, "clause": "§ 9 GO"})
    assert list(held_where(charter, Kind.MOTION)) == motion
    assert list(held_where(charter, Kind.STRAW_POLL)) == straw_poll
