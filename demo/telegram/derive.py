"""``python -m demo.telegram.derive``: writes anew which parameters each method takes, from aiogram's typed methods.

The table (``signatures.json``) holds the methods the stand-in answers, and below them the objects their parameters
hold. A name ends in ``!`` if it is required; types are ``Integer``, ``Float``, ``Boolean``, ``String``, ``File``,
``Object`` (of several kinds), the name of an object, or ``Array of`` one of these, more than one parted by ``|``.
"""

import json
import types
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from aiogram import methods
from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types import InlineKeyboardMarkup, InputFile, User
from pydantic import BaseModel

from demo.telegram.methods import METHODS

TABLE = Path(__file__).with_name("signatures.json")
_PLAIN = {bool: "Boolean", int: "Integer", float: "Float", str: "String", datetime: "Integer", timedelta: "Integer"}
_NOTHING = (type(None), Default)
_LOOSE = (User, InlineKeyboardMarkup)
"""Telegram asks only for the id of the one; the other is judged, in Telegram's words, by `keyboards`."""

Table = dict[str, dict[str, str]]


def derive() -> Table:
    """Methods and objects by name; each holds the types of its fields."""
    table: Table = {}
    known = (getattr(methods, name) for name in methods.__all__)
    for one in known:
        if not issubclass(one, TelegramMethod) or one is TelegramMethod:
            continue
        if (name := one.__api_method__).lower() in METHODS:
            _add(table, name, one)
    return dict(sorted(table.items()))


def _add(table: Table, name: str, model: type[BaseModel]) -> None:
    table[name] = {}
    for field, about in sorted(model.model_fields.items()):
        kinds = sorted(set(_kinds(table, about.annotation)))
        table[name][field + "!" * about.is_required()] = "|".join(kinds)


def _kinds(table: Table, annotation: Any) -> list[str]:
    """What a value of this annotation may be in Telegram's words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        given = [one for one in inner if one not in _NOTHING]
        objects = [one for one in given if isinstance(one, type) and issubclass(one, BaseModel)]
        several = len(objects) > 1
        plain = [one for one in given if not (several and one in objects)]
        return ["Object"] * several + [kind for one in plain for kind in _kinds(table, one)]
    if origin is list:
        return [f"Array of {kind}" for kind in _kinds(table, inner[0])]
    if origin is Literal:
        return ["String"]
    return [_kind(table, annotation)]


def _kind(table: Table, annotation: Any) -> str:
    if not isinstance(annotation, type):
        return "Object"
    if issubclass(annotation, InputFile):
        return "File"
    if annotation in _LOOSE:
        return "Object"
    if not issubclass(annotation, BaseModel):
        return next((name for kind, name in _PLAIN.items() if issubclass(annotation, kind)), "Object")
    if annotation.__name__ not in table:
        _add(table, annotation.__name__, annotation)
    return annotation.__name__


def written(table: Table) -> str:
    """The table as its file holds it: a line for each method and object."""
    lines = (f"{json.dumps(name)}: {json.dumps(fields)}" for name, fields in table.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(written(derive()), encoding="utf-8")
