"""The catalogues' tool: ``python -m locales`` takes new messages in, ``--check`` fails where something is missing."""

import ast
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from locales import FOLDER, LOCALES, easy

ROOT = FOLDER.parent
PACKAGES = ("bot", "handlers", "scheduler")
SPOKEN_WITH = {"say": 1, "plain": 1, "printed": 1, "N_": 1, "plural": 2}  # how many leading arguments are the message


def extracted() -> Catalog:
    """Every message that the code speaks.

    Read from the syntax tree: Babel's own reader passes over a message inside another call or an f-string.
    """
    catalog = Catalog(project="ReKo assistant", charset="utf-8", fuzzy=False)
    for path in sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            message = spoken(node)
            if message is not None:
                catalog.add(message[0] if len(message) == 1 else message)
    return catalog


def spoken(node: ast.AST) -> tuple[str, ...] | None:
    """The message of a call that speaks: one text, or singular and plural."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    arguments = node.args[: SPOKEN_WITH.get(name, 0)]
    texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return tuple(texts) or None


def shipped() -> list[Path]:
    """The catalogue files."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def faults(path: Path, template: Catalog) -> list[str]:
    """What is wrong with a catalogue, a line each."""
    language = path.parts[-3]
    with path.open("rb") as source:
        catalog = read_po(source, locale=LOCALES[language])
    wrong = []
    for message in template:
        here = catalog.get(message.id) if message.id else None
        texts = here.string if here and isinstance(here.string, tuple | list) else (here.string if here else "",)
        if message.id and not all(texts):
            wrong.append(f"{language}: not translated: {message.id!r}")
        if here and here.fuzzy:
            wrong.append(f"{language}: fuzzy: {message.id!r}")
        wrong += [f"{language}: {message.id!r}: {error}" for error in (here.check(catalog) if here else [])]
        if message.id and language == easy.LANGUAGE:
            wrong += [
                f"{language}: {message.id!r}: {breach}" for text in texts for breach in easy.breaches(str(text or ""))
            ]
    wrong += [f"{language}: no longer spoken: {one.id!r}" for one in catalog if one.id and one.id not in template]
    return wrong


def update(path: Path, template: Catalog) -> None:
    """Take new messages into a catalogue and drop what is no longer spoken."""
    with path.open("rb") as source:
        catalog = read_po(source, locale=LOCALES[path.parts[-3]])
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    with path.open("wb") as target:
        write_po(target, catalog, width=120, omit_header=False, sort_output=True, no_location=True)


def main() -> int:
    """Update the catalogues, or check them."""
    template = extracted()
    if "--check" not in sys.argv[1:]:
        for path in shipped():
            update(path, template)
    wrong = [fault for path in shipped() for fault in faults(path, template)]
    print("\n".join(wrong) or f"{len(template)} messages, all translated")  # noqa: T201 - a tool's answer
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
