"""``init FOLDER``: ask six questions in the shell, then write the folder, all of it or nothing. In plain German."""

import sys
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from bot.founding.answers import QUESTIONS, Answers, Question, UnfitAnswer
from bot.founding.papers import folder_of
from bot.shell_words import said_command
from bot.whole_folder import NoRoom, free_place, whole_folder

WHAT = "Ein neues Büro"
STOPPED = 130  # 128 + SIGINT, as shells have it
_HELLO = (
    "Sechs Fragen, dann liegt der Ordner Ihres Büros da. Eingabetaste: was in [Klammern] steht. Abbrechen: Strg-C.\n"
)


def found_folder(path: Path) -> int:
    """Ask, write, and say what comes next; the exit code."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # what is no UTF-8 is asked for again
    try:
        free_place(path, WHAT)
        print(_HELLO)  # noqa: T201 - the conversation
        files = folder_of(ask_all(input))
        with whole_folder(path, WHAT) as draft:
            _write(draft, files)
    except NoRoom as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - the answer
        return 1
    except (EOFError, KeyboardInterrupt) as stopped:
        print("\nAbgebrochen. Es wurde nichts angelegt.", file=sys.stderr)  # noqa: T201 - the answer
        return STOPPED if isinstance(stopped, KeyboardInterrupt) else 1
    print(f"\n{path} ist angelegt. Was darin steht und was fehlt, sagt {path / 'LIESMICH.txt'}.")  # noqa: T201 - the answer
    print(f"Nächster Schritt: {said_command('load', str(path))}")  # noqa: T201 - the answer
    return 0


def ask_all(ask: Callable[[str], str]) -> Answers:
    """Put every question until its answer can be taken.

    Raises:
        EOFError: nobody answers any more.
    """
    said: dict[str, Any] = {}
    for number, question in enumerate(QUESTIONS, 1):
        said[question.key] = _ask(ask, f"{number}/{len(QUESTIONS)} ", question, said)
    return Answers(**said)


def _ask(ask: Callable[[str], str], number: str, question: Question, said: Mapping[str, Any]) -> Any:
    default = question.default(dict(said)) if question.default else ""
    prompt = f"{number}{question.text}{f' [{default}]' if default else ''}\n> "
    while True:
        entered = ask(prompt)
        try:
            return question.read(entered if entered.strip() else default)
        except UnfitAnswer as unfit:
            print(unfit)  # noqa: T201 - the conversation


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(content)
