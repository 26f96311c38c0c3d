"""A question, made ready: folded, known phrases in one form, and what each of its words may be found by."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from models.search.glossary import ASKING, FILLERS, FORMS, HINTS, LIGHT, MEANINGS, PHRASES, PLACES, SMALL
from models.search.verbs import is_verb
from models.search.words import distance, remembered, words

_PHRASE = re.compile(r"\b(" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")\b")
_FROM_TO = re.compile(r"\b([A-Za-z])\s*[-–]\s*([A-Za-z])\b(?!-)")
_SHORT_PLACES = {"sdl": "stendal"}
_PERSON = re.compile(r"\b(?:frau|herrn?|mr|mrs|ms)\s+(?!(?:dr|prof)\b)([a-z]{3,})")


def _split_meanings() -> tuple[dict[str, list[str]], list[tuple[str, list[str]]]]:
    exact: dict[str, list[str]] = {}
    prefixes: list[tuple[str, list[str]]] = []
    for said, found in MEANINGS:
        for pattern in said.split():
            if pattern.endswith("*"):
                prefixes.append((pattern[:-1], found.split()))
            else:
                exact.setdefault(pattern, []).extend(found.split())
    return exact, prefixes


_EXACT, _PREFIXES = _split_meanings()


# Small words that only English has; from two of them on a question is taken for English.
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "is",
        "are",
        "what",
        "how",
        "who",
        "when",
        "which",
        "does",
        "do",
        "did",
        "to",
        "for",
        "much",
        "many",
        "there",
        "and",
        "in",
        "call",
    ]
) - {"in"}
_ENGLISH_SIGNS = 2
# What a mistyped word may have meant, besides the words of the sources.
ASKED_FOR = frozenset(
    {word for said, _ in MEANINGS for word in said.replace("*", "").split()}
    | {word for phrase in PHRASES for word in phrase.split()}
    | PLACES
    | LIGHT
)

UNDERSTOOD = ASKED_FOR | FILLERS | SMALL  # no typos of anything
_SHORTEST_SLIP = 4
_LONGEST_ENDING = 6  # „telefon*" is „Telefonnummer", but „familie*" is not „Familienintegrationscoach"


@dataclass(frozen=True, slots=True)
class Question:
    """``text`` as typed; ``said``: its folded words; ``meant``: with slips mended; both with phrases in one form.

    ``content`` are the words of ``meant`` that carry meaning, each once; ``places`` and ``persons`` those that name
    one, ``guessed`` those that were typed otherwise; ``hints`` what the way of asking lets one look for besides.
    """

    text: str
    said: str
    meant: str
    content: tuple[str, ...]
    places: tuple[str, ...]
    persons: tuple[str, ...]
    guessed: frozenset[str]
    english: bool
    hints: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, repair: Callable[[str], str] = str) -> "Question":
        """Read a question as it was typed; ``repair`` gives the word that a mistyped one stands for."""
        plain = _plain(text)
        said = _in_one_form(plain)
        english = sum(word in _ENGLISH for word in plain) >= _ENGLISH_SIGNS
        # An English word is no mistyped German one.
        mended = plain if english else [word if word in UNDERSTOOD or is_verb(word) else repair(word) for word in plain]
        meant = _in_one_form(mended)
        content = tuple(dict.fromkeys(word for word in meant.split() if word not in FILLERS and len(word) > 1))
        places = tuple(_SHORT_PLACES.get(word, word) for word in content if word in PLACES or word in _SHORT_PLACES)
        guessed = frozenset(mended) - frozenset(plain)
        hints = tuple(word for asked, found in HINTS if asked.search(meant) for word in found if word not in content)
        return cls(text, said, meant, content, places, tuple(_PERSON.findall(said)), guessed, english, hints)


def said_in(text: str) -> str:
    """A question's folded words with phrases in one form: its ``said``, alone."""
    return _in_one_form(_plain(text))


def _plain(text: str) -> list[str]:
    spread = _FROM_TO.sub(r"\1 bis \2", text.replace("%", " prozent ").replace("€", " euro "))
    return [_asking(part) for word in words(spread) for part in _without_form(word)]


def _without_form(word: str) -> tuple[str, ...]:
    """„Aufgabenliste" as „Aufgaben Liste"."""
    form = next((form for form in FORMS if word.endswith(form) and len(word) > len(form) + _SHORTEST_SLIP), "")
    return (word.removesuffix(form), form) if form else (word,)


def _asking(word: str) -> str:
    """The question word of which this is a slip: a letter lost, doubled or swapped, never another („wand")."""
    if word in UNDERSTOOD or len(word) < _SHORTEST_SLIP:
        return word
    slips = (asked for asked in ASKING if len(asked) != len(word) or sorted(asked) == sorted(word))
    return next((asked for asked in slips if distance(word, asked, 1) == 1), word)


def _in_one_form(tokens: list[str]) -> str:
    return " ".join(_PHRASE.sub(lambda found: PHRASES[found[1]], " ".join(tokens)).split())


@remembered
def meanings(word: str) -> tuple[str, ...]:
    """What sources may say for a word: folded words, with ``*`` for any ending."""
    found = list(_EXACT.get(word, ()))
    for prefix, patterns in _PREFIXES:
        if word.startswith(prefix) and len(word) <= len(prefix) + _LONGEST_ENDING:
            found.extend(patterns)
    return tuple(found)


def meanings_of_the_head(word: str) -> list[str]:
    """A German compound is a kind of what it ends in: „Hausanschrift", „Projektlaufzeit", „Fördersumme"."""
    for place in range(3, len(word) - 4):
        if word[place:] in _EXACT:
            return _EXACT[word[place:]]
        for prefix, patterns in _PREFIXES:
            if len(prefix) > 5 and word[place:].startswith(prefix):  # noqa: PLR2004 - „tel", „mail" end many words
                return patterns
    return []
