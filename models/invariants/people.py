"""Who holds which seat."""

from collections.abc import Callable

from sqlalchemy import Executable, func, or_, select

from models.member import Membership, Role
from models.office import Mandate


def _second_holders() -> Executable:
    return (
        select(Membership.mandate_id)
        .where(Membership.role == Role.MEMBER, Membership.ended_at.is_(None))
        .group_by(Membership.mandate_id)
        .having(func.count() > 1)
    )


def _seats_of_another_body() -> Executable:
    return (
        select(Membership.id)
        .join(Mandate, Mandate.id == Membership.mandate_id)
        .where(or_(Membership.body_id.is_(None), Mandate.body_id != Membership.body_id))
    )


PROMISES: dict[str, Callable[[], Executable]] = {
    "a mandate has one holder": _second_holders,
    "a seat belongs to its mandate's body": _seats_of_another_body,
}
