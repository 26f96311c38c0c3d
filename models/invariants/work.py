"""Work in hand: updates that came in, letters that go out, forms, backups."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Executable, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.drafts import Draft
from models.inbox import TRIES, InboxRow, InboxState
from models.outbox import Letter, LetterState
from models.safekeeping import Backup

# A pending update this much older than the newest one has been forgotten by its worker.
STUCK = timedelta(hours=1)


def _payloads_kept() -> Executable:
    worked = InboxRow.state.in_([InboxState.DONE, InboxState.SET_ASIDE])
    return select(InboxRow.update_id).where(worked != InboxRow.payload.is_(None))


def _letters_between_states() -> Executable:
    claimed, sent = Letter.state == LetterState.CLAIMED, Letter.state == LetterState.SENT
    wrong = or_(
        Letter.state.not_in(list(LetterState)),
        claimed != Letter.lease_until.is_not(None),
        sent != Letter.message_id.is_not(None),
        sent != Letter.sent_at.is_not(None),
        and_(Letter.state.in_([LetterState.FAILED, LetterState.UNCERTAIN]), Letter.error.is_(None)),
    )
    return select(Letter.id, Letter.state).where(wrong)


def _letters_posted_twice() -> Executable:
    return select(Letter.key).group_by(Letter.key).having(func.count() > 1)


def _second_open_drafts() -> Executable:
    return select(Draft.telegram_id).where(~Draft.parked).group_by(Draft.telegram_id).having(func.count() > 1)


def _second_open_backups() -> Executable:
    return select(func.count()).select_from(Backup).where(Backup.open).having(func.count() > 1)


PROMISES: dict[str, Callable[[], Executable]] = {
    "a letter is in one state": _letters_between_states,
    "the same news is posted once": _letters_posted_twice,
    "an account fills in one form": _second_open_drafts,
    "one backup is ordered or in hand": _second_open_backups,
    "a worked update has lost its payload, an unworked one has not": _payloads_kept,
}


async def broken(session: AsyncSession) -> list[str]:
    """Updates that nobody works off any more."""
    newest = await session.scalar(select(func.max(InboxRow.received_at)))
    if newest is None:
        return []
    overdue = or_(InboxRow.tries >= TRIES, InboxRow.received_at < newest - STUCK)
    rows = await session.scalars(
        select(InboxRow.update_id).where(InboxRow.state.in_([InboxState.PENDING, InboxState.ACTED]), overdue)
    )
    return [f"no update is stuck: {update_id}" for update_id in rows]
