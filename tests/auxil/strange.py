"""Updates as the Bot API's specification allows them: every kind, every optional field, extreme values.

Seeded, so that whatever fails can be made again. What was least seen comes first: after some thousands of updates every
optional field of every type that an update can hold was there, and was absent.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import timedelta
from typing import Any

from handlers.callbacks import Tap
from handlers.callbacks.tap import HIGHEST, LONGEST
from models.inbox import InboxRow
from models.invariants import broken_promises
from tests.auxil.bot_api_spec import CONSTANT, CONSTANT_FIELDS, check_request, spec
from tests.auxil.fake_telegram import Call
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.telegram_json import plain

INT32, INT52 = 2**31 - 1, 2**52 - 1
PEOPLE = (STAFF, COLLEAGUE, VERA, JENS, KARL, DORA, GUEST, SPONSOR, STRANGER, 8, INT52)
BATCH = 50
MOST_SEEN = 4_000  # updates after which every optional field was there
DEEPEST = 5  # below it only what is required
Button = tuple[int, str]  # whose chat it stands in, and its data
PLAIN = {"Integer", "Float", "Boolean", "String"}
NO_FIELD = {"name": "", "description": "", "required": True}
LATEST = 2_000_000_000  # a date that every clock can tell
TEXTS = (
    "", " ", "\x00", "\u202e\u2066kehrt um", "<b>&amp;</i", "_*[`", "e" + "\u0301" * 50, "🗳" * 64, "👩‍👩‍👧‍👦🇩🇪",
    "x" * 4096, "half \ud800", "ß" * 1024, "=cmd|' /C calc'!A0", "'; DROP TABLE ballot; --", "../../etc/passwd",
    "%(name)s %s {0}", "\ud7ff\ue000",
    "\r\n\r\n", "0", "-1", "99999999999999999999", "²", "DE02120300000000202051", "Ja zu 1", "/start", "/buero",
    "/start ABCD-EFGH-JKMN-PQRS", "/offen@reko_test_bot", "/", "Zusage 1", "1.12. 12 Uhr", "31.02.2027", "in 2 Wochen",
    "Bis wann muss ich den Antrag stellen?", "Wer darf einen Antrag stellen?", "nächste Sitzung", "Haushalt 2027",
    "/hilfe", "/fristen", "/kontakt", "/sprache", "/datenschutz", "/meinedaten", "/loeschen", "/termine", "/vertretung",
    "/abstimmungen", "/offen", "/buero", "/buero", "morgen 9:00", "01.12.2026 12:00", "Sofort", "Nein zu 1", "A B C",
    "12",
)  # fmt: skip
NUMBERS = (0, 1, 2, 3, 4, 17, HIGHEST, HIGHEST + 1, INT52)
FILES = {
    "members.csv": b"body;mandate;role;name;language;status\nRAK;A;mitglied;B;de;",
    "deadlines.csv": b"key;title\n1;x",
    "meetings.xlsx": b"PK\x03\x04",
    "a.pdf": b"%PDF-1.4",
    "b.docx": b"PK\x05\x06",
    "c.txt": b"Frist",
    "d": b"",
}
WORDS = ("", "yes", "no", "abstain", "conflict", "show", "cancel", "back", "skip", "confirm", "remind", "done", "ics",
         "take", "office", "good", "A", "deadlines", "votes", "meetings", "invite", "ü", "0", "explode")  # fmt: skip


class Strange:
    """Makes updates: of ``people`` in their private chats, of strangers, in groups and channels."""

    def __init__(self, seed: int, people: Sequence[int], rooms: Sequence[int] = (-5, -1001)) -> None:
        self._random = random.Random(seed)  # noqa: S311 - test data
        self._people, self._rooms = people, rooms
        self.seen: Counter[tuple[str, str]] = Counter()
        self._types = spec()["types"]
        self._kinds = _tap_kinds()
        self._shown: list[str] = []  # every button that was ever met

    def update(self, number: int, buttons: Sequence[Button] = ()) -> dict[str, Any]:
        """One update; some taps carry what really stands on ``buttons``."""
        optional = [one for one in self._types["Update"]["fields"] if not one["required"]]
        if self._random.random() < 0.8:
            optional = [one for one in optional if one["name"] in {"message", "callback_query"}]
        chosen = self._least_seen("Update", optional)
        content = self._of(chosen["types"], chosen, 1)
        self._make_likely(chosen["name"], content, buttons)
        return {"update_id": number, chosen["name"]: content}

    def reachable(self) -> set[tuple[str, str]]:
        """Every optional field that an update can hold, by type and name."""
        found: set[tuple[str, str]] = set()
        waiting, known = ["Update"], {"Update"}
        while waiting:
            kind = waiting.pop()
            for inner in _inner(self._types[kind]):
                if inner in self._types and inner not in known:
                    known.add(inner)
                    waiting.append(inner)
            found |= {(kind, one["name"]) for one in self._types[kind].get("fields", []) if not one["required"]}
        return found

    # --- from the specification

    def _of(self, types: Sequence[str], field: Mapping[str, Any], depth: int) -> Any:
        kind = self._random.choice(types)
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            return [self._of([inner], field, depth) for _ in range(self._random.choice((1, 1, 2, 5)))]
        match kind:
            case "Integer":
                return self._integer(field)
            case "Float":
                return self._random.choice((0, -0.0, 0.5, 52.6, -180, 1e-9, 1e9))
            case "Boolean":
                return self._random.random() < 0.8 or field["required"]
            case "String":
                return self._string(field)
            case _:
                return self._object(kind, depth)

    def _object(self, kind: str, depth: int) -> Any:
        if subtypes := self._types[kind].get("subtypes"):
            return self._of(self._shallow(subtypes) if depth > DEEPEST else subtypes, NO_FIELD, depth)
        made = {}
        for one in self._types[kind].get("fields", []):
            if one["required"]:
                made[one["name"]] = self._of(one["types"], one, depth + 1)
        for one in self._optional(kind, depth):
            made[one["name"]] = self._of(one["types"], one, depth + 1)
        return made

    def _shallow(self, kinds: Sequence[str]) -> Sequence[str]:
        """Those that hold nothing that could go on for ever, where there are some."""
        plain = [one for one in kinds if one in PLAIN]
        return plain or [one for one in kinds if not one.startswith("Array of ")]

    def _optional(self, kind: str, depth: int) -> list[dict[str, Any]]:
        optional = [one for one in self._types[kind].get("fields", []) if not one["required"]]
        if depth > DEEPEST or not optional:
            return []
        if depth == 1 and self._random.random() < 0.01:
            return optional  # all at once
        most = min(len(optional), self._random.choice((0, 1, 1, 2, 3, 6) if depth < 3 else (0, 0, 1, 2)))
        chosen = {one["name"]: one for one in self._random.sample(optional, most)}
        if most:
            rare = self._least_seen(kind, optional)
            chosen[rare["name"]] = rare
        self.seen.update((kind, name) for name in chosen)
        return list(chosen.values())

    def _least_seen(self, kind: str, among: Sequence[dict[str, Any]]) -> dict[str, Any]:
        fewest = min(self.seen[kind, one["name"]] for one in among)
        chosen = self._random.choice([one for one in among if self.seen[kind, one["name"]] == fewest])
        self.seen[kind, chosen["name"]] += 1
        return chosen

    def _integer(self, field: Mapping[str, Any]) -> int:
        name, about = field["name"], field["description"]
        if "date" in name or "Unix" in about or name.endswith("_time"):
            return self._random.choice((0, 1, 1_795_000_000, LATEST))
        if "identifier" in about:
            return self._random.choice((*self._people, *NUMBERS, -5, -(10**12)))
        return self._random.choice((0, 1, 2, 100, INT32))

    def _string(self, field: Mapping[str, Any]) -> str:
        name, about = field["name"], field["description"]
        if name in CONSTANT_FIELDS and (constant := CONSTANT.search(about)):
            return next(one for one in constant.groups() if one)
        return self._random.choice(TEXTS)

    # --- what the office meets every day, strange as it is

    def _make_likely(self, kind: str, content: dict[str, Any], buttons: Sequence[Button]) -> None:
        who = self._random.choice(self._people)
        taps = kind == "callback_query"
        if taps and buttons and self._random.random() < 0.7:
            who, content["data"] = self._random.choice(buttons)
            self._shown.append(content["data"])
        elif taps:
            content["data"] = self._data()
        if "from" in content or self._random.random() < 0.95:
            strange = {
                "first_name": self._random.choice(TEXTS),
                "language_code": self._random.choice(("de", "en", "tr", "")),
            }
            content["from"] = strange | content.get("from", {}) | {"id": who, "is_bot": self._random.random() < 0.02}
        if "message" in kind or kind.endswith("post"):
            self._in_a_room(content, who)
            self._with_words(content)
            self._with_entities(content)
        if taps and isinstance(content.get("message"), dict):
            self._in_a_room(content["message"], who)

    def _in_a_room(self, message: dict[str, Any], who: int) -> None:
        room = who if self._random.random() < 0.85 else self._random.choice(self._rooms)
        kinds = ("private",) if room > 0 else ("group", "supergroup", "channel")
        message["chat"] = message.get("chat", {}) | {"id": room, "type": self._random.choice(kinds)}

    def _with_words(self, message: dict[str, Any]) -> None:
        drawn = self._random.random()
        if drawn < 0.5:
            message["text"] = self._random.choice(TEXTS)
        elif drawn < 0.6:
            name = self._random.choice(list(FILES))
            message["document"] = {
                "file_id": name,
                "file_unique_id": name,
                "file_name": name,
                "file_size": len(FILES[name]),
            }

    def _with_entities(self, message: dict[str, Any]) -> None:
        """Telegram's entities always lie within their text."""
        for text, entities in (("text", "entities"), ("caption", "caption_entities")):
            length = len(message.get(text, "").encode("utf-16-le", "surrogatepass")) // 2
            if not length:
                message.pop(entities, None)
                continue
            for one in message.get(entities, []):
                one["offset"] = self._random.randrange(length)
                one["length"] = self._random.randint(1, length - one["offset"])
            if message[text].startswith("/"):
                command = {"type": "bot_command", "offset": 0, "length": len(message[text].split()[0])}
                message[entities] = [command, *message.get(entities, [])]

    def _data(self) -> str:
        """What stood on somebody's button once, what could have, or nothing of ours."""
        drawn = self._random.random()
        if self._shown and drawn < 0.4:
            return self._random.choice(self._shown)
        if drawn < 0.95:
            kind = self._random.choice(self._kinds)
            words = [
                self._word(one.type) for one in fields(kind) if one.default is MISSING or self._random.random() < 0.9
            ]
            return ":".join([kind.prefix, *words])
        return self._random.choice(TEXTS)[:64]

    def _word(self, kind: Any) -> str:
        return str(self._random.choice(NUMBERS[:6])) if kind in {int, "int"} else self._random.choice(WORDS)


def _inner(kind: Mapping[str, Any]) -> set[str]:
    types = [*kind.get("subtypes", []), *(name for one in kind.get("fields", []) for name in one["types"])]
    return {name.replace("Array of ", "") for name in types}


def _tap_kinds() -> list[type[Tap]]:
    return sorted(Tap.__subclasses__(), key=lambda one: one.prefix)


# --- played


async def furnish(party: Party) -> None:
    """Something to act on: a vote, a form half filled, a question before the office, files to fetch."""
    party.telegram.files.update(FILES)
    await party.open_vote()
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Sitzung]", "Herbstsitzung")
    await party.write(STRANGER, "Wer bekommt Geld vom Mond?")
    await party.tap(STRANGER, "An die ReKo")


async def play(party: Party, seed: int, many: int) -> Strange:
    """Let strange updates in, batch by batch, a tick between them; everything is looked at after each batch.

    Raises:
        AssertionError: one failed, or asked Telegram for what it would refuse; it names the update.
    """
    made = Strange(seed, PEOPLE)
    first = 1_000_000 * seed
    for start in range(first, first + many, BATCH):
        updates = [made.update(number, _buttons(party)) for number in range(start, start + BATCH)]
        party.telegram.calls.clear()
        await party.hear(*updates)
        party.clock.now += timedelta(minutes=5)
        await party.tick()
        for call in party.telegram.calls:
            check_call(call)
        await _none_failed(party, updates)
    async with party.database.read() as session:
        assert await broken_promises(session) == []
    return made


def check_call(call: Call) -> None:
    """A request that Telegram would take: by the specification, and within its limits."""
    check_request(call.method, call.params, call.files)
    for text, longest in (("text", 200 if call.method == "answerCallbackQuery" else 4096), ("caption", 1024)):
        if text in call.params and call.method != "setMyCommands":
            assert len(plain(call.params[text]).encode("utf-16-le", "surrogatepass")) // 2 <= longest, call.method
    if call.method == "sendMessage":
        assert plain(call.params["text"]).strip(), "an empty message"
    for row in call.params.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            assert button["text"].strip()
            assert 1 <= len(button.get("callback_data", "x").encode()) <= LONGEST


async def _none_failed(party: Party, updates: Iterable[Mapping[str, Any]]) -> None:
    rows = [one for one in await party.rows(InboxRow) if one.error]
    ids = {one.update_id: one.error for one in rows}
    failed = [(ids[one["update_id"]], one) for one in updates if one["update_id"] in ids]
    assert not failed, failed


def _buttons(party: Party) -> list[Button]:
    """The buttons under the newest messages of the people."""
    newest = [(who, shown[max(shown)]) for who, shown in party.telegram.chats.items() if shown and who in PEOPLE]
    return [(who, data) for who, one in newest for data in party.telegram.buttons(one).values() if ":" in data]
