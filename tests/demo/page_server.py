"""A page on a stand-in, with a small bot behind it that is scripted by the test."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from demo.clock import DemoClock
from demo.page import Hint, Phone, attach
from demo.page.hub import Hub
from demo.telegram import World
from demo.telegram.server import build_app, running
from tests.demo.raw_client import TOKEN, Api

BALLOT = {
    "inline_keyboard": [
        [{"text": "Ja", "callback_data": "yes"}, {"text": "Nein", "callback_data": "no"}],
        [{"text": "Enthaltung", "callback_data": "abstain"}, {"text": "Befangen", "callback_data": "conflict"}],
    ]
}
CARD = (
    "<b>Neue Abstimmung · RAK Stendal</b>\nfür Jobcenter Stendal\n\n<b>Lernort Werkstatt</b>\n"
    "Der RAK befürwortet das Vorhaben.\n<blockquote>Einfache Mehrheit.</blockquote>\nBis Fr, 27.11., 12:00 Uhr · /offen"
)


@dataclass
class Page:
    address: str
    world: World
    clock: DemoClock
    hub: Hub
    api: Api

    async def send(self, user_id: int, text: str, **params: object) -> int:
        sent = await self.api("sendMessage", chat_id=user_id, text=text, parse_mode="HTML", **params)
        number: int = sent["message_id"]
        return number

    async def show(self, user_id: int, content: bytes, caption: str) -> None:
        """The bot sends a picture."""
        stored = self.world.files.add(self.world.first_bot.id, "photos", "card.png", content)
        await self.api("sendPhoto", chat_id=user_id, photo=stored.as_photo()[-1]["file_id"], caption=caption)

    async def greet(self) -> None:
        """Everybody is welcomed; two are asked to vote."""
        for user_id in (1, 2, 3, 4):
            await self.send(user_id, "Guten Tag. Sie sind angemeldet.")
        for user_id in (2, 3):
            await self.send(user_id, CARD, reply_markup=BALLOT)
        commands = [{"command": "offen", "description": "Was wartet"}, {"command": "fristen", "description": "Fristen"}]
        await self.api("setMyCommands", commands=commands)

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """The bot answers taps while the block runs."""
        bot = asyncio.ensure_future(self.answer_taps())
        yield
        bot.cancel()

    async def answer_taps(self) -> None:
        """The bot: „conflict" brings an alert, everything else a toast and an edited card."""
        offset = 0
        while True:
            for update in await self.api.updates(offset=offset, timeout=30, allowed_updates=["callback_query"]):
                offset = update["update_id"] + 1
                query = update["callback_query"]
                alert = query["data"] == "conflict"
                text = "Ihre Stimme: Ja · Beleg 7F3K · änderbar bis 27.11.2026, 12:00 Uhr"
                await self.api("answerCallbackQuery", callback_query_id=query["id"], text=text, show_alert=alert)
                if not alert:
                    place = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
                    new = f"{CARD}\n\n<b>{text}</b>"
                    await self.api("editMessageText", **place, text=new, parse_mode="HTML", reply_markup=BALLOT)


def picture(width: int = 60, height: int = 40) -> bytes:
    """A PNG in one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress((b"\0" + b"\x60" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@asynccontextmanager
async def page() -> AsyncIterator[Page]:
    clock = DemoClock()
    world = World(clock=clock)
    world.bot(TOKEN, name="ReKo-Assistent", username="reko_bot")
    people = [
        (1, "Sabine", "Sommer", "Büro"),
        (2, "Anke", "Ahorn", "Mitglied · Landkreis Stendal"),
        (3, "Clara", "Eiche", "Mitglied · Jobcenter Stendal"),
        (4, "Tom", "Träger", "Träger · Lernwerk Altmark gGmbH"),
    ]
    for user_id, first, last, _ in people:
        world.user(user_id, first_name=first, last_name=last).room().opened = True
    phones = [Phone(user_id, f"{first} {last}", role) for user_id, first, last, role in people]
    hints = [Hint("Abstimmen", "Tippen Sie auf „Ja“.", 2), Hint("Fragen", "Fragen Sie etwas.", 4, "Wofür steht C?")]
    app = build_app(world)
    hub = attach(app, world, phones, clock, hints=hints, zone="Europe/Berlin")
    async with running(app, "127.0.0.1", 0) as address, aiohttp.ClientSession() as session:
        yield Page(address, world, clock, hub, Api(session, address))
