"""Bytes to text: UTF-8 or UTF-16 by its mark, else Windows-1252; damage is mended where it is certain.

A file may be damaged in parts only (UTF-8 once read as something else, then saved together with intact text), so
re-decoding the whole would break what is whole. Each damaged sequence is therefore replaced by itself.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

_LETTERS = "äöüÄÖÜßéèàçáíóúñ"
_SIGNS = "„“”‚‘’–—…•€§°«»²³"
# What UTF-8 was read as. ISO-8859-16 is no guess: a press text of the field had been through it.
_MISREAD_AS = ("cp1252", "latin-1", "iso8859-15", "iso8859-16", "cp1250", "iso8859-2")


def _misread(character: str) -> set[str]:
    forms = set()
    for codec in _MISREAD_AS:
        try:
            forms.add(character.encode().decode(codec))
        except UnicodeDecodeError:
            continue
    return forms


_LETTER_OF = {form: letter for letter in _LETTERS for form in _misread(letter)}
_SIGN_OF = {form: sign for sign in _SIGNS for form in _misread(sign)}
# The misreading applied twice leaves one capital in the middle of a small word: „SpitzenverbÀnde", „fÌr".
_TWICE = {"À": "ä", "Ì": "ü"}


def _any_of(forms: dict[str, str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


# A letter's damage touches another letter or sign of damage; alone it might be somebody's „Ă €".
_DAMAGED_LETTER = re.compile(rf"(?:(?<=\w)(?:{_any_of(_LETTER_OF)})|(?:{_any_of(_LETTER_OF)})(?=\w))")
_DAMAGED_SIGN = re.compile(_any_of({form: sign for form, sign in _SIGN_OF.items() if len(form) > 1}))
_DAMAGED_TWICE = re.compile(r"(?<=[a-zäöüß])[ÀÌ](?=[a-zäöüß])")
_LEFT_OVER = re.compile(r"�|[ÃĂ][\u0080-\u00bf€ŒœŸŠšŽžČč„”]|â€|Â[\u00a0-\u00bf]|[\u0080-\u009f]")


# Marks for typesetting that are no part of a word: searched for and quoted, they would only be in the way.
_UNSEEN = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")


@dataclass(frozen=True, slots=True)
class Mended:
    """Text with Unix line ends in composed form; ``mended`` places were put right, ``damaged`` lines (from 1) not.

    ``binary``: these bytes are no text at all.
    """

    text: str
    mended: int
    damaged: tuple[int, ...]
    binary: bool = False


def mend(data: bytes) -> Mended:
    """Read bytes as text and put right what is certainly damaged."""
    text = _decode(data)
    if "\0" in text:
        return Mended("", 0, (), binary=True)
    return mend_text(text)


def mend_text(text: str) -> Mended:
    """Put right what is certainly damaged in a text."""
    lines = [_mend_line(line) for line in _LINE_ENDS.sub("\n", text).translate(_UNSEEN).split("\n")]
    mended = sum(count for _, count in lines)
    fixed = [unicodedata.normalize("NFC", line) for line, _ in lines]
    damaged = tuple(number for number, line in enumerate(fixed, 1) if _LEFT_OVER.search(line))
    return Mended("\n".join(fixed), mended, damaged)


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # „replace": five bytes mean nothing in Windows-1252; they stay visible and are named.
        return data.decode("cp1252", "replace")


def _mend_line(line: str) -> tuple[str, int]:
    if line.isascii():
        return line, 0
    line, signs = _DAMAGED_SIGN.subn(lambda found: _SIGN_OF[found.group()], line)
    line, letters = _DAMAGED_LETTER.subn(lambda found: _LETTER_OF[found.group()], line)
    line, twice = _DAMAGED_TWICE.subn(lambda found: _TWICE[found.group()], line)
    wider = _mend_rarer(line) if _LEFT_OVER.search(line) else line
    return wider, signs + letters + twice + (wider != line)


def _mend_rarer(line: str) -> str:
    import ftfy  # noqa: PLC0415 - a sixth of a second of every start, for what few files need

    return ftfy.fix_encoding(line)
