"""What staff taps under a vote."""

from handlers.callbacks import OnVote
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.office.running_vote.closing import BREAK_OFF, EXTEND
from handlers.office.running_vote.entry import ENTER_BALLOT
from handlers.office.running_vote.exclusions import ADMIT, EXCLUDE
from handlers.office.running_vote.lot import LOT
from handlers.office.running_vote.secret_paper import SECRET_PAPER, begin_paper
from handlers.votes.results import send_papers, show_result
from models.ballot import looking, office
from models.ballot.entering import run_off_of
from models.ballot.paper import options_of
from models.ballot.rules import Kind
from models.refusals import Unknown

VOTE_FORMS = (EXTEND, BREAK_OFF, ENTER_BALLOT, EXCLUDE, ADMIT, LOT, SECRET_PAPER)
FORM_OF = {
    "extend": "extend",
    "break_off": "break_off",
    "enter": "enter_ballot",
    "points": "enter_points",
    "tie": "tie",
    "exclude": "exclude",
    "admit": "admit",
    "lot": "lot",
}


async def on_vote(context: Context, tap: OnVote) -> None:
    """A button under a vote in the office's hands."""
    if tap.act in FORM_OF:
        await begin_form(context, FORM_OF[tap.act], {"vote": tap.number})
    elif tap.act == "paper":
        await begin_paper(context, tap.number)
    elif tap.act == "papers":
        await send_papers(context, tap.number)
    elif tap.act == "close":
        await _close(context, tap.number)
    elif tap.act == "run_off":
        await _run_off(context, tap.number)
    elif tap.act.startswith("meeting"):
        await _meeting(context, tap.number, tap.act.removeprefix("meeting"))
    else:
        raise Unknown


async def _close(context: Context, number: int) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        await office.close_by_office(session, number, who, context.now)
    await show_result(context, number)


async def closed_again(context: Context, tap: OnVote) -> None:
    """It was done before, only not said: show how the vote stands."""
    await show_result(context, tap.number)


async def _run_off(context: Context, number: int) -> None:
    """The form of the run-off, with what is known already filled in."""
    async with context.read() as session:
        voice = await context.voice(session)
        vote = await looking.find(session, number)
        goes_on = await run_off_of(session, number)
        standing = office.standing(vote)
        if not standing:
            raise Unknown
        known = {
            "body": vote.body_id,
            "kind": vote.kind,
            "held": vote.held,
            "simple_matter": True,
            "secret": vote.secret,
            "open_election": True,
            "title": voice.plain("Run-off: %(title)s", title=vote.title),
            "text": vote.text,
            "options": [{"label": one} for one in standing],
            "attachments": [],
            "follows": number,
            "item": vote.item_id,
        }
    if goes_on is None:
        await begin_form(context, "vote", known)
    else:
        await show_result(context, goes_on)


async def _meeting(context: Context, number: int, place: str) -> None:
    """The form of a meeting on one of the dates that suit best."""
    async with context.read() as session:
        vote = await looking.find(session, number)
        options = await options_of(session, vote)
        if vote.kind != Kind.DATES or not place.isdecimal() or not 1 <= int(place) <= len(options):
            raise Unknown
        start = options[int(place) - 1].starts_at
        if start is None:
            raise Unknown
        known = {"body": vote.body_id, "title": vote.title, "start": start.isoformat()}
    await begin_form(context, "meeting", known)
