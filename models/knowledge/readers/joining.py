"""Broken lines joined: what a hyphen at the end of one stands for."""

import re

_HYPHENS = "-\u2010\u2011"
_TOGETHER = re.compile(r"(?:und|oder|bzw\.?|sowie|als|bis|noch|wie)\b")
_WORD_BROKEN = re.compile(rf"\w[{_HYPHENS}]$")


def joined(before: str, after: str) -> str:
    """Two lines of one sentence: „Zuwen-" and „dung", „Haupt-" and „und Neben…", „EU-" and „Mittel".

    A hyphen before a small letter was put there to break the line; before „und" and before capitals and figures it
    belongs to the word.
    """
    if not _WORD_BROKEN.search(before):
        return f"{before} {after}"
    if _TOGETHER.match(after):
        return f"{before[:-1]}- {after}"
    return before[:-1] + ("" if after[:1].islower() else "-") + after
