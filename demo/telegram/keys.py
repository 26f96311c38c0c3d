"""Where the application keeps its world."""

from aiohttp import web

from demo.telegram.world import World

WORLD = web.AppKey("world", World)
