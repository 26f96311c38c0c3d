"""A verdict's reasoning, line by line: figures and the charter's own words; sentences are made at the edge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any


class LineKind(StrEnum):
    """What a line speaks of, and which of its fields it fills beside ``count``."""

    ENTITLED = "entitled"  # count: all mandates
    EXCLUDED = "excluded"  # count: § 33 KVG LSA
    PRESENT = "present"  # count: present without the excluded; words: „recorded", or as many as answered; in a meeting
    VOTED = "voted"  # count: those who answered, abstentions among them
    YES = "yes"
    NO = "no"
    OPTION = "option"  # count: votes for the one in options
    ABSTAINED = "abstained"  # count: those who said so
    SILENT = "silent"  # count: no answer; words: what the charter makes of it; only in a circular
    OBJECTIONS = "objections"  # count: objections to the circular; only in a circular
    QUORUM = "quorum"  # needed, counted, base, of, share, strict, words, reached
    SECOND_MEETING = "second meeting"  # the quorum is waived: invited again
    NO_QUORUM_ASKED = "no quorum asked"  # § 54 KVG LSA counts nobody
    MAJORITY = "majority"  # needed, counted, base, of, share, strict, words, reached; of an election: options in front
    MOST_VOTES = "most votes"  # of a run-off: counted, reached (by one alone), options in front
    TIE = "tie"  # words: the rule; choice: the chair's ballot, where asked and cast; reached: it made a yes
    NO_VOTES = "no votes"  # nobody voted, or only abstentions; nobody entitled where silence consents
    LOT = "lot"  # options between whom; choice: the one drawn
    RULES = "rules"  # words: the preset; own: keys of this verdict not as in it; clause: of the circular
    OUTCOME = "outcome"  # words: the outcome; options: elected, or who goes on


class Outcome(StrEnum):
    """What comes of it."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no quorum"
    TO_MEETING = "to a meeting"  # someone objected to the circular
    COUNTED = "counted"  # a straw poll
    ELECTED = "elected"
    RUN_OFF = "run-off"
    LOT = "lot"
    NOBODY = "nobody elected"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the reasoning. What a kind does not speak of is None or empty."""

    kind: LineKind
    count: int | None = None  # a plain figure
    needed: int | None = None  # the smallest number that reaches it
    counted: int | None = None  # what stands against it
    base: int | None = None  # the whole that the share is of
    of: str = ""  # who the whole is: all, present, not excluded, cast, cast and abstained
    share: Fraction | None = None  # None: a plain number of mandates is asked
    strict: bool | None = None  # True: more than (>); False: at least (≥)
    words: str = ""  # the rule's own: „1/2", „5", „simple", „chair decides"
    reached: bool | None = None
    choice: str = ""
    options: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    clause: str = ""

    def to_json(self) -> dict[str, Any]:
        """The line for the store and the decision record; what it does not speak of is left out."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _plain(value) for name, value in said.items() if value not in (None, "", ())}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Line":
        """The line as it was stored."""
        return cls(**{name: _RICH[name](value) if name in _RICH else value for name, value in data.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return list(value) if isinstance(value, tuple) else value


_RICH: dict[str, Callable[[Any], Any]] = {"kind": LineKind, "share": Fraction, "options": tuple, "own": tuple}


@dataclass(frozen=True, slots=True)
class Reasoned:
    """An outcome with its reasons, in the order they are shown."""

    outcome: Outcome
    lines: tuple[Line, ...]

    def line(self, kind: LineKind) -> Line | None:
        """The first line of a kind."""
        return next((line for line in self.lines if line.kind is kind), None)

    def figure(self, kind: LineKind) -> int:
        """The count of that line; 0 where nothing is said of it."""
        found = self.line(kind)
        return found.count or 0 if found else 0
