"""The field's words, read from ``glossary.toml`` beside this file (which says what they are for)."""

import re
import tomllib
from pathlib import Path

from models.search.verbs import is_verb
from models.search.words import remembered, stem

_HERE = Path(__file__)
_DATA = tomllib.loads(_HERE.with_suffix(".toml").read_text(encoding="utf-8"))

FILLERS: frozenset[str] = frozenset(_DATA["fillers"].split())
ASKING: tuple[str, ...] = tuple(word for word in _DATA["asking"].split() if len(word) > 3)  # noqa: PLR2004 - shorter words are near to everything
LIGHT: frozenset[str] = frozenset(_DATA["light"].split())
PLACES: frozenset[str] = frozenset(_DATA["places"].split())
ELSEWHERE: frozenset[str] = frozenset(_DATA["elsewhere"].split())
BODIES: frozenset[str] = frozenset(_DATA["bodies"].split())
FORMS: tuple[str, ...] = tuple(_DATA["forms"])
PHRASES: dict[str, str] = _DATA["phrases"]
AREAS: dict[str, tuple[str, ...]] = {letter: tuple(names) for letter, names in _DATA["areas"].items()}
# German verbs, adjectives and adverbs: what public texts write small and hardly ever with a capital. Counted in
# lkaupp/foerderbot (MIT) and deepset-ai/COVID-QA (Apache-2.0); the words alone are kept, folded.
SMALL: frozenset[str] = frozenset(_HERE.with_name("small-words.txt").read_text(encoding="utf-8").split())
# A word → words and stems that say the very same.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    word: tuple(stem(other) for other in group) for group in _DATA["same"] for word in group
}
HINTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(asked), tuple(words.split())) for asked, words in _DATA["hints"].items()
)
MEANINGS: tuple[tuple[str, str], ...] = tuple(_DATA["meanings"].items())

_ENDINGS = ("test", "tet", "est", "te", "st", "et", "en", "e", "t", "n")
_SHORTEST_BASE = 4


@remembered
def is_small(word: str) -> bool:
    """Whether a folded word is a verb, an adjective or an adverb, in another form than the list may have it in."""
    if word in SMALL or is_verb(word):
        return True
    bases = [word.removesuffix(end) for end in _ENDINGS if word.endswith(end)]
    return any(base + end in SMALL for base in bases if len(base) >= _SHORTEST_BASE for end in ("en", "n", "t", "te"))
