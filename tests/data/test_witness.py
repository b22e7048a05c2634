"""The witness: an older or a foreign copy of a journal is told from one that merely had a bad day."""

import logging
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from data.compact import compact
from data.derived import decode
from data.verify import verify
from data.witness import LINE_BYTES, Seen, WatchedJournal, Witness, machine_id, standing_alarm
from station.basket import Basket, HeldBasket
from station.errors import ErrorCode
from station.journal import Cause, Opened, Position
from tests.data.test_journal import sale
from tests.fakes import NOON
from tests.rigs.old_days import acknowledge, at, old_shop
from tests.rigs.shop import KEY

HERE, ELSEWHERE = "a" * 64, "b" * 64


@dataclass
class Station:
    """A station's folder and the platform's state folder, opened and closed as a program would."""

    root: Path
    machine: str = HERE
    alarms: list[ErrorCode | None] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        return self.root / "home" / "journal.db"

    @property
    def near(self) -> Path:
        return self.root / "home" / "journal.witness"

    @property
    def far(self) -> Path:
        return self.root / "state" / "12-1.witness"

    def open(self) -> WatchedJournal:
        """Open the journal without looking at its witness."""
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        return WatchedJournal(self.journal, KEY, Witness((self.near, self.far), self.machine))

    def start(self, sales: int = 0) -> None:
        """Start as the counter does, sell, and end; keep the alarm."""
        with closing(self.open()) as journal:
            journal.found("12-1", "test", NOON)
            self.alarms.append(journal.examine("test", NOON))
            self.sell(journal, sales)

    def sell(self, journal: WatchedJournal, sales: int) -> None:
        """Sell so often."""
        for _ in range(sales):
            journal.append(sale(journal.head().seq * 1000 + len(journal.branches()) * 100 + len(self.alarms)))

    def causes(self) -> list[Cause]:
        """Return why each incarnation began."""
        with closing(self.open()) as journal:
            found = [decode(entry.raw, entry.kind).body for entry in journal.entries(0, 1000)]
            assert list(verify(journal)) == []
        return [body.cause for body in found if isinstance(body, Opened)]

    def seen(self) -> list[int]:
        """Return the places the two files saw."""
        return [each.place for each in Witness((self.near, self.far), HERE).seen()]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """A station that sold three times on its first day, in which each commit was witnessed."""
    station = Station(tmp_path)
    station.start(sales=3)
    assert station.alarms == [None]
    assert station.seen() == [4, 4]
    return station


def older_copy(station: Station) -> None:
    """The file is put back from a copy made before two sales."""
    kept = station.root / "copy.db"
    shutil.copyfile(station.journal, kept)
    station.start(sales=2)
    station.alarms.pop()
    kept.replace(station.journal)


def another_history(station: Station) -> None:
    """The file is put back from a copy, and sold with elsewhere until it is longer than before."""
    older_copy(station)
    with closing(WatchedJournal(station.journal, KEY, Witness((), HERE))) as journal:
        for number in range(5):
            journal.append(sale(900 + number))


def lost_journal(station: Station) -> None:
    """Someone deleted the journal."""
    station.journal.unlink()


def whole_home_older(station: Station) -> None:
    """The station's folder is put back from a copy, witness and all."""
    home, copy = station.journal.parent, station.root / "copy"
    shutil.copytree(home, copy)
    station.start(sales=2)
    station.alarms.pop()
    shutil.rmtree(home)
    copy.rename(home)


def before_an_incarnation(station: Station) -> None:
    """The file is put back from before it was restored once."""
    kept = station.root / "copy.db"
    shutil.copyfile(station.journal, kept)
    with closing(station.open()) as journal:
        journal.begin_anew(Cause.RESTORED, "test", NOON)
    kept.replace(station.journal)


def other_computer(station: Station) -> None:
    """The folder is copied to another computer."""
    station.machine = ELSEWHERE
    shutil.rmtree(station.far.parent)


def other_computer_with_the_users_profile(station: Station) -> None:
    """The disk moves to another computer."""
    station.machine = ELSEWHERE


def older_on_another_computer(station: Station) -> None:
    """Both at once: what is missing weighs more."""
    older_copy(station)
    station.machine = ELSEWHERE


def only_the_database(station: Station) -> None:
    """The database alone is copied to another computer: nothing says that it is the newest."""
    station.near.unlink()
    other_computer(station)


def both_witnesses_damaged(station: Station) -> None:
    """Neither file can be read."""
    for file in (station.near, station.far):
        file.write_bytes(b"\0" * LINE_BYTES)


@pytest.mark.parametrize(("happened", "alarm", "cause"), [
    (older_copy, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (another_history, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (lost_journal, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (whole_home_older, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (before_an_incarnation, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (older_on_another_computer, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (only_the_database, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (both_witnesses_damaged, ErrorCode.JOURNAL_OLDER, Cause.RESTORED),
    (other_computer, ErrorCode.JOURNAL_COPIED, Cause.CLONED),
    (other_computer_with_the_users_profile, ErrorCode.JOURNAL_COPIED, Cause.CLONED),
], ids=lambda value: getattr(value, "__name__", None))
def test_a_copy_alarms_begins_anew_and_sells_on(
    station: Station, happened: Callable[[Station], None], alarm: ErrorCode, cause: Cause,
) -> None:
    happened(station)
    station.start(sales=1)
    assert station.alarms == [None, alarm]
    assert station.causes() == [Cause.CREATED, cause]
    station.start(sales=1)
    assert station.alarms == [None, alarm, alarm]  # until head office knows; but no third incarnation
    assert station.causes() == [Cause.CREATED, cause]
    with closing(station.open()) as journal:
        journal.branches()[-1].acknowledge(1)
    station.start()
    assert station.alarms[-1] is None


def a_quiet_restart(_station: Station) -> None:
    """Nothing at all."""


def killed_before_the_witness_saw(station: Station) -> None:
    """The program was killed between a commit and the witness."""
    with closing(WatchedJournal(station.journal, KEY, Witness((), HERE))) as journal:
        station.sell(journal, 1)


def power_cut(station: Station) -> None:
    """The last lines of the witness, never synced, are not what the disk kept."""
    kept = station.near.read_bytes()
    station.start(sales=2)
    station.alarms.pop()
    station.near.write_bytes(kept)
    station.far.write_bytes(kept)


def one_witness_damaged(station: Station) -> None:
    station.near.write_bytes(b"\0" * LINE_BYTES)


def one_witness_missing(station: Station) -> None:
    station.near.unlink()


def another_user_of_this_computer(station: Station) -> None:
    """An administrator starts it: the state folder of that user knows nothing."""
    shutil.rmtree(station.far.parent)


def upgrade(station: Station) -> None:
    """A later program knows more of a witness than this one."""
    seen = msgspec.json.decode(station.near.read_bytes())
    station.near.write_bytes(msgspec.json.encode({**seen, "more": 1}))


@pytest.mark.parametrize("happened", [
    a_quiet_restart, killed_before_the_witness_saw, power_cut, one_witness_damaged, one_witness_missing,
    another_user_of_this_computer, upgrade,
], ids=lambda value: value.__name__)
def test_an_ordinary_day_does_not_alarm(station: Station, happened: Callable[[Station], None]) -> None:
    happened(station)
    station.start(sales=1)
    station.start()
    assert station.alarms == [None, None, None]
    assert station.causes() == [Cause.CREATED]
    assert len(set(station.seen())) == 1
    assert len(station.seen()) == 2


def test_killed_right_after_the_first_entry_is_no_alarm(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with closing(station.open()) as journal:
        journal.found("12-1", "test", NOON)
    station.start()
    assert station.alarms == [None]
    assert station.causes() == [Cause.CREATED]


def test_a_journal_with_a_past_and_no_witness_is_not_believed(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.start(sales=1)
    station.near.unlink()
    station.far.unlink()
    station.start()
    assert station.alarms == [None, ErrorCode.JOURNAL_OLDER]


def test_a_witness_of_entries_that_were_cut_off_is_believed_by_its_incarnation(tmp_path: Path) -> None:
    shop = old_shop(tmp_path, 3)
    acknowledge(shop)
    early = [each for each in shop.journal.entries(0, 100) if each.place in (5, 9)]
    list(compact(shop.journal, 90, at(92, 8)))  # through place 9
    shop.close()
    for stored in early:
        witness = Witness((tmp_path / "w",), HERE)
        witness.settle(stored)
        with closing(WatchedJournal(tmp_path / "journal.db", KEY, witness)) as journal:
            assert journal.examine("test", NOON) is None
        strange = Seen(1, "12-1", "f" * 32, stored.place, stored.hash.hex(), HERE)
        (tmp_path / "w").write_bytes(msgspec.json.encode(strange))
        with closing(WatchedJournal(tmp_path / "journal.db", KEY, witness)) as journal:
            assert journal.examine("test", NOON) is ErrorCode.JOURNAL_OLDER
            journal.branches()[-1].acknowledge(1)


def test_what_the_newer_copy_may_have_used_is_left_behind(station: Station) -> None:
    with closing(station.open()) as journal:
        journal.keep_basket(HeldBasket(Basket("b", "12", 1, NOON), None))
        assert journal.waiting_prints() == [2, 3, 4]
        journal.begin_anew(Cause.RESTORED, "test", NOON)
        assert journal.open_basket() is None
        assert journal.waiting_prints() == []


def test_a_fork_keeps_the_basket_in_hand(station: Station) -> None:
    held = HeldBasket(Basket("b", "12", 1, NOON), None)
    with closing(station.open()) as journal:
        journal.keep_basket(held)
        journal.begin_anew(Cause.FORKED, "test", NOON)
        assert journal.open_basket() == held
        assert journal.waiting_prints() == [2, 3, 4]
        assert standing_alarm(journal) is None  # the sync thread tells of a fork


@pytest.mark.parametrize("cause", [Cause.RESTORED, Cause.CLONED, Cause.FORKED])
def test_leases_are_never_taken_along(station: Station, cause: Cause) -> None:
    with closing(station.open()) as journal:
        if not journal.database.row("SELECT 1 FROM sqlite_schema WHERE name = 'lease'"):
            journal.database.execute("CREATE TABLE lease (lot TEXT)")
        columns = [row[1] for row in journal.database.rows("PRAGMA table_info(lease)")]
        journal.database.execute(f"INSERT INTO lease VALUES ({', '.join('1' for _ in columns)})")  # noqa: S608
        journal.begin_anew(cause, "test", NOON)
        assert journal.database.rows("SELECT * FROM lease") == []


def test_a_new_incarnation_names_what_it_is_after(station: Station) -> None:
    with closing(station.open()) as journal:
        head = journal.head()
    station.machine = ELSEWHERE
    station.start()
    with closing(station.open()) as journal:
        (opened,) = journal.branches()[-1].after(0, 1)
        body = decode(opened.raw, opened.kind).body
    assert body == Opened("test", Cause.CLONED, Position(head.incarnation, 4), head.hash.hex())
    assert station.seen() == [5, 5]


def test_a_witness_is_one_sector_and_written_without_a_sync(station: Station) -> None:
    inode = station.near.stat().st_ino
    station.start(sales=2)
    assert station.near.stat().st_ino == inode  # written over in place, not renamed
    assert [file.stat().st_size for file in (station.near, station.far)] == [LINE_BYTES, LINE_BYTES]
    assert station.near.stat().st_mode & 0o777 == 0o600


def test_a_witness_that_cannot_be_written_stops_no_sale(
    station: Station, caplog: pytest.LogCaptureFixture,
) -> None:
    shutil.rmtree(station.far.parent)
    station.far.parent.write_bytes(b"a file where the folder ought to be")
    with caplog.at_level(logging.WARNING):
        station.start(sales=3)
    assert station.alarms == [None, None]
    assert len([each for each in caplog.records if "12-1.witness" in each.getMessage()]) == 3  # read, made, first sale
    with closing(station.open()) as journal:
        assert journal.head().seq == 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for made-up ids of computers."""
    (tmp_path / "uninitialized").write_text("uninitialized\n")
    (tmp_path / "one").write_text("3d1219c7c4c5404aaa1f6d2a48adfda4\n")
    (tmp_path / "two").write_text("3d1219c7c4c5404aaa1f6d2a48adfda5\n")
    return tmp_path


def test_a_computer_is_known_by_the_systems_own_id_and_does_not_tell_it(folder: Path) -> None:
    one = machine_id(folder / "state", (folder / "none", folder / "uninitialized", folder / "one"))
    assert one == machine_id(folder / "elsewhere", (folder / "one", folder / "two"))
    assert one != machine_id(folder / "state", (folder / "two",))
    assert len(bytes.fromhex(one)) == 32
    assert "3d1219c7" not in one
    assert not (folder / "state").exists()


def test_without_one_an_id_is_drawn_once(folder: Path) -> None:
    drawn = machine_id(folder / "state", (folder / "uninitialized",))
    assert drawn == machine_id(folder / "state", ())
    assert drawn != machine_id(folder / "other", ())


def test_an_id_that_cannot_be_kept_is_no_reason_to_stop(folder: Path) -> None:
    assert len(machine_id(folder / "one" / "state", ())) == 64
