"""Taps about oneself: who one is, how the assistant shall speak, and leaving."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class Claim(Tap, prefix="c"):
    """„Das bin ich" (``yes``) or „Das bin ich nicht" (``no``). The code itself never stands on a button."""

    answer: str
    person: int


@dataclass(frozen=True)
class Language(Tap, prefix="l"):
    """A language was chosen."""

    code: str


@dataclass(frozen=True)
class PreferTyping(Tap, prefix="k"):
    """Whether messages number their buttons from now on: ``on`` or ``off``."""

    answer: str


@dataclass(frozen=True)
class Leave(Tap, prefix="bye"):
    """„Endgültig löschen" (``yes``) or „Abbrechen" (``no``): always of who taps, whoever sees the button."""

    answer: str
