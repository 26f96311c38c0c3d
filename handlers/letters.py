"""How each kind of letter is worded when its turn comes, in its reader's language. None: it no longer holds."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnQuestion
from handlers.contact import other_way
from handlers.deadlines import changed_message, new_message, reminder_message, sheet_for, wish_message
from handlers.deadlines.news import steps_of, why_told
from handlers.meetings import MEETING_LETTERS
from handlers.numbers import numbered
from handlers.office.desk.technik import backup_letter
from handlers.office.people.letters import PEOPLE_LETTERS
from handlers.office.replying import asker_copy, office_question
from handlers.office.send_minutes import minutes_letter
from handlers.office.unfound import unfound_message
from handlers.office.week import week_message
from handlers.privacy.leaving import left_letter
from handlers.rundruf.letters import BROADCAST_LETTERS
from handlers.speaking import voice_for
from handlers.speech import Message, Row, shorten
from handlers.turn import Turn, Wording
from handlers.votes.letters import VOTE_LETTERS
from handlers.waiting import stored
from models import deadline as deadlines
from models import question as questions
from models.actor import actor
from models.heartbeat import Outage
from models.member import Person
from models.office import the_office
from models.outbox import Letter
from models.question import OfficeQuestion
from models.refusals import Refusal
from models.weekly import week

MOST_CHANGED = 5  # questions in one letter; who asked more will ask again
LONGEST_QUOTED = 200  # characters of one's own question


async def word(session: AsyncSession, letter: Letter, now: datetime) -> Message | None:
    """The letter's message as it is right now; None where it no longer holds."""
    reader = await actor(session, letter.telegram_id)
    voice = await voice_for(session, reader)
    message = await worded(Turn(session, letter, voice, reader, now))
    if message and reader.types and type(message) is Message:  # what has attachments has its caption's length to keep
        message = numbered(voice, message)
    # Once its first part was read, the rest must belong to it, whatever has changed since.
    return replace(message, text=letter.text or message.text) if message and letter.parts else message


async def worded(turn: Turn) -> Message | None:
    """A letter in a given voice at a given instant; None where it would not hold."""
    try:
        return await WORDINGS[turn.letter.kind](turn)
    except Refusal:
        return None


async def _reminder(turn: Turn) -> Message | None:
    steps = await deadlines.standing_steps(turn.session, turn.letter.id, turn.now)
    if not steps:
        return None
    turn.letter.about = {**turn.letter.about, "deadlines": [step.deadline.number for step in steps]}
    return reminder_message(await sheet_for(turn.session, turn.voice, turn.now), steps, turn.letter.id)


async def _deadline_changed(turn: Turn) -> Message | None:
    about, sheet = turn.letter.about, await sheet_for(turn.session, turn.voice, turn.now)
    row = await deadlines.deadline(turn.session, about["deadline"], turn.reader)
    steps = await steps_of(turn.session, sheet, row, turn.reader.telegram_id)
    return changed_message(sheet, row, about["changes"], reason=about.get("reason", ""), steps=steps)


async def _deadline_new(turn: Turn) -> Message | None:
    sheet = await sheet_for(turn.session, turn.voice, turn.now)
    row = await deadlines.deadline(turn.session, turn.letter.about["deadline"], turn.reader)
    if row.status or sheet.due(row) <= turn.now:
        return None
    followed = await deadlines.follows(turn.session, turn.reader.telegram_id)
    steps = await steps_of(turn.session, sheet, row, turn.reader.telegram_id)
    return new_message(sheet, row, why_told(turn.voice, row, followed, turn.reader), steps)


async def _wish(turn: Turn) -> Message | None:
    about, sheet = turn.letter.about, await sheet_for(turn.session, turn.voice, turn.now)
    rows = await deadlines.seen_by(turn.session, about["deadlines"], turn.reader)
    ahead = [row for row in rows if not row.status and sheet.due(row) > turn.now]
    question = await turn.session.get(OfficeQuestion, about["question"])
    return wish_message(sheet, about["question"], question.text if question else "", ahead) if ahead else None


async def _question(turn: Turn) -> Message | None:
    question = await turn.session.get_one(OfficeQuestion, turn.letter.about["question"])
    turn.reader.need_staff()
    if question.answered_at or not question.text:  # or its asker has left
        return None
    return office_question(turn.voice, question, await questions.joined(turn.session, question.number))


async def _answer(turn: Turn) -> Message | None:
    return await asker_copy(turn.session, turn.letter)


async def _answered(turn: Turn) -> Message | None:
    question = await turn.session.get_one(OfficeQuestion, turn.letter.about["question"])
    by = await turn.session.get(Person, question.answered_by) if question.answered_by else None
    turn.reader.need_staff()
    if by is None:  # has left
        return None
    return Message(
        turn.voice.say("Question no. %(number)s: %(name)s has answered.", number=question.number, name=by.name)
    )


async def _still_open(turn: Turn) -> Message | None:
    question = await turn.session.get_one(OfficeQuestion, turn.letter.about["question"])
    if await questions.given_answer(turn.session, question):
        return None
    office = await the_office(turn.session)
    lines = [
        turn.voice.say(
            "Your question no. %(number)s is still with the office. It has not been forgotten.", number=question.number
        ),
        turn.voice.say("“%(text)s”", text=question.text),
        other_way(turn.voice, office.contact),
    ]
    return Message("\n\n".join(line for line in lines if line))


async def _unfound(turn: Turn) -> Message | None:
    turn.reader.need_staff()
    since, until = (datetime.fromisoformat(turn.letter.about[end]) for end in ("since", "until"))
    week = await questions.asked_between(turn.session, since, until)
    return unfound_message(turn.voice, week, since, until) if week.unfound else None


async def _source_changed(turn: Turn) -> Message | None:
    asked = [await turn.session.get_one(OfficeQuestion, number) for number in turn.letter.about["questions"]]
    known = [one for one in asked if one.text]
    if not known:
        return None
    lines = [
        turn.voice.plural(
            "The information that you asked for has changed:",
            "Some of the information that you asked for has changed:",
            len(known),
        )
    ]
    lines += [
        turn.voice.say("%(day)s: “%(text)s”", day=turn.voice.day(one.asked_at), text=shorten(one.text, LONGEST_QUOTED))
        for one in known[:MOST_CHANGED]
    ]
    rows: list[Row] = [
        [(turn.voice.plain("Show anew: %(text)s", text=one.text), OnQuestion(one.number, "again"))]
        for one in known[:MOST_CHANGED]
    ]
    return Message("\n\n".join(lines), rows)


async def _lost_account(turn: Turn) -> Message | None:
    person = await turn.session.get_one(Person, turn.letter.about["person"])
    text = turn.voice.say(
        "Another Telegram account has come in as %(name)s. This account has lost the rights that go with it. "
        "If that was not you, please call the office at once.",
        name=person.name,
    )
    return Message(text)


async def _account_changed(turn: Turn) -> Message | None:
    person = await turn.session.get_one(Person, turn.letter.about["person"])
    turn.reader.need_staff()
    return Message(turn.voice.say("%(name)s has come in with another Telegram account than before.", name=person.name))


async def _code_disowned(turn: Turn) -> Message | None:
    person = await turn.session.get_one(Person, turn.letter.about["person"])
    turn.reader.need_staff()
    text = turn.voice.say(
        "A code for %(name)s reached somebody else, who said so. The code is void. Please send a new one.",
        name=person.name,
    )
    return Message(text)


async def _outage(turn: Turn) -> Message | None:
    outage = await turn.session.get_one(Outage, turn.letter.about["outage"])
    voice = turn.voice
    lines = [
        voice.say(
            "I was out of order from %(began)s to %(ended)s.",
            began=voice.moment(outage.began_at),
            ended=voice.moment(outage.ended_at),
        )
    ]
    lines += await stored(turn.session, voice, turn.reader, turn.now)
    lines.append(voice.say("If that is not right, please tap or write again. What is open stands under /open."))
    return Message("\n\n".join(lines))


async def _week(turn: Turn) -> Message | None:
    turn.reader.need_staff()
    monday = date.fromisoformat(turn.letter.about["monday"])
    found = await week(turn.session, monday, turn.reader, turn.now)
    return week_message(await sheet_for(turn.session, turn.voice, turn.now), monday, found)


WORDINGS: dict[str, Wording] = {
    **VOTE_LETTERS,
    **BROADCAST_LETTERS,
    **MEETING_LETTERS,
    **PEOPLE_LETTERS,
    "minutes": minutes_letter,
    "backup": backup_letter,
    "reminder": _reminder,
    "deadline_changed": _deadline_changed,
    "deadline_new": _deadline_new,
    "wish": _wish,
    "question": _question,
    "answer": _answer,
    "answered": _answered,
    "still_open": _still_open,
    "unfound": _unfound,
    "source_changed": _source_changed,
    "lost_account": _lost_account,
    "account_changed": _account_changed,
    "code_disowned": _code_disowned,
    "left": left_letter,
    "outage": _outage,
    "week": _week,
}
