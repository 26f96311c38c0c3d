"""A mandate's card: what is decided, until when, by which rule, what can be said, and what its ballot says."""

from handlers.callbacks import Open
from handlers.contact import other_way
from handlers.speech import Message
from handlers.votes import secret_words
from handlers.votes.buttons import attachments, buttons
from handlers.votes.naming import (
    ELECTION_MAJORITIES,
    ELECTION_WHOLES,
    FITS,
    MAJORITIES,
    WAYS,
    choice_in_words,
    item_line,
    numbered,
    option_label,
    what,
)
from handlers.words import ABSTENTION, CONFLICT, explained, office_note
from locales import N_, Markup, Voice, bold, html
from models.ballot.paper import Paper
from models.ballot.rows import Option, Vote
from models.ballot.rules import NO_MARK, Choice, Fit, Held, Kind, Phase, Way, no_objection
from models.charter import Charter, read_charter


def card(
    voice: Voice,
    paper: Paper,
    current: Phase,
    *,
    reminder: bool = False,
    place: int | None = None,
    receipt: str = "",
) -> Message:
    """The card. ``place``: which date of a date finding it asks; left out, the first that nothing was said of.

    ``receipt``: of a secret ballot just cast, where the store does not know whose it is.
    """
    charter = read_charter(paper.vote.charter)
    told_before = current is not Phase.OPEN or (paper.ballot is not None and Way(paper.ballot.way).by_office)
    heading = N_("Vote · %(body)s") if told_before else N_("New vote · %(body)s")
    heading = N_("Vote still open · %(body)s") if reminder else heading
    lines = [
        voice.say(heading, body=paper.body),
        voice.say("for %(mandate)s", mandate=paper.elector.name),
        Markup(""),
        what(voice, paper.vote),
        *item_line(voice, paper.item),
        bold(paper.vote.title),
        html(paper.vote.text),
        *_options(voice, paper),
        Markup(""),
        voice.say("Closes: %(moment)s", moment=voice.moment(paper.vote.closes_at)),
        *_rules(voice, paper.vote, charter),
        *(_hints(voice, paper) if current is Phase.OPEN else ()),
        *(secret_words.notice(voice, paper) if current is Phase.OPEN else ()),
        *outages(voice, paper),
        *_said(voice, paper, charter, current),
        *_counted(voice, paper, receipt),
    ]
    if current is not Phase.OPEN:
        lines.append(voice.say("The vote has ended."))
        return Message("\n".join(lines), [[(voice.plain("Result"), Open("result", paper.vote.number))]])
    if paper.elector.excluded_at:
        lines += [Markup(""), voice.say("The mandate is excluded from this item (§ 33). It cannot vote here.")]
        return Message("\n".join(lines), attachments(voice, paper))
    asked = _asked(paper, place)
    if paper.vote.kind == Kind.DATES and asked:
        lines += [Markup(""), _date_asked(voice, asked)]
    lines += [Markup(""), *office_note(voice)]
    lines += [secret_words.on_paper(voice, paper) if paper.vote.secret else other_way(voice, paper.contact)]
    return Message("\n".join(lines).rstrip(), [*buttons(voice, paper, asked), *attachments(voice, paper)])


def _options(voice: Voice, paper: Paper) -> list[Markup]:
    lines = [Markup("")] if paper.options else []
    for option in paper.options:
        mark = paper.ballot.choice[option.place - 1] if paper.vote.kind == Kind.DATES and paper.ballot else NO_MARK
        label = option_label(voice, option)
        if mark == NO_MARK:
            lines.append(html(numbered(voice, option)))
        else:
            fit = voice.plain(FITS[Fit(mark)])
            lines.append(voice.say("%(place)s. %(label)s – <b>%(fit)s</b>", place=option.place, label=label, fit=fit))
    return lines


def _rules(voice: Voice, vote: Vote, charter: Charter) -> list[Markup]:
    if vote.kind == Kind.STRAW_POLL:
        return [voice.say("A straw poll: it is counted, nothing is decided.")]
    if vote.kind == Kind.DATES:
        return [voice.say("Please answer each date.")]
    if no_objection(vote):
        return [
            voice.say("By circulation, %(clause)s.", clause=charter.clause),
            voice.say("Adopted unless somebody objects by then. Saying nothing counts as consent."),
            voice.say("“No” is not yet an objection. Only the button below stops the procedure."),
        ]
    clause = f" ({charter.clause})" if charter.clause and vote.held == Held.CIRCULAR else ""
    majority = voice.plain(MAJORITIES.get(charter.majority, charter.majority))
    if vote.kind == Kind.ELECTION:
        majority = _election_majority(voice, vote, charter)
    return [
        voice.say(
            "Rule: %(preset)s%(clause)s – majority: %(majority)s",
            preset=charter.preset,
            clause=clause,
            majority=majority,
        )
    ]


def _hints(voice: Voice, paper: Paper) -> list[Markup]:
    """What the buttons mean, in Leichte Sprache."""
    match paper.vote.kind:
        case Kind.MOTION | Kind.STRAW_POLL:
            return explained(voice, ABSTENTION, CONFLICT)
        case Kind.ELECTION:
            return explained(voice, ABSTENTION)
        case _:
            return []


def _election_majority(voice: Voice, vote: Vote, charter: Charter) -> str:
    """What it takes to be elected, as ``models.charter.election`` judges it."""
    if vote.round > 1:
        return voice.plain("most votes, else the lot")
    of = "not excluded" if charter.majority == "absolute" else charter.election_base
    return voice.plain(
        "%(share)s (%(of)s), else a run-off",
        share=voice.plain(ELECTION_MAJORITIES.get(charter.majority, charter.majority)),
        of=voice.plain(ELECTION_WHOLES[of]),
    )


def outages(voice: Voice, paper: Paper) -> list[Markup]:
    """When nobody was at home to take a tap while it was open."""
    return [
        voice.say(
            "Out of order from %(began)s to %(ended)s.",
            began=voice.stamp(one.began_at),
            ended=voice.stamp(one.ended_at),
        )
        for one in paper.outages
    ]


def _said(voice: Voice, paper: Paper, charter: Charter, current: Phase) -> list[Markup]:
    ballot = paper.ballot
    if ballot is None:
        return []
    lines = [Markup(""), bold(receipt_words(voice, paper, current))]
    if Way(ballot.way).by_office:
        way = voice.plain(WAYS[Way(ballot.way)])
        lines.append(voice.say("Entered by the office %(way)s: %(why)s", way=way, why=ballot.why))
    elif ballot.as_deputy:
        lines.append(voice.say("Cast by the deputy."))
    elif paper.deputy_id is not None:
        lines.append(voice.say("Cast by the mandate itself, before it was handed over."))
    if ballot.choice == Choice.CONFLICT:
        lines += [
            Markup(""),
            voice.say(
                "You take no part in this item. A conflict of interest (§ 33 KVG LSA) is when the decision can "
                "directly help or harm you, close relatives, or somebody you represent or are employed by."
            ),
            Markup(""),
            voice.say("If in doubt, ask the office. %(doubt)s", doubt=charter.doubt),
        ]
        if current is Phase.OPEN and not paper.vote.secret:
            lines += [Markup(""), voice.say("Until the closing you can take it back: tap another answer.")]
    return lines


def receipt_words(voice: Voice, paper: Paper, current: Phase) -> str:
    """„Ihre Stimme: Ja · Beleg 7F3K · änderbar bis 01.12.2026, 12:00 Uhr", without markup."""
    if paper.ballot is None:
        return ""
    choice, code = said_in_words(voice, paper), paper.ballot.receipt
    changeable = read_charter(paper.vote.charter).changeable or paper.ballot.choice == Choice.CONFLICT
    if current is not Phase.OPEN or not changeable or paper.elector.excluded_at:
        return voice.plain("Your vote: %(choice)s · receipt %(code)s", choice=choice, code=code)
    return voice.plain(
        "Your vote: %(choice)s · receipt %(code)s · can be changed until %(moment)s",
        choice=choice,
        code=code,
        moment=voice.stamp(paper.vote.closes_at),
    )


def said_in_words(voice: Voice, paper: Paper) -> str:
    """What the ballot says, in few words."""
    choice = paper.ballot.choice if paper.ballot else ""
    return choice_in_words(voice, paper.vote, paper.options, choice)


def _counted(voice: Voice, paper: Paper, receipt: str) -> list[Markup]:
    if paper.mark is None:
        return []
    return [Markup(""), bold(secret_words.counted(voice, receipt or paper.mark.receipt or ""))]


def _asked(paper: Paper, place: int | None) -> Option | None:
    """Which date the card asks."""
    if place is not None and 1 <= place <= len(paper.options):
        return paper.options[place - 1]
    marks = paper.ballot.choice if paper.ballot else NO_MARK
    open_place = marks.find(NO_MARK) if len(marks) == len(paper.options) else 0
    return paper.options[open_place] if paper.options and open_place >= 0 else None


def _date_asked(voice: Voice, asked: Option) -> Markup:
    label = option_label(voice, asked)
    return voice.say("Does this date suit you?\n<b>%(place)s. %(label)s</b>", place=asked.place, label=label)
