"""The one rule by which a text never becomes a formula, and what takes its mark off again. Pure."""

import re
import unicodedata

# What makes a spreadsheet take a cell for a formula, in every width of writing, and whatever stands for a blank before
# it: https://owasp.org/www-community/attacks/CSV_Injection. A negative number that is a text gets the mark, too: what
# is to be reckoned with is written as a number, not as a text.
FORMULA_STARTS = tuple("=+-@|%＝＋－＠｜％﹢﹣﹦﹫−")
_RISKY = re.compile(rf"'*(?:[{re.escape(''.join(FORMULA_STARTS))}]|\s+\S)")
# Control signs (a workbook must not hold them), what steers writing, halves of signs, signs of somebody's own typeface,
# and what is no sign at all.
NEVER_IN_A_CELL = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINER = "\u200d"  # within emoji; without it they would not come back as the same


def bare(text: str) -> str:
    """The text without control signs and without what steers writing; line ends stay, tabs become blanks."""
    plain = text.replace("\r\n", "\n").replace("\r", " ").replace("\t", " ")
    return "".join(one for one in plain if one in {"\n", JOINER} or unicodedata.category(one) not in NEVER_IN_A_CELL)


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet computes: what looks like a formula begins with an apostrophe."""
    plain = bare(text)
    return f"'{plain}" if _RISKY.match(plain) else plain


def original(cell: str) -> str:
    """What was written by ``neutral``, without its mark: ``original(neutral(text)) == bare(text)``."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell[1:]) else cell
