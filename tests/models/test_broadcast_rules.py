"""Rundrufe: to whom, what became of each, how far it is. Pure rules, held against Hypothesis."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.broadcast.rows import Broadcast
from models.broadcast.rules import (
    EVERYONE,
    ROLES,
    Candidate,
    Fate,
    Standing,
    Tally,
    chosen,
    fate_of,
    is_deletable,
    may_begin,
    seconds_left,
    toggled,
    values,
)
from models.member import Role
from models.outbox import LetterState

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BODIES = (1, 2)
MARKS = [
    *(f"body:{one}" for one in BODIES),
    *(f"role:{one}" for one in ROLES),
    "area:A",
    "area:B",
    "silent:vote:1",
    "silent:meeting:2",
]
standings = st.builds(
    lambda role, body: Standing(role, None if role in {Role.SPONSOR, Role.STAFF} else body),
    st.sampled_from(list(Role)),
    st.sampled_from(BODIES),
)
people = st.builds(
    Candidate,
    st.integers(1, 8),
    st.none() | st.integers(100, 108),
    st.booleans(),
    st.lists(standings, min_size=1, max_size=3).map(tuple),
    st.frozensets(st.sampled_from("AB")),
    st.frozensets(st.sampled_from(["vote:1", "meeting:2"])),
)
accounts = st.builds(
    Candidate, st.none(), st.integers(200, 204), st.booleans(), st.just(()), st.frozensets(st.sampled_from("AB"))
)
candidates = st.lists(people | accounts, max_size=12)
some_marks = st.lists(st.sampled_from(MARKS), unique=True)


@given(some_marks | st.just([EVERYONE]), candidates)
def test_nobody_gets_it_twice(marks: list[str], found: list[Candidate]) -> None:
    meant = chosen(marks, found)
    people_once = [one.person_id for one in meant if one.person_id is not None]
    accounts_once = [one.telegram_id for one in meant if one.telegram_id is not None]
    assert len(people_once) == len(set(people_once))
    assert len(accounts_once) == len(set(accounts_once))
    assert set(meant) <= set(found)


@given(candidates)
def test_all_are_those_on_the_lists_and_nothing_ticked_is_nobody(found: list[Candidate]) -> None:
    meant = chosen([EVERYONE], found)
    assert all(one.standings for one in meant)
    reached = {one.person_id for one in meant} | {one.telegram_id for one in meant}
    assert all({one.person_id, one.telegram_id} & reached for one in found if one.standings)
    assert chosen([], found) == []


@given(some_marks, st.sampled_from(MARKS), candidates)
def test_a_tick_adds_within_its_kind_and_narrows_among_the_kinds(
    marks: list[str], mark: str, found: list[Candidate]
) -> None:
    """One by one, since who is left out as a double depends on the others."""
    kind = mark.partition(":")[0]
    for one in found:
        before, after = chosen(marks, [one]), chosen(sorted({*marks, mark}), [one])
        if values(marks, kind) or not marks:
            assert set(before) <= set(after)
        # Sponsors belong to no body: to tick them besides bodies and other roles can only add.
        elif kind != "role" or values([mark], kind) != {Role.SPONSOR}:
            assert set(after) <= set(before)


@given(some_marks, candidates)
def test_each_kind_is_met(marks: list[str], found: list[Candidate]) -> None:
    bodies, roles = {int(one) for one in values(marks, "body")}, values(marks, "role")
    for one in chosen(marks, found):
        held = {(Role.ADVISER if each.role == Role.GUEST else each.role, each.body_id) for each in one.standings}
        assert not bodies or any(body in bodies or role == Role.SPONSOR for role, body in held)
        assert not roles or any(role in roles for role, _ in held)
        assert not values(marks, "area") or values(marks, "area") & one.areas
        assert not values(marks, "silent") or values(marks, "silent") & one.silent


def test_sponsors_are_not_narrowed_by_a_body_but_not_meant_by_it_either() -> None:
    sponsor, member = Candidate(1, 1, True, (Standing("traeger"),)), Candidate(2, 2, True, (Standing("mitglied", 1),))
    assert chosen(["body:1"], [sponsor, member]) == [member]
    assert chosen(["body:1", "role:traeger"], [sponsor, member]) == [sponsor]
    assert chosen(["body:1", "role:traeger", "role:mitglied"], [sponsor, member]) == [sponsor, member]


@given(some_marks, st.sampled_from(MARKS))
def test_ticking_twice_is_not_ticking(marks: list[str], mark: str) -> None:
    assert toggled(toggled(marks, mark), mark) == sorted(marks)
    assert (mark in toggled(marks, mark)) != (mark in marks)
    assert EVERYONE not in toggled([EVERYONE], mark)


# --- how far


@given(st.integers(0, 5000), st.integers(0, 300), st.floats(0, 10), st.floats(1, 30))
def test_what_is_left_takes_no_less_than_the_limiter_allows(left: int, recent: int, span: float, rate: float) -> None:
    seconds = seconds_left(left, recent, span, rate)
    assert seconds >= int(left / rate)
    assert seconds_left(left + 1, recent, span, rate) >= seconds
    assert (left == 0) <= (seconds == 0)


def test_the_example_of_the_storyboard() -> None:
    assert seconds_left(480 - 312, 250, 10, 25) == 6
    assert seconds_left(480 - 312, 0, 0, 25) == 6
    assert seconds_left(100, 50, 10, 25) == 20


STATES = [None, *LetterState]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("error", [None, "Forbidden", "BadRequest", "TimedOut"])
def test_whoever_has_read_it_has_got_it(state: str | None, error: str | None) -> None:
    assert fate_of(state, error, read=True) is Fate.DELIVERED
    assert fate_of(state, error, read=False) in Fate


@given(st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from([None, "Forbidden", "BadRequest"]))))
def test_the_figures_of_a_report_add_up(letters: list[tuple[str | None, str | None]]) -> None:
    counted = Tally(Counter(fate_of(state, error, read=False) for state, error in letters))
    assert counted.recipients == len(letters)
    assert counted.settled == sum(state not in {"waiting", "claimed"} for state, _ in letters)


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({}, True),
        ({"starts_at": NOW}, True),
        ({"starts_at": NOW + timedelta(seconds=1)}, False),
        ({"needs_release": True}, False),
        ({"needs_release": True, "released_at": NOW}, True),
        ({"paused_at": NOW}, False),
        ({"withdrawn_at": NOW}, False),
        ({"started_at": NOW}, False),
    ],
)
def test_it_begins_once_nothing_stands_in_its_way(changes: dict[str, object], begins: bool) -> None:
    assert may_begin(Broadcast(**changes), NOW) is begins


def test_a_message_can_be_deleted_for_48_hours() -> None:
    assert is_deletable(NOW - timedelta(hours=48) + timedelta(seconds=1), NOW)
    assert not is_deletable(NOW - timedelta(hours=48), NOW)
    assert not is_deletable(None, NOW)
