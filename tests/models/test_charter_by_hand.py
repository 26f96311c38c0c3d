"""Verdicts on motions worked out by hand: the figures an office would put on paper."""

from dataclasses import replace
from typing import Any

import pytest

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

KVG = {"preset": "angelehnt an KVG LSA"}
CHAIR = {"tie": "chair decides", "chair": "Landkreis"}


def verdict(rules: dict[str, Any], tally: Tally) -> Verdict:
    return judge(read_charter(rules), tally)


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
        (Tally(8, 0, 0, 0, 0, present=5), "rejected", 5, 1),  # enough are there, and nobody votes
        (Tally(8, 3, 2, 0, 0, present=4), "no quorum", 5, 3),  # a vote makes nobody present who is not recorded
        (Tally(8, 8, 0, 0, 0, objections=1), "to a meeting", 0, 0),  # one objection ends a circular
        (Tally(8, 5, 0, 0, 0, present=5, objections=1), "adopted", 5, 3),  # there is none in a meeting
    ],
)
def test_the_preset_by_hand(tally: Tally, outcome: str, quorum: int, majority: int) -> None:
    found = verdict(KVG, tally)
    assert (found.outcome, found.quorum_needed, found.majority_needed) == (outcome, quorum, majority)


@pytest.mark.parametrize(
    ("choice", "outcome"), [("yes", "adopted"), ("no", "rejected"), ("abstain", "rejected"), (None, "rejected")]
)
def test_in_a_tie_the_chairs_own_ballot_decides_and_none_rejects(choice: str | None, outcome: str) -> None:
    found = verdict(CHAIR, Tally(5, 2, 2, 1, 0, chair_choice=choice))
    assert found.outcome == outcome
    assert found.line(LineKind.TIE) == Line(
        LineKind.TIE, words="chair decides", choice=choice or "", reached=choice == "yes"
    )
    assert not found.majority_reached


def test_the_chair_does_not_decide_where_the_charter_does_not_say_so() -> None:
    found = verdict(KVG, Tally(5, 2, 2, 1, 0, chair_choice="yes"))
    assert found.line(LineKind.TIE) == Line(LineKind.TIE, words="rejected", reached=False)
    assert found.outcome == "rejected"


@pytest.mark.parametrize("majority", ["two thirds", "3/4", "absolute"])
def test_the_chair_makes_no_greater_majority_of_a_tie(majority: str) -> None:
    rules = {**CHAIR, "majority": majority, "quorum": {"at_least": 1}}
    found = verdict(rules, Tally(9, 2, 2, 0, 0, chair_choice="yes"))
    assert (found.outcome, found.tie) == ("rejected", False)


def test_the_chair_completes_an_absolute_half() -> None:
    found = verdict({**CHAIR, "majority": "absolute"}, Tally(9, 4, 4, 0, 1, chair_choice="yes"))
    assert (found.outcome, found.tie) == ("adopted", True)


def test_two_thirds_of_nothing_is_nothing() -> None:
    rules = {"majority": "two thirds", "quorum": {"at_least": 0}}
    assert verdict(rules, Tally(9, 0, 0, 3, 0)).outcome == "rejected"
    assert verdict(rules, Tally(9, 0, 0, 0, 0)).outcome == "no quorum"
    assert verdict(rules, Tally(9, 2, 1, 0, 0)).outcome == "adopted"
    assert verdict(rules, Tally(9, 3, 2, 0, 0)).outcome == "rejected"


def test_the_quorum_is_of_those_who_took_part_and_not_of_those_who_could() -> None:
    """Compared with the electorate it would always be reached."""
    quorum = verdict({"quorum": {"at_least": "1/2"}}, Tally(100, 3, 0, 0, 0)).line(LineKind.QUORUM)
    assert quorum is not None
    assert (quorum.counted, quorum.needed, quorum.base, quorum.reached) == (3, 50, 100, False)


@pytest.mark.parametrize(
    ("rule", "needed", "base", "strict", "words"),
    [
        ({"more_than": "1/2", "base": "all"}, 6, 10, True, "1/2"),
        ({"at_least": "1/2", "base": "all"}, 5, 10, False, "1/2"),
        ({"more_than": "1/2", "base": "not excluded"}, 5, 8, True, "1/2"),
        ({"at_least": "2/3", "base": "present"}, 5, 7, False, "2/3"),
        ({"at_least": 4}, 4, 10, False, "4"),
        ({"more_than": 4}, 5, 10, True, "4"),
        ({"at_least": 0}, 1, 10, False, "0"),
    ],
)
def test_the_quorum_by_each_base(rule: dict[str, Any], needed: int, base: int, strict: bool, words: str) -> None:
    quorum = verdict({"quorum": rule}, Tally(10, 4, 0, 0, 2, present=7)).line(LineKind.QUORUM)
    assert quorum is not None
    assert (quorum.needed, quorum.base, quorum.strict, quorum.words) == (needed, base, strict, words)
    assert (quorum.counted, quorum.reached) == (7, True)
    assert quorum.of == rule.get("base", "all")


def test_a_second_meeting_decides_without_a_quorum_where_the_charter_says_so() -> None:
    again = Tally(8, 1, 0, 0, 0, present=2, second_meeting=True)
    waived = verdict({"second_meeting": True}, again)
    assert (waived.outcome, waived.quorum_reached) == ("adopted", False)
    assert waived.line(LineKind.SECOND_MEETING)
    assert verdict({"second_meeting": False}, again).outcome == "no quorum"
    assert verdict({"second_meeting": True}, replace(again, second_meeting=False)).outcome == "no quorum"
    assert verdict({"second_meeting": True}, replace(again, present=None)).outcome == "no quorum"
    assert verdict({"second_meeting": True}, replace(again, yes=0, present=0)).outcome == "no quorum"


def test_silence_that_counts_as_abstention_makes_no_quorum_and_is_told_apart() -> None:
    rules = {"silence": "abstention", "abstentions": "count as cast"}
    quiet = verdict(rules, Tally(8, 3, 0, 1, 0))
    assert (quiet.outcome, quiet.quorum_counted) == ("no quorum", 4)
    few = verdict({**rules, "quorum": {"at_least": 1}}, Tally(8, 4, 0, 1, 0))
    assert (few.outcome, few.majority_needed) == ("rejected", 5)  # four of eight, three of them silent
    assert few.figure(LineKind.ABSTAINED) == 1
    assert few.line(LineKind.SILENT) == Line(LineKind.SILENT, 3, words="abstention")
    room = verdict(rules, Tally(8, 3, 0, 1, 0, present=8))
    assert (room.outcome, room.line(LineKind.SILENT)) == ("adopted", None)  # silence is a thing of circulars


def test_no_objection_asks_for_no_quorum_and_nein_is_none_yet() -> None:
    charter = read_charter({"circular": "no objection", "clause": "§ 8 GO"})
    found = judge_no_objection(charter, Tally(8, 0, 3, 0, 1))
    assert found.outcome == "adopted"
    assert found.line(LineKind.NO_QUORUM_ASKED)
    assert found.line(LineKind.QUORUM) is found.line(LineKind.MAJORITY) is None
    assert found.line(LineKind.SILENT) == Line(LineKind.SILENT, 4, words="consent")
    assert found.line(LineKind.RULES) == Line(
        LineKind.RULES, words="angelehnt an KVG LSA", own=("circular",), clause="§ 8 GO"
    )
    assert judge_no_objection(charter, Tally(8, 7, 0, 0, 0, objections=1)).outcome == "to a meeting"
    assert judge_no_objection(charter, Tally(8, 0, 0, 0, 0)).outcome == "adopted"
    for nobody in (Tally(8, 0, 0, 0, 8), Tally(0, 0, 0, 0, 0)):
        assert judge_no_objection(charter, nobody).outcome == "to a meeting"


@pytest.mark.parametrize("tally", [Tally(4, 3, 1, 0, 1), Tally(4, 5, -1, -1, 0), Tally(0, 1, 0, 0, 0)])
def test_there_is_no_verdict_on_more_answers_than_mandates(tally: Tally) -> None:
    for judged in (judge, judge_no_objection):
        with pytest.raises(ValueError, match="mandates"):
            judged(read_charter(KVG), tally)


def test_a_straw_poll_only_counts() -> None:
    found = count_straw_poll(Tally(8, 5, 1, 1, 0))
    assert found.outcome == Outcome.COUNTED
    assert [(line.kind, line.count) for line in found.lines] == [
        ("entitled", 8),
        ("excluded", 0),
        ("voted", 7),
        ("yes", 5),
        ("no", 1),
        ("abstained", 1),
        ("silent", 1),
        ("outcome", None),
    ]


def test_the_rules_say_where_they_leave_their_preset() -> None:
    rules = {**KVG, "majority": "two thirds", "notice_days": 3, "circular": "majority", "clause": "§ 9 GO"}
    room, circular = (verdict(rules, Tally(8, 5, 0, 0, 0, present)).line(LineKind.RULES) for present in (5, None))
    assert room == Line(LineKind.RULES, words="angelehnt an KVG LSA", own=("majority",))
    assert circular == Line(LineKind.RULES, words="angelehnt an KVG LSA", own=("majority", "circular"), clause="§ 9 GO")
