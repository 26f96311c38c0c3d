"""Deadlines: revisions, who waits for a step, and what each was told."""

from collections.abc import Callable

from sqlalchemy import Executable, and_, func, or_, select

from models.deadline.rows import Deadline, Step, Subscription
from models.outbox import Letter


def _deadlines_confirmed_ahead() -> Executable:
    return select(Deadline.number).where(Deadline.confirmed > Deadline.revision)


def _steps_without_letter() -> Executable:
    return (
        select(Step.id)
        .outerjoin(Letter, Letter.id == Step.letter_id)
        .where(Step.letter_id.is_not(None), or_(Letter.id.is_(None), Letter.telegram_id != Step.telegram_id))
    )


def _steps_told_twice() -> Executable:
    columns = (Step.deadline_number, Step.revision, Step.lead, Step.telegram_id)
    return select(*columns).group_by(*columns).having(func.count() > 1)


def _steps_of_a_revision_to_come() -> Executable:
    return (
        select(Step.id)
        .outerjoin(Deadline, Deadline.number == Step.deadline_number)
        .where(or_(Deadline.number.is_(None), Step.revision > Deadline.revision))
    )


def _subscriptions_half_ended() -> Executable:
    ended = Subscription.ended_at.is_not(None)
    wrong = or_(ended != Subscription.ended_as.is_not(None), and_(ended, Subscription.next_at.is_not(None)))
    return select(Subscription.deadline_number, Subscription.telegram_id).where(wrong)


def _reminded_of_what_is_no_more() -> Executable:
    return (
        select(Subscription.deadline_number, Subscription.telegram_id)
        .join(Deadline, Deadline.number == Subscription.deadline_number)
        .where(Deadline.status != "", Subscription.next_at.is_not(None))
    )


PROMISES: dict[str, Callable[[], Executable]] = {
    "a step's letter is there and goes to the same person": _steps_without_letter,
    "a step is told once": _steps_told_twice,
    "a step belongs to a revision of its deadline": _steps_of_a_revision_to_come,
    "a subscription that ended is not waited for": _subscriptions_half_ended,
    "a deadline that is no more waits for no step": _reminded_of_what_is_no_more,
    "no revision to come of a deadline is confirmed": _deadlines_confirmed_ahead,
}
