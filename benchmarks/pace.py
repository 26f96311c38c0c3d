"""How long a row of sending attempts must take by the limiter alone; what is more is the courier's own."""

from collections.abc import Sequence
from dataclasses import dataclass

A_MOMENT = 0.05  # seconds: what left this shortly before a halt's end was on its way when it began


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request, at so many seconds. ``pause``: what its letter must wait for then; ``halt``: what everybody must."""

    at: float
    chat: int
    pause: float = 0.0
    halt: float = 0.0


def allowed(attempts: Sequence[Attempt], rate: int) -> float:
    """Seconds from the first to the last of these attempts, in this order, if each left as soon as it might."""
    leaves: list[float] = []
    free: dict[int, float] = {}
    halts: list[tuple[float, float]] = []  # until when in fact, until when at best
    for number, one in enumerate(attempts):
        best = max(leaves[-1] if leaves else 0.0, free.get(one.chat, 0.0))
        if number >= rate:
            best = max(best, leaves[number - rate] + 1.0)
        best = max([best, *(ideal for real, ideal in halts if one.at >= real - A_MOMENT)])
        leaves.append(best)
        free[one.chat] = best + max(one.pause, 1.0)  # one a second in one chat
        if one.halt:
            halts.append((one.at + one.halt, best + one.halt))
    return leaves[-1] if leaves else 0.0
