"""What goes wrong, on purpose."""

import random
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from demo.telegram.entities import Json

Action = Literal["retry_after", "error", "drop_before", "drop_after", "half_reply", "delay"]


@dataclass
class Fault:
    """One fault and the requests it hits.

    ``action``: ``retry_after`` (429, with ``seconds``), ``error`` (``code`` and ``description``), ``drop_before`` and
    ``drop_after`` (the connection ends before or after the effect), ``half_reply`` (it ends in the middle of the
    reply, after the effect), ``delay`` (``seconds`` of real time before the effect).
    ``method`` empty: any; ``chat_id`` none: any; the first ``skip`` matching requests pass; then ``count`` are hit
    (none: all), each with ``probability``.
    """

    action: Action
    method: str = ""
    chat_id: int | None = None
    skip: int = 0
    count: int | None = 1
    probability: float = 1.0
    seconds: float = 1
    code: int = 500
    description: str = "Internal Server Error"
    hits: int = 0

    @classmethod
    def from_json(cls, values: Json) -> "Fault":
        """From the control endpoint.

        Raises:
            ValueError: an unknown field or action.
        """
        known = {field.name for field in fields(cls)} - {"hits"}
        if unknown := set(values) - known:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        if values.get("action") not in get_args(Action):
            raise ValueError(f"action must be one of {', '.join(get_args(Action))}")
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """All its fields."""
        return asdict(self)

    def matches(self, method: str, chat_id: str) -> bool:
        """Whether it is meant for such a request and not used up."""
        if self.method and self.method.lower() != method.lower():
            return False
        if self.chat_id is not None and str(self.chat_id) != chat_id:
            return False
        return self.count is None or self.count > 0


class FaultPlan:
    """The faults still to come, asked once a request."""

    def __init__(self, chance: random.Random) -> None:
        self.faults: list[Fault] = []
        self._chance = chance

    def add(self, fault: Fault) -> Fault:
        """Plans one; its ``hits`` tell how often it struck."""
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.faults.clear()

    def take(self, method: str, chat_id: str) -> Fault | None:
        """The fault that hits this request, if any."""
        for fault in self.faults:
            if fault.matches(method, chat_id) and self._strikes(fault):
                return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        if fault.skip > 0:
            fault.skip -= 1
            return False
        if self._chance.random() >= fault.probability:
            return False
        fault.hits += 1
        if fault.count is not None:
            fault.count -= 1
        return True
