"""How the letters about meetings are worded when their turn comes. None: it no longer holds."""

from sqlalchemy import select

from handlers.callbacks import Open
from handlers.contact import other_way
from handlers.meetings.invitation import (
    arrival_row,
    deputy_message,
    invitation_message,
    seat_line,
)
from handlers.meetings.page import count_line, seat_words
from handlers.meetings.words import (
    agenda_text,
    calendar_file,
    changed_lines,
    facts,
    headline,
    listed,
    replace_entry,
    span,
)
from handlers.speech import Message, Row
from handlers.turn import Turn, Wording
from locales import N_, Markup, html
from models.meeting import answering, looking
from models.meeting.changing import agenda_change
from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import CANCELLED, DEPUTY, NO, YES, answers_as, check_answerable
from models.member import Role
from models.office import Body, the_office
from models.outbox import Letter


async def _invitation(turn: Turn) -> Message | None:
    invitation, meeting = await answering.invitation_for(turn.session, turn.letter.about["invitation"], turn.reader)
    check_answerable(meeting, turn.now)
    shown = await invitation_message(turn.session, turn.voice, invitation, meeting)
    return _with_entry(turn, shown, meeting)


def _with_entry(turn: Turn, shown: Message, meeting: Meeting) -> Message:
    return Message(shown.text, shown.rows, [calendar_file(meeting, turn.voice, turn.now)])


async def _reminder(turn: Turn) -> Message | None:
    invitation, meeting = await answering.invitation_for(turn.session, turn.letter.about["invitation"], turn.reader)
    check_answerable(meeting, turn.now, turn.letter.about.get("moves"))
    if invitation.answer and not (invitation.answer == DEPUTY and invitation.deputy_answer == NO):
        return None
    heading = N_("Please answer: invitation · %(body)s")
    return await invitation_message(turn.session, turn.voice, invitation, meeting, heading)


async def _eve(turn: Turn) -> Message | None:
    """To who comes: time, place, agenda once more, and where „Anwesend" will be."""
    invitation, meeting = await _about(turn)
    check_answerable(meeting, turn.now, turn.letter.about.get("moves"))
    heading = N_("Reminder: meeting · %(body)s")
    if answers_as(invitation, turn.reader) is not None and invitation.answer == YES:
        shown = await invitation_message(turn.session, turn.voice, invitation, meeting, heading)
    elif _stands_in(turn, invitation) and invitation.deputy_answer == YES:
        shown = await deputy_message(turn.session, turn.voice, invitation, meeting, heading)
    else:
        return None
    note = turn.voice.say("In the room please tap “Present”. It asks for the word of the day that is shown there.")
    return Message(f"{shown.text}\n{note}", [*shown.rows, arrival_row(turn.voice, invitation.id)])


async def _about(turn: Turn) -> tuple[Invitation, Meeting]:
    invitation = await turn.session.get_one(Invitation, turn.letter.about["invitation"])
    return invitation, await looking.find(turn.session, invitation.meeting_number)


def _stands_in(turn: Turn, invitation: Invitation) -> bool:
    """Whether the reader is the deputy who is asked now."""
    deputies = [one.person_id for one in turn.reader.with_role(Role.DEPUTY) if one.mandate_id == invitation.mandate_id]
    return invitation.deputy_id in deputies


async def _deputy_asked(turn: Turn) -> Message | None:
    invitation, meeting = await _about(turn)
    check_answerable(meeting, turn.now)
    if not _stands_in(turn, invitation) or invitation.deputy_answer:
        return None
    return _with_entry(turn, await deputy_message(turn.session, turn.voice, invitation, meeting), meeting)


async def _deputy_freed(turn: Turn) -> Message | None:
    invitation, meeting = await _about(turn)
    if invitation.deputy_id == turn.letter.about["person"]:
        return None  # asked once more since
    return Message("\n".join([turn.voice.say("You do not have to stand in any more:"), *facts(turn.voice, meeting)]))


async def _deputy_said(turn: Turn) -> Message | None:
    invitation, meeting = await answering.invitation_for(turn.session, turn.letter.about["invitation"], turn.reader)
    if invitation.deputy_id is None or invitation.deputy_answer is None:
        return None
    heading = N_("Your deputy has answered · %(body)s")
    return await invitation_message(turn.session, turn.voice, invitation, meeting, heading)


async def _answer_entered(turn: Turn) -> Message | None:
    """What the office entered by telephone or from paper; the buttons change it."""
    invitation, meeting = await answering.invitation_for(turn.session, turn.letter.about["invitation"], turn.reader)
    check_answerable(meeting, turn.now)
    if invitation.entered_by is None:
        return None  # answered oneself since
    heading = N_("The office has entered your answer · %(body)s")
    return await invitation_message(turn.session, turn.voice, invitation, meeting, heading)


async def _later_news(turn: Turn) -> bool:
    """Whether a letter of the same kind about the same meeting follows, which says it all."""
    later = await turn.session.scalars(
        select(Letter.about).where(
            Letter.telegram_id == turn.letter.telegram_id, Letter.kind == turn.letter.kind, Letter.id > turn.letter.id
        )
    )
    return any(about.get("invitation") == turn.letter.about["invitation"] for about in later)


async def _moved(turn: Turn) -> Message | None:
    invitation, meeting = await _about(turn)
    check_answerable(meeting, turn.now)
    if await _later_news(turn):
        return None
    lines = [*headline(turn.voice, meeting), *changed_lines(turn.voice, meeting, turn.letter.about["old"])]
    return await _change(turn, invitation, meeting, N_("Meeting moved · %(body)s"), lines)


async def _change(
    turn: Turn, invitation: Invitation, meeting: Meeting, heading: str, lines: list[Markup]
) -> Message | None:
    """News of a change: to who answers with the buttons, to a deputy with what it means for them."""
    voice = turn.voice
    if answers_as(invitation, turn.reader) is not None:
        if invitation.answer is None:
            lines = [*lines, voice.say("<b>Please answer anew.</b>")]
        said = [*lines, replace_entry(voice, meeting)]
        shown = await invitation_message(turn.session, voice, invitation, meeting, heading, said)
        return _with_entry(turn, shown, meeting)
    if _stands_in(turn, invitation):
        shown = await deputy_message(turn.session, voice, invitation, meeting, heading)
        text = "\n".join([await _heading(turn, meeting, heading), *lines, replace_entry(voice, meeting)])
        return _with_entry(turn, Message(text, shown.rows), meeting)
    freed = voice.say("For the time being you do not have to stand in. Please delete the old entry from your calendar.")
    return Message("\n".join([await _heading(turn, meeting, heading), *lines, freed]))


async def _heading(turn: Turn, meeting: Meeting, heading: str) -> Markup:
    return turn.voice.say(heading, body=(await turn.session.get_one(Body, meeting.body_id)).short)


async def _cancelled(turn: Turn) -> Message | None:
    invitation, meeting = await _about(turn)
    if meeting.status != CANCELLED:
        return None
    voice, office = turn.voice, await the_office(turn.session)
    lines = [
        await _heading(turn, meeting, N_("Meeting cancelled · %(body)s")),
        *await seat_line(turn.session, voice, invitation),
        *headline(voice, meeting),
        voice.say("It does not take place: %(when)s", when=span(voice, meeting.starts_at, meeting.ends_at)),
        voice.say("Reason: %(reason)s", reason=meeting.reason) if meeting.reason else Markup(""),
        replace_entry(voice, meeting),
        other_way(voice, office.contact),
    ]
    return _with_entry(turn, Message("\n".join(line for line in lines if line)), meeting)


async def _agenda_changed(turn: Turn) -> Message | None:
    invitation, meeting = await _about(turn)
    check_answerable(meeting, turn.now)
    if await _later_news(turn):
        return None
    voice, old = turn.voice, turn.letter.about["old"]
    change = agenda_change(old, meeting.agenda)
    lines = [*headline(voice, meeting), html(span(voice, meeting.starts_at, meeting.ends_at))]
    lines += [voice.say("New: %(item)s", item=one) for one in change.added]
    lines += [voice.say("Left out: %(item)s", item=one) for one in change.removed]
    if change.empty:
        lines.append(voice.say("Until now:\n%(agenda)s", agenda=listed(voice, old)))
    lines.append(voice.say("Agenda:\n%(agenda)s", agenda=agenda_text(voice, meeting)))
    return await _change(turn, invitation, meeting, N_("Agenda changed · %(body)s"), lines)


async def _answers(turn: Turn) -> Message | None:
    """To staff, gathered: who has answered since the first of these answers, and how it stands."""
    turn.reader.need_staff()
    meeting = await looking.find(turn.session, turn.letter.about["meeting"])
    check_answerable(meeting, turn.now)
    voice, since = turn.voice, turn.letter.posted_at
    lines = [voice.say("New answers · meeting no. %(number)s", number=meeting.number), *headline(voice, meeting)[1:]]
    seats = {one.invitation_id: one for one in await looking.attendance(turn.session, meeting.number)}
    fresh = [
        one
        for one in await looking.invitations(turn.session, meeting.number)
        if any(at is not None and at >= since for at in (one.answered_at, one.deputy_answered_at))
    ]
    if not fresh:
        return None
    for one in fresh:
        words = seat_words(voice, seats[one.id])
        if one.answer_before and one.answer_before != one.answer:
            before = voice.plain({"yes": N_("accepted"), "no": N_("declined")}.get(one.answer_before, N_("deputy")))
            words = voice.plain("%(now)s, before: %(before)s", now=words, before=before)
        lines.append(voice.say("• %(name)s: %(said)s", name=seats[one.id].name, said=words))
    lines += [Markup(""), await count_line(turn.session, voice, meeting, list(seats.values()))]
    rows: list[Row] = [[(voice.plain("Who comes"), Open("meeting", meeting.number))]]
    return Message("\n".join(lines), rows)


MEETING_LETTERS: dict[str, Wording] = {
    "invitation": _invitation,
    "meeting_reminder": _reminder,
    "meeting_eve": _eve,
    "deputy_asked": _deputy_asked,
    "deputy_freed": _deputy_freed,
    "deputy_said": _deputy_said,
    "answer_entered": _answer_entered,
    "meeting_moved": _moved,
    "meeting_cancelled": _cancelled,
    "agenda_changed": _agenda_changed,
    "answers": _answers,
}
