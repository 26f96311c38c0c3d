"""The buttons of a mandate's card."""

from handlers.callbacks import CastTap, Object, Open, ShowDate, Tap
from handlers.speech import Row
from handlers.votes import secret_words
from handlers.votes.naming import CHOICES, FITS, option_label
from locales import Voice
from models.ballot.paper import Paper
from models.ballot.rows import Option
from models.ballot.rules import Choice, Fit, Kind, can_be_objected

JUMPS_A_ROW = 5


def buttons(voice: Voice, paper: Paper, asked: Option | None) -> list[Row]:
    """What can be said, and „Widerspruch"; ``asked``: the date that the card of a date finding asks."""
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


def attachments(voice: Voice, paper: Paper) -> list[Row]:
    """„Anlagen", where there are any."""
    return [[(voice.plain("Attachments"), Open("files", paper.vote.number))]] if paper.files else []
