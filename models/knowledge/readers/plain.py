"""Plain text: paragraphs stand between blank lines; what they are, the words have to tell."""

import re
from collections.abc import Iterator

from models.knowledge.body import Body, Kind, Paragraph

# What is left of a web page when its text was copied.
_DEBRIS = re.compile(
    r"menu|(?:veröffentlicht in:.*)?\|\s*\d+|foto\s*(?:\(c\)|©|:).*|weitere informationen finden sie hier\W*"
    r"|nach oben|drucken",
    re.IGNORECASE,
)
_HEADING_MARK = re.compile(r"\s*(#{1,6})\s+(\S.*?)\s*#*\s*")


def read_plain(text: str) -> Body:
    """A text as it stands; nothing in it is changed, so that offsets count in the text given."""
    return Body(text, tuple(paragraphs(text)))


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The paragraphs of a text; a line marked as a heading stands alone, and page debris is left out."""
    paragraph, start = Paragraph(), 0
    for line in text.split("\n"):
        marked = _HEADING_MARK.fullmatch(line)
        left_out = not line.strip() or is_debris(line)
        if (left_out or marked) and paragraph.lines:
            yield paragraph
            paragraph = Paragraph()
        if marked:
            yield Paragraph([(start + marked.start(2), marked[2])], Kind.HEADING, len(marked[1]))
        elif not left_out:
            paragraph.lines.append((start, line))
        start += len(line) + 1
    if paragraph.lines:
        yield paragraph


def is_debris(line: str) -> bool:
    """Whether a line is what surrounds the text of a web page."""
    return _DEBRIS.fullmatch(line.strip()) is not None
