"""Verification names the first bad place, whatever was harmed."""

import pytest

from data.journal import JournalStore
from data.verify import verify
from station.journal import chain
from tests.data.test_journal import sale, shift


@pytest.fixture
def busy(journal: JournalStore) -> JournalStore:
    journal.append(shift())
    for number in range(1, 6):
        journal.append(sale(number))
    journal.acknowledge(3)
    return journal


def harm(journal: JournalStore, statement: str) -> list[str]:
    """Do what the triggers forbid, as someone with the key and a tool could, and verify."""
    for trigger in ("entry_no_update", "entry_no_delete"):
        journal.database.execute(f"DROP TRIGGER {trigger}")
    journal.database.execute(statement)
    return list(verify(journal))


def test_a_sound_journal_has_no_faults(busy: JournalStore) -> None:
    assert list(verify(busy)) == []


@pytest.mark.parametrize(("statement", "fault"), [
    ("UPDATE entry SET raw = CAST(replace(raw, '77000', '77001') AS BLOB) WHERE seq = 4", "entry 4 breaks the chain"),
    ("UPDATE entry SET hash = zeroblob(32) WHERE seq = 5", "entry 5 breaks the chain"),
    ("DELETE FROM entry WHERE seq = 3", "entry 3 is missing"),
    ("UPDATE sale SET total = total + 1 WHERE seq = 6", "table sale: the row of 6"),
    ("DELETE FROM points_entry WHERE seq = 7", "table points_entry: 4 rows, the journal makes 5"),
    ("UPDATE promotion_use SET amount = 1 WHERE seq = 4", "table promotion_use: the row of gold-10 is not what"),
    ("INSERT INTO shift VALUES (9, 99, 'x', 'x', 0)", "table shift: 2 rows, the journal makes 1"),
    ("UPDATE journal SET mark = 99", "the mark 99 is outside the journal of 7 entries"),
    ("UPDATE journal SET station = '12-9'", "entry 1 names another place"),
])
def test_harm_is_named(busy: JournalStore, statement: str, fault: str) -> None:
    faults = harm(busy, statement)
    assert faults
    assert faults[0].startswith(fault)


def test_an_entry_of_another_form_is_named(busy: JournalStore) -> None:
    head, raw = busy.head(), b'{"version":1}'
    busy.database.execute("INSERT INTO entry VALUES (?, 'SALE', ?, ?)", (head.seq + 1, raw, chain(head.hash, raw)))
    assert list(verify(busy)) == ["entry 8 does not decode: Object missing required field `station`"]


def test_a_rewritten_end_is_sound_here_and_found_by_head_office(busy: JournalStore) -> None:
    # The chain alone cannot tell a last entry that never was: only the acknowledged hash can.
    assert harm(busy, "DELETE FROM entry WHERE seq = 7") == [
        "table sale: 5 rows, the journal makes 4", "table points_entry: 5 rows, the journal makes 4",
        "table promotion_use: 5 rows, the journal makes 4"]


def test_a_flipped_byte_on_disk_is_found(busy: JournalStore) -> None:
    busy.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = busy.database.path
    busy.close()
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    again = JournalStore(path, bytes(range(32)))
    faults = list(verify(again))
    assert faults
    assert faults[0].startswith("the file itself: HMAC")
    again.close()
