"""Files of every released schema are brought up to date; newer ones are refused; a killed step leaves the old file."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data import migrations
from data.database import Database
from data.journal import JournalStore
from data.members import MemberStore
from data.migrations import JOURNAL, MEMBERS
from data.steps import Steps
from data.tables import Tables
from data.tap_answers import TapAnswerStore
from data.verify import verify
from station.card import Card, CardStatus
from station.errors import ErrorCode, StationError
from station.journal import Cause, Position
from tests.data.conftest import CARD_KEY, KEY
from tests.data.schemas.make import CARDS, HERE, PHONES, SETS, file_of, made_from
from tests.data.test_journal import sale
from tests.fakes import member, pack, product
from tests.rigs.judged_cards import window

JOURNALS, BOOKS = sorted(HERE.glob("journal_*.sql")), sorted(HERE.glob("members_*.sql"))
HISTORY = ("entry", "personal", "incarnation", "pack", "product", "barcode")
"""The tables that hold what happened: no step may change what is in them."""


def held(file: Path, tables: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    """What the SQL in ``file`` says, read without any code of the station's."""
    with closing(sqlite3.connect(":memory:")) as plain:
        plain.executescript(file.read_text(encoding="utf-8"))
        return {table: plain.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables}  # noqa: S608


def history(journal: JournalStore) -> dict[str, list[tuple[object, ...]]]:
    return {table: journal.database.rows(f"SELECT * FROM {table} ORDER BY 1") for table in HISTORY}  # noqa: S608


def test_there_is_a_file_of_every_schema() -> None:
    assert [file.stem for file in JOURNALS] == list(JOURNAL.names)
    assert [file.stem for file in BOOKS] == list(MEMBERS.names)


@pytest.mark.parametrize(("steps", "make"), SETS, ids=lambda each: getattr(each, "kind", ""))
def test_the_newest_file_is_of_todays_schema(
    tmp_path: Path, steps: Steps, make: Callable[[Path], Database],
) -> None:
    """When this fails and the schema is not released yet, run ``python -m tests.data.schemas.make``."""
    shape = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    with closing(sqlite3.connect(":memory:")) as plain, closing(make(tmp_path / "made.db")) as made:
        plain.executescript(file_of(steps).read_text(encoding="utf-8"))
        assert plain.execute(shape).fetchall() == made.rows(shape)


@pytest.mark.parametrize("file", JOURNALS, ids=lambda file: file.stem)
def test_a_journal_of_any_schema_opens_with_all_that_happened(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "journal.db"
    made_from(file.read_text(encoding="utf-8"), path)
    with closing(JournalStore(path, KEY)) as journal:
        assert history(journal) == held(file, HISTORY)
        assert list(journal.database.steps_taken(JOURNAL)) == list(JOURNAL.names)
        assert list(verify(journal)) == []
        assert [(each.head().seq, each.mark()) for each in journal.branches()] == [(7, 3), (2, 0)]
        shift, basket = journal.shift(), journal.open_basket()
        assert shift
        assert basket
        assert (shift.number, basket.basket.basket_id, journal.waiting_prints()) == (2, "sale-9", [4, 6, 7])
        assert journal.personal(3) == b'{"note":"ring the bell"}'
        assert TapAnswerStore(journal.database).window(7) == window(60)
        assert journal.database.rows("SELECT * FROM issuer_keys") == [(1, 3, b"issuing keys", b"signature")]
        assert journal.append(sale(3)).place == 10
        assert list(verify(journal)) == []
        journal.begin_anew(Cause.FORKED, "test", journal.sale(10).at)


@pytest.mark.parametrize("file", BOOKS, ids=lambda file: file.stem)
def test_a_member_book_of_any_schema_opens_with_everybody(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "members.db"
    made_from(file.read_text(encoding="utf-8"), path)
    with closing(MemberStore(path, KEY, CARD_KEY)) as book:
        assert list(book.database.steps_taken(MEMBERS)) == list(MEMBERS.names)
        assert [book.card(card) for card in CARDS] == [Card("m1", CardStatus.ACTIVE), Card("m2", CardStatus.ACTIVE)]
        assert [book.search(phone) for phone in PHONES] == [[member(1)], [member(2)]]
        assert (book.count(), book.cursor(), book.projected_through()) == (2, "members-1", Position("a" * 32, 7))


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.mark.parametrize(("file", "opening"), [
    (JOURNALS[-1], lambda path: JournalStore(path, KEY)),
    (BOOKS[-1], lambda path: MemberStore(path, KEY, CARD_KEY)),
], ids=["journal", "members"])
def test_a_newer_file_is_refused_and_left_as_it_is(
    tmp_path: Path, file: Path, opening: Callable[[Path], JournalStore | MemberStore],
) -> None:
    path = tmp_path / "a.db"
    made_from(file.read_text(encoding="utf-8"), path)
    with closing(opening(path)) as store:
        store.database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " SELECT migration_set, 'x_9999', '' FROM _sqlite_migrations")
    before = digests(tmp_path)
    with pytest.raises(StationError) as caught:
        opening(path)
    assert caught.value.code is ErrorCode.DATABASE_NEWER
    assert digests(tmp_path) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from data.database import Database
from data import migrations
from data.migrations import JOURNAL
from data.steps import Steps
from tests.data.conftest import KEY
later = Steps("journal")
for name in JOURNAL.names:
    later(getattr(migrations, name))
@later
def x_0002(db):
    db.execute("ALTER TABLE sale ADD COLUMN weather TEXT")
    db.execute("UPDATE sale SET weather = 'rain'")
    db.execute("DELETE FROM pack")
    db.execute("PRAGMA cache_spill = 1")
    db.execute("CREATE TABLE much (x BLOB)")
    for _ in range(40):
        db.execute("INSERT INTO much VALUES (zeroblob(100000))")
    os.kill(os.getpid(), signal.SIGKILL)
Database(Path(sys.argv[1]), KEY, later)
"""


def test_a_step_that_is_killed_in_the_middle_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path, root = tmp_path / "journal.db", Path(__file__).parents[2]
    made_from(JOURNALS[-1].read_text(encoding="utf-8"), path)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], cwd=root, check=False, env={**os.environ, "PYTHONPATH": str(root)})
    assert done.returncode == -signal.SIGKILL
    with closing(JournalStore(path, KEY)) as journal:
        assert history(journal) == held(JOURNALS[-1], HISTORY)
        assert journal.database.row("SELECT count(*) FROM sqlite_schema WHERE name = 'much'") == (0,)
        assert list(verify(journal)) == []


def test_a_file_that_was_not_finished_is_made_again(tmp_path: Path) -> None:
    """The first step of all had run and was not yet written down."""
    path, failing = tmp_path / "journal.db", Steps("journal")

    @failing
    def journal_0001(db: Tables) -> None:
        migrations.journal_0001(db)
        message = "the power went"
        raise OSError(message)

    with pytest.raises(OSError, match="the power went"):
        Database(path, KEY, failing)
    with closing(JournalStore(path, KEY)) as journal:
        journal.found("12-1", "test", sale().at)
        assert list(verify(journal)) == []


def test_the_files_hold_goods_and_rules_as_the_program_reads_them() -> None:
    found = held(JOURNALS[0], ("product", "pack"))
    assert [row[0] for row in found["product"]] == [product(1).product_id, product(2).product_id]
    assert [row[0] for row in found["pack"]] == [pack(1).number]
