"""A mandate's card: what is decided, until when, by which rule, what can be said, and what its ballot says."""

from collections.abc import Sequence

from handlers.callbacks import CastTap, Object, Open, ShowDate, Tap
from handlers.phrases import CHOICES, ELECTION_MAJORITIES, ELECTION_WHOLES, KINDS, MAJORITIES, STAGES, other_way
from handlers.speech import Message, Row, shorten
from handlers.votes import secret_words
from handlers.words import ABSTENTION, CONFLICT, explained, office_note
from locales import N_, Markup, Voice, bold, html
from models.ballot.paper import Paper
from models.ballot.rows import Option, Vote
from models.ballot.rules import NO_MARK, Choice, Fit, Held, Kind, Phase, Stage, Way, can_be_objected, no_objection
from models.charter import Charter, read_charter

FITS = {Fit.FITS: N_("Fits"), Fit.AT_A_PINCH: N_("At a pinch"), Fit.NOT: N_("Does not fit")}
WAYS = {Way.PAPER: N_("on paper"), Way.TELEPHONE: N_("by telephone")}
TOAST_LABEL = 80  # characters of an option that a toast of 200 has room for
JUMPS_A_ROW = 5


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
        return Message("\n".join(lines), _attachments(voice, paper))
    asked = _asked(paper, place)
    if paper.vote.kind == Kind.DATES and asked:
        lines += [Markup(""), _date_asked(voice, asked)]
    lines += [Markup(""), *office_note(voice)]
    lines += [secret_words.on_paper(voice, paper) if paper.vote.secret else other_way(voice, paper.contact)]
    return Message("\n".join(lines).rstrip(), [*_buttons(voice, paper, asked), *_attachments(voice, paper)])


def what(voice: Voice, vote: Vote) -> Markup:
    """„Nr. 17 · Meinungsbild (nicht bindend)"."""
    kind = voice.plain(KINDS[Kind(vote.kind)])
    number = vote.number or "…"  # a preview has none yet
    if vote.secret:
        return Markup(f"{_what(voice, vote, kind, number)} · {voice.say('secret')}")
    return _what(voice, vote, kind, number)


def _what(voice: Voice, vote: Vote, kind: str, number: int | str) -> Markup:
    if vote.kind == Kind.STRAW_POLL:
        return voice.say("No. %(number)s · %(kind)s (not binding)", number=number, kind=kind)
    if vote.round > 1:
        return voice.say("No. %(number)s · %(kind)s · run-off", number=number, kind=kind)
    return voice.say("No. %(number)s · %(kind)s", number=number, kind=kind)


def item_line(voice: Voice, item: tuple[int, int] | None) -> list[Markup]:
    """„Sitzung 4, TOP 3" of a vote that belongs to a meeting."""
    return [voice.say("Meeting %(meeting)s, item %(place)s", meeting=item[0], place=item[1])] if item else []


def option_label(voice: Voice, option: Option) -> str:
    """What an option is called: its words, or its date."""
    return voice.moment(option.starts_at) if option.starts_at else option.label


def numbered(voice: Voice, option: Option) -> str:
    """„2. Do, 14.01.2027, 14:00 Uhr"."""
    return voice.plain("%(place)s. %(label)s", place=option.place, label=option_label(voice, option))


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


def choice_in_words(voice: Voice, vote: Vote, options: Sequence[Option], choice: str) -> str:
    """A ballot's choice in few words, whatever the kind of vote."""
    if vote.kind == Kind.DATES:
        done = len(choice) - choice.count(NO_MARK)
        return voice.plain("%(done)s of %(all)s dates", done=done, all=len(choice))
    if vote.kind == Kind.SELECTION and choice in [*Stage]:
        return voice.plain(STAGES[Stage(choice)])
    if choice in [*Choice]:
        return voice.plain(CHOICES[Choice(choice)])
    return shorten(option_label(voice, options[int(choice) - 1]), TOAST_LABEL)


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


def _buttons(voice: Voice, paper: Paper, asked: Option | None) -> list[Row]:
    match Kind(paper.vote.kind):
        case _ if paper.vote.secret:
            rows = secret_words.buttons(voice, paper)
        case Kind.MOTION | Kind.STRAW_POLL:
            rows = _motion_buttons(voice, paper)
        case Kind.ELECTION:
            rows = [[(option_label(voice, one), _cast(paper, str(one.place)))] for one in paper.options]
            rows.append([(voice.plain(CHOICES[Choice.ABSTAIN]), _cast(paper, Choice.ABSTAIN))])
        case Kind.DATES:
            rows = _date_buttons(voice, paper, asked)
        case Kind.SELECTION:  # has a card of its own, see ``handlers.selection.card``
            rows = []
    takes_part = paper.ballot is None or paper.ballot.choice != Choice.CONFLICT
    if can_be_objected(paper.vote) and takes_part:
        label = voice.plain("Objection to the circulation procedure")
        rows.append([(label, Object(paper.vote.number, paper.mandate_id, "ask"))])
    return rows


def _cast(paper: Paper, choice: str) -> Tap:
    return CastTap(paper.vote.number, paper.mandate_id, choice)


def _motion_buttons(voice: Voice, paper: Paper) -> list[Row]:
    def button(choice: Choice) -> tuple[str, Tap]:
        return voice.plain(CHOICES[choice]), _cast(paper, choice)

    return [[button(Choice.YES), button(Choice.NO)], [button(Choice.ABSTAIN), button(Choice.CONFLICT)]]


def _date_buttons(voice: Voice, paper: Paper, asked: Option | None) -> list[Row]:
    rows: list[Row] = []
    if asked:
        rows.append([(voice.plain(FITS[fit]), _cast(paper, f"{asked.place}{fit}")) for fit in Fit])
    others = [
        (voice.plain("Date %(place)s", place=one.place), ShowDate(paper.vote.number, paper.mandate_id, one.place))
        for one in paper.options
        if asked is None or one.place != asked.place
    ]
    return [*rows, *(others[start : start + JUMPS_A_ROW] for start in range(0, len(others), JUMPS_A_ROW))]


def _attachments(voice: Voice, paper: Paper) -> list[Row]:
    return [[(voice.plain("Attachments"), Open("files", paper.vote.number))]] if paper.files else []
