"""Meetings: what may be answered when, by whom, and what an answer amounts to. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.actor import Actor
from models.meeting.rows import Invitation, Meeting
from models.member import Role
from models.refusals import MeetingBegun, Withdrawn

YES, NO, DEPUTY = "yes", "no", "deputy"
CANCELLED = "abgesagt"
REMINDED_BEFORE = (timedelta(days=7), timedelta(days=2))


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What staff has filled in. Times are instants."""

    body_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    agenda: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """One line of who comes: a mandate, or an adviser's or guest's name, and the answer."""

    name: str
    answer: str | None
    deputy: str
    deputy_answer: str | None
    votes: bool

    @property
    def comes(self) -> bool:
        """Whether this seat will be filled."""
        return self.answer == YES or (self.answer == DEPUTY and self.deputy_answer == YES)


def notice_kept(meeting_starts: datetime, now: datetime, notice_days: int) -> bool:
    """Whether an invitation sent now keeps the charter's notice period, in whole days of 24 hours."""
    return (meeting_starts - now).total_seconds() >= notice_days * 86400


def check_answerable(meeting: Meeting, at: datetime) -> None:
    """Let pass an answer that reached us before the meeting's start.

    Raises:
        Withdrawn: it is cancelled.
        MeetingBegun: too late.
    """
    if meeting.status == CANCELLED:
        raise Withdrawn
    if meeting.starts_at <= at:
        raise MeetingBegun


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


def reminder_times(starts_at: datetime) -> list[datetime]:
    """When those who have not answered are reminded, the earliest first."""
    return [starts_at - before for before in REMINDED_BEFORE]
