"""The parameters of one request, whichever way they came: JSON keeps its types, forms hold everything as text."""

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from demo.telegram.entities import Json
from demo.telegram.refusal import bad_request

_TRUE = {"true", "yes", "1"}


class Upload(NamedTuple):
    """A file that came with a request."""

    name: str
    content: bytes


@dataclass
class Params:
    """Values by name, and the files that came along."""

    values: Json
    uploads: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        """Whether it was given, and not empty."""
        return self.values.get(name) not in {None, ""} if not isinstance(self.values.get(name), (dict, list)) else True

    def text(self, name: str) -> str:
        """As text; empty if it was not given."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """As a whole number; ``default`` if it is none, as Telegram's server does."""
        value = self.values.get(name)
        try:
            return int(value) if value not in {None, ""} else default
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """As yes or no."""
        value = self.values.get(name)
        return value is True or str(value).lower() in _TRUE

    def parsed(self, name: str, what: str = "") -> Any:
        """As JSON; ``None`` if it was not given.

        Raises:
            ApiError: 400 if it is text that is no JSON.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what or name} JSON object") from None

    def array(self, name: str, what: str = "") -> list[Any]:
        """As a JSON array; empty if it was not given.

        Raises:
            ApiError: 400 if it is anything else.
        """
        value = self.parsed(name, what)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {what or name}")
        return value
