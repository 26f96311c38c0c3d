"""Every table, and what it knows of people. The one place to list a new table; a test fails until it is listed.

Both ``/meinedaten`` and ``/loeschen`` follow this list. A table that knows a Telegram user or a person gets a
``Known``: which columns name them, and what becomes of the row when they leave. One that knows nobody gets a line in
NOBODY.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Table

from models.ballot import rows as ballot
from models.ballot.secret import rows as secret
from models.base import Base
from models.broadcast import rows as broadcast
from models.deadline import rows as deadline
from models.drafts import Draft
from models.inbox import InboxRow
from models.knowledge.aliases import Alias
from models.meeting.rows import Invitation, Meeting, Presence
from models.member import Account, Code, Membership, Person
from models.outbox import Letter
from models.planned import Hold
from models.question.rows import LastQuestion, OfficeQuestion
from models.record.rows import RecordLine
from models.safekeeping import Backup
from models.selection import rows as selection
from models.shown import Shown
from models.wish import Wish


class Subject(StrEnum):
    """Under which heading a table is shown to whom it knows."""

    ACCOUNT = "account"
    ROLES = "roles"
    VOTES = "votes"
    MEETINGS = "meetings"
    DEADLINES = "deadlines"
    QUESTIONS = "questions"
    LETTERS = "letters"
    FORMS = "forms"
    OFFICE = "office"  # what somebody did as staff
    ARRIVALS = "arrivals"


class Fate(StrEnum):
    """What becomes of a row when the one that its column names leaves."""

    GOES = "goes"  # the row is deleted
    EMPTIED = "emptied"  # the row stays, and no longer says who it was
    STAYS = "stays"  # a formal act: the number of a person stays, and the name until the office's retention ends
    BY_HAND = "by hand"  # ``erasing`` knows how


class Formal(StrEnum):
    """Formal acts, as they are told to whom they keep from going altogether."""

    BALLOT = "ballot"
    HANDOVER = "handover"
    OBJECTION = "objection"
    ATTENDANCE = "attendance"
    OFFICE = "office"  # opening, extending, excluding … by staff


@dataclass(frozen=True)
class Known:
    """What a table knows of people.

    ``accounts`` and ``people``: the columns that hold a Telegram number or a person's number, each with its fate.
    ``mandate``: a column by which a row is also shown to whoever holds the mandate now.
    ``words``: columns of free text. A name in anybody's is struck out.
    ``at``: of a formal act, the columns with its instant; the first that is not empty counts.
    ``hidden``: columns that tell nobody anything.
    """

    row: type[Base]
    subject: Subject
    accounts: Mapping[str, Fate] = field(default_factory=dict)
    people: Mapping[str, Fate] = field(default_factory=dict)
    mandate: str = ""
    words: tuple[str, ...] = ()
    formal: Formal | None = None
    at: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """The table itself."""
        table: Any = self.row.__table__
        found: Table = table
        return found

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


def _account(fate: Fate = Fate.GOES) -> dict[str, Fate]:
    return {"telegram_id": fate}


KNOWN: tuple[Known, ...] = (
    Known(Account, Subject.ACCOUNT, accounts=_account(Fate.BY_HAND)),
    Known(Person, Subject.ROLES, accounts=_account(Fate.BY_HAND), people={"id": Fate.BY_HAND}),
    Known(Membership, Subject.ROLES, people={"person_id": Fate.GOES}),
    Known(
        Code,
        Subject.ROLES,
        accounts={"shown_to": Fate.EMPTIED},
        people={"person_id": Fate.GOES},
        hidden=("digest",),
    ),
    # --- votes
    Known(
        ballot.Vote,
        Subject.OFFICE,
        people={"created_by": Fate.STAYS},
        formal=Formal.OFFICE,
        at=("closed_at", "cancelled_at", "closes_at"),
        hidden=("charter", "result"),
    ),
    Known(
        ballot.Elector,
        Subject.VOTES,
        people={"excluded_by": Fate.STAYS},
        mandate="mandate_id",
        formal=Formal.OFFICE,
        at=("excluded_at",),
    ),
    Known(
        ballot.Ballot,
        Subject.VOTES,
        people={"cast_by": Fate.STAYS},
        mandate="mandate_id",
        formal=Formal.BALLOT,
        at=("cast_at",),
    ),
    Known(ballot.Receipt, Subject.VOTES, mandate="mandate_id"),
    Known(
        ballot.Handover,
        Subject.VOTES,
        people={"holder_id": Fate.STAYS, "deputy_id": Fate.STAYS},
        formal=Formal.HANDOVER,
        at=("ended_at", "until", "given_at"),
    ),
    Known(
        ballot.Objection,
        Subject.VOTES,
        people={"made_by": Fate.STAYS},
        mandate="mandate_id",
        formal=Formal.OBJECTION,
        at=("made_at",),
    ),
    Known(secret.SecretVoter, Subject.VOTES, mandate="mandate_id"),
    Known(secret.SecretTurnout, Subject.VOTES, mandate="mandate_id"),
    Known(
        selection.ScoreRow,
        Subject.VOTES,
        people={"given_by": Fate.STAYS},
        mandate="mandate_id",
        formal=Formal.BALLOT,
        at=("given_at",),
    ),
    Known(
        selection.AsideRow,
        Subject.VOTES,
        people={"said_by": Fate.STAYS},
        mandate="mandate_id",
        formal=Formal.BALLOT,
        at=("said_at",),
    ),
    Known(ballot.Extension, Subject.OFFICE, people={"made_by": Fate.STAYS}, formal=Formal.OFFICE, at=("made_at",)),
    Known(ballot.Rehearsal, Subject.VOTES, accounts=_account()),
    # Its entries name people by number alone, in their text; see ``access`` for how they are found.
    Known(RecordLine, Subject.VOTES),
    # --- meetings
    Known(
        Meeting,
        Subject.OFFICE,
        people={"minutes_sent_by": Fate.STAYS},
        formal=Formal.OFFICE,
        at=("minutes_sent_at",),
        hidden=("day_code",),
    ),
    Known(
        Invitation,
        Subject.MEETINGS,
        people={
            "guest_id": Fate.GOES,
            "deputy_id": Fate.EMPTIED,
            "answered_by": Fate.EMPTIED,
            "entered_by": Fate.EMPTIED,
        },
        mandate="mandate_id",
    ),
    Known(
        Presence,
        Subject.MEETINGS,
        people={"person_id": Fate.STAYS, "entered_by": Fate.STAYS},
        formal=Formal.ATTENDANCE,
        at=("left_at", "came_at"),
    ),
    # --- deadlines
    Known(deadline.Subscription, Subject.DEADLINES, accounts=_account()),
    Known(deadline.Follow, Subject.DEADLINES, accounts=_account()),
    Known(deadline.Step, Subject.DEADLINES, accounts=_account()),
    Known(Wish, Subject.DEADLINES, accounts=_account()),
    # --- questions and letters
    Known(
        OfficeQuestion,
        Subject.QUESTIONS,
        accounts=_account(Fate.BY_HAND),
        people={"answered_by": Fate.EMPTIED},
        words=("text", "answer"),
    ),
    Known(LastQuestion, Subject.QUESTIONS, accounts=_account(), words=("text",)),
    Known(Letter, Subject.LETTERS, accounts=_account(), words=("text",)),
    Known(
        broadcast.Broadcast,
        Subject.OFFICE,
        people={"made_by": Fate.STAYS, "edited_by": Fate.STAYS, "released_by": Fate.STAYS},
        words=("revisions",),
        formal=Formal.OFFICE,
        at=("ended_at", "made_at"),
    ),
    Known(broadcast.Copy, Subject.LETTERS, accounts=_account(), people={"person_id": Fate.GOES}),
    # --- the rest
    Known(Draft, Subject.FORMS, accounts=_account(), words=("answers", "offered", "held_text")),
    Known(Shown, Subject.ACCOUNT, accounts=_account(), words=("messages",)),
    Known(Alias, Subject.OFFICE, people={"added_by": Fate.EMPTIED}),
    Known(Hold, Subject.OFFICE, people={"held_by": Fate.EMPTIED}),
    Known(Backup, Subject.OFFICE, accounts={"asked_by": Fate.EMPTIED}),
    Known(InboxRow, Subject.ARRIVALS, accounts={"lane": Fate.BY_HAND}),
)

# Tables that know no person, each with what they hold. Titles and texts of votes, meetings, deadlines and sources are
# the office's own publications: whoever is named there is named by the office, and it takes them out there.
NOBODY: Mapping[str, str] = {
    "office": "the office itself",
    "bodies": "bodies and their charters",
    "mandates": "seats, by the name of who sends somebody",
    "options": "what can be chosen in a vote, part of a formal act",
    "attachments": "which file belongs to which vote",
    "files": "files of the office; lists that wait for „Übernehmen“ go after thirty days",
    "agenda_items": "the office's meetings",
    "meeting_files": "which file goes with which invitation",
    "secret_ballots": "ballots that nothing ties to anybody",
    "secret_casts": "numbers of updates that brought some ballot",
    "secret_counts": "how many ballots say what",
    "calls": "the office's calls",
    "criteria": "what points are given for",
    "projects": "what sponsors apply for, part of a formal act",
    "deadlines": "the office's deadlines",
    "editions": "the office's sources",
    "passages": "the office's sources",
    "passage_vectors": "numbers made of passages",
    "record_head": "length and hash of the record",
    "heartbeat": "when the bot was last awake",
    "outages": "when it was not",
    "asked": "how many questions a day came to what; neither who asked nor the words",
    "chores": "when the cleaning was last done",
    "troubles": "which kinds of errors were met where, and how often",
    "pace": "how fast letters go out, when a tick was begun, a digest of the webhook's settings",
}
