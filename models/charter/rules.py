"""Reading a charter as office.toml has it. Fractions are exact; every key that cannot be read is named."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.charter.presets import DEFAULT_PRESET, PRESETS

CHOICES = {
    "tie": ("rejected", "chair decides"),
    "abstentions": ("not counted", "count as cast"),
    "election_base": ("present", "cast"),
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
MOST_DAYS = 365
MOST_MANDATES = 9999
_FRACTION = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")


class CharterFault(ValueError):
    """A key of a charter that cannot be read.

    ``key``: where, „quorum.base" for a key within one. ``reason``: a sentence in German for whoever edits office.toml.
    ``cause``: the key that asks for this one, where this one may be missing.
    """

    def __init__(self, key: str, reason: str, cause: str = "") -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason, self.cause = key, reason, cause


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must take part: a number or a share of the base, reached ``at_least`` or ``more_than``."""

    amount: Fraction  # a whole number of mandates, or a share up to 1 of the base
    strict: bool  # True: more than
    base: str  # one of BASES
    share: bool

    @property
    def words(self) -> str:
        """The amount as a rule writes it: „1/2", „5"."""
        return f"{self.amount.numerator}/{self.amount.denominator}" if self.share else str(self.amount)


@dataclass(frozen=True, slots=True)
class Charter:
    """The rules a vote is judged by, as frozen at its opening."""

    preset: str
    quorum: Quorum
    majority: str  # a named majority or a fraction
    abstentions: str
    tie: str
    election_base: str  # of whom a choice needs the majority: those present (§ 56 KVG LSA), or the votes cast
    chair: str  # a mandate
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
    own: tuple[str, ...] = ()  # the keys that are not as in the preset


def read_charter(data: Mapping[str, Any]) -> Charter:
    """Read a charter; what it leaves open comes from its preset, or the default one.

    Raises:
        CharterFault: for the first key that cannot be read.
    """
    written = repr(data)  # tells 1, True and "1" apart
    if written not in _READ:
        if len(_READ) == MOST_KEPT:
            _READ.clear()
        _READ[written] = _read(data)
    return _READ[written]


# A vote asks for its charter several times at every tap, and it is always one of few.
_READ: dict[str, Charter] = {}
MOST_KEPT = 64


def _read(data: Mapping[str, Any]) -> Charter:
    for fault in _faults(data):
        raise fault
    preset = data.get("preset", DEFAULT_PRESET)
    standing = PRESETS[preset]
    keys = {**standing, **{key: value for key, value in data.items() if key != "preset"}}
    own = tuple(key for key in standing if keys[key] != standing[key])
    return Charter(preset=preset, own=own, **{**keys, "quorum": _read_quorum(keys["quorum"])})


def charter_faults(data: Mapping[str, Any]) -> list[CharterFault]:
    """Every key of a charter that cannot be read, or does not go with the others."""
    return list(_faults(data))


def _faults(data: Mapping[str, Any]) -> Iterator[CharterFault]:
    preset = data.get("preset", DEFAULT_PRESET)
    known = isinstance(preset, str) and preset in PRESETS
    if not known:
        yield CharterFault("preset", f"kein bekannter Satz; bekannt sind: {', '.join(PRESETS)}")
    keys = {**PRESETS[preset if known else DEFAULT_PRESET], **{key: data[key] for key in data if key != "preset"}}
    for key, value in keys.items():
        check = _CHECKS.get(key)
        if check is None:
            yield CharterFault(key, f"dieser Schlüssel ist unbekannt; bekannt sind: preset, {', '.join(_CHECKS)}")
            continue
        try:
            check(key, value)
        except CharterFault as fault:
            yield fault
    yield from _at_odds(keys)


def _at_odds(keys: Mapping[str, Any]) -> Iterator[CharterFault]:
    """Keys that do not go together; values that cannot be read have been named, and may be of any type here."""
    if keys["tie"] == "chair decides" and not _says_something(keys["chair"]):
        yield CharterFault("chair", "bei tie = „chair decides“ muss das Mandat des Vorsitzes genannt sein", "tie")
    if keys["silence"] == "consent" and keys["circular"] != "no objection":
        yield CharterFault("silence", "„consent“ gibt es nur mit circular = „no objection“", "circular")
    if keys["circular"] in ("no objection", "majority") and not _says_something(keys["clause"]):
        yield CharterFault("clause", "ein bindender Umlauf braucht die Stelle der Geschäftsordnung", "circular")


def _says_something(text: Any) -> bool:
    return not isinstance(text, str) or bool(text.strip())  # what is no text has its own fault


def _check_choice(key: str, value: Any) -> None:
    if value not in CHOICES[key]:
        raise CharterFault(key, f"erlaubt sind: {', '.join(CHOICES[key])}")


def _check_flag(key: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise CharterFault(key, "erlaubt sind: true, false")


def _check_text(key: str, value: Any) -> None:
    if not isinstance(value, str):
        raise CharterFault(key, "hier steht ein Text in Anführungszeichen")


def _check_days(key: str, value: Any) -> None:
    if type(value) is not int or not 0 <= value <= MOST_DAYS:
        raise CharterFault(key, f"hier steht eine Zahl von Tagen, 0 bis {MOST_DAYS}")


def _read_quorum(value: Any) -> Quorum:
    if not isinstance(value, Mapping) or len({"at_least", "more_than"} & set(value)) != 1:
        raise CharterFault("quorum", "hier steht { at_least = … } oder { more_than = … }, dazu base")
    word = "at_least" if "at_least" in value else "more_than"
    for key in value:
        if key not in {word, "base"}:
            raise CharterFault(f"quorum.{key}", f"dieser Schlüssel ist unbekannt; bekannt sind: {word}, base")
    base = value.get("base", "all")
    if base not in BASES:
        raise CharterFault("quorum.base", f"erlaubt sind: {', '.join(BASES)}")
    amount = _amount(f"quorum.{word}", value[word])
    share, strict = isinstance(value[word], str), word == "more_than"
    if share and (amount > 1 or (strict and amount == 1)):
        raise CharterFault(f"quorum.{word}", "so viele können es nie sein")
    return Quorum(amount, strict, base, share)


def _amount(key: str, value: Any) -> Fraction:
    if type(value) is int and 0 <= value <= MOST_MANDATES:
        return Fraction(value)
    share = _fraction(value)
    if share is None:
        raise CharterFault(key, "hier steht eine ganze Zahl oder ein Bruch wie „1/2“")
    return share


def _fraction(value: Any) -> Fraction | None:
    found = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    return Fraction(int(found[1]), int(found[2])) if found and int(found[2]) else None


def majority_share(name: str) -> Fraction:
    """The share a majority needs.

    Raises:
        CharterFault: where the word is neither a named majority nor a fraction of at least one half and at most one.
    """
    if isinstance(name, str) and name in NAMED_MAJORITIES:
        return NAMED_MAJORITIES[name]
    share = _fraction(name)
    if share is None or not HALF <= share <= 1:
        raise CharterFault("majority", "erlaubt sind: simple, absolute, two thirds oder ein Bruch von 1/2 bis 1/1")
    return share


_CHECKS: dict[str, Callable[[str, Any], object]] = {
    "quorum": lambda _, value: _read_quorum(value),
    "majority": lambda _, value: majority_share(value),
    **dict.fromkeys(CHOICES, _check_choice),
    **dict.fromkeys(TEXTS, _check_text),
    **dict.fromkeys(FLAGS, _check_flag),
    "notice_days": _check_days,
}
