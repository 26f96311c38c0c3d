"""Licence and publiccode.yml: complete, and saying the same as the project.

The keys are those of the standard (https://yml.publiccode.tools/schema.core.html), read in November 2026. The licence's
text is that of the SPDX list (https://spdx.org/licenses/EUPL-1.2), word for word.
"""

import re
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from locales import SHIPPED

ROOT = Path(__file__).parents[1]
EUPL = "57fb42fbcd0b037ce528ed8f72f1ec095d67bc6825ecf1448ff39be1fe68a4b4"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PUBLIC: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
MANDATORY = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
OPTIONAL = {"softwareVersion", "intendedAudience", "dependsOn"}
LONGEST_SHORT, FEWEST, MOST = 150, 150, 10_000  # characters


def test_the_licence_is_there_whole_and_the_project_names_it() -> None:
    assert sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == EUPL
    assert PROJECT["license"] == PUBLIC["legal"]["license"] == "EUPL-1.2"
    assert PROJECT["license-files"] == ["LICENSE"]


def test_every_mandatory_key_is_there_and_no_unknown_one() -> None:
    assert set(PUBLIC) >= MANDATORY
    assert set(PUBLIC) <= MANDATORY | OPTIONAL
    assert PUBLIC["softwareVersion"] == PROJECT["version"]
    assert PUBLIC["softwareType"] == "standalone/backend"
    assert PUBLIC["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert re.fullmatch(r"0\.\d+\.\d+", PUBLIC["publiccodeYmlVersion"])
    assert PUBLIC["url"].startswith("https://")
    assert PUBLIC["maintenance"]["type"] == "none" or PUBLIC["maintenance"]["contacts"]
    assert PUBLIC["localisation"]["localisationReady"] is True
    assert set(PUBLIC["localisation"]["availableLanguages"]) == {one for one in SHIPPED if len(one) == 2}
    assert all(one["name"] for kind in PUBLIC["dependsOn"].values() for one in kind)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_descriptions_have_the_length_that_is_asked(language: str) -> None:
    said = PUBLIC["description"][language]
    assert 0 < len(said["shortDescription"]) <= LONGEST_SHORT
    assert "\n" not in said["shortDescription"]
    assert FEWEST <= len(said["longDescription"]) <= MOST
    assert len(said["features"]) >= 5
    assert all((ROOT / one).is_file() for one in said["screenshots"])
