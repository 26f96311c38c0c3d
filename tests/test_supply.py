"""What the program is made of: locked by hash, under licences that are allowed, each with its reason."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.auxil import licences

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
REASONS = (ROOT / "docs" / "decisions" / "0008-libraries.md").read_text("utf-8").lower()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINNED = r"^([a-z0-9._-]+(?:\[[\w,-]+\])?)==\S+[^\n]*\n((?:    --hash=\S+(?: \\)?\n)*)"
EVERYTHING = [
    Requirement(one)
    for one in [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["embeddings"],
        *PROJECT["dependency-groups"]["dev"],
    ]
]


def test_whatever_runs_with_the_bot_is_under_a_licence_that_is_allowed() -> None:
    needed = licences.needed()
    assert {one.name for one in needed} >= {canonicalize_name(one.name) for one in licences.dependencies()}
    assert {one.name: one.refused for one in needed if one.refused} == {}


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", "GNU Affero General Public License v3", "GPL-3.0-only", ""])
def test_a_licence_that_is_not_allowed_is_named(licence: str) -> None:
    assert licences.Licensed("x", "1", (licence,) if licence else ()).refused == [licence or "unknown"]


@pytest.mark.parametrize("one", EVERYTHING, ids=lambda one: one.name)
def test_every_dependency_has_its_reason_and_its_bounds(one: Requirement) -> None:
    assert canonicalize_name(one.name) in REASONS
    assert one.specifier or one.name.startswith("types-")


def test_the_lock_holds_a_hash_for_everything() -> None:
    pinned = re.findall(PINNED, LOCK, re.MULTILINE)
    assert [name for name, hashes in pinned if "--hash=sha256:" not in hashes] == []
    names = {canonicalize_name(name.partition("[")[0]) for name, _ in pinned}
    assert {canonicalize_name(one) for one in _asked()} - names == set()


def _asked() -> set[str]:
    locked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    return {Requirement(one).name for one in locked}


def test_the_bill_of_materials_names_whatever_runs_with_its_licence(tmp_path: Path) -> None:
    told = re.search(r"^\t\$\(RUN\) (-m cyclonedx_py .*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert told
    words = told[1].replace("$(RUN)", sys.executable).replace("sbom.json", str(tmp_path / "sbom.json")).split()
    words.insert(words.index("--pyproject"), "--no-validate")  # against the schema: twenty seconds, and not our affair
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own Makefile
    bill = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    listed = {canonicalize_name(one["name"]): one for one in bill["components"]}
    needed = {one.name: one.version for one in licences.needed()}
    assert {name: listed[name]["version"] for name in needed} == needed
    assert {name for name in needed if not listed[name].get("licenses")} <= set(licences.KNOWN)
