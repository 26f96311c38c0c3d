"""People: how a name is found however it is typed, and how a list becomes pages. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

PAGE = 8  # people on a page: as many names as a phone shows above their buttons
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe"})

T = TypeVar("T")


def spellings(text: str) -> tuple[str, str]:
    """A text as it is compared: with its umlauts written out, and without any marks. Case and blanks do not count."""
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return _bare(plain.translate(_WRITTEN_OUT)), _bare(plain)


def _bare(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, blanks, umlauts and accents."""
    return any(mine == theirs for mine, theirs in zip(spellings(one), spellings(other), strict=True))


def matches(typed: str, *texts: str) -> bool:
    """Whether every word that was typed is part of one of the texts. Nothing typed matches nothing."""
    words, said = typed.split(), [spellings(one) for one in texts]
    return bool(words) and all(_is_in(spellings(word), said) for word in words)


def _is_in(word: tuple[str, str], said: Iterable[tuple[str, str]]) -> bool:
    return any(word[0] in written or word[1] in bare for written, bare in said)


def pages(blocks: Sequence[tuple[str, Sequence[T]]], most: int = PAGE) -> list[list[tuple[str, Sequence[T]]]]:
    """Blocks (a title and what stands under it) as pages of at most so many entries; one page at least.

    A block that fits on a page is not cut; an empty one (a vacant mandate) counts as one entry.
    """
    found: list[list[tuple[str, Sequence[T]]]] = [[]]
    used = 0
    for title, entries in blocks:
        for piece in [entries[at : at + most] for at in range(0, len(entries), most)] or [entries]:
            size = max(len(piece), 1)
            if used and used + size > most:
                found.append([])
                used = 0
            found[-1].append((title, piece))
            used += size
    return found
