"""The Bot API's objects as JSON, just as much of them as the tests need."""

import html
import re
from datetime import UTC, datetime
from typing import Any

BOT = {"id": 1, "is_bot": True, "first_name": "ReKo", "username": "reko_test_bot"}
BOT_INFO = BOT | {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}
SENT_AT = int(datetime(2026, 11, 24, 9, 0, tzinfo=UTC).timestamp())
FILE_FIELDS = {"sendDocument": "document", "sendPhoto": "photo", "sendVoice": "voice", "sendVideo": "video"}


def user(telegram_id: int, name: str, language: str) -> dict[str, Any]:
    return {"id": telegram_id, "is_bot": False, "first_name": name, "language_code": language}


def chat(chat_id: int) -> dict[str, Any]:
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": f"U{chat_id}"}
    return {"id": chat_id, "type": "group", "title": f"G{chat_id}"}


def plain(text: str) -> str:
    """HTML as the reader sees it."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def message(chat_id: int, message_id: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
    """The message Telegram makes of a request to send one."""
    made: dict[str, Any] = {"message_id": message_id, "date": SENT_AT, "chat": chat(chat_id), "from": BOT}
    for field in ("text", "caption"):
        if field in params:
            made[field] = plain(params[field]) if params.get("parse_mode") == "HTML" else params[field]
    if "inline_keyboard" in params.get("reply_markup", {}):
        made["reply_markup"] = params["reply_markup"]
    if method in FILE_FIELDS:
        one = {"file_id": f"file{message_id}", "file_unique_id": f"unique{message_id}"}
        made[FILE_FIELDS[method]] = [one | {"width": 1, "height": 1}] if method == "sendPhoto" else one
    return made


def error(code: int, description: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
    """An error as Telegram answers it; ``parameters``: retry_after, migrate_to_chat_id."""
    answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return code, answer | ({"parameters": parameters} if parameters else {})


def blocked() -> tuple[int, dict[str, Any]]:
    return error(403, "Forbidden: bot was blocked by the user")


def flood(seconds: int) -> tuple[int, dict[str, Any]]:
    return error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def bad_request(text: str) -> tuple[int, dict[str, Any]]:
    return error(400, f"Bad Request: {text}")


def migrated(to: int) -> tuple[int, dict[str, Any]]:
    return error(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=to)
