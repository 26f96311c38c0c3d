"""``/vertretung``: a holder hands the mandate over to a deputy and takes it back."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from handlers.callbacks import HandOver, Open, TakeBack
from handlers.commands import Right
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.parts import read_back, read_instant, soon
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.numbers import numbered
from handlers.speech import Message, Row, keyboard
from handlers.votes.casting import card_for
from locales import N_, Markup, Voice, bold
from models.ballot import acting, handover, looking
from models.ballot.acting import Seat
from models.ballot.handover import NewHandover
from models.ballot.paper import read_paper
from models.ballot.rows import Handover
from models.ballot.rules import phase
from models.member import Person, Role
from models.office import Body, Mandate
from models.outbox import sent_letters
from models.refusals import Unfit, Unknown
from models.roster import deputies_of

ONE_VOTE, UNTIL, ALWAYS = "vote", "until", "always"
CARDS = ("vote", "vote_reminder")


async def my_deputies(context: Context) -> None:
    """``/vertretung``: each mandate with its deputies, and to whom it is handed over now."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_member()
        voice = await context.voice(session)
        seats = await acting.seats_of(session, who, context.now)
    await context.toast()
    for seat in seats:
        await context.say(_seat(voice, seat))
    if not seats:
        await context.say(Message(_no_seat(voice, deputy=bool(who.with_role(Role.DEPUTY)))))


def _no_seat(voice: Voice, *, deputy: bool) -> Markup:
    if deputy:
        return voice.say("You stand in for somebody. When a mandate is handed over to you, I tell you.")
    return voice.say("You hold no mandate, so there is nothing to hand over.")


def _seat(voice: Voice, seat: Seat) -> Message:
    lines = [bold(voice.plain("Mandate %(mandate)s · %(body)s", mandate=seat.mandate, body=seat.body))]
    rows: list[Row] = []
    for one, name in seat.handovers:
        lines.append(_running(voice, one, name))
        rows.append([(voice.plain("Take back"), TakeBack(one.id))])
    if not seat.handovers:
        lines.append(voice.say("You vote yourself."))
    if seat.deputies:
        asked = N_("Or hand it over differently, to:") if seat.handovers else N_("To whom do you want to hand it over?")
        lines.append(voice.say(asked))
        rows += [[(one.name, HandOver(seat.mandate_id, one.id))] for one in seat.deputies]
    else:
        lines.append(voice.say("The office has entered no deputy for this mandate. Please ask the office."))
    return Message("\n".join(lines), rows)


def _running(voice: Voice, one: Handover, name: str) -> Markup:
    if one.vote_number is not None:
        return voice.say("%(name)s votes in vote no. %(number)s.", name=name, number=one.vote_number)
    if one.until is not None:
        return voice.say("%(name)s votes until %(moment)s.", name=name, moment=voice.moment(one.until))
    return voice.say("%(name)s votes until further notice.", name=name)


async def choose(context: Context, tap: HandOver) -> None:
    """A deputy was chosen: now for what.

    Raises:
        NotEntitled: the account does not hold the mandate.
        Unknown: no deputy of this mandate, or no longer.
    """
    async with context.read() as session:
        handover.holder(await context.actor(session), tap.mandate)
        if tap.person not in {one.id for one in await deputies_of(session, tap.mandate)}:
            raise Unknown
    await begin_form(context, "handover", {"mandate": tap.mandate, "deputy": tap.person})


async def mandate_words(session: AsyncSession, voice: Voice, mandate_id: int) -> str:
    """„IHK Magdeburg (RAK Stendal)": mandates of two bodies may be called alike."""
    mandate = await session.get_one(Mandate, mandate_id)
    body = await session.get_one(Body, mandate.body_id)
    return voice.plain("%(mandate)s (%(body)s)", mandate=mandate.name, body=body.short)


# --- the form


async def _names(desk: Desk) -> tuple[str, str]:
    deputy = await desk.session.get_one(Person, desk.answers["deputy"])
    return await mandate_words(desk.session, desk.voice, desk.answers["mandate"]), deputy.name


async def _scope(desk: Desk) -> Ask:
    mandate, deputy = await _names(desk)
    voice = desk.voice
    return Ask(
        voice.say("%(deputy)s is to vote for %(mandate)s. For how long?", deputy=deputy, mandate=mandate),
        [
            (voice.plain("Only one vote"), ONE_VOTE),
            (voice.plain("Until a date"), UNTIL),
            (voice.plain("Until further notice"), ALWAYS),
        ],
    )


async def _vote(desk: Desk) -> Ask | None:
    if desk.answers["scope"] != ONE_VOTE:
        return None
    numbers = await acting.open_votes_of(desk.session, desk.answers["mandate"], desk.now)
    if not numbers:
        raise Unfit("no open vote")
    votes = [await looking.find(desk.session, number) for number in numbers]
    labels = [
        (desk.voice.plain("%(number)s · %(title)s", number=one.number, title=one.title), one.number) for one in votes
    ]
    return Ask(desk.voice.say("In which vote?"), labels)


async def _until(desk: Desk) -> Ask | None:
    if desk.answers["scope"] != UNTIL:
        return None
    text = desk.voice.say("Until when? Tap, or write like this: 01.12.2026 12:00")
    return Ask(text, soon(desk, desk.now, (7, 14, 30)))


def _new(desk: Desk) -> NewHandover:
    scope = desk.answers["scope"]
    return NewHandover(
        desk.answers["mandate"],
        desk.answers["deputy"],
        desk.answers["vote"] if scope == ONE_VOTE else None,
        desk.at("until") if scope == UNTIL else None,
    )


async def _preview(desk: Desk) -> Message:
    mandate, deputy = await _names(desk)
    new, voice = _new(desk), desk.voice
    lines = [
        voice.say("<b>Hand over</b> %(mandate)s to %(deputy)s", mandate=mandate, deputy=deputy),
        _for_how_long(voice, new),
        voice.say("As long as it holds you cannot vote for this mandate yourself."),
        voice.say("You can take it back until your deputy has voted."),
    ]
    return Message("\n".join(lines))


def _for_how_long(voice: Voice, new: NewHandover) -> Markup:
    if new.vote_number is not None:
        return voice.say("In vote no. %(number)s.", number=new.vote_number)
    if new.until is not None:
        return voice.say("Until %(moment)s.", moment=voice.moment(new.until))
    return voice.say("Until further notice, in all votes.")


async def _finish(desk: Desk) -> Message:
    given = await handover.hand_over(desk.session, _new(desk), desk.actor, desk.now)
    mandate, deputy = await _names(desk)
    text = desk.voice.say("%(deputy)s now votes for %(mandate)s.", deputy=deputy, mandate=mandate)
    text = Markup(f"{text}\n{_for_how_long(desk.voice, _new(desk))}")
    return Message(text, [[(desk.voice.plain("Take back"), TakeBack(given.id))]])


async def _redraw(context: Context, answers: Mapping[str, Any]) -> None:
    await redraw_cards(context, answers["mandate"])


HAND_OVER = Form(
    "handover",
    N_("Hand a mandate over"),
    N_("Hand over"),
    (
        Question("scope", _scope),
        Question("vote", _vote),
        Question("until", _until, read_instant, echo=read_back("until", N_("Until: %(moment)s"))),
    ),
    _preview,
    _finish,
    right=Right.MEMBER,
    afterwards=_redraw,
)


# --- taking back, and the cards that are in the chat already


async def take_back(context: Context, tap: TakeBack) -> None:
    """„Zurücknehmen"."""
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        taken = await handover.take_back(session, tap.handover, who, context.now)
    await _taken_back(context, voice, taken.mandate_id)


async def take_back_again(context: Context, tap: TakeBack) -> None:
    """It was taken back before, only not said."""
    async with context.read() as session:
        voice = await context.voice(session)
        taken = await session.get_one(Handover, tap.handover)
    await _taken_back(context, voice, taken.mandate_id)


async def _taken_back(context: Context, voice: Voice, mandate_id: int) -> None:
    await context.toast(voice.plain("Taken back."))
    text = voice.say("Taken back. You vote yourself again; where your deputy has voted already, that stands.")
    await context.redraw(Message(text, [[(voice.plain("What is waiting for me"), Open("open"))]]))
    await redraw_cards(context, mandate_id)


async def redraw_cards(context: Context, mandate_id: int, *, but: int | None = None) -> None:
    """Bring one's cards that were sent up to date: they lose their buttons, or get them back.

    ``but``: the id of a message that is up to date already.
    A card that cannot be edited any more does no harm: the right is asked for at each tap.
    """
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        numbers = await acting.open_votes_of(session, mandate_id, context.now)
        papers = {number: await read_paper(session, number, mandate_id, context.now) for number in numbers}
        letters = await sent_letters(session, who.telegram_id, CARDS)
    for letter in letters:
        paper = papers.get(letter.about["vote"])
        if paper is None or letter.about["mandate"] != mandate_id or letter.message_id == but:
            continue
        shown = card_for(voice, paper, who, phase(paper.vote, context.now))
        shown = numbered(voice, shown) if who.types else shown
        with suppress(BadRequest, Forbidden):
            await context.bot.edit_message_text(
                shown.text,
                chat_id=letter.telegram_id,
                message_id=letter.message_id,
                parse_mode=ParseMode.HTML,
                api_kwargs=keyboard(shown.rows),
            )
