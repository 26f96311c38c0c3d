"""„Zusage 4" and its like: the tap that a request by number stands for, found in the store for who asks."""

from collections.abc import Awaitable, Callable

from handlers.callbacks import (
    Answer,
    Arrive,
    CastTap,
    DeputyAnswer,
    Object,
    OnDeadline,
    OnQuestion,
    Open,
    Read,
    Tap,
)
from handlers.context import Context
from handlers.typed.performing import perform
from handlers.typed.words import Request, Thing
from handlers.votes.secret import heard_typed
from models.actor import Actor
from models.ballot import looking as votes
from models.ballot.paper import options_of
from models.ballot.rules import Choice, Fit, Kind
from models.broadcast.looking import own_copy
from models.meeting import looking as meetings
from models.meeting.rules import DEPUTY, answers_as

PLACES = {Thing.VOTE: "vote", Thing.MEETING: "meeting", Thing.BROADCAST: "broadcast", Thing.QUESTION: "question"}


async def act(context: Context, asked: Request) -> None:
    """Do what was typed.

    Raises:
        Refusal: as the button that says the same.
    """
    if asked.thing is Thing.VOTE and asked.act in {*Choice}:
        await heard_typed(context, Choice(asked.act), asked.number)
    else:
        await perform(context, await FINDERS[asked.thing](context, asked))


async def _of_vote(context: Context, asked: Request) -> Tap:
    if asked.act == "result":
        return Open("result", asked.number)
    if asked.act == "open":
        return Open("vote", asked.number)
    async with context.read() as session:
        who = await context.actor(session)
        vote = await votes.find_for(session, asked.number, who, context.now)
        mandates = await votes.mandates_in(session, asked.number, who, context.now) if vote.opened_at else []
        options = len(await options_of(session, vote)) if vote.kind == Kind.DATES else 0
    if len(mandates) != 1:
        return Open("vote", asked.number)  # a card a mandate, each with its buttons
    if asked.act == "object":
        return Object(asked.number, mandates[0], "ask")
    place = asked.place or (1 if options == 1 else 0)
    if asked.act in {*Fit} and 1 <= place <= options:
        return CastTap(asked.number, mandates[0], f"{place}{asked.act}")
    return Open("vote", asked.number)


async def _of_meeting(context: Context, asked: Request) -> Tap:
    taps: list[Tap] = []
    if asked.act != "open":
        async with context.read() as session:
            who = await context.actor(session)
            concerned = await meetings.concerned(session, asked.number, who)
            moves = (await meetings.find(session, asked.number)).moves if concerned else 0
        for one in concerned:
            if asked.act == "present":
                taps.append(Arrive(one.id))
            elif answers_as(one, who) is not None:
                taps.append(Answer(one.id, moves, asked.act))
            elif asked.act != DEPUTY:
                taps.append(DeputyAnswer(one.id, moves, asked.act))
    return taps[0] if len(taps) == 1 else Open("meeting", asked.number)


async def _of_deadline(_context: Context, asked: Request) -> Tap:
    return OnDeadline(asked.number, "show" if asked.act == "open" else asked.act)


async def _of_question(context: Context, asked: Request) -> Tap:
    if asked.act == "answer":
        return OnQuestion(asked.number, "answer")
    if (await _who(context)).staff is None:
        return OnQuestion(asked.number, "again")  # one's own, answered as things stand now
    return Open("question", asked.number)


async def _of_broadcast(context: Context, asked: Request) -> Tap:
    if asked.act == "open":
        return Open("broadcast", asked.number)
    async with context.read() as session:
        copy = await own_copy(session, asked.number, context.telegram_id)
    return Read(copy.id, max(copy.shown, copy.updated_to))


async def _who(context: Context) -> Actor:
    async with context.read() as session:
        return await context.actor(session)


FINDERS: dict[Thing, Callable[[Context, Request], Awaitable[Tap]]] = {
    Thing.VOTE: _of_vote,
    Thing.MEETING: _of_meeting,
    Thing.DEADLINE: _of_deadline,
    Thing.QUESTION: _of_question,
    Thing.BROADCAST: _of_broadcast,
}
