"""What people take for granted and is not so: a funding area that does not exist, a programme of the past.

The cues stand in ``premises.toml``. Nothing is stated here: a premise only says what not to answer as if it were true.
"""

import re
import tomllib
from enum import StrEnum
from pathlib import Path

from models.search.glossary import AREAS
from models.search.question import Question
from models.search.slots import letters


class Premise(StrEnum):
    """A false premise."""

    NO_SUCH_AREA = "no such area"
    FIGURE = "figure"
    PAST_PROGRAMME = "past programme"
    WRONG_AUTHORITY = "wrong authority"
    OTHER_PROGRAMME = "other programme"
    NOT_ALL_AREAS = "not all areas"


_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_RULES = tuple(
    (Premise(rule["premise"]), [re.compile("|".join(cues)) for cues in rule["all"]]) for rule in _DATA["rule"]
)


def premise(question: Question) -> Premise | None:
    """The false premise of a question, if it has one; the first of the table that fits."""
    if set(letters(question.said) + letters(question.meant)) - set(AREAS):
        return Premise.NO_SUCH_AREA
    fits = (kind for kind, cues in _RULES if all(cue.search(question.said) for cue in cues))
    return next(fits, None)
