"""Verification names the first bad place, whatever was harmed."""

import pytest

from data.journal import JournalStore
from data.verify import verify
from station.journal import Cause, chain
from tests.data.test_journal import newest, sale, shift
from tests.fakes import NOON

USED = ("gold-10",)


@pytest.fixture
def busy(journal: JournalStore) -> JournalStore:
    """Entries 1 OPENED, 2 a shift, 3 to 7 sales, the third with something personal; then 8 OPENED anew, 9 a sale."""
    journal.append(shift())
    for number in range(1, 6):
        journal.append(sale(number, limited=USED, personal=b'{"name":"Sara"}' if number == 3 else b""))
    newest(journal).acknowledge(3)
    journal.begin_anew(Cause.RESTORED, "test", NOON)
    journal.append(sale(6))
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
    ("UPDATE entry SET raw = CAST(replace(raw, '77000', '77001') AS BLOB) WHERE place = 4", "entry 4 breaks the chain"),
    ("UPDATE entry SET hash = zeroblob(32) WHERE place = 5", "entry 5 breaks the chain"),
    ("UPDATE entry SET hash = (SELECT hash FROM entry WHERE place = 6) WHERE place = 8", "entry 8 breaks the chain"),
    ("DELETE FROM entry WHERE place = 3", "entry 3 is missing"),
    ("DELETE FROM entry WHERE place = 1", "entry 1 is missing"),
    ("UPDATE entry SET kind = 'RETURN' WHERE place = 6", "entry 6 does not decode: Object missing required field"),
    ("UPDATE entry SET kind = 'GIFT' WHERE place = 6", "entry 6 does not decode: 'GIFT' is not a valid EntryKind"),
    ("UPDATE sale SET total = total + 1 WHERE place = 6", "table sale: the row of (6,) is not what the journal makes"),
    ("INSERT INTO sale VALUES (8, 'x', 1, 0, NULL, 0, 0, 0, 0, 0, 0)", "table sale: the row of (8,) is not"),
    ("DELETE FROM sale WHERE place = 9", "table sale: 5 rows, the journal makes 6"),
    ("UPDATE promotion_use SET amount = amount - 1 WHERE member_id = 'm1'",
     "table promotion_use: the row of ('gold-10', 'm1', '2026-11-22') is not what the journal makes"),
    ("UPDATE promotion_use SET uses = 4 WHERE date = ''", "table promotion_use: the row of ('gold-10', '', '') is not"),
    ("INSERT INTO shift VALUES (9, 99, 'x', 'x', 0)", "table shift: 2 rows, the journal makes 1"),
    ("INSERT INTO shift_report VALUES ('Z', 1, 1, 9)", "table shift_report: 1 rows, the journal makes 0"),
    ("UPDATE shift_total SET amount = amount - 1 WHERE tally = 'TOTAL'",
     "table shift_total: the row of (1, 'TOTAL', '') is not what the journal makes"),
    ("UPDATE personal SET document = x'00'", "entry 5 keeps other personal data than it committed to"),
    ("UPDATE personal SET place = 4", "entry 4 keeps other personal data than it committed to"),
    ("UPDATE incarnation SET mark = 8 WHERE before = 0", "the mark 8 is outside incarnation"),
    ("UPDATE incarnation SET mark = 3 WHERE before = 7", "the mark 3 is outside incarnation"),
    ("UPDATE incarnation SET mark = -1 WHERE before = 7", "the mark -1 is outside incarnation"),
    ("UPDATE incarnation SET id = replace(hex(zeroblob(16)), '00', '0f') WHERE before = 0", "entry 1 names another place"),
    ("UPDATE incarnation SET id = replace(hex(zeroblob(16)), '00', '0f') WHERE before = 7", "entry 8 names another place"),
    ("UPDATE incarnation SET before = 6 WHERE before = 7", "entry 7 breaks the chain"),
    ("DELETE FROM incarnation WHERE before = 7", "entry 8 breaks the chain"),
    ("DELETE FROM incarnation", "entry 1 names another place"),
    ("UPDATE station SET station = '12-9'", "entry 1 names another place"),
    ("DELETE FROM station", "entry 1 names another place"),
    ("UPDATE station SET printed = 10", "the mark 10 of what was printed is outside the journal of 9 entries"),
    ("UPDATE station SET printed = -1", "the mark -1 of what was printed"),
    ("UPDATE station SET compacted = 2", "entry 3 breaks the chain"),
    ("INSERT INTO checkpoint VALUES (9, x'00')", "what was kept of the entries that were cut off does not decode"),
])
def test_harm_is_named(busy: JournalStore, statement: str, fault: str) -> None:
    faults = harm(busy, statement)
    assert faults
    assert faults[0].startswith(fault)


def write(journal: JournalStore, raw: bytes, kind: str = "SALE") -> list[str]:
    """Write ``raw`` as the next entry, its chain in order, and verify."""
    place = len(journal.database.rows("SELECT 1 FROM entry")) + 1
    journal.database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (place, kind, raw, chain(journal.head().hash, raw)))
    return list(verify(journal))


@pytest.mark.parametrize(("raw", "why"), [
    (b'{"version":1}', "Object missing required field `station`"),
    (b"no JSON at all", "JSON is malformed"),
    (b'{"\xff', ""),
])
def test_an_entry_of_another_form_is_named(busy: JournalStore, raw: bytes, why: str) -> None:
    (fault,) = write(busy, raw)
    assert fault.startswith(f"entry 10 does not decode: {why}")


def test_an_entry_kept_as_another_kind_that_reads_alike_is_named(busy: JournalStore) -> None:
    said = f'"station":"12-1","incarnation":"{busy.head().incarnation}","seq":3'
    raw = ('{"version":1,' + said + ',"kind":"CASH_MOVED","at":{"utc_us":0,"offset":0,"date":"2026-11-22"},'
           '"actor":{"person":"sara","role":"CASHIER"},"approver":null,"body":{"program":"x"}}')
    assert write(busy, raw.encode(), "OPENED") == ["entry 10 is kept as another kind than it says"]


@pytest.mark.parametrize(("seq", "digest"), [(6, None), (7, bytes(32))])
def test_an_incarnation_that_names_another_end_is_named(journal: JournalStore, seq: int, digest: bytes | None) -> None:
    """The chain of each is sound; only the second one's first entry does not follow the first."""
    journal.append(shift())
    for number in range(5):
        journal.append(sale(number))
    end = journal.head()
    journal.database.execute("INSERT INTO incarnation (before, id) VALUES (7, ?)", ("0f" * 16,))
    body = f'{{"program":"x","after":{{"incarnation":"{end.incarnation}","seq":{seq}}},"after_hash":"{(digest or end.hash).hex()}"}}'
    raw = ('{"version":1,"station":"12-1","incarnation":"' + "0f" * 16 + '","seq":1,"kind":"OPENED",'
           '"at":{"utc_us":0,"offset":0,"date":"2026-11-22"},"actor":{"person":"system","role":"SYSTEM"},'
           f'"approver":null,"body":{body}}}').encode()
    journal.database.execute("INSERT INTO entry VALUES (8, 'OPENED', ?, ?)", (raw, chain(bytes(32), raw)))
    assert list(verify(journal)) == ["entry 8 names another end of the incarnation before"]


def test_a_rewritten_end_is_sound_here_and_found_by_head_office(busy: JournalStore) -> None:
    # The chain alone cannot tell a last entry that never was: only the acknowledged hash can.
    faults = harm(busy, "DELETE FROM entry WHERE place = 9")
    assert faults == ["table shift_total: the row of (1, 'DISCOUNT', '') is not what the journal makes",
                      "table sale: 6 rows, the journal makes 5"]


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
