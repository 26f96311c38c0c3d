"""What a question can come to: one of these values. The words are for the handlers."""

from dataclasses import dataclass
from datetime import date

from models.knowledge.values import Quote


@dataclass(frozen=True, slots=True)
class Slots:
    """What a question names: funding areas by letter, kinds of paper as in ``models.deadline.KINDS``, the month (1–12).

    ``body`` is a place or short name of a body as asked, ``words`` what else might be part of a title, folded
    (lower case, ae/oe/ue/ss); ``""`` and empty tuples mean that nothing was said.
    """

    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    month: int | None = None
    body: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Floors:
    """Shares of a question's meaning: from ``answer`` on it is answered, from ``near`` on headings are shown."""

    answer: float = 0.64
    near: float = 0.45


@dataclass(frozen=True, slots=True)
class ValidityEnded:
    """The source was valid until a day that is past."""

    until: date


@dataclass(frozen=True, slots=True)
class NotYetValid:
    """The source will be valid from a day that is still to come."""

    valid_from: date


@dataclass(frozen=True, slots=True)
class NewerEdition:
    """The quoted edition has been superseded, or another document of the same title and publisher is newer."""

    title: str
    dated: date | None


@dataclass(frozen=True, slots=True)
class OtherFigure:
    """Another source gives another figure for the same thing; ``quote`` is for „Mehr", never for the warning."""

    quote: Quote


Warning_ = ValidityEnded | NotYetValid | NewerEdition | OtherFigure


@dataclass(frozen=True, slots=True)
class Answer:
    """``quote`` answers. ``more``: the rest of its list or paragraph, in order. ``confidence`` from 0 to 1."""

    quote: Quote
    more: tuple[Quote, ...]
    warnings: tuple[Warning_, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Near:
    """Nothing answers, but up to three passages are near: their headings are shown under „Meinten Sie …"."""

    headings: tuple["Heading", ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A passage by its heading: the section, or the document's title where it has none."""

    passage_id: int
    label: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No source answers. ``reason`` is one of a closed list, for what is said beside the refusal.

    ``nothing found``, ``not in the sources`` (something is near, but not what was asked), ``no such area`` (a funding
    area that does not exist), ``own case`` (only a person can tell), ``past programme``, ``wrong authority``,
    ``other programme`` (what the question takes for granted is not so, and no source says more).
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Confidential:
    """How somebody voted, or somebody else's application."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The message holds personal data. ``kind``: ``iban``, ``insurance``, ``birth`` or ``list``. Keep nothing of it."""

    kind: str


@dataclass(frozen=True, slots=True)
class AsksDeadline:
    """A deadline or date to come is asked for: the table answers, never prose."""

    slots: Slots


@dataclass(frozen=True, slots=True)
class AsksMeeting:
    """A meeting to come is asked for."""

    slots: Slots


@dataclass(frozen=True, slots=True)
class AsksContact:
    """Somebody wants to reach the office, and no source says how."""

    slots: Slots


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A greeting or thanks and nothing else. ``kind``: ``greeting`` or ``thanks``."""

    kind: str


Finding = Answer | Near | NoAnswer | Confidential | PersonalData | AsksDeadline | AsksMeeting | AsksContact | SmallTalk
