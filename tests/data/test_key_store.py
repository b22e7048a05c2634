"""The key of the station's files: drawn once, found again, never drawn anew over data, rescued by head office."""

import stat
import sys
from pathlib import Path

import msgspec
import pytest

from data.journal import JournalStore
from data.key_places import PLACES as PLATFORM
from data.key_places import FilePlace, KeyPlace
from data.key_store import Held, KeyStore, rescue
from data.sealed import new_recovery_key, recovery_public, seal
from data.secret_file import write_secret
from station.errors import ErrorCode, StationError
from station.protection import Protection
from tests.fakes import NOON
from tests.rigs.keyrings import PLACES, MemoryKeyring


@pytest.fixture(autouse=True)
def _empty() -> None:
    MemoryKeyring.clear()


def store(folder: Path, places: tuple[KeyPlace, ...] = PLACES) -> KeyStore:
    return KeyStore(folder / "database.key", (folder / "journal.db", folder / "members.db"), places)


def lost(folder: Path, places: tuple[KeyPlace, ...] = PLACES) -> str:
    """The store that is named when the key cannot be had; nothing is changed by asking."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}, dict(MemoryKeyring.entries)
    with pytest.raises(StationError) as caught:
        store(folder, places).held()
    assert caught.value.code is ErrorCode.KEY_LOST
    assert ({path.name: path.read_bytes() for path in folder.iterdir()}, dict(MemoryKeyring.entries)) == before
    return str(caught.value.detail["store"])


def test_a_key_is_drawn_once_and_found_again(tmp_path: Path) -> None:
    held = store(tmp_path).held()
    assert (len(held.key), held.store, held.protection) == (32, "memory", Protection.OS_ACCOUNT)
    assert store(tmp_path).held() == held
    note = (tmp_path / "database.key").read_bytes()
    assert held.key.hex().encode() not in note
    assert held.key not in note
    assert repr(held.key) not in repr(held)


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert store(tmp_path / "a").held().key != store(tmp_path / "b").held().key


def test_where_no_store_works_the_key_lies_in_a_file_for_its_owner(tmp_path: Path) -> None:
    MemoryKeyring.locked = True
    held = store(tmp_path).held()
    assert (held.store, held.protection) == ("file", Protection.FILE)
    assert store(tmp_path).held() == held
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "database.key").stat().st_mode) == 0o600


def test_an_old_key_is_found_where_it_was_put_though_a_better_store_came(tmp_path: Path) -> None:
    held = store(tmp_path, (FilePlace(),)).held()
    assert store(tmp_path, PLACES).held() == held
    assert MemoryKeyring.entries == {}


def test_the_stores_of_this_computer_keep_a_key(tmp_path: Path) -> None:
    held = store(tmp_path, PLATFORM).held()
    assert store(tmp_path, PLATFORM).held() == held
    assert held.store in {each.name for each in PLATFORM}


@pytest.mark.parametrize("guarded", ["journal.db", "members.db"])
def test_no_key_is_ever_drawn_over_data(tmp_path: Path, guarded: str) -> None:
    (tmp_path / guarded).touch()
    assert lost(tmp_path) == "database.key"


def test_a_store_that_lost_the_key_is_named(tmp_path: Path) -> None:
    store(tmp_path).held()
    MemoryKeyring.clear()
    assert lost(tmp_path) == "memory"


def test_a_locked_store_is_named_and_asked_again_later(tmp_path: Path) -> None:
    held = store(tmp_path).held()
    MemoryKeyring.locked = True
    assert lost(tmp_path) == "memory"
    MemoryKeyring.locked = False
    assert store(tmp_path).held() == held


def test_a_running_program_asks_the_store_once_and_again_only_for_another_key(tmp_path: Path) -> None:
    given: dict[bytes, Held] = {}

    def again() -> KeyStore:
        return KeyStore(tmp_path / "database.key", (), held=given)

    held = again().held()
    assert again().held() == held
    MemoryKeyring.locked = True
    assert again().held() == held
    MemoryKeyring.locked = False
    other = again().keep(bytes(range(32)))
    assert again().held() == other != held


def test_a_key_of_another_length_is_no_key(tmp_path: Path) -> None:
    store(tmp_path).held()
    MemoryKeyring.entries[next(iter(MemoryKeyring.entries))] = bytes(31).hex()
    assert lost(tmp_path) == "memory"


def test_a_store_this_program_does_not_know_is_named(tmp_path: Path) -> None:
    store(tmp_path).held()
    assert lost(tmp_path, (FilePlace(),)) == "memory"


@pytest.mark.parametrize("note", [
    b"", b"\xff", b"{}", b'{"version":2,"store":"memory","kept":"x"}', b'{"version":1,"store":"memory"}', bytes(32)])
def test_a_note_that_is_damaged_is_named(tmp_path: Path, note: bytes) -> None:
    (tmp_path / "database.key").write_bytes(note)
    assert lost(tmp_path) == "database.key"


def test_without_any_place_that_works_nothing_is_written(tmp_path: Path) -> None:
    MemoryKeyring.locked = True
    assert lost(tmp_path, PLACES[:1]) == "database.key"


def test_a_key_that_is_kept_anew_takes_the_place_of_the_lost_one(tmp_path: Path) -> None:
    key = store(tmp_path).held().key
    MemoryKeyring.clear()
    assert store(tmp_path).keep(key) == Held(key, "memory", Protection.OS_ACCOUNT)
    assert store(tmp_path).held().key == key


def test_the_note_says_where_and_how(tmp_path: Path) -> None:
    # The form in which a later version must still find it.
    held = store(tmp_path, (FilePlace(),)).held()
    note = msgspec.json.decode((tmp_path / "database.key").read_bytes())
    assert note == {"version": 1, "store": "file", "kept": msgspec.json.decode(msgspec.json.encode(held.key))}


def test_head_office_rescues_what_a_lost_key_locked_in(tmp_path: Path) -> None:
    private, sealed = new_recovery_key(), tmp_path / "database.key.sealed"
    key = store(tmp_path).held().key
    write_secret(sealed, seal(key, recovery_public(private)))
    journal = JournalStore(tmp_path / "journal.db", key)
    journal.found("12-1", "test", NOON)
    head = journal.head()
    journal.close()
    MemoryKeyring.clear()
    assert lost(tmp_path) == "memory"
    again = JournalStore(tmp_path / "journal.db", rescue(sealed, private))
    assert again.head() == head
    again.close()
    with pytest.raises(ValueError, match="another key"):
        rescue(sealed, new_recovery_key())
    with pytest.raises(StationError):
        JournalStore(tmp_path / "journal.db", bytes(32))
