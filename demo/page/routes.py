"""The page's addresses; see the package for the interface."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from demo.clock import ClockMovesError, DemoClock
from demo.page.hub import Hub
from demo.page.view import Hint, Phone
from demo.telegram.files import MAX_DOWNLOAD
from demo.telegram.people import Person
from demo.telegram.world import World

STATIC = Path(__file__).with_name("static")
HUB = web.AppKey("hub", Hub)
_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
_SHOWN = {"application/pdf", "image/png", "image/jpeg", "image/gif"}
_TEXTS = {"application/json", "application/toml"}
_MOVES = {1, 24, 168}


def attach(
    app: web.Application, world: World, phones: list[Phone], clock: DemoClock, *, hints: list[Hint], zone: str
) -> Hub:
    """Adds the page to the stand-in's application. The people of ``phones`` must be in ``world``, and a bot."""
    app[HUB] = Hub(world, phones, hints, clock, zone)
    app.router.add_get("/", _static)
    app.router.add_get("/static/{name}", _static)
    app.router.add_get("/phones/events", _events)
    app.router.add_post("/phones/act", _act)
    app.router.add_post("/phones/upload", _upload)
    app.router.add_post("/phones/clock", _move_clock)
    app.router.add_get("/phones/file/{file_id}", _file)
    app.cleanup_ctx.append(_watch)
    app.on_shutdown.append(_close)
    return app[HUB]


async def _watch(app: web.Application) -> AsyncIterator[None]:
    with app[HUB].watching():
        yield


async def _close(app: web.Application) -> None:
    app[HUB].close()


def _page_file(name: str) -> web.FileResponse:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return web.FileResponse(STATIC / name, headers=headers)


async def _static(request: web.Request) -> web.StreamResponse:
    name = request.match_info.get("name", "index.html")
    if name not in {path.name for path in STATIC.iterdir()}:
        raise web.HTTPNotFound
    return _page_file(name)


async def _events(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    try:
        async for block in request.app[HUB].stream(request.headers.get("Last-Event-ID", "")):
            await response.write(block)
    except ConnectionResetError:
        pass  # the page was closed
    return response


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest
    return body


def _person(request: web.Request, user_id: object) -> Person:
    """The owner of a phone on the page."""
    hub = request.app[HUB]
    for phone in hub.phones:
        if str(phone.user_id) == str(user_id):
            return hub.world.people[phone.user_id]
    raise web.HTTPNotFound


async def _act(request: web.Request) -> web.Response:
    body = await _body(request)
    person = _person(request, body.get("user_id"))
    messages = person.room().messages
    match body:
        case {"act": "send", "text": str(text)} if text.strip():
            person.send(text, reply_to=messages.get(body.get("reply_to", 0)))
        case {"act": "edit", "message_id": int(message_id), "text": str(text)} if text.strip():
            message = messages.get(message_id)
            if message is None or message.sender is not person or "text" not in message.data:
                raise web.HTTPBadRequest
            person.edit(message, text)
        case {"act": "tap", "message_id": int(message_id), "data": str(data)} if message_id in messages:
            person.press(messages[message_id], data)
        case {"act": "start"}:
            person.start(str(body.get("payload", "")))
        case _:
            raise web.HTTPBadRequest
    return web.Response(status=204)


async def _upload(request: web.Request) -> web.Response:
    if request.content_type != "application/octet-stream":
        raise web.HTTPUnsupportedMediaType
    person = _person(request, request.query.get("user_id"))
    content = await request.read()
    if not content or len(content) > MAX_DOWNLOAD:
        raise web.HTTPRequestEntityTooLarge(MAX_DOWNLOAD, len(content))
    person.send_document(request.query.get("name", "Datei"), content)
    return web.Response(status=204)


async def _move_clock(request: web.Request) -> web.Response:
    hours = (await _body(request)).get("hours")
    if hours not in _MOVES:
        raise web.HTTPBadRequest
    try:
        await request.app[HUB].clock.advance(timedelta(hours=hours))
    except ClockMovesError:
        raise web.HTTPConflict from None
    return web.Response(status=204)


async def _file(request: web.Request) -> web.Response:
    """A file of a message. What a browser might run is only ever saved, never opened."""
    stored = request.app[HUB].world.files.find(request.match_info["file_id"])
    if stored is None:
        raise web.HTTPNotFound
    kind, charset = stored.mime_type, None
    if kind.startswith("text/") or kind in _TEXTS:
        kind, charset = "text/plain", "utf-8"
    opened = (kind in _SHOWN or kind == "text/plain") and "download" not in request.query
    manner = "inline" if opened else "attachment"
    headers = {
        "Content-Disposition": f"{manner}; filename*=UTF-8''{quote(stored.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=stored.content, content_type=kind, charset=charset, headers=headers)
