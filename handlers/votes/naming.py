"""What a vote, its rules, its options and a choice are called."""

from collections.abc import Sequence

from handlers.speech import shorten
from locales import N_, Markup, Voice
from models.ballot.rows import Option, Vote
from models.ballot.rules import NO_MARK, Choice, Fit, Held, Kind, Stage, Way

CHOICES = {
    Choice.YES: N_("Yes"),
    Choice.NO: N_("No"),
    Choice.ABSTAIN: N_("Abstention"),
    Choice.CONFLICT: N_("Conflict of interest"),
}
KINDS = {
    Kind.MOTION: N_("Motion"),
    Kind.STRAW_POLL: N_("Straw poll"),
    Kind.ELECTION: N_("Election"),
    Kind.DATES: N_("Date poll"),
    Kind.SELECTION: N_("Project selection"),
}
STAGES = {
    Stage.PART: N_("points, not complete"),
    Stage.FULL: N_("points complete, not confirmed"),
    Stage.CONFIRMED: N_("points complete and confirmed"),
}
PLACES = {Held.MEETING: N_("In the meeting"), Held.CIRCULAR: N_("By circulation")}
MAJORITIES = {
    "simple": N_("more yes than no"),
    "absolute": N_("yes from more than half of those entitled"),
    "two thirds": N_("two thirds"),
}
WHOLES = {
    "all": N_("all mandates"),
    "present": N_("those present"),
    "not excluded": N_("the mandates not excluded"),
    "cast": N_("the votes cast"),
    "cast and abstained": N_("the votes cast, abstentions included"),
}
# In an election it is one against all others, so „mehr Ja als Nein" says nothing.
ELECTION_MAJORITIES = {
    "simple": N_("more than half"),
    "absolute": N_("more than half"),
    "two thirds": N_("two thirds"),
}
ELECTION_WHOLES = {**WHOLES, "cast": N_("the votes for one of the options")}
FITS = {Fit.FITS: N_("Fits"), Fit.AT_A_PINCH: N_("At a pinch"), Fit.NOT: N_("Does not fit")}
WAYS = {Way.PAPER: N_("on paper"), Way.TELEPHONE: N_("by telephone")}
TOAST_LABEL = 80  # characters of an option that a toast of 200 has room for


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
