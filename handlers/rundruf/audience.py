"""The form's question to whom a Rundruf goes: buttons to tick, with how many people that comes to."""

from typing import Any

from handlers.forms.parts import chosen
from handlers.forms.shape import Ask, Desk
from locales import N_, Markup, Voice
from models.broadcast.audience import answerable, reach, recipients
from models.broadcast.rules import AREA, BODY, EVERYONE, ROLE, ROLES, SILENT, toggled, values
from models.deadline.rows import AREAS
from models.member import Role
from models.office import bodies

VIEW = "view"
ROLE_NAMES = {
    Role.MEMBER: N_("Members"),
    Role.DEPUTY: N_("Deputies"),
    Role.ADVISER: N_("Advisers"),
    Role.SPONSOR: N_("Sponsors"),
}
KINDS = {
    "vote": N_("Vote no. %(number)s: %(title)s"),
    "meeting": N_("Meeting no. %(number)s: %(title)s"),
    "broadcast": N_("Broadcast no. %(number)s (not read)"),
}
Choices = list[tuple[str, Any]]


def marks_of(desk: Desk) -> list[str]:
    """What is ticked."""
    return list(desk.answers.get("audience", {}).get("marks", []))


async def ask_audience(desk: Desk) -> Ask:
    """The ticks with the number they come to; „Weiter" once there is one."""
    marks, view = marks_of(desk), desk.answers.get("audience", {}).get(VIEW, "")
    match view:
        case "areas":
            text, choices = desk.voice.say("Who follows which funding area?"), _areas(desk.voice)
        case "silent":
            text, choices = desk.voice.say("Who has not answered what?"), await _unanswered(desk)
        case _:
            text, choices = (
                desk.voice.say("To whom? “All” goes on at once; of the others tick several."),
                await _main(desk),
            )
    shown = [(chosen(desk.voice, label) if mark in marks else label, mark) for label, mark in choices]
    if view:
        shown.append((desk.voice.plain("To the other choices"), f"{VIEW}:"))
    lines = [text, *([await audience_line(desk, marks)] if marks else [])]
    return Ask(Markup("\n\n".join(lines)), shown, optional=bool(marks) and not view)


async def _main(desk: Desk) -> Choices:
    voice = desk.voice
    return [
        (voice.plain("All"), EVERYONE),
        *((one.short, f"{BODY}:{one.id}") for one in await bodies(desk.session)),
        *((voice.plain(ROLE_NAMES[role]), f"{ROLE}:{role}") for role in ROLES),
        (voice.plain("Funding area …"), f"{VIEW}:areas"),
        (voice.plain("Not answered …"), f"{VIEW}:silent"),
    ]


def _areas(voice: Voice) -> Choices:
    return [(voice.plain("Funding area %(area)s", area=area), f"{AREA}:{area}") for area in AREAS]


async def _unanswered(desk: Desk) -> Choices:
    return [
        (_name(desk.voice, one.mark, one.number, one.title), f"{SILENT}:{one.mark}")
        for one in await answerable(desk.session, desk.now)
    ]


def _name(voice: Voice, mark: str, number: int, title: str) -> str:
    return voice.plain(KINDS[mark.partition(":")[0]], number=number, title=title)


def tick(desk: Desk, value: str) -> tuple[dict[str, Any], bool]:
    """„Alle" goes on; every other tap is a tick, or opens a list of further ones."""
    if value == EVERYONE:
        return {"marks": [EVERYONE]}, False
    kind, _, view = value.partition(":")
    if kind == VIEW:
        return {"marks": marks_of(desk), VIEW: view}, True
    return {"marks": toggled(marks_of(desk), value), VIEW: desk.answers.get("audience", {}).get(VIEW, "")}, True


async def audience_line(desk: Desk, marks: list[str]) -> Markup:
    """„Mitglieder · RAK Stendal: 34 Personen, davon 5 nicht erreichbar"."""
    people, lost = reach(await recipients(desk.session, marks, desk.now))
    many = desk.voice.plural("%(number)s person", "%(number)s people", people)
    line = desk.voice.say("%(names)s: %(people)s", names=await in_words(desk, marks), people=many)
    return Markup(line + ", " + desk.voice.say("%(number)s of them unreachable", number=lost)) if lost else line


async def in_words(desk: Desk, marks: list[str]) -> str:
    """What is ticked, as the buttons name it."""
    if EVERYONE in marks:
        return desk.voice.plain("All")
    names = [label for label, mark in [*await _main(desk), *_areas(desk.voice)] if mark in marks]
    known = {one.mark: one for one in await answerable(desk.session, desk.now)}
    for mark in sorted(values(marks, SILENT)):
        if mark in known:
            what = _name(desk.voice, mark, known[mark].number, known[mark].title)
            names.append(desk.voice.plain("not answered: %(what)s", what=what))
    return " · ".join(names)
