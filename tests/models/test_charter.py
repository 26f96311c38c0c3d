"""Verdicts on motions, against the second reading in charter_oracle.py."""

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.charter import (
    Line,
    LineKind,
    Outcome,
    Tally,
    Verdict,
    count_straw_poll,
    judge,
    judge_no_objection,
    read_charter,
)
from tests.models import charter_oracle
from tests.models.charter_oracle import Seat
from tests.models.charters import charters


def seats(words: Sequence[str]) -> st.SearchStrategy[list[Seat]]:
    """A body in which the first seat may be the chair's, and of whom few object."""
    objecting = st.sampled_from([False] * 30 + [True])
    one = st.builds(Seat, word=st.sampled_from(words), there=st.booleans(), objects=objecting)
    return st.lists(one, max_size=14).flatmap(
        lambda found: st.booleans().map(
            lambda chaired: [replace(seat, chair=chaired and number == 0) for number, seat in enumerate(found)]
        )
    )


MOTION_SEATS = seats(["yes", "yes", "yes", "no", "no", "abstain", "conflict", ""])


def tally_of(found: Sequence[Seat], *, meeting: bool = False, again: bool = False) -> Tally:
    said = [seat.word for seat in found]
    return Tally(
        entitled=len(found),
        yes=said.count("yes"),
        no=said.count("no"),
        abstained=said.count("abstain"),
        excluded=said.count("conflict"),
        present=sum(seat.there and seat.word != "conflict" for seat in found) if meeting else None,
        chair_choice=next((seat.word for seat in found if seat.chair and seat.word not in {"", "conflict"}), None),
        second_meeting=again,
        objections=sum(seat.objects and seat.word != "conflict" for seat in found),
    )


def verdict(rules: dict[str, Any], tally: Tally) -> Verdict:
    return judge(read_charter(rules), tally)


@given(charters(), MOTION_SEATS, st.booleans(), st.booleans())
def test_the_verdict_is_that_of_the_second_reading(
    rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool
) -> None:
    expected = charter_oracle.motion(rules, found, meeting=meeting, again=again)
    given_ = verdict(rules, tally_of(found, meeting=meeting, again=again))
    assert given_.outcome == expected.outcome
    if expected.quorum is not None:
        assert (given_.quorum_needed, given_.majority_needed) == (expected.quorum, expected.majority)


@given(MOTION_SEATS)
def test_no_objection_is_that_of_the_second_reading(found: list[Seat]) -> None:
    charter = read_charter({"circular": "no objection", "clause": "§ 8 GO", "silence": "consent"})
    assert judge_no_objection(charter, tally_of(found)).outcome == charter_oracle.no_objection(found).outcome


@given(charters(), MOTION_SEATS, st.booleans(), st.booleans())
def test_nobody_voting_or_only_abstentions_never_passes(
    rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool
) -> None:
    words = {"yes": "abstain", "no": "abstain"}
    abstaining = [replace(seat, word=words.get(seat.word, seat.word), objects=False) for seat in found]
    silent = [replace(seat, word=seat.word if seat.word == "conflict" else "", objects=False) for seat in found]
    for nobody in (abstaining, silent):
        given_ = verdict(rules, tally_of(nobody, meeting=meeting, again=again))
        assert given_.outcome in {Outcome.REJECTED, Outcome.NO_QUORUM}
        assert given_.line(LineKind.NO_VOTES)
    if not meeting:
        assert given_.outcome == Outcome.NO_QUORUM


def changed(found: list[Seat], number: int, word: str) -> list[Seat]:
    return [replace(seat, word=word, there=True) if at == number else seat for at, seat in enumerate(found)]


@given(charters(), MOTION_SEATS, st.booleans(), st.booleans(), st.data())
def test_one_yes_more_never_undoes_an_adoption(
    rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool, data: st.DataObject
) -> None:
    """From no, abstention or silence; a chair that turned would be no longer the same chair."""
    others = [at for at, seat in enumerate(found) if seat.word in {"no", "abstain", ""}]
    if not others or verdict(rules, tally_of(found, meeting=meeting, again=again)).outcome != Outcome.ADOPTED:
        return
    more = changed(found, data.draw(st.sampled_from(others)), "yes")
    assert verdict(rules, tally_of(more, meeting=meeting, again=again)).outcome == Outcome.ADOPTED


@given(charters(), MOTION_SEATS, st.booleans(), st.booleans(), st.data())
def test_one_no_less_never_turns_an_adoption_into_a_rejection(
    rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool, data: st.DataObject
) -> None:
    """In a circular the quorum may be missing then; what is never lost is the majority."""
    against = [at for at, seat in enumerate(found) if seat.word == "no"]
    if not against or verdict(rules, tally_of(found, meeting=meeting, again=again)).outcome != Outcome.ADOPTED:
        return
    fewer = changed(found, data.draw(st.sampled_from(against)), "")
    assert verdict(rules, tally_of(fewer, meeting=meeting, again=again)).outcome != Outcome.REJECTED


@given(charters(), MOTION_SEATS, st.booleans())
def test_who_is_excluded_is_in_no_majority(rules: dict[str, Any], found: list[Seat], meeting: bool) -> None:
    """An excluded seat weighs as much in the majority as one that was never there."""
    without = [seat for seat in found if seat.word != "conflict"]
    mine, theirs = (verdict(rules, tally_of(some, meeting=meeting)) for some in (found, without))
    assert mine.line(LineKind.MAJORITY) == theirs.line(LineKind.MAJORITY)
    assert mine.quorum_counted == theirs.quorum_counted


@given(charters(), MOTION_SEATS, st.booleans(), st.booleans())
def test_the_lines_carry_the_outcome(rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool) -> None:
    """Whoever reads only the lines comes to the same end."""
    given_ = verdict(rules, tally_of(found, meeting=meeting, again=again))
    said = {line.kind: line for line in given_.lines}
    assert len(said) == len(given_.lines)
    assert list(said) == [kind for kind in LineKind if kind in said]
    assert given_.lines[-1] == Line(LineKind.OUTCOME, words=given_.outcome)
    if LineKind.QUORUM not in said:
        assert (said[LineKind.OBJECTIONS].count or 0) > 0
        assert given_.outcome == Outcome.TO_MEETING
        return
    for kind in (LineKind.QUORUM, LineKind.MAJORITY):
        _check_figures(said[kind])
    able = said[LineKind.QUORUM].reached or (LineKind.SECOND_MEETING in said and given_.quorum_counted > 0)
    carried = said[LineKind.MAJORITY].reached or (given_.tie and said[LineKind.TIE].reached)
    outcome = "adopted" if carried else "rejected"
    assert given_.outcome == (outcome if able else "no quorum")


def _check_figures(line: Line) -> None:
    """Needed is the smallest number that does; ≥ or > as the line says."""
    assert line.needed is not None
    assert line.counted is not None
    assert line.base is not None
    bound = line.share * line.base if line.share is not None else Fraction(line.words)
    enough = [number for number in range(1, 60) if (number > bound if line.strict else number >= bound)]
    assert line.needed == enough[0]
    assert line.reached is (line.counted in enough)


@given(charters(), MOTION_SEATS, st.booleans(), st.booleans())
def test_a_frozen_verdict_comes_back_as_it_was(
    rules: dict[str, Any], found: list[Seat], meeting: bool, again: bool
) -> None:
    tally = tally_of(found, meeting=meeting, again=again)
    for given_ in (verdict(rules, tally), judge_no_objection(read_charter(rules), tally), count_straw_poll(tally)):
        assert Verdict.from_json(json.loads(json.dumps(given_.to_json()))) == given_
