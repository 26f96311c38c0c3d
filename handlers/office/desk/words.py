"""Each kind of thing that waits for the office: its sentence, and the button that leads to it."""

from collections.abc import Callable

from handlers.callbacks import OnDeadline, OnQuestion, Open, Tap
from handlers.speech import Row
from locales import N_, Markup, Voice
from models.waiting import Waiting, What

Lead = Callable[[int], Tap]


def _open(where: str) -> Lead:
    return lambda number: Open(where, number)


# What has a number of its own: the sentence, the button's label, and where it leads.
NUMBERED: dict[What, tuple[str, str, Lead]] = {
    What.OVERDUE: (
        N_("<b>Question no. %(number)s has waited since %(moment)s</b>"),
        N_("Answer question no. %(number)s"),
        lambda number: OnQuestion(number, "answer"),
    ),
    What.TO_CLOSE: (
        N_(
            "<b>I was out of order when vote no. %(number)s “%(title)s” was to close.</b> Please decide how it goes on."
        ),
        N_("Vote no. %(number)s: close or extend"),
        _open("result"),
    ),
    What.TO_RELEASE: (
        N_("Broadcast no. %(number)s waits for its release"),
        N_("Release: broadcast no. %(number)s"),
        _open("broadcast"),
    ),
    What.STOPPED: (
        N_("Broadcast no. %(number)s was stopped half-way on %(moment)s"),
        N_("Broadcast no. %(number)s: go on"),
        _open("broadcast"),
    ),
    What.RUN_OFF: (
        N_("Election no. %(number)s “%(title)s” goes into a run-off"),
        N_("Vote no. %(number)s: run-off"),
        _open("result"),
    ),
    What.LOT: (
        N_("Election no. %(number)s “%(title)s” is tied: the lot is to be drawn and entered"),
        N_("Vote no. %(number)s: enter the lot"),
        _open("result"),
    ),
    What.TIE: (
        N_("In the selection no. %(number)s “%(title)s” projects are tied at the edge of the budget"),
        N_("Vote no. %(number)s: decide the tie"),
        _open("result"),
    ),
    What.THIN: (
        N_(
            "Meeting no. %(number)s “%(title)s” on %(moment)s would have no quorum: "
            "%(many)s come, %(needed)s are needed"
        ),
        N_("Meeting no. %(number)s: who comes"),
        _open("meeting"),
    ),
    What.DRAFT: (
        N_("Nobody is invited yet to meeting no. %(number)s “%(title)s” on %(moment)s"),
        N_("Draft: %(title)s"),
        _open("meeting"),
    ),
    What.UNCONFIRMED: (
        N_("Deadline no. %(number)s “%(title)s” is due %(moment)s. Is the date still right?"),
        N_("Deadline no. %(number)s: check the date"),
        lambda number: OnDeadline(number, "show"),
    ),
}
# What is only counted: the button's label, and where it leads.
COUNTED: dict[What, tuple[str, str]] = {
    What.UNCERTAIN: (N_("Uncertain messages"), "uncertain"),
    What.QUESTIONS: (N_("Open questions"), "questions"),
    What.WISHES: (N_("Dates asked for"), "wishes"),
    What.HELD: (N_("Stopped messages"), "planned"),
    What.MISSING: (N_("Who is not in yet"), "missing"),
}


def sentence(voice: Voice, one: Waiting) -> Markup:
    """What waits, and until or since when."""
    if one.what in COUNTED:
        return _how_many(voice, one)
    moment = voice.brief(one.at) if one.at else ""
    if one.what is What.CLOSING:
        return _closing(voice, one, moment)
    text, _, _ = NUMBERED[one.what]
    return voice.say(text, number=one.number, title=one.title, moment=moment, many=one.many, needed=one.needed)


def button(voice: Voice, one: Waiting) -> Row:
    """The way to it."""
    if one.what in COUNTED:
        label, where = COUNTED[one.what]
        return [(voice.plain(label), Open(where))]
    if one.what is What.CLOSING:
        return [(voice.plain("Vote no. %(number)s: how it stands", number=one.number), Open("result", one.number))]
    _, label, lead = NUMBERED[one.what]
    return [(voice.plain(label, number=one.number, title=one.title), lead(one.number))]


def _closing(voice: Voice, one: Waiting, moment: str) -> Markup:
    missing = voice.say("all have voted")
    if one.many:
        missing = voice.plural("%(number)s has not voted yet", "%(number)s have not voted yet", one.many)
    return voice.say(
        "Vote no. %(number)s “%(title)s” closes %(moment)s: %(missing)s",
        number=one.number,
        title=one.title,
        moment=moment,
        missing=missing,
    )


def _how_many(voice: Voice, one: Waiting) -> Markup:
    match one.what:
        case What.UNCERTAIN:
            return voice.plural("%(number)s uncertain message", "%(number)s uncertain messages", one.many)
        case What.QUESTIONS:
            return voice.plural("%(number)s open question", "%(number)s open questions", one.many)
        case What.WISHES:
            return voice.plural(
                "%(number)s date was asked for that is not entered",
                "%(number)s dates were asked for that are not entered",
                one.many,
            )
        case What.HELD:
            return voice.say("Stopped messages wait until somebody releases them")
        case _:
            return voice.plural("%(number)s person not in yet", "%(number)s people not in yet", one.many)
