"""Keyboards as a bot sends them, checked as Telegram does."""

import json
from typing import Any

from demo.telegram.entities import Json
from demo.telegram.refusal import ApiError, bad_request

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_DATA_BYTES = 64
MAX_MARKUP_BYTES = 10_000
_ACTIONS = {
    "url": str,
    "callback_data": str,
    "web_app": dict,
    "login_url": dict,
    "switch_inline_query": str,
    "switch_inline_query_current_chat": str,
    "switch_inline_query_chosen_chat": dict,
    "copy_text": dict,
    "callback_game": dict,
    "pay": bool,
}
_TYPE_NAMES = {str: "String", dict: "Object", bool: "Boolean"}


def checked_markup(markup: Any) -> Json | None:
    """A reply markup of any kind, or nothing.

    Raises:
        ApiError: 400 if it is none, or one of its buttons is wrong.
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return inline_markup(markup)
    if "keyboard" in markup:
        return {**markup, "keyboard": _reply_rows(markup["keyboard"])}
    return markup if markup.get("remove_keyboard") or markup.get("force_reply") else None


def inline_markup(markup: Any) -> Json | None:
    """An inline keyboard; one without buttons is none."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if not isinstance(markup.get("inline_keyboard", []), list):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    rows: list[list[Json]] = []
    for row in markup.get("inline_keyboard", []):
        if not isinstance(row, list):
            raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
        buttons = [_inline_button(button) for button in row]
        rows.extend(buttons[start : start + MAX_ROW] for start in range(0, len(buttons), MAX_ROW))
    if not rows:
        return None
    checked = {"inline_keyboard": rows}
    if sum(map(len, rows)) > MAX_BUTTONS or len(json.dumps(checked, ensure_ascii=False).encode()) > MAX_MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    return checked


def _wrong_button(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _wrong_button("InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise _wrong_button('Can\'t find field "text"')
    for name, kind in {"text": str, **_ACTIONS}.items():
        if name in button and not isinstance(button[name], kind):
            raise _wrong_button(f'Field "{name}" must be of type {_TYPE_NAMES[kind]}')
    if not any(name in button for name in _ACTIONS):
        raise _wrong_button("Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 0 < len(button["callback_data"].encode()) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return button


def _reply_rows(rows: Any) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
    return [[{"text": button} if isinstance(button, str) else button for button in row] for row in rows]
