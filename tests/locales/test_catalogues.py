"""What the catalogues say, and where in the code messages stand: nothing is said without them, and all of it fits."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest
from babel.messages import Message
from telegram.constants import BotCommandLimit, BotDescriptionLimit, CallbackQueryLimit, MessageLimit

from handlers.commands import COMMANDS
from handlers.menu import DESCRIPTION, SHORT
from handlers.phrases import RIGHTS, TOO_MANY, UNFIT
from handlers.speech import shown, units
from locales import SHIPPED, Voice, catalogue
from locales.__main__ import ROOT, extracted, spoken

pytestmark = pytest.mark.usefixtures("no_collecting")
WIDEST_BUTTON = 40  # characters of a label of ours; a phone of 390 points shows about so many in a line
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"<(/?)(\w+)>")
LETTERS = re.compile(r"[^\W\d_]{2,}")
HANDLERS = sorted((ROOT / "handlers").rglob("*.py"))
SAYING = {"Message", "Ask", "toast", "Markup", "bold", "html"}


@cache
def messages() -> list[Message]:
    return [one for one in extracted() if one.id]


def translated(language: str, message: str) -> str:
    return catalogue(language).gettext(message)


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Every message with what a language makes of it, singular and plural."""
    known = catalogue(language)
    for one in messages():
        if isinstance(one.id, tuple):
            single, several = one.id
            yield single, known.ngettext(single, several, 1)
            yield several, known.ngettext(single, several, 2)
        else:
            yield str(one.id), known.gettext(str(one.id))


@pytest.mark.parametrize("language", SHIPPED)
def test_markup_is_balanced_and_of_the_same_kind(language: str) -> None:
    for english, text in texts(language):
        open_tags = []
        for closing, name in TAG.findall(text):
            if not closing:
                open_tags.append(name)
            else:
                assert open_tags, text
                assert open_tags.pop() == name, text
        assert open_tags == [], text
        assert sorted(TAG.findall(text)) == sorted(TAG.findall(english)), text
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(english)), text


@pytest.mark.parametrize("language", SHIPPED)
def test_every_message_fits_into_one_of_telegrams(language: str) -> None:
    for _english, text in texts(language):
        assert units(shown(PLACEHOLDER.sub("x" * 60, text))) <= MessageLimit.MAX_TEXT_LENGTH


@pytest.mark.parametrize("language", SHIPPED)
def test_what_a_toast_says_is_not_cut(language: str) -> None:
    room = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    said = {PLACEHOLDER.sub("x" * 30, translated(language, one)) for one in toasts()}
    assert len(said) > 100
    assert [one for one in said if len(one) > room] == []


@pytest.mark.parametrize("language", SHIPPED)
def test_buttons_are_short_enough_for_a_phone(language: str) -> None:
    labels = {translated(language, one) for one in buttons()}
    assert len(labels) > 100
    assert [one for one in labels if len(PLACEHOLDER.sub("12", one)) > WIDEST_BUTTON] == []


@pytest.mark.parametrize("language", SHIPPED)
def test_the_bot_introduces_itself_within_telegrams_limits(language: str) -> None:
    voice = Voice(language)
    assert len(voice.plain(DESCRIPTION)) <= BotDescriptionLimit.MAX_DESCRIPTION_LENGTH
    assert len(voice.plain(SHORT)) <= BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH
    for command in COMMANDS:
        assert not command.label or len(voice.plain(command.label)) <= BotCommandLimit.MAX_DESCRIPTION


@pytest.mark.parametrize(("language", "name"), [("de", 0), ("leicht", 0), ("en", -1)])
def test_a_command_is_named_as_it_is_called_in_the_readers_language(language: str, name: int) -> None:
    names = {f"/{one.names[name]}" for one in COMMANDS}
    named = {word for _, text in texts(language) for word in re.findall(r"(?<![\w</])/[a-z]+\b", text)}
    assert named - names == set()
    assert len(named) > 5


@pytest.mark.parametrize("language", SHIPPED)
def test_nobody_is_told_of_one_things_or_two_thing(language: str) -> None:
    """„1 Personen" and „in 1 Tagen" come of a plural that is used for one."""
    voice = Voice(language)
    counted = [one.id for one in messages() if isinstance(one.id, tuple)]
    for one, many in counted:
        values = dict.fromkeys(PLACEHOLDER.findall(one + many), "x")
        values.pop("number", None)
        none, single, pair = (voice.plural(one, many, number, **values) for number in (0, 1, 2))
        assert none.replace("0", "2", 1) == pair, one
        assert ("1" in single) is ("%(number)s" in one), one


# --- where messages stand in the code


def test_nothing_is_said_that_is_in_no_catalogue() -> None:
    """Whatever a message, a toast, a label or a question is made of is a call to a voice, or somebody's own text."""
    assert [one for path in HANDLERS for one in bare_texts(path)] == []


def bare_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        for text in said_by(node):
            if LETTERS.search(re.sub(r"</?\w+>", "", text)):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {text!r}"


def said_by(node: ast.AST) -> Iterator[str]:
    """Literal text in what goes out: the first argument of these calls, and the label of a button."""
    if isinstance(node, ast.Call) and node.args and called(node) in SAYING:
        yield from literals(node.args[0])
    if is_button(node):
        yield from literals(node.elts[0])


def literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (one.value for one in node.values if isinstance(one, ast.Constant) and isinstance(one.value, str))


def is_button(node: ast.AST) -> TypeGuard[ast.Tuple]:
    """A pair of a label and a tap: ``(voice.plain("…"), Open("…"))``."""
    return (
        isinstance(node, ast.Tuple)
        and len(node.elts) == 2
        and isinstance(node.elts[1], ast.Call)
        and called(node.elts[1])[:1].isupper()
        and called(node.elts[1]) != "N_"  # a pair of texts
    )


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def buttons() -> set[str]:
    found = set()
    for path in HANDLERS:
        for node in ast.walk(parsed(path)):
            if is_button(node):
                found |= {message[0] for one in ast.walk(node.elts[0]) if (message := spoken(one))}
    return found


def toasts() -> set[str]:
    """What is said in a toast: refusals, and whatever is handed to ``toast`` at once."""
    found = {*RIGHTS.values(), *UNFIT.values(), *TOO_MANY.values()}
    phrases = parsed(ROOT / "handlers" / "phrases.py")
    found |= {message[0] for one in ast.walk(phrases) if isinstance(one, ast.Call) and (message := spoken(one))}
    for path in HANDLERS:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and called(node) == "toast" and node.args:
                found |= {message[0] for one in ast.walk(node.args[0]) if (message := spoken(one))}
    return found


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
