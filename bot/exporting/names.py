"""Names of files that every computer takes: plain letters, short, none of Windows' own."""

import re
import unicodedata

LONGEST = 80  # letters, ending included: a folder within folders has room for 260 on Windows
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A file's name that can be written anywhere, as near to the given one as that allows; never empty. Pure."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).translate(_SPELLED))
    plain = _ODD.sub("-", plain.encode("ascii", "ignore").decode()).strip("-. ")
    ending = _ENDING.search(plain)
    kept = ending[0] if ending and ending.start() else ""
    stem = plain.removesuffix(kept)[: LONGEST - len(kept)].strip("-. ") or "datei"
    return f"_{stem}{kept}" if _RESERVED.fullmatch(stem + kept) else stem + kept
