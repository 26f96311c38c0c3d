"""How a command of ours is typed on this computer."""

import shlex
import sys
from pathlib import Path


def said_command(*words: str) -> str:
    """A line for the shell: with the interpreter that runs us, where it lies below the current folder."""
    interpreter = Path(sys.executable)
    here = Path.cwd()
    program = str(interpreter.relative_to(here)) if interpreter.is_relative_to(here) else "python"
    return shlex.join([program, "-m", "bot", *words])
