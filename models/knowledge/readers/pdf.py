"""PDF: the words of every page and where they stand, by PDFium. No script, form or link of a file is looked at.

PDFium gives letters in the order in which a page draws them; ``layout`` puts them into the order in which one reads.
"""

import ctypes
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from models.knowledge.body import Block, Body, UnreadableError, lay_out
from models.knowledge.readers.layout import blocks
from models.knowledge.readers.page import Page, Word

# PDFium must not be called by two threads: https://pdfium.googlesource.com/pdfium (fpdfview.h)
_ONE_AT_A_TIME = threading.Lock()
MOST_PAGES = 1500
MOST_LETTERS = 6_000_000
_FEWEST_LETTERS = 10  # a page on average; a scan has none, or those of a stamp
_FARTHEST = 20_000.0  # points; Acrobat makes no page higher than 14,400
_PASSWORD = 4  # FPDF_ERR_PASSWORD of fpdfview.h
# A word ends at a blank, or at U+0002 or U+FFFE, which PDFium makes of a hyphen at the end of a line.
_WORD = re.compile("([^\\s\x02\ufffe]+)([\x02\ufffe]?)")
_CAPITAL_WITHIN = re.compile(r"(?<=[\w.,;:)])(?=[A-ZÄÖÜ][a-zäöüß])")
_BLANK = 0.18  # of a capital's height; the narrowest blank is wider, what is between letters is not
# What stands for no letter: nothing, half a pair, a sign of a font's own.
_STRAY = dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xF900), 0xFFFF], "\ufffd")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LAST_FIGURES = re.compile(r"[0-9]+(?=\W{0,2}$)")
_RAISED_BY = 0.15  # of the size: figures that stand this high are those of a footnote, or of m²


def read_pdf(data: bytes) -> Body:
    """A PDF's text with its pages, without what is repeated at the head and foot of each.

    Raises:
        UnreadableError: protected, damaged, too many pages, or no text in it.
    """
    with _ONE_AT_A_TIME:
        return _read(data)


def _read(data: bytes) -> Body:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("protected" if error.err_code == _PASSWORD else "unreadable") from error
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableError("too many pages", str(len(document)))
        pages = list(_pages(document))
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("unreadable") from error
    finally:
        document.close()
    if sum(len(word.text) for page in pages for word in page.words) < _FEWEST_LETTERS * max(1, len(pages)):
        raise UnreadableError("no text")
    pictures = [Block("?", page=page.number, damaged=True) for page in pages if page.picture]
    found = lay_out(blocks(pages))
    return Body(
        found.text, found.paragraphs, found.pages, tuple(sorted({*found.lost, *(b.page or 0 for b in pictures)}))
    )


def _pages(document: pypdfium2.PdfDocument) -> Iterator[Page]:
    letters = 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        try:
            letters += text.count_chars()
            if letters > MOST_LETTERS:
                raise UnreadableError("too large", str(letters))
            words = _Letters(text.raw).words()
            yield Page(number + 1, page.get_width(), words, not words and _has_picture(page))
        finally:
            text.close()
            page.close()


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


class _Letters:
    """The letters of a page, gathered to words. Reads through C, a few calls a word: a page has thousands."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._left, self._right, self._bottom, self._top = (ctypes.c_double() for _ in range(4))
        self._box = tuple(map(ctypes.byref, (self._left, self._right, self._bottom, self._top)))
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._origin = tuple(map(ctypes.byref, (self._x, self._y)))
        self._matrix = pdfium.FS_MATRIX()
        self._known, self._drawn = (math.nan, math.nan), (0.0, 0)

    def words(self) -> tuple[Word, ...]:
        """All words that run the way most of the page does; what stands across is a mark in the margin."""
        # Broken files put words anywhere; what is on no page is not read.
        found = [(way, word) for way, word in map(self._word, self._places()) if _on_paper(word)]
        ways = Counter[int]()
        for way, word in found:
            ways[way] += len(word.text)
        usual = max(ways, key=lambda way: (ways[way], -way), default=0)
        return tuple(word for way, word in found if way == usual)

    def _places(self) -> Iterator[tuple[int, int, str, bool]]:
        """Each word as (first letter, last letter, text, broken at the end of a line)."""
        for found in _WORD.finditer(self._codes()):
            broken = bool(found[2]) or found[1].endswith("\xad")
            starts = [found.start(1), *self._blanks_left_out(found)]
            for start, end in pairwise([*starts, found.end(1)]):
                text = found[1][start - found.start(1) : end - found.start(1)].replace("\xad", "").translate(_STRAY)
                if text:
                    yield start, end - 1, text, broken and end == found.end(1)

    def _blanks_left_out(self, found: re.Match[str]) -> Iterator[int]:
        """Where two words stand apart between which PDFium saw no blank: „AAllgemeine" of „A Allgemeine"."""
        for inside in _CAPITAL_WITHIN.finditer(found[1]):
            place = found.start(1) + inside.start()
            pdfium.FPDFText_GetCharBox(self._page, place - 1, *self._box)
            end, height = self._right.value, self._top.value - self._bottom.value
            pdfium.FPDFText_GetCharBox(self._page, place, *self._box)
            if self._left.value - end > _BLANK * max(height, self._top.value - self._bottom.value):
                yield place

    def _codes(self) -> str:
        """What stands at each place, a code a place."""
        count = pdfium.FPDFText_CountChars(self._page)
        buffer = (ctypes.c_ushort * (count + 1))()
        if pdfium.FPDFText_GetText(self._page, 0, count, buffer) == count + 1:
            return "".join(map(chr, buffer[:count]))
        # Something takes no place in the text, or two; then each place has to be asked by itself.
        return "".join(chr(pdfium.FPDFText_GetUnicode(self._page, place) % 0x110000) for place in range(count))

    def _word(self, place: tuple[int, int, str, bool]) -> tuple[int, Word]:
        """A word and which way it runs, in quarters of a turn."""
        first, last, text, broken = place
        pdfium.FPDFText_GetCharOrigin(self._page, first, *self._origin)
        pdfium.FPDFText_GetCharBox(self._page, last, *self._box)
        x, y = self._x.value, self._y.value
        size, way = self._size_and_way(first, y)
        end = self._right.value
        if way:
            corners = ((self._left.value, self._bottom.value), (end, self._top.value))
            end = max(_turned(*corner, way)[0] for corner in corners)
            x, y = _turned(x, y, way)
        elif figures := _LAST_FIGURES.search(text):
            text = self._with_raised(last, text, figures, y + _RAISED_BY * size)
        weight = pdfium.FPDFText_GetFontWeight(self._page, first)
        return way, Word(x, max(x, end), y, size, weight, text, broken)

    def _size_and_way(self, place: int, y: float) -> tuple[float, int]:
        """The size in which a letter is drawn, and which way; on one line what was found for the word before."""
        nominal = pdfium.FPDFText_GetFontSize(self._page, place)
        if (nominal, y) != self._known:
            matrix = self._matrix
            pdfium.FPDFText_GetMatrix(self._page, place, matrix)
            way = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
            size = nominal * (math.hypot(matrix.c, matrix.d) or 1.0)
            self._known, self._drawn = (nominal, y), (round(size, 1), way)
        return self._drawn

    def _with_raised(self, last: int, text: str, figures: re.Match[str], height: float) -> str:
        """The figure of a footnote, or of m², as what it is: it must not lengthen the number before it."""
        raised = figures.end()
        while raised > figures.start():
            pdfium.FPDFText_GetCharBox(self._page, last - (len(text) - raised), *self._box)
            if self._bottom.value <= height:
                break
            raised -= 1
        return text[:raised] + text[raised : figures.end()].translate(_RAISED) + text[figures.end() :]


def _on_paper(word: Word) -> bool:
    """Whether a word stands somewhere and has a size; no comparison holds for what is no number."""
    return (
        abs(word.x) < _FARTHEST and abs(word.end) < _FARTHEST and abs(word.y) < _FARTHEST and 0 < word.size < _FARTHEST
    )


def _turned(x: float, y: float, way: int) -> tuple[float, float]:
    """A point as it stands once the page is turned so that this way is from left to right."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[way]
