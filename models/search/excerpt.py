"""What of a passage is shown first: the sentences or the list that answer, short enough for a phone.

Every piece is a slice of the passage, byte for byte. The whole is one tap away.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial

from models.search.evidence import Kind, needed
from models.search.question import Question, meanings, meanings_of_the_head
from models.search.slots import letters
from models.search.words import fold, stem, words

# Characters: about ten lines on a phone; a list may be longer, since it is read at a glance.
SENTENCES, LIST = 500, 800
_LEAD = 240
_SHORTEST = 4  # letters of a stem that may stand within a compound
# A full stop ends a sentence where a capital follows, but not after a number, one letter or a usual abbreviation.
_END = re.compile(
    r"\n+|(?<!\b\d)(?<!\b\d\d)(?<!\b\w)(?<!\bNr)(?<!\bAbs)(?<!\bArt)(?<!\bggf)(?<!\bbzw)(?<!\bca)(?<!\bvgl)(?<!\bTel)"
    r"(?<!\bStr)[.!?][“”\"»)]*\s+(?=[„\"»(]?[A-ZÄÖÜ])"
)
Span = tuple[int, int]


def excerpt(text: str, question: Question) -> tuple[str, ...]:
    """The pieces of a passage to show: all of it where it is short, else the part that answers.

    The part holds whatever of the question the passage holds, and as many neighbours as there is room for, since the
    limits of a statement follow it. Entries of a list stand below the sentence that introduces them.
    """
    spans = _spans(text)
    listed, by_letter = "\n" in text.strip(), bool(letters(question.meant))
    if len(text) <= (LIST if listed and not by_letter else SENTENCES):
        return (text,)
    lead = listed and text[slice(*spans[0])].endswith(":") and spans[0][1] - spans[0][0] <= _LEAD
    part = _part(text, spans, question, lead=lead)
    if part is None:
        return (text,)
    # An entry that is asked for by its letter is all that was asked for.
    first, last = part if listed and by_letter else _grown(spans, *part)
    if spans[last][1] - spans[first][0] > (LIST if listed else SENTENCES):
        return (text,)
    shown = text[spans[first][0] : spans[last][1]]
    return (text[slice(*spans[0])], shown) if lead and first else (shown,)


def _spans(text: str) -> list[Span]:
    """The sentences and lines, without the blanks around them."""
    ends = [found.end() for found in _END.finditer(text)]
    parts = zip([0, *ends], [*ends, len(text)], strict=True)
    spans = [(start, start + len(text[start:end].rstrip())) for start, end in parts]
    return [(start + _blanks(text[start:end]), end) for start, end in spans if text[start:end].strip()]


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip())


def _part(text: str, spans: Sequence[Span], question: Question, *, lead: bool) -> tuple[int, int] | None:
    """The shortest run of neighbours that holds all of the question that the passage holds; None: nothing of it.

    ``lead``: the first introduces the others and is shown with them.
    """
    signs = _signs(question)
    held = [{place for place, sign in enumerate(signs) if sign(text[slice(*span)])} for span in spans]
    wanted = set().union(*held) - (held[0] if lead else set())
    if not wanted:
        return None
    runs = (
        (spans[last][1] - spans[first][0], first, last)
        for first in range(len(spans))
        for last in range(first, len(spans))
        if wanted <= set().union(*held[first : last + 1])
    )
    _, first, last = min(runs)
    return first, last


def _signs(question: Question) -> list[Callable[[str], bool]]:
    """What a sentence is looked through for: the words asked for and what sources say for them, areas, evidence."""
    areas = [re.compile(rf"^\W*{letter}[):.]?\s+\w|[Bb]ereichs?\s+{letter}\b") for letter in letters(question.meant)]
    return [
        *(partial(_holds, _ways(word)) for word in question.content),
        *(partial(_matches, area) for area in areas),
        *(partial(_shows, kind) for kind in needed(f"{question.said} | {question.meant}")),
    ]


def _ways(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([stem(word), *meanings(word), *meanings_of_the_head(word)]))


def _holds(ways: Sequence[str], sentence: str) -> bool:
    return any(_says(word, way) for word in words(sentence) for way in ways)


def _says(word: str, way: str) -> bool:
    if way.endswith("*"):
        return word.startswith(way[:-1])
    return way in {word, stem(word)} or (len(way) >= _SHORTEST and way in word)


def _matches(pattern: re.Pattern[str], sentence: str) -> bool:
    return pattern.search(sentence) is not None


def _shows(kind: Kind, sentence: str) -> bool:
    return kind.shown.search(fold(sentence)) is not None


def _grown(spans: Sequence[Span], first: int, last: int) -> tuple[int, int]:
    """Neighbours taken in by turns, what follows first, as long as all together are short."""
    grows = True
    while grows:
        grows = False
        if last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= SENTENCES:
            last, grows = last + 1, True
        if first and spans[last][1] - spans[first - 1][0] <= SENTENCES:
            first, grows = first - 1, True
    return first, last
