"""What „Neue Abstimmung" asks for a project selection: budget, criteria, threshold, projects."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from handlers.forms.shape import Ask, Desk, Question
from handlers.office.list_words import REASONS, say_fault
from handlers.phrases import refusal_text
from handlers.selection.figures import euros, plain_mean, weight
from handlers.selection.page import page
from locales import Markup, Voice
from models.ballot.paper import Paper
from models.ballot.rules import Kind, Phase
from models.refusals import Unfit
from models.roll.values import Fault
from models.selection.lists import (
    ListFaults,
    criteria_typed,
    projects_listed,
    projects_typed,
    read_amount,
    read_hundredths,
)
from models.selection.reading import Sheet
from models.selection.rules import HUNDREDTH, Call, Criterion, Project, project_of_file

MOST_FAULTS = 30


@refusal_text.register
def _(refusal: ListFaults, voice: Voice) -> str:
    """Everything that is wrong, a line each."""
    heading = voice.plain("This is not taken yet. Please mend:")
    lines = [_fault(voice, one) for one in refusal.faults[:MOST_FAULTS]]
    if len(refusal.faults) > MOST_FAULTS:
        lines.append(voice.plain("… and %(number)s more", number=len(refusal.faults) - MOST_FAULTS))
    return "\n".join([heading, *lines])


def _fault(voice: Voice, fault: Fault) -> str:
    if fault.file:
        return say_fault(fault, voice)
    where = voice.plain("Line %(row)s", row=fault.row)
    if fault.column:
        where = f"{where}, {fault.column}"
    return f"{where}: {voice.plain(REASONS[fault.reason], detail=fault.detail)}"


def _is_selection(desk: Desk) -> bool:
    return bool(desk.answers.get("kind") == Kind.SELECTION)


async def _budget(desk: Desk) -> Ask | None:
    if not _is_selection(desk):
        return None
    return Ask(desk.voice.say("How large is the budget, in euros? For example: 500000"))


def _read_budget(_desk: Desk, entry: str) -> int:
    return read_amount(entry)


def _budget_read(desk: Desk) -> Markup:
    return desk.voice.say("Budget: %(sum)s", sum=euros(desk.voice, desk.answers["budget"]))


async def _criteria(desk: Desk) -> Ask | None:
    if not _is_selection(desk):
        return None
    return Ask(
        desk.voice.say(
            "By which criteria? One a line: name; highest points; weight. Without a weight it is 1.\n"
            "For example:\nNeed; 5; 2\nEffect; 5; 1"
        )
    )


def _read_criteria(_desk: Desk, entry: str) -> list[dict[str, Any]]:
    return [asdict(one) for one in criteria_typed(entry)]


def _criteria_read(desk: Desk) -> Markup:
    voice = desk.voice
    lines = [
        voice.say(
            "• %(name)s: 0 to %(maximum)s points, weight %(weight)s",
            name=one.name,
            maximum=one.maximum,
            weight=weight(voice, one.weight),
        )
        for one in _criteria_of(desk)
    ]
    return Markup("\n".join([voice.say("Criteria:"), *lines]))


def _criteria_of(desk: Desk) -> tuple[Criterion, ...]:
    return tuple(Criterion(**one) for one in desk.answers["criteria"])


async def _threshold(desk: Desk) -> Ask | None:
    if not _is_selection(desk):
        return None
    scale = Call(1, 0, _criteria_of(desk), ()).scale
    text = desk.voice.say(
        "How many points does a project need at least? Each gets a weighted mean from 0 to %(scale)s. "
        "“Next”: no threshold.",
        scale=plain_mean(desk.voice, scale),
    )
    return Ask(text, optional=True)


def _read_threshold(desk: Desk, entry: str) -> int:
    found = read_hundredths(entry)
    if found > Call(1, 0, _criteria_of(desk), ()).scale * HUNDREDTH:
        raise Unfit("threshold")
    return found


def _threshold_read(desk: Desk) -> Markup:
    return desk.voice.say("Threshold: %(points)s points", points=weight(desk.voice, desk.answers["threshold"]))


async def _projects(desk: Desk) -> Ask | None:
    if not _is_selection(desk):
        return None
    return Ask(
        desk.voice.say(
            "Which projects? One a line: title; sponsor; sum applied for in euros.\n"
            "Or send a list as .xlsx or .csv with the columns titel, traeger, summe."
        )
    )


def _read_projects(_desk: Desk, entry: str) -> list[dict[str, Any]]:
    return [asdict(one) for one in projects_typed(entry)]


def _read_project_file(_desk: Desk, name: str, content: bytes) -> list[dict[str, Any]]:
    return [asdict(one) for one in projects_listed(name, content)]


def _projects_read(desk: Desk) -> Markup:
    call = call_of_answers(desk)
    if call is None:
        return Markup("")
    asked = euros(desk.voice, sum(one.applied for one in call.projects))
    said = desk.voice.plural("%(number)s project", "%(number)s projects", len(call.projects))
    return Markup(said + desk.voice.say(", together %(sum)s", sum=asked))


def call_of_answers(desk: Desk) -> Call | None:
    """The call as it was filled in; None for another kind of vote."""
    if not _is_selection(desk):
        return None
    return Call(
        desk.answers["budget"],
        desk.answers.get("threshold", 0),
        _criteria_of(desk),
        tuple(Project(**one) for one in desk.answers["projects"]),
    )


def preview_sheet(desk: Desk) -> Sheet | None:
    """The sheet as members will see it; None for another kind of vote."""
    call = call_of_answers(desk)
    return Sheet(call) if call else None


def first_page(desk: Desk, paper: Paper) -> list[Markup]:
    """How a project will look; nothing for another kind of vote."""
    if paper.sheet is None:
        return []
    shown = page(desk.voice, paper, paper.sheet, Phase.OPEN, 1)
    return [desk.voice.say("<b>And so each project:</b>"), Markup(shown.text)]


def labelled(desk: Desk, names: Sequence[str]) -> list[str]:
    """File names, each with the project it belongs to."""
    call = call_of_answers(desk)
    if call is None:
        return list(names)
    said = []
    for name in names:
        project = project_of_file(name, len(call.projects))
        to = desk.voice.plain("%(name)s, for project %(number)s", name=name, number=project) if project else name
        said.append(to)
    return said


def how_to_attach(desk: Desk) -> list[Markup]:
    """How a file finds its project."""
    if not _is_selection(desk):
        return []
    return [
        desk.voice.say(
            "A file whose name begins with a project's number belongs to that project, like “2 Finance plan.pdf”."
        )
    ]


SELECTION_QUESTIONS = (
    Question("budget", _budget, _read_budget, echo=_budget_read),
    Question("criteria", _criteria, _read_criteria, echo=_criteria_read),
    Question("threshold", _threshold, _read_threshold, echo=_threshold_read),
    Question("projects", _projects, _read_projects, echo=_projects_read, read_file=_read_project_file),
)
