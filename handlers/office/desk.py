"""„/buero": what waits for the office today, and the forms."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import FormAct, OnLetter, OnQuestion, Open
from handlers.context import Context
from handlers.forms.asking import FORMS
from handlers.forms.flow import begin_form
from handlers.office.replying import office_question
from handlers.rundruf.acting import show_uncertain
from handlers.speech import Message, Row, split
from locales import Markup, Voice
from models import drafts
from models import question as questions
from models.actor import actor
from models.broadcast.looking import awaiting_release, with_uncertain
from models.broadcast.rows import Broadcast
from models.codes import people_without_account
from models.deadline import office_calendar
from models.forecast import OWN_ENTRY
from models.meeting.looking import meetings_seen_by
from models.meeting.rows import Meeting
from models.outbox import Letter, LetterState, send_again, settle_by_hand
from models.question import OfficeQuestion
from models.refusals import Unknown

MOST_ON_TOP = 3  # overdue questions; the others stand under „Offene Fragen"
EXCERPT = 1000  # UTF-16 units of an uncertain letter that are shown
NEW = {"new_vote": "vote", "new_meeting": "meeting", "new_deadline": "deadline", "new_broadcast": "broadcast"}


async def office(context: Context) -> None:
    """``/buero``: everything the office does, and what waits for it."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_staff()
        voice = await context.voice(session)
        overdue = await _overdue(session, context)
        lines, rows = await _waiting(session, context, voice)
        half_filled = await drafts.mine(session, who.telegram_id)
    # What has waited for two working days stands on top of everything.
    lines = [*(_overdue_line(voice, one) for one in overdue), *lines]
    rows = [
        *[
            [(voice.plain("Answer question no. %(number)s", number=one.number), OnQuestion(one.number, "answer"))]
            for one in overdue
        ],
        [(voice.plain("New vote"), Open("new_vote"))],
        [(voice.plain("New meeting"), Open("new_meeting"))],
        [(voice.plain("New deadline"), Open("new_deadline"))],
        [(voice.plain("Broadcast"), Open("new_broadcast"))],
        *rows,
        *[resume_row(voice, draft) for draft in half_filled],
        [(voice.plain("Votes and results"), Open("votes")), (voice.plain("Meetings"), Open("meetings"))],
        [(voice.plain("Deadlines"), Open("deadlines")), (voice.plain("Planned messages"), Open("planned"))],
        [(voice.plain("All broadcasts"), Open("broadcasts"))],
    ]
    await context.toast()
    heading = voice.say("<b>Office</b>")
    await context.say(
        Message("\n".join([heading, *lines] if lines else [heading, voice.say("Nothing is waiting for you.")]), rows)
    )


def resume_row(voice: Voice, draft: drafts.Draft) -> Row:
    """„Weiter ausfüllen: Neue Abstimmung"."""
    title = voice.plain(FORMS[draft.form].title)
    label = voice.plain("Continue filling in: %(title)s", title=title)
    return [(label, FormAct(draft.id, len(draft.asked) - 1, "resume"))]


async def _overdue(session: AsyncSession, context: Context) -> list[OfficeQuestion]:
    calendar = await office_calendar(session)
    found = await questions.waiting(session)
    return [one for one in found if questions.is_overdue(one, calendar, context.now)][:MOST_ON_TOP]


def _overdue_line(voice: Voice, question: OfficeQuestion) -> Markup:
    return voice.say(
        "<b>Question no. %(number)s has waited since %(moment)s</b>",
        number=question.number,
        moment=voice.moment(question.handed_at or question.asked_at),
    )


async def _waiting(session: AsyncSession, context: Context, voice: Voice) -> tuple[list[Markup], list[Row]]:
    open_questions = len(await questions.waiting(session))
    who = await context.actor(session)
    plans = [one for one in await meetings_seen_by(session, who, context.now) if one.invited_at is None]
    unsure = len(await uncertain(session)) + sum(many for _, many in await with_uncertain(session))
    to_release = await awaiting_release(session)
    missing = len(await people_without_account(session))
    lines: list[Markup] = []
    rows: list[Row] = []
    if open_questions:
        lines.append(voice.plural("%(number)s open question", "%(number)s open questions", open_questions))
        rows.append([(voice.plain("Open questions"), Open("questions"))])
    if plans:
        lines.append(voice.plural("%(number)s meeting not sent yet", "%(number)s meetings not sent yet", len(plans)))
        rows += [[(_plan_label(voice, one), Open("meeting", one.number))] for one in plans]
    if unsure:
        lines.append(voice.plural("%(number)s uncertain message", "%(number)s uncertain messages", unsure))
        rows.append([(voice.plain("Uncertain messages"), Open("uncertain"))])
    if to_release:
        lines.append(
            voice.plural(
                "%(number)s broadcast waits for its release",
                "%(number)s broadcasts wait for their release",
                len(to_release),
            )
        )
        rows += [[(_release_label(voice, one), Open("broadcast", one.number))] for one in to_release]
    if missing:
        lines.append(voice.plural("%(number)s person not in yet", "%(number)s people not in yet", missing))
    return lines, rows


def _plan_label(voice: Voice, meeting: Meeting) -> str:
    return voice.plain("Draft: %(title)s", title=meeting.title)


def _release_label(voice: Voice, broadcast: Broadcast) -> str:
    return voice.plain("Release: broadcast no. %(number)s", number=broadcast.number)


async def new_form(context: Context, where: str) -> None:
    """One of the forms; the right is checked when its first question is put."""
    await begin_form(context, NEW[where])


async def open_questions(context: Context) -> None:
    """The questions that wait, the oldest first."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        found = [(one, await questions.joined(session, one.number)) for one in await questions.waiting(session)]
    await context.toast()
    for question, others in found:
        await context.say(office_question(voice, question, others))
    if not found:
        await context.say(Message(voice.say("No question is open.")))


async def uncertain(session: AsyncSession) -> list[Letter]:
    """Letters of which nobody can know whether they arrived; those of a Rundruf stand in a list of their own."""
    query = select(Letter).where(Letter.state == LetterState.UNCERTAIN, Letter.kind.not_in(OWN_ENTRY))
    return list(await session.scalars(query.order_by(Letter.id)))


async def uncertain_letters(context: Context) -> None:
    """The uncertain letters, each with „Erneut senden"."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        found = await uncertain(session)
        names = [await _reader(session, one.telegram_id) for one in found]
        together = await with_uncertain(session)
    await context.toast()
    for number, _ in together:
        await show_uncertain(context, number)
    for letter, name in zip(found, names, strict=True):
        await context.say(_uncertain_message(voice, letter, name))
    if not found and not together:
        await context.say(Message(voice.say("No message is uncertain.")))


async def _reader(session: AsyncSession, telegram_id: int) -> str:
    return (await actor(session, telegram_id)).name


def _uncertain_message(voice: Voice, letter: Letter, name: str) -> Message:
    text = voice.say(
        "To %(name)s, %(moment)s: the connection broke while sending. It may have arrived.\n\n%(text)s",
        name=name or voice.plain("somebody not on your lists"),
        moment=voice.moment(letter.not_before),
        text=Markup(split(letter.text or "", EXCERPT)[0]),
    )
    row = [
        (voice.plain("Send again"), OnLetter(letter.id, "again")),
        (voice.plain("It has arrived"), OnLetter(letter.id, "drop")),
    ]
    return Message(text, [row])


async def on_letter(context: Context, tap: OnLetter) -> None:
    """Staff decides about an uncertain letter."""
    if tap.act not in {"again", "drop"}:
        raise Unknown
    async with context.begin() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        letter = await session.get(Letter, tap.letter)
        if letter is not None and letter.kind in OWN_ENTRY:
            raise Unknown  # of a Rundruf all are decided about together
        if tap.act == "again":
            await send_again(session, tap.letter, context.now)
        else:
            await settle_by_hand(session, tap.letter)
    await context.toast()
    done = voice.say("It is being sent again.") if tap.act == "again" else voice.say("Noted: it has arrived.")
    await context.redraw(Message(done))
