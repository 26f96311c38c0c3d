"""The day of a meeting: who came, who left, when it began and ended, and who was there at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.deadline import office_calendar
from models.meeting.looking import answering_person, find, invitations
from models.meeting.rows import Invitation, Meeting, Presence
from models.meeting.rules import ARRIVES_BEFORE, CANCELLED, MOST_WRONG, NO, YES, answers_as, check_arrival, is_asked
from models.member import Person
from models.office import Mandate
from models.refusals import AlreadyDone, NotEntitled, NotYet, Unfit, Unknown, Withdrawn
from models.roster import deputies_of

MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when somebody was there. ``left_at`` None: to the end."""

    person: str
    came_at: datetime
    left_at: datetime | None = None
    by_self: bool = False
    presence_id: int = 0


@dataclass(frozen=True, slots=True)
class SeatOnTheDay:
    """A mandate's seat, or an adviser or guest, on the day. ``holder``: who answers the invitation."""

    invitation_id: int
    name: str
    votes: bool
    holder: str
    answer: str | None
    deputy: str
    deputy_answer: str | None
    spans: Sequence[Span] = field(default=())

    @property
    def there(self) -> Span | None:
        """The span that has not ended; None where nobody is there."""
        return next((one for one in self.spans if one.left_at is None), None)


# --- what a member does


async def own_seat(session: AsyncSession, number: int, by: Actor) -> tuple[Invitation, Meeting, int]:
    """An invitation whose seat this account may take, its meeting, and the person who would sit.

    Raises:
        Unknown: there is none.
        NotEntitled: neither the holder, adviser or guest, nor the deputy who was asked.
    """
    invitation = await session.get(Invitation, number, with_for_update=True)
    if invitation is None:
        raise Unknown
    person = answers_as(invitation, by)
    if person is None and is_asked(invitation, by) and invitation.deputy_answer != NO:
        person = invitation.deputy_id
    if person is None:
        raise NotEntitled("invited")
    return invitation, await find(session, invitation.meeting_number), person


async def check_word(session: AsyncSession, number: int, word: str, by: Actor) -> None:
    """Let pass the word of the day; a wrong one is counted.

    Raises:
        Unknown, NotEntitled: as for ``own_seat``.
        Unfit: it is wrong, or too many were.
    """
    invitation, meeting, _ = await own_seat(session, number, by)
    if invitation.wrong_words >= MOST_WRONG:
        raise Unfit("too many words")
    if word != meeting.day_code:
        invitation.wrong_words += 1
        raise Unfit("too many words" if invitation.wrong_words >= MOST_WRONG else "wrong word")


async def arrive(session: AsyncSession, number: int, word: str, by: Actor, at: datetime) -> Meeting:
    """A member's „Anwesend" with the word of the day, from half an hour before the start until the end.

    Raises:
        Unknown, NotEntitled: as for ``own_seat``.
        Withdrawn, NotYet, Late: as for ``check_arrival``.
        Unfit: the word is wrong.
        AlreadyDone: the seat is filled.
    """
    invitation, meeting, person_id = await own_seat(session, number, by)
    check_arrival(meeting, at)
    if invitation.wrong_words >= MOST_WRONG or word != meeting.day_code:
        raise Unfit("wrong word")
    if await _filled(session, invitation, person_id):
        raise AlreadyDone
    await _come(session, invitation, person_id, at, person_id, by_self=True)
    return meeting


async def _filled(session: AsyncSession, invitation: Invitation, person_id: int) -> bool:
    seat = _seat(invitation, person_id)
    query = select(Presence.id).where(
        Presence.meeting_number == invitation.meeting_number, seat, Presence.left_at.is_(None)
    )
    return await session.scalar(query.limit(1)) is not None


def _seat(invitation: Invitation, person_id: int) -> ColumnElement[bool]:
    if invitation.mandate_id is not None:
        return Presence.mandate_id == invitation.mandate_id
    return Presence.mandate_id.is_(None) & (Presence.person_id == person_id)


async def _come(
    session: AsyncSession,
    invitation: Invitation,
    person_id: int,
    at: datetime,
    entered_by: int,
    *,
    by_self: bool = False,
) -> None:
    last = await session.scalar(
        select(func.max(Presence.left_at)).where(
            Presence.meeting_number == invitation.meeting_number, _seat(invitation, person_id)
        )
    )
    row = Presence(
        meeting_number=invitation.meeting_number,
        mandate_id=invitation.mandate_id,
        person_id=person_id,
        # Who comes back, comes after having left: two spans of a seat never overlap.
        came_at=max(at, last) if last else at,
        entered_by=entered_by,
        by_self=by_self,
    )
    session.add(row)
    await session.flush()


# --- what the office records


async def check_recordable(session: AsyncSession, meeting: Meeting, now: datetime) -> None:
    """Let pass an entry of the office on or after the day of the meeting.

    Raises:
        Withdrawn: it is cancelled.
        NotYet: the day has not come.
    """
    if meeting.status == CANCELLED:
        raise Withdrawn
    calendar = await office_calendar(session)
    opens = calendar.at(calendar.day(meeting.starts_at), MIDNIGHT)
    if now < opens:
        raise NotYet(opens)


async def sitter(session: AsyncSession, invitation: Invitation) -> int | None:
    """Who is expected to sit: the deputy who said yes, else who was invited; None: nobody is known."""
    if invitation.deputy_id is not None and invitation.deputy_answer == YES:
        return invitation.deputy_id
    person = await answering_person(session, invitation)
    return person.id if person else None


async def possible_sitters(session: AsyncSession, invitation: Invitation) -> list[Person]:
    """Who may sit there: the holder and the mandate's deputies; an adviser or guest alone."""
    holder = await answering_person(session, invitation)
    others = await deputies_of(session, invitation.mandate_id) if invitation.mandate_id is not None else []
    return [*([holder] if holder else []), *others]


async def record_arrivals(
    session: AsyncSession, number: int, seats: Sequence[tuple[int, int]], at: datetime, by: Actor, now: datetime
) -> None:
    """Record that people came at an instant: pairs of an invitation and the person who sits. Who is there, stays so.

    Raises:
        NotEntitled: for everyone but staff.
        Withdrawn, NotYet: as for ``check_recordable``.
        Unknown: an invitation of another meeting, or nobody who may sit there.
        Unfit: that time is still to come.
    """
    staff = by.need_staff()
    meeting = await find(session, number, lock=True)
    await check_recordable(session, meeting, now)
    _check_past(at, now)
    for invitation_id, person_id in seats:
        invitation = await session.get(Invitation, invitation_id)
        if invitation is None or invitation.meeting_number != number:
            raise Unknown
        if person_id not in {one.id for one in await possible_sitters(session, invitation)}:
            raise Unknown
        if not await _filled(session, invitation, person_id):
            await _come(session, invitation, person_id, at, staff.person_id)


def _check_past(at: datetime, now: datetime) -> None:
    if at > now:
        raise Unfit("still to come")


async def record_leavings(
    session: AsyncSession, number: int, spans: Sequence[int], at: datetime | None, by: Actor, now: datetime
) -> None:
    """Record that people left at an instant; None: they had not been there, the entry is taken back.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: a span of another meeting, or one that has ended.
        Unfit: that time is still to come, or before they came.
    """
    by.need_staff()
    await find(session, number, lock=True)
    for one in spans:
        row = await session.get(Presence, one)
        if row is None or row.meeting_number != number or row.left_at is not None:
            raise Unknown
        if at is None:
            await session.delete(row)
            continue
        _check_past(at, now)
        if at < row.came_at:
            raise Unfit("left before coming")
        row.left_at = at
    await session.flush()


async def begin(session: AsyncSession, number: int, at: datetime, by: Actor, now: datetime) -> Meeting:
    """Record when the meeting was opened.

    Raises:
        NotEntitled, Withdrawn, NotYet: as for ``record_arrivals``.
        Unfit: that time is still to come, or after the recorded end.
    """
    meeting = await _recorded(session, number, at, by, now)
    if meeting.ended_at is not None and meeting.ended_at <= at:
        raise Unfit("ends before it starts")
    meeting.began_at = at
    return meeting


async def end(session: AsyncSession, number: int, at: datetime, by: Actor, now: datetime) -> Meeting:
    """Record when the meeting was closed.

    Raises:
        NotEntitled, Withdrawn, NotYet: as for ``record_arrivals``.
        Unfit: that time is still to come, or before its beginning.
    """
    meeting = await _recorded(session, number, at, by, now)
    if at <= (meeting.began_at or meeting.starts_at):
        raise Unfit("ends before it starts")
    meeting.ended_at = at
    return meeting


async def _recorded(session: AsyncSession, number: int, at: datetime, by: Actor, now: datetime) -> Meeting:
    by.need_staff()
    meeting = await find(session, number, lock=True)
    await check_recordable(session, meeting, now)
    _check_past(at, now)
    return meeting


# --- looking


async def seats_on_the_day(session: AsyncSession, number: int) -> list[SeatOnTheDay]:
    """Every invited seat with what was answered and from when until when it was filled; mandates first."""
    spans = await _spans(session, number)
    return [await _seat_on_the_day(session, one, spans) for one in await invitations(session, number)]


async def _spans(session: AsyncSession, number: int) -> list[tuple[Presence, str]]:
    rows = await session.execute(
        select(Presence, Person.name)
        .join(Person, Person.id == Presence.person_id)
        .where(Presence.meeting_number == number)
        .order_by(Presence.came_at, Presence.id)
    )
    return [(presence, name) for presence, name in rows]


async def _seat_on_the_day(
    session: AsyncSession, invitation: Invitation, spans: Sequence[tuple[Presence, str]]
) -> SeatOnTheDay:
    holder = await answering_person(session, invitation)
    mandate = await session.get(Mandate, invitation.mandate_id) if invitation.mandate_id else None
    deputy = await session.get(Person, invitation.deputy_id) if invitation.deputy_id else None
    name = holder.name if holder else ""
    return SeatOnTheDay(
        invitation.id,
        mandate.name if mandate else name,
        mandate is not None,
        name,
        invitation.answer,
        deputy.name if deputy else "",
        invitation.deputy_answer,
        [
            Span(person, one.came_at, one.left_at, one.by_self, one.id)
            for one, person in spans
            if one.mandate_id == invitation.mandate_id
            and (invitation.mandate_id is not None or one.person_id == invitation.guest_id)
        ],
    )


async def mandates_there(session: AsyncSession, number: int, at: datetime) -> set[int]:
    """The mandates whose seat was filled at an instant."""
    there = (Presence.came_at <= at, or_(Presence.left_at.is_(None), Presence.left_at > at))
    found = await session.scalars(
        select(Presence.mandate_id).where(Presence.meeting_number == number, Presence.mandate_id.is_not(None), *there)
    )
    return {one for one in found if one is not None}


async def is_recorded(session: AsyncSession, number: int) -> bool:
    """Whether anybody's presence was recorded at a meeting at all."""
    return await session.scalar(select(Presence.id).where(Presence.meeting_number == number).limit(1)) is not None


async def awaited(session: AsyncSession, actor: Actor, now: datetime) -> list[Meeting]:
    """The meetings whose doors are open and where this account, which has not refused, is not recorded yet."""
    doors = (Meeting.starts_at <= now + ARRIVES_BEFORE, Meeting.ends_at > now, Meeting.ended_at.is_(None))
    called = (Meeting.invited_at.is_not(None), Meeting.status != CANCELLED)
    meetings = await session.scalars(select(Meeting).where(*doors, *called).order_by(Meeting.starts_at, Meeting.number))
    return [one for one in list(meetings) if await _is_awaited(session, one.number, actor)]


async def _is_awaited(session: AsyncSession, number: int, actor: Actor) -> bool:
    for one in await invitations(session, number):
        person = answers_as(one, actor) if one.answer in {None, YES} else None
        if is_asked(one, actor) and one.deputy_answer == YES:
            person = one.deputy_id
        if person is not None and not await _filled(session, one, person):
            return True
    return False
