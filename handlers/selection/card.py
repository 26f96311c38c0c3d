"""A mandate's card in a project selection: the overview. Its other pages, one a project, are in ``page``."""

from collections.abc import Sequence

from handlers.callbacks import Object, OnSelection, Open, ShowProject, Tap
from handlers.contact import other_way
from handlers.papers.wording import shorten as cut
from handlers.selection.figures import euros, plain_mean, weight
from handlers.speech import LONGEST, Message, Row, shorten, units
from handlers.votes.card import outages
from handlers.votes.naming import WAYS, what
from handlers.words import office_note
from locales import N_, Markup, Voice, bold, html
from models.ballot.paper import Paper
from models.ballot.rules import Choice, Held, Phase, Stage, Way, can_be_objected
from models.charter import Charter, read_charter
from models.selection.reading import Sheet
from models.selection.rules import Criterion, Project

Button = tuple[str, Tap]
TITLE = 60  # characters of a project's title in the list
NAME = 40  # of a criterion in a toast or on a button
ON_BUTTON = 32  # of a title: one line on a small phone
MOST_ON_BUTTONS = 8  # projects that have a row of their own
A_ROW = 5
FACTS = N_("%(number)s. %(title)s (%(sponsor)s, %(sum)s)%(state)s")
STOP_OR_SKIP = {
    "stop": N_("by rank while the budget lasts; it ends at the first that does not fit"),
    "skip": N_("by rank while the budget lasts; what does not fit is skipped"),
}
QUORUM_OF = {"all": N_("all mandates"), "present": N_("those taking part"), "not excluded": N_("those not excluded")}


def overview(
    voice: Voice, paper: Paper, sheet: Sheet, current: Phase, *, reminder: bool = False, short: bool = False
) -> Message:
    """The whole call, how far the mandate is, and the way to each project.

    ``short``: it is drawn in place of another page, so it has to fit into one message; what was told in full by the
    first card is left out where there is no room.
    """
    charter = read_charter(paper.vote.charter)
    head = [
        voice.say(_heading(paper, current, reminder=reminder), body=paper.body),
        voice.say("for %(mandate)s", mandate=paper.elector.name),
        *([Markup(""), bold(progress(voice, sheet))] if reminder else []),
        Markup(""),
        what(voice, paper.vote),
        bold(paper.vote.title),
    ]
    tail = [
        Markup(""),
        *_projects(voice, paper, sheet),
        Markup(""),
        voice.say("Closes: %(moment)s", moment=voice.moment(paper.vote.closes_at)),
        *_rules(voice, paper, charter),
        *outages(voice, paper),
        *_said(voice, paper, sheet, charter, current),
        *(office_note(voice) if current is Phase.OPEN else ()),
        *_foot(voice, paper, current),
    ]
    call = [Markup(""), *call_lines(voice, sheet)]
    ways = [[html(paper.vote.text), *call], *([call, []] if short else [])]
    texts = ["\n".join([*head, *one, *tail]).rstrip() for one in ways]
    text = next((one for one in texts if units(one) <= LONGEST), texts[-1])
    return Message(text, _overview_buttons(voice, paper, sheet, charter, current))


def _heading(paper: Paper, current: Phase, *, reminder: bool) -> str:
    if reminder:
        return N_("Vote still open · %(body)s")
    return N_("New vote · %(body)s") if current is Phase.OPEN and paper.ballot is None else N_("Vote · %(body)s")


def progress(voice: Voice, sheet: Sheet) -> str:
    """„4 von 6 zählen schon"."""
    part = sheet.part
    return progress_words(voice, len(part.counting(sheet.call)), len(part.to_score(sheet.call)))


def progress_words(voice: Voice, done: int, asked: int) -> str:
    """„4 von 6 zählen schon"."""
    return voice.plural("%(number)s of %(all)s counts already", "%(number)s of %(all)s count already", done, all=asked)


def call_lines(voice: Voice, sheet: Sheet) -> list[Markup]:
    """Budget, criteria, threshold."""
    call = sheet.call
    lines = [voice.say("Budget: %(sum)s", sum=euros(voice, call.budget)), voice.say("Criteria:")]
    lines += [
        voice.say(
            "• %(name)s: 0 to %(maximum)s points, weight %(weight)s",
            name=one.name,
            maximum=one.maximum,
            weight=weight(voice, one.weight),
        )
        for one in call.criteria
    ]
    scale = plain_mean(voice, call.scale)
    if not call.threshold:
        return [*lines, voice.say("Weighted mean from 0 to %(scale)s, no threshold.", scale=scale)]
    threshold = weight(voice, call.threshold)
    said = voice.say(
        "Weighted mean from 0 to %(scale)s; at least %(threshold)s needed.", scale=scale, threshold=threshold
    )
    return [*lines, said]


def _projects(voice: Voice, paper: Paper, sheet: Sheet) -> list[Markup]:
    said = voice.plural("%(number)s project", "%(number)s projects", len(sheet.call.projects))
    many = len(sheet.call.projects) > MOST_ON_BUTTONS
    about = N_("%(number)s. %(title)s (%(sum)s)%(state)s") if many else FACTS
    listed = [
        voice.say(
            about,
            number=one.number,
            title=shorten(one.title, TITLE),
            sponsor=shorten(one.sponsor, TITLE),
            sum=euros(voice, one.applied),
            state=Markup(f" – {_state(voice, sheet, one)}") if paper.ballot else "",
        )
        for one in sheet.call.projects
    ]
    return [Markup(f"<b>{said} · {html(progress(voice, sheet))}</b>"), *listed]


def _state(voice: Voice, sheet: Sheet, project: Project) -> Markup:
    part = sheet.part
    if project.number in part.aside:
        return voice.say("conflict of interest")
    missing = part.missing(sheet.call, project.number)
    if not missing:
        return voice.say("<b>counts</b>")
    if len(missing) == len(sheet.call.criteria):
        return voice.say("no points yet")
    return voice.say("missing: %(names)s", names=names(missing))


def names(criteria: Sequence[Criterion]) -> str:
    """Their names, for a line."""
    return ", ".join(shorten(one.name, NAME) for one in criteria)


def _rules(voice: Voice, paper: Paper, charter: Charter) -> list[Markup]:
    sign = ">" if charter.quorum.strict else "≥"
    of = f" ({voice.plain(QUORUM_OF[charter.quorum.base])})" if charter.quorum.share else ""
    clause = f" ({charter.clause})" if charter.clause and paper.vote.held == Held.CIRCULAR else ""
    return [
        voice.say(
            "Rule: %(preset)s%(clause)s – %(rule)s",
            preset=charter.preset,
            clause=clause,
            rule=voice.plain(STOP_OR_SKIP[charter.first_that_does_not_fit]),
        ),
        voice.say(
            "Scores needed for a project: %(sign)s %(words)s%(of)s", sign=sign, words=charter.quorum.words, of=of
        ),
        voice.say("A project counts as soon as all its points are given, confirmed or not."),
    ]


def receipt(voice: Voice, paper: Paper, said: str, code: str) -> str:
    """„Ihre Punkte: Wirkung 4 von 5 · Beleg 7F3K · änderbar bis 01.12.2026, 12:00 Uhr", without markup."""
    words = {"said": said, "code": code, "moment": voice.stamp(paper.vote.closes_at)}
    if read_charter(paper.vote.charter).changeable:
        return voice.plain("Your points: %(said)s · receipt %(code)s · can be changed until %(moment)s", **words)
    return voice.plain("Your points: %(said)s · receipt %(code)s", **words)


def _said(voice: Voice, paper: Paper, sheet: Sheet, charter: Charter, current: Phase) -> list[Markup]:
    ballot = paper.ballot
    if ballot is None:
        return []
    if ballot.choice == Choice.CONFLICT:
        lines = [bold(conflict_receipt(voice, ballot.receipt)), *_conflict(voice, charter)]
    else:
        told = receipt(voice, paper, progress(voice, sheet), ballot.receipt)
        if current is not Phase.OPEN:
            counted = {"done": len(sheet.part.counting(sheet.call)), "all": len(sheet.part.to_score(sheet.call))}
            said = voice.plain("%(done)s of %(all)s projects", **counted)
            told = voice.plain("Your points: %(said)s · receipt %(code)s", said=said, code=ballot.receipt)
        confirmed = voice.say("Confirmed.") if ballot.choice == Stage.CONFIRMED else voice.say("Not confirmed yet.")
        lines = [bold(told), *([] if ballot.choice == Stage.PART else [confirmed])]
    return [Markup(""), *lines, *_by_whom(voice, paper)]


def conflict_receipt(voice: Voice, code: str) -> str:
    """„Ihre Stimme: Befangen · Beleg 7F3K"."""
    return voice.plain(
        "Your vote: %(choice)s · receipt %(code)s", choice=voice.plain("Conflict of interest"), code=code
    )


def _conflict(voice: Voice, charter: Charter) -> list[Markup]:
    return [
        voice.say(
            "You take no part in this item. A conflict of interest (§ 33 KVG LSA) is when the decision can "
            "directly help or harm you, close relatives, or somebody you represent or are employed by."
        ),
        Markup(""),
        voice.say("If in doubt, ask the office. %(doubt)s", doubt=charter.doubt),
    ]


def _by_whom(voice: Voice, paper: Paper) -> list[Markup]:
    ballot = paper.ballot
    if ballot is not None and Way(ballot.way).by_office:
        way = voice.plain(WAYS[Way(ballot.way)])
        return [voice.say("Entered by the office %(way)s: %(why)s", way=way, why=ballot.why)]
    if ballot is not None and ballot.as_deputy:
        return [voice.say("Cast by the deputy.")]
    return []


def _foot(voice: Voice, paper: Paper, current: Phase) -> list[Markup]:
    if current is not Phase.OPEN:
        return [voice.say("The vote has ended.")]
    if paper.elector.excluded_at:
        return [Markup(""), voice.say("The mandate is excluded from this item (§ 33). It cannot vote here.")]
    return [Markup(""), other_way(voice, paper.contact)]


def _overview_buttons(voice: Voice, paper: Paper, sheet: Sheet, charter: Charter, current: Phase) -> list[Row]:
    vote, mandate = paper.vote.number, paper.mandate_id
    if current is not Phase.OPEN:
        return [[(voice.plain("Result"), Open("result", vote))]]
    files: list[Row] = [[(voice.plain("Attachments"), Open("files", vote))]] if paper.files else []
    if paper.elector.excluded_at:
        return files
    if paper.ballot is not None and paper.ballot.choice == Choice.CONFLICT:
        back = voice.plain("Take the conflict of interest back")
        return [[(back, OnSelection(vote, mandate, 0, "back"))], *files]
    rows: list[Row] = [[one] for one in [go_on(voice, paper, sheet)] if one]
    rows += _list_buttons(voice, paper, sheet)
    if charter.conflict_scope == "call":
        rows.append([(voice.plain("Conflict of interest"), OnSelection(vote, mandate, 0, "aside"))])
    if can_be_objected(paper.vote):
        rows.append([(voice.plain("Objection to the circulation procedure"), Object(vote, mandate, "ask"))])
    return [*rows, *files]


def go_on(voice: Voice, paper: Paper, sheet: Sheet, after: int = 0) -> Button | None:
    """The next thing to do: the next project with something missing, else „Bestätigen"; None where all is done."""
    vote, mandate = paper.vote.number, paper.mandate_id
    left = [one.number for one in sheet.call.projects if sheet.part.missing(sheet.call, one.number)]
    if left:
        number = next((one for one in left if one > after), left[0])
        label = voice.plain("Score project %(number)s", number=number)
        return label, ShowProject(vote, mandate, number)
    if paper.ballot is not None and paper.ballot.choice == Stage.CONFIRMED:
        return None
    return voice.plain("Confirm"), OnSelection(vote, mandate, 0, "confirm")


def _list_buttons(voice: Voice, paper: Paper, sheet: Sheet) -> list[Row]:
    """A button for each project, marked where its points count."""
    done = {one.number for one in sheet.part.counting(sheet.call)}

    def button(one: Project, label: str) -> Button:
        said = voice.plain("%(label)s: done", label=label) if one.number in done else label
        return said, ShowProject(paper.vote.number, paper.mandate_id, one.number)

    if len(sheet.call.projects) > MOST_ON_BUTTONS:
        numbers = [button(one, str(one.number)) for one in sheet.call.projects]
        return [numbers[at : at + A_ROW] for at in range(0, len(numbers), A_ROW)]
    titled = N_("%(number)s · %(title)s")
    return [
        [button(one, voice.plain(titled, number=one.number, title=cut(one.title, ON_BUTTON)))]
        for one in sheet.call.projects
    ]
