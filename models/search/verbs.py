"""German verbs in any form: in a question they say how something is asked, hardly ever what.

The bases stand in ``verbs.toml``; prefixes and endings are put before and behind them here.
"""

import re
import tomllib
from pathlib import Path

from models.search.words import remembered

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_BASES = frozenset(_DATA["weak"].split())
_FORMS = frozenset(_DATA["strong"].split())
_OTHERS = frozenset(_DATA["others"].split())
_NOUNS = frozenset(_DATA["nouns"].split())
_PREFIX = re.compile(
    r"(?:ab|an|auf|aus|bei|dar|durch|ein|entgegen|fest|fort|frei|heraus|herein|her|hinaus|hinzu|hin|los|mit|nach|nieder|statt|teil"
    r"|ueber|um|unter|vorbei|voraus|vor|weg|weiter|wieder|zurecht|zurueck|zusammen|zu)?(?:zu)?(?:be|emp|ent|er|ge|miss|ver|zer)?"
)
_ENDINGS = (
    "etest",
    "test",
    "eten",
    "etet",
    "est",
    "ten",
    "tet",
    "ete",
    "end",
    "st",
    "te",
    "en",
    "et",
    "t",
    "e",
    "n",
    "",
)
_ADJECTIVE = ("eren", "erer", "eres", "sten", "ste", "em", "en", "er", "es", "e", "")


@remembered
def is_verb(word: str) -> bool:
    """Whether a folded word is a form of a known verb, or another word that only says how something is asked."""
    if word in _NOUNS:
        return False
    if any(word.removesuffix(end) in _OTHERS for end in _ADJECTIVE if word.endswith(end)):
        return True
    longest = _PREFIX.match(word)
    cuts = range(longest.end() + 1) if longest else ()
    return any(_is_form(word[cut:]) for cut in cuts if _PREFIX.fullmatch(word[:cut]))


def _is_form(word: str) -> bool:
    stems = {word.removesuffix(end) for end in _ENDINGS if word.endswith(end)}
    return word in _FORMS or not stems.isdisjoint(_BASES) or not stems.isdisjoint(_FORMS)
