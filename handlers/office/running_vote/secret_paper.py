"""The form „Papierstimmen eintragen" of a secret vote: which mandates handed a ballot in, and what all of them say."""

from typing import Any

from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.running_vote.parts import done, the_vote
from handlers.speech import Message
from handlers.votes.naming import CHOICES, option_label
from locales import N_, Markup
from models.ballot import looking
from models.ballot.paper import options_of
from models.ballot.rules import Choice
from models.ballot.secret import paper
from models.ballot.secret.paper import PaperBallots
from models.refusals import Unfit

ABSTAIN = Choice.ABSTAIN.value


async def begin_paper(context: Context, number: int) -> None:
    """Begin the form. Who may have handed a ballot in is kept with it, so that a typed number means the same later.

    Raises:
        Unknown: the vote is not secret.
        Unfit: too early, too late, or fewer than two mandates are left.
    """
    async with context.read() as session:
        vote = await looking.find(session, number)
        await paper.check_time(session, vote)
        free = [mandate_id for mandate_id, _ in await paper.handed_in_by(session, vote)]
        choices = [str(one.place) for one in await options_of(session, vote)] or [Choice.YES.value, Choice.NO.value]
    if len(free) < paper.FEWEST:
        raise Unfit("too few are silent")
    await begin_form(context, "secret_paper", {"vote": number, "free": free, "choices": [*choices, ABSTAIN]})


async def _mandates(desk: Desk) -> Ask:
    names = await _names(desk)
    lines = [
        desk.voice.say(
            "Which mandates handed in a ballot on paper? At least two, since one alone would show how its mandate "
            "voted. Please write their numbers, separated by blanks, like this: 1 3"
        ),
        Markup(""),
        *(
            desk.voice.say("%(place)s. %(label)s", place=place, label=names[one])
            for place, one in enumerate(desk.answers["free"], 1)
        ),
    ]
    return Ask(Markup("\n".join(lines)))


async def _names(desk: Desk) -> dict[int, str]:
    rows = await looking.electorate(desk.session, desk.answers["vote"])
    return {elector.mandate_id: elector.name for elector, _ in rows}


def _numbers(entry: str) -> list[int]:
    words = entry.replace(",", " ").split()
    if not words or not all(one.isascii() and one.isdigit() and len(one) < 6 for one in words):  # noqa: PLR2004 - beyond any body
        raise Unfit("whole numbers")
    return [int(one) for one in words]


def _read_mandates(desk: Desk, entry: str) -> list[int]:
    """The mandates of typed numbers.

    Raises:
        Unfit: no such numbers, or only one.
    """
    free, places = desk.answers["free"], _numbers(entry)
    if not all(1 <= one <= len(free) for one in places) or len(set(places)) < len(places):
        raise Unfit("voted or excluded")
    if len(places) < paper.FEWEST:
        raise Unfit("one ballot on paper")
    return [free[one - 1] for one in places]


async def _labels(desk: Desk) -> dict[str, str]:
    """Every choice with what it is called, in the order of the card."""
    options = await options_of(desk.session, await the_vote(desk))
    named = {str(one.place): option_label(desk.voice, one) for one in options}
    words = {one.value: desk.voice.plain(label) for one, label in CHOICES.items()}
    return {choice: (named | words)[choice] for choice in desk.answers["choices"]}


async def _counts(desk: Desk) -> Ask:
    labels = await _labels(desk)
    example = " ".join(["0"] * (len(labels) - 1) + [str(len(desk.answers["mandates"]))])
    lines = [
        desk.voice.say(
            "How many ballots on paper say what? Please write one number for each line, in this order, separated by "
            "blanks, like this: %(example)s",
            example=example,
        ),
        Markup(""),
        *(desk.voice.say("• %(text)s", text=one) for one in labels.values()),
    ]
    return Ask(Markup("\n".join(lines)))


def _read_counts(desk: Desk, entry: str) -> dict[str, int]:
    """The counts by choice.

    Raises:
        Unfit: not one number for each, or not as many ballots as mandates.
    """
    numbers, choices = _numbers(entry), desk.answers["choices"]
    if len(numbers) != len(choices) or sum(numbers) != len(desk.answers["mandates"]):
        raise Unfit("paper does not add up")
    return dict(zip(choices, numbers, strict=True))


def _found(answers: dict[str, Any]) -> PaperBallots:
    return PaperBallots(answers["vote"], answers["mandates"], answers["counts"])


async def _preview(desk: Desk) -> Message:
    vote, voice = await the_vote(desk), desk.voice
    await paper.check_paper(desk.session, vote, _found(desk.answers))
    labels = await _labels(desk)
    names = await _names(desk)
    lines = [
        voice.say("Vote no. %(number)s: ballots on paper", number=vote.number),
        voice.say("Handed in by: %(names)s", names=", ".join(names[one] for one in desk.answers["mandates"])),
        *(
            voice.say("%(label)s: %(value)s", label=labels[choice], value=count)
            for choice, count in desk.answers["counts"].items()
        ),
        voice.say("The result is counted anew and told to all again. This cannot be taken back."),
    ]
    return Message("\n".join(lines))


async def _enter(desk: Desk) -> Message:
    await paper.enter_paper(desk.session, _found(desk.answers), desk.actor, desk.now)
    said = desk.voice.say("Entered. The result is counted anew, and everyone is being told.")
    return done(desk, said)


SECRET_PAPER = Form(
    "secret_paper",
    N_("Enter ballots on paper"),
    N_("Enter"),
    (Question("mandates", _mandates, _read_mandates), Question("counts", _counts, _read_counts)),
    _preview,
    _enter,
)
