"""Backups: made while it sells, whole, verified, and no more of them than are wanted."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from data.backup import Manifest, back_up, thin
from data.database import driver
from data.journal import JournalStore
from data.verify import verify
from station.errors import ErrorCode, StationError
from tests.data.conftest import KEY
from tests.data.test_journal import sale
from tests.fakes import NOON
from tests.rigs.backed_up import MAKER, Place, raws


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.journal.close()


def test_a_backup_has_a_name_a_manifest_and_everything_but_the_key(place: Place) -> None:
    made, head = place.back_up(), place.journal.head()
    assert made.folder == place.into / "12-1-20261122T103500-000000Z"
    assert sorted(each.name for each in made.folder.iterdir()) == [
        "journal.db", "manifest.json", "station.locked", "station.toml"]
    manifest = msgspec.json.decode((made.folder / "manifest.json").read_bytes(), type=Manifest)
    assert manifest == made.manifest == Manifest(
        1, "12-1", head.incarnation, 4, 4, head.hash.hex(), NOON.utc_us, "9.9", ("journal_0001",), manifest.files)
    assert sorted(manifest.files) == ["journal.db", "station.locked", "station.toml"]
    assert (made.folder / "station.toml").read_text() == "what station.toml holds"
    for file in made.folder.iterdir():
        assert KEY not in file.read_bytes()


def test_the_copy_is_encrypted_and_the_same_to_the_byte_of_every_entry(place: Place) -> None:
    file = place.back_up().folder / "journal.db"
    assert b"SQLite format" not in file.read_bytes()
    assert b"SALE" not in file.read_bytes()
    with closing(JournalStore(file, KEY)) as copy:
        assert raws(copy) == raws(place.journal)
        assert list(verify(copy)) == []


def test_what_was_erased_is_not_even_in_the_free_pages_of_a_backup(place: Place) -> None:
    secret = b'{"note":"' + b"the lady with the two dogs " * 40 + b'"}'
    for number in range(3, 13):
        place.journal.append(replace(sale(number), personal=secret))
    for number in range(1, 15):
        place.journal.erase(number)
    plain = place.root / "plain.db"
    with closing(driver.connect(str(place.back_up().folder / "journal.db"), isolation_level=None)) as copy:
        copy.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        copy.execute("ATTACH ? AS plain KEY ''", (str(plain),))
        copy.execute("SELECT sqlcipher_export('plain')")
        assert copy.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert b"two dogs" not in plain.read_bytes()


def test_it_is_made_while_the_counter_sells(place: Place) -> None:
    stop, sold = threading.Event(), []

    def sell() -> None:
        with closing(JournalStore(place.home / "journal.db", KEY)) as counter:
            number = 100
            while not stop.is_set():
                sold.append(counter.append(sale(number)).place)
                number += 1

    counter = threading.Thread(target=sell)
    counter.start()
    try:
        made = [place.back_up(second) for second in range(3)]
    finally:
        stop.set()
        counter.join()
    assert sold == list(range(5, 5 + len(sold)))
    all_entries = raws(place.journal)
    for each in made:
        with closing(JournalStore(each.folder / "journal.db", KEY)) as copy:
            assert raws(copy) == all_entries[:each.manifest.place]
    assert made[0].manifest.place < made[2].manifest.place


@pytest.mark.parametrize("folder", ["nowhere", "home/station.toml"])
def test_a_folder_that_is_not_there_is_a_numbered_fault(place: Place, folder: str) -> None:
    with pytest.raises(StationError) as caught:
        back_up(place.journal, KEY, [], place.root / folder, MAKER)
    assert caught.value.code is ErrorCode.BACKUP_UNWRITABLE


def test_a_journal_that_is_not_sound_is_not_backed_up(place: Place) -> None:
    place.journal.database.execute("UPDATE sale SET total = 1")
    with pytest.raises(StationError) as caught:
        place.back_up()
    assert (caught.value.code, list(place.into.iterdir())) == (ErrorCode.JOURNAL_BROKEN, [])


def test_a_backup_never_takes_the_place_of_another(place: Place) -> None:
    made = place.back_up()
    before = (made.folder / "journal.db").read_bytes()
    with pytest.raises(StationError) as caught:
        place.back_up()
    assert caught.value.code is ErrorCode.BACKUP_UNWRITABLE
    assert (made.folder / "journal.db").read_bytes() == before


def names(place: Place) -> list[str]:
    """The seconds in the names of the backups."""
    return sorted(each.name.split("-")[2][-2:] for each in place.into.iterdir())


def test_the_newest_stay(place: Place) -> None:
    made = [place.back_up(second) for second in range(1, 6)]
    assert thin(place.into, made[-1], 3) == 2
    assert names(place) == ["03", "04", "05"]
    assert thin(place.into, made[-1], 3) == 0
    assert thin(place.into, made[-1], 1) == 2
    assert names(place) == ["05"]
    with pytest.raises(ValueError, match="at least one"):
        thin(place.into, made[-1], 0)


def test_the_one_just_made_stays_when_the_clock_went_back(place: Place) -> None:
    for second in (30, 40):
        place.back_up(second)
    thin(place.into, place.back_up(10), 2)
    assert names(place) == ["10", "40"]


def test_what_is_no_backup_of_this_station_is_not_touched(place: Place) -> None:
    others = [place.into / name for name in ("photos", "12-1-notes", "12-1-20250101T000000-000000Z")]
    for folder in others:
        folder.mkdir()
    foreign = back_up(place.journal, KEY, [], place.into, replace(MAKER, station="12-1-7")).folder
    for second in (1, 2):
        made = place.back_up(second)
    thin(place.into, made, 1)
    assert sorted(place.into.iterdir()) == sorted([*others, foreign, made.folder])


def test_what_a_killed_program_left_goes_after_a_day(place: Place) -> None:
    young, old = (place.into / f"12-1-{name}.part" for name in ("young", "old"))
    for folder in (young, old):
        folder.mkdir()
    os.utime(old, (time.time() - 90_000,) * 2)
    made = place.back_up()
    assert thin(place.into, made, 5) == 0
    assert sorted(place.into.iterdir()) == sorted([young, made.folder])
