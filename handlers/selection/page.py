"""A project's page on a mandate's card: one question at a time, and what is missing always in sight."""

from collections.abc import Sequence

from handlers.callbacks import OnSelection, Papers, Score, ShowProject
from handlers.forms.parts import chosen
from handlers.selection.card import NAME, Button, go_on, names, overview, progress
from handlers.selection.figures import euros, mean, plain_mean
from handlers.speech import Message, Row, shorten
from handlers.votes.naming import what
from locales import Markup, Voice, bold
from models.ballot.paper import Paper
from models.ballot.rules import Choice, Phase
from models.charter import read_charter
from models.selection.reading import Sheet
from models.selection.rules import Criterion, Project

FULL_ROW = 6  # 0 to 5 in one row
# Up to here every number has its button; beyond, tens come first, then the numbers near.
MOST_NUMBERS, TENS, NEAR = 30, 10, 5


def page(voice: Voice, paper: Paper, sheet: Sheet, current: Phase, number: int, criterion: int = 0) -> Message:
    """A project's page. ``criterion``: which one it asks; 0: the first without points.

    Raises:
        Unknown: there is no such project or criterion.
    """
    project = sheet.call.project(number)
    out = paper.ballot is not None and paper.ballot.choice == Choice.CONFLICT
    if current is not Phase.OPEN or paper.elector.excluded_at or out:
        return overview(voice, paper, sheet, current, short=True)
    asked = _asked(paper, sheet, number, criterion)
    lines = [
        voice.say("Vote · %(body)s", body=paper.body),
        voice.say("for %(mandate)s", mandate=paper.elector.name),
        Markup(""),
        Markup(f"{what(voice, paper.vote)} · {bold(progress(voice, sheet))}"),
        Markup(""),
        voice.say("Project %(number)s of %(all)s", number=number, all=len(sheet.call.projects)),
        bold(project.title),
        voice.say("Sponsor: %(sponsor)s", sponsor=project.sponsor),
        voice.say("Applied for: %(sum)s", sum=euros(voice, project.applied)),
        Markup(""),
        *_card(voice, sheet, project),
    ]
    if asked is not None:
        lines += [Markup(""), _question(voice, asked)]
    return Message("\n".join(lines), _page_buttons(voice, paper, sheet, project, asked))


def _asked(paper: Paper, sheet: Sheet, number: int, criterion: int) -> Criterion | None:
    if number in sheet.part.aside:
        return None
    if criterion and _may_change(paper, sheet, number):
        return sheet.call.criterion(criterion)
    return next(iter(sheet.part.missing(sheet.call, number)), None)


def _may_change(paper: Paper, sheet: Sheet, number: int) -> bool:
    return read_charter(paper.vote.charter).changeable or not sheet.part.counts(sheet.call, number)


def _card(voice: Voice, sheet: Sheet, project: Project) -> list[Markup]:
    """What was given so far, and what is missing."""
    if project.number in sheet.part.aside:
        return [voice.say("You take no part in this project (conflict of interest, § 33 KVG LSA).")]
    given, part = sheet.part.card(sheet.call, project.number), sheet.part
    lines = []
    for one in sheet.call.criteria:
        words = {"name": one.name, "points": given.get(one.place), "maximum": one.maximum}
        if one.place in given:
            lines.append(voice.say("%(name)s: <b>%(points)s</b> of %(maximum)s", **words))
        else:
            lines.append(voice.say("%(name)s: no points yet", name=one.name))
    missing = part.missing(sheet.call, project.number)
    if missing:
        return [*lines, Markup(""), voice.say("<b>Missing: %(names)s</b>", names=names(missing))]
    weighed = mean(voice, sheet.call.weigh(given))
    scale = plain_mean(voice, sheet.call.scale)
    said = voice.say("<b>Complete – it counts.</b> Weighted: %(mean)s of %(scale)s", mean=weighed, scale=scale)
    return [*lines, Markup(""), said]


def _question(voice: Voice, asked: Criterion) -> Markup:
    return voice.say("How many points for <b>%(name)s</b>? (0 to %(maximum)s)", name=asked.name, maximum=asked.maximum)


def _page_buttons(voice: Voice, paper: Paper, sheet: Sheet, project: Project, asked: Criterion | None) -> list[Row]:
    rows = _numbers(voice, paper, sheet, project.number, asked) if asked else []
    if asked is None and (forward := go_on(voice, paper, sheet, project.number)):
        rows.append([forward])
    rows += _other_criteria(voice, paper, sheet, project.number, asked)
    rows.append(_ways(voice, paper, sheet, project.number))
    rows.append([(voice.plain("Overview"), ShowProject(paper.vote.number, paper.mandate_id, 0))])
    if sheet.files.get(project.number):
        rows.append([(voice.plain("Papers of this project"), Papers(paper.vote.number, project.number))])
    return [*rows, *_aside_button(voice, paper, sheet, project.number)]


def _numbers(voice: Voice, paper: Paper, sheet: Sheet, number: int, asked: Criterion) -> list[Row]:
    """The points as buttons. They carry the points themselves, so that the same tap again is the same points."""
    now = sheet.part.points.get((number, asked.place))

    def button(points: int) -> Button:
        label = chosen(voice, str(points)) if points == now else str(points)
        return label, Score(paper.vote.number, paper.mandate_id, number, asked.place, points)

    return [[button(points) for points in row] for row in number_rows(asked.maximum, now)]


def number_rows(maximum: int, now: int | None) -> list[list[int]]:
    """Which points have a button, in rows a thumb can hit. Of many, tens come first, then those near what was said."""
    if maximum <= MOST_NUMBERS:
        return _rows_of(range(maximum + 1))
    tens = sorted({*range(0, maximum + 1, TENS), maximum})
    if now is None:
        return _rows_of(tens)
    near = [one for one in range(now - NEAR, now + NEAR + 1) if 0 <= one <= maximum and one != now]
    return [*_rows_of(tens), *_rows_of(near)]


def _rows_of(numbers: Sequence[int]) -> list[list[int]]:
    """Rows of equal length as near as may be, six buttons wide at most."""
    rows = -(-len(numbers) // FULL_ROW)
    width = -(-len(numbers) // rows)
    return [list(numbers[at : at + width]) for at in range(0, len(numbers), width)]


def _other_criteria(voice: Voice, paper: Paper, sheet: Sheet, number: int, asked: Criterion | None) -> list[Row]:
    """The way to the points given before, to change them."""
    if number in sheet.part.aside or not _may_change(paper, sheet, number):
        return []
    given = sheet.part.card(sheet.call, number)
    return [
        [
            (
                voice.plain("Change %(name)s: %(points)s", name=shorten(one.name, NAME), points=given[one.place]),
                ShowProject(paper.vote.number, paper.mandate_id, number, one.place),
            )
        ]
        for one in sheet.call.criteria
        if one.place in given and one != asked
    ]


def _ways(voice: Voice, paper: Paper, sheet: Sheet, number: int) -> Row:
    """„Zurück" and „Weiter"; before the first and after the last project lies the overview."""
    after = number + 1 if number < len(sheet.call.projects) else 0
    return [
        (voice.plain("Back"), ShowProject(paper.vote.number, paper.mandate_id, number - 1)),
        (voice.plain("Next"), ShowProject(paper.vote.number, paper.mandate_id, after)),
    ]


def _aside_button(voice: Voice, paper: Paper, sheet: Sheet, number: int) -> list[Row]:
    if read_charter(paper.vote.charter).conflict_scope != "project":
        return []
    if number in sheet.part.aside:
        label, act = voice.plain("Take the conflict of interest back"), "back"
    else:
        label, act = voice.plain("Conflict of interest in this project"), "aside"
    return [[(label, OnSelection(paper.vote.number, paper.mandate_id, number, act))]]
