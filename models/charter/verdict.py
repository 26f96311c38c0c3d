"""The verdict on a motion by its charter, and what a straw poll counts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from models.charter.counting import (
    Turnout,
    circular_lines,
    closing_lines,
    is_able,
    majority_line,
    opening_lines,
    quorum_lines,
    sent_to_a_meeting,
    stored_tally,
    votes_cast,
)
from models.charter.lines import Line, LineKind, Outcome, Reasoned
from models.charter.rules import HALF, Charter

JUDGED = {"quorum", "majority", "abstentions", "tie", "second_meeting"}


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted. ``present`` is given for a vote in a meeting; in a circular those who answered count."""

    entitled: int
    yes: int
    no: int
    abstained: int
    excluded: int
    present: int | None = None  # as recorded, without the excluded
    chair_choice: str | None = None  # „yes", „no", „abstain": the chair's own ballot, where it is known
    second_meeting: bool = False  # invited again since the first lacked a quorum
    objections: int = 0  # to the circular, by mandates that are not excluded
    recorded: bool = False  # ``present`` comes from an attendance list

    @property
    def voted(self) -> int:
        """Those who answered yes, no or abstention."""
        return self.yes + self.no + self.abstained

    @property
    def turnout(self) -> Turnout:
        """Who took part."""
        return Turnout(
            entitled=self.entitled,
            excluded=self.excluded,
            voted=self.voted,
            abstained=self.abstained,
            present=self.present,
            second_meeting=self.second_meeting,
            objections=self.objections,
            recorded=self.recorded,
        )


@dataclass(frozen=True, slots=True)
class Verdict(Reasoned):
    """The outcome of a motion with its reasons: every figure the card, the record and the tests speak of."""

    tally: Tally

    def _of(self, kind: LineKind) -> Line:
        return self.line(kind) or Line(kind)

    @property
    def quorum_needed(self) -> int:
        """The smallest number of mandates that reaches it; 0 where none was asked."""
        return self._of(LineKind.QUORUM).needed or 0

    @property
    def quorum_counted(self) -> int:
        """How many count as present."""
        return self.tally.turnout.counted

    @property
    def quorum_reached(self) -> bool:
        """Whether so many are; a second meeting decides without."""
        return bool(self._of(LineKind.QUORUM).reached)

    @property
    def majority_needed(self) -> int:
        """The smallest number of yes votes that carries; 0 where none was asked."""
        return self._of(LineKind.MAJORITY).needed or 0

    @property
    def majority_reached(self) -> bool:
        """Whether so many said yes; at a tie the chair may decide without."""
        return bool(self._of(LineKind.MAJORITY).reached)

    @property
    def tie(self) -> bool:
        """As many yes as no, and that is exactly the half of which more was needed."""
        return self.line(LineKind.TIE) is not None

    def to_json(self) -> dict[str, Any]:
        """The verdict for the store, where it is frozen at closing."""
        return {
            "outcome": str(self.outcome),
            "lines": [line.to_json() for line in self.lines],
            "tally": stored_tally(asdict(self.tally)),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Verdict":
        """The verdict as it was frozen."""
        lines = tuple(Line.from_json(line) for line in data["lines"])
        return cls(Outcome(data["outcome"]), lines, Tally(**data["tally"]))


def judge(charter: Charter, tally: Tally) -> Verdict:
    """The verdict on a motion by its charter. Nobody voting, or only abstentions, never passes.

    An objection to a circular ends it without a verdict on the matter. The chair's ballot breaks a tie; it does not
    make two thirds of a half, nor a majority of all from a part. In a secret vote it is unknown, so a tie is rejected.

    Raises:
        ValueError: more answers and exclusions than mandates; so do all verdicts.
    """
    turnout = tally.turnout
    counts = [*_counts(tally), *circular_lines(turnout, charter.silence)]
    if sent_to_a_meeting(turnout):
        return _verdict(charter, tally, Outcome.TO_MEETING, counts, {"circular"})
    quorum, majority = quorum_lines(charter, turnout), _majority(charter, tally)
    tie = list(_tie(charter, tally, majority))
    carried = majority.reached or any(line.reached for line in tie)
    outcome = Outcome.ADOPTED if carried else Outcome.REJECTED
    if not is_able(quorum, turnout):
        outcome = Outcome.NO_QUORUM
    nobody = [] if tally.yes or tally.no else [Line(LineKind.NO_VOTES)]
    return _verdict(charter, tally, outcome, [*counts, *quorum, majority, *tie, *nobody], JUDGED)


def judge_no_objection(charter: Charter, tally: Tally) -> Verdict:
    """The verdict of a circular after § 54 KVG LSA (state of 2022): adopted if no entitled member has objected.

    Silence consents, whatever the charter makes of it elsewhere; „Nein" is not yet an objection; a quorum is not asked.
    Where every mandate is excluded nobody could object, and nothing is adopted.
    """
    turnout = tally.turnout
    counts = [*_counts(tally), *circular_lines(turnout, "consent")]
    nobody = [Line(LineKind.NO_VOTES)] if turnout.free <= 0 else []
    outcome = Outcome.TO_MEETING if nobody or turnout.objections else Outcome.ADOPTED
    return _verdict(charter, tally, outcome, [*counts, Line(LineKind.NO_QUORUM_ASKED), *nobody], {"circular"})


def count_straw_poll(tally: Tally) -> Verdict:
    """What a straw poll counted: figures, no quorum, no majority, no rule."""
    counts = [*_counts(tally), *(line for line in circular_lines(tally.turnout, "") if line.kind is LineKind.SILENT)]
    return Verdict(Outcome.COUNTED, (*counts, Line(LineKind.OUTCOME, words=Outcome.COUNTED)), tally)


def _counts(tally: Tally) -> Iterator[Line]:
    yield from opening_lines(tally.turnout)
    yield Line(LineKind.YES, tally.yes)
    yield Line(LineKind.NO, tally.no)
    yield Line(LineKind.ABSTAINED, tally.abstained)


def _majority(charter: Charter, tally: Tally) -> Line:
    if charter.majority == "absolute":  # „of entitled", and an excluded mandate is never in a majority
        return majority_line(charter, tally.yes, tally.turnout.free, "not excluded")
    return majority_line(charter, tally.yes, *votes_cast(charter, tally.turnout))


def _tie(charter: Charter, tally: Tally, majority: Line) -> Iterator[Line]:
    if majority.share != HALF or not tally.yes == tally.no > 0 or 2 * tally.yes != majority.base:
        return
    choice = tally.chair_choice or "" if charter.tie == "chair decides" else ""
    yield Line(LineKind.TIE, words=charter.tie, choice=choice, reached=choice == "yes")


def _verdict(charter: Charter, tally: Tally, outcome: Outcome, lines: list[Line], judged: set[str]) -> Verdict:
    return Verdict(outcome, (*lines, *closing_lines(charter, tally.turnout, outcome, judged)), tally)
