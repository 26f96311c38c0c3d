"""Results of choices, against the second reading in charter_oracle.py."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.charter import Election, ElectionTally, Line, LineKind, Outcome, draw_lot, judge_election, read_charter
from tests.models import charter_oracle
from tests.models.charter_oracle import Seat
from tests.models.charters import charters
from tests.models.test_charter import seats

OPTIONS = ("Anna", "Ben", "Cem", "Dora")
SEATS = seats(["Anna", "Anna", "Ben", "Cem", "abstain", "conflict", ""])
EASY = {"quorum": {"at_least": 1}}


def tally_of(
    found: Sequence[Seat], *, meeting: bool = False, again: bool = False, run_off: bool = False
) -> ElectionTally:
    said = [seat.word for seat in found]
    return ElectionTally(
        entitled=len(found),
        votes=tuple((name, said.count(name)) for name in OPTIONS),
        abstained=said.count("abstain"),
        excluded=said.count("conflict"),
        present=sum(seat.there and seat.word != "conflict" for seat in found) if meeting else None,
        run_off=run_off,
        second_meeting=again,
        objections=sum(seat.objects and seat.word != "conflict" for seat in found),
    )


def elect(rules: dict[str, Any], tally: ElectionTally) -> Election:
    return judge_election(read_charter(rules), tally)


def of(*votes: int, abstained: int = 0, present: int | None = None, run_off: bool = False) -> ElectionTally:
    named = tuple(zip(OPTIONS, votes, strict=False))
    return ElectionTally(10, named, abstained, 0, present=present, run_off=run_off)


@given(charters(), SEATS, st.booleans(), st.booleans(), st.booleans())
def test_the_result_is_that_of_the_second_reading(
    rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool, run_off: bool
) -> None:
    expected = charter_oracle.election(rules, OPTIONS, found, meeting=meeting, again=again, run_off=run_off)
    given_ = elect(rules, tally_of(found, meeting=meeting, again=again, run_off=run_off))
    assert given_.outcome == expected.outcome
    assert {*given_.standing, *filter(None, [given_.elected])} == expected.names
    majority = given_.line(LineKind.MAJORITY)
    if expected.majority is not None:
        assert majority is not None
        assert majority.needed == expected.majority


@given(charters(), SEATS, st.booleans(), st.booleans())
def test_it_always_ends(rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool) -> None:
    """A first ballot, a run-off, a lot: then someone is elected, or there was nobody to elect or decide."""
    charter = read_charter(rules)
    result = elect(rules, tally_of(found, meeting=meeting, again=again))
    if result.outcome is Outcome.RUN_OFF:
        assert len(result.standing) > 1
        second = tally_of(found, meeting=meeting, again=again, run_off=True)
        kept = tuple(pair for pair in second.votes if pair[0] in result.standing)
        gone = sum(count for name, count in second.votes if name not in result.standing)
        result = judge_election(charter, replace(second, votes=kept, abstained=second.abstained + gone))
    if result.outcome is Outcome.LOT:
        result = draw_lot(charter, result, result.standing[-1])
    assert result.outcome in {Outcome.ELECTED, Outcome.NO_QUORUM, Outcome.NOBODY, Outcome.TO_MEETING}
    if result.elected:
        assert dict(result.tally.votes)[result.elected] == result.tally.most > 0


@given(charters(), SEATS, st.booleans(), st.booleans(), st.data())
def test_one_vote_more_never_unseats_who_was_elected(
    rules: dict[str, Any], found: list[Seat], meeting: bool, run_off: bool, data: st.DataObject
) -> None:
    first = elect(rules, tally_of(found, meeting=meeting, run_off=run_off))
    others = [at for at, seat in enumerate(found) if seat.word not in {"conflict", first.elected}]
    if first.elected is None or not others:
        return
    turned = data.draw(st.sampled_from(others))
    name = first.elected
    more = [replace(seat, word=name, there=True) if at == turned else seat for at, seat in enumerate(found)]
    assert elect(rules, tally_of(more, meeting=meeting, run_off=run_off)).elected == name


@given(charters(), SEATS, st.booleans(), st.booleans())
def test_a_frozen_result_comes_back_as_it_was(
    rules: dict[str, Any], found: list[Seat], meeting: bool, run_off: bool
) -> None:
    given_ = elect(rules, tally_of(found, meeting=meeting, run_off=run_off))
    assert Election.from_json(json.loads(json.dumps(given_.to_json()))) == given_
    kinds = [line.kind for line in given_.lines]
    assert sorted(kinds, key=list(LineKind).index) == kinds


@pytest.mark.parametrize(
    ("tally", "outcome", "names"),
    [
        (of(6, 4), "elected", {"Anna"}),
        (of(5, 5), "run-off", {"Anna", "Ben"}),
        (of(4, 3, 3), "run-off", {"Anna", "Ben", "Cem"}),  # two share the second place
        (of(4, 4, 2), "run-off", {"Anna", "Ben"}),
        (of(3, 3, 3), "run-off", {"Anna", "Ben", "Cem"}),
        (of(5, 4, 1), "run-off", {"Anna", "Ben"}),
        (of(3, 2, abstained=1), "run-off", {"Anna", "Ben"}),  # § 56: three of six present are no majority
        (of(3, 0, abstained=5), "run-off", {"Anna", "Ben"}),
        (of(3, 2, present=7), "run-off", {"Anna", "Ben"}),  # one who is there and says nothing counts as present
        (of(4, 3, present=7), "elected", {"Anna"}),
        (of(4, 3, 2, present=6), "run-off", {"Anna", "Ben"}),  # nine voted, whoever is recorded
        (of(0, 0, abstained=8), "nobody elected", set()),
        (of(0, 0, present=8), "nobody elected", set()),
        (of(0, 0), "no quorum", set()),
        (of(3, 2), "no quorum", set()),
        (of(4, 3, 3, run_off=True), "elected", {"Anna"}),
        (of(3, 3, 2, run_off=True), "lot", {"Anna", "Ben"}),
        (of(1, 0, abstained=8, run_off=True), "elected", {"Anna"}),  # most votes, however few
        (of(0, 0, abstained=8, run_off=True), "nobody elected", set()),
        (of(3, 2, run_off=True), "no quorum", set()),
    ],
)
def test_the_preset_by_hand(tally: ElectionTally, outcome: str, names: set[str]) -> None:
    found = elect({}, tally)
    assert found.outcome == outcome
    assert {*found.standing, *filter(None, [found.elected])} == names


def test_an_office_may_ask_for_the_votes_cast_only() -> None:
    assert elect({"election_base": "cast"}, of(4, 2, abstained=4)).elected == "Anna"
    assert elect({"election_base": "cast", "abstentions": "count as cast"}, of(4, 2, abstained=4)).elected is None
    assert elect({"election_base": "cast", "majority": "absolute"}, of(5, 0)).outcome == "no quorum"
    assert elect({**EASY, "majority": "absolute"}, of(5, 0)).outcome == "run-off"
    assert elect({**EASY, "majority": "two thirds"}, of(4, 2)).elected == "Anna"


def test_the_majority_line_says_who_is_in_front_and_of_whom_it_is_counted() -> None:
    found = elect({}, of(5, 2, abstained=1, present=9)).line(LineKind.MAJORITY)
    assert found is not None
    assert (found.counted, found.needed, found.base, found.of, found.strict) == (5, 5, 9, "present", True)
    assert (found.options, found.words) == (("Anna",), "simple")


def test_a_lot_is_drawn_only_between_those_it_falls_on() -> None:
    charter = read_charter({})
    tied = elect({}, of(3, 3, 2, run_off=True))
    drawn = draw_lot(charter, tied, "Ben")
    assert (drawn.outcome, drawn.elected) == (Outcome.ELECTED, "Ben")
    assert drawn.line(LineKind.LOT) == Line(LineKind.LOT, options=("Anna", "Ben"), choice="Ben")
    assert [line.kind for line in drawn.lines][-3:] == [LineKind.LOT, LineKind.RULES, LineKind.OUTCOME]
    for result, name in ((tied, "Cem"), (elect({}, of(6, 4)), "Anna"), (drawn, "Anna")):
        with pytest.raises(ValueError, match="lot"):
            draw_lot(charter, result, name)


@pytest.mark.parametrize("votes", [(), (("Anna", 3),), (("Anna", 3), ("Anna", 2))])
def test_a_choice_has_two_options_of_different_names(votes: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(ValueError, match="two options"):
        ElectionTally(10, votes, 0, 0)
