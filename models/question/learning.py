"""From the desk into the knowledge base: an answer kept as a source, and who is told when a source has changed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.deadline import office_calendar
from models.knowledge import Edition, Intake, Passage, Rank, Source, Taken, take_in, withdraw
from models.knowledge.source import digest
from models.knowledge.splitting import Cut
from models.office import the_office
from models.outbox import NewLetter, post
from models.question.rows import OfficeQuestion
from models.question.rules import month_after, month_before, still_says

# No file's name holds a slash: an answer is never taken for a source of the folder.
PREFIX = "question/"


def key_of(number: int) -> str:
    """The source's key that an answer is kept under."""
    return f"{PREFIX}{number}"


async def keep(
    session: AsyncSession, number: int, question: str, answer: str, title: str, by: Actor, now: datetime
) -> Intake:
    """Keep a question and its answer, as staff has edited them, as a source of the office's rank for twelve months.

    Nothing of who asked goes into it. Kept again, it is a new edition in place of the one before.

    Raises:
        NotEntitled: for everyone but staff.
    """
    by.need_staff()
    today = (await office_calendar(session)).day(now)
    source = Source(
        key=key_of(number),
        title=title,
        publisher=(await the_office(session)).name,
        dated=today,
        valid_from=None,
        valid_until=month_after(today),
        url="",
        rank=Rank.OFFICE,
        contradicts=(),
        content_hash=digest(f"{question}\n{answer}"),
        mended=0,
        lost=(),
        text=answer,
        cuts=(Cut(start=0, block=0, section=question, page=None, lead="", text=answer),),
    )
    [intake] = await take_in(session, [source], now)
    return intake


async def kept(session: AsyncSession, number: int) -> Edition | None:
    """The edition in force that holds this question's answer."""
    return await session.scalar(select(Edition).where(Edition.key == key_of(number), Edition.superseded_at.is_(None)))


async def take_out(session: AsyncSession, number: int, by: Actor, now: datetime) -> bool:
    """Take an answer out of the knowledge base; False where it was not in it.

    Raises:
        NotEntitled: for everyone but staff.
    """
    by.need_staff()
    return await withdraw(session, key_of(number), now)


async def tell_of_changes(session: AsyncSession, intakes: Iterable[Intake], now: datetime) -> int:
    """Tell those who asked within twelve months and were shown a passage that a new edition no longer holds.

    One letter an account and edition, not in quiet hours; returns how many.
    """
    told = 0
    calendar = await office_calendar(session)
    for intake in intakes:
        if intake.taken != Taken.NEW_EDITION:
            continue
        by_account: dict[int, list[int]] = {}
        for question in await _concerned(session, intake, now):
            if question.telegram_id is not None:
                by_account.setdefault(question.telegram_id, []).append(question.number)
        for telegram_id, numbers in by_account.items():
            key = f"source_changed:{intake.edition_id}:{telegram_id}"
            letter = NewLetter(
                key, "source_changed", telegram_id, {"questions": numbers}, not_before=calendar.next_allowed(now)
            )
            told += await post(session, letter, now) is not None
    return told


async def _concerned(session: AsyncSession, intake: Intake, now: datetime) -> list[OfficeQuestion]:
    """The questions that were answered by what was in the edition before and is not in this one."""
    texts = list(await session.scalars(select(Passage.text).where(Passage.edition_id == intake.edition_id)))
    replaced = select(func.max(Edition.superseded_at)).where(Edition.key == intake.key).scalar_subquery()
    old = await session.scalars(
        select(Passage)
        .join(Edition, Edition.id == Passage.edition_id)
        .where(Edition.key == intake.key, Edition.superseded_at == replaced)
    )
    gone = [one.hash for one in old if not still_says(one.text, texts)]
    calendar = await office_calendar(session)
    since = calendar.at(month_before(calendar.day(now)), calendar.local(now).time())
    # The same words may have been shown from an earlier edition yet.
    rows = await session.scalars(
        select(OfficeQuestion)
        .join(Passage, Passage.id == OfficeQuestion.passage_id)
        .join(Edition, Edition.id == Passage.edition_id)
        .where(Edition.key == intake.key, Passage.hash.in_(gone), OfficeQuestion.asked_at >= since)
        .order_by(OfficeQuestion.number)
    )
    return list(rows)
