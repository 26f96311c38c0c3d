"""A body's standing rules as data, and the verdict they give. Fractions are exact; a verdict carries its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

DOUBT = "Im Zweifel entscheidet das Gremium nach seiner Geschäftsordnung."
PRESETS: dict[str, dict[str, Any]] = {
    # § 55 and § 56 Abs. 2 KVG LSA bind the Kreistag; a RAK only by analogy or where its own rules say so.
    "angelehnt an KVG LSA": {
        "quorum": {"more_than": "1/2", "base": "all"},
        "majority": "simple",
        "abstentions": "not counted",
        "tie": "rejected",
        "chair": "",
        "second_meeting": False,
        "notice_days": 7,
        "changeable": True,
        "secret_on_request": False,
        "circular": "straw poll only",
        "clause": "",
        "silence": "no vote",
        "conflict_scope": "call",
        "first_that_does_not_fit": "stop",
        "names_published": False,
        "receipt_list": "none",
        "doubt": DOUBT,
    },
}
DEFAULT_PRESET = "angelehnt an KVG LSA"
CHOICES = {
    "tie": ("rejected", "chair decides"),
    "abstentions": ("not counted", "count as cast"),
    "circular": ("never", "straw poll only", "no objection", "majority"),
    "silence": ("no vote", "abstention", "consent"),
    "conflict_scope": ("call", "project"),
    "first_that_does_not_fit": ("stop", "skip"),
    "receipt_list": ("none", "entitled"),
}
FLAGS = ("second_meeting", "changeable", "secret_on_request", "names_published")
TEXTS = ("chair", "clause", "doubt")
BASES = ("all", "present", "not excluded")
HALF = Fraction(1, 2)
NAMED_MAJORITIES = {"simple": HALF, "absolute": HALF, "two thirds": Fraction(2, 3)}


class CharterFault(ValueError):
    """A key of a charter that cannot be read; ``reason`` is a sentence in German for whoever edits office.toml."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason = key, reason


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must take part: a number or a share of the base, reached ``at_least`` or ``more_than``."""

    amount: Fraction  # a whole number of mandates, or a share below 1 of the base
    strict: bool  # True: more than
    base: str
    share: bool


@dataclass(frozen=True, slots=True)
class Charter:
    """The rules a vote is judged by, as frozen at its opening."""

    preset: str
    quorum: Quorum
    majority: str
    abstentions: str
    tie: str
    chair: str
    second_meeting: bool
    notice_days: int
    changeable: bool
    secret_on_request: bool
    circular: str
    clause: str
    silence: str
    conflict_scope: str
    first_that_does_not_fit: str
    names_published: bool
    receipt_list: str
    doubt: str


def read_charter(data: Mapping[str, Any]) -> Charter:
    """Read a charter; what it leaves open comes from its preset, or the default one.

    Raises:
        CharterFault: for the first key that cannot be read.
    """
    preset = data.get("preset", DEFAULT_PRESET)
    if preset not in PRESETS:
        raise CharterFault("preset", f"kein bekannter Satz; bekannt sind: {', '.join(PRESETS)}")
    keys = {**PRESETS[preset], **{key: value for key, value in data.items() if key != "preset"}}
    for key in keys:
        if key not in PRESETS[DEFAULT_PRESET]:
            raise CharterFault(key, "dieser Schlüssel ist unbekannt")
    for key, allowed in CHOICES.items():
        if keys[key] not in allowed:
            raise CharterFault(key, f"erlaubt sind: {', '.join(allowed)}")
    for key in FLAGS:
        if not isinstance(keys[key], bool):
            raise CharterFault(key, "erlaubt sind: true, false")
    for key in TEXTS:
        if not isinstance(keys[key], str):
            raise CharterFault(key, "hier steht ein Text in Anführungszeichen")
    _check_sense(keys)
    majority_share(keys["majority"])
    return Charter(preset=preset, **{**keys, "quorum": _read_quorum(keys["quorum"])})


def _check_sense(keys: Mapping[str, Any]) -> None:
    days = keys["notice_days"]
    if not isinstance(days, int) or isinstance(days, bool) or days < 0:
        raise CharterFault("notice_days", "hier steht eine Zahl von Tagen")
    if keys["tie"] == "chair decides" and not keys["chair"]:
        raise CharterFault("chair", "bei tie = „chair decides“ muss das Mandat des Vorsitzes genannt sein")
    if keys["silence"] == "consent" and keys["circular"] != "no objection":
        raise CharterFault("silence", "„consent“ gibt es nur mit circular = „no objection“")
    if keys["circular"] in {"no objection", "majority"} and not keys["clause"]:
        raise CharterFault("clause", "ein bindender Umlauf braucht die Stelle der Geschäftsordnung")


def _read_quorum(value: Any) -> Quorum:
    if not isinstance(value, Mapping) or len({"at_least", "more_than"} & set(value)) != 1:
        raise CharterFault("quorum", "hier steht { at_least = … } oder { more_than = … }, dazu base")
    word = "at_least" if "at_least" in value else "more_than"
    base = value.get("base", "all")
    if base not in BASES or set(value) - {word, "base"}:
        raise CharterFault("quorum", f"base ist eines von: {', '.join(BASES)}")
    amount = _fraction("quorum", value[word])
    if amount < 0:
        raise CharterFault("quorum", "die Zahl darf nicht negativ sein")
    return Quorum(amount, word == "more_than", base, share=isinstance(value[word], str) and "/" in value[word])


def _fraction(key: str, value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise CharterFault(key, "hier steht eine ganze Zahl oder ein Bruch wie „1/2“")
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise CharterFault(key, "hier steht eine ganze Zahl oder ein Bruch wie „1/2“") from None


def majority_share(name: str) -> Fraction:
    """The share a majority needs.

    Raises:
        CharterFault: where the word is neither a named majority nor a fraction of at least one half and at most one.
    """
    if name in NAMED_MAJORITIES:
        return NAMED_MAJORITIES[name]
    share = _fraction("majority", name)
    if not HALF <= share <= 1:
        raise CharterFault("majority", "erlaubt sind: simple, absolute, two thirds oder ein Bruch von 1/2 bis 1")
    return share


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted. ``present`` is given for a vote in a meeting; in a circular those who answered count."""

    entitled: int
    yes: int
    no: int
    abstained: int
    excluded: int
    present: int | None = None
    chair_choice: str | None = None  # „yes", „no", „abstain": the chair's own ballot, where the charter asks it

    @property
    def voted(self) -> int:
        """Those who answered yes, no or abstention."""
        return self.yes + self.no + self.abstained


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with its reasons: every figure the card, the record and the tests speak of."""

    tally: Tally
    quorum_needed: int  # the smallest number of mandates that reaches it
    quorum_counted: int
    quorum_reached: bool
    majority_needed: int  # the smallest number of yes votes that carries
    majority_reached: bool
    tie: bool  # as many yes as no, and that is exactly the half of which more was needed
    outcome: str  # „adopted", „rejected", „no quorum"


def judge(charter: Charter, tally: Tally) -> Verdict:
    """The verdict of a motion by its charter. Nobody voting, or only abstentions, never passes.

    The chair's ballot breaks a tie; it does not make two thirds of a half, nor a majority of all from a part.
    """
    needed, counted = _quorum(charter.quorum, tally)
    share, base = majority_share(charter.majority), _majority_base(charter, tally)
    # A simple or absolute majority is more than half; two thirds and the like are reached exactly.
    majority_needed = max(1, _smallest(share * base, strict=share == HALF))
    tie = share == HALF and tally.yes == tally.no > 0 and tally.yes == share * base
    carried = tally.yes > 0 and tally.yes >= majority_needed
    if tie and charter.tie == "chair decides":
        carried = tally.chair_choice == "yes"
    reached = tally.voted > 0 and counted >= needed
    outcome = "no quorum" if not reached else "adopted" if carried else "rejected"
    return Verdict(tally, needed, counted, reached, majority_needed, carried, tie, outcome)


def _quorum(quorum: Quorum, tally: Tally) -> tuple[int, int]:
    present = tally.voted if tally.present is None else tally.present
    base = {"all": tally.entitled, "not excluded": tally.entitled - tally.excluded, "present": present}[quorum.base]
    bound = quorum.amount * base if quorum.share else quorum.amount
    return _smallest(bound, strict=quorum.strict), present


def _majority_base(charter: Charter, tally: Tally) -> int:
    cast = tally.yes + tally.no + (tally.abstained if charter.abstentions == "count as cast" else 0)
    return tally.entitled - tally.excluded if charter.majority == "absolute" else cast


def _smallest(bound: Fraction, *, strict: bool) -> int:
    """The smallest whole number that is at least the bound, or more than it."""
    whole = -(-bound.numerator // bound.denominator)
    return whole + 1 if strict and whole == bound else whole
