"""What motions and choices share: who counts as present, and the lines on quorum and on a share of votes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.charter.lines import Line, LineKind, Outcome
from models.charter.rules import HALF, Charter, majority_share


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who took part. ``present``: recorded in a meeting, without the excluded; None: a circular.

    Raises:
        ValueError: more answers and exclusions than mandates. No verdict is better than one on such figures.
    """

    entitled: int
    excluded: int
    voted: int
    abstained: int
    present: int | None
    second_meeting: bool
    objections: int
    recorded: bool = False  # ``present`` is an attendance list's, not the number of those who answered

    def __post_init__(self) -> None:
        if min(self.excluded, self.voted, self.abstained) < 0 or self.excluded + self.voted > self.entitled:
            raise ValueError(f"{self.voted} answers and {self.excluded} excluded of {self.entitled} mandates")

    @property
    def counted(self) -> int:
        """Those who count as present: in a circular those who answered. Silence makes no quorum."""
        return self.voted if self.present is None else self.present

    @property
    def free(self) -> int:
        """The mandates that are not excluded."""
        return self.entitled - self.excluded

    @property
    def silent(self) -> int:
        """The mandates that were asked in a circular and said nothing; an objection is no answer."""
        return self.free - self.voted if self.present is None else 0


def opening_lines(turnout: Turnout) -> Iterator[Line]:
    """Who could take part and who did."""
    yield Line(LineKind.ENTITLED, turnout.entitled)
    yield Line(LineKind.EXCLUDED, turnout.excluded)
    if turnout.present is not None:
        yield Line(LineKind.PRESENT, turnout.present, words="recorded" if turnout.recorded else "")
    yield Line(LineKind.VOTED, turnout.voted)


def circular_lines(turnout: Turnout, silence: str) -> Iterator[Line]:
    """What only a circular knows: who said nothing, and who objected to the way."""
    if turnout.present is None:
        yield Line(LineKind.SILENT, turnout.silent, words=silence)
        yield Line(LineKind.OBJECTIONS, turnout.objections)


def closing_lines(
    charter: Charter, turnout: Turnout, outcome: Outcome, judged: set[str], options: tuple[str, ...] = ()
) -> Iterator[Line]:
    """The rule that was used and what came of it. ``judged``: the charter's keys that bear on it."""
    circular = turnout.present is None
    own = tuple(key for key in charter.own if key in judged or (circular and key in {"circular", "silence"}))
    yield Line(LineKind.RULES, words=charter.preset, own=own, clause=charter.clause if circular else "")
    yield Line(LineKind.OUTCOME, words=outcome, options=options)


def sent_to_a_meeting(turnout: Turnout) -> bool:
    """Whether someone objected to the circular; one is enough. In a meeting there is nothing to object to."""
    return turnout.present is None and turnout.objections > 0


def quorum_lines(charter: Charter, turnout: Turnout) -> list[Line]:
    """The quorum, and whether it is waived. Where nobody takes part there is none, whatever the charter asks."""
    rule = charter.quorum
    base = {"all": turnout.entitled, "not excluded": turnout.free, "present": turnout.counted}[rule.base]
    needed = smallest(rule.amount * base if rule.share else rule.amount, strict=rule.strict)
    quorum = Line(
        LineKind.QUORUM,
        needed=needed,
        counted=turnout.counted,
        base=base,
        of=rule.base,
        share=rule.amount if rule.share else None,
        strict=rule.strict,
        words=rule.words,
        reached=turnout.counted >= needed,
    )
    # A circular has no second invitation.
    waived = charter.second_meeting and turnout.second_meeting and turnout.present is not None
    return [quorum, Line(LineKind.SECOND_MEETING)] if waived else [quorum]


def is_able(lines: list[Line], turnout: Turnout) -> bool:
    """Whether the body can decide: by its quorum, or because that is waived and someone is there."""
    return bool(lines[0].reached) or (len(lines) > 1 and turnout.counted > 0)


def votes_cast(charter: Charter, turnout: Turnout) -> tuple[int, str]:
    """How many votes count as cast, and in which words; the silent among them where they count as abstentions."""
    if charter.abstentions == "not counted":
        return turnout.voted - turnout.abstained, "cast"
    silent = turnout.silent if charter.silence == "abstention" else 0
    return turnout.voted + silent, "cast and abstained"


def majority_line(charter: Charter, counted: int, base: int, of: str, options: tuple[str, ...] = ()) -> Line:
    """A number of votes against the majority of a whole. One half must be surpassed, a greater share reached."""
    share = majority_share(charter.majority)
    needed = smallest(share * base, strict=share == HALF)
    return Line(
        LineKind.MAJORITY,
        needed=needed,
        counted=counted,
        base=base,
        of=of,
        share=share,
        strict=share == HALF,
        words=charter.majority,
        reached=counted >= needed,
        options=options,
    )


def smallest(bound: Fraction, *, strict: bool) -> int:
    """The smallest whole number that is at least the bound, or more than it; never nobody."""
    whole = -(-bound.numerator // bound.denominator)
    return max(1, whole + 1 if strict and whole == bound else whole)


def stored_tally(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures for the store. Whether presence was recorded is said only where it was: older results lack it."""
    return {name: value for name, value in figures.items() if name != "recorded" or value}
