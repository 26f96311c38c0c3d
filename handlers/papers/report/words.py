"""The words of a report: from figures to sections, in one language."""

from collections.abc import Iterator, Sequence

from handlers.papers.report import tables
from handlers.papers.report.figures import (
    BROADCAST_LINES,
    DEADLINE_LINES,
    MEETING_LINES,
    QUESTION_LINES,
    VOTE_LINES,
    Line,
)
from handlers.papers.report.tables import Both
from handlers.papers.report.values import Figure, Section, Value, Worded, period_name
from handlers.papers.values import Table
from locales import Voice
from models.report import Figures, Report
from models.report.rules import Share


def worded(report: Report, office: str, voice: Voice) -> Worded:
    """The report in words."""
    period, before = period_name(report.period, voice), period_name(report.period.before, voice)
    if report.running:
        period = voice.plain("%(period)s, up to today", period=period)
    both = (report.figures, report.before)
    return Worded(
        office,
        voice.plain("Report %(period)s", period=period),
        period,
        before,
        report.as_of,
        f"bericht-{report.period.spelled}",
        [
            _votes(both, voice),
            _section(voice.plain("Meetings"), MEETING_LINES, both, voice, tables.meetings(both[0], voice)),
            _questions(both, voice),
            _deadlines(both, voice),
            _section(voice.plain("Broadcasts"), BROADCAST_LINES, both, voice),
            _reach(report, voice),
        ],
        list(_remarks(report, before, voice)),
        compared=report.before is not None,
    )


def _section(
    title: str,
    lines: Sequence[Line],
    both: Both,
    voice: Voice,
    found: Sequence[Table] = (),
    notes: Sequence[str] = (),
) -> Section:
    figures = [
        Figure(voice.plain(line.label), _read(line, both[0]), _read(line, both[1]), main=line.main) for line in lines
    ]
    return Section(title, figures, found, notes)


def _read(line: Line, figures: Figures | None) -> Value:
    return None if figures is None else line.read(figures)


def _remarks(report: Report, before: str, voice: Voice) -> Iterator[str]:
    if report.figures is None:
        yield voice.plain(
            "The assistant was not at work in this period yet, or it has not begun. Nothing is known of it."
        )
    elif report.before is None:
        yield voice.plain("Of %(before)s nothing is known: the assistant was not at work yet.", before=before)
    if report.running and report.before is not None:
        yield voice.plain("The period has not ended; %(before)s beside it is whole.", before=before)
    begun_on = None if report.begun_at is None else report.begun_at.astimezone(voice.zone).date()
    if begun_on is not None and begun_on > report.period.before.first:
        yield voice.plain("The assistant has been at work since %(day)s.", day=voice.day(begun_on))
    yield voice.plain(
        "“Not known” means that nobody recorded it; 0 means that there was none. Whoever has had their data deleted is "
        "not counted any more in reminders, broadcasts and reach."
    )


def _votes(both: Both, voice: Voice) -> Section:
    note = voice.plain(
        "Turnout counts mandates, without those excluded or with a conflict of interest. Of secret votes nothing but "
        "the turnout is counted. The time to the ballot is that of the ballot as it stands, given on the phone."
    )
    return _section(voice.plain("Votes and turnout"), VOTE_LINES, both, voice, tables.votes(both, voice), [note])


def _questions(both: Both, voice: Voice) -> Section:
    now, before = (one.questions.asked if one else None for one in both)
    notes = [voice.plain("The same question before the office counts as often as it was asked.")]
    if both[0] is not None and now is None:
        notes.append(voice.plain("Questions were not counted yet in this period."))
    elif both[0] is not None and now is not None and now.since > both[0].period.first:
        notes.append(voice.plain("Questions are counted since %(day)s.", day=voice.day(now.since)))
    found = [] if now is None else [tables.topics(now, before, voice), tables.areas(now, before, voice)]
    return _section(voice.plain("Questions"), QUESTION_LINES, both, voice, found, notes)


def _deadlines(both: Both, voice: Voice) -> Section:
    now, before = (one.deadlines if one else None for one in both)
    found = [tables.steps(now.steps, before.steps if before else None, voice)] if now else []
    if now and now.by_kind:
        found.append(tables.by_kind(now.by_kind, voice))
    note = voice.plain(
        "Whether a deadline was kept is known only where somebody tapped “Done”. Who said nothing may have kept it. "
        "One message can remind of several deadlines."
    )
    title = voice.plain("Deadlines and reminders")
    return _section(title, DEADLINE_LINES, both, voice, found, [note])


def _reach(report: Report, voice: Voice) -> Section:
    """As it is now: how it was before nobody keeps."""
    found = report.reach
    figures = [
        Figure(voice.plain("People on the lists"), found.lists.people, None, main=True),
        Figure(voice.plain("With an account"), Share(found.lists.with_account, found.lists.people), None, main=True),
        Figure(voice.plain("Reachable"), Share(found.lists.reachable, found.lists.people), None, main=True),
        Figure(voice.plain("Have blocked the bot"), found.blocked, None),
        Figure(voice.plain("Accounts of others"), found.others, None),
        Figure(voice.plain("Reachable among those"), found.others_reachable, None),
    ]
    note = voice.plain(
        "Reach is as of %(moment)s; how it was earlier is not kept. Whoever has several roles counts in each.",
        moment=voice.stamp(report.as_of),
    )
    more = [tables.by_role(found, voice), tables.newcomers((report.figures, report.before), voice)]
    title = voice.plain("Reach on %(day)s", day=voice.day(report.as_of))
    return Section(title, figures, more, [note], compared=False)
