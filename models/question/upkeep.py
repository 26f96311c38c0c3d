"""What time brings: the asker hears that a question still lies there, the week's list, and texts that go."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import chores
from models.actor import staff_accounts
from models.calendar import Calendar
from models.deadline import office_calendar
from models.outbox import Letter, LetterState, NewLetter, post
from models.question.acts import askers, waiting
from models.question.rows import OfficeQuestion
from models.question.rules import chased_at

UNFOUND = ("none", "near", "no date")
# One in doubt keeps its text for whoever decides about it.
SETTLED = Letter.state.in_([LetterState.SENT, LetterState.FAILED, LetterState.VOID])
QUOTING = ("question", "answer", "still_open", "source_changed")  # kinds of letters that repeat a question


async def chase(session: AsyncSession, now: datetime) -> None:
    """After two working days without an answer, tell those who asked that their question still lies there."""
    calendar = await office_calendar(session)
    for main in await waiting(session):
        for question in await askers(session, main.number) if is_overdue(main, calendar, now) else ():
            if question.telegram_id is None or question.chased_at or question.handed_at is None:
                continue
            if chased_at(question.handed_at, calendar) <= now:
                question.chased_at = now
                letter = NewLetter(
                    f"still_open:{question.number}", "still_open", question.telegram_id, {"question": question.number}
                )
                await post(session, letter, now)


def is_overdue(question: OfficeQuestion, calendar: Calendar, now: datetime) -> bool:
    """Whether a question has waited for the office for two working days."""
    return question.handed_at is not None and chased_at(question.handed_at, calendar) <= now


@dataclass(frozen=True, slots=True)
class Unfound:
    """A question nobody could be answered, or not well: as first asked, how often, and what was shown instead."""

    text: str
    asked: int
    finding: str
    handed_on: bool
    last_asked_at: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """What was asked in a stretch of time, counted; ``unfound`` the most asked first."""

    asked: int
    helpful: int
    not_helpful: int
    unfound: Sequence[Unfound]


async def asked_between(session: AsyncSession, since: datetime, until: datetime) -> Week:
    """What was asked from ``since`` (inclusive) to ``until`` (exclusive), without who asked it."""
    rows = list(
        await session.scalars(
            select(OfficeQuestion)
            .where(OfficeQuestion.asked_at >= since, OfficeQuestion.asked_at < until, OfficeQuestion.text != "")
            .order_by(OfficeQuestion.asked_at, OfficeQuestion.number)
        )
    )
    rated = Counter(one.helpful for one in rows)
    return Week(len(rows), rated[True], rated[False], _unfound(rows))


def _unfound(rows: Sequence[OfficeQuestion]) -> list[Unfound]:
    groups: dict[tuple[str, str], list[OfficeQuestion]] = {}
    for one in rows:
        # A heading under „Meinten Sie …" that was tapped has led to an answer.
        wanting = one.helpful is False or (one.finding in UNFOUND and one.passage_id is None)
        if wanting:
            shown = "not helpful" if one.helpful is False else one.finding
            groups.setdefault((" ".join(one.text.casefold().split()), shown), []).append(one)
    found = [
        Unfound(same[0].text, len(same), shown, any(one.handed_at for one in same), same[-1].asked_at)
        for (_, shown), same in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.asked, one.last_asked_at))


async def list_the_week(session: AsyncSession, now: datetime) -> None:
    """On Monday morning, one letter to each of staff with what was asked and not found."""
    calendar = await office_calendar(session)
    until = chores.weekly(now, calendar)
    since = await chores.turn(session, "unfound", until, every=timedelta(days=7))
    if since is None or not (await asked_between(session, since, until)).unfound:
        return
    about = {"since": since.isoformat(), "until": until.isoformat()}
    for telegram_id in await staff_accounts(session):
        key = f"unfound:{until.isoformat()}:{telegram_id}"
        await post(session, NewLetter(key, "unfound", telegram_id, about, calendar.next_allowed(now)), now)


async def forget_texts(session: AsyncSession, before: datetime) -> tuple[int, int]:
    """Questions and letters from before lose their texts; how many did. What was counted stays."""
    old = OfficeQuestion.asked_at < before
    numbers = set(await session.scalars(select(OfficeQuestion.number).where(old, OfficeQuestion.text != "")))
    await session.execute(update(OfficeQuestion).where(old).values(text="", passage_id=None, reply_id=None))
    await session.execute(update(OfficeQuestion).where(old, OfficeQuestion.answer.is_not(None)).values(answer=""))
    letters = await session.execute(
        update(Letter).where(SETTLED, Letter.posted_at < before, Letter.text.is_not(None)).values(text=None)
    )
    emptied: int = letters.rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    return len(numbers), emptied + await forget_quotations(session, numbers)


async def forget_quotations(session: AsyncSession, numbers: Collection[int]) -> int:
    """Letters that repeat one of these questions lose their texts; how many did."""
    quoting = await session.scalars(select(Letter).where(SETTLED, Letter.kind.in_(QUOTING), Letter.text.is_not(None)))
    found = [one for one in quoting if {one.about.get("question"), *one.about.get("questions", ())} & set(numbers)]
    for letter in found:
        letter.text = None
    return len(found)


async def forget_asker(session: AsyncSession, telegram_id: int) -> None:
    """Who asked leaves: their questions lose who it was, the texts and the answers.

    Others who were joined to one of them still wait for its answer: it goes on in the words of the first of these.
    """
    theirs = OfficeQuestion.telegram_id == telegram_id
    mine = list(await session.scalars(select(OfficeQuestion).where(theirs).order_by(OfficeQuestion.number)))
    for question in mine:
        question.telegram_id = question.passage_id = None
    await session.flush()
    for number in sorted({one.joined_to or one.number for one in mine} | {one.number for one in mine}):
        main = await session.get(OfficeQuestion, number)
        if main is not None and main.telegram_id is None:
            await _put_in_others_words(session, main)
    await session.flush()
    await forget_quotations(session, {one.number for one in mine})


async def _put_in_others_words(session: AsyncSession, question: OfficeQuestion) -> None:
    others = [one for one in await askers(session, question.number) if one.telegram_id is not None]
    if others:
        question.text = others[0].text
        return
    question.text, question.reply_id = "", None
    question.answer = None if question.answer is None else ""
