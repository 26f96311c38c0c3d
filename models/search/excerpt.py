"""What of a passage is shown first: the sentences or the list that answer, short enough for a phone.

Every piece is a slice of the passage, byte for byte. The whole is one tap away.
"""

import re
from collections.abc import Sequence

from models.search.evidence import needed
from models.search.question import Question
from models.search.words import fold, stem, words

# Characters: about ten lines on a phone; a list may be longer, since it is read at a glance.
SENTENCES, LIST = 420, 800
_LEAD = 240
_SHORTEST = 4  # letters of a stem that may stand within a compound
# A full stop ends a sentence where a capital follows, but not after a number, one letter or a usual abbreviation.
_END = re.compile(
    r"\n+|(?<!\b\d)(?<!\b\d\d)(?<!\b\w)(?<!\bNr)(?<!\bAbs)(?<!\bArt)(?<!\bggf)(?<!\bbzw)(?<!\bca)(?<!\bvgl)(?<!\bTel)"
    r"(?<!\bStr)[.!?][“”\"»)]*\s+(?=[„\"»(]?[A-ZÄÖÜ])"
)
Span = tuple[int, int]


def excerpt(text: str, question: Question) -> tuple[str, ...]:
    """The pieces of a passage to show: all of it where it is short, else the part that answers best.

    A part of a list is preceded by the sentence that introduces the list. The sentences that follow belong to a
    statement as its limits do, so the part is made as long as it may be.
    """
    spans = _spans(text)
    is_list = "\n" in text.strip()
    if len(text) <= (LIST if is_list else SENTENCES) or len(spans) == 1:
        return (text,)
    first, last = _grown(spans, _best(text, spans, question))
    part = text[spans[first][0] : spans[last][1]]
    lead = text[slice(*spans[0])]
    introduces = lead.endswith(":") and len(lead) <= _LEAD
    return (lead, part) if first and is_list and introduces else (part,)


def _spans(text: str) -> list[Span]:
    """The sentences and lines, without the blanks around them."""
    ends = [found.end() for found in _END.finditer(text)]
    parts = zip([0, *ends], [*ends, len(text)], strict=True)
    spans = [(start, start + len(text[start:end].rstrip())) for start, end in parts]
    return [(start + _blanks(text[start:end]), end) for start, end in spans if text[start:end].strip()]


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip())


def _best(text: str, spans: Sequence[Span], question: Question) -> int:
    """The sentence or line that holds most of the question; what few of them hold counts more."""
    asked = {stem(word) for word in question.content}
    kinds = needed(f"{question.said} | {question.meant}")
    folded = [fold(text[slice(*span)]) for span in spans]
    held = [{word for word in asked if _holds(sentence, word)} for sentence in folded]
    often = {word: sum(word in one for one in held) for word in asked}
    scores = [
        sum(1 / often[word] for word in one) + sum(bool(kind.shown.search(sentence)) for kind in kinds)
        for one, sentence in zip(held, folded, strict=True)
    ]
    return scores.index(max(scores))


def _holds(folded: str, asked: str) -> bool:
    return any(stem(word) == asked or (len(asked) >= _SHORTEST and asked in word) for word in words(folded))


def _grown(spans: Sequence[Span], best: int) -> tuple[int, int]:
    """Neighbours taken in by turns, what follows first, as long as all together are short."""
    first = last = best
    grows = True
    while grows:
        grows = False
        if last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= SENTENCES:
            last, grows = last + 1, True
        if first and spans[last][1] - spans[first - 1][0] <= SENTENCES:
            first, grows = first - 1, True
    return first, last
