"""What a paper says: plain values, worded in one language by whoever fills them in, without the store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Tone(StrEnum):
    """How an outcome looks: a colour and a shape, never the words."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no quorum"
    COUNTS = "counts"  # counted, nothing decided
    MEETING = "meeting"  # the item goes to a meeting, or to a run-off


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted, in mandates."""

    mandates: int  # entitled when the vote opened; the „gesetzliche Mitgliederzahl"
    excluded: int  # § 33 KVG LSA
    voted: int
    yes: int
    no: int
    abstained: int
    present: int  # in a meeting those recorded, in a circular those who answered


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many were needed, how many counted, and the rule in words („mehr als 1/2 aller Mandate")."""

    needed: int
    counted: int
    reached: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Majority:
    """The rule in words and whether it was reached."""

    rule: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A mandate in a vote. Of a secret vote no paper shows more than who took part."""

    mandate: str
    voted: bool
    choice: str = ""  # in words
    by: str = ""  # who acted for it
    deputy: bool = False
    way: str = ""  # how it was cast, in words: „Telegram", „Papier", „Telefon"
    at: datetime | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A mandate that took no part in the item, and why."""

    mandate: str
    reason: str


@dataclass(frozen=True, slots=True)
class Option:
    """What could be chosen, and how many chose it; ``chosen`` marks what won, or goes to the run-off."""

    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A project in a ranking. Shares are of the scale's end, 0 to 1."""

    label: str  # as the record's lines name it: „1. Lernwerkstatt"
    rank: int | None
    number: int
    title: str
    sponsor: str
    applied: str  # in words: „120.000 €"
    cents: int
    mean: str  # as shown
    exact: str | None  # as a fraction: „13/3"
    share: float
    mark: float  # where the threshold lies; 0: there is none
    scores: int
    spread: str
    fate: str  # in words: „ausgewählt"
    look: str  # „funded", „not funded", „open"


@dataclass(frozen=True, slots=True)
class Table:
    """A list of any sort: a ranking, dates, who was there. Cells are texts; ``numeric`` columns stand to the right."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()
    note: str = ""
    to_sign: bool = False  # tall rows, and a last column wide enough for a signature
    shares: Sequence[int] = ()  # of the width, one a column, so that tables below each other stand in line


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that belonged to the vote when it opened."""

    name: str
    sha256: str  # hexadecimal


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """Everything the result card and the decision record say about a vote that has ended."""

    office: str
    number: int
    body: str
    short: str  # of the body
    kind: str  # „Beschluss"
    held: str  # „In der Sitzung", „Umlauf"
    title: str
    text: str
    opened_at: datetime
    closed_at: datetime
    as_of: datetime  # when the facts last changed: the same facts then make the same file, byte for byte
    rules: str  # the charter's name: „angelehnt an KVG LSA"
    figures: Figures
    quorum: Quorum | None  # None: nothing is decided
    majority: Majority | None
    tie: bool
    outcome: str  # in words: „angenommen"; what the JSON calls the verdict
    tone: Tone
    lines: Sequence[tuple[str, str]]  # the verdict's reasons: label and value
    record_length: int
    record_head: str
    clause: str = ""  # of the Geschäftsordnung, for a circular
    secret: bool = False
    names: bool = True  # whether the paper may name who chose what
    seats: Sequence[Seat] = ()
    exclusions: Sequence[Exclusion] = ()
    options: Sequence[Option] = ()
    ranking: Sequence[Ranked] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()  # outages, extensions, entries from paper, each a sentence
    attachments: Sequence[Attached] = ()
    signatures: Sequence[str] = field(default=())  # who signs: „Vorsitz", „Protokoll"


@dataclass(frozen=True, slots=True)
class ListPaper:
    """Tables on paper: who was there, a ranking."""

    office: str
    heading: str  # above the title: body and number
    title: str
    as_of: datetime
    tables: Sequence[Table]
    facts: Sequence[tuple[str, str]] = ()
    signatures: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pass:
    """The way in, in a letter: a code to type and the same as a picture to point a telephone at."""

    link: str  # what the picture says
    alt: str  # what it is, for whoever does not see it
    title: str
    code: str  # in groups of four
    notes: Sequence[str] = ()  # until when, for whom


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter by post. ``text`` and ``closing`` are paragraphs, parted by line ends."""

    office: str
    sender: str  # one line above the address, in the window
    address: Sequence[str]
    title: str  # the subject
    written_on: datetime
    text: str
    facts: Sequence[tuple[str, str]] = ()  # time, place: label and value, between text and closing
    points: Sequence[str] = ()  # numbered, below the facts
    points_title: str = ""
    closing: str = ""
    signed: str = ""  # below the closing, with room for a signature between them
    contact: str = ""  # below, on every page
    reply: Sequence[str] = ()  # boxes to tick on a slip that comes back
    reply_title: str = ""
    language: str = ""  # its own, where it is not the file's
    entry: Pass | None = None  # below the points
