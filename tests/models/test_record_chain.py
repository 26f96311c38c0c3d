"""Whatever is done to a record, and by whatever way, is found, and the first entry concerned is named."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.record import Act, Fault, Head, NewEntry, check_chain, parse_head
from models.record.chain import Line
from models.record.rules import Entry, digest, write_entry
from tests.auxil.clock import START
from tests.auxil.records import chained, flipped, head_of, line, new_entries

records = st.lists(new_entries, min_size=1, max_size=8).map(chained)
few = settings(max_examples=60)


def rewritten(entry: Entry, previous: str | None = None) -> Entry:
    """The entry with another person in it, and a hash to match."""
    new = NewEntry(Act(entry.act), entry.at, (entry.by or 0) + 1, entry.vote, entry.mandate, entry.details)
    return write_entry(new, entry.number, previous or entry.previous)


@few
@given(records)
def test_a_record_that_nobody_touched_is_whole(entries: list[Entry]) -> None:
    lines = [line(entry) for entry in entries]
    for head in (None, head_of(entries), Head(), Head(1, entries[0].hash[:16])):
        finding = check_chain(lines, head, head_of(entries))
        assert finding.whole
        assert finding.head == head_of(entries)
        assert finding.given == head


def test_every_single_bit_counts() -> None:
    lines = [line(entry) for entry in chained([NewEntry(Act.CAST, START, 3, 17, 4, {"choice": "yes"})] * 2)]
    for at, one in enumerate(lines):
        damaged = [replace(one, entry=flipped(one.entry, *divmod(bit, 8))) for bit in range(8 * len(one.entry))]
        damaged += [replace(one, hash=flipped(one.hash, *divmod(bit, 8))) for bit in range(8 * len(one.hash))]
        for each in damaged:
            finding = check_chain([*lines[:at], each, *lines[at + 1 :]])
            assert (finding.fault, finding.number) == (Fault.ALTERED, at + 1)


@few
@given(records, st.data())
def test_a_bit_that_changed(entries: list[Entry], data: st.DataObject) -> None:
    lines = [line(entry) for entry in entries]
    at = data.draw(st.integers(0, len(lines) - 1))
    one, place, bit = lines[at], data.draw(st.integers(0, 500)), data.draw(st.integers(0, 7))
    if data.draw(st.booleans()):
        lines[at] = replace(one, entry=flipped(one.entry, place, bit))
    else:
        lines[at] = replace(one, hash=flipped(one.hash, place, bit))
    finding = check_chain(lines)
    assert (finding.fault, finding.number) == (Fault.ALTERED, at + 1)


@few
@given(records, st.data())
def test_an_entry_hung_under_another_vote(entries: list[Entry], data: st.DataObject) -> None:
    lines = [line(entry) for entry in entries]
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = replace(lines[at], vote=(lines[at].vote or 0) + 1)
    finding = check_chain(lines)
    assert (finding.fault, finding.number) == (Fault.ALTERED, at + 1)


@few
@given(records, st.data())
def test_an_entry_that_was_removed(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    kept = entries[:at] + entries[at + 1 :]
    renumbered = data.draw(st.booleans())
    finding = check_chain([line(entry, number if renumbered else None) for number, entry in enumerate(kept, 1)])
    if at == len(entries) - 1:
        assert finding.whole, "an end that is missing shows only beside a head"
    else:
        assert (finding.fault, finding.number) == (Fault.REMOVED, at + 1)


@few
@given(records, st.data())
def test_entries_that_changed_places(entries: list[Entry], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(entries))))
    finding = check_chain([line(entries[one], number) for number, one in enumerate(order, 1)])
    moved = next((number for number, one in enumerate(order, 1) if one != number - 1), None)
    assert (finding.fault, finding.number) == ((Fault.REORDERED, moved) if moved else (None, None))


@few
@given(records, st.data())
def test_an_end_that_was_cut_off_shows_beside_a_head(entries: list[Entry], data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(entries) - 1))
    lines = [line(entry) for entry in entries[:kept]]
    assert check_chain(lines).whole
    for heads in ((head_of(entries), None), (None, head_of(entries))):
        finding = check_chain(lines, *heads)
        assert (finding.fault, finding.number) == (Fault.CUT_OFF, kept + 1)
        assert finding.missed == head_of(entries)


@few
@given(records, st.data())
def test_an_entry_written_anew_with_its_hash(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    forged = [*entries[:at], rewritten(entries[at]), *entries[at + 1 :]]
    finding = check_chain(map(line, forged), head_of(entries))
    last = at == len(entries) - 1
    assert (finding.fault, finding.number) == (Fault.ANOTHER if last else Fault.ALTERED, at + 1)


@few
@given(records, st.data())
def test_all_entries_from_one_on_written_anew_show_beside_a_head(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    forged = entries[:at]
    for entry in entries[at:]:
        forged.append(rewritten(entry, forged[-1].hash if forged else None))
    assert check_chain(map(line, forged)).whole, "a chain of its own"
    finding = check_chain(map(line, forged), head_of(entries))
    assert (finding.fault, finding.number) == (Fault.ANOTHER, len(entries))
    if at:
        assert check_chain(map(line, forged), head_of(entries[:at])).whole, "an older head knows no more than its time"


def test_a_link_that_was_turned_is_the_later_entrys() -> None:
    entries = chained([NewEntry(Act.ENTERED, START, 1, 1)] * 4)
    turned = write_entry(NewEntry(Act.ENTERED, START, 1, 1), 3, "f" * 64)
    finding = check_chain(map(line, [*entries[:2], turned, entries[3]]))
    assert (finding.fault, finding.number) == (Fault.ALTERED, 3)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "[" * 100_000,
        '{"a": NaN}',
        "0" * 5000,
        "{}",
        chained([NewEntry(Act.ENTERED, START)])[0].text.replace(":null", ":[]"),
        chained([NewEntry(Act.ENTERED, START)])[0].text.replace('"details":{}', '"details":[]'),
        chained([NewEntry(Act.ENTERED, START)])[0].text.replace(",", ", "),
    ],
)
def test_whatever_stands_there_it_is_named_and_stops_nothing(text: str) -> None:
    finding = check_chain([Line(1, None, text.encode(), digest(text).encode())])
    assert (finding.fault, finding.number) == (Fault.ALTERED, 1)


def test_no_record_yet_is_whole_and_a_head_of_none_is_in_every_record() -> None:
    assert check_chain([], Head()).whole
    assert check_chain([]).head == Head()
    assert str(Head()) == f"0-{'0' * 64}"


@few
@given(records)
def test_a_head_is_read_as_it_is_written(entries: list[Entry]) -> None:
    head = head_of(entries)
    assert parse_head(str(head)) == head
    short = parse_head(head.short)
    assert (short.length, short.hash) == (head.length, head.hash[:16])
    by_hand = f" {head.short.lower().replace('0', 'O').replace('1', 'l').replace('-', ' – ')} "
    assert parse_head(by_hand) == short


@few
@given(records, st.data())
def test_a_hash_alone_is_found_wherever_it_stands_and_missed_where_it_is_not(
    entries: list[Entry], data: st.DataObject
) -> None:
    lines = [line(entry) for entry in entries]
    at = data.draw(st.integers(0, len(entries) - 1))
    alone = parse_head(entries[at].hash)
    finding = check_chain(lines, alone)
    assert finding.whole
    assert finding.given == Head(at + 1, entries[at].hash)
    cut = check_chain(lines[:at], alone)
    assert (cut.fault, cut.number, cut.missed) == (Fault.MISSING, None, alone)


@pytest.mark.parametrize("spelled", ["", "42", "42-9F3C", "9F3C77AB12CD34E", "42-" + "g" * 16, "f" * 65])
def test_what_is_no_head_is_refused(spelled: str) -> None:
    with pytest.raises(ValueError, match="not a head"):
        parse_head(spelled)
