"""What the office does with a vote that is running: a form each, so that every act has its reason and a preview."""

from datetime import datetime

from handlers.callbacks import OnVote, Open
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.parts import line, read_back, read_instant, soon, text
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.secret_paper import SECRET_PAPER, begin_paper
from handlers.phrases import CHOICES
from handlers.speech import Message, Row
from handlers.votes.announcing import broken_off_text, extended_text
from handlers.votes.card import WAYS, option_label
from handlers.votes.results import send_papers, show_result
from handlers.way_back import office_row
from locales import N_, Voice
from models.ballot import casting, looking, office
from models.ballot.entering import run_off_of
from models.ballot.office import lot_between
from models.ballot.paper import options_of
from models.ballot.rows import Elector, Vote
from models.ballot.rules import Choice, Kind, Way, check_open
from models.ballot.secret.reading import voted_secretly
from models.office import Body
from models.refusals import Unfit, Unknown

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


# --- parts of the forms


async def _vote(desk: Desk) -> Vote:
    return await looking.find(desk.session, desk.answers["vote"])


def _done(voice: Voice, number: int, said: str) -> Message:
    rows: list[Row] = [
        [(voice.plain("Show the vote"), Open("result", number))],
        office_row(voice),
    ]
    return Message(said, rows)


async def _body(desk: Desk, vote: Vote) -> str:
    return (await desk.session.get_one(Body, vote.body_id)).short


# --- „Verlängern"


async def _new_closing(desk: Desk) -> Ask:
    vote = await _vote(desk)
    start = max(vote.closes_at, desk.now)
    return Ask(
        desk.voice.say(
            "It closes on %(moment)s. Until when shall it stay open? Tap, or write like this: 01.12.2026 12:00",
            moment=desk.voice.moment(vote.closes_at),
        ),
        soon(desk, start, (1, 3, 7)),
    )


async def _preview_extension(desk: Desk) -> Message:
    vote = await _vote(desk)
    if desk.at("closes") <= vote.closes_at:
        raise Unfit("not later")
    shown = extended_text(
        desk.voice, vote, await _body(desk, vote), vote.closes_at, desk.at("closes"), desk.answers["reason"]
    )
    return Message(f"{desk.voice.say('<b>Preview</b> – this is what the members will see:')}\n\n{shown}")


async def _extend(desk: Desk) -> Message:
    closes: datetime = desk.at("closes")
    number = desk.answers["vote"]
    await office.extend(desk.session, number, closes, desk.answers["reason"], desk.actor, desk.now)
    said = desk.voice.say("Extended until %(moment)s. Everyone is being told.", moment=desk.voice.moment(closes))
    return _done(desk.voice, number, said)


EXTEND = Form(
    "extend",
    N_("Extend a vote"),
    N_("Extend"),
    (
        Question("closes", _new_closing, read_instant, echo=read_back("closes", N_("Closes: %(moment)s"))),
        text("reason", N_("Why? All will read this.")),
    ),
    _preview_extension,
    _extend,
)


# --- „Abbrechen"


async def _preview_breaking_off(desk: Desk) -> Message:
    vote = await _vote(desk)
    shown = broken_off_text(desk.voice, vote, await _body(desk, vote), desk.answers["reason"])
    return Message(f"{desk.voice.say('<b>Preview</b> – this is what the members will see:')}\n\n{shown}")


async def _break_off(desk: Desk) -> Message:
    number = desk.answers["vote"]
    await office.break_off(desk.session, number, desk.answers["reason"], desk.actor, desk.now)
    said = desk.voice.say("Vote no. %(number)s is broken off. Everyone is being told.", number=number)
    return _done(desk.voice, number, said)


BREAK_OFF = Form(
    "break_off",
    N_("Break a vote off"),
    N_("Break the vote off"),
    (text("reason", N_("Why? All will read this.")),),
    _preview_breaking_off,
    _break_off,
)


# --- „Papier oder Telefon"


async def _whose(desk: Desk) -> Ask:
    """The mandates that have not voted on their phones; the office's own entries can be corrected."""
    vote = await _vote(desk)
    check_open(vote, desk.now)
    rows = await looking.electorate(desk.session, vote.number)
    free = [
        elector
        for elector, ballot in rows
        if elector.excluded_at is None and (ballot is None or Way(ballot.way).by_office)
    ]
    if not free:
        raise Unfit("nobody silent")
    return Ask(desk.voice.say("For which mandate?"), [(one.name, one.mandate_id) for one in free])


async def _way(desk: Desk) -> Ask:
    choices = [(desk.voice.plain("Paper"), Way.PAPER.value), (desk.voice.plain("Telephone"), Way.TELEPHONE.value)]
    mandate = (await _elector(desk)).name
    return Ask(desk.voice.say("How did the vote for %(mandate)s come in?", mandate=mandate), choices)


async def _choice(desk: Desk) -> Ask:
    vote = await _vote(desk)
    options = [(option_label(desk.voice, one), str(one.place)) for one in await options_of(desk.session, vote)]
    words = [Choice.ABSTAIN] if options else [*Choice]
    return Ask(
        desk.voice.say("What did they say?"),
        [*options, *((desk.voice.plain(CHOICES[one]), one.value) for one in words)],
    )


async def _preview_entry(desk: Desk) -> Message:
    voice, elector = desk.voice, await _elector(desk)
    choice = next(label for label, value in (await _choice(desk)).choices if value == desk.answers["choice"])
    shown = voice.say(
        "Vote no. %(number)s\nfor %(mandate)s, %(way)s: <b>%(choice)s</b>\nReason: %(why)s\n"
        "It is marked as entered by the office. If the member votes on the phone, that replaces it.",
        number=elector.vote_number,
        mandate=elector.name,
        way=voice.plain(WAYS[Way(desk.answers["way"])]),
        choice=choice,
        why=desk.answers["why"],
    )
    return Message(shown)


async def _elector(desk: Desk) -> Elector:
    found = await desk.session.get(Elector, (desk.answers["vote"], desk.answers["mandate"]))
    if found is None:
        raise Unknown
    return found


async def _enter(desk: Desk) -> Message:
    said = casting.Said(
        desk.answers["vote"],
        desk.answers["mandate"],
        desk.answers["choice"],
        desk.now,
        update_id=0,  # no tap of the member's is older
        way=Way(desk.answers["way"]),
        why=desk.answers["why"],
    )
    paper = await casting.enter_for(desk.session, said, desk.actor)
    code = paper.ballot.receipt if paper.ballot else ""
    text_ = desk.voice.say("Entered for %(mandate)s. Receipt %(code)s.", mandate=paper.elector.name, code=code)
    return _done(desk.voice, said.vote, text_)


ENTER_BALLOT = Form(
    "enter_ballot",
    N_("Enter a vote from paper or telephone"),
    N_("Enter"),
    (
        Question("mandate", _whose),
        Question("way", _way),
        Question("choice", _choice),
        line("why", N_("Why was it not cast on the phone? One line, for the record.")),
    ),
    _preview_entry,
    _enter,
)


# --- exclusions


async def _whom_to_exclude(desk: Desk) -> Ask:
    vote = await _vote(desk)
    check_open(vote, desk.now)
    rows = await looking.electorate(desk.session, vote.number)
    voted = await voted_secretly(desk.session, vote)  # such a ballot could not be taken out of the count
    free = [
        (elector.name, elector.mandate_id)
        for elector, _ in rows
        if elector.excluded_at is None and elector.mandate_id not in voted
    ]
    if not free:
        raise Unfit("voted secretly")
    return Ask(desk.voice.say("Which mandate has been excluded (§ 33)?"), free)


async def _preview_exclusion(desk: Desk) -> Message:
    elector = await _elector(desk)
    return Message(
        desk.voice.say(
            "Vote no. %(number)s\n%(mandate)s is excluded: %(why)s\n"
            "It cannot vote on this item; a ballot cast before does not count. The mandate is told.",
            number=elector.vote_number,
            mandate=elector.name,
            why=desk.answers["why"],
        )
    )


async def _exclude(desk: Desk) -> Message:
    number, mandate = desk.answers["vote"], desk.answers["mandate"]
    await office.exclude(desk.session, number, mandate, desk.answers["why"], desk.actor, desk.now)
    elector = await _elector(desk)
    return _done(desk.voice, number, desk.voice.say("%(mandate)s is recorded as excluded.", mandate=elector.name))


EXCLUDE = Form(
    "exclude",
    N_("Enter an exclusion"),
    N_("Enter"),
    (Question("mandate", _whom_to_exclude), line("why", N_("Who decided it, and why? One line, for the record."))),
    _preview_exclusion,
    _exclude,
)


async def _whom_to_admit(desk: Desk) -> Ask:
    rows = await looking.electorate(desk.session, desk.answers["vote"])
    excluded = [(elector.name, elector.mandate_id) for elector, _ in rows if elector.excluded_at is not None]
    if not excluded:
        raise Unknown
    return Ask(desk.voice.say("Whose exclusion is lifted?"), excluded)


async def _preview_admission(desk: Desk) -> Message:
    elector = await _elector(desk)
    return Message(
        desk.voice.say(
            "Vote no. %(number)s\n%(mandate)s takes part again; a ballot cast before counts again.",
            number=elector.vote_number,
            mandate=elector.name,
        )
    )


async def _admit(desk: Desk) -> Message:
    number = desk.answers["vote"]
    await office.lift_exclusion(desk.session, number, desk.answers["mandate"], desk.actor, desk.now)
    elector = await _elector(desk)
    return _done(desk.voice, number, desk.voice.say("%(mandate)s takes part again.", mandate=elector.name))


ADMIT = Form(
    "admit", N_("Lift an exclusion"), N_("Enter"), (Question("mandate", _whom_to_admit),), _preview_admission, _admit
)


# --- the lot


async def _drawn(desk: Desk) -> Ask:
    vote = await _vote(desk)
    between = lot_between(vote)
    options = await options_of(desk.session, vote)
    choices = [(one.label, one.place) for one in options if one.label in between]
    if not choices:
        raise Unknown
    return Ask(desk.voice.say("On whom did the lot fall?"), choices)


async def _preview_lot(desk: Desk) -> Message:
    options = await options_of(desk.session, await _vote(desk))
    name = options[desk.answers["option"] - 1].label
    return Message(desk.voice.say("The lot fell on <b>%(name)s</b>. Everyone is told.", name=name))


async def _enter_lot(desk: Desk) -> Message:
    number = desk.answers["vote"]
    await office.note_lot(desk.session, number, desk.answers["option"], desk.actor, desk.now)
    return _done(desk.voice, number, desk.voice.say("The lot is recorded. Everyone is being told."))


LOT = Form("lot", N_("Enter the lot"), N_("Enter"), (Question("option", _drawn),), _preview_lot, _enter_lot)

VOTE_FORMS = (EXTEND, BREAK_OFF, ENTER_BALLOT, EXCLUDE, ADMIT, LOT, SECRET_PAPER)
