"""HTML: headings, paragraphs, lists and tables of what is the page's own text. Nothing is run, nothing is fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from models.knowledge.body import Block, Body, Kind, UnreadableError, lay_out
from models.knowledge.readers.tables import table_blocks

MOST_ELEMENTS = 200_000
_DEEPEST = 200  # elements in each other; what lies deeper is left out
_LEFT_OUT = {
    "script", "style", "noscript", "template", "head", "nav", "aside", "form", "button", "select", "input", "textarea",
    "iframe", "object", "embed", "applet", "svg", "math", "canvas", "audio", "video", "map", "dialog", "menu",
    "figcaption",
}  # fmt: skip
_ROLES_LEFT_OUT = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu", "menubar"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "html", "body", "main", "article", "section", "div", "header", "footer", "address", "blockquote", "pre", "p", "dl",
    "dt", "dd", "ul", "ol", "li", "table", "caption", "figure", "fieldset", "details", "summary", "center", "hr",
    "tr", "td", "th", "thead", "tbody", "tfoot", "legend", *_HEADINGS,
}  # fmt: skip
_SURROUNDINGS = {"header", "footer"}  # of the page; within an article they are its own
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_COUNT = re.compile(r"\s*([0-9]{1,5})\s*")
_ENOUGH = 200  # letters; a <main> with less is not where the text stands


def read_html(text: str) -> Body:
    """A page's own text: its <main> or <article> where it has one, without menus, forms and what is hidden.

    Raises:
        UnreadableError: it holds more than anybody would cite from.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(errors="replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        # A page without any element is a text.
        if text.strip():
            raise UnreadableError("unreadable") from error
        root = None
    if root is None:
        return lay_out([])
    if sum(1 for _, _ in zip(root.iter(), range(MOST_ELEMENTS + 1), strict=False)) > MOST_ELEMENTS:
        raise UnreadableError("too large", str(MOST_ELEMENTS))
    return lay_out(_Reader().read(_own_text(root)))


def _own_text(root: Any) -> Any:
    mains = [*root.iter("main"), *(one for one in root.iter() if one.get("role") == "main")]
    articles = list(root.iter("article"))
    for found in (*mains, *(articles if len(articles) == 1 else ())):
        if len("".join(found.itertext())) >= _ENOUGH:
            return found
    return root


@dataclass(slots=True)
class _Reader:
    """Walks the elements; words gather until a block ends them."""

    words: list[str] = field(default_factory=list)

    def read(self, root: Any) -> Iterator[Block]:
        yield from self._children(root, 0)
        yield from self._paragraph(Kind.PLAIN)

    def _children(self, element: Any, depth: int) -> Iterator[Block]:
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str) and not _left_out(child) and depth < _DEEPEST:
                yield from self._element(child, depth + 1)
            self._say(child.tail)

    def _element(self, element: Any, depth: int) -> Iterator[Block]:
        tag = element.tag.lower()
        if tag in {"br", "wbr", "img", "sup"} or tag not in _BLOCKS:
            yield from self._within_a_line(element, tag, depth)
            return
        yield from self._paragraph(Kind.PLAIN)
        if tag in _HEADINGS:
            yield from self._heading(element, _HEADINGS[tag])
        elif tag in {"ul", "ol"}:
            yield from self._list(element, depth)
        elif tag == "table":
            yield from self._table(element)
        elif tag == "dl":
            yield from self._definitions(element)
        else:
            yield from self._children(element, depth)
            yield from self._paragraph(Kind.TEXT if tag in {"p", "address", "pre", "blockquote"} else Kind.PLAIN)

    def _within_a_line(self, element: Any, tag: str, depth: int) -> Iterator[Block]:
        if tag == "br":
            self.words.append("\n")
        elif tag == "sup":
            self.words.append(_line(element).translate(_RAISED))
        elif tag not in {"wbr", "img"}:
            yield from self._children(element, depth)

    def _heading(self, element: Any, level: int) -> Iterator[Block]:
        text = _line(element)
        if text:
            yield Block(text, Kind.HEADING, level)

    def _list(self, element: Any, depth: int) -> Iterator[Block]:
        """Entries with their bullet or number; a list in an entry stands below it, set in."""
        number = _number(element.get("start"), 1)
        for child in element:
            if not isinstance(child.tag, str) or _left_out(child):
                continue
            tag = child.tag.lower()
            if tag in {"ul", "ol"}:
                yield from _set_in(self._list(child, depth + 1)) if depth < _DEEPEST else ()
            elif tag == "li":
                number = _number(child.get("value"), number)
                mark = _mark(element, number)
                number += 1
                yield from self._entry(child, mark, depth)

    def _entry(self, element: Any, mark: str, depth: int) -> Iterator[Block]:
        inside = _Reader()
        told = [*inside._children(element, depth + 1), *inside._paragraph(Kind.PLAIN)] if depth < _DEEPEST else []
        own: list[str] = []
        while told and told[0].kind not in {Kind.ITEM, Kind.ROW, Kind.HEADING}:
            own.append(told.pop(0).text)
        if told and not own and told[0].kind == Kind.HEADING:
            own.append(told.pop(0).text)
        if own:
            yield Block(f"{mark} " + "\n".join(own), Kind.ITEM)
        yield from _set_in(told)

    def _definitions(self, element: Any) -> Iterator[Block]:
        term = ""
        for child in element.iter("dt", "dd"):
            if child.tag == "dt":
                term = f"{term}, {_line(child)}" if term else _line(child)
            elif text := _line(child):
                yield from table_blocks([[term, text]], headed=False)
                term = ""

    def _table(self, element: Any) -> Iterator[Block]:
        for caption in element.iter("caption"):
            if text := _line(caption):
                yield Block(text, Kind.TEXT)
        rows = [row for row in element.iter("tr") if _table_of(row) is element]
        if max((len(_cells(row)) for row in rows), default=0) <= 1 or _holds_table(element):
            # A table of one column, or of tables, is a layout.
            for row in rows:
                for cell in _cells(row):
                    yield from self._children(cell, 0)
                    yield from self._paragraph(Kind.PLAIN)
            return
        table = [[text for cell in _cells(row) for text in _spread(cell)] for row in rows]
        headed = all(cell.tag == "th" for cell in _cells(rows[0])) or any(True for _ in element.iter("thead")) or None
        yield from table_blocks(table, headed=headed)

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(_BLANKS.sub(" ", text))

    def _paragraph(self, kind: Kind) -> Iterator[Block]:
        lines = [" ".join(line.split(" ")).strip() for line in "".join(self.words).split("\n")]
        self.words.clear()
        text = "\n".join(_BLANKS.sub(" ", line) for line in lines if line)
        if text:
            yield Block(text, kind)


def _left_out(element: Any) -> bool:
    tag = element.tag.lower() if isinstance(element.tag, str) else ""
    if tag in _SURROUNDINGS:
        return not any(True for _ in element.iterancestors("article", "main", "section"))
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return (
        tag in _LEFT_OUT
        or hidden
        or element.get("role") in _ROLES_LEFT_OUT
        or _HIDDEN.search(element.get("style") or "") is not None
    )


def _line(element: Any) -> str:
    """The words of an element on one line; raised figures as what they are."""
    return _BLANKS.sub(" ", "".join(_spoken(element, 0))).strip()


def _spoken(element: Any, depth: int) -> Iterator[str]:
    tag = element.tag.lower() if isinstance(element.tag, str) else ""
    own = element.text or ""
    yield own.translate(_RAISED) if tag == "sup" else own
    for child in element:
        if isinstance(child.tag, str) and not _left_out(child) and depth < _DEEPEST:
            inner = child.tag.lower()
            apart = " " if inner in _BLOCKS or inner == "br" else ""
            yield apart
            yield from _spoken(child, depth + 1)
            yield apart
        yield child.tail or ""


def _set_in(blocks: Any) -> Iterator[Block]:
    for block in blocks:
        deeper = block.kind == Kind.ITEM
        yield Block("  " + block.text.replace("\n", "\n  "), block.kind) if deeper else block


def _number(written: str | None, otherwise: int) -> int:
    found = _COUNT.fullmatch(written or "")
    return int(found[1]) if found else otherwise


def _mark(element: Any, number: int) -> str:
    if element.tag.lower() == "ul":
        return "•"
    kind = element.get("type")
    if kind in {"a", "A"} and 1 <= number <= 26:  # noqa: PLR2004 - letters
        return f"{chr(ord(kind) + number - 1)})"
    return f"{number}."


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _spread(cell: Any) -> list[str]:
    """A cell's text, as often as it is wide."""
    return [_line(cell), *[""] * (min(_number(cell.get("colspan"), 1), 50) - 1)]


def _table_of(row: Any) -> Any:
    return next(row.iterancestors("table"), None)


def _holds_table(element: Any) -> bool:
    return any(one is not element for one in element.iter("table"))
