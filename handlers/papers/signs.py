"""What of a text can be set in type: signs that our fonts have, and none that steers or disguises."""

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# The last resort of every template. It has every sign that the fonts before it have.
WIDEST = FONTS / "DejaVuSans.ttf"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
BREAK = "\N{ZERO WIDTH SPACE}"
# A word longer than this would run off the page, so it may be broken at every so many signs.
LONG_WORD, PIECE = 40, 12
KEPT_FORMATS = {"\N{SOFT HYPHEN}", BREAK, "\N{ZERO WIDTH NON-JOINER}"}
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")
_TOWERS = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")
_LONG = re.compile(rf"[^\s{BREAK}]{{{LONG_WORD + 1},}}")


def legible(text: str) -> str:
    """The text as it can be printed.

    Signs without a glyph become „�" (one for a run of them); control signs and those that turn the direction of
    writing are dropped, since they could show an auditor something else than what stands there.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", whole)).replace("\t", " ")
    shown = "".join(_shown(one) for one in _SELECTORS.sub("", lines))
    return _LONG.sub(_breakable, _TOWERS.sub(r"\1", re.sub(f"{REPLACEMENT}+", REPLACEMENT, shown)))


def _shown(sign: str) -> str:
    if sign == "\n" or sign in KEPT_FORMATS:
        return sign
    match unicodedata.category(sign):
        case "Cc" | "Cf":
            return ""
        case "Co" | "Cn" | "Cs":  # private, unassigned: PDF/A forbids them
            return REPLACEMENT
        case _:
            return sign if covered(ord(sign)) else REPLACEMENT


def _breakable(word: re.Match[str]) -> str:
    text = word[0]
    return BREAK.join(text[at : at + PIECE] for at in range(0, len(text), PIECE))


def covered(code_point: int) -> bool:
    """Whether the widest font has a glyph for it."""
    return code_point in _covered()


@cache
def _covered() -> frozenset[int]:
    """The code points of the widest font, from its ``cmap`` table in format 12.

    https://learn.microsoft.com/typography/opentype/spec/cmap
    """
    content = WIDEST.read_bytes()
    (tables,) = struct.unpack_from(">H", content, 4)
    records = (struct.unpack_from(">4sIII", content, 12 + 16 * at) for at in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (encodings,) = struct.unpack_from(">H", content, cmap + 2)
    starts = (cmap + struct.unpack_from(">HHI", content, cmap + 4 + 8 * at)[2] for at in range(encodings))
    subtable = next(at for at in starts if struct.unpack_from(">H", content, at) == (12,))
    (groups,) = struct.unpack_from(">I", content, subtable + 12)
    ranges = (struct.unpack_from(">II", content, subtable + 16 + 12 * at) for at in range(groups))
    return frozenset(point for first, last in ranges for point in range(first, last + 1))
