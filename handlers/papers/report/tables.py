"""The tables of a report, that go into detail. Where so few are counted that it might tell who, it is not told."""

from collections.abc import Mapping, Sequence

from handlers.papers.report.figures import kept_figure
from handlers.papers.report.values import Few, Value, shown
from handlers.papers.values import Table
from handlers.roles import ROLES
from handlers.votes.naming import KINDS
from locales import N_, Voice
from models.ballot.rules import Kind
from models.deadline.rows import AREAS
from models.member import Role
from models.report import Figures
from models.report.deadlines import LATE, Kept
from models.report.meetings import Sitting
from models.report.questions import AskedFigures
from models.report.reach import Reach
from models.report.rules import FEWEST, NOBODY, Share, few, told_apart
from models.report.votes import Turnout, VoteFigures

TOPICS = {
    "deadline": N_("Deadlines"),
    "meeting": N_("Meetings"),
    "contact": N_("Contact"),
    "vote": N_("Voting"),
    "document": N_("Forms and papers"),
    "area": N_("Funding areas"),
    "own case": N_("One's own application"),
    "fact": N_("Other facts"),
}
Both = tuple[Figures | None, Figures | None]


# --- votes and meetings


def votes(both: Both, voice: Voice) -> list[Table]:
    """The turnout by vote, and by kind of vote beside that of the period before."""
    now, before = (one.votes if one else None for one in both)
    if now is None or not now.votes:
        return []
    headings = [voice.plain(one) for one in (N_("No."), N_("Vote"), N_("Kind"), N_("Turnout"))]
    rows = [[str(one.number), one.title, _kind(one, voice), shown(one.turnout, voice)] for one in now.votes]
    kinds = [voice.plain("Kind"), voice.plain("Number"), voice.plain("Turnout"), voice.plain("Turnout before")]
    earlier = before.by_kind if before else {}
    by_kind = [
        [voice.plain(KINDS[Kind(kind)]), str(many), shown(turnout, voice), _earlier(earlier.get(kind), before, voice)]
        for kind, (many, turnout) in now.by_kind.items()
    ]
    return [
        Table(voice.plain("Turnout by vote"), headings, rows, numeric=(0,), shares=(8, 60, 30, 34)),
        Table(voice.plain("Turnout by kind"), kinds, by_kind, numeric=(1,), shares=(40, 18, 37, 37)),
    ]


def _kind(vote: Turnout, voice: Voice) -> str:
    kind = voice.plain(KINDS[Kind(vote.kind)])
    return voice.plain("%(kind)s, secret", kind=kind) if vote.secret else kind


def _earlier(found: tuple[int, Share] | None, before: VoteFigures | None, voice: Voice) -> str:
    return shown(None if before is None else found[1] if found else NOBODY, voice)


def meetings(figures: Figures | None, voice: Voice) -> list[Table]:
    """The meetings one by one."""
    held = figures.meetings.meetings if figures else ()
    if not held:
        return []
    headings = (N_("No."), N_("Meeting"), N_("Invited"), N_("Answered"), N_("Present"), N_("Quorum"))
    title, note = (
        voice.plain("Meetings one by one"),
        voice.plain("Counted in mandates; advisers and guests are not in it."),
    )
    rows = [_meeting_row(one, voice) for one in held]
    return [Table(title, [voice.plain(one) for one in headings], rows, (0, 2, 3), note, shares=(8, 50, 19, 21, 21, 21))]


def _meeting_row(one: Sitting, voice: Voice) -> list[str]:
    quorum = voice.plain("not known") if one.quorum is None else voice.plain("yes") if one.quorum else voice.plain("no")
    title = voice.plain("%(title)s, %(day)s", title=one.title, day=voice.day(one.starts_at))
    return [str(one.number), title, str(one.invited), str(one.answered), shown(one.present, voice), quorum]


# --- questions


def _compared(
    title: str, heading: str, rows: Sequence[tuple[str, Value, Value]], voice: Voice, note: str = ""
) -> Table:
    headings = [heading, voice.plain("Period"), voice.plain("Before")]
    cells = [[label, shown(now, voice), shown(before, voice)] for label, now, before in rows]
    return Table(title, headings, cells, numeric=(1, 2), note=note, shares=(80, 26, 26))


def topics(now: AskedFigures, before: AskedFigures | None, voice: Voice) -> Table:
    """What the questions were about."""
    rows = [
        (voice.plain(words), now.topics.get(topic, 0), None if before is None else before.topics.get(topic, 0))
        for topic, words in TOPICS.items()
    ]
    return _compared(voice.plain("Questions by topic"), voice.plain("Topic"), rows, voice)


def areas(now: AskedFigures, before: AskedFigures | None, voice: Voice) -> Table:
    """By funding area; those that hardly anybody asked for stand together, since they might tell who did."""
    earlier = before.areas if before else {}
    apart = told_apart(now.areas, earlier)

    def row(area: str) -> tuple[str, Value, Value]:
        label = voice.plain("Funding area %(area)s", area=f"{area} · {AREAS[area]}")
        return label, _guarded(now.areas, area), None if before is None else _guarded(earlier, area)

    def rest(asked: AskedFigures) -> int:
        return sum(number for area, number in asked.areas.items() if area not in apart)

    rows = [row(area) for area in apart]
    rows.append((voice.plain("Other funding areas, together"), rest(now), None if before is None else rest(before)))
    rows.append((voice.plain("Naming no area"), _without(now), None if before is None else _without(before)))
    note = voice.plain("A question that names several areas counts in each. Areas with fewer than %(number)s questions "
                       "stand together.", number=FEWEST)  # fmt: skip
    return _compared(voice.plain("Questions by funding area"), voice.plain("Funding area"), rows, voice, note)


def _guarded(counted: Mapping[str, int], name: str) -> Value:
    number = counted.get(name, 0)
    return Few() if few(number) else number


def _without(asked: AskedFigures) -> Share:
    return Share(asked.without_area, asked.asked)


# --- deadlines


def steps(now: Mapping[int, int], before: Mapping[int, int] | None, voice: Voice) -> Table:
    """How many reminders were of which step."""
    leads = sorted({*now, *(before or ())} - {LATE}, reverse=True)
    rows: list[tuple[str, Value, Value]] = [
        (_step(lead, voice), now.get(lead, 0), None if before is None else before.get(lead, 0))
        for lead in (*leads, LATE)
    ]
    return _compared(voice.plain("Reminders by step"), voice.plain("Step"), rows, voice)


def _step(lead: int, voice: Voice) -> str:
    if lead == LATE:
        return voice.plain("late, after an outage or a late entry")
    return str(voice.plural("%(number)s day before", "%(number)s days before", lead))


def by_kind(kinds: Mapping[str, Kept], voice: Voice) -> Table:
    """What is known of the deadlines that ended, by their kind."""
    headings = (N_("Kind"), N_("Number"), N_("Reminded"), N_("“Done” in time"), N_("Said nothing"))
    rows = [
        [
            kind,
            str(kept.deadlines),
            *(shown(kept_figure(kept, name), voice) for name in ("followers", "done", "silent")),
        ]
        for kind, kept in sorted(kinds.items())
    ]
    shares = (44, 16, 20, 30, 30)
    return Table(
        voice.plain("By kind of deadline"), [voice.plain(one) for one in headings], rows, (1, 2), shares=shares
    )


def by_role(found: Reach, voice: Voice) -> Table:
    """Who can be reached, by role."""
    headings = (N_("Role"), N_("People"), N_("With an account"), N_("Reachable"))
    rows = [
        [voice.plain(ROLES[role]), str(one.people), str(one.with_account), str(one.reachable)]
        for role in Role
        if (one := found.by_role.get(role)) is not None
    ]
    shares = (50, 27, 27, 27)
    return Table(voice.plain("By role"), [voice.plain(one) for one in headings], rows, (1, 2, 3), shares=shares)


def newcomers(both: Both, voice: Voice) -> Table:
    """Accounts that wrote for the first time."""
    now, before = (None if one is None else one.newcomers for one in both)
    rows = [(voice.plain("Wrote for the first time"), now, before)]
    return _compared(voice.plain("New accounts"), voice.plain("Accounts"), rows, voice)
