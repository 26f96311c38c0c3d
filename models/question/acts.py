"""Asking, handing on, answering and correcting. The office is staff; nobody else answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, actor, staff_accounts
from models.member import Person
from models.outbox import Letter, LetterState, NewLetter, post
from models.question.rows import LastQuestion, OfficeQuestion
from models.question.rules import A_DAY, CONTEXT, CORRECTABLE, MOST, MOST_LISTED, MOST_OF_ALL, same_question
from models.refusals import AlreadyAnswered, AlreadyDone, TooLateToCorrect, TooMany, Unknown
from models.statements import replace_in, table_of

# Made once: these are asked at every question.
_ASKED_BEFORE = select(OfficeQuestion).where(
    OfficeQuestion.telegram_id == bindparam("of"),
    OfficeQuestion.asked_at == bindparam("at"),
    OfficeQuestion.text == bindparam("said"),
)
_LAST = table_of(LastQuestion)
_LAST_OF = select(LastQuestion).where(LastQuestion.telegram_id == bindparam("of"))


async def note(
    session: AsyncSession, telegram_id: int, text: str, now: datetime, finding: str, passage_id: int | None
) -> OfficeQuestion:
    """Keep a question so that it can be handed on with one tap.

    The same message worked off again, because its answer did not get through, is the same question.
    """
    asked = {"of": telegram_id, "at": now, "said": text}
    before: OfficeQuestion | None = await session.scalar(_ASKED_BEFORE, asked)
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


# --- the last question, for what follows it up


async def last_question(session: AsyncSession, telegram_id: int, now: datetime) -> LastQuestion | None:
    """The account's last question, if it was asked within ten minutes."""
    row: LastQuestion | None = await session.scalar(_LAST_OF, {"of": telegram_id})
    return row if row is not None and now - row.asked_at <= CONTEXT else None


async def remember(session: AsyncSession, telegram_id: int, text: str, update_id: int, now: datetime) -> None:
    """Keep this question, brought by this update, as the account's last, in place of the one before."""
    row = {"telegram_id": telegram_id, "text": text, "update_id": update_id, "asked_at": now}
    await session.execute(replace_in(session, _LAST), row)


async def forget_last(session: AsyncSession, now: datetime) -> None:
    """Drop the last questions of more than ten minutes ago."""
    await session.execute(delete(LastQuestion).where(LastQuestion.asked_at < now - CONTEXT))


# --- to the office


async def hand_on(session: AsyncSession, question: OfficeQuestion, now: datetime, *, alone: bool = False) -> None:
    """Put the question before every staff member, at once and without sound; or join it to the same one before them.

    ``alone``: its asker wants it asked for itself, whatever lies there already.

    Raises:
        AlreadyDone: it lies there already.
        TooMany: this account has handed on enough for today.
    """
    if question.handed_at and not (alone and question.joined_to):
        raise AlreadyDone
    on_lists = question.telegram_id is not None and bool((await actor(session, question.telegram_id)).standings)
    lately = await _handed_on_since(session, now - A_DAY)
    _check_enough([at for at, by in lately if by == question.telegram_id], now, most=MOST_LISTED if on_lists else MOST)
    twin = None if alone else await _same_before_the_office(session, question)
    question.handed_at, question.joined_to = now, twin.number if twin else None
    if twin is not None:
        if question.telegram_id in await _askers(session, twin.number, but=question.number):
            raise AlreadyDone
        return
    if not on_lists and len(lately) >= MOST_OF_ALL:
        return  # a flood: what comes now lies under „Offene Fragen", and no telephone rings
    for telegram_id in await staff_accounts(session):
        key = f"question:{question.number}:{telegram_id}"
        letter = NewLetter(key, "question", telegram_id, {"question": question.number}, silent=True)
        await post(session, letter, now)


async def _handed_on_since(session: AsyncSession, since: datetime) -> list[tuple[datetime, int | None]]:
    """When questions were put before the office lately, and by whom; the earliest first."""
    rows = await session.execute(
        select(OfficeQuestion.handed_at, OfficeQuestion.telegram_id)
        .where(OfficeQuestion.handed_at > since)
        .order_by(OfficeQuestion.handed_at)
    )
    return [(at, by) for at, by in rows if at is not None]


def _check_enough(lately: Sequence[datetime], now: datetime, *, most: int) -> None:
    if len(lately) >= most:
        raise TooMany("to office", max(now, lately[-most] + A_DAY))


async def _same_before_the_office(session: AsyncSession, question: OfficeQuestion) -> OfficeQuestion | None:
    for other in await waiting(session):
        if other.number == question.number or not same_question(question.text, other.text):
            continue
        # Nobody may be joined to a question that is being answered at this moment.
        locked = await session.get(OfficeQuestion, other.number, with_for_update=True, populate_existing=True)
        if locked is not None and locked.answered_at is None:
            return locked
    return None


async def askers(session: AsyncSession, number: int) -> list[OfficeQuestion]:
    """The question itself and those joined to it, in the order of their numbers."""
    return list(
        await session.scalars(
            select(OfficeQuestion)
            .where((OfficeQuestion.number == number) | (OfficeQuestion.joined_to == number))
            .order_by(OfficeQuestion.number)
        )
    )


async def _askers(session: AsyncSession, number: int, *, but: int) -> set[int | None]:
    return {one.telegram_id for one in await askers(session, number) if one.number != but}


async def joined(session: AsyncSession, number: int) -> int:
    """How many other questions were joined to this one."""
    counted = await session.scalar(select(func.count()).where(OfficeQuestion.joined_to == number))
    return counted or 0


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
    return list(await session.scalars(_unanswered().where(OfficeQuestion.joined_to.is_(None))))


async def waiting_of(session: AsyncSession, telegram_id: int) -> list[OfficeQuestion]:
    """The questions of one account that wait for the office, also those joined to another's; the oldest first."""
    return list(await session.scalars(_unanswered().where(OfficeQuestion.telegram_id == telegram_id)))


def _unanswered() -> Select[OfficeQuestion]:
    return (
        select(OfficeQuestion)
        .where(
            OfficeQuestion.handed_at.is_not(None),
            OfficeQuestion.answered_at.is_(None),
            OfficeQuestion.text != "",  # after twelve months nobody knows any more what was asked
        )
        .order_by(OfficeQuestion.handed_at, OfficeQuestion.number)
    )


# --- the office's answer


async def before_the_office(session: AsyncSession, number: int) -> OfficeQuestion:
    """A question that lies or lay before the office, locked.

    Raises:
        Unknown: there is none with this number.
    """
    question = await session.get(OfficeQuestion, number, with_for_update=True)
    if question is None or question.handed_at is None or question.joined_to:
        raise Unknown
    return question


async def open_before_the_office(session: AsyncSession, number: int) -> OfficeQuestion:
    """A question that waits for the office, locked.

    Raises:
        Unknown: there is none with this number.
        AlreadyAnswered: a colleague was quicker.
    """
    question = await before_the_office(session, number)
    if question.answered_at:
        by = await session.get(Person, question.answered_by) if question.answered_by else None
        raise AlreadyAnswered(number, by.name if by else "")
    return question


async def answer(
    session: AsyncSession, number: int, text: str, by: Actor, now: datetime, *, reply_id: int | None = None
) -> OfficeQuestion:
    """The office's answer: who asked gets it, the other staff members are told that it is done.

    ``reply_id``: the message of staff that holds the answer; editing it corrects the answer.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such question before the office.
        AlreadyAnswered: a colleague was quicker.
    """
    staff = by.need_staff()
    question = await open_before_the_office(session, number)
    question.answer, question.answered_by, question.answered_at = text, staff.person_id, now
    question.reply_id = reply_id
    for asked in await askers(session, number):
        if asked.telegram_id is None:  # has left
            continue
        key = f"answer:{asked.number}"
        await post(session, NewLetter(key, "answer", asked.telegram_id, {"question": asked.number}), now)
    for telegram_id in await staff_accounts(session):
        if telegram_id != by.telegram_id:
            key = f"answered:{number}:{telegram_id}"
            await post(session, NewLetter(key, "answered", telegram_id, {"question": number}, silent=True), now)
    return question


async def answered_in(session: AsyncSession, reply_id: int, by: Actor) -> OfficeQuestion | None:
    """The question that this staff member answered with this message of theirs."""
    if by.staff is None:
        return None
    return await session.scalar(
        select(OfficeQuestion)
        .where(OfficeQuestion.reply_id == reply_id, OfficeQuestion.answered_by == by.staff.person_id)
        .order_by(OfficeQuestion.number.desc())
        .with_for_update()
    )


async def correct(session: AsyncSession, question: OfficeQuestion, text: str, now: datetime) -> bool:
    """Put a corrected answer in the place of the one given; False where it says the same.

    Copies that were sent are for the caller to edit (``sent_copies``); one that may be on its way or lost is followed
    by a fresh one.

    Raises:
        TooLateToCorrect: the ten minutes are over.
    """
    if text == question.answer or question.answered_at is None:
        return False
    if now - question.answered_at > CORRECTABLE:
        raise TooLateToCorrect
    question.answer, question.corrected_at = text, now
    for letter in await copies(session, question.number):
        if letter.state in {LetterState.CLAIMED, LetterState.UNCERTAIN}:
            await send_anew(session, letter, now)
    return True


async def copies(session: AsyncSession, number: int) -> list[Letter]:
    """The letters with the office's answer to those who asked."""
    keys = [f"answer:{one.number}" for one in await askers(session, number)]
    return list(await session.scalars(select(Letter).where(Letter.key.in_(keys)).order_by(Letter.id)))


async def send_anew(session: AsyncSession, letter: Letter, corrected_at: datetime) -> None:
    """Post the answer once more, as it is now; once a correction."""
    key = f"{letter.key}:{corrected_at.isoformat()}"
    await post(session, NewLetter(key, "answer", letter.telegram_id, letter.about), corrected_at)


async def given_answer(session: AsyncSession, question: OfficeQuestion) -> str:
    """What the office answered to this question, or to the one it was joined to."""
    main = await session.get(OfficeQuestion, question.joined_to) if question.joined_to else question
    return (main.answer if main else None) or ""
