"""Word counts numbers like „7.10.1" itself and stores only which list a paragraph belongs to; here they are counted."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
HIGHEST_LEVEL = (
    8  # levels count from 0: https://learn.microsoft.com/dotnet/api/documentformat.openxml.wordprocessing.level
)


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is numbered: its first number, its figures, and the text around them, „%1.%2"."""

    start: int = 1
    figures: str = "decimal"
    text: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has been counted."""

    levels: dict[tuple[str, int], Level]
    families: dict[str, str]  # lists that count together
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def mark(self, number: str, level: int) -> str:
        """The next paragraph's number or bullet in this list; empty where it has none."""
        found = self.levels.get((number, level))
        if found is None:
            return ""
        counts = self._counts[self.families.get(number, number)]
        counts[level] = counts.get(level, found.start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if found.figures == "bullet":
            return "•"
        if found.figures == "none":
            return ""
        return _PLACE.sub(lambda place: self._figure(number, int(place[1]) - 1, counts), found.text).strip()

    def legal(self, number: str) -> bool:
        """Whether a list numbers as statutes do, „7.10.1": what it numbers is more than an entry."""
        return any(
            len(_PLACE.findall(found.text)) > 1 for (list_of, _), found in self.levels.items() if list_of == number
        )

    def _figure(self, number: str, level: int, counts: dict[int, int]) -> str:
        found = self.levels.get((number, level), Level())
        return _written(counts.setdefault(level, found.start), found.figures)


def _written(count: int, figures: str) -> str:
    if figures in {"lowerLetter", "upperLetter"} and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 5)
        return letter.upper() if figures == "upperLetter" else letter
    if figures in {"lowerRoman", "upperRoman"} and 0 < count < 4000:  # noqa: PLR2004 - Romans wrote no more
        roman = ""
        for value, sign in _ROMAN:
            roman += sign * (count // value)
            count %= value
        return roman.upper() if figures == "upperRoman" else roman
    return str(count)
