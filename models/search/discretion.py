"""What is confidential: how somebody voted, other sponsors' applications, who takes part, what is private.

The cues stand in ``discretion.toml``.
"""

import re
import tomllib
from pathlib import Path

from models.search.values import Confidential
from models.search.words import fold

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SPONSOR = "|".join(_DATA["sponsors"])


def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(pattern.replace("SPONSOR", f"(?:{_SPONSOR})") for pattern in _DATA[name]))


_ALWAYS, _OTHERS, _OWN, _ASKS_HOW = _any("always"), _any("others"), _any("own"), _any("asks_how")


def confidential(question: str) -> Confidential | None:
    """Whether a question is about how somebody voted, somebody else's application or somebody's private matters."""
    said = " ".join(re.sub(r"[^a-z0-9 ]+", " ", fold(question)).split())
    if _ASKS_HOW.search(said):
        return None
    if _ALWAYS.search(said):
        return Confidential()
    return Confidential() if _OTHERS.search(said) and not _OWN.search(said) else None
