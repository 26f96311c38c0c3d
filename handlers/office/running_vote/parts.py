"""Questions and endings that the office's forms on a vote share."""

from handlers.callbacks import Open
from handlers.forms.shape import Ask, Desk
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup
from models.ballot import looking
from models.ballot.paper import Paper
from models.ballot.rows import Elector, Vote
from models.ballot.rules import Way, check_open
from models.office import Body
from models.refusals import Unfit, Unknown


async def the_vote(desk: Desk) -> Vote:
    """The vote that the form is about."""
    return await looking.find(desk.session, desk.answers["vote"])


async def body_of(desk: Desk, vote: Vote) -> str:
    """The body that votes, in short."""
    return (await desk.session.get_one(Body, vote.body_id)).short


async def the_elector(desk: Desk) -> Elector:
    """The chosen mandate in its vote.

    Raises:
        Unknown: it has no vote there.
    """
    found = await desk.session.get(Elector, (desk.answers["vote"], desk.answers["mandate"]))
    if found is None:
        raise Unknown
    return found


async def whose(desk: Desk) -> Ask:
    """The mandates that have not voted on their phones; the office's own entries can be corrected."""
    vote = await the_vote(desk)
    check_open(vote, desk.now)
    rows = await looking.electorate(desk.session, vote.number)
    free = [
        (elector.name, elector.mandate_id)
        for elector, ballot in rows
        if elector.excluded_at is None and (ballot is None or Way(ballot.way).by_office)
    ]
    if not free:
        raise Unfit("nobody silent")
    return Ask(desk.voice.say("For which mandate?"), free)


async def which_way(desk: Desk) -> Ask:
    """On paper or by telephone."""
    choices = [(desk.voice.plain("Paper"), Way.PAPER.value), (desk.voice.plain("Telephone"), Way.TELEPHONE.value)]
    mandate = (await the_elector(desk)).name
    return Ask(desk.voice.say("How did the vote for %(mandate)s come in?", mandate=mandate), choices)


def entered_for(desk: Desk, paper: Paper) -> Message:
    """What came on paper or by telephone stands in the mandate's ballot, with its receipt."""
    code = paper.ballot.receipt if paper.ballot else ""
    return done(
        desk, desk.voice.say("Entered for %(mandate)s. Receipt %(code)s.", mandate=paper.elector.name, code=code)
    )


def done(desk: Desk, said: Markup) -> Message:
    """What was done, and the way to the vote."""
    rows: list[Row] = [
        [(desk.voice.plain("Show the vote"), Open("result", desk.answers["vote"]))],
        office_row(desk.voice),
    ]
    return Message(said, rows)
