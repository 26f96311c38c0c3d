"""Reports: meetings held in a stretch of time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rules import quorum_of_meeting
from models.charter import read_charter
from models.meeting.rows import Invitation, Meeting, Presence
from models.meeting.rules import CANCELLED, Stay, filled_at, most_filled
from models.office import Body
from models.report.rules import NOBODY, Share


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting, counted in mandates. Of whom nobody was recorded ``present`` and ``quorum`` are unknown."""

    number: int
    title: str
    starts_at: datetime
    invited: int
    answered: int
    guests: int  # advisers and guests that were invited
    present: int | None  # were there at any time
    quorum: bool | None


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """All meetings that were held."""

    meetings: Sequence[Sitting]
    cancelled: int

    @property
    def answered(self) -> Share:
        """Of the mandates invited."""
        return sum((Share(one.answered, one.invited) for one in self.meetings), NOBODY)

    @property
    def recorded(self) -> Sequence[Sitting]:
        """Those of which a list of who was there exists."""
        return [one for one in self.meetings if one.present is not None]

    @property
    def present(self) -> Share | None:
        """Of the mandates invited to those; None where no list exists though there were meetings."""
        if self.meetings and not self.recorded:
            return None
        return sum((Share(one.present or 0, one.invited) for one in self.recorded), NOBODY)

    @property
    def quorate(self) -> Share | None:
        """How many of those had a quorum; None as above."""
        if self.meetings and not self.recorded:
            return None
        return Share(sum(bool(one.quorum) for one in self.recorded), len(self.recorded))


@dataclass(frozen=True, slots=True)
class _Seat:
    spans: Sequence[Stay]


async def meeting_figures(session: AsyncSession, since: datetime, until: datetime, now: datetime) -> MeetingFigures:
    """What began from ``since`` (inclusive) to ``until`` (exclusive), and has begun by now."""
    inside = (Meeting.starts_at >= since, Meeting.starts_at < until, Meeting.invited_at.is_not(None))
    cancelled = await session.scalar(select(func.count()).where(*inside, Meeting.status == CANCELLED))
    rows = await session.execute(
        select(Meeting, Body)
        .join(Body, Body.id == Meeting.body_id)
        .where(*inside, Meeting.status != CANCELLED, Meeting.starts_at <= now)
        .order_by(Meeting.starts_at, Meeting.number)
    )
    held = [(meeting, body) for meeting, body in rows]
    numbers = [meeting.number for meeting, _ in held]
    invited, spans = await _invited(session, numbers), await _spans(session, numbers)
    return MeetingFigures(
        [_sitting(meeting, body, invited[meeting.number], spans.get(meeting.number)) for meeting, body in held],
        cancelled or 0,
    )


Invited = tuple[int, int, int]  # mandates, those that answered, advisers and guests
Spans = dict[int | None, list[Presence]]  # by mandate; None: advisers and guests


async def _invited(session: AsyncSession, numbers: Sequence[int]) -> dict[int, Invited]:
    with_seat = Invitation.mandate_id.is_not(None)
    rows = await session.execute(
        select(
            Invitation.meeting_number,
            func.count(Invitation.mandate_id),
            func.count(Invitation.answer).filter(with_seat),
            func.count().filter(~with_seat),
        )
        .where(Invitation.meeting_number.in_(numbers))
        .group_by(Invitation.meeting_number)
    )
    found: dict[int, Invited] = defaultdict(lambda: (0, 0, 0))
    found.update({number: (mandates, answered, guests) for number, mandates, answered, guests in rows})
    return found


async def _spans(session: AsyncSession, numbers: Sequence[int]) -> dict[int, Spans]:
    rows = await session.scalars(select(Presence).where(Presence.meeting_number.in_(numbers)))
    found: dict[int, Spans] = {}
    for one in rows:
        found.setdefault(one.meeting_number, {}).setdefault(one.mandate_id, []).append(one)
    return found


def _sitting(meeting: Meeting, body: Body, invited: Invited, spans: Spans | None) -> Sitting:
    mandates, answered, guests = invited
    seats = None if spans is None else [_Seat(stays) for mandate, stays in spans.items() if mandate is not None]
    return Sitting(
        meeting.number,
        meeting.title,
        meeting.starts_at,
        mandates,
        answered,
        guests,
        None if seats is None else len(seats),
        None if seats is None else _had_quorum(meeting, body, mandates, seats),
    )


def _had_quorum(meeting: Meeting, body: Body, mandates: int, seats: Sequence[_Seat]) -> bool:
    """As the minutes find it: at the recorded beginning, else when most were there."""
    charter = read_charter(body.charter)
    if charter.second_meeting and meeting.second_of is not None:
        return True
    there = filled_at(seats, meeting.began_at) if meeting.began_at else most_filled(seats)
    return there >= quorum_of_meeting(charter, mandates, there)
