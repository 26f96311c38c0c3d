"""Secrets that lie in files of their own, as containers and systemd hand them over: ``BOT_TOKEN_FILE`` names one.

What a file is called is not shown in a fault: it may be the secret itself, put into the wrong variable.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

FILE = "_FILE"
LARGEST = 65_536  # bytes; longer is no secret but the wrong file


class _Unread(Exception):
    """Why it could not be read, as the rest of a German sentence."""


def from_files(given: Mapping[str, str], secrets: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """What the files hold, by variable, and a German sentence for each that does not serve."""
    found: dict[str, str] = {}
    faults = []
    for variable in secrets:
        path = given.get(f"{variable}{FILE}")
        if path is None:
            continue
        if variable in given:
            faults.append(f"{variable} und {variable}{FILE} sind beide gesetzt. Lassen Sie eines davon weg.")
            continue
        try:
            found[variable] = _read(Path(path))
        except _Unread as why:
            faults.append(f"Die Datei, die {variable}{FILE} nennt, {why}")
    return found, faults


def _read(path: Path) -> str:
    """The secret, without the end of the line.

    Raises:
        _Unread: there is none.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _Unread("gibt es nicht. Prüfen Sie den Pfad.") from None
    except (OSError, ValueError):  # ValueError: no path at all
        advice = "Prüfen Sie den Pfad, und ob der Benutzer, unter dem der Bot läuft, sie lesen darf."
        raise _Unread(f"lässt sich nicht lesen. {advice}") from None
    if len(content) > LARGEST:
        raise _Unread("ist zu groß. Sie darf nichts als das Geheimnis enthalten.")
    try:
        secret = content.decode().strip()
    except UnicodeDecodeError:
        raise _Unread("enthält keinen Text. Schreiben Sie das Geheimnis als eine Zeile hinein.") from None
    if not secret:
        raise _Unread("ist leer. Schreiben Sie das Geheimnis als eine Zeile hinein.")
    return secret
