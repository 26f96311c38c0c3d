"""Taps on the card of a project selection."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class Score(Tap, prefix="vs"):
    """Points in a project selection, for a project by a criterion."""

    vote: int
    mandate: int
    project: int
    criterion: int
    points: int


@dataclass(frozen=True)
class ShowProject(Tap, prefix="vp"):
    """A page of a selection's card: a project (0: the overview), asking a criterion (0: the first without points)."""

    vote: int
    mandate: int
    project: int
    criterion: int = 0


@dataclass(frozen=True)
class OnSelection(Tap, prefix="vc"):
    """``confirm``; „Befangen" (``aside``) or taken back (``back``), in a project or in the whole call (project 0)."""

    vote: int
    mandate: int
    project: int
    act: str


@dataclass(frozen=True)
class Papers(Tap, prefix="vf"):
    """The papers of a project."""

    vote: int
    project: int
