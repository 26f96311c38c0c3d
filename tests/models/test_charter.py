"""Verdicts against a second reading of the rules, written from their German sentences and not from the code."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.charter import PRESETS, CharterFault, Tally, Verdict, judge, read_charter

COUNT = st.integers(0, 12)
SHARES = st.sampled_from(["1/2", "1/3", "2/3", "3/4", "1/4"])
MAJORITIES = st.sampled_from(["simple", "absolute", "two thirds", "3/4", "1/2", "4/5"])


@st.composite
def charters(draw: st.DrawFn) -> dict[str, Any]:
    word = draw(st.sampled_from(["at_least", "more_than"]))
    amount: Any = draw(SHARES | st.integers(0, 8))
    return {
        "quorum": {word: amount, "base": draw(st.sampled_from(["all", "present", "not excluded"]))},
        "majority": draw(MAJORITIES),
        "abstentions": draw(st.sampled_from(["not counted", "count as cast"])),
        "tie": draw(st.sampled_from(["rejected", "chair decides"])),
        "chair": "Landkreis",
    }


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    yes, no, abstained, excluded, silent = (draw(COUNT) for _ in range(5))
    entitled = yes + no + abstained + excluded + silent
    present = draw(st.none() | st.integers(yes + no + abstained, entitled - excluded))
    chairs = [word for word, number in (("yes", yes), ("no", no), ("abstain", abstained)) if number]
    return Tally(entitled, yes, no, abstained, excluded, present, draw(st.sampled_from([None, "conflict", *chairs])))


def second_reading(rules: dict[str, Any], tally: Tally) -> str:
    """The outcome, sentence by sentence.

    „In einem Umlauf sind die anwesend, die Ja, Nein oder Enthaltung gesagt haben; in einer Sitzung die als anwesend
    Festgehaltenen, Befangene nicht. Basis all: gegen alle Mandate; not excluded: gegen die nicht Ausgeschlossenen.
    Enthaltungen zählen als anwesend. Stimmt niemand ab, oder gibt es nur Enthaltungen, ist nie etwas angenommen."
    """
    yes, no, abstained = tally.yes, tally.no, tally.abstained
    there = tally.present if tally.present is not None else yes + no + abstained
    if yes + no + abstained == 0 or not _quorate(rules["quorum"], tally, there):
        return "no quorum"
    if yes == 0:
        return "rejected"
    if _carries(rules, tally, yes):
        return "adopted"
    # The chair's ballot turns exactly half into more than half, and nothing else.
    tie = yes == no and 2 * yes == _whole(rules, tally) and rules["majority"] in {"simple", "1/2", "absolute"}
    return "adopted" if tie and rules["tie"] == "chair decides" and tally.chair_choice == "yes" else "rejected"


def _quorate(rule: dict[str, Any], tally: Tally, there: int) -> bool:
    whole = {"all": tally.entitled, "present": there, "not excluded": tally.entitled - tally.excluded}[rule["base"]]
    amount: Any = rule["at_least"] if "at_least" in rule else rule["more_than"]
    # „mehr als die Hälfte von 8" is asked as 2 · 5 > 8, without any division.
    part, of = amount.split("/") if isinstance(amount, str) else (amount, 0)
    left, right = (int(of) * there, int(part) * whole) if of else (there, int(part))
    return left > right if "more_than" in rule else left >= right


def _whole(rules: dict[str, Any], tally: Tally) -> int:
    if rules["majority"] == "absolute":
        return tally.entitled - tally.excluded
    return tally.yes + tally.no + (tally.abstained if rules["abstentions"] == "count as cast" else 0)


def _carries(rules: dict[str, Any], tally: Tally, yes: int) -> bool:
    cast = yes + tally.no + (tally.abstained if rules["abstentions"] == "count as cast" else 0)
    match rules["majority"]:
        case "simple" | "1/2":
            return yes > cast - yes
        case "absolute":
            return 2 * yes > tally.entitled - tally.excluded
        case "two thirds":
            return 3 * yes >= 2 * cast
        case share:
            part, of = share.split("/")
            return int(of) * yes >= int(part) * cast


def verdict(rules: dict[str, Any], tally: Tally) -> Verdict:
    return judge(read_charter(rules), tally)


@given(charters(), tallies())
def test_the_verdict_is_that_of_the_second_reading(rules: dict[str, Any], tally: Tally) -> None:
    assert verdict(rules, tally).outcome == second_reading(rules, tally)


@given(charters(), tallies())
def test_nobody_voting_or_only_abstentions_never_passes(rules: dict[str, Any], tally: Tally) -> None:
    if tally.yes == 0:
        assert verdict(rules, tally).outcome != "adopted"
    if tally.voted == 0:
        assert verdict(rules, tally).outcome == "no quorum"


@given(charters(), tallies())
def test_the_reasons_carry_the_outcome(rules: dict[str, Any], tally: Tally) -> None:
    found = verdict(rules, tally)
    assert (found.outcome == "no quorum") is not found.quorum_reached
    assert found.quorum_reached is (tally.voted > 0 and found.quorum_counted >= found.quorum_needed)
    if found.quorum_reached:
        assert (found.outcome == "adopted") is found.majority_reached
    if tally.yes >= found.majority_needed:
        assert found.majority_reached
    if found.tie:
        assert tally.yes == tally.no > 0
        assert found.majority_needed == tally.yes + 1


@given(charters(), tallies())
def test_one_yes_more_never_turns_adopted_into_rejected(rules: dict[str, Any], tally: Tally) -> None:
    if tally.no and verdict(rules, tally).outcome == "adopted":
        chair = "yes" if tally.chair_choice == "yes" else None
        turned = Tally(
            tally.entitled, tally.yes + 1, tally.no - 1, tally.abstained, tally.excluded, tally.present, chair
        )
        assert verdict(rules, turned).outcome == "adopted"


@given(charters(), tallies())
def test_the_figures_needed_are_the_smallest_that_do(rules: dict[str, Any], tally: Tally) -> None:
    found = verdict(rules, tally)
    needed = found.majority_needed
    assert needed >= 1
    share = {"simple": "1/2", "absolute": "1/2", "two thirds": "2/3"}.get(rules["majority"], rules["majority"])
    counted = tally.abstained if rules["abstentions"] == "count as cast" else 0
    base = tally.entitled - tally.excluded if rules["majority"] == "absolute" else tally.yes + tally.no + counted
    bound = Fraction(share) * base
    more_than_half = Fraction(share) == Fraction(1, 2)
    assert needed > bound if more_than_half else needed >= bound
    assert needed == 1 or not (needed - 1 > bound if more_than_half else needed - 1 >= bound)


@pytest.mark.parametrize(
    ("tally", "outcome", "quorum", "majority"),
    [
        (Tally(8, 4, 1, 1, 1), "adopted", 5, 3),  # § 33: one excluded, six of eight took part
        (Tally(8, 2, 2, 1, 0), "rejected", 5, 3),  # a tie
        (Tally(8, 4, 0, 0, 0), "no quorum", 5, 3),  # exactly half is not more than half
        (Tally(8, 5, 0, 0, 0), "adopted", 5, 3),
        (Tally(8, 0, 0, 8, 0), "rejected", 5, 1),  # only abstentions
        (Tally(8, 0, 0, 0, 0), "no quorum", 5, 1),
        (Tally(8, 0, 0, 0, 8), "no quorum", 5, 1),
        (Tally(0, 0, 0, 0, 0), "no quorum", 1, 1),
        (Tally(8, 2, 1, 0, 0, present=5), "adopted", 5, 2),  # in a meeting those present count
    ],
)
def test_the_preset_by_hand(tally: Tally, outcome: str, quorum: int, majority: int) -> None:
    found = verdict({"preset": "angelehnt an KVG LSA"}, tally)
    assert (found.outcome, found.quorum_needed, found.majority_needed) == (outcome, quorum, majority)


@pytest.mark.parametrize(
    ("choice", "outcome"), [("yes", "adopted"), ("no", "rejected"), ("abstain", "rejected"), (None, "rejected")]
)
def test_in_a_tie_the_chairs_own_ballot_decides_and_none_rejects(choice: str | None, outcome: str) -> None:
    rules = {"tie": "chair decides", "chair": "Landkreis"}
    assert verdict(rules, Tally(5, 2, 2, 1, 0, chair_choice=choice)).outcome == outcome


@pytest.mark.parametrize("majority", ["two thirds", "3/4", "absolute"])
def test_the_chair_makes_no_greater_majority_of_a_tie(majority: str) -> None:
    rules = {"tie": "chair decides", "chair": "Landkreis", "majority": majority, "quorum": {"at_least": 1}}
    found = verdict(rules, Tally(9, 2, 2, 0, 0, chair_choice="yes"))
    assert (found.outcome, found.tie) == ("rejected", False)


def test_two_thirds_of_nothing_is_nothing() -> None:
    rules = {"majority": "two thirds", "quorum": {"at_least": 0}}
    assert verdict(rules, Tally(9, 0, 0, 3, 0)).outcome == "rejected"
    assert verdict(rules, Tally(9, 2, 1, 0, 0)).outcome == "adopted"
    assert verdict(rules, Tally(9, 3, 2, 0, 0)).outcome == "rejected"


# --- reading a charter


@pytest.mark.parametrize(
    ("given_", "key"),
    [
        ({"preset": "andere"}, "preset"),
        ({"unbekannt": 1}, "unbekannt"),
        ({"tie": "coin"}, "tie"),
        ({"tie": "chair decides"}, "chair"),
        ({"changeable": "ja"}, "changeable"),
        ({"clause": 5}, "clause"),
        ({"notice_days": -1}, "notice_days"),
        ({"notice_days": True}, "notice_days"),
        ({"silence": "consent"}, "silence"),
        ({"circular": "majority"}, "clause"),
        ({"quorum": {"at_least": 1, "more_than": 2}}, "quorum"),
        ({"quorum": {"at_least": "x"}}, "quorum"),
        ({"quorum": {"at_least": "1/0"}}, "quorum"),
        ({"quorum": {"at_least": -1}}, "quorum"),
        ({"quorum": {"at_least": 1, "base": "alle"}}, "quorum"),
        ({"quorum": {"at_least": 1, "of": 3}}, "quorum"),
        ({"quorum": 5}, "quorum"),
        ({"majority": "1/3"}, "majority"),
        ({"majority": "5/4"}, "majority"),
        ({"majority": "most"}, "majority"),
    ],
)
def test_what_cannot_be_read_is_named(given_: dict[str, Any], key: str) -> None:
    with pytest.raises(CharterFault) as fault:
        read_charter(given_)
    assert fault.value.key == key
    assert fault.value.reason


def test_a_preset_stands_for_all_keys_and_single_ones_override() -> None:
    plain, own = read_charter({}), read_charter({"preset": plain_name(), "notice_days": 14})
    assert (plain.notice_days, own.notice_days) == (7, 14)
    assert own.quorum == plain.quorum


def plain_name() -> str:
    return next(iter(PRESETS))
