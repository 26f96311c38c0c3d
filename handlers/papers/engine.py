"""Templates and data become PDF and PNG, by typst, in this process: no network, no system fonts, no clock.

Data never meet the templates' language: they go in as JSON and are only ever read as values. The same data give the
same bytes, since the date of the file is given and the fonts lie beside this module.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from handlers.papers.signs import FONTS, legible

TEMPLATES = Path(__file__).parent / "templates"
PPI = 72  # a point of the template is a pixel of the picture


def compile_pdf(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The template as PDF. ``at`` (aware) is the date the file says of itself.

    PDF/A-2a (ISO 19005-2: for archives, with text and structure) that is also PDF/UA-1 (ISO 14289-1: accessible).
    """
    # typst wants a fixed offset and whole seconds.
    stamp = at.astimezone(UTC).replace(microsecond=0)
    compiler = _compiler(data)
    made = compiler.compile(TEMPLATES / template, format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=stamp)
    return _whole(made)


def compile_png(template: str, data: Mapping[str, Any], ppi: float = PPI) -> bytes:
    """The template, which must be of one page, as PNG."""
    return _whole(_compiler(data).compile(TEMPLATES / template, format="png", ppi=ppi))


def _whole(compiled: bytes | list[bytes] | None) -> bytes:
    if not isinstance(compiled, bytes):
        raise TypeError("a template must make one file")
    return compiled


def _compiler(data: Mapping[str, Any]) -> typst.Compiler:
    """A compiler of its own for each paper, since papers are made in several threads.

    It sees the templates and nothing else.
    """
    return typst.Compiler(
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        package_path=TEMPLATES,
        package_cache_path=TEMPLATES,
        sys_inputs={"data": json.dumps(printable(data), ensure_ascii=False)},
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def printable(value: Any) -> Any:
    """The data with every text in them as it can be set in type."""
    match value:
        case str():
            return legible(value)
        case Mapping():
            return {str(key): printable(one) for key, one in value.items()}
        case list() | tuple():
            return [printable(one) for one in value]
        case _:
            return value
