"""Telegram, replaced at the transport: it keeps what it was sent, answers like the Bot API, and fails when told to.

Whatever nobody scripted is noted in ``unscripted`` (the ``telegram`` fixture fails the test for it).
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from telegram.request import BaseRequest, RequestData

from tests.auxil import telegram_json as tg

Fault = BaseException | tuple[int, dict[str, Any]]
STANDING: dict[str, Any] = {
    "getMe": tg.BOT_INFO,
    "getUpdates": [],
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
}
QUIET = {
    "answerCallbackQuery",
    "deleteMyCommands",
    "deleteWebhook",
    "pinChatMessage",
    "sendChatAction",
    "setChatMenuButton",
    "setMyCommands",
    "setMyDescription",
    "setMyName",
    "setMyShortDescription",
    "setWebhook",
    "unpinChatMessage",
}
SENDING = {"sendMessage", *tg.FILE_FIELDS}
SEVERAL = {"sendMediaGroup": "_send_album", "deleteMessages": "_delete_several"}
EDITING = {"editMessageText", "editMessageReplyMarkup", "editMessageCaption"}


@dataclass
class Call:
    """One request: the method, its parameters as decoded values, the files by part name."""

    method: str
    params: dict[str, Any]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass
class Planned:
    """A fault waiting for its call; None lets that call pass."""

    fault: Fault | None
    chat_id: int | None
    arrives: bool


class FakeTelegram(BaseRequest):
    """A scripted Bot API. ``calls`` holds every request, ``chats`` every chat's messages as they stand now."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.chats: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.files: dict[str, bytes] = {}
        self.unscripted: list[str] = []
        self.blocked: set[int] = set()
        self.server_date: str | None = None
        self.scripts: dict[str, Callable[[Call], Any]] = {}
        self._faults: dict[str, list[Planned]] = defaultdict(list)
        self._message_ids, self._update_ids = count(1), count(1000)

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    # --- what the test scripts

    def fail(self, method: str, *faults: Fault | None, chat_id: int | None = None, arrives: bool = False) -> None:
        """The next calls of ``method`` (to ``chat_id``) meet these faults, one each.

        A fault is an answer (``blocked()``, ``flood(3)``, ``bad_request("…")``) or an exception to raise
        (``NeverLeft()``, ``TimedOut()``), or None: that call passes; with ``arrives`` Telegram does what was asked all
        the same.
        """
        self._faults[method] += [Planned(fault, chat_id, arrives) for fault in faults]

    def answer(self, method: str, script: Callable[[Call], Any]) -> None:
        """Answer ``method`` with what ``script`` makes of the call."""
        self.scripts[method] = script

    # --- what the test looks at

    def sent(self, method: str, chat_id: int | None = None) -> list[Call]:
        """All calls of a method, to one chat or to any."""
        return [
            call
            for call in self.calls
            if call.method == method and (chat_id is None or call.params.get("chat_id") == chat_id)
        ]

    def texts(self, chat_id: int) -> list[str]:
        """What the chat shows of ours now, edits included, oldest first."""
        shown = (self.chats[chat_id][key] for key in sorted(self.chats[chat_id]))
        return [each.get("text", each.get("caption", "")) for each in shown if each["from"] == tg.BOT]

    def last(self, chat_id: int) -> dict[str, Any]:
        """The newest message of ours in the chat."""
        ours = [key for key, each in self.chats[chat_id].items() if each["from"] == tg.BOT]
        assert ours, f"nothing was sent to {chat_id}"
        return self.chats[chat_id][max(ours)]

    def toasts(self) -> list[str]:
        """The texts of the answers to taps, oldest first; "" for one without."""
        return [call.params.get("text", "") for call in self.sent("answerCallbackQuery")]

    @staticmethod
    def buttons(message: dict[str, Any]) -> dict[str, str]:
        """Label → callback data (or URL) of a message's keyboard."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return {key["text"]: key.get("callback_data", key.get("url", "")) for row in rows for key in row}

    # --- what people do: raw updates

    def write(self, who: int, text: str, *, chat_id: int | None = None, name: str = "Vera", language: str = "de",
              reply_to: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:  # fmt: skip
        """Somebody writes; a leading ``/command`` is marked as one. ``more`` goes into the message."""
        message = self._incoming(who, chat_id, name, language) | {"text": text} | more
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        if reply_to is not None:
            message["reply_to_message"] = reply_to
        return {"update_id": next(self._update_ids), "message": message}

    def edit(self, written: dict[str, Any], text: str) -> dict[str, Any]:
        """Somebody edits what they wrote: ``written`` is the update that brought it."""
        message = written["message"]
        edited = message | {"text": text, "edit_date": tg.SENT_AT}
        self.chats[message["chat"]["id"]][message["message_id"]] = edited
        return {"update_id": next(self._update_ids), "edited_message": edited}

    def upload(self, who: int, file_name: str, content: bytes, *, caption: str = "") -> dict[str, Any]:
        """Somebody sends a file."""
        message = self._incoming(who, None, "Vera", "de")
        file_id = f"upload{message['message_id']}"
        self.files[file_id] = content
        message["document"] = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_name": file_name,
            "file_size": len(content),
        }
        if caption:
            message["caption"] = caption
        return {"update_id": next(self._update_ids), "message": message}

    def photo(self, who: int, content: bytes = b"GIF89a", **more: Any) -> dict[str, Any]:
        """Somebody sends a picture; ``media_group_id`` where it belongs to an album."""
        message = self._incoming(who, None, "Vera", "de") | more
        file_id = f"photo{message['message_id']}"
        self.files[file_id] = content
        size = {"width": 9, "height": 9, "file_size": len(content)}
        message["photo"] = [{"file_id": file_id, "file_unique_id": file_id, **size}]
        return {"update_id": next(self._update_ids), "message": message}

    def tap(self, who: int, label: str, *, chat_id: int | None = None, message: dict[str, Any] | None = None,
            name: str = "Vera", language: str = "de") -> dict[str, Any]:  # fmt: skip
        """Somebody taps the button with this label, on ``message`` or on the newest that has it."""
        shown = self.chats[chat_id or who]
        candidates = [message] if message else [shown[key] for key in sorted(shown, reverse=True)]
        for each in candidates:
            if label in self.buttons(each):
                return self.tap_data(who, self.buttons(each)[label], each, name=name, language=language)
        raise AssertionError(f"no button {label!r} in chat {chat_id or who}")

    def tap_data(self, who: int, data: str, message: dict[str, Any], *, name: str = "Vera", language: str = "de"
                 ) -> dict[str, Any]:  # fmt: skip
        """Somebody taps a button with this data, whatever the message shows (forged, old, forwarded)."""
        update_id = next(self._update_ids)
        query = {
            "id": str(update_id),
            "from": tg.user(who, name, language),
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return {"update_id": update_id, "callback_query": query}

    def _incoming(self, who: int, chat_id: int | None, name: str, language: str) -> dict[str, Any]:
        message_id = next(self._message_ids)
        message = {
            "message_id": message_id,
            "date": tg.SENT_AT,
            "chat": tg.chat(chat_id or who),
            "from": tg.user(who, name, language),
        }
        self.chats[chat_id or who][message_id] = message
        return message

    # --- the transport

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: Any, **_more: Any
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        if method == "GET":
            return 200, self.files[name]
        call = Call(name, dict(request_data.parameters) if request_data else {}, _files(request_data))
        self.calls.append(call)
        status, answer = self._respond(call)
        return status, json.dumps(answer).encode()

    def _respond(self, call: Call) -> tuple[int, dict[str, Any]]:
        planned = self._planned(call)
        if planned is None or planned.fault is None:
            return self._perform(call)
        if planned.arrives:
            self._perform(call)
        if isinstance(planned.fault, BaseException):
            raise planned.fault
        return planned.fault

    def _planned(self, call: Call) -> Planned | None:
        waiting = self._faults[call.method]
        for index, each in enumerate(waiting):
            if each.chat_id in {None, call.params.get("chat_id")}:
                return waiting.pop(index)
        return None

    def _perform(self, call: Call) -> tuple[int, dict[str, Any]]:
        if call.params.get("chat_id") in self.blocked:
            return tg.blocked()
        if call.method in self.scripts:
            return 200, {"ok": True, "result": self.scripts[call.method](call)}
        if call.method in QUIET:
            return 200, {"ok": True, "result": True}
        if call.method in SENDING or call.method in SEVERAL:
            return 200, {"ok": True, "result": getattr(self, SEVERAL.get(call.method, "_send"))(call)}
        if call.method in EDITING:
            return self._edit(call)
        return self._rest(call)

    def _rest(self, call: Call) -> tuple[int, dict[str, Any]]:
        if call.method in STANDING:
            return 200, {"ok": True, "result": STANDING[call.method]}
        match call.method:
            case "getMyCommands":
                return 200, {"ok": True, "result": self._profile(call).get("commands", [])}
            case "getMyDescription" | "getMyShortDescription":
                nothing = {"description": "", "short_description": ""}
                return 200, {"ok": True, "result": nothing | self._profile(call)}
            case "deleteMessage":
                gone = self.chats[call.params["chat_id"]].pop(call.params["message_id"], None)
                found = 200, {"ok": True, "result": True}
                return found if gone else tg.bad_request("message to delete not found")
            case "getFile":
                file_id = call.params["file_id"]
                one = {"file_id": file_id, "file_unique_id": file_id, "file_path": file_id}
                return 200, {"ok": True, "result": one | {"file_size": len(self.files[file_id])}}
        self.unscripted.append(call.method)
        return tg.error(404, "Not Found")

    def _profile(self, call: Call) -> dict[str, Any]:
        """What the bot has set last under this method's name, in this language."""
        language = call.params.get("language_code")
        said = [one.params for one in self.sent(call.method.replace("get", "set"))]
        same = [one for one in said if one.get("language_code") == language]
        return same[-1] if same else {}

    def _send(self, call: Call) -> dict[str, Any]:
        chat_id, message_id = int(call.params["chat_id"]), next(self._message_ids)
        made = tg.message(chat_id, message_id, call.method, call.params)
        self.chats[chat_id][message_id] = made
        return made

    def _send_album(self, call: Call) -> list[dict[str, Any]]:
        """Each file of an album is a message; ``media`` may name a file attached under another name."""
        kinds = {field: method for method, field in tg.FILE_FIELDS.items()}
        chat = {"chat_id": call.params["chat_id"]}
        return [self._send(Call(kinds[one["type"]], one | chat)) for one in call.params["media"]]

    def _delete_several(self, call: Call) -> bool:
        """Those that are not there are passed over."""
        for number in call.params["message_ids"]:
            self.chats[call.params["chat_id"]].pop(number, None)
        return True

    def _edit(self, call: Call) -> tuple[int, dict[str, Any]]:
        chat_id, message_id = call.params["chat_id"], call.params["message_id"]
        before = self.chats[chat_id].get(message_id)
        if before is None:
            return tg.bad_request("message to edit not found")
        made = tg.message(chat_id, message_id, call.method, call.params)
        kept = {key: value for key, value in before.items() if key != "reply_markup"}
        after = kept | made
        if after == before:
            return tg.bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        self.chats[chat_id][message_id] = after
        return 200, {"ok": True, "result": after | {"edit_date": tg.SENT_AT}}


def _files(data: RequestData | None) -> dict[str, tuple[str, bytes]]:
    if data is None or not data.contains_files:
        return {}
    return {
        part: (name, content if isinstance(content, bytes) else content.read())
        for part, (name, content, _mime) in data.multipart_data.items()
    }
