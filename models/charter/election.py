"""The result of a choice (Wahl): elected, a run-off, the lot, or nobody."""

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
from models.charter.rules import Charter

JUDGED = {"quorum", "majority", "abstentions", "election_base", "second_meeting"}


@dataclass(frozen=True, slots=True)
class ElectionTally:
    """What was counted: votes by option, in the order of the ballot paper. The rest as in ``Tally``.

    Raises:
        ValueError: fewer than two options, or two of one name.
    """

    entitled: int
    votes: tuple[tuple[str, int], ...]
    abstained: int
    excluded: int
    present: int | None = None
    run_off: bool = False  # the second ballot, between those the first one named
    second_meeting: bool = False
    objections: int = 0
    recorded: bool = False  # ``present`` comes from an attendance list

    def __post_init__(self) -> None:
        if not len({name for name, _ in self.votes}) == len(self.votes) > 1:
            raise ValueError("an election has two options or more, each of its own name")

    @property
    def most(self) -> int:
        """The votes of whoever is in front."""
        return max(votes for _, votes in self.votes)

    @property
    def turnout(self) -> Turnout:
        """Who took part."""
        return Turnout(
            entitled=self.entitled,
            excluded=self.excluded,
            voted=sum(votes for _, votes in self.votes) + self.abstained,
            abstained=self.abstained,
            present=self.present,
            second_meeting=self.second_meeting,
            objections=self.objections,
            recorded=self.recorded,
        )

    def with_at_least(self, votes: int) -> tuple[str, ...]:
        """The options with so many votes, in the order of the ballot paper."""
        return tuple(name for name, count in self.votes if count >= votes)


@dataclass(frozen=True, slots=True)
class Election(Reasoned):
    """The result of a choice with its reasons."""

    tally: ElectionTally

    @property
    def elected(self) -> str | None:
        """Who is elected."""
        return self._named[0] if self.outcome is Outcome.ELECTED else None

    @property
    def standing(self) -> tuple[str, ...]:
        """Between whom the run-off is held, or the lot is drawn."""
        return self._named if self.outcome in {Outcome.RUN_OFF, Outcome.LOT} else ()

    @property
    def _named(self) -> tuple[str, ...]:
        return self.lines[-1].options

    def to_json(self) -> dict[str, Any]:
        """The result for the store, where it is frozen at closing."""
        tally = {**stored_tally(asdict(self.tally)), "votes": [list(pair) for pair in self.tally.votes]}
        return {"outcome": str(self.outcome), "lines": [line.to_json() for line in self.lines], "tally": tally}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Election":
        """The result as it was frozen."""
        votes = tuple((name, count) for name, count in data["tally"]["votes"])
        lines = tuple(Line.from_json(line) for line in data["lines"])
        return cls(Outcome(data["outcome"]), lines, ElectionTally(**{**data["tally"], "votes": votes}))


def judge_election(charter: Charter, tally: ElectionTally) -> Election:
    """The result of a ballot by the charter.

    First ballot: the charter's majority, of those present (§ 56 KVG LSA) or of the votes cast; else a run-off between
    the first two, with all that share the second place. Run-off: most votes; else the lot. The chair has no say in it.

    Raises:
        ValueError: more answers and exclusions than mandates.
    """
    turnout = tally.turnout
    counts = [*_counts(tally), *circular_lines(turnout, charter.silence)]
    if sent_to_a_meeting(turnout):
        return _election(charter, tally, Outcome.TO_MEETING, counts)
    quorum = quorum_lines(charter, turnout)
    ballot = _most_votes(tally) if tally.run_off else _majority(charter, tally)
    lines = [*counts, *quorum, ballot]
    if not is_able(quorum, turnout):
        return _election(charter, tally, Outcome.NO_QUORUM, lines)
    if tally.most == 0:
        return _election(charter, tally, Outcome.NOBODY, [*lines, Line(LineKind.NO_VOTES)])
    if ballot.reached:
        return _election(charter, tally, Outcome.ELECTED, lines, ballot.options)
    if tally.run_off:
        return _election(charter, tally, Outcome.LOT, lines, ballot.options)
    second = sorted(votes for _, votes in tally.votes)[-2]
    return _election(charter, tally, Outcome.RUN_OFF, lines, tally.with_at_least(second))


def draw_lot(charter: Charter, result: Election, drawn: str) -> Election:
    """The result once staff has recorded whom the lot fell on.

    Raises:
        ValueError: no lot was to be drawn, or not between these.
    """
    if result.outcome is not Outcome.LOT or drawn not in result.standing:
        raise ValueError("not among those between whom the lot decides")
    reasons = [line for line in result.lines if line.kind not in {LineKind.RULES, LineKind.OUTCOME}]
    lot = Line(LineKind.LOT, options=result.standing, choice=drawn)
    return _election(charter, result.tally, Outcome.ELECTED, [*reasons, lot], (drawn,))


def _counts(tally: ElectionTally) -> Iterator[Line]:
    yield from opening_lines(tally.turnout)
    for name, votes in tally.votes:
        yield Line(LineKind.OPTION, votes, options=(name,))
    yield Line(LineKind.ABSTAINED, tally.abstained)


def _majority(charter: Charter, tally: ElectionTally) -> Line:
    turnout = tally.turnout
    front = tally.with_at_least(max(1, tally.most))
    if charter.majority == "absolute":
        return majority_line(charter, tally.most, turnout.free, "not excluded", front)
    if charter.election_base == "present":
        # Who voted without having been recorded is no part of the quorum, but of those whose majority is asked.
        return majority_line(charter, tally.most, max(turnout.counted, turnout.voted), "present", front)
    return majority_line(charter, tally.most, *votes_cast(charter, turnout), front)


def _most_votes(tally: ElectionTally) -> Line:
    front = tally.with_at_least(max(1, tally.most))
    return Line(LineKind.MOST_VOTES, counted=tally.most, reached=len(front) == 1, options=front)


def _election(
    charter: Charter, tally: ElectionTally, outcome: Outcome, lines: list[Line], options: tuple[str, ...] = ()
) -> Election:
    return Election(outcome, (*lines, *closing_lines(charter, tally.turnout, outcome, JUDGED, options)), tally)
