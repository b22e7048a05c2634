"""Everything derived can be thrown away: made anew from the entries it is the same, to the byte."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.derived import TABLES
from data.journal import JournalStore
from data.verify import rebuild, rows_of, verify
from station.journal import Cause
from tests.data.conftest import KEY
from tests.data.test_journal import sale, shift
from tests.fakes import NOON
from tests.rigs.history import STEPS, History


def derived(journal: JournalStore) -> dict[str, list[tuple[object, ...]]]:
    return {table: rows_of(journal, table) for table in TABLES}


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.lists(st.sampled_from((*STEPS, "anew")), min_size=10, max_size=30))
def test_a_rebuild_makes_the_same_rows(seed: int, steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = JournalStore(Path(folder) / "journal.db", KEY)
        journal.found("12-1", "test", NOON)
        history = History(journal, seed)
        for step in steps:
            if step == "anew":
                journal.begin_anew(Cause.RESTORED, "test", history.clock.now())
            else:
                history.play([step])
        held = derived(journal)
        assert list(verify(journal)) == []
        for table in TABLES:
            journal.database.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
        assert not any(derived(journal).values())
        assert rebuild(journal) == sum(map(len, held.values()))
        assert derived(journal) == held
        assert list(verify(journal)) == []
        journal.close()


def test_all_tables_but_those_of_other_things_are_derived(journal: JournalStore) -> None:
    """So a new table is either rebuilt and verified, or is named here."""
    there = {row[0] for row in journal.database.rows(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_sqlite%' ESCAPE '\\'")}
    others = {"station", "incarnation", "entry", "personal", "checkpoint", "open_basket", "parked", "cash_count", "put_aside",
              "member_file", "product", "barcode", "staff", "pack", "cursor", "lease", "hold", "server_time",
              "issuer_keys", "tap_answer", "pass_taken", "staff_tries", "staff_pin"}
    assert there - others == set(TABLES)


def test_a_rebuild_leaves_what_is_not_derived(journal: JournalStore) -> None:
    journal.append(shift())
    place = journal.append(sale(1)).place
    journal.append(sale(2))
    journal.printed(place)
    journal.branches()[-1].acknowledge(2)
    head, marks = journal.head(), journal.branches()[-1].mark()
    rebuild(journal)
    assert (journal.head(), journal.branches()[-1].mark(), journal.waiting_prints()) == (head, marks, [place + 1])


def test_broken_entries_are_not_made_into_anything(journal: JournalStore) -> None:
    journal.append(shift())
    journal.append(sale(1))
    journal.database.execute("DROP TRIGGER entry_no_update")
    journal.database.execute("UPDATE entry SET hash = zeroblob(32) WHERE place = 2")
    journal.database.execute("UPDATE sale SET total = 1")
    held = derived(journal)
    with pytest.raises(ValueError, match="entry 2 breaks the chain"):
        rebuild(journal)
    assert derived(journal) == held
