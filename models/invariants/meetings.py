"""Meetings: invitations and answers, the agenda, who was present, the minutes."""

from collections.abc import Callable

from sqlalchemy import Executable, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from models.ballot.rows import Vote
from models.ballot.rules import Held
from models.files import StoredFile
from models.meeting.rows import AgendaItem, Invitation, Meeting, Presence


def _invitations_of_nobody() -> Executable:
    for_one = Invitation.mandate_id.is_(None) != Invitation.guest_id.is_(None)
    return select(Invitation.id).where(~for_one)


def _invitations_to_drafts() -> Executable:
    return (
        select(Invitation.id)
        .outerjoin(Meeting, Meeting.number == Invitation.meeting_number)
        .where(Meeting.invited_at.is_(None))
    )


def _answers_of_nobody() -> Executable:
    return select(Invitation.id).where(Invitation.answer.is_not(None) != Invitation.answered_at.is_not(None))


def _answers_without_their_deputy() -> Executable:
    return select(Invitation.id).where(
        or_(
            and_(Invitation.deputy_id.is_not(None), Invitation.answer.is_distinct_from("deputy")),
            and_(Invitation.deputy_answer.is_not(None), Invitation.deputy_id.is_(None)),
        )
    )


def _agendas_out_of_order() -> Executable:
    places = AgendaItem.position
    return (
        select(AgendaItem.meeting_number)
        .group_by(AgendaItem.meeting_number)
        .having(
            or_(func.min(places) != 1, func.max(places) != func.count(), func.count(places.distinct()) != func.count())
        )
    )


def _votes_on_items_of_others() -> Executable:
    right = and_(Meeting.body_id == Vote.body_id, Vote.held == Held.MEETING)
    return (
        select(Vote.number)
        .outerjoin(AgendaItem, AgendaItem.id == Vote.item_id)
        .outerjoin(Meeting, Meeting.number == AgendaItem.meeting_number)
        .where(
            or_(
                and_(Vote.item_id.is_not(None), or_(Meeting.number.is_(None), ~right)),
                and_(Vote.present.is_not(None), or_(Vote.item_id.is_(None), Vote.closed_at.is_(None))),
            )
        )
    )


def _seats_filled_twice() -> Executable:
    other = aliased(Presence)
    same_seat = and_(
        other.meeting_number == Presence.meeting_number,
        other.mandate_id.is_not_distinct_from(Presence.mandate_id),
        or_(Presence.mandate_id.is_not(None), other.person_id == Presence.person_id),
    )
    at_a_time = and_(
        other.came_at <= Presence.came_at,
        or_(other.left_at.is_(None), other.left_at > Presence.came_at),
    )
    return select(Presence.id).join(other, and_(other.id != Presence.id, same_seat, at_a_time))


def _present_without_invitation() -> Executable:
    invited = exists().where(
        Invitation.meeting_number == Presence.meeting_number,
        or_(
            Invitation.mandate_id == Presence.mandate_id,
            and_(Presence.mandate_id.is_(None), Invitation.guest_id == Presence.person_id),
        ),
    )
    return select(Presence.id).where(~invited)


def _second_meetings_of_others() -> Executable:
    first = aliased(Meeting)
    return (
        select(Meeting.number)
        .outerjoin(first, first.number == Meeting.second_of)
        .where(Meeting.second_of.is_not(None), or_(first.number.is_(None), first.body_id != Meeting.body_id))
    )


def _minutes_not_kept() -> Executable:
    """Minutes without what was sent, when, or by whom."""
    sent = (Meeting.minutes_sent_at.is_not(None), Meeting.minutes_sent_by.is_not(None))
    return (
        select(Meeting.number)
        .outerjoin(StoredFile, StoredFile.id == Meeting.minutes_file_id)
        .where(or_(*(StoredFile.id.is_not(None) != one for one in sent)))
    )


PROMISES: dict[str, Callable[[], Executable]] = {
    "an invitation is for a mandate or for a guest": _invitations_of_nobody,
    "a draft of a meeting has invited nobody": _invitations_to_drafts,
    "an answer to an invitation has its time": _answers_of_nobody,
    "minutes that were sent are kept": _minutes_not_kept,
    "a deputy is asked by the answer": _answers_without_their_deputy,
    "an agenda counts from one": _agendas_out_of_order,
    "a vote on an item is held in its meeting": _votes_on_items_of_others,
    "a seat is filled once at a time": _seats_filled_twice,
    "who is present was invited": _present_without_invitation,
    "a second meeting is of the same body": _second_meetings_of_others,
}
