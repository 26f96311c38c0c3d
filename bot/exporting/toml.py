"""office.toml written from the store: reading it again gives what is stored."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from models.office import Body, Office


def office_toml(office: Office, bodies: Sequence[Body]) -> bytes:
    """The office and its bodies with their charters."""
    lines = [
        f"name = {toml_value(office.name)}",
        f"contact = {toml_value(office.contact)}",
        f"time_zone = {toml_value(office.time_zone)}",
        f"holiday_region = {toml_value(office.holiday_region)}",
        f"languages = {toml_value(office.languages)}",
    ]
    if office.settings:
        lines += ["", "[settings]", *(f"{_key(key)} = {toml_value(one)}" for key, one in office.settings.items())]
    for body in bodies:
        lines += [
            "",
            "[[body]]",
            f"name = {toml_value(body.name)}",
            f"short = {toml_value(body.short)}",
            "[body.charter]",
        ]
        lines += [f"{_key(key)} = {toml_value(one)}" for key, one in body.charter.items()]
    return ("\n".join(lines) + "\n").encode()


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").isalnum() else _text(key)


def toml_value(value: Any) -> str:
    """A value as TOML spells it."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {toml_value(one)}" for key, one in value.items()) + " }"
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    """A basic string; JSON escapes the same way, but for one sign (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
