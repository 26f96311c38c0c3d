"""Questions that follow the last one up: „und für B?" takes its context. A pure rule; the caller knows how long ago."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.search.glossary import AREAS, FILLERS, PLACES, is_small
from models.search.slots import kinds, month
from models.search.words import fold

_TOKEN = re.compile(r"[^\W_]+")
_CONNECTS = re.compile(
    r"^\W*(?:und|auch|oder|and|or|what about|how about|was ist mit|wie ist es mit)\b|\b(?:auch|too)\W*$", re.IGNORECASE
)
_POINTS_BACK = re.compile(r"\b(?:das|es|dort|daf(?:ü|ue)r|davon|damit|it|that)\W*$", re.IGNORECASE)
_MEDIUM = re.compile(r"tel(efon\w*)?|(?:telefon)?nummer|durchwahl|e?mail\w*|adress\w*|anschrift|fax\w*|phone|address")
_VERB = re.compile(
    r"\b(?:l(?:ä|ae)uft|endet|schlie(?:ß|ss)t|beginnt|(?:ö|oe)ffnet|ist|sind|gibt|gilt|muss|kann|darf|soll|kommt"
    r"|is|are|does|do|can|must|ends|closes|opens)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\b(?:auch|das|es|dann|denn|dort|too|it|that|then|there)\b", re.IGNORECASE)
_SHORT = 6  # words; a longer one stands by itself
_AREA_WORDS = frozenset({"bereich", "foerderbereich", "foerderbereiche", "buchstabe", "fb", "area", "funding"})
_NAMES = {word for names in AREAS.values() for name in names for word in name.split()}
_SHORT_PLACES = frozenset({"sdl"})


@dataclass(frozen=True, slots=True)
class _Part:
    """A word that names something: of which kind, and where it stands."""

    kind: str
    start: int
    end: int
    text: str


def follow_up(before: str, text: str) -> str | None:
    """The question by itself, where it follows ``before`` up; None where it stands alone."""
    if len(_TOKEN.findall(text)) > _SHORT:
        return None
    new, old = _parts(text), _parts(before)
    if new and _is_elliptic(text, new):
        shared = {part.kind for part in new} & {part.kind for part in old}
        if shared or (_CONNECTS.search(text) and old):
            return _replaced(before, old, new)
    points_back = _POINTS_BACK.search(text) and not any(part.kind in {"area", "place"} for part in new)
    return f"{before.rstrip(' ?!.')} {text.strip()}" if points_back and old else None


def _is_elliptic(text: str, parts: Sequence[_Part]) -> bool:
    """Whether nothing is said besides what is named; a sentence with a verb that leans on nothing asks by itself."""
    if _VERB.search(text) and not _CONNECTS.search(text) and not _LEANS.search(text):
        return False
    named = {place for part in parts for place in range(part.start, part.end)}
    rest = (found for found in _TOKEN.finditer(text) if found.start() not in named)
    return all(_says_nothing(fold(found.group())) for found in rest)


def _says_nothing(word: str) -> bool:
    return word in FILLERS or word in _AREA_WORDS or is_small(word)


def _parts(text: str) -> list[_Part]:
    found: list[_Part] = []
    before = ""
    for token in _TOKEN.finditer(text):
        kind = _kind(token.group(), before)
        before = fold(token.group())
        if kind:
            found.append(_Part(kind, token.start(), token.end(), token.group()))
    return found


def _kind(typed: str, before: str) -> str:
    word = fold(typed)
    if len(word) == 1 and word.isalpha():
        # „a", „e" and „i" may be anything; „Förderbereich a" or „A" is not.
        return "area" if typed.isupper() or word not in "aei" or before in _AREA_WORDS else ""
    if word in _NAMES and word not in FILLERS:
        return "area"
    if word in PLACES or word in _SHORT_PLACES:
        return "place"
    if month([word]):
        return "month"
    if kinds(word):
        return "paper"
    return "medium" if _MEDIUM.fullmatch(word) else ""


def _replaced(before: str, old: Sequence[_Part], new: Sequence[_Part]) -> str:
    """The question before with each thing put in place of the one of its kind; what is of no kind yet is added."""
    whole = before
    for kind in dict.fromkeys(part.kind for part in new):
        said = " ".join(part.text for part in new if part.kind == kind)
        there = [part for part in old if part.kind == kind]
        if not there:
            whole = f"{whole.rstrip(' ?!.')} {said}"
            continue
        by_name = len(there[0].text) > 1 and len(said) == 1
        start, end = there[0].start, there[-1].end
        whole = whole[:start] + (f"Förderbereich {said.upper()}" if by_name else said) + whole[end:]
        old = _parts(whole)
    return whole
