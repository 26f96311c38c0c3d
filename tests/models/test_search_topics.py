"""What is asked: sixty questions of each kind, written before the rules were."""

from pathlib import Path

import pytest

from models.search.follow_up import follow_up
from models.search.question import Question
from models.search.understanding import Topic, understand
from tests.models.shelf import QUESTIONS


def lines(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("path", sorted((QUESTIONS / "kinds").glob("*.tsv")), ids=lambda path: path.stem)
def test_a_question_is_known_by_its_kind(path: Path) -> None:
    asked = [line[0].replace("⏎", "\n") for line in lines(path)]
    wrong = [question for question in asked if understand(question).topic != path.stem.replace("-", " ")]
    assert len(wrong) <= 0.05 * len(asked), wrong


def test_nothing_personal_or_confidential_is_let_through() -> None:
    for name, topic in (("personal-data", Topic.PERSONAL_DATA), ("confidential", Topic.CONFIDENTIAL)):
        asked = [line[0].replace("⏎", "\n") for line in lines(QUESTIONS / "kinds" / f"{name}.tsv")]
        assert [question for question in asked if understand(question).topic != topic] == []


def test_a_deadline_is_asked_for_with_its_slots() -> None:
    wrong = []
    for question, areas, kinds, month in lines(QUESTIONS / "kinds" / "deadline.tsv"):
        slots = understand(question).slots
        named = ("".join(slots.areas), " ".join(slots.kinds), str(slots.month or ""))
        if any(said not in {"-", found} for said, found in zip((areas, kinds, month), named, strict=True)):
            wrong.append(question)
    assert len(wrong) <= 3, wrong


def test_an_area_is_known_by_its_letter_its_short_name_or_its_description() -> None:
    asked = lines(QUESTIONS / "kinds" / "area.tsv")
    assert [question for question, areas in asked if "".join(understand(question).slots.areas) != areas] == []


def test_a_false_premise_is_caught_and_a_right_one_is_not() -> None:
    asked = lines(QUESTIONS / "premises.tsv")
    found = [(question, expected, str(understand(question).premise or "")) for question, expected in asked]
    assert [one for one in found if one[1] != one[2]] == []


def test_a_follow_up_takes_the_context_of_the_question_before() -> None:
    wrong = []
    for before, now, expected in lines(QUESTIONS / "follow-ups.tsv"):
        whole = follow_up(before, now)
        alone = whole is None or expected == "-"
        same = whole is None and expected == "-" if alone else _meaning(str(whole)) == _meaning(expected)
        wrong += [] if same else [(before, now, whole)]
    assert wrong == []


def _meaning(question: str) -> set[str]:
    return set(Question.of(question).content)
