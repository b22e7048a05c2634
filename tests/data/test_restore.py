"""A backup comes back under a new incarnation, or is refused and nothing has changed; kill -9 included."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from data.backup import Manifest, restore
from data.derived import decode
from data.journal import JournalStore
from data.verify import verify
from station.basket import Basket, HeldBasket
from station.errors import ErrorCode, StationError
from station.journal import Cause, Opened, Position
from tests.data.conftest import KEY
from tests.data.test_journal import sale
from tests.fakes import NOON
from tests.rigs.backed_up import MAKER, Place, raws


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.journal.close()


def test_a_restored_journal_begins_anew_after_what_it_knows(place: Place) -> None:
    made, head = place.back_up(), place.journal.head()
    with closing(JournalStore(place.restore(made.folder, "other"), KEY)) as there:
        old, new = there.branches()
        (opened,) = new.after(0, 10)
        assert decode(opened.raw, opened.kind).body == Opened(
            "9.9", Cause.RESTORED, Position(head.incarnation, 4), head.hash.hex())
        assert (old.head(), old.mark(), new.incarnation != old.incarnation) == (head, 0, True)
        assert [each.raw for each in old.after(0, 10)] == raws(place.journal)  # still sent, under the old name
        assert list(verify(there)) == []
        assert there.append(sale(3)).seq == 2
    assert sorted(each.name for each in (place.root / "other").iterdir()) == ["journal.db", "station.locked", "station.toml"]


def test_the_basket_and_the_receipts_of_that_moment_stay_behind(place: Place) -> None:
    """The basket may have been paid since; closed again it would be one sale twice."""
    place.journal.keep_basket(HeldBasket(Basket("sale-3", "12", 1, NOON), None))
    made = place.back_up()
    place.journal.append(sale(3))
    with closing(JournalStore(place.restore(made.folder, "other"), KEY)) as there:
        assert there.open_basket() is None
        assert there.waiting_prints() == []


def test_a_journal_that_is_there_is_kept_aside_and_files_beside_it_stay(place: Place) -> None:
    made = place.back_up()
    later = place.journal.append(sale(3)).raw
    place.journal.close()
    (place.home / "station.toml").write_text("changed since")
    done = restore(made.folder, KEY, place.home / "journal.db", place.beside(), MAKER)
    assert done.kept == place.home / "journal.db.replaced-20261122T103500-000000Z"
    with closing(JournalStore(done.kept, KEY)) as kept:
        assert raws(kept)[-1] == later
        assert list(verify(kept)) == []
    assert (place.home / "station.toml").read_text() == "changed since"
    place.journal = JournalStore(place.home / "journal.db", KEY)
    assert len(place.journal.branches()) == 2


def test_a_damaged_journal_is_kept_aside(place: Place) -> None:
    made = place.back_up()
    place.journal.close()
    (place.home / "journal.db").write_bytes(b"no database at all" * 300)
    done = restore(made.folder, KEY, place.home / "journal.db", [], MAKER)
    assert done.kept
    assert done.kept.read_bytes() == b"no database at all" * 300
    place.journal = JournalStore(place.home / "journal.db", KEY)
    assert list(verify(place.journal)) == []


def test_the_log_of_a_journal_that_is_gone_does_not_meet_the_new_one(place: Place) -> None:
    made, home = place.back_up(), place.root / "other"
    home.mkdir()
    place.journal.append(sale(3))
    shutil.copyfile(place.home / "journal.db-wal", home / "journal.db-wal")  # with pages of another file
    log = (home / "journal.db-wal").read_bytes()
    assert log
    with closing(JournalStore(place.restore(made.folder, "other"), KEY)) as there:
        assert len(raws(there)) == 5
        assert list(verify(there)) == []
    assert (home / "journal.db.replaced-20261122T103500-000000Z-wal").read_bytes() == log


def test_a_counter_that_has_the_journal_open_is_not_robbed_of_it(place: Place) -> None:
    made = place.back_up()
    place.journal.append(sale(3))
    with pytest.raises(StationError) as caught:
        place.restore(made.folder, "home")
    assert caught.value.code is ErrorCode.DATABASE_LOCKED
    assert place.journal.append(sale(4)).seq == 6
    assert [each.name for each in place.home.iterdir() if "restoring" in each.name or "replaced" in each.name] == []


def flip(file: Path, offset: int) -> None:
    content = bytearray(file.read_bytes())
    content[offset] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("harm", [
    lambda backup: flip(backup / "journal.db", -5000),
    lambda backup: flip(backup / "station.locked", 0),
    lambda backup: (backup / "station.locked").unlink(),
    lambda backup: (backup / "manifest.json").unlink(),
    lambda backup: (backup / "manifest.json").write_text("{}"),
    lambda backup: flip(backup / "manifest.json", -3),
    lambda backup: (backup / "journal.db").write_bytes((backup / "journal.db").read_bytes()[:-4096]),
    shutil.rmtree,
], ids=["journal", "enrolment", "missing", "no manifest", "empty manifest", "broken manifest", "cut short", "nothing"])
def test_a_damaged_backup_is_refused_and_nothing_is_there_afterwards(place: Place, harm: object) -> None:
    backup = place.back_up().folder
    assert callable(harm)
    harm(backup)
    with pytest.raises(StationError) as caught:
        place.restore(backup, "other")
    assert caught.value.code is ErrorCode.BACKUP_DAMAGED
    assert list((place.root / "other").iterdir()) == []


def test_a_manifest_of_another_moment_is_refused(place: Place) -> None:
    backup = place.back_up().folder
    manifest = msgspec.json.decode((backup / "manifest.json").read_bytes(), type=Manifest)
    (backup / "manifest.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, seq=3)))
    with pytest.raises(StationError) as caught:
        place.restore(backup, "other")
    assert caught.value.code is ErrorCode.BACKUP_DAMAGED


def test_a_journal_alone_can_be_restored_and_damage_is_found_without_a_manifest(place: Place) -> None:
    file = place.root / "alone.db"
    shutil.copyfile(place.back_up().folder / "journal.db", file)
    path = place.restore(file, "other")
    assert [each.name for each in path.parent.iterdir()] == ["journal.db"]
    flip(file, -5000)
    with pytest.raises(StationError) as caught:
        place.restore(file, "third")
    assert caught.value.code is ErrorCode.BACKUP_DAMAGED
    file.write_bytes(b"")
    with pytest.raises(StationError) as caught:
        place.restore(file, "fourth")
    assert caught.value.code is ErrorCode.BACKUP_DAMAGED


def test_another_key_opens_no_backup(place: Place) -> None:
    backup = place.back_up().folder
    before = (backup / "journal.db").read_bytes()
    with pytest.raises(StationError) as caught:
        place.restore(backup, "other", key=bytes(32))
    assert caught.value.code is ErrorCode.DATABASE_KEY_WRONG
    assert (backup / "journal.db").read_bytes() == before
    assert list((place.root / "other").iterdir()) == []


def test_a_backup_of_a_newer_program_is_refused_and_left_as_it_is(place: Place) -> None:
    place.journal.database.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('journal', 'x_9999', '')")
    file = place.root / "newer.db"
    place.journal.database.execute("VACUUM INTO ?", (str(file),))
    before = file.read_bytes()
    with pytest.raises(StationError) as caught:
        place.restore(file, "other")
    assert caught.value.code is ErrorCode.DATABASE_NEWER
    assert file.read_bytes() == before
    assert list((place.root / "other").iterdir()) == []


def test_another_stations_backup_is_refused(place: Place) -> None:
    backup = place.back_up().folder
    with pytest.raises(ValueError, match="belongs to station 12-1, not 12-2"):
        restore(backup, KEY, place.root / "journal.db", [], replace(MAKER, station="12-2"))
    assert not (place.root / "journal.db").exists()


MAKING = """
import sys
from dataclasses import replace
from pathlib import Path
from data.backup import back_up, restore
from data.journal import JournalStore
from tests.data.conftest import KEY
from tests.rigs.backed_up import MAKER
from tests.fakes import NOON
home, into, other = map(Path, sys.argv[1:])
journal = JournalStore(home / "journal.db", KEY)
made = None
for second in range(1000):
    maker = replace(MAKER, at=replace(NOON, utc_us=NOON.utc_us + second * 1_000_000))
    print("next", flush=True)
    if other.name == "none":
        made = back_up(journal, KEY, [home / "station.toml"], into, maker)
    else:
        restore(into, KEY, other / "journal.db", [other / "station.toml"], maker)
"""


def killed(arguments: list[Path], rounds: int, after_s: float) -> None:
    """Run ``MAKING``, and kill it so long after it began the round."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
            [sys.executable, "-c", MAKING, *map(str, arguments)], stdout=subprocess.PIPE, cwd=root, text=True,
            env={**os.environ, "PYTHONPATH": str(root)}) as running:
        assert running.stdout
        for _ in range(rounds):
            assert running.stdout.readline() == "next\n"
        time.sleep(after_s)
        running.send_signal(signal.SIGKILL)


PARTS = 8
"""How many moments of a backup or a restoration are tried."""


def moments(work: Callable[[], object]) -> Iterator[float]:
    """Yield so many moments, in seconds, spread over the time that ``work`` takes."""
    start = time.monotonic()
    work()
    lasted = time.monotonic() - start
    yield from (lasted * (number + 0.5) / PARTS for number in range(PARTS))


@pytest.mark.slow
def test_killed_while_it_is_made_a_backup_is_whole_or_has_no_name(place: Place) -> None:
    for number in range(3, 100):
        place.journal.append(sale(number))
    halves = 0
    for moment in moments(place.back_up):
        shutil.rmtree(place.into)
        place.into.mkdir()
        killed([place.home, place.into, place.root / "none"], 2, moment)
        whole = [each for each in place.into.iterdir() if each.suffix != ".part"]
        halves += len(list(place.into.glob("*.part")))
        assert whole
        for number, backup in enumerate(whole):
            with closing(JournalStore(place.restore(backup, f"{moment}-{number}"), KEY)) as there:
                assert raws(there)[:-1] == raws(place.journal)
    assert list(verify(place.journal)) == []
    assert halves


@pytest.mark.slow
def test_killed_while_it_restores_the_journal_is_the_old_one_or_the_new_one(place: Place) -> None:
    made = place.back_up().folder
    other = place.root / "other"
    place.restore(made, "other")
    for moment in moments(lambda: place.restore(made, "other")):
        killed([place.home, made, other], 1, moment)
        with closing(JournalStore(other / "journal.db", KEY)) as there:
            assert raws(there)[:-1] == raws(place.journal)
            assert list(verify(there)) == []
        with closing(JournalStore(place.restore(made, "other"), KEY)) as again:
            assert list(verify(again)) == []
        assert [each.name for each in other.iterdir() if "restoring" in each.name] == []
        for kept in other.glob("journal.db.replaced-*Z"):
            with closing(JournalStore(kept, KEY)) as old:
                assert raws(old)[:-1] == raws(place.journal)
            kept.unlink()
