"""The card of a mandate, whatever the kind of its vote."""

from handlers.selection.card import overview
from handlers.speech import Message
from handlers.votes import card as plain
from locales import Voice
from models.ballot.paper import Paper
from models.ballot.rules import Phase


def card(voice: Voice, paper: Paper, current: Phase, *, reminder: bool = False, place: int | None = None) -> Message:
    """The card; of a project selection its overview. ``place``: which date of a date finding it asks."""
    if paper.sheet is not None:
        return overview(voice, paper, paper.sheet, current, reminder=reminder)
    return plain.card(voice, paper, current, reminder=reminder, place=place)
