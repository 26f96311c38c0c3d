"""What tests take from the npm registry: by name and version, held to the integrity hash locked beside them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PATIENCE = 60


def missing(what: str) -> None:
    """Skips the test; in CI nothing may be missing."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(what)
    pytest.skip(what)


def installed(folder: Path, name: str) -> str:
    """Node's path, with what ``folder``'s lock names installed beside it; once for all runs."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        missing(f"Node.js is not here, so {name} cannot be used")
    assert program
    assert npm
    there = folder / "node_modules" / ".package-lock.json"
    if not there.exists() or there.stat().st_mtime < (folder / "package-lock.json").stat().st_mtime:
        _install(npm, folder, name)
    return program


def _install(npm: str, folder: Path, name: str) -> None:
    command = [npm, "ci", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=20000", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603 - the program's own path, fixed words
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        missing(f"the npm registry does not answer, so {name} cannot be used")
    else:
        if done.returncode:
            missing(f"{name} could not be installed from the npm registry: {done.stderr.strip()}")
