"""What a button carries: a typed tap, packed into at most 64 bytes. A button carries no right and no name.

https://core.telegram.org/bots/api#inlinekeyboardbutton: callback_data is 1–64 **bytes**.
"""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

LONGEST = 64
HIGHEST = 2**31 - 1  # the store's numbers are of 32 bits; PostgreSQL refuses to look for a higher one
DIGITS = len(str(HIGHEST))
_KINDS: dict[str, type["Tap"]] = {}


@dataclass(frozen=True)
class Tap:
    """Mother of all taps. Fields are whole numbers or short words of ours."""

    prefix: ClassVar[str] = ""

    def __init_subclass__(cls, prefix: str = "", **kwargs: object) -> None:
        """Make the kind known under its prefix."""
        super().__init_subclass__(**kwargs)
        if prefix in _KINDS:
            raise ValueError(f"two kinds of taps begin with {prefix}:")
        cls.prefix = prefix
        _KINDS[prefix] = cls

    def pack(self) -> str:
        """The button's data, e.g. ``v:17:4:yes``."""
        names: tuple[str, ...] = self.__match_args__
        data = ":".join([self.prefix, *(str(getattr(self, name)) for name in names)])
        if len(data.encode()) > LONGEST:
            raise ValueError(f"button data over {LONGEST} bytes: {data}")
        return data

    @classmethod
    def read(cls, words: list[str]) -> Self | None:
        """The tap from its words; None where they do not fit."""
        wanted = fields(cls)
        if len(words) != len(wanted):
            return None
        values: list[int | str] = []
        for word, one in zip(words, wanted, strict=True):
            if one.type is int or one.type == "int":
                if not word.isascii() or not word.isdigit() or len(word) > DIGITS or int(word) > HIGHEST:
                    return None
                values.append(int(word))
            else:
                values.append(word)
        return cls(*values)


def parse(data: str) -> Tap | None:
    """The tap that button data stands for; None for data we never made."""
    prefix, *words = data.split(":")
    kind = _KINDS.get(prefix)
    return kind.read(words) if kind else None
