"""Every question is counted for the reports: what it came to and was about; neither who asked nor the words."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.context import Context
from handlers.deadlines.asking import NoDate
from handlers.speech import Message
from models.calendar import Calendar
from models.deadline import AREAS, office_calendar
from models.report.rows import CONFIDENTIAL, CONTACT, DATES, PERSONAL, count_asked
from models.search import Answer, AsksContact, AsksDeadline, AsksMeeting, Confidential, Near, NoAnswer, PersonalData
from models.search.understanding import counted_as
from models.search.values import Finding

CAME_TO: dict[type[Finding], str] = {
    Answer: "answer",
    AsksDeadline: DATES,
    AsksMeeting: DATES,
    Near: "near",
    NoAnswer: "none",
    AsksContact: CONTACT,
    Confidential: CONFIDENTIAL,
    PersonalData: PERSONAL,
}


async def count(
    context: Context, session: AsyncSession, text: str, finding: Finding, said: Message, calendar: Calendar
) -> None:
    """Count a question. Thanks and greetings are none, and one that is only answered anew was counted before."""
    came_to = "no date" if isinstance(said, NoDate) else CAME_TO.get(type(finding))
    if came_to is None or context.act.acted:
        return
    await _noted(session, text, came_to, calendar.day(context.now))


async def count_refused(context: Context, text: str) -> None:
    """Count a question that held personal data, in a transaction of its own."""
    async with context.begin() as session:
        await _noted(session, text, PERSONAL, (await office_calendar(session)).day(context.now))


async def _noted(session: AsyncSession, text: str, came_to: str, day: date) -> None:
    topic, areas = counted_as(text)
    await count_asked(session, day, came_to, topic, "".join(one for one in areas if one in AREAS))
