"""office.toml: the office itself, and its bodies with their charters."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.calendar import known_region
from models.charter import DEFAULT_PRESET, PRESETS, CharterFault, read_charter
from models.roll.cells import LANGUAGES
from models.roll.tables import LARGEST, clean
from models.roll.values import Fault, Row

KEYS = ("name", "contact", "time_zone", "holiday_region", "languages", "settings", "body")
BODY_KEYS = ("name", "short", "charter")
MOST_POSTAL_DAYS = 10


class _UnfitError(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def read_office(file: str, content: bytes) -> tuple[dict[str, Any], list[Row], list[Fault]]:
    """The office's fields that are said, its bodies as rows by short name, and every fault."""
    try:
        data = _parse(content)
    except _UnfitError as unfit:
        line = re.search(r"at line (\d+)", unfit.detail)
        return {}, [], [Fault(file, int(line[1]) if line else None, None, unfit.reason, unfit.detail)]
    faults = [Fault(file, None, key, "unknown key", ", ".join(KEYS)) for key in data if key not in KEYS]
    office: dict[str, Any] = {}
    for key, check in _CHECKS.items():
        try:
            if key in data:
                office[key] = check(data[key])
        except _UnfitError as unfit:
            faults.append(Fault(file, None, key, unfit.reason, unfit.detail))
    bodies, wrong = _read_bodies(file, data.get("body", []))
    return office, bodies, faults + wrong


def _parse(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise _UnfitError("too large")
    try:
        return tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise _UnfitError("unreadable") from None
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
    if not isinstance(value, list) or not value or any(one not in LANGUAGES for one in value):
        raise _UnfitError("unknown language", str(value))
    return value


def _settings(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _UnfitError("not a table")
    for key, setting in value.items():
        if key != "postal_days":
            raise _UnfitError("unknown key", "postal_days")
        if type(setting) is not int or not 0 <= setting <= MOST_POSTAL_DAYS:
            raise _UnfitError("not days", f"{key} = {setting}")
    return value


_CHECKS = {
    "name": _needed,
    "contact": _text,
    "time_zone": _zone,
    "holiday_region": _region,
    "languages": _languages,
    "settings": _settings,
}


def _read_bodies(file: str, data: Any) -> tuple[list[Row], list[Fault]]:
    if not isinstance(data, list):
        return [], [Fault(file, None, "[[body]]", "not a table")]
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, body in enumerate(data, 1):
        place = f"[[body]] {number}"
        row, wrong = _read_body(file, number, body) if isinstance(body, dict) else (None, [("", "not a table", "")])
        if row and any(row.key == other.key for other in rows):
            wrong.append((", short", "body twice", row.key[0]))
        rows += [row] if row else []
        faults += [Fault(file, None, place + where, reason, detail) for where, reason, detail in wrong]
    return rows, faults


def _read_body(file: str, number: int, body: Mapping[str, Any]) -> tuple[Row | None, list[tuple[str, str, str]]]:
    wrong = [(f", {key}", "unknown key", ", ".join(BODY_KEYS)) for key in body if key not in BODY_KEYS]
    said: dict[str, Any] = {}
    for key in ("name", "short"):
        try:
            said[key] = _needed(body.get(key, ""))
        except _UnfitError as unfit:
            wrong.append((f", {key}", unfit.reason, unfit.detail))
    try:
        said["charter"] = full_charter(body.get("charter", {}))
    except CharterFault as fault:
        wrong.append((f", charter.{fault.key}", "charter", fault.reason))
    except _UnfitError as unfit:
        wrong.append((", charter", unfit.reason, unfit.detail))
    # A body with a fault in its charter is a body all the same to those who sit in it.
    return Row(file, number, (said.pop("short"),), said) if "short" in said else None, wrong


def full_charter(data: Any) -> dict[str, Any]:
    """A charter with every key written out: the preset's, and what is said over it.

    Raises:
        CharterFault: for the first key that cannot be read.
    """
    if not isinstance(data, dict):
        raise _UnfitError("not a table")
    preset = read_charter(data).preset
    return {"preset": preset, **PRESETS.get(preset, PRESETS[DEFAULT_PRESET]), **data}
