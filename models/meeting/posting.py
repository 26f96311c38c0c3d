"""Meetings: the letters that its acts bring. News wait for the end of the quiet hours, unless the meeting is near."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import staff_accounts
from models.deadline import news_at, office_calendar
from models.meeting.looking import find, invited_accounts
from models.meeting.rows import Invitation, Meeting
from models.member import Person
from models.outbox import Letter, LetterState, NewLetter, post, post_news

GATHERED = timedelta(minutes=30)  # answers are told to staff together, without sound


async def goes_at(session: AsyncSession, meeting: Meeting, now: datetime, *starts: datetime) -> datetime:
    """After the quiet hours, unless the meeting (or the one it was, at ``starts``) is too near for that."""
    return news_at(await office_calendar(session), now, [meeting.starts_at, *starts])


async def send_invitation(session: AsyncSession, invitation: Invitation, meeting: Meeting, now: datetime) -> list[int]:
    """Send an invitation to whoever answers it; the accounts."""
    accounts = await invited_accounts(session, invitation)
    for telegram_id in accounts:
        key = f"invitation:{invitation.id}:{meeting.revision}:{telegram_id}"
        about = {"meeting": meeting.number, "invitation": invitation.id}
        at = await goes_at(session, meeting, now)
        await post(session, NewLetter(key, "invitation", telegram_id, about, not_before=at), now)
    return accounts


async def tell_holder(
    session: AsyncSession, invitation: Invitation, kind: str, meeting: Meeting, now: datetime
) -> None:
    """Something about their invitation, to whoever answers it."""
    about = {"meeting": meeting.number, "invitation": invitation.id}
    at = await goes_at(session, meeting, now)
    for telegram_id in await invited_accounts(session, invitation):
        letter = NewLetter(f"{kind}:{invitation.id}", kind, telegram_id, about, not_before=at)
        await post_news(session, letter, now)


async def tell_deputy(session: AsyncSession, invitation: Invitation, kind: str, person_id: int, now: datetime) -> None:
    """Something about standing in, to a deputy."""
    person = await session.get_one(Person, person_id)
    if person.telegram_id is None:
        return
    about = {"meeting": invitation.meeting_number, "invitation": invitation.id, "person": person_id}
    at = await goes_at(session, await find(session, invitation.meeting_number), now)
    letter = NewLetter(f"{kind}:{invitation.id}", kind, person.telegram_id, about, not_before=at)
    await post_news(session, letter, now)


async def tell_staff_of_answers(session: AsyncSession, number: int, now: datetime) -> None:
    """Who has answered lately, gathered: one silent message for all answers of half an hour."""
    at = (await office_calendar(session)).next_allowed(now + GATHERED)
    for telegram_id in await staff_accounts(session):
        letter = NewLetter(f"answers:{number}", "answers", telegram_id, {"meeting": number}, at, silent=True)
        await post_news(session, letter, now)


async def _unread(session: AsyncSession, kind: str, telegram_id: int, invitation: Invitation) -> Letter | None:
    """A letter of a kind about an invitation that still waits for its turn."""
    waiting = await session.scalars(
        select(Letter)
        .where(Letter.telegram_id == telegram_id, Letter.kind == kind, Letter.state == LetterState.WAITING)
        .order_by(Letter.id)
    )
    return next((one for one in waiting if one.about.get("invitation") == invitation.id), None)


@dataclass(frozen=True, slots=True)
class News:
    """A change of a meeting. ``old``: what was so before; ``at``: when it may go out."""

    kind: str  # of its letters
    at: datetime
    old: Any = None


async def tell_change(
    session: AsyncSession, invitation: Invitation, meeting: Meeting, news: News, accounts: set[int], now: datetime
) -> None:
    """A change of the meeting, to these accounts. What somebody has not read yet is never the „old" of the next."""
    for telegram_id in sorted(accounts):
        if news.kind != "meeting_cancelled" and await _unread(session, "invitation", telegram_id, invitation):
            continue  # the invitation will be worded as things stand when its turn comes
        earlier = await _unread(session, news.kind, telegram_id, invitation)
        about = {
            "meeting": meeting.number,
            "invitation": invitation.id,
            "old": earlier.about["old"] if earlier else news.old,
        }
        key = f"{news.kind}:{invitation.id}:{meeting.revision}:{telegram_id}"
        await post(session, NewLetter(key, news.kind, telegram_id, about, news.at), now)
