"""axe-core in the page: the rules of WCAG 2.2 up to AA and those of good practice, and what is found as a text."""

import functools
import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page as Tab

from tests.auxil.npm import installed
from tests.demo.chromium import ARTEFACTS, NARROW, WIDE

FOLDER = Path(__file__).parent / "axe_core"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The size of targets is off unless asked for.
RUN = f"""() => axe.run({{
  runOnly: {json.dumps(TAGS)}, rules: {{"target-size": {{enabled: true}}}}, resultTypes: ["violations", "incomplete"],
}})"""
WAYS = [("light", WIDE), ("dark", WIDE), ("dark", NARROW), ("light", NARROW)]


@functools.cache
def axe() -> str:
    """The whole of axe-core, as it comes from the registry."""
    installed(FOLDER, "axe-core")
    return (FOLDER / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def _said(result: dict[str, Any]) -> list[str]:
    """One line for each element: the rule, where, and why."""
    return [
        f"{result['id']}: {' '.join(map(str, node['target']))} – {node.get('failureSummary', '')}".replace("\n", " ")
        for node in result["nodes"]
    ]


async def audit(tab: Tab, state: str) -> tuple[list[str], list[str]]:
    """What breaks a rule in the state the page is in, and what axe cannot judge; written down beside it."""
    if not await tab.evaluate("'axe' in window"):
        await tab.evaluate(axe())
    found = await tab.evaluate(RUN)
    ARTEFACTS.mkdir(exist_ok=True)
    told = {name: found[name] for name in ("testEngine", "timestamp", "url", "violations", "incomplete")}
    told["passes"] = len(found["passes"])
    (ARTEFACTS / f"axe-{state}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    broken = [line for one in found["violations"] for line in _said(one)]
    open_ = [line for one in found["incomplete"] for line in _said(one)]
    lines = [state, f"{told['passes']} rules held", *map("broken  {}".format, broken), *map("open    {}".format, open_)]
    (ARTEFACTS / f"axe-{state}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return broken, open_


async def audit_all(tab: Tab, state: str) -> list[str]:
    """The same in both themes and both widths: everything that breaks a rule."""
    broken = []
    for theme, size in WAYS:
        await tab.set_viewport_size(size)  # type: ignore[arg-type]  # playwright's own types
        await tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # likewise
        found, _ = await audit(tab, f"{state}-{size['width']}-{theme}")
        broken += [f"{size['width']} {theme}: {line}" for line in found]
    await tab.set_viewport_size(WIDE)  # type: ignore[arg-type]  # likewise
    return broken
