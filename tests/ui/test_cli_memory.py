"""``stationctl`` for the station's memory: what each command prints, does and returns."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.key_places import FilePlace
from data.member_file import CurrentMembers
from data.verify import verify
from data.witness import WatchedJournal
from station.clock import Moment
from station.errors import ErrorCode
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Draft, EntryKind, Position
from station.people import Actor, Role
from station.shift import CountReason, Reading, ShiftClosed
from station.totals import Tally, Total
from tests.data.test_journal import sale, shift
from tests.fakes import member
from tests.rigs.paired import paired_station
from ui.cli import main
from ui.wiring import Home, Paired, open_memory, witness_of

SARA = Actor("sara", Role.CASHIER)
LONG_AGO = Moment(1_577_881_800_000_000, 210, "2020-01-01")
"""2020-01-01 12:30 UTC, 16:00 in Tehran: older than any number of days a shop keeps."""


@dataclass
class Station:
    """A paired station's folder, its key in a file, and ``stationctl`` at work on it."""

    home: Home
    who: Paired
    said: Callable[[], str]

    def run(self, *words: str | Path, home: Path | None = None) -> tuple[int, list[str]]:
        """Run a command; return its status and the lines it printed."""
        status = main([*map(str, words), "--home", str(home or self.home.folder)])
        return status, self.said().splitlines()

    def open(self) -> JournalStore:
        return JournalStore(self.home.journal, self.home.keys.held().key)


@pytest.fixture
def station(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Station:
    """A station with a shift of one sale, a reading and its end, long ago, and a sale after it; all acknowledged."""
    (tmp_path / "home").mkdir()
    (tmp_path / "backups").mkdir()
    home, who = paired_station(tmp_path / "home", (FilePlace(),))
    home.settings.write_text("[printer]\nkind = 'file'\n", encoding="utf-8")
    with closing(JournalStore(home.journal, home.keys.held().key)) as journal:
        journal.found("12-1", "test", LONG_AGO)
    memory = open_memory(home, who.enrolment)
    totals = (Total(Tally.SALES, "", 1), Total(Tally.TENDER, "CASH", 69_300))
    for draft in (
            shift(), sale(1),
            Draft(EntryKind.READING, LONG_AGO, SARA, Reading(1, 1, 569_300, totals)),
            Draft(EntryKind.SHIFT_CLOSED, LONG_AGO, SARA,
                  ShiftClosed(1, 1, 569_000, 569_300, CountReason.CHANGE_GIVEN, totals)),
            sale(2)):
        memory.journal.append(replace(draft, at=LONG_AGO))
    memory.journal.branches()[-1].acknowledge(6)
    memory.close()
    return Station(home, who, lambda: capsys.readouterr().out)


def head_of(station: Station) -> str:
    with closing(station.open()) as journal:
        return journal.head().hash.hex()


def test_a_sound_journal_is_said_to_be_sound(station: Station) -> None:
    assert station.run("verify") == (0, [f"6 entries, head {head_of(station)}: sound"])


def test_the_first_bad_entry_is_named(station: Station) -> None:
    with closing(station.open()) as journal:
        journal.database.execute("DROP TRIGGER entry_no_update")
        journal.database.execute("UPDATE entry SET hash = zeroblob(32) WHERE place = 3")
    assert station.run("verify") == (1, ["entry 3 breaks the chain", f"6 entries, head {head_of(station)}: broken"])


def test_an_older_copy_is_sound_in_itself_and_told_by_its_witness_and_stays_as_it_is(station: Station) -> None:
    shutil.copyfile(station.home.journal, station.home.folder / "copy")
    with closing(WatchedJournal(
            station.home.journal, station.home.keys.held().key,
            witness_of(station.home, station.home.journal, station.who.enrolment))) as journal:
        journal.append(sale(3))
    (station.home.folder / "copy").replace(station.home.journal)
    status, (fault, last) = station.run("verify")
    assert (status, last) == (1, f"6 entries, head {head_of(station)}: broken")
    assert fault == "the witness: this journal is an older copy, or nothing vouches that it is the newest"
    with closing(station.open()) as copy:
        assert len(copy.branches()) == 1


def test_what_is_derived_is_made_anew(station: Station) -> None:
    with closing(station.open()) as journal:
        rows = sum(len(journal.database.rows(f"SELECT * FROM {table}")) for table in (  # noqa: S608
            "shift", "shift_report", "shift_total", "sale", "sale_return", "promotion_use"))
        journal.database.execute("UPDATE sale SET total = 1")
    assert station.run("verify")[0] == 1
    assert station.run("rebuild") == (0, [f"{rows} derived rows made anew"])
    assert station.run("verify")[0] == 0


def test_nothing_is_rebuilt_from_entries_that_are_broken(station: Station) -> None:
    with closing(station.open()) as journal:
        journal.database.execute("DROP TRIGGER entry_no_update")
        journal.database.execute("UPDATE entry SET hash = zeroblob(32) WHERE place = 3")
    assert station.run("rebuild") == (1, ["entry 3 breaks the chain: nothing was changed"])


def backups(station: Station) -> list[Path]:
    return sorted((station.home.folder.parent / "backups").iterdir())


def back_up(station: Station, *words: str) -> tuple[int, list[str]]:
    return station.run("backup", station.home.folder.parent / "backups", *words)


def test_a_backup_is_made_and_old_ones_go(station: Station) -> None:
    for _ in range(3):
        status, lines = back_up(station, "--keep", "2")
        assert status == 0
    assert len(backups(station)) == 2
    assert lines == [
        f"6 entries, head {head_of(station)}: verified", f"backup       {backups(station)[-1]}",
        "The key is not in it: to restore on another computer, head office must rescue it.",
        "1 older backups removed, 2 kept"]
    assert sorted(each.name for each in backups(station)[0].iterdir()) == [
        "database.key.sealed", "journal.db", "manifest.json", "station.locked", "station.toml"]


def test_a_backup_that_cannot_be_made_is_refused_with_its_number(
    station: Station, capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["backup", str(station.home.folder / "nowhere"), "--home", str(station.home.folder)]) == 1
    assert "(E415)" in capsys.readouterr().err
    assert back_up(station, "--keep", "0") == (2, ["at least one backup is kept"])
    assert backups(station) == []


def test_a_backup_restored_into_the_same_folder_keeps_what_was_there(station: Station) -> None:
    back_up(station)
    status, lines = station.run("restore", backups(station)[0])
    (aside,) = station.home.folder.glob("journal.db.replaced-*")
    with closing(station.open()) as journal:
        incarnation = journal.head().incarnation
        assert len(journal.branches()) == 2
    assert status == 0
    assert lines[0].startswith("restored     6 entries, as of 20")
    assert lines[1:] == [
        f"kept aside   {aside}",
        f"A new incarnation began: {incarnation}. What was sold after the backup is not here."]
    memory = open_memory(station.home, station.who.enrolment)
    assert memory.alarm is ErrorCode.JOURNAL_OLDER  # until head office knows; begun once, not twice
    assert len(memory.journal.branches()) == 2
    memory.close()
    assert station.run("verify")[0] == 0


def test_another_computer_needs_the_key_that_head_office_rescued(station: Station, tmp_path: Path) -> None:
    back_up(station)
    rescued, there = tmp_path / "rescued.key", tmp_path / "there"
    rescued.write_bytes(station.home.keys.held().key)
    status, lines = station.run("restore", backups(station)[0], "--key", rescued, home=there)
    assert status == 0
    assert lines[0].startswith("key kept: ")
    assert sorted(each.name for each in there.iterdir()) == [
        "database.key", "database.key.sealed", "journal.db", "journal.witness", "station.locked", "station.toml"]
    status, lines = station.run("verify", home=there)
    assert (status, lines[0].endswith(": sound")) == (0, True)


@pytest.mark.parametrize(("key", "number"), [(None, "E409"), (bytes(32), "E406")])
def test_without_the_right_key_a_backup_stays_shut_and_no_key_is_drawn(
    station: Station, tmp_path: Path, capsys: pytest.CaptureFixture[str], key: bytes | None, number: str,
) -> None:
    back_up(station)
    words = ["restore", str(backups(station)[0]), "--home", str(tmp_path / "there")]
    if key:
        (tmp_path / "key").write_bytes(key)
        words += ["--key", str(tmp_path / "key")]
    assert main(words) == 1
    assert f"({number})" in capsys.readouterr().err
    assert not (tmp_path / "there").exists() or list((tmp_path / "there").iterdir()) == []


def test_a_journal_in_the_usual_folder_is_not_replaced_unless_it_is_named(
    station: Station, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    back_up(station)
    monkeypatch.setenv("XDG_DATA_HOME", str(station.home.folder.parent / "data"))
    usual = station.home.folder.parent / "data" / "card-station"
    shutil.copytree(station.home.folder, usual)
    assert main(["restore", str(backups(station)[0])]) == 1
    assert "(E416)" in capsys.readouterr().err
    (usual / "journal.db").unlink()
    assert main(["restore", str(backups(station)[0])]) == 0


def test_what_is_no_backup_is_refused(
    station: Station, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    for what in (tmp_path / "nothing", tmp_path / "backups"):
        assert main(["restore", str(what), "--home", str(station.home.folder)]) == 1
        assert "(E414)" in capsys.readouterr().err
    assert station.run("verify")[0] == 0


def test_old_entries_are_cut_off_and_the_rest_still_verifies(station: Station) -> None:
    cut = "5 entries cut off; their goods can no longer be taken back here while offline"
    assert station.run("compact", "--older-than", "100") == (0, [cut])
    assert station.run("compact") == (0, ["nothing to cut off"])
    assert station.run("verify")[0] == 0
    assert station.run("shift", "z", "--number", "1") == (1, ["there is no report Z 1, or it was cut off"])
    assert station.run("compact", "--older-than", "89") == (2, ["entries are kept for at least 90 days, got 89"])


def test_a_journal_that_is_not_sound_is_not_compacted_and_the_reason_is_told(station: Station) -> None:
    with closing(station.open()) as journal:
        journal.database.execute("DELETE FROM sale WHERE place = 3")
    assert station.run("compact") == (1, ["table sale: the row of (3,) is not what the journal makes"])
    with closing(station.open()) as journal:
        assert len(list(journal.entries(0, 10))) == 6


def test_a_report_is_printed_again_as_it_was_made(station: Station) -> None:
    assert station.run("shift", "z", "--number", "1") == (0, [
        "report         Z 1, a copy", "station        12-1", "shift          1",
        "made           2020-01-01 16:00 by sara", "expected cash  569300", "counted        569000",
        "difference     -300 CHANGE_GIVEN", "SALES                    1", "TENDER CASH              69300"])
    assert station.run("shift", "x", "--number", "1") == (0, [
        "report         X 1, a copy", "station        12-1", "shift          1",
        "made           2020-01-01 16:00 by sara", "expected cash  569300", "SALES                    1",
        "TENDER CASH              69300"])
    assert station.run("shift", "x", "--number", "2") == (1, ["there is no report X 2, or it was cut off"])


def test_a_report_is_printed_as_json(station: Station) -> None:
    status, (line,) = station.run("shift", "z", "--number", "1", "--json")
    report = json.loads(line)
    assert (status, report["report"], report["kind"], report["station"], report["at"]["date"]) == (
        0, "Z", "SHIFT_CLOSED", "12-1", "2020-01-01")
    assert report["body"] == {
        "shift": 1, "number": 1, "counted": 569_000, "expected_cash": 569_300, "reason": "CHANGE_GIVEN",
        "totals": [{"tally": "SALES", "name": "", "amount": 1}, {"tally": "TENDER", "name": "CASH", "amount": 69_300}]}


def test_what_an_entry_keeps_of_people_is_erased_and_everything_else_stays(station: Station) -> None:
    with closing(station.open()) as journal:
        place = journal.append(replace(sale(3), personal=b'{"note":"for the lady"}')).place
    assert station.run("erase", str(place)) == (0, [
        f"erased what entry {place} kept of people; backups made before still hold it until they are thinned"])
    with closing(station.open()) as journal:
        assert journal.personal(place) is None
        assert list(verify(journal)) == []
    assert station.run("erase", str(place)) == (0, [f"entry {place} keeps nothing of people"])


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """A paired folder without a journal."""
    home, _ = paired_station(tmp_path, (FilePlace(),))
    yield tmp_path
    assert not home.journal.exists()


@pytest.mark.parametrize("words", [
    ("verify",), ("rebuild",), ("backup", "."), ("compact",), ("shift", "x", "--number", "1"), ("erase", "1")])
def test_nothing_makes_a_journal_where_there_is_none(
    empty: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...],
) -> None:
    assert main([*words, "--home", str(empty)]) == 1
    assert "(E407)" in capsys.readouterr().err


def test_a_folder_that_is_not_paired_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--home", str(tmp_path)]) == 1
    assert "(E505)" in capsys.readouterr().err


def test_the_doctor_tells_an_alarm(station: Station) -> None:
    station.home.folder.joinpath("journal.witness").unlink()
    shutil.rmtree(station.home.state)
    status, lines = station.run("doctor")
    assert status == 0
    assert [line for line in lines if line.startswith("alarm        ") and "(E412)" in line]


def test_the_doctor_tells_how_far_the_member_book_goes_and_how_much_of_a_new_one_is_here(station: Station) -> None:
    def told(*words: str) -> list[str]:
        _, lines = station.run("doctor", *words)
        return [line.removeprefix("members      ") for line in lines if line.startswith("members ")]

    assert told() == ["Members: 0. The member book is not here whole yet."]
    with closing(open_memory(station.home, station.who.enrolment)) as memory:
        assert isinstance(memory.members, CurrentMembers)
        memory.members.apply(MemberPage(
            "c1", Position("a" * 32, 0), (MemberRecord(member(1), ()), MemberRecord(member(2), ())), (),
            Stamp(1_057, 1_795_343_700_000_000), last=True))  # 2026-11-22 10:35 UTC
    station.home.folder.joinpath("members-00ff-half.part").write_bytes(bytes(3_500_000))
    first, coming = told()
    assert re.fullmatch(r"Members: 2, as of \w{3} 2[123] Nov 2026, \d\d:\d\d, version 1,057\.", first)  # in local time
    assert coming == "A new member book is coming down: 3 MB are here."
    assert told("--language", "fa")[1] == "دفتر تازهٔ اعضا در حال دریافت است: ۳ مگابایت رسیده است."
