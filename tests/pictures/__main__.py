"""``make pictures``: plays the scenes, photographs them, and throws away the pictures that no scene makes any more."""

import asyncio
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.demo.chromium import CHROMIUM
from tests.pictures.camera import camera
from tests.pictures.play import Play
from tests.pictures.scenes import SHOWN, scenes
from tests.pictures.still import still


async def main() -> int:
    """The exit code."""
    if CHROMIUM is None:
        print("No Chromium on this computer.", file=sys.stderr)
        return 1
    folder = SHOWN.parent
    with TemporaryDirectory(prefix="reko-pictures-") as scratch:
        async with still(Path(scratch)) as (stage, address), camera(address, folder) as taking:
            play = Play(stage, taking)
            await scenes(play)
    for old in set(folder.glob("*.png")) - {folder / f"{name}.png" for name in play.shown}:
        old.unlink()
    SHOWN.write_text(json.dumps(play.shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.png"))}
    print("\n".join(f"{size // 1000:>5} kB  {name}" for name, size in sizes.items()))
    print(f"{sum(sizes.values()) // 1000:>5} kB  in all")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
