"""How the house is built, read from the source: the stair of imports, the colour rule, and what may lie where."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from models.tables import METADATA

ROOT = Path(__file__).resolve().parent.parent
# Who may import whom. The stair goes down; ``locales`` is a leaf; nothing imports ``demo``.
STAIR = {
    "benchmarks": {"benchmarks", "bot", "demo", "handlers", "locales", "models", "scheduler"},
    "demo": {"demo", "bot", "handlers", "locales", "models", "scheduler"},
    "migrations": {"migrations", "bot", "models"},
    "bot": {"bot", "handlers", "locales", "models", "scheduler"},
    "handlers": {"handlers", "locales", "models"},
    "scheduler": {"scheduler", "locales", "models"},
    "models": {"models"},
    "locales": {"locales"},
}
# Kept out of the repository by .gitignore.
WORKSHOP = {"data", "artefacts", "my-office", "__pycache__"}
FOLDERS = {*STAIR, "deploy", "docs", "tests"} | WORKSHOP  # deploy: what an office's computer needs to run the bot
# What knows Telegram, a language, the environment, a clock or the network.
FORBIDDEN_IN_MODELS = {"aiohttp", "asyncio", "babel", "gettext", "httpx", "os", "telegram", "time"}
FORBIDDEN_CALLS = {"commit", "now", "today", "utcnow"}
# Where the store is opened, its driver made and its dialect spoken: what in models/ is no rule and no act.
STORE = {ROOT / "models" / name for name in ("base.py", "company.py", "sqlite.py", "statements.py")}

pytestmark = [
    pytest.mark.usefixtures("no_collecting"),
    pytest.mark.xdist_group("house"),
]  # one worker reads all sources


def sources(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sources(*STAIR)}


def imported(path: Path, *, when_run: bool = False) -> Iterator[str]:
    """Every module that a file names in an import, wherever in the file it stands; ``when_run``: not for types only."""
    for node in ast.walk(tree(path)):
        if when_run and node in for_types_only(path):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else str(node.module)


@cache
def for_types_only(path: Path) -> set[ast.AST]:
    blocks = [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    return {inner for block in blocks for inner in ast.walk(block)}


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_imports_go_down_the_stair() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {target}"
        for name, path in MODULES.items()
        for target in imported(path)
        if target.split(".")[0] in {*STAIR, "tests"} and target.split(".")[0] not in STAIR[name.split(".")[0]]
    ]
    assert wrong == []


def test_imports_make_no_circle() -> None:
    graph = {
        name: {target for target in imported(path, when_run=True) if target in MODULES}
        for name, path in MODULES.items()
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        pytest.fail(f"a circle of imports: {' → '.join(circle.args[1])}")
    assert set(order) >= set(MODULES)


def test_models_know_no_telegram_no_language_no_environment_no_clock() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {target}"
        for path in sources("models")
        for target in imported(path)
        if target.split(".")[0] in FORBIDDEN_IN_MODELS and path not in STORE
    ]
    assert wrong == []


def test_models_neither_commit_nor_ask_a_clock() -> None:
    wrong = [
        f"{where(path, node)} calls {node.func.attr}()"
        for path in sources("models")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FORBIDDEN_CALLS
        if path.name != "company.py" or node.func.attr != "commit"  # what acts together is committed there
    ]
    # SQLAlchemy's own current time would be a clock too.
    wrong += [
        where(path, node)
        for path in sources("models")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "current_timestamp", "localtimestamp"}
    ]
    assert wrong == []


def test_an_act_begins_with_the_session_and_a_rule_has_none() -> None:
    wrong = []
    for path in sources("models"):
        for node in () if path in STORE else ast.walk(tree(path)):
            if isinstance(node, ast.AsyncFunctionDef) and not takes_session(node):
                wrong.append(f"{where(path, node)} {node.name}: an act's first argument is the AsyncSession")
            if isinstance(node, ast.FunctionDef) and takes_session(node):
                wrong.append(f"{where(path, node)} {node.name}: a rule has no session")
    assert wrong == []


def takes_session(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    return first is not None and first.arg == "session" and _is_session(first.annotation)


def _is_session(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) == "AsyncSession"


def test_every_table_is_known_to_the_one_module_that_knows_all() -> None:
    bases = {
        name
        for name, path in MODULES.items()
        if name.startswith("models.")
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and "Base" in {ast.unparse(base) for base in node.bases}
    }
    assert bases - set(imported(ROOT / "models" / "tables.py")) == set()
    assert METADATA.tables


def test_the_models_package_itself_imports_nothing() -> None:
    assert list(imported(ROOT / "models" / "__init__.py")) == []


def test_every_package_says_that_it_is_one() -> None:
    folders = {path.parent for path in sources(*STAIR)} - {ROOT / "migrations" / "versions"}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_top_level_folders_are_those_of_the_plan() -> None:
    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert found - FOLDERS == set()


def test_no_file_knows_the_computer_it_was_written_on() -> None:
    pattern = re.compile(r"(?<![\w.<~/-])/(?:work|tmp|root|home|Users)/\w")
    kinds = {".py", ".md", ".toml", ".yaml", ".yml", ".html", ".js", ".css", ".mako", ".csv", ".po", ".txt", ""}
    kinds |= {".conf", ".example", ".service", ".timer"}
    wrong = [
        f"{path.relative_to(ROOT)}: {match[0]}…"
        for path in files()
        if path.suffix in kinds
        for match in [pattern.search(path.read_text(encoding="utf-8", errors="replace"))]
        if match
    ]
    assert wrong == []


def files() -> Iterator[Path]:
    """Our own files outside the tests."""
    hidden = {".ci", ".containerignore", ".editorconfig", ".gitignore", ".pre-commit-config.yaml", ".github"}
    for top in ROOT.iterdir():
        if top.name in WORKSHOP | {"tests"} or (top.name.startswith(".") and top.name not in hidden):
            continue
        yield from (path for path in [top, *top.rglob("*")] if path.is_file() and "__pycache__" not in path.parts)
