"""Which figures a report has, in their order, and where each stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.papers.report.values import Few, Value
from locales import N_
from models.broadcast.rules import Fate
from models.report import Figures
from models.report.deadlines import EVES, MEETINGS, REMINDER, VOTES, Kept
from models.report.questions import AskedFigures
from models.report.rules import NOBODY, Share, few

Reading = Callable[[Figures], Value]


@dataclass(frozen=True, slots=True)
class Line:
    """A figure: its label (a message of the catalogues), where it stands, and whether the chat shows it, too."""

    label: str
    read: Reading
    main: bool = False


def _asked(read: Callable[[AskedFigures], Value]) -> Reading:
    return lambda one: None if one.questions.asked is None else read(one.questions.asked)


def _fate(fate: Fate) -> Reading:
    return lambda one: one.broadcasts.fates.get(fate, 0)


def _span(value: timedelta | None) -> Value:
    """How long; where there was nothing to be measured, that is known, too."""
    return NOBODY if value is None else value


VOTE_LINES: Sequence[Line] = (
    Line(N_("Votes closed"), lambda one: len(one.votes.votes), main=True),
    Line(N_("Turnout of all together"), lambda one: one.votes.turnout, main=True),
    Line(N_("Secret ones among them"), lambda one: sum(vote.secret for vote in one.votes.votes)),
    Line(N_("Votes broken off"), lambda one: one.votes.cancelled),
    Line(N_("From the opening to the ballot (median)"), lambda one: _span(one.votes.until_cast), main=True),
)
MEETING_LINES: Sequence[Line] = (
    Line(N_("Meetings held"), lambda one: len(one.meetings.meetings), main=True),
    Line(N_("Meetings cancelled"), lambda one: one.meetings.cancelled),
    Line(N_("Mandates that answered the invitation"), lambda one: one.meetings.answered, main=True),
    Line(N_("Meetings with a list of who was there"), lambda one: len(one.meetings.recorded)),
    Line(N_("Mandates present, by those lists"), lambda one: one.meetings.present, main=True),
    Line(N_("With a quorum, by those lists"), lambda one: one.meetings.quorate, main=True),
)
QUESTION_LINES: Sequence[Line] = (
    Line(N_("Questions asked"), _asked(lambda one: one.asked), main=True),
    Line(N_("Answered from a source"), _asked(lambda one: one.found), main=True),
    Line(N_("Answered from deadlines and meetings"), _asked(lambda one: one.dated)),
    Line(N_("Contact named"), _asked(lambda one: one.came_to("contact"))),
    Line(N_("Headings offered that come near"), _asked(lambda one: one.came_to("near"))),
    Line(N_("No documented information"), _asked(lambda one: one.unfound), main=True),
    Line(N_("Refused (confidential, personal data)"), _asked(lambda one: one.refused)),
    Line(N_("Rated “Helpful”"), lambda one: one.questions.helpful, main=True),
    Line(N_("Rated “Not helpful”"), lambda one: one.questions.not_helpful, main=True),
    Line(N_("Handed to the office"), lambda one: one.questions.office.handed, main=True),
    Line(N_("Answered by the office"), lambda one: one.questions.office.answered),
    Line(N_("Time to the answer (median)"), lambda one: _span(one.questions.office.median), main=True),
    Line(N_("Time to the answer (longest)"), lambda one: _span(one.questions.office.longest)),
    Line(N_("Answered within two working days"), lambda one: one.questions.office.soon, main=True),
)
DEADLINE_LINES: Sequence[Line] = (
    Line(N_("Messages with reminders of deadlines"), lambda one: one.deadlines.messages.get(REMINDER, 0), main=True),
    Line(N_("Reminders of votes"), lambda one: one.deadlines.messages.get(VOTES, 0)),
    Line(N_("Reminders of meetings, unanswered"), lambda one: one.deadlines.messages.get(MEETINGS, 0)),
    Line(N_("Reminders of meetings, on the eve"), lambda one: one.deadlines.messages.get(EVES, 0)),
    Line(N_("Deadlines that ended"), lambda one: one.deadlines.ended.deadlines, main=True),
    Line(N_("Deadlines still ahead"), lambda one: one.deadlines.ahead),
    Line(N_("Deadlines cancelled"), lambda one: one.deadlines.cancelled),
    Line(N_("Reminded people, over all that ended"), lambda one: kept_figure(one.deadlines.ended, "followers")),
    Line(N_("Reported “Done” in time"), lambda one: kept_figure(one.deadlines.ended, "done"), main=True),
    Line(N_("Reported “Done” later"), lambda one: kept_figure(one.deadlines.ended, "done_later")),
    Line(N_("Reminders switched off"), lambda one: kept_figure(one.deadlines.ended, "muted")),
    Line(N_("Said nothing"), lambda one: kept_figure(one.deadlines.ended, "silent")),
)
BROADCAST_LINES: Sequence[Line] = (
    Line(N_("Broadcasts sent"), lambda one: one.broadcasts.sent, main=True),
    Line(N_("Delivered"), lambda one: one.broadcasts.delivered, main=True),
    Line(N_("Tapped “Read”, where it was asked for"), lambda one: one.broadcasts.read, main=True),
    Line(N_("Unreachable"), _fate(Fate.UNREACHABLE), main=True),
    Line(N_("Failed"), _fate(Fate.FAILED)),
    Line(N_("Uncertain"), _fate(Fate.UNCERTAIN)),
    Line(N_("Not sent any more"), _fate(Fate.DROPPED)),
    Line(N_("Still on the way"), _fate(Fate.WAITING)),
    Line(N_("Broadcasts corrected"), lambda one: one.broadcasts.corrected),
    Line(N_("Broadcasts withdrawn"), lambda one: one.broadcasts.withdrawn),
)


def kept_figure(kept: Kept, name: str) -> Value:
    """A figure of those who are reminded; of fewer than three none is told."""
    if few(kept.followers):
        return Few()
    number: int = getattr(kept, name)
    return number if name == "followers" else Share(number, kept.followers)
