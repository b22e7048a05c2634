"""The diagnostics screen over a station's real files: what is unsent, how old things are, and the check of the files."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from station.card import CardTier, Medium, Tap
from station.errors import ErrorCode, StationError
from station.feed import Stamp
from sync.state import BookState, SyncState
from tests.data.test_journal import newest, sale, shift
from tests.fakes import NOON, FixedClock, pack
from tests.rigs.paired import paired_station
from ui.checking import CheckStage
from ui.presenters.diagnostics_facts import Aside, Backlog, Judged, Sources, States, Stock, StockKind
from ui.wiring import Home, Memory, Paired, open_memory
from ui.wiring_diagnostics import Told, disk, file_check, report_writer, sources


class Desk:
    """A paired station with a shift and two sales, open on this thread."""

    def __init__(self, folder: Path) -> None:
        self.home: Home
        self.who: Paired
        self.home, self.who = paired_station(folder)
        self.memory: Memory = open_memory(self.home, self.who.enrolment)
        self.state = SyncState()
        self.clock = FixedClock()
        told = Told(lambda: self.state, lambda: NOON.utc_us + 5_000_000, lambda: (Aside(2, "unknown"),))
        self.asked: Sources = sources(self.home, self.who.enrolment, self.memory, self.clock, told)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    with closing(made.memory):
        yield made


def test_what_is_unsent_and_since_when(desk: Desk) -> None:
    for draft in (shift(), sale(1), sale(2)):
        desk.memory.journal.append(draft)
    newest(desk.memory.journal).acknowledge(1)  # the entry that opens the journal has the real time
    assert desk.asked.backlog() == Backlog(3, NOON.utc_us)
    newest(desk.memory.journal).acknowledge(4)
    assert desk.asked.backlog() == Backlog(0)


def test_a_new_station_has_nothing_yet(desk: Desk) -> None:
    assert desk.asked.stocks() == [
        Stock(StockKind.PACK, 0), Stock(StockKind.GOODS, 0, count=0), Stock(StockKind.MEMBERS, 0),
        Stock(StockKind.BLOCK_LIST, 0), Stock(StockKind.ISSUER_KEYS, 0)]


def test_the_rules_tell_since_when_they_are_in_force_and_as_of_when(desk: Desk) -> None:
    rules = replace(pack(12), effective_us=NOON.utc_us - 1)
    desk.memory.packs.install(rules, msgspec.json.encode(rules), b"signature")
    assert desk.asked.stocks()[0] == Stock(StockKind.PACK, 12, since_us=NOON.utc_us - 1)
    desk.memory.packs.confirm(NOON.utc_us - 2)
    assert desk.asked.stocks()[0] == Stock(StockKind.PACK, 12, NOON.utc_us - 2, since_us=NOON.utc_us - 1)


def test_members_are_counted_where_the_exchange_counts_them(desk: Desk) -> None:
    desk.state = SyncState(book=BookState(250_000, Stamp(7, NOON.utc_us)))
    members = next(each for each in desk.asked.stocks() if each.kind is StockKind.MEMBERS)
    assert members.count == 250_000


def test_a_card_is_judged_and_nothing_is_written(desk: Desk) -> None:
    before = desk.memory.journal.head()
    assert desk.asked.judge(Tap("serial:x", Medium.STRIPE, "9364000000000017")) == Judged(CardTier.NUMBER)
    assert desk.memory.journal.head() == before


def test_the_disk_is_asked_and_one_that_is_gone_named(desk: Desk) -> None:
    found = desk.asked.disk()
    assert 0 < found.free <= found.total
    with pytest.raises(StationError) as caught:
        disk(desk.home.folder / "gone")
    assert caught.value.code is ErrorCode.DISK_FAULT


def test_the_check_reads_the_real_files_and_finds_harm(desk: Desk) -> None:
    for draft in (shift(), sale(1)):
        desk.memory.journal.append(draft)
    steps: list[tuple[int, int]] = []
    check = file_check(desk.home, desk.who.enrolment)
    assert list(check(lambda *at: steps.append(at))) == []
    assert steps[-1] == (3, 3)
    desk.memory.journal.database.execute("UPDATE station SET printed = 99")
    assert ["what was printed" in fault for fault in check(lambda *_at: None)] == [True]


def test_the_report_holds_what_was_asked_and_leaves_out_what_cannot_be_read(desk: Desk, tmp_path: Path) -> None:
    (desk.home.folder / "station.log").write_text("sync\n", encoding="utf-8")
    desk.home.settings.write_text("no = such setting", encoding="utf-8")
    written = report_writer(desk.home, desk.who.enrolment, desk.asked)(tmp_path, States())
    with zipfile.ZipFile(written) as packed:
        told, settings = (json.loads(packed.read(name)) for name in ("report.json", "settings.json"))
        assert packed.read("logs/station.log") == b"sync"
    assert (told["station"], told["clock"], told["unsent"]["entries"]) == ("12-1", {"office_ahead_s": 5}, 1)
    assert told["check"]["stage"] == CheckStage.NEVER
    assert list(settings) == ["not understood"]

    def locked() -> Backlog:
        raise StationError(ErrorCode.DATABASE_LOCKED)

    again = report_writer(desk.home, desk.who.enrolment, replace(desk.asked, backlog=locked))(tmp_path, States())
    with zipfile.ZipFile(again) as packed:
        assert json.loads(packed.read("report.json"))["unsent"] is None
