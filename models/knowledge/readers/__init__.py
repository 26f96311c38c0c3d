"""Files of every kind, read: each becomes a text and its paragraphs. Nothing in a file is run, nothing is fetched."""

from models.knowledge.body import Body
from models.knowledge.meta import SOURCE_KINDS
from models.knowledge.readers.markdown import read_markdown
from models.knowledge.readers.plain import read_plain

KINDS = frozenset(SOURCE_KINDS)
PACKED = frozenset({".docx", ".pdf"})  # no text files: what is said of them stands in a TOML file beside them
LARGEST_TEXT = 5_000_000  # bytes; the longest directive at hand has half a million
LARGEST_PACKED = 20_000_000  # bytes, as much as a bot may download: https://core.telegram.org/bots/api#getfile


def largest(kind: str) -> int:
    """How many bytes a file of this kind may have."""
    return LARGEST_PACKED if kind in PACKED else LARGEST_TEXT


def read_text(kind: str, text: str) -> Body:
    """A text file's text, as .txt, .md or .html.

    Raises:
        UnreadableError: it holds more than anybody would cite from.
    """
    if kind in {".html", ".htm"}:
        from models.knowledge.readers.web_page import read_html  # noqa: PLC0415 - loads lxml, which few starts need

        return read_html(text)
    return read_markdown(text) if kind == ".md" else read_plain(text)


def read_packed(kind: str, data: bytes) -> Body:
    """A .docx or .pdf.

    Raises:
        UnreadableError: protected, damaged, a scan, or more than anybody would cite from.
    """
    if kind == ".docx":
        from models.knowledge.readers.docx import read_docx  # noqa: PLC0415 - loads lxml, which few starts need

        return read_docx(data)
    from models.knowledge.readers.pdf import read_pdf  # noqa: PLC0415 - loads the renderer's library

    return read_pdf(data)
