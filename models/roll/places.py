"""On which line of a TOML file a key stands. The standard library reads the values and forgets their lines."""

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]  # keys, and numbers within lists: ("body", 0, "charter", "tie")

# Of a file that has been read without fault, so that only the ends of things matter here.
_TOKEN = re.compile(
    r'''(?P<long>"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^']|'{1,2}(?!'))*'{3,5})
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    |(?P<comment>\#[^\n]*)
    |(?P<newline>\n)
    |(?P<mark>[\[\]{}=,.])
    |(?P<bare>[^\s\[\]{}=,.\#"']+)''',
    re.VERBOSE | re.DOTALL,
)


def key_lines(text: str) -> Mapping[Path, int]:
    """The line, from 1, on which each key and each item of a list begins. ``text`` must be valid TOML."""
    return _Reader(text).read()


class _Reader:
    """Walks the tokens once and keeps where it stands."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []  # kind, text, line
        self._at = 0
        self._lists: dict[Path, int] = {}  # [[…]]: the number of the latest item
        self._lines: dict[Path, int] = {}
        line = 1
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or ""
            if kind != "comment":
                self._tokens.append((kind, found[0], line))
            line += found[0].count("\n")

    def read(self) -> Mapping[Path, int]:
        """Every key with its line."""
        table: Path = ()
        while not self._ended:
            if self._skip("newline"):
                continue
            if self._mark == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    @property
    def _ended(self) -> bool:
        return self._at >= len(self._tokens)

    @property
    def _mark(self) -> str:
        """The punctuation at hand, or nothing."""
        kind, text, _ = self._tokens[self._at] if not self._ended else ("", "", 0)
        return text if kind == "mark" else ""

    def _skip(self, kind: str) -> bool:
        if self._ended or self._tokens[self._at][0] != kind:
            return False
        self._at += 1
        return True

    def _header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``; a name of a list on the way means its latest item."""
        listed = self._tokens[self._at + 1][:2] == ("mark", "[")
        self._at += 2 if listed else 1
        path: Path = ()
        keys, line = self._keys()
        self._at += 2 if listed else 1
        for number, key in enumerate(keys, 1):
            path = (*path, key)
            self._lines.setdefault(path, line)
            if listed and number == len(keys):
                self._lists[path] = self._lists.get(path, -1) + 1
            if path in self._lists:
                path = (*path, self._lists[path])
                self._lines.setdefault(path, line)
        return path

    def _keys(self) -> tuple[list[str], int]:
        """A key with its dots, and its line."""
        line = self._tokens[self._at][2]
        keys = [self._key()]
        while self._mark == ".":
            self._at += 1
            keys.append(self._key())
        return keys, line

    def _key(self) -> str:
        kind, text, _ = self._tokens[self._at]
        self._at += 1
        return str(tomllib.loads(f"key = {text}")["key"]) if kind == "text" else text

    def _pair(self, table: Path) -> None:
        keys, line = self._keys()
        for number in range(1, len(keys) + 1):
            self._lines.setdefault((*table, *keys[:number]), line)
        self._at += 1  # the sign of equality
        self._value((*table, *keys))

    def _value(self, path: Path) -> None:
        if self._mark == "{":
            self._items("}", path, inline=True)
        elif self._mark == "[":
            self._items("]", path, inline=False)
        else:
            while not self._ended and self._mark not in {",", "]", "}"} and self._tokens[self._at][0] != "newline":
                self._at += 1

    def _items(self, end: str, path: Path, *, inline: bool) -> None:
        """What stands in an inline table or a list, to its end."""
        self._at += 1
        number = 0
        while self._mark != end:
            if self._skip("newline"):
                continue
            if self._mark == ",":
                self._at += 1
            elif inline:
                self._pair(path)
            else:
                self._lines[*path, number] = self._tokens[self._at][2]
                self._value((*path, number))
                number += 1
        self._at += 1
