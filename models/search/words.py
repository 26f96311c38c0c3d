"""Words as the search sees them: folded, cut, stemmed, and how far apart two are."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import snowballstemmer

_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("æ", "ae"), ("œ", "oe"))
# 7.10.1, 31.12.2025 and reko@landkreis-stendal.de are one word each; everything else is letters or digits.
_WORD = re.compile(r"\d+(?:\.\d+)+|[a-z]+|\d+")
_GRAM = 4
_SIGNS = np.zeros(256, np.int64)  # every other sign counts as a blank
_SIGNS[np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789.", np.uint8)] = np.arange(1, 38)
_STEMMER = snowballstemmer.stemmer("german")
Found = TypeVar("Found")
REMEMBERED = 4_000  # words that each rule is kept for: those people repeat; what strangers make up must not pile up
LONGEST_KEPT = 40  # letters; longer words come once, and from whoever wants to fill the memory


def remembered(rule: Callable[[str], Found]) -> Callable[[str], Found]:
    """A rule about one word, with what it found for the latest words kept."""
    kept = lru_cache(maxsize=REMEMBERED)(rule)

    @wraps(kept)
    def found(word: str) -> Found:
        return kept(word) if len(word) <= LONGEST_KEPT else rule(word)

    return found


def fold(text: str) -> str:
    """Lower case, ä→ae, ß→ss, no accents: how people write on a phone and how they write at a desk fall together."""
    text = _plain(text.lower())
    if text.isascii():
        return text
    # Some signs come apart into capitals: „𝐀" is one.
    return _plain(unicodedata.normalize("NFKD", text)).encode("ascii", "ignore").decode().lower()


def _plain(text: str) -> str:
    for sign, letters in _UMLAUTS:
        text = text.replace(sign, letters)
    return text


def words(text: str) -> list[str]:
    """The folded words of a text, numbers with their points."""
    return _WORD.findall(fold(text))


@remembered
def stem(word: str) -> str:
    """The German stem of a folded word."""
    return str(_STEMMER.stemWord(word)) if word.isalpha() else word


def gram_codes(folded: str) -> npt.NDArray[np.int64]:
    """Four letters at a time, as numbers: within and across words, so that compounds, inflections and typos share most.

    Letters, digits, points and blanks are 38 signs; 38⁴ codes. The folded text is plain ASCII.
    """
    signs = _SIGNS[np.frombuffer(f" {' '.join(_WORD.findall(folded))} ".encode(), np.uint8)]
    if len(signs) < _GRAM:
        return np.empty(0, np.int64)
    codes = signs[: len(signs) - 3] * 38 + signs[1 : len(signs) - 2]
    return (codes * 38 + signs[2 : len(signs) - 1]) * 38 + signs[3:]


def distance(left: str, right: str, most: int) -> int:
    """Edits between two words, a swap of neighbours being one (optimal string alignment); ``most + 1`` when above."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def tolerance(word: str) -> int:
    """How many edits a word may be wrong by: none up to three letters, one up to seven, then two."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2  # noqa: PLR2004 - said in the sentence above
