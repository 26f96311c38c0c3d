"""Sources, questions to the office, and wishes to hear of a date."""

from collections.abc import Callable

from sqlalchemy import Executable, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.knowledge.rows import Edition, Passage, in_force
from models.question import OfficeQuestion
from models.wish import Wish


def _editions_in_force_twice() -> Executable:
    return select(Edition.key).where(in_force()).group_by(Edition.key).having(func.count() > 1)


def _editions_that_wait_for_nothing() -> Executable:
    return select(Edition.id).where(
        Edition.waiting, or_(Edition.valid_from.is_(None), Edition.superseded_at.is_not(None))
    )


def _passages_of_no_edition() -> Executable:
    return select(Passage.id).outerjoin(Edition, Edition.id == Passage.edition_id).where(Edition.id.is_(None))


def _questions_half_answered() -> Executable:
    return select(OfficeQuestion.number).where(
        OfficeQuestion.answer.is_not(None) != OfficeQuestion.answered_at.is_not(None)
    )


def _questions_corrected_unanswered() -> Executable:
    return select(OfficeQuestion.number).where(
        OfficeQuestion.corrected_at.is_not(None), OfficeQuestion.answered_at.is_(None)
    )


def _questions_joined_to_nothing() -> Executable:
    main = aliased(OfficeQuestion)
    lies_there = and_(main.handed_at.is_not(None), main.joined_to.is_(None))
    return (
        select(OfficeQuestion.number)
        .outerjoin(main, and_(main.number == OfficeQuestion.joined_to, lies_there))
        .where(OfficeQuestion.joined_to.is_not(None), or_(main.number.is_(None), OfficeQuestion.handed_at.is_(None)))
    )


def _wishes_of_others() -> Executable:
    return (
        select(Wish.question_number)
        .outerjoin(OfficeQuestion, OfficeQuestion.number == Wish.question_number)
        .where(or_(OfficeQuestion.number.is_(None), OfficeQuestion.telegram_id != Wish.telegram_id))
    )


PROMISES: dict[str, Callable[[], Executable]] = {
    "a wish belongs to who asked": _wishes_of_others,
    "one edition of a source is in force": _editions_in_force_twice,
    "an edition waits for its first day": _editions_that_wait_for_nothing,
    "a passage belongs to an edition": _passages_of_no_edition,
    "an answer to a question has its time": _questions_half_answered,
    "a corrected answer was given": _questions_corrected_unanswered,
    "a joined question joins one before the office": _questions_joined_to_nothing,
}
