"""What is printed on every page and is no part of the text: running heads and feet, page numbers."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from models.knowledge.readers.page import Line, Page, Run, lines, runs

_HIGHEST = 3  # lines of a running head
_APART = 1.5  # of the size: at least so far from the text
_SMALLER = 0.97  # of the text's size: only a line in small print may be a second head or foot
_SAME_PLACE = 1.0  # points
_MOSTLY = 0.8
_FIGURE = re.compile(r"(?<![\d.,])\d{1,5}(?!\d|[.,]\d)")
# „§ 12" at the head of page 12 counts as pages do only by chance.
_HEADED = re.compile(r"(?:§|Artikel|Art\.|Nummer|Nr\.|Abschnitt|Teil|Kapitel|Anlage|Anhang)\s*\d|\d+\.?\s+[A-ZÄÖÜ]")

_Sheet = tuple[int, list[Line]]


def without_furniture(pages: Sequence[Page]) -> list[tuple[Page, list[Run]]]:
    """Each page's runs without what stands apart at its head or foot and is repeated on other pages in that place."""
    sheets = [(page.number, lines(page.number, runs(page.words))) for page in pages]
    usual = _usual_size(sheets)
    for top in (True, False):
        if _strip(sheets, top, largest=float("inf")):
            _strip(sheets, top, largest=_SMALLER * usual)
    rests = ([run for line in rest for run in line.runs] for _, rest in sheets)
    return list(zip(pages, rests, strict=True))


def _usual_size(sheets: Sequence[_Sheet]) -> float:
    sizes = Counter[float]()
    for _, rest in sheets:
        for line in rest:
            sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _strip(sheets: Sequence[_Sheet], top: bool, largest: float) -> bool:
    """Take what is repeated off the pages; whether there was anything."""
    bands: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for place, (_, rest) in enumerate(sheets):
        edge = _edge(rest, top)
        if edge and all(line.size <= largest for line in edge):
            outermost = edge[0 if top else -1]
            text = "\n".join(line.text for line in edge)
            bands[round(outermost.y / _SAME_PLACE)].append((place, len(edge), text))
    stripped = set[int]()
    for height in sorted(bands):
        near = [one for one in bands[height] + bands.get(height + 1, []) if one[0] not in stripped]
        if not _repeated([(place, text) for place, _, text in near]):
            continue
        for place, count, _ in near:
            rest = sheets[place][1]
            del rest[slice(None, count) if top else slice(len(rest) - count, None)]
            stripped.add(place)
    return bool(stripped)


def _edge(rest: Sequence[Line], top: bool) -> list[Line]:
    """The lines at the head or foot of a page that stand apart from the text, or in small print."""
    inwards = list(rest if top else reversed(rest))
    for count in range(1, min(_HIGHEST + 1, len(inwards))):
        last, following = inwards[count - 1], inwards[count]
        if abs(last.y - following.y) > _APART * max(last.size, following.size) or last.size < _SMALLER * following.size:
            return list(rest[:count] if top else rest[len(rest) - count :])
    return list(rest) if len(rest) == 1 else []


def _repeated(band: Sequence[tuple[int, str]]) -> bool:
    """Whether more than half of the pages say the same at one height, but for their number."""
    alike: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, text in band:
        alike[_FIGURE.sub("#", text)].append((place, text))
    again = 0
    for group in alike.values():
        if len(group) > 1 and _counts_pages(group):
            again += len(group)
        else:
            again += sum(count for count in Counter(text for _, text in group).values() if count > 1)
    return again * 2 > len(band)


def _counts_pages(group: Sequence[tuple[int, str]]) -> bool:
    """Whether figures in lines that are otherwise alike stay the same or grow with the pages, as page numbers do."""
    if any(_HEADED.match(text) for _, text in group):
        return False
    figures = [[int(figure) for figure in _FIGURE.findall(text)] for _, text in group]
    for column in zip(*figures, strict=True):
        same = Counter(column).most_common(1)[0][1]
        growing = Counter(figure - place for figure, (place, _) in zip(column, group, strict=True)).most_common(1)[0][1]
        if max(same, growing) < _MOSTLY * len(group):
            return False
    return True
