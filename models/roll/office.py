"""office.toml: the office itself, and its bodies with their charters."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.calendar import known_region
from models.charter import DEFAULT_PRESET, PRESETS, charter_faults
from models.roll.cells import LANGUAGES
from models.roll.places import Path, key_lines
from models.roll.tables import clean
from models.roll.values import Fault, Row
from models.toml import LARGEST, parse

KEYS = ("name", "contact", "time_zone", "holiday_region", "languages", "settings", "body")
BODY_KEYS = ("name", "short", "charter")
MOST_POSTAL_DAYS = 10
MOST_DAYS_BEFORE = 60
MOST_YEARS, MOST_MONTHS = 30, 36
LAST_HOUR, MOST_BACKUPS = 23, 366
# Whole numbers of ``[settings]`` with the least and the most of each; see ``models/privacy/rules.py`` and
# ``models/safekeeping.py``.
NUMBERS = {
    "postal_days": (0, MOST_POSTAL_DAYS),
    "retention_years": (1, MOST_YEARS),
    "text_months": (1, MOST_MONTHS),
    "backup_hour": (0, LAST_HOUR),
    "backups_kept": (1, MOST_BACKUPS),
}
# So many days before a meeting those who have not answered are reminded.
DAYS = ("meeting_reminders",)
FLAGS = ("broadcast_release",)
# What the privacy notice says by the office's own words (Art. 13 GDPR).
TEXTS = ("controller", "privacy_officer", "legal_basis", "authority")


class _UnfitError(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def read_office(file: str, content: bytes) -> tuple[dict[str, Any], list[Row], list[Fault]]:
    """The office's fields that are said, its bodies as rows by short name, and every fault."""
    try:
        text = _decode(content)
        data = _parse(text)
    except _UnfitError as unfit:
        line = re.search(r"at line (\d+)", unfit.detail)
        return {}, [], [Fault(file, int(line[1]) if line else None, None, unfit.reason, unfit.detail)]
    lines = key_lines(text)
    faults = [Fault(file, lines.get((key,)), key, "unknown key", ", ".join(KEYS)) for key in data if key not in KEYS]
    office: dict[str, Any] = {}
    for key, check in _CHECKS.items():
        try:
            if key in data:
                office[key] = check(data[key])
        except _UnfitError as unfit:
            faults.append(Fault(file, lines.get((key,)), key, unfit.reason, unfit.detail))
    bodies, wrong = _read_bodies(file, data.get("body", []), lines)
    return office, bodies, faults + wrong


def _decode(content: bytes) -> str:
    if len(content) > LARGEST:
        raise _UnfitError("too large")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _UnfitError("unreadable") from None


def _parse(text: str) -> dict[str, Any]:
    try:
        return parse(text)
    except tomllib.TOMLDecodeError as broken:
        raise _UnfitError("toml", str(broken)) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _UnfitError("not a text")
    return clean(value)


def _needed(value: Any) -> str:
    if not _text(value):
        raise _UnfitError("missing")
    return _text(value)


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(_needed(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _UnfitError("unknown zone", str(value)) from None


def _region(value: Any) -> str:
    if not known_region(_needed(value)):
        raise _UnfitError("unknown region", str(value))
    return _needed(value)


def _languages(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise _UnfitError("unknown language", str(value))
    words = [" ".join(one.casefold().split()) for one in value]
    if any(one not in LANGUAGES for one in words):
        raise _UnfitError("unknown language", str(value))
    return [*dict.fromkeys(LANGUAGES[one] for one in words)]


def _days_before(key: str, value: Any) -> list[int]:
    if not isinstance(value, list) or any(type(one) is not int or not 0 <= one <= MOST_DAYS_BEFORE for one in value):
        raise _UnfitError("not days", f"{key} = {value}")
    return value


def _true_or_false(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _UnfitError("not true or false", f"{key} = {value}")
    return value


def _settings(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _UnfitError("not a table")
    return {key: _setting(key, setting) for key, setting in value.items()}


def _setting(key: str, value: Any) -> int | bool | str | list[int]:
    if key in TEXTS:
        return _text(value)
    if key in DAYS:
        return _days_before(key, value)
    if key in FLAGS:
        return _true_or_false(key, value)
    if key not in NUMBERS:
        raise _UnfitError("unknown key", ", ".join([*NUMBERS, *DAYS, *FLAGS, *TEXTS]))
    least, most = NUMBERS[key]
    if type(value) is not int or not least <= value <= most:
        raise _UnfitError("not days" if key == "postal_days" else "not a number", f"{key} = {value}, {least}–{most}")
    return value


_CHECKS = {
    "name": _needed,
    "contact": _text,
    "time_zone": _zone,
    "holiday_region": _region,
    "languages": _languages,
    "settings": _settings,
}


def _read_bodies(file: str, data: Any, lines: Mapping[Path, int]) -> tuple[list[Row], list[Fault]]:
    if not isinstance(data, list):
        return [], [Fault(file, lines.get(("body",)), "[[body]]", "not a table")]
    rows: list[Row] = []
    faults: list[Fault] = []
    known = set[tuple[str, ...]]()
    for number, body in enumerate(data):
        row, wrong = (
            _read_body(file, number, body, lines) if isinstance(body, dict) else (None, [_Wrong((), "not a table")])
        )
        if row and row.key in known:
            wrong.append(_Wrong(("short",), "body twice", row.key[0]))
        rows += [row] if row else []
        known |= {row.key} if row else set()
        faults += [_fault(file, number, one, lines) for one in wrong]
    return rows, faults


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A fault within a body. ``cause``: the key that asks for one that is missing, as in ``CharterFault``."""

    path: tuple[str, ...]
    reason: str
    detail: str = ""
    cause: str = ""


def _fault(file: str, number: int, wrong: _Wrong, lines: Mapping[Path, int]) -> Fault:
    place = f"[[body]] {number + 1}" + (f", {'.'.join(wrong.path)}" if wrong.path else "")
    line = _line(("body", number), wrong.path, wrong.cause, lines)
    return Fault(file, line, place, wrong.reason, wrong.detail)


def _line(body: Path, path: tuple[str, ...], cause: str, lines: Mapping[Path, int]) -> int | None:
    """The line of a key; of a missing one that of the key that asks for it, or of what it would stand in."""
    candidates: list[Path] = [path]
    if cause:
        candidates += [("charter", cause), ("charter", "preset")]
    candidates += [path[:length] for length in range(len(path) - 1, -1, -1)]
    return next((lines[*body, *one] for one in candidates if (*body, *one) in lines), None)


def _read_body(
    file: str, number: int, body: Mapping[str, Any], lines: Mapping[Path, int]
) -> tuple[Row | None, list[_Wrong]]:
    wrong = [_Wrong((key,), "unknown key", ", ".join(BODY_KEYS)) for key in body if key not in BODY_KEYS]
    said: dict[str, Any] = {}
    for key in ("name", "short"):
        try:
            said[key] = _needed(body.get(key, ""))
        except _UnfitError as unfit:
            wrong.append(_Wrong((key,), unfit.reason, unfit.detail))
    charter = body.get("charter", {})
    unread = _charter_faults(charter)
    wrong += unread
    if not unread:
        said["charter"] = full_charter(charter)
    if "short" not in said:
        return None, wrong
    chair = _line(("body", number), ("charter", "chair"), "", lines)
    # A body with a fault in its charter is a body all the same to those who sit in it.
    return Row(file, number + 1, (said.pop("short"),), said, {"charter.chair": chair} if chair else {}), wrong


def _charter_faults(charter: Any) -> list[_Wrong]:
    if not isinstance(charter, dict):
        return [_Wrong(("charter",), "not a table")]
    return [
        _Wrong(("charter", *fault.key.split(".")), "charter", fault.reason, fault.cause)
        for fault in charter_faults(charter)
    ]


def full_charter(data: Mapping[str, Any]) -> dict[str, Any]:
    """A charter with every key written out: the preset's, and what is said over it."""
    preset = data.get("preset", DEFAULT_PRESET)
    return {"preset": preset, **PRESETS[preset], **data}
