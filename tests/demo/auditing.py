"""axe-core in the page: the rules of WCAG 2.2 up to AA and those of good practice, and what is found as a text."""

import functools
import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page as Tab

from tests.auxil.npm import installed
from tests.demo.chromium import ARTEFACTS, NARROW, WIDE, painted

FOLDER = Path(__file__).parent / "axe_core"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # off unless asked for
    "resultTypes": ["violations", "incomplete"],
}
# The dark theme is other values of the same colours: nothing else can differ in it.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WAYS: list[tuple[str, dict[str, int], dict[str, Any]]] = [
    ("light", WIDE, EVERYTHING),
    ("dark", WIDE, COLOURS),
    ("dark", NARROW, COLOURS),
    ("light", NARROW, EVERYTHING),
]


# Colours as they are computed, for text of which axe cannot see what it stands on, e.g. under a toast.
CONTRAST = """() => {
  const luminance = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map((value) => {
      const part = (text.startsWith("color(") ? Number(value) : value / 255);
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const opaque = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)|\\/ 0/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".visually-hidden, :disabled")) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(opaque(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(low)];
}"""


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


async def audit(tab: Tab, state: str, rules: dict[str, Any], part: str = "html") -> list[str]:
    """What breaks a rule in the state the page is in; that and what axe cannot judge is written down."""
    if not await tab.evaluate("'axe' in window"):
        await tab.evaluate(axe())
    found = await tab.evaluate("([part, rules]) => axe.run(part, rules)", [part, rules])
    ARTEFACTS.mkdir(exist_ok=True)
    told = {name: found[name] for name in ("testEngine", "timestamp", "url", "violations", "incomplete")}
    told["passes"] = len(found["passes"])
    (ARTEFACTS / f"axe-{state}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    broken = [line for one in found["violations"] for line in _said(one)]
    doubtful = [line for one in found["incomplete"] for line in _said(one)]
    # What axe leaves open is judged by us; anything but a hidden background would have to be looked at.
    if doubtful:
        broken += await tab.evaluate(CONTRAST)
    broken += [line for line in doubtful if not line.startswith("color-contrast: ")]
    lines = [
        state,
        f"{told['passes']} rules held",
        *map("broken  {}".format, broken),
        *map("open    {}".format, doubtful),
    ]
    (ARTEFACTS / f"axe-{state}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return broken


async def audit_all(tab: Tab, state: str, part: str = "html") -> list[str]:
    """The same in both themes and both widths, of the whole page or the part of it that differs."""
    broken = []
    for theme, size, rules in WAYS:
        await tab.set_viewport_size(size)  # type: ignore[arg-type]  # playwright's own types
        await tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # likewise
        await painted(tab)
        found = await audit(tab, f"{state}-{size['width']}-{theme}", rules, part)
        broken += [f"{size['width']} {theme}: {line}" for line in found]
    await tab.set_viewport_size(WIDE)  # type: ignore[arg-type]  # likewise
    return broken
