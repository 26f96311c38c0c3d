"""What no line shows alone: doubles, and names that neither the folder nor the store knows."""

from collections.abc import Iterator

from models.member import Role
from models.roll.values import DEADLINES, MEETINGS, MEMBERS, Fault, Reading, Row, Snapshot

_KEY_COLUMN = {MEMBERS: "name", DEADLINES: "key", MEETINGS: "key"}
ENDED = "beendet"


def check(reading: Reading, snapshot: Snapshot) -> list[Fault]:
    """Everything that does not fit together, between the lists and with the store."""
    bodies = {row.key[0] for row in reading.bodies} | {key[0] for key in snapshot.bodies}
    members = reading.rows.get(MEMBERS, ())
    mandates = {(row.key[0], row.key[1]) for row in members if row.key[2] == Role.MEMBER} | snapshot.mandates
    faults = [fault for name, rows in reading.rows.items() for fault in _doubles(rows, _KEY_COLUMN[name])]
    faults += _members(members, bodies, mandates, snapshot)
    for row in reading.rows.get(DEADLINES, ()):
        audience = row.values.get("audience", "alle")
        if audience != "alle" and not audience.startswith("traeger:") and audience not in bodies:
            faults.append(Fault(row.file, row.line, "audience", "not an audience", audience))
    faults += [
        Fault(row.file, row.line, "body", "unknown body", row.values["body"])
        for row in reading.rows.get(MEETINGS, ())
        if row.values["body"] not in bodies
    ]
    return faults + list(_chairs(reading, mandates))


def _doubles(rows: tuple[Row, ...], column: str) -> Iterator[Fault]:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.key in first:
            yield Fault(row.file, row.line, column, "duplicate", str(first[row.key]))
        first.setdefault(row.key, row.line)


def _members(
    rows: tuple[Row, ...], bodies: set[str], mandates: set[tuple[str, str]], snapshot: Snapshot
) -> Iterator[Fault]:
    holders = _seats(rows, snapshot)
    spoken: dict[str, str] = {}
    for row in rows:
        body, mandate, role, name = row.key
        if body and body not in bodies:
            yield Fault(row.file, row.line, "body", "unknown body", body)
        elif role == Role.DEPUTY and (body, mandate) not in mandates:
            yield Fault(row.file, row.line, "mandate", "unknown mandate", mandate)
        if role == Role.MEMBER and _sits(row, snapshot) and holders.setdefault((body, mandate), name) != name:
            yield Fault(row.file, row.line, "mandate", "seat taken", holders[body, mandate])
        language = row.values.get("language")
        if language and spoken.setdefault(name, language) != language:
            yield Fault(row.file, row.line, "language", "two languages", name)
    yield from _nobody_left(rows, snapshot)


def _nobody_left(rows: tuple[Row, ...], snapshot: Snapshot) -> Iterator[Fault]:
    """A list that ends everybody who is staff would lock the office out."""
    today = {key for key, stored in snapshot.rows[MEMBERS].items() if key[2] == Role.STAFF and not stored["status"]}
    told = [row for row in rows if row.key[2] == Role.STAFF and "status" in row.values]
    ended = [row for row in told if row.values["status"] == ENDED]
    after = (today | {row.key for row in told}) - {row.key for row in ended}
    if today and ended and not after:
        yield Fault(ended[-1].file, ended[-1].line, "status", "last of staff")


def _seats(rows: tuple[Row, ...], snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """Who holds a seat today and is not spoken of in the file: they keep it until a line ends them."""
    spoken_of = {row.key for row in rows if "status" in row.values}
    return {
        (body, mandate): name
        for (body, mandate, role, name), stored in snapshot.rows[MEMBERS].items()
        if role == Role.MEMBER and stored["status"] == "" and (body, mandate, role, name) not in spoken_of
    }


def _sits(row: Row, snapshot: Snapshot) -> bool:
    if row.key in snapshot.ended_in_chat:
        return False
    stored = snapshot.rows[MEMBERS].get(row.key, {"status": ""})
    return bool(row.values.get("status", stored["status"]) != ENDED)


def _chairs(reading: Reading, mandates: set[tuple[str, str]]) -> Iterator[Fault]:
    """A chair is one of the body's mandates; as long as none are known it cannot be told."""
    for row in reading.bodies:
        known = {name for body, name in mandates if body == row.key[0]}
        chair = row.values.get("charter", {}).get("chair")
        if chair and known and chair not in known:
            place = f"[[body]] {row.line}, charter.chair"
            yield Fault(row.file, row.lines.get("charter.chair"), place, "unknown mandate", chair)
