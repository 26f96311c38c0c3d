"""Questions handed to the office, and what became of them. Each has a number that everyone sees."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.actor import Actor, staff_accounts
from models.base import Base
from models.outbox import Letter, NewLetter, post
from models.refusals import AlreadyDone, Unknown


class OfficeQuestion(Base):
    """A question that somebody asked; ``handed_at`` is empty until „An die ReKo" was tapped."""

    __tablename__ = "questions"

    number: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("accounts.telegram_id"), index=True)
    text: Mapped[str]
    asked_at: Mapped[datetime]
    finding: Mapped[str]  # what was found: „answer", „near", „none", „deadline" …
    passage_id: Mapped[int | None]  # the passage that was shown
    helpful: Mapped[bool | None]
    handed_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]


async def note(
    session: AsyncSession, telegram_id: int, text: str, now: datetime, finding: str, passage_id: int | None
) -> OfficeQuestion:
    """Keep a question so that it can be handed on with one tap.

    The same message worked off again, because its answer did not get through, is the same question.
    """
    before = await session.scalar(
        select(OfficeQuestion).where(
            OfficeQuestion.telegram_id == telegram_id, OfficeQuestion.asked_at == now, OfficeQuestion.text == text
        )
    )
    if before is not None:
        return before
    question = OfficeQuestion(telegram_id=telegram_id, text=text, asked_at=now, finding=finding, passage_id=passage_id)
    session.add(question)
    await session.flush()
    return question


async def own(session: AsyncSession, number: int, telegram_id: int) -> OfficeQuestion:
    """The question, for who asked it.

    Raises:
        Unknown: there is none of theirs with this number.
    """
    question = await session.get(OfficeQuestion, number, with_for_update=True)
    if question is None or question.telegram_id != telegram_id:
        raise Unknown
    return question


async def hand_on(session: AsyncSession, question: OfficeQuestion, now: datetime) -> int:
    """Put the question before every staff member, at once and without sound; returns how many could be written to.

    Raises:
        AlreadyDone: it lies there already.
    """
    if question.handed_at:
        raise AlreadyDone
    question.handed_at = now
    staff = await staff_accounts(session)
    for telegram_id in staff:
        letter = NewLetter(
            f"question:{question.number}:{telegram_id}",
            "question",
            telegram_id,
            {"question": question.number},
            silent=True,
        )
        await post(session, letter, now)
    return len(staff)


async def by_message(session: AsyncSession, telegram_id: int, message_id: int) -> OfficeQuestion | None:
    """The question whose copy before this staff member is this message."""
    letter = await session.scalar(
        select(Letter).where(
            Letter.telegram_id == telegram_id, Letter.message_id == message_id, Letter.kind == "question"
        )
    )
    return await session.get(OfficeQuestion, letter.about["question"]) if letter else None


async def waiting(session: AsyncSession) -> list[OfficeQuestion]:
    """The questions that wait for the office, the oldest first."""
    return list(
        await session.scalars(
            select(OfficeQuestion)
            .where(OfficeQuestion.handed_at.is_not(None), OfficeQuestion.answered_at.is_(None))
            .order_by(OfficeQuestion.handed_at)
        )
    )


async def waiting_of(session: AsyncSession, telegram_id: int) -> list[OfficeQuestion]:
    """The questions of one account that wait for the office, the oldest first."""
    return [one for one in await waiting(session) if one.telegram_id == telegram_id]


async def answer(session: AsyncSession, number: int, text: str, by: Actor, now: datetime) -> OfficeQuestion:
    """The office's answer: the asker gets it, the other staff members are told that it is done.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such question before the office.
        AlreadyDone: a colleague has answered it.
    """
    staff = by.need_staff()
    question = await session.get(OfficeQuestion, number, with_for_update=True)
    if question is None or question.handed_at is None:
        raise Unknown
    if question.answered_at:
        raise AlreadyDone
    question.answer, question.answered_by, question.answered_at = text, staff.person_id, now
    about = {"question": number}
    await post(session, NewLetter(f"answer:{number}", "answer", question.telegram_id, about), now)
    for telegram_id in await staff_accounts(session):
        if telegram_id != by.telegram_id:
            letter = NewLetter(f"answered:{number}:{telegram_id}", "answered", telegram_id, about, silent=True)
            await post(session, letter, now)
    return question
