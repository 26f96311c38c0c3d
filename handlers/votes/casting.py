"""A tap on the card, a vote that was typed, an objection to the procedure: stored first, then said."""

from handlers.callbacks import CastTap, Object, Open, ShowDate, TypedCast
from handlers.context import Context
from handlers.speech import Message, Row
from handlers.votes.card import receipt_words
from handlers.votes.cards import card
from handlers.votes.naming import CHOICES, choice_in_words, what
from handlers.votes.own_paper import own_paper
from handlers.votes.results import show_result
from locales import Voice, bold
from models.actor import Actor
from models.ballot import casting, closing, looking
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Vote
from models.ballot.rules import Choice, Kind, Phase, Way, acting_for, phase
from models.office import Body
from models.refusals import NotEntitled, Unknown


async def cast(context: Context, tap: CastTap) -> None:
    """A tap on the card: stored first, then said."""
    await _cast(context, tap, Way.TAP)


async def cast_typed(context: Context, tap: TypedCast) -> None:
    """„Abgeben" under a vote that was typed and read back."""
    await _cast(context, tap, Way.TYPED)


async def _cast(context: Context, tap: CastTap | TypedCast, way: Way) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        act = context.act
        said = casting.Said(tap.vote, tap.mandate, tap.choice, act.received_at, act.update_id, way)
        paper = await casting.cast(session, said, who)
    if not paper.vote.secret:
        context.house.vote_cast()
    await _show(context, voice, paper)


async def cast_again(context: Context, tap: CastTap | TypedCast) -> None:
    """The tap was stored before, only not spoken: speak the receipt from the store."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await _show(context, voice, paper)


async def _show(context: Context, voice: Voice, paper: Paper) -> None:
    current = phase(paper.vote, context.now)
    await context.answer(receipt_words(voice, paper, current), card(voice, paper, current))


async def show_date(context: Context, tap: ShowDate) -> None:
    """Ask another date on the card; nothing is stored."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await context.toast()
    await context.redraw(card(voice, paper, phase(paper.vote, context.now), place=tap.place))


async def show_cards(context: Context, number: int) -> None:
    """The cards of a vote for every mandate this account acts for in it; its result where it has ended."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        vote = await looking.find_for(session, number, who, context.now)
        current = phase(vote, context.now)
        mine = await looking.mandates_in(session, number, who, context.now) if vote.opened_at else []
        papers = [await read_paper(session, number, one, context.now) for one in mine]
    if not papers or current in {Phase.CLOSED, Phase.CANCELLED}:
        await show_result(context, number)
        return
    await context.toast()
    for paper in papers:
        await context.say(card_for(voice, paper, who, current))
    if who.staff:  # the cards are the member's; how it stands is the office's
        await show_result(context, number)


def card_for(voice: Voice, paper: Paper, who: Actor, current: Phase) -> Message:
    """The card; for a holder whose deputy acts now, without the buttons to vote."""
    shown = card(voice, paper, current)
    try:
        acting_for(who, paper.mandate_id, paper.deputy_id)
    except NotEntitled:
        said = voice.say("Your deputy now votes for this mandate. You can take it back under /deputy.")
        files: list[Row] = [[(voice.plain("Attachments"), Open("files", paper.vote.number))]] if paper.files else []
        return Message(f"{shown.text}\n\n{said}", files)
    return shown


# --- typed


async def read_back(context: Context, choice: Choice, number: int) -> None:
    """A vote that was typed is read back, with „Abgeben" for each mandate; nothing is stored yet."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        vote = await looking.find_for(session, number, who, context.now)
        body = await session.get_one(Body, vote.body_id)
        waiting = [elector for one, elector, _ in await looking.waiting_for(session, who, context.now) if one is vote]
    if (
        Kind(vote.kind) not in {Kind.MOTION, Kind.STRAW_POLL}
        or phase(vote, context.now) is not Phase.OPEN
        or not waiting
    ):
        await show_cards(context, number)
        return
    for elector in waiting:
        tap = TypedCast(number, elector.mandate_id, choice)
        await context.say(_read_back(voice, vote, body.short, elector.name, voice.plain(CHOICES[choice]), tap))


def _read_back(voice: Voice, vote: Vote, body: str, mandate: str, said: str, tap: TypedCast) -> Message:
    lines = [
        voice.say("Vote · %(body)s", body=body),
        voice.say("for %(mandate)s", mandate=mandate),
        what(voice, vote),
        bold(vote.title),
        voice.say("Your vote: <b>%(choice)s</b>\nIs that right?", choice=said),
    ]
    row = [(voice.plain("Cast the vote"), tap), (voice.plain("Show the vote"), Open("vote", vote.number))]
    return Message("\n".join(lines), [row])


async def read_back_tap(context: Context, tap: CastTap) -> bool:
    """A choice on a card that was typed, by its label or number: read back too; False where there is no need to.

    What is said of a date binds nobody, and an answer a date read back each time would help nobody.
    """
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    kind, current = Kind(paper.vote.kind), phase(paper.vote, context.now)
    choices = {*Choice, *(str(one.place) for one in paper.options)}
    if kind not in {Kind.MOTION, Kind.STRAW_POLL, Kind.ELECTION} or current is not Phase.OPEN:
        return False
    if tap.choice not in choices:
        raise Unknown
    said = choice_in_words(voice, paper.vote, paper.options, tap.choice)
    typed = TypedCast(tap.vote, tap.mandate, tap.choice)
    await context.say(_read_back(voice, paper.vote, paper.body, paper.elector.name, said, typed))
    return True


# --- objecting


async def on_objection(context: Context, tap: Object) -> None:
    """„Widerspruch gegen das Umlaufverfahren": asked back once, then it ends the vote."""
    match tap.act:
        case "ask":
            await _ask_back(context, tap)
        case "back":
            await _back_to_card(context, tap)
        case "yes":
            await _object(context, tap)
        case _:
            raise Unknown


async def _ask_back(context: Context, tap: Object) -> None:
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    if phase(paper.vote, context.now) is not Phase.OPEN:
        await context.redraw(card(voice, paper, phase(paper.vote, context.now)))
        return
    await context.toast()
    text = voice.say(
        "Do you object to deciding on <b>%(title)s</b> by circulation?\nOne objection ends it for everyone: the "
        "item goes to a meeting. This cannot be taken back.",
        title=paper.vote.title,
    )
    row = [
        (voice.plain("Yes, object"), Object(tap.vote, tap.mandate, "yes")),
        (voice.plain("Back"), Object(tap.vote, tap.mandate, "back")),
    ]
    await context.redraw(Message(text, [row]))


async def _back_to_card(context: Context, tap: Object) -> None:
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await context.toast()
    await context.redraw(card(voice, paper, phase(paper.vote, context.now)))


async def _object(context: Context, tap: Object) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        await closing.object_to(session, tap.vote, tap.mandate, who, context.now)
    await _objected(context, voice, tap)


async def object_again(context: Context, tap: Object) -> None:
    """The objection was stored before, only not spoken."""
    voice = await context.own_voice()
    await _objected(context, voice, tap)


async def _objected(context: Context, voice: Voice, tap: Object) -> None:
    await context.toast(voice.plain("Your objection is recorded."))
    text = voice.say("Your objection is recorded. The vote by circulation has ended, the item goes to a meeting.")
    await context.redraw(Message(text, [[(voice.plain("Result"), Open("result", tap.vote))]]))
