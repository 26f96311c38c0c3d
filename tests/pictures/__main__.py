"""``make pictures``: plays the scenes, photographs them, prints the members' page; pictures nobody makes any more go.

``--check`` plays them without a browser and says which pictures show something that is no longer so.
"""

import asyncio
import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.demo.chromium import CHROMIUM
from tests.pictures import leaflet
from tests.pictures.camera import camera
from tests.pictures.play import Play
from tests.pictures.scenes import SHOWN, scenes
from tests.pictures.still import still

FOLDER = SHOWN.parent
Shown = dict[str, list[str]]


async def take() -> Shown:
    """Plays and photographs; what the pictures show."""
    with TemporaryDirectory(prefix="reko-pictures-") as scratch:
        async with still(Path(scratch)) as (stage, address), camera(address, FOLDER) as taking:
            play = Play(stage, taking)
            await scenes(play)
            return play.shown


async def look() -> Shown:
    """The same without a browser."""
    with TemporaryDirectory(prefix="reko-pictures-") as scratch:
        async with still(Path(scratch)) as (stage, _):
            play = Play(stage)
            await scenes(play)
            return play.shown


def words(lines: list[str] | None) -> list[str]:
    """The lines without their figures: how large a backup is, and how many there are, is a matter of the moment."""
    return ["?"] if lines is None else [re.sub(r"\d+", "0", line) for line in lines]


def keep(shown: Shown) -> None:
    """Writes what belongs to the pictures, and says how large everything is."""
    for old in {one.stem for one in FOLDER.glob("*.png")} - shown.keys():
        (FOLDER / f"{old}.png").unlink()
    SHOWN.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    leaflet.MADE.write_bytes(leaflet.made(leaflet.SOURCE.read_text("utf-8")))
    sizes = {path.name: path.stat().st_size for path in [*sorted(FOLDER.glob("*.png")), leaflet.MADE]}
    print("\n".join(f"{size // 1000:>5} kB  {name}" for name, size in sizes.items()))
    print(f"{sum(sizes.values()) // 1000:>5} kB  in all")


def main(*arguments: str) -> int:
    """The exit code."""
    if "--check" in arguments:
        before, now = json.loads(SHOWN.read_text("utf-8")), asyncio.run(look())
        old = [name for name in now | before if words(now.get(name)) != words(before.get(name))]
        print("\n".join(f"old: {name}.png" for name in old) or "Every picture shows what is so.")
        return bool(old)
    if CHROMIUM is None:
        print("No Chromium on this computer.", file=sys.stderr)
        return 1
    keep(asyncio.run(take()))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
