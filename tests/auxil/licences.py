"""Under which licences everything stands that the program needs: ``make licences`` lists them, a test judges them.

Told by each package's own metadata. What runs with the program may be under no licence that would reach the office's
own texts or keep it from running the bot for others: none of the AGPL or GPL, and none that nobody knows.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
# As they are spelled in metadata, without case; SPDX where a package knows it.
ALLOWED = (
    "0bsd",
    "apache-2.0",
    "apache license 2.0",
    "apache software license",
    "apache license, version 2.0",
    "bsd-2-clause",
    "bsd-3-clause",
    "bsd license",
    "bsd",
    "cc0-1.0",
    "isc",
    "lgpl-3.0-only",
    "lgpl-3.0",
    "lgplv3",
    "gnu lesser general public license v3 (lgplv3)",
    "gnu library or lesser general public license (lgpl)",
    "mit",
    "mit license",
    "mit-cmu",
    "mpl-2.0",
    "mozilla public license 2.0 (mpl 2.0)",
    "psf-2.0",
    "psfl",
    "python-2.0",
    "python software foundation license",
    "unlicense",
    "zlib",
)
# Where the metadata say nothing or too much, and what the package's own files say.
KNOWN: Mapping[str, str] = {
    # The expression is followed by „dependency licenses": PDFium's own third parties, all permissive.
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
}


class Licensed(NamedTuple):
    """A package, its version and its licences."""

    name: str
    version: str
    licences: tuple[str, ...]

    @property
    def refused(self) -> list[str]:
        """The licences that are not allowed; also that there is none."""
        return [one for one in self.licences or ("unknown",) if one.lower() not in ALLOWED]


def dependencies() -> list[Requirement]:
    """What the program asks for itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(one) for one in project["dependencies"]]


def needed() -> list[Licensed]:
    """Everything that runs with the program, on this computer, by name."""
    found: dict[str, Licensed] = {}
    waiting = dependencies()
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if one.marker is not None and not any(one.marker.evaluate({"extra": extra}) for extra in one.extras or {""}):
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue  # an optional one, of another system
        if name not in found:
            found[name] = Licensed(name, installed.version, tuple(licences(name, installed)))
            waiting += _asked_by(installed, one.extras)
    return [found[name] for name in sorted(found)]


def _asked_by(installed: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in installed.requires or ():
        asked = Requirement(line)
        if asked.marker is None or any(asked.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            asked.marker = None
            yield asked


def licences(name: str, installed: Distribution) -> Iterator[str]:
    """The licences of a package: its SPDX expression, else its classifiers, else its field."""
    told = KNOWN.get(name) or installed.metadata.get("License-Expression")
    if told:
        yield from re.split(r"\s+(?:AND|OR|WITH)\s+", re.sub(r"[()]", "", told))
        return
    classified = [one for one in installed.metadata.get_all("Classifier") or () if one.startswith("License ::")]
    named = [one.split(" :: ")[-1] for one in classified if one != "License :: OSI Approved"]
    field = (installed.metadata.get("License") or "").strip()
    yield from named or ([field.splitlines()[0]] if field else [])


if __name__ == "__main__":
    for package in needed():
        print(f"{package.name:<28}{package.version:<14}{', '.join(package.licences) or 'unknown'}")  # noqa: T201 - a list
