"""A question: the passage that answers it with the place where it stands, an honest no, or the way to the office."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.allowance import QUESTIONS
from handlers.callbacks import Near as NearTap
from handlers.callbacks import OnQuestion, Open
from handlers.context import Context, EffectHadBeforeError
from handlers.counting import count, count_refused
from handlers.deadlines import dates, no_date
from handlers.general import contact_text
from handlers.meetings import meeting_list
from handlers.personal import refuse_personal_data
from handlers.quoting import answer_message
from handlers.speaking import voice_for
from handlers.speech import Message, Row
from locales import N_, Markup, Voice
from models import deadline as deadlines
from models import question as questions
from models.actor import Actor
from models.calendar import Calendar
from models.meeting import looking as meetings
from models.office import Office, the_office
from models.question import OfficeQuestion
from models.refusals import Unfit
from models.search import (
    Answer,
    AsksContact,
    AsksDeadline,
    AsksMeeting,
    Confidential,
    Library,
    Near,
    NoAnswer,
    PersonalData,
    SmallTalk,
    answer,
    library,
)
from models.search.excerpt import excerpt
from models.search.follow_up import follow_up
from models.search.values import Finding

LONGEST_QUESTION = 2000
# Why nothing answers, where that can be said without a source.
REASONS = {
    "no such area": N_("There is no such funding area. They run from A to M."),
    "own case": N_("Only the office can tell you more about a single project."),
    "past programme": N_("Your question is about an earlier programme. I know only REGIO AKTIV."),
    "other programme": N_("Your question is about another programme. I know only REGIO AKTIV."),
    "wrong authority": N_("I have no source that says this authority is in charge of it."),
}


@dataclass(frozen=True)
class Asking:
    """A question on its way to an answer: who asks, in which transaction, and what it means by itself."""

    context: Context
    session: AsyncSession
    voice: Voice
    who: Actor
    text: str  # as the office would have to understand it: a follow-up carries what it follows
    library: Library
    office: Office


async def asked(context: Context, text: str) -> None:
    """Plain text in a private chat is a question."""
    if await refuse_personal_data(context, text):
        with suppress(EffectHadBeforeError):
            await count_refused(context, text)
        return
    if not context.within(QUESTIONS):
        return
    if len(text) > LONGEST_QUESTION:
        raise Unfit("too long")
    heard = await _heard(context, text)
    try:
        async with context.begin() as session:
            message = await _said(context, session, heard)
    except EffectHadBeforeError:
        # Noted before, only not answered: say it again.
        async with context.house.database.begin() as session:
            message = await _said(context, session, heard)
    if heard.whole != text:
        voice = await context.own_voice()
        note = voice.say("<i>Understood as: “%(text)s”</i>", text=heard.whole)
        message = Message(f"{message.text}\n\n{note}", message.rows)
    await context.say(message)


@dataclass(frozen=True)
class Heard:
    """A question, found out about: by itself (a follow-up carries what it follows), and what it comes to."""

    whole: str
    finding: Finding
    library: Library
    office: Office  # as it is just now: the transaction need not read it again
    calendar: Calendar
    reader: Actor


async def _heard(context: Context, text: str) -> Heard:
    """What a question comes to. Looked for before the transaction: nobody's tap is to wait for it."""
    async with context.read() as session:
        office = await the_office(session)
        calendar = await deadlines.office_calendar(session)
        reader = await context.reader(session)
        collection = await library(session, asyncio.to_thread)
        whole = await _understood(context, session, text)
    if collection.meaning:
        # A vector takes ten times as long as all words: the others are not to wait for it.
        finding = await asyncio.to_thread(answer, whole, collection, context.now, calendar.zone)
    else:
        finding = answer(whole, collection, context.now, zone=calendar.zone)
    return Heard(whole, finding, collection, office, calendar, reader)


async def _understood(context: Context, session: AsyncSession, text: str) -> str:
    """The question by itself: „und für B?" takes the context of the last one, for ten minutes."""
    last = await questions.last_question(session, context.telegram_id, context.now)
    if last is None:
        return text
    if last.update_id == context.act.update_id:
        return last.text  # this very message, worked off again
    return follow_up(last.text, text) or text


async def _said(context: Context, session: AsyncSession, heard: Heard) -> Message:
    await context.account(session)
    voice = await voice_for(session, heard.reader)
    if not isinstance(heard.finding, Confidential | PersonalData | SmallTalk):
        await questions.remember(session, context.telegram_id, heard.whole, context.act.update_id, context.now)
    message = await _worded(
        Asking(context, session, voice, heard.reader, heard.whole, heard.library, heard.office), heard.finding
    )
    await count(context, session, heard.whole, heard.finding, message, heard.calendar)
    return message


async def _worded(asking: Asking, finding: Finding) -> Message:
    """The message for whatever a question came to; what can be handed on to the office is noted with its number."""
    voice = asking.voice
    match finding:
        case Answer():
            number = (await _note(asking, "answer", finding.quote.id)).number
            pieces = excerpt(finding.quote.text, asking.library.question(asking.text))
            message = answer_message(
                voice, finding, pieces, number, asking.office.contact, staff=asking.who.staff is not None
            )
        case AsksDeadline():
            message = await dates(asking.context, asking.session, asking.text, finding.slots)
        case AsksMeeting():
            found = await meetings.meetings_seen_by(asking.session, asking.who, asking.context.now)
            message = (
                meeting_list(voice, found) if found else await no_date(asking.context, asking.session, asking.text)
            )
        case Near():
            message = _near_message(voice, finding, await _note(asking, "near", None))
        case NoAnswer():
            reason = voice.say(REASONS[finding.reason]) if finding.reason in REASONS else ""
            text = "\n\n".join(part for part in (_no_answer(voice), reason) if part)
            message = Message(text, [_to_office(voice, await _note(asking, "none", None))])
        case AsksContact() | Confidential() | PersonalData() | SmallTalk():
            message = _without_source(asking.office, voice, finding)
        case _:
            assert_never(finding)
    return message


def _without_source(
    office: Office, voice: Voice, finding: AsksContact | Confidential | PersonalData | SmallTalk
) -> Message:
    match finding:
        case AsksContact():
            return Message(contact_text(voice, office.name, office.contact))
        case Confidential():
            return Message(voice.say("I give no information about that."))
        case SmallTalk():
            return _small_talk(voice, finding.kind)
        case PersonalData():
            # ``asked`` has refused these before anything was kept.
            raise Unfit("empty")
        case _:
            assert_never(finding)


async def _note(asking: Asking, finding: str, passage_id: int | None) -> OfficeQuestion:
    context = asking.context
    return await questions.note(asking.session, context.telegram_id, asking.text, context.now, finding, passage_id)


def _no_answer(voice: Voice) -> Markup:
    return voice.say("I have no documented information on that.")


def _to_office(voice: Voice, noted: OfficeQuestion) -> Row:
    return [(voice.plain("To the office"), OnQuestion(noted.number, "office"))]


def _near_message(voice: Voice, near: Near, noted: OfficeQuestion) -> Message:
    rows: list[Row] = [[(one.label, NearTap(noted.number, one.passage_id))] for one in near.headings]
    text = Markup(f"{_no_answer(voice)}\n\n{voice.say('Did you mean …')}")
    return Message(text, [*rows, _to_office(voice, noted)])


def _small_talk(voice: Voice, kind: str) -> Message:
    if kind == "thanks":
        return Message(voice.say("You are welcome."))
    return Message(
        voice.say("Hello. Write your question about REGIO AKTIV, or look at the deadlines."),
        [[(voice.plain("Deadlines"), Open("deadlines"))]],
    )
