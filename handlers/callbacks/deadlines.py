"""Taps on deadlines: the list, an entry, following, reminders."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class OnDeadline(Tap, prefix="t"):
    """What somebody does with a deadline: ``show``, ``remind``, ``done``, ``mute``, ``ics``; staff: ``change`` …."""

    number: int
    act: str


@dataclass(frozen=True)
class DeadlineList(Tap, prefix="tl"):
    """A page of ``/fristen`` (``show``), of one funding area or of all (empty), or all of it as a file (``ics``)."""

    area: str
    page: int
    act: str


@dataclass(frozen=True)
class Follow(Tap, prefix="fo"):
    """Tick or untick a funding area (``what`` is ``area``, ``value`` its letter) or a kind of deadline (``kind``)."""

    what: str
    value: str


@dataclass(frozen=True)
class OnReminder(Tap, prefix="r"):
    """„Erledigt" (``done``) or „Nicht mehr erinnern" (``mute``) on a gathered reminder; it asks which one."""

    letter: int
    act: str
