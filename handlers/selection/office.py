"""What the office enters of a project selection: points from paper or telephone, and how a tie was decided."""

from itertools import permutations
from typing import Any

from handlers.forms.parts import line
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.running_vote.parts import done, entered_for, the_elector, the_vote, which_way, whose
from handlers.selection.card import names as names_of
from handlers.selection.card import progress_words
from handlers.selection.figures import euros
from handlers.selection.words import fate_words, title_of
from handlers.speech import Message, shorten
from handlers.votes.naming import WAYS
from locales import N_, Markup, bold
from models.ballot.rows import Vote
from models.ballot.rules import Choice, Kind, Way
from models.charter import read_charter
from models.refusals import Unfit, Unknown
from models.selection import office
from models.selection.counting import frozen_selection
from models.selection.lists import sheet_typed
from models.selection.ranking import Selection, check_order, with_orders
from models.selection.reading import call_of
from models.selection.rules import Call, Part

ALL_ON_BUTTONS = 2  # of so many equals every order has its button
TITLE = 40


async def _vote(desk: Desk) -> Vote:
    vote = await the_vote(desk)
    if vote.kind != Kind.SELECTION:
        raise Unknown
    return vote


async def _whose(desk: Desk) -> Ask:
    await _vote(desk)
    return await whose(desk)


async def _points(desk: Desk) -> Ask:
    vote = await _vote(desk)
    call = await call_of(desk.session, vote.number)
    text = desk.voice.say(
        "Which points? One project a line: its number, then the points for %(criteria)s, in this order.\n"
        "For example:\n1: %(example)s",
        criteria=names_of(call.criteria),
        example=" ".join(str(one.maximum) for one in call.criteria),
    )
    listed = [
        desk.voice.say("%(number)s · %(title)s", number=one.number, title=shorten(one.title, TITLE))
        for one in call.projects
    ]
    if read_charter(vote.charter).conflict_scope == "project":
        listed.append(desk.voice.say("“1: befangen” where they take no part in a project."))
        return Ask(Markup("\n".join([text, *listed])))
    conflict = desk.voice.plain("Conflict of interest")
    return Ask(Markup("\n".join([text, *listed])), [(conflict, Choice.CONFLICT.value)])


async def _read_points(desk: Desk, entry: str) -> dict[str, Any]:
    vote = await _vote(desk)
    by_project = read_charter(vote.charter).conflict_scope == "project"
    part = sheet_typed(entry, await call_of(desk.session, vote.number), by_project=by_project)
    return {"points": sorted([*place, points] for place, points in part.points.items()), "aside": sorted(part.aside)}


def _part(desk: Desk) -> Part:
    said = desk.answers["points"]
    if said == Choice.CONFLICT:
        return Part(out=True)
    points = {(project, criterion): given for project, criterion, given in said["points"]}
    return Part(points, frozenset(said["aside"]))


async def _preview_points(desk: Desk) -> Message:
    voice, elector, part = desk.voice, await the_elector(desk), _part(desk)
    call = await call_of(desk.session, elector.vote_number)
    lines = [
        voice.say(
            "Vote no. %(number)s\nfor %(mandate)s, %(way)s",
            number=elector.vote_number,
            mandate=elector.name,
            way=voice.plain(WAYS[Way(desk.answers["way"])]),
        ),
        *_said(desk, call, part),
        voice.say("Reason: %(why)s", why=desk.answers["why"]),
        voice.say("It is marked as entered by the office. What the member gives on the phone replaces it."),
    ]
    return Message("\n".join(lines))


def _said(desk: Desk, call: Call, part: Part) -> list[Markup]:
    voice = desk.voice
    if part.out:
        return [voice.say("<b>Conflict of interest</b>")]
    lines = [bold(progress_words(voice, len(part.counting(call)), len(part.to_score(call))))]
    for one in call.projects:
        card = part.card(call, one.number)
        said = " · ".join(str(card[place]) for place in sorted(card)) or voice.plain("no points")
        if one.number in part.aside:
            said = voice.plain("conflict of interest")
        title = shorten(one.title, TITLE)
        lines.append(voice.say("%(number)s. %(title)s: %(said)s", number=one.number, title=title, said=said))
    return lines


async def _enter(desk: Desk) -> Message:
    entered = office.Entered(
        desk.answers["vote"],
        desk.answers["mandate"],
        _part(desk),
        Way(desk.answers["way"]),
        desk.answers["why"],
        desk.now,
    )
    return entered_for(desk, await office.enter_points(desk.session, entered, desk.actor))


ENTER_POINTS = Form(
    "enter_points",
    N_("Enter points from paper or telephone"),
    N_("Enter"),
    (
        Question("mandate", _whose),
        Question("way", which_way),
        Question("points", _points, _read_points),
        line("why", N_("Why was it not cast on the phone? One line, for the record.")),
    ),
    _preview_points,
    _enter,
)


# --- „Gleichstand entscheiden"


async def _result(desk: Desk) -> Selection:
    vote = await _vote(desk)
    if vote.result is None:
        raise Unknown
    return frozen_selection(vote)


async def _order(desk: Desk) -> Ask:
    found = await _result(desk)
    if not found.tied:
        raise Unknown
    voice, equals = desk.voice, [one for one in found.standings if one.project.number in found.tied]
    lines = [
        voice.say("These have the same mean, and the money does not reach for all. Left: %(sum)s",
                  sum=euros(voice, found.left)),
        *(
            voice.say(
                "%(number)s · %(title)s (%(sum)s)",
                number=one.project.number,
                title=one.project.title,
                sum=euros(voice, one.project.applied),
            )
            for one in equals
        ),
    ]  # fmt: skip
    if len(found.tied) <= ALL_ON_BUTTONS:
        lines.append(voice.say("Which one comes first?"))
        first = {order[0]: list(order) for order in permutations(found.tied)}
        return Ask(Markup("\n".join(lines)), [(_title(found, number), order) for number, order in first.items()])
    lines.append(voice.say("In which order? Write the numbers, the first one first, like this: %(example)s",
                           example=" ".join(map(str, found.tied))))  # fmt: skip
    return Ask(Markup("\n".join(lines)))


def _title(found: Selection, number: int) -> str:
    one = next(each for each in found.standings if each.project.number == number)
    return f"{number} · {shorten(one.project.title, TITLE)}"


async def _read_order(desk: Desk, entry: str) -> list[int]:
    words = entry.replace(",", " ").replace(";", " ").split()
    if not all(one.isascii() and one.isdecimal() for one in words):
        raise Unfit("order")
    order = [int(one) for one in words]
    if not check_order(await _result(desk), order):
        raise Unfit("order")
    return order


async def _preview_tie(desk: Desk) -> Message:
    """What will come of it."""
    found, voice = await _result(desk), desk.voice
    order: list[int] = desk.answers["order"]
    if found.tied_rank is None or not check_order(found, order):
        raise Unknown
    decided = with_orders(found, {found.tied_rank: order})
    lines = [
        voice.say("<b>Preview</b> – this is what comes of it:"),
        *(
            voice.say("%(title)s – %(fate)s", title=title_of(one), fate=fate_words(voice, decided, one))
            for one in decided.standings
        ),
        voice.say("Left: %(sum)s", sum=euros(voice, decided.left)),
        voice.say("Reason: %(why)s", why=desk.answers["why"]),
        voice.say("Everyone is told. This cannot be taken back."),
    ]
    return Message("\n".join(lines))


async def _decide(desk: Desk) -> Message:
    number = desk.answers["vote"]
    await office.decide_tie(desk.session, number, desk.answers["order"], desk.answers["why"], desk.actor, desk.now)
    return done(desk, desk.voice.say("The tie is decided. Everyone is being told."))


DECIDE_TIE = Form(
    "tie",
    N_("Decide a tie"),
    N_("Enter"),
    (Question("order", _order, _read_order), line("why", N_("Who decided it, and why? One line, for the record."))),
    _preview_tie,
    _decide,
)

SELECTION_FORMS = (ENTER_POINTS, DECIDE_TIE)
