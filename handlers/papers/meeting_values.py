"""What the papers of a meeting say: plain values, worded in one language by whoever fills them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.papers.values import Table

Pair = tuple[str, str]  # label and value


@dataclass(frozen=True, slots=True)
class Sitting:
    """The meeting itself, as every paper names it."""

    office: str
    number: int
    body: str
    short: str  # of the body
    title: str
    place: str
    when: str  # „Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr", as invited
    as_of: datetime  # when the facts last changed: the same facts then make the same file
    notes: Sequence[str] = ()  # a second meeting without a quorum, a moved one: each a sentence


@dataclass(frozen=True, slots=True)
class Expected:
    """Who is expected for a seat, and what was answered."""

    seat: str  # the mandate; empty for an adviser or a guest
    name: str  # its holder, or the adviser or guest; empty where it is vacant
    said: str  # the answer in words
    comes: str  # „ja", „nein", „offen"
    capacity: str = ""  # of an adviser or a guest, in words
    deputy: str = ""  # who was asked to come instead
    deputy_comes: bool = False
    answered_at: datetime | None = None
    entered_by: str = ""  # who in the office wrote the answer down


@dataclass(frozen=True, slots=True)
class Stay:
    """From when until when somebody was there; ``left`` is None for until the end."""

    came: datetime
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who was there. ``deputy_for``: the holder whose seat a deputy filled; empty for the holder."""

    name: str
    stays: Sequence[Stay]
    seat: str = ""  # the mandate; empty for advisers and guests
    deputy: bool = False
    deputy_for: str = ""
    capacity: str = ""  # of an adviser or a guest, in words


@dataclass(frozen=True, slots=True)
class Missing:
    """A seat that nobody filled, or an adviser or guest who did not come."""

    seat: str
    name: str
    excused: bool
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there, as it was recorded."""

    sitting: Sitting
    seats: int  # all mandates
    began: datetime  # as recorded, else as invited
    ended: datetime  # likewise
    present: Sequence[Attendee]  # with a seat
    advising: Sequence[Attendee]  # without
    missing: Sequence[Missing]
    facts: Sequence[Pair] = ()  # begin, end, quorum as found


@dataclass(frozen=True, slots=True)
class Resolution:
    """A vote that belongs to an item, as it ended."""

    heading: str  # „Beschluss Nr. 17: Aufruf STABIL"
    text: str
    outcome: str
    lines: Sequence[Pair]  # the verdict's reasons
    counts: Sequence[Pair] = ()  # the municipal block; empty where the kind has none
    remarks: Sequence[str] = ()  # exclusions, entries from paper, attachments: each a sentence
    tables: Sequence[Table] = ()  # a ranking, dates


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """An item of the agenda and what was decided under it."""

    text: str
    decision: bool = False
    resolutions: Sequence[Resolution] = ()
    pending: Sequence[str] = ()  # votes that have not ended, each a sentence


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody came late, or left early, and how many mandates were there then."""

    at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """The draft of the minutes."""

    attendance: Attendance
    agenda: Sequence[AgendaPoint]
    changes: Sequence[Changed] = ()
