"""Steering from outside: faults, the log, people, under ``/control/``. All bodies are JSON objects.

``GET|POST|DELETE /control/faults`` (fields of `Fault`) · ``GET /control/log?method=&chat_id=`` ·
``POST /control/users`` {id, first_name, language_code} · ``POST /control/send`` {user_id, text} ·
``POST /control/tap`` {user_id, message_id, data} → the bot's answer · ``GET /control/messages?user_id=`` ·
``POST /control/block`` {user_id, blocked} · ``POST /control/clock`` {seconds}, forward or back → the new time ·
``POST /control/reorder`` {}: shuffles the updates that wait.
"""

from datetime import timedelta
from typing import Any

from aiohttp import web

from demo.telegram.entities import Json
from demo.telegram.faults import Fault
from demo.telegram.keys import WORLD
from demo.telegram.people import Person


def add_routes(app: web.Application) -> None:
    """Adds the endpoints to an application."""
    app.router.add_get("/control/faults", _faults)
    app.router.add_post("/control/faults", _add_fault)
    app.router.add_delete("/control/faults", _clear_faults)
    app.router.add_get("/control/log", _log)
    app.router.add_post("/control/users", _add_user)
    app.router.add_post("/control/send", _send)
    app.router.add_post("/control/tap", _tap)
    app.router.add_post("/control/block", _block)
    app.router.add_post("/control/clock", _clock)
    app.router.add_post("/control/reorder", _reorder)
    app.router.add_get("/control/messages", _messages)


async def _body(request: web.Request) -> Json:
    """The JSON object sent; a page elsewhere cannot send one unasked, since the type needs a CORS preflight."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="application/json, please")
    try:
        body: Any = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="no JSON") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="a JSON object, please")
    return body


def _person(request: web.Request, user_id: object) -> Person:
    person = request.app[WORLD].people.get(int(str(user_id))) if str(user_id).isdigit() else None
    if person is None:
        raise web.HTTPNotFound(text="no such user")
    return person


async def _faults(request: web.Request) -> web.Response:
    return web.json_response([fault.as_json() for fault in request.app[WORLD].faults.faults])


async def _add_fault(request: web.Request) -> web.Response:
    try:
        fault = Fault.from_json(await _body(request))
    except (TypeError, ValueError) as wrong:
        raise web.HTTPBadRequest(text=str(wrong)) from None
    return web.json_response(request.app[WORLD].faults.add(fault).as_json())


async def _clear_faults(request: web.Request) -> web.Response:
    request.app[WORLD].faults.clear()
    return web.json_response([])


async def _log(request: web.Request) -> web.Response:
    chat_id = request.query.get("chat_id")
    found = request.app[WORLD].journal.requests(
        request.query.get("method", ""), chat_id=int(chat_id) if chat_id else None
    )
    return web.json_response(
        [
            {"at": one.at.isoformat(), "bot_id": one.bot_id, "method": one.method, "params": one.params}
            | {"status": one.status, "description": one.description}
            for one in found
        ]
    )


async def _add_user(request: web.Request) -> web.Response:
    body = await _body(request)
    names = {name: str(body[name]) for name in ("last_name", "username", "language_code") if name in body}
    try:
        person = request.app[WORLD].user(int(body["id"]), first_name=str(body["first_name"]), **names)
    except (KeyError, ValueError):
        raise web.HTTPBadRequest(text="id and first_name are needed") from None
    return web.json_response(person.as_json())


async def _send(request: web.Request) -> web.Response:
    body = await _body(request)
    return web.json_response(_person(request, body.get("user_id")).send(str(body.get("text", ""))).data)


async def _tap(request: web.Request) -> web.Response:
    body = await _body(request)
    person = _person(request, body.get("user_id"))
    message = person.room().messages.get(body.get("message_id", 0))
    if message is None:
        raise web.HTTPNotFound(text="no such message")
    try:
        answer = await person.press(message, str(body.get("data", ""))).answer()
    except TimeoutError:
        raise web.HTTPGatewayTimeout(text="the bot did not answer") from None
    return web.json_response(answer._asdict())


async def _block(request: web.Request) -> web.Response:
    body = await _body(request)
    person = _person(request, body.get("user_id"))
    if body.get("blocked", True):
        person.block()
    else:
        person.unblock()
    return web.json_response({"blocked": person.room().blocked})


async def _clock(request: web.Request) -> web.Response:
    world, body = request.app[WORLD], await _body(request)
    try:
        world.advance(timedelta(seconds=float(body["seconds"])))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise web.HTTPBadRequest(text="seconds are needed") from None
    return web.json_response({"now": world.clock().isoformat()})


async def _reorder(request: web.Request) -> web.Response:
    await _body(request)
    for bot in request.app[WORLD].bots.values():
        bot.reorder()
    return web.json_response({})


async def _messages(request: web.Request) -> web.Response:
    person = _person(request, request.query.get("user_id", ""))
    return web.json_response([message.data for message in person.messages])
