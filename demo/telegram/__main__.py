"""``python -m demo.telegram --port 8081``: the stand-in alone, steered over ``/control/``."""

import argparse
import asyncio
import signal
import sys

from demo.telegram.server import serve
from demo.telegram.world import World


async def main(host: str, port: int, *, rates: bool) -> None:
    """Runs until SIGINT or SIGTERM."""
    world = World()
    world.limits.enabled = rates
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with serve(world, host=host, port=port) as address:
        sys.stdout.write(f"{address}/bot\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m demo.telegram", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--rates", action="store_true", help="keep Telegram's rates: 30 a second, 1 a second in a chat")
    given = parser.parse_args()
    asyncio.run(main(given.host, given.port, rates=given.rates))
