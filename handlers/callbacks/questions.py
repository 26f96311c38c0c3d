"""Taps under what a question led to."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class OnQuestion(Tap, prefix="q"):
    """What happens to a question: ``office``, ``alone``, ``good``, ``bad``, ``more``, ``again``, ``tell``.

    By staff: ``answer``, ``learn`` and ``unlearn`` (the knowledge base), ``alias`` (other ways of asking).
    """

    number: int
    act: str


@dataclass(frozen=True)
class Near(Tap, prefix="n"):
    """One of the headings under „Meinten Sie …" that a question led to."""

    question: int
    passage: int
