"""The office's page of a meeting: the draft; who comes and whether it is enough; on the day who is there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnMeeting, Open
from handlers.meetings.words import DEPUTY_SAID, SAID, facts
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup, Voice, bold
from models.charter import read_charter
from models.deadline import office_calendar
from models.meeting import day, looking
from models.meeting.day import SeatOnTheDay, Span
from models.meeting.rows import Meeting
from models.meeting.rules import CANCELLED, DEPUTY, NO, YES, Attendance
from models.office import Body


async def staff_view(session: AsyncSession, voice: Voice, meeting: Meeting, now: datetime) -> Message:
    """What staff sees of a meeting and what they can do with it now."""
    if meeting.invited_at is None:
        lines = [voice.say("<b>Draft</b> – nobody has been invited yet."), *facts(voice, meeting)]
        return Message("\n".join(lines), _draft_rows(voice, meeting))
    if meeting.status == CANCELLED:
        lines = [voice.say("<b>Cancelled.</b>"), *facts(voice, meeting)]
        lines += [voice.say("Reason: %(reason)s", reason=meeting.reason)] if meeting.reason else []
        return Message("\n".join(lines), [[(voice.plain("New meeting"), Open("new_meeting"))], _back(voice)])
    today = await _its_day_has_come(session, meeting, now)
    there = await day.seats_on_the_day(session, meeting.number) if today else []
    lines = [*facts(voice, meeting), *_recorded(voice, meeting), Markup("")]
    if today and any(one.spans for one in there):
        lines += [presence_line(voice, one) for one in there]
        lines += [Markup(""), await there_line(session, voice, meeting, there)]
    else:
        lines += await _who_comes(session, voice, meeting)
    if today and meeting.day_code and meeting.ended_at is None:
        lines += [
            Markup(""),
            voice.say("Word of the day: <b>%(word)s</b> – please show it in the room.", word=meeting.day_code),
        ]
    return Message("\n".join(lines), await _rows(session, voice, meeting, there, now))


async def _its_day_has_come(session: AsyncSession, meeting: Meeting, now: datetime) -> bool:
    calendar = await office_calendar(session)
    return calendar.day(now) >= calendar.day(meeting.starts_at)


def _recorded(voice: Voice, meeting: Meeting) -> list[Markup]:
    lines = []
    if meeting.began_at:
        lines.append(voice.say("Opened: %(moment)s", moment=voice.moment(meeting.began_at)))
    if meeting.ended_at:
        lines.append(voice.say("Closed: %(moment)s", moment=voice.moment(meeting.ended_at)))
    return lines


# --- who comes


async def _who_comes(session: AsyncSession, voice: Voice, meeting: Meeting) -> list[Markup]:
    seats = await looking.attendance(session, meeting.number)
    said = [voice.say("• %(name)s: %(said)s", name=one.name, said=seat_words(voice, one)) for one in seats]
    return [
        *said,
        Markup(""),
        await count_line(session, voice, meeting, seats),
        *await _forecast(session, voice, meeting, seats),
    ]


def state_words(voice: Voice, seat: Attendance) -> str:
    """„zugesagt", „Vertretung Dora Vertretung (angefragt)", „noch keine Antwort"."""
    if seat.answer != DEPUTY:
        return voice.plain(SAID[seat.answer])
    state = voice.plain(DEPUTY_SAID[seat.deputy_answer])
    return voice.plain("deputy %(name)s (%(state)s)", name=seat.deputy, state=state)


def seat_words(voice: Voice, seat: Attendance) -> str:
    """The same, with who entered it, and who has to be telephoned."""
    said = state_words(voice, seat)
    if seat.entered:
        return voice.plain("%(said)s (entered by the office)", said=said)
    if seat.answer is None and not seat.person:
        return voice.plain("vacant")
    if seat.answer is None and not seat.reachable:
        return voice.plain("%(said)s – %(name)s does not use the bot", said=said, name=seat.person)
    return said


async def count_line(session: AsyncSession, voice: Voice, meeting: Meeting, seats: Sequence[Attendance]) -> Markup:
    """„5 von 8 zugesagt, beschlussfähig ab 5"."""
    entitled = [one for one in seats if one.votes]
    return voice.say(
        "%(coming)s of %(all)s accepted, quorum from %(needed)s",
        coming=sum(one.comes for one in entitled),
        all=len(entitled),
        needed=await looking.quorum_needed(session, meeting, seats),
    )


async def _forecast(session: AsyncSession, voice: Voice, meeting: Meeting, seats: Sequence[Attendance]) -> list[Markup]:
    """Whether that is enough, or could still be."""
    entitled = [one for one in seats if one.votes]
    coming, needed = sum(one.comes for one in entitled), await looking.quorum_needed(session, meeting, seats)
    open_ = sum(one.open for one in entitled)
    if coming >= needed:
        return [voice.say("That is enough for a quorum.")]
    missing = needed - coming
    if open_ >= missing:
        return [
            voice.plural(
                "%(number)s acceptance is missing, %(open)s still open.",
                "%(number)s acceptances are missing, %(open)s still open.",
                missing,
                open=open_,
            )
        ]
    return [
        voice.plural(
            "<b>No quorum so far:</b> %(number)s acceptance is missing, only %(open)s still open.",
            "<b>No quorum so far:</b> %(number)s acceptances are missing, only %(open)s still open.",
            missing,
            open=open_,
        )
    ]


# --- who is there


def presence_line(voice: Voice, seat: SeatOnTheDay) -> Markup:
    """„• IHK Magdeburg: Jens Beispiel, 10:02 Uhr bis 11:30 Uhr"; who said they would come or not, and is not there."""
    if seat.spans:
        return voice.say("• <b>%(name)s</b>: %(said)s", name=seat.name, said=stays_words(voice, seat))
    said = voice.plain("not there")
    if seat.answer in {YES, NO}:
        said = voice.plain("not there (%(said)s)", said=voice.plain(SAID[seat.answer]))
    return voice.say("• %(name)s: %(said)s", name=seat.name, said=said)


def stays_words(voice: Voice, seat: SeatOnTheDay) -> str:
    """From when until when it was filled, and by whom; advisers and guests come for themselves."""
    return "; ".join(f"{one.person}, {_stay(voice, one)}" if seat.votes else _stay(voice, one) for one in seat.spans)


def _stay(voice: Voice, span: Span) -> str:
    if span.left_at is None:
        return voice.plain("since %(came)s", came=voice.time(span.came_at))
    return voice.plain("%(came)s to %(left)s", came=voice.time(span.came_at), left=voice.time(span.left_at))


async def there_line(session: AsyncSession, voice: Voice, meeting: Meeting, there: Sequence[SeatOnTheDay]) -> Markup:
    """„6 von 8 anwesend, beschlussfähig ab 5", and whether they are; of a meeting that was closed, as it was opened."""
    entitled = [one for one in there if one.votes]
    needed = await looking.quorum_needed(session, meeting, await looking.attendance(session, meeting.number))
    if meeting.ended_at is not None:
        count = sum(bool(one.spans) for one in entitled)
        return voice.say(
            "%(count)s of %(all)s were there, quorum from %(needed)s", count=count, all=len(entitled), needed=needed
        )
    count = sum(one.there is not None for one in entitled)
    line = voice.say(
        "%(count)s of %(all)s present, quorum from %(needed)s", count=count, all=len(entitled), needed=needed
    )
    state = voice.plain("there is a quorum") if count >= needed else voice.plain("no quorum")
    return Markup(f"{line}: {bold(state)}")


# --- what can be done


def _draft_rows(voice: Voice, meeting: Meeting) -> list[Row]:
    return [
        [(voice.plain("Send the invitations"), OnMeeting(meeting.number, "invite"))],
        [(voice.plain("Agenda"), OnMeeting(meeting.number, "agenda"))],
        [
            _button(voice.plain("Move"), meeting, "move"),
            _button(voice.plain("Cancel the meeting"), meeting, "call_off"),
        ],
        _back(voice),
    ]


def _button(label: str, meeting: Meeting, act: str) -> tuple[str, OnMeeting]:
    return label, OnMeeting(meeting.number, act)


async def _rows(
    session: AsyncSession, voice: Voice, meeting: Meeting, there: Sequence[SeatOnTheDay], now: datetime
) -> list[Row]:
    """On the day who is there comes first, before it who comes."""
    present = _button(voice.plain("Present"), meeting, "present")
    rows = [[present, *_leaving(voice, meeting, there)], *_opening(voice, meeting)] if there else []
    if meeting.starts_at > now:
        move, off = voice.plain("Move"), voice.plain("Cancel the meeting")
        rows.append([_button(voice.plain("Enter an answer"), meeting, "enter")])
        rows.append([_button(move, meeting, "move"), _button(off, meeting, "call_off")])
    if await lacked_quorum(session, meeting, there, now):
        rows.append([_button(voice.plain("Invite to a second meeting"), meeting, "second")])
    rows.append(
        [_button(voice.plain("Agenda"), meeting, "agenda"), _button(voice.plain("Calendar (.ics)"), meeting, "ics")]
    )
    papers = _button(voice.plain("Papers"), meeting, "papers")
    rows.append([papers] if there else [present, papers])
    if files := await looking.files_of(session, meeting.number):
        rows.append([_button(voice.plain("Attachments (%(number)s)", number=len(files)), meeting, "files")])
    return [*rows, _back(voice)]


def _leaving(voice: Voice, meeting: Meeting, there: Sequence[SeatOnTheDay]) -> Row:
    return [_button(voice.plain("Has left"), meeting, "left")] if any(one.there for one in there) else []


def _opening(voice: Voice, meeting: Meeting) -> list[Row]:
    begun = voice.plain("Opened …") if meeting.began_at is None else voice.plain("Opened: correct it")
    over = voice.plain("Closed …") if meeting.ended_at is None else voice.plain("Closed: correct it")
    return [[_button(begun, meeting, "begin"), _button(over, meeting, "end")]]


def _back(voice: Voice) -> Row:
    return [(voice.plain("Meetings"), Open("meetings")), *office_row(voice)]


async def lacked_quorum(session: AsyncSession, meeting: Meeting, there: Sequence[SeatOnTheDay], now: datetime) -> bool:
    """Whether a second meeting can be called: it has begun without a quorum, the charter knows one, none is called."""
    charter = read_charter((await session.get_one(Body, meeting.body_id)).charter)
    if meeting.starts_at > now or not charter.second_meeting or meeting.second_of is not None:
        return False
    if await looking.second_of(session, meeting.number) is not None:
        return False
    entitled = [one for one in there if one.votes]
    came = sum(bool(one.spans) for one in entitled)
    return came < await looking.quorum_needed(session, meeting, await looking.attendance(session, meeting.number))
