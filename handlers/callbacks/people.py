"""Taps on people: lists, somebody's page, codes."""

from dataclasses import dataclass

from handlers.callbacks.tap import Tap


@dataclass(frozen=True)
class PeopleList(Tap, prefix="pl"):
    """A page of people: of a body (its number), or ``staff``, ``sponsors``, ``missing``, ``without``."""

    where: str
    page: int = 0


@dataclass(frozen=True)
class OnPerson(Tap, prefix="pe"):
    """What staff does with somebody on the lists: ``show``, ``code``, ``role``, ``change``, ``move``, ``end`` ….

    ``seen``: how many codes of theirs there were, so that the same tap issues no second one.
    """

    person: int
    act: str
    seen: int = 0


@dataclass(frozen=True)
class OnCodes(Tap, prefix="pc"):
    """Codes for a person, or for all who are not in yet (0): ``ask``, then ``pdf`` or ``csv``; ``seen`` as above."""

    person: int
    act: str
    seen: int = 0
