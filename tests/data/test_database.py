"""How a file is opened: key first and raw, settings that keep what was confirmed, nothing plain by mistake."""

import sqlite3
import time
from pathlib import Path

import pytest

from data.database import ENCRYPTS, Database, driver
from data.steps import Steps
from data.tables import Tables
from station.errors import ErrorCode, StationError

KEY = bytes(range(32))
STEPS = Steps("test")


@STEPS
def test_0001(db: Tables) -> None:
    """One table."""
    db.execute("CREATE TABLE note (text TEXT NOT NULL) STRICT")


test_0001.__test__ = False  # type: ignore[attr-defined] # a step of a migration, not a test


def opened(folder: Path, key: bytes | None = KEY) -> Database:
    return Database(folder / "notes.db", key, STEPS)


def setting(database: Database, name: str) -> object:
    row = database.row(f"PRAGMA {name}")
    return row and row[0]


def test_the_driver_encrypts() -> None:
    assert ENCRYPTS
    assert driver.__name__ == "sqlcipher3.dbapi2"


def test_what_was_confirmed_survives_a_power_cut(tmp_path: Path) -> None:
    # https://sqlite.org/pragma.html#pragma_synchronous: in WAL mode FULL (2) makes each commit durable.
    with opened(tmp_path) as database:
        assert (setting(database, "journal_mode"), setting(database, "synchronous")) == ("wal", 2)
        assert database.encrypted


def test_the_key_is_raw_and_opens_without_derivation(tmp_path: Path) -> None:
    with opened(tmp_path) as database, database.writing():
        database.execute("INSERT INTO note VALUES ('here')")
    # SQLCipher takes x'64 digits' as the key itself; the same digits as a passphrase are another key.
    for key, opens in ((f"x'{KEY.hex()}'", True), (KEY.hex(), False)):
        connection = driver.connect(str(tmp_path / "notes.db"))
        connection.execute(f'PRAGMA key = "{key}"')
        if opens:
            assert connection.execute("SELECT text FROM note").fetchone() == ("here",)
        else:
            connection.execute("PRAGMA cipher_log_level = NONE")
            with pytest.raises(driver.DatabaseError):
                connection.execute("SELECT text FROM note")
        connection.close()


def test_opening_is_fast(tmp_path: Path) -> None:
    opened(tmp_path).close()
    took = []
    for _ in range(5):
        start = time.perf_counter()
        opened(tmp_path).close()
        took.append(time.perf_counter() - start)
    # Deriving a key from a passphrase takes 256 000 rounds: 100 ms and more, every time.
    assert min(took) < 0.05


def test_memory_is_not_locked(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        assert str(setting(database, "cipher_memory_security")) == "0"


def test_as_many_pages_stay_in_memory_as_was_asked_for(tmp_path: Path) -> None:
    # https://sqlite.org/pragma.html#pragma_cache_size: a negative number is KiB.
    with opened(tmp_path) as usual, Database(tmp_path / "large.db", KEY, STEPS, 32_000) as large:
        assert (setting(usual, "cache_size"), setting(large, "cache_size")) == (-8_000, -32_000)


def test_a_wrong_statement_stays_loud_and_leaves_the_file_usable(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        for ask in (database.row, database.rows, database.execute):
            with pytest.raises(driver.OperationalError):
                ask("SELECT text FROM nowhere")
        with pytest.raises(driver.IntegrityError), database.writing():
            database.execute_many("INSERT INTO note VALUES (?)", [("undone",), (None,)])
        assert database.rows("SELECT text FROM note") == []


def test_another_key_is_a_numbered_fault_and_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    opened(tmp_path).close()
    with pytest.raises(StationError) as caught:
        opened(tmp_path, bytes(32))
    assert caught.value.code is ErrorCode.DATABASE_KEY_WRONG
    assert KEY.hex() not in repr(caught.value.__cause__)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_a_bug(tmp_path: Path, length: int) -> None:
    with pytest.raises(ValueError, match=f"32 bytes, got {length}"):
        opened(tmp_path, bytes(length))
    assert list(tmp_path.iterdir()) == []


def test_without_a_key_the_file_is_plain_and_safe_without_wal(tmp_path: Path) -> None:
    # With a rollback journal EXTRA (3) is what makes each commit durable: see the same page.
    with opened(tmp_path, None) as database:
        assert (setting(database, "journal_mode"), setting(database, "synchronous")) == ("delete", 3)
        assert not database.encrypted
        with database.writing():
            database.execute("INSERT INTO note VALUES ('for all to read')")
        assert [path.name for path in tmp_path.iterdir()] == ["notes.db"]
        assert database.faults() == []
    connection = sqlite3.connect(tmp_path / "notes.db")
    assert connection.execute("SELECT text FROM note").fetchone() == ("for all to read",)
    connection.close()


def test_a_plain_file_is_not_taken_for_an_encrypted_one_nor_the_other_way_round(tmp_path: Path) -> None:
    for first, then in ((None, KEY), (KEY, None)):
        folder = tmp_path / str(first is None)
        folder.mkdir()
        opened(folder, first).close()
        with pytest.raises(StationError) as caught:
            opened(folder, then)
        assert caught.value.code is ErrorCode.DATABASE_KEY_WRONG
