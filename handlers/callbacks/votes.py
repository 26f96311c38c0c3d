"""Taps on votes: choices, open and secret, deputies, and what the office does."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class CastTap(Tap, prefix="v"):
    """A choice in a vote, for a mandate."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class TypedCast(Tap, prefix="y"):
    """„Abgeben": a choice that was typed („Ja zu 17") and read back."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class ShowDate(Tap, prefix="vd"):
    """Another date of a date finding is to be answered on the card."""

    vote: int
    mandate: int
    place: int


@dataclass(frozen=True)
class Object(Tap, prefix="vo"):
    """„Widerspruch gegen das Umlaufverfahren": ``ask``, then ``yes`` or ``back``."""

    vote: int
    mandate: int
    act: str


@dataclass(frozen=True)
class SecretChoose(Tap, prefix="x"):
    """A choice in a secret vote: shown for confirmation, stored nowhere. ``back`` shows the card again."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class SecretCast(Tap, prefix="xc"):
    """„Verbindlich abgeben" in a secret vote."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class WithdrawConflict(Tap, prefix="vw"):
    """„Befangenheit zurücknehmen" in a secret vote."""

    vote: int
    mandate: int


@dataclass(frozen=True)
class HandOver(Tap, prefix="h"):
    """To which deputy a mandate is to be handed over."""

    mandate: int
    person: int


@dataclass(frozen=True)
class TakeBack(Tap, prefix="hb"):
    """„Zurücknehmen" of a handover."""

    handover: int


@dataclass(frozen=True)
class OnVote(Tap, prefix="va"):
    """What staff does with a vote: ``extend``, ``break_off``, ``enter``, ``exclude``, ``close``, ``papers`` …."""

    number: int
    act: str


@dataclass(frozen=True)
class Practise(Tap, prefix="p"):
    """A choice in the rehearsal vote."""

    choice: str
