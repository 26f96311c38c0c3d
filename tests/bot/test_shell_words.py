"""How a command of ours is said to whoever types it next."""

import sys
from pathlib import Path

import pytest

from bot.shell_words import said_command


def test_the_interpreter_below_the_current_folder_is_said_with_its_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    assert said_command("load", "my-office") == ".venv/bin/python -m bot load my-office"


def test_one_that_lies_elsewhere_is_said_by_its_name_and_words_are_quoted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path.parent / "python3.11"))
    assert said_command("load", "mein büro") == "python -m bot load 'mein büro'"
