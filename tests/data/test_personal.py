"""What an entry keeps of people lies beside the chain: committed to, erasable, and then nobody can tell it was there."""

import hashlib
from dataclasses import replace

import msgspec
import pytest

from data.derived import TABLES
from data.journal import JournalStore, commitment
from data.verify import rebuild, rows_of, verify
from station.journal import Entry, Stored
from station.sale import Sale
from tests.data.test_journal import newest, sale, shift

DOCUMENT = '{"name":"سارا محمدی","phone":"09120000001"}'.encode()


@pytest.fixture
def place(journal: JournalStore) -> int:
    """The place of a sale to somebody whose name was written down."""
    journal.append(shift())
    place = journal.append(sale(1, personal=DOCUMENT)).place
    journal.append(sale(2))
    return place


def entry(journal: JournalStore, place: int) -> Entry[Sale]:
    return msgspec.json.decode(newest(journal).after(place - 1, 1)[0].raw, type=Entry[Sale])


def stripped(journal: JournalStore) -> list[Stored]:
    return [replace(each, personal=None) for each in newest(journal).after(0, 10)]


def test_an_entry_goes_up_with_what_it_keeps_of_people(journal: JournalStore, place: int) -> None:
    kept = {each.place: each.personal for each in newest(journal).after(0, 10) if each.personal}
    assert {at: (each.document, each.commitment) for at, each in kept.items()} == {
        place: (DOCUMENT, entry(journal, place).personal)}


def test_a_commitment_is_the_hash_of_salt_and_document() -> None:
    assert commitment(b"salt", b"document") == hashlib.sha256(b"saltdocument").hexdigest()
    assert commitment(b"salt", b"") == ""


def test_the_document_is_beside_the_entry_and_the_entry_commits_to_it(journal: JournalStore, place: int) -> None:
    assert journal.personal(place) == DOCUMENT
    ((salt, document),) = journal.database.rows("SELECT salt, document FROM personal")
    assert (len(salt), document) == (32, DOCUMENT)
    assert entry(journal, place).personal == hashlib.sha256(salt + DOCUMENT).hexdigest()
    assert not any("سارا".encode() in each.raw for each in newest(journal).after(0, 10))


def test_the_same_document_twice_is_not_the_same_commitment(journal: JournalStore, place: int) -> None:
    again = journal.append(sale(3, personal=DOCUMENT)).place
    assert entry(journal, again).personal != entry(journal, place).personal


def test_an_entry_with_nothing_personal_says_so(journal: JournalStore, place: int) -> None:
    assert entry(journal, place + 1).personal == ""
    assert journal.personal(place + 1) is None


def test_erasing_breaks_no_hash_no_total_and_no_row(journal: JournalStore, place: int) -> None:
    before = [stripped(journal), journal.head(), journal.totals(1)]
    rows = {table: rows_of(journal, table) for table in TABLES}
    committed = entry(journal, place).personal
    journal.erase(place)
    journal.erase(place)
    assert journal.personal(place) is None
    assert journal.database.rows("SELECT * FROM personal") == []
    assert newest(journal).after(0, 10) == stripped(journal)
    assert [stripped(journal), journal.head(), journal.totals(1)] == before
    assert entry(journal, place).personal == committed
    assert list(verify(journal)) == []
    rebuild(journal)
    assert {table: rows_of(journal, table) for table in TABLES} == rows


def test_a_draft_does_not_show_what_is_personal() -> None:
    assert "phone" not in repr(replace(sale(), personal=DOCUMENT))
