"""Rundrufe and their copies."""

from collections.abc import Callable

from sqlalchemy import Executable, Select, and_, or_, select

from models.broadcast.rows import Broadcast, Copy
from models.outbox import Letter, LetterState


def _copies_to_others() -> Executable:
    return (
        select(Copy.id, Letter.id)
        .join(Letter, or_(Letter.id == Copy.letter_id, Letter.id == Copy.update_id))
        .where(or_(Copy.telegram_id.is_(None), Letter.telegram_id != Copy.telegram_id))
    )


def _copies_before_the_beginning() -> Executable:
    return (
        select(Copy.id)
        .join(Broadcast, Broadcast.number == Copy.broadcast_number)
        .where(or_(Broadcast.started_at.is_(None), and_(Broadcast.needs_release, Broadcast.released_at.is_(None))))
    )


def _leaving_though_stopped() -> Executable:
    waits = and_(Letter.state == LetterState.WAITING, ~Letter.held)
    withdrawn = and_(Broadcast.withdrawn_at.is_not(None), Letter.id == Copy.letter_id)
    return _on_their_way().where(
        or_(and_(Broadcast.paused_at.is_not(None), waits), and_(withdrawn, Letter.state == LetterState.WAITING))
    )


def _on_their_way_after_the_end() -> Executable:
    under_way = Letter.state.in_([LetterState.WAITING, LetterState.CLAIMED])
    return _on_their_way().where(Broadcast.ended_at.is_not(None), under_way)


def _on_their_way() -> Select[int, int]:
    return (
        select(Copy.broadcast_number, Letter.id)
        .join(Letter, or_(Letter.id == Copy.letter_id, Letter.id == Copy.update_id))
        .join(Broadcast, Broadcast.number == Copy.broadcast_number)
    )


PROMISES: dict[str, Callable[[], Executable]] = {
    "a copy of a Rundruf goes to its own account": _copies_to_others,
    "a Rundruf has no copies before it begins, nor begins without its release": _copies_before_the_beginning,
    "nothing of a Rundruf leaves while it is stopped, or withdrawn": _leaving_though_stopped,
    "nothing of a Rundruf that has ended is on its way": _on_their_way_after_the_end,
}
