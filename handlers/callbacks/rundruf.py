"""Taps on a Rundruf: the office's, and „Gelesen" by who got it."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class OnBroadcast(Tap, prefix="u"):
    """What staff does with a Rundruf: ``release``, ``pause``, ``resume``, ``correct``, ``withdraw``, ``missing`` ….

    ``seen``: the revision that the button stood under.
    """

    number: int
    act: str
    seen: int = 0


@dataclass(frozen=True)
class Read(Tap, prefix="ur"):
    """„Gelesen" under a copy of a Rundruf, in the revision it showed. 0: under a preview, where nobody reads."""

    copy: int
    revision: int
