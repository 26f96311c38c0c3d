"""Taps on meetings: the invitation and its answers, the day itself, and what is done with items."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class Answer(Tap, prefix="m"):
    """An answer to an invitation: ``yes``, ``no``, ``deputy``.

    ``asked``: how often the meeting had been moved then. After a move everybody is asked anew, and old buttons are old.
    """

    invitation: int
    asked: int
    answer: str


@dataclass(frozen=True)
class AskDeputy(Tap, prefix="d"):
    """Which deputy is to be asked to come; ``asked`` as above."""

    invitation: int
    asked: int
    person: int


@dataclass(frozen=True)
class DeputyAnswer(Tap, prefix="e"):
    """The asked deputy's answer: ``yes`` or ``no``; ``asked`` as above."""

    invitation: int
    asked: int
    answer: str


@dataclass(frozen=True)
class Arrive(Tap, prefix="an"):
    """„Anwesend" by who was invited or stands in; the word of the day is asked next."""

    invitation: int


@dataclass(frozen=True)
class OnItem(Tap, prefix="i"):
    """What staff does with an item of an agenda: ``show``, ``decide``, ``undecide``, ``vote``."""

    item: int
    act: str


@dataclass(frozen=True)
class OnMeeting(Tap, prefix="s"):
    """What staff or a member does with a meeting: ``invite``, ``ics``, ``files``, ``move``, ``present`` …."""

    number: int
    act: str
