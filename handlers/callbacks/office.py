"""Taps of the office on letters, backups, lists and reports."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class OnLetter(Tap, prefix="b"):
    """What staff decides about an uncertain letter: ``again`` or ``drop``."""

    letter: int
    act: str


@dataclass(frozen=True)
class OnBackup(Tap, prefix="bk"):
    """„Sicherung jetzt" (``now``), and „Technik" looked at once more (``look``)."""

    act: str


@dataclass(frozen=True)
class OnPlanned(Tap, prefix="w"):
    """What staff does with a planned message, by its ``PlannedKey``: ``show``, ``hold``, ``release``, ``now``."""

    kind: str
    number: int
    second: int
    act: str


@dataclass(frozen=True)
class OnList(Tap, prefix="ta"):
    """What staff decides about a list sent in the chat: ``take`` or ``drop``."""

    file: int
    act: str


@dataclass(frozen=True)
class OnFiles(Tap, prefix="li"):
    """Under „Listen und Dateien": a ``template``, or the list as it is ``now``; ``kind``: of which list, empty: ask."""

    act: str
    kind: str


@dataclass(frozen=True)
class OnReport(Tap, prefix="rp"):
    """A report of a period („2026-11", „2026-q4"): ``show`` it in words, or as ``pdf``, ``xlsx``, ``csv``."""

    period: str
    act: str
