"""Meetings: what may be answered when, by whom, and what an answer amounts to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from models.actor import Actor
from models.meeting.rows import Invitation, Meeting
from models.member import Role
from models.refusals import Late, MeetingBegun, Moved, NotYet, Withdrawn

YES, NO, DEPUTY = "yes", "no", "deputy"
CANCELLED = "abgesagt"
ENDED = "beendet"
REMINDED_BEFORE = (7, 2)  # days; an office may have others (settings, ``meeting_reminders``)
EVE = timedelta(days=1)
ARRIVES_BEFORE = timedelta(minutes=30)  # a member may say „Anwesend" so long before the start
MOST_WRONG = 5  # words of the day


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What staff has filled in. Times are instants."""

    body_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    agenda: str
    file_ids: Sequence[int] = field(default=())
    second_of: int | None = None  # the meeting without a quorum after which this one is called


@dataclass(frozen=True, slots=True)
class Attendance:
    """One line of who comes: a mandate, or an adviser's or guest's name, and the answer."""

    name: str
    answer: str | None
    deputy: str
    deputy_answer: str | None
    votes: bool
    invitation_id: int = 0
    mandate_id: int | None = None
    person: str = ""  # who holds the mandate, or the adviser or guest; empty: vacant
    reachable: bool = True  # uses the bot
    entered: bool = False  # the office entered the answer

    @property
    def comes(self) -> bool:
        """Whether this seat will be filled."""
        return self.answer == YES or (self.answer == DEPUTY and self.deputy_answer == YES)

    @property
    def open(self) -> bool:
        """Whether it can still be filled: somebody has not answered, or a deputy is being asked."""
        return (self.answer is None and bool(self.person)) or (self.answer == DEPUTY and self.deputy_answer is None)


def notice_kept(meeting_starts: datetime, now: datetime, notice_days: int) -> bool:
    """Whether an invitation sent now keeps the charter's notice period, in whole days of 24 hours."""
    return (meeting_starts - now).total_seconds() >= notice_days * 86400


def check_answerable(meeting: Meeting, at: datetime, asked: int | None = None) -> None:
    """Let pass an answer that reached us before the meeting's start.

    ``asked``: how often the meeting had been moved when the button was made; None: it does not matter.

    Raises:
        Withdrawn: it is cancelled.
        Moved: the button belongs to the invitation from before a move.
        MeetingBegun: too late.
    """
    if meeting.status == CANCELLED:
        raise Withdrawn
    if asked is not None and asked != meeting.moves:
        raise Moved(meeting.starts_at)
    if meeting.starts_at <= at:
        raise MeetingBegun


def ends(meeting: Meeting) -> datetime:
    """When it ends: as the office recorded it, else as planned."""
    return meeting.ended_at or meeting.ends_at


def check_arrival(meeting: Meeting, at: datetime) -> None:
    """Let pass a member's „Anwesend": from half an hour before the start until the end.

    Raises:
        Withdrawn: it is cancelled.
        NotYet: too early.
        Late: it is over.
    """
    if meeting.status == CANCELLED:
        raise Withdrawn
    opens = meeting.starts_at - ARRIVES_BEFORE
    if at < opens:
        raise NotYet(opens)
    if at >= ends(meeting):
        raise Late


def answers_as(invitation: Invitation, by: Actor) -> int | None:
    """The person whose answer to this invitation this account gives; None where it is somebody else's."""
    for standing in by.standings:
        if standing.role is Role.MEMBER and standing.mandate_id == invitation.mandate_id and standing.mandate_id:
            return standing.person_id
        if standing.role in {Role.ADVISER, Role.GUEST} and standing.person_id == invitation.guest_id:
            return standing.person_id
    return None


def is_asked(invitation: Invitation, actor: Actor) -> bool:
    """Whether this account is the deputy who was asked to come."""
    return invitation.deputy_id is not None and any(
        one.person_id == invitation.deputy_id and one.mandate_id == invitation.mandate_id
        for one in actor.with_role(Role.DEPUTY)
    )


def reminder_times(starts_at: datetime, days: Sequence[int] = REMINDED_BEFORE) -> list[datetime]:
    """When those who have not answered are reminded, the earliest first."""
    return [starts_at - timedelta(days=one) for one in sorted(days, reverse=True)]


# --- who was there


class Stay(Protocol):
    """From when until when somebody was there; ``left_at`` is empty until they leave."""

    @property
    def came_at(self) -> datetime:
        """The arrival."""

    @property
    def left_at(self) -> datetime | None:
        """The leaving."""


class Filled(Protocol):
    """A seat, with the stays of whoever sat there."""

    @property
    def spans(self) -> Sequence[Stay]:
        """One after the other."""


def filled_at(seats: Sequence[Filled], at: datetime) -> int:
    """How many seats were filled at an instant."""
    return sum(any(_covers(stay, at) for stay in one.spans) for one in seats)


def _covers(stay: Stay, at: datetime) -> bool:
    return stay.came_at <= at and (stay.left_at is None or stay.left_at > at)


def most_filled(seats: Sequence[Filled]) -> int:
    """How many seats were filled when most were."""
    arrivals = {stay.came_at for one in seats for stay in one.spans}
    return max((filled_at(seats, at) for at in arrivals), default=0)
