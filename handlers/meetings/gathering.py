"""What the papers of a meeting say, gathered from the store and worded in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.meetings.words import span
from handlers.papers.meeting_values import Attendance, Attendee, Changed, Expected, Missing, Pair, Sitting, Stay
from locales import N_, Voice
from models.ballot.rules import quorum_of_meeting
from models.charter import Charter, read_charter
from models.meeting import day, looking
from models.meeting.day import SeatOnTheDay, Span
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import DEPUTY, NO, YES, filled_at, most_filled
from models.meeting.rules import Attendance as Coming
from models.member import Membership, Person, Role
from models.office import Body, Mandate, the_office

CAPACITIES = {Role.ADVISER: N_("adviser"), Role.GUEST: N_("guest")}
SHARES_OF = {
    "all": N_("of all mandates"),
    "present": N_("of those present"),
    "not excluded": N_("of the mandates not excluded"),
}
SAID = {YES: N_("Coming"), NO: N_("Not coming"), DEPUTY: N_("Deputy"), None: N_("no answer yet")}


async def charter_of(session: AsyncSession, meeting: Meeting) -> Charter:
    """The charter of a meeting's body."""
    return read_charter((await session.get_one(Body, meeting.body_id)).charter)


async def sitting_of(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Sitting:
    """The meeting as every paper names it."""
    body = await session.get_one(Body, meeting.body_id)
    return Sitting(
        office=(await the_office(session)).name,
        number=meeting.number,
        body=body.name,
        short=body.short,
        title=meeting.title,
        place=meeting.place,
        when=span(voice, meeting.starts_at, meeting.ends_at),
        as_of=now,
        notes=_notes(voice, meeting, read_charter(body.charter)),
    )


def waived(meeting: Meeting, charter: Charter) -> bool:
    """Whether the quorum is waived, because the body was invited again after it was missed."""
    return meeting.second_of is not None and charter.second_meeting


def _notes(voice: Voice, meeting: Meeting, charter: Charter) -> list[str]:
    if meeting.second_of is None:
        return []
    again = voice.plain("Second meeting after no. %(number)s, which had no quorum.", number=meeting.second_of)
    if not waived(meeting, charter):
        return [again]
    return [again, voice.plain("It has a quorum whatever the number of those present, by the rules of procedure.")]


# --- who is expected


async def expected_of(session: AsyncSession, voice: Voice, meeting: Meeting) -> list[Expected]:
    """Who is expected: mandate by mandate, then advisers and guests."""
    capacities = await _capacities(session, voice, meeting)
    return [
        await _expected(session, voice, one, capacities) for one in await looking.attendance(session, meeting.number)
    ]


async def _expected(session: AsyncSession, voice: Voice, one: Coming, capacities: dict[str, str]) -> Expected:
    invitation = await session.get_one(Invitation, one.invitation_id)
    entered = await session.get(Person, invitation.entered_by) if invitation.entered_by else None
    return Expected(
        seat=one.name if one.votes else "",
        name=one.person if one.votes else one.name,
        said=voice.plain(SAID[one.answer]),
        comes=_comes(voice, one),
        capacity="" if one.votes else capacities.get(one.name, ""),
        deputy=one.deputy,
        deputy_comes=one.answer == DEPUTY and one.deputy_answer == YES,
        answered_at=invitation.answered_at,
        entered_by=entered.name if entered else "",
    )


def _comes(voice: Voice, one: Coming) -> str:
    if one.comes:
        return voice.plain("yes")
    return voice.plain("no") if NO in {one.answer, one.deputy_answer} else voice.plain("not settled")


async def _capacities(session: AsyncSession, voice: Voice, meeting: Meeting) -> dict[str, str]:
    """As what advisers and guests come, by their names."""
    rows = await session.execute(
        select(Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.body_id == meeting.body_id, Membership.role.in_(list(CAPACITIES)))
        .order_by(Membership.role.desc())  # who is both, is an adviser
    )
    return {row.name: voice.plain(CAPACITIES[Role(row.role)]) for row in rows}


# --- who was there


@dataclass(frozen=True, slots=True)
class Times:
    """When the meeting began and ended: as recorded, else as invited."""

    began: datetime
    ended: datetime


def times_of(meeting: Meeting) -> Times:
    """The times of a meeting."""
    return Times(meeting.began_at or meeting.starts_at, meeting.ended_at or meeting.ends_at)


async def attendance_of(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Attendance:
    """Who was there, as it was recorded."""
    seats = await day.seats_on_the_day(session, meeting.number)
    capacities = await _capacities(session, voice, meeting)
    holders = await _holders_ever(session, meeting)
    voting = [one for one in seats if one.votes]
    times = times_of(meeting)
    return Attendance(
        await sitting_of(session, voice, meeting, now),
        seats=len(voting),
        began=times.began,
        ended=times.ended,
        present=[person for one in voting for person in _sat(one, holders)],
        advising=[
            Attendee(one.holder, _stays(one.spans), capacity=capacities.get(one.holder, ""))
            for one in seats
            if not one.votes and one.spans
        ],
        missing=[_missing(one, capacities) for one in seats if not one.spans],
        facts=[*_times(voice, meeting), *await _quorum(session, voice, meeting, voting)],
    )


async def _holders_ever(session: AsyncSession, meeting: Meeting) -> set[tuple[str, str]]:
    """Mandate and name of all who hold or held a seat of the body; whoever else sits there is a deputy."""
    rows = await session.execute(
        select(Mandate.name, Person.name)
        .join(Membership, Membership.mandate_id == Mandate.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Mandate.body_id == meeting.body_id, Membership.role == Role.MEMBER)
    )
    return {(mandate, person) for mandate, person in rows}


def _sat(seat: SeatOnTheDay, holders: set[tuple[str, str]]) -> list[Attendee]:
    """Who sat there, each once."""
    found = []
    for name in dict.fromkeys(one.person for one in seat.spans):
        deputy = (seat.name, name) not in holders
        stays = _stays([one for one in seat.spans if one.person == name])
        found.append(Attendee(name, stays, seat.name, deputy=deputy, deputy_for=seat.holder if deputy else ""))
    return found


def _stays(spans: Sequence[Span]) -> list[Stay]:
    return [Stay(one.came_at, one.left_at) for one in spans]


def _missing(seat: SeatOnTheDay, capacities: dict[str, str]) -> Missing:
    """Who refused, or sent a deputy who did not come, is excused."""
    excused = seat.answer in {NO, DEPUTY}
    if seat.votes:
        return Missing(seat.name, seat.holder, excused)
    return Missing("", seat.holder, excused, capacities.get(seat.holder, ""))


def _times(voice: Voice, meeting: Meeting) -> list[Pair]:
    def told(recorded: datetime | None, invited: datetime) -> str:
        if recorded:
            return voice.time(recorded)
        return voice.plain("%(time)s (as invited)", time=voice.time(invited))

    return [
        (voice.plain("Beginning"), told(meeting.began_at, meeting.starts_at)),
        (voice.plain("End"), told(meeting.ended_at, meeting.ends_at)),
    ]


# --- the quorum as found


async def _quorum(session: AsyncSession, voice: Voice, meeting: Meeting, seats: Sequence[SeatOnTheDay]) -> list[Pair]:
    charter = await charter_of(session, meeting)
    # Without a recorded beginning nobody knows who of the late was there when the chair counted.
    there = filled_at(seats, meeting.began_at) if meeting.began_at else most_filled(seats)
    message = (
        N_("At the beginning %(there)s of %(all)s mandates were present.")
        if meeting.began_at
        else N_("Up to %(there)s of %(all)s mandates were present.")
    )
    words = [voice.plain(message, there=there, all=len(seats))]
    if waived(meeting, charter):
        words.append(voice.plain("As a second meeting it has a quorum whatever that number."))
    else:
        words.append(_found(voice, charter, len(seats), there))
    return [(voice.plain("Quorum found"), " ".join(words))]


def _found(voice: Voice, charter: Charter, seats: int, there: int) -> str:
    needed = quorum_of_meeting(charter, seats, there)
    message = (
        N_("So there is a quorum: %(needed)s are needed (%(rule)s).")
        if there >= needed
        else N_("So there is no quorum: %(needed)s are needed (%(rule)s).")
    )
    rule = charter.quorum
    amount = N_("more than %(amount)s %(of)s") if rule.strict else N_("at least %(amount)s %(of)s")
    of = SHARES_OF[rule.base] if rule.share else N_("mandates")
    return voice.plain(message, needed=needed, rule=voice.plain(amount, amount=rule.words, of=voice.plain(of)))


def changes_of(voice: Voice, times: Times, seats: Sequence[SeatOnTheDay]) -> list[Changed]:
    """Who came after the beginning and who went before the end, with how many mandates were there then. Pure."""
    found: list[Changed] = []
    for seat in seats:
        for stay in seat.spans:
            if stay.came_at > times.began:
                found.append(_changed(voice, N_("comes"), seat, stay, stay.came_at, seats))
            if stay.left_at is not None and stay.left_at < times.ended:
                found.append(_changed(voice, N_("goes"), seat, stay, stay.left_at, seats))
    return sorted(found, key=lambda one: one.at)


def _changed(
    voice: Voice, what: str, seat: SeatOnTheDay, stay: Span, at: datetime, seats: Sequence[SeatOnTheDay]
) -> Changed:
    said = voice.plain(
        "%(mandate)s (%(name)s) %(what)s. Mandates present: %(number)s.",
        mandate=seat.name,
        name=stay.person,
        what=voice.plain(what),
        number=filled_at(seats, at),
    )
    return Changed(at, said)
