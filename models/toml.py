"""TOML that somebody wrote: read within limits, so that no file holds the bot up; what is wrong is always one error."""

import re
import tomllib
from typing import Any

LARGEST = 100_000  # bytes; the standard library takes minutes for what is built to be slow
DEEPEST = 50  # tables and lists within each other
HIGHEST = 2**63 - 1  # what TOML promises of a number: https://toml.io/en/v1.0.0#integer
# A key of so many parts. It has to be found before it is read, since the time grows with their square.
_DEEP_KEY = re.compile(rf"""(?<![\w"'-])(?:[\w"'-]+[ \t]*\.[ \t]*){{{DEEPEST}}}""")


def parse(text: str) -> dict[str, Any]:
    """What the text says.

    Raises:
        tomllib.TOMLDecodeError: it is no TOML, or beyond the limits; mostly with „(at line 3, column 7)".
    """
    if deep := _DEEP_KEY.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise tomllib.TOMLDecodeError(f"Nested too deeply (at line {line})")
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("Nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # of a number with more digits than Python converts
        raise tomllib.TOMLDecodeError("Number too large") from None
    _need_bounds(data)
    return data


def _need_bounds(data: Any) -> None:
    waiting = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise tomllib.TOMLDecodeError("Nested too deeply")
        if isinstance(value, int) and abs(value) > HIGHEST:
            raise tomllib.TOMLDecodeError("Number too large")
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(one, depth + 1) for one in inner]
