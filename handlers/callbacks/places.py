"""Taps that lead somewhere: to a place, or through the steps of a form."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class Open(Tap, prefix="o"):
    """Show a place: a list, a menu (``where``), and which one of it (``number``, 0 for none)."""

    where: str
    number: int = 0


@dataclass(frozen=True)
class FormTap(Tap, prefix="f"):
    """A choice in a form: of this draft, at this step."""

    draft: int
    step: int
    choice: int


@dataclass(frozen=True)
class FormAct(Tap, prefix="g"):
    """``cancel``, ``back``, ``skip``, ``confirm``, ``resume``, ``form``, ``question``."""

    draft: int
    step: int
    act: str
