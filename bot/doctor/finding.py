"""What the doctor says of one thing it has looked at."""

from typing import NamedTuple


class Finding(NamedTuple):
    """What was looked at; where it is not ``ok``, what to do about it. ``step``: no fault, only what comes next."""

    ok: bool
    title: str
    advice: str = ""
    step: bool = False
