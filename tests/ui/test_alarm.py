"""A station whose files are a copy: it says so at the top, for as long as head office does not know, and sells on."""

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from data.derived import decode
from data.key_places import FilePlace
from station.errors import ErrorCode
from station.journal import Cause, Opened
from sync.state import SyncState
from tests.data.test_journal import sale
from tests.rigs.paired import paired_station
from tests.ui.test_status import Bar
from tests.ui.till import Till
from ui.folder import default_state
from ui.format import Format
from ui.presenters.status import Status
from ui.text import Words
from ui.views import Chip, Tone
from ui.wiring import Home, Paired, open_memory, witness_of

OLDER = {
    "en": ("Station data: fault E412",
           "The data of this station is an older copy than it had before. Selling goes on under a new number. Tell head office: sales after the copy was made may be missing here. (E412)"),
    "fa": ("داده‌های صندوق: خطای E412",
           "داده‌های این صندوق نسخه‌ای قدیمی‌تر از پیش است. فروش با شماره‌ای تازه ادامه دارد. به دفتر مرکزی بگویید: شاید فروش‌های پس از آن نسخه اینجا نباشد. (E412)"),
}


@pytest.mark.parametrize("language", OLDER)
def test_the_top_bar_tells_it_by_its_number(language: str) -> None:
    bar, till = Bar(), Till()
    board = replace(till.board, alarm=ErrorCode.JOURNAL_OLDER)
    status = Status(board, Words(language), Format(language), bar)
    status.sync_state(SyncState(online=True))
    text, hint = OLDER[language]
    assert bar.view.data == Chip(text, Tone.ERROR, hint)
    assert bar.view.sync.tone is Tone.OK


@pytest.fixture
def station(tmp_path: Path) -> tuple[Home, Paired]:
    (tmp_path / "home").mkdir()
    return paired_station(tmp_path / "home", (FilePlace(),))


def sell(home: Home, who: Paired, number: int) -> ErrorCode | None:
    """Start, sell once, end; return the alarm."""
    memory = open_memory(home, who.enrolment)
    memory.journal.append(sale(number))
    memory.close()
    return memory.alarm


def test_an_older_copy_is_noticed_logged_and_sold_with(
    station: tuple[Home, Paired], tmp_path: Path, caplog: pytest.LogCaptureFixture,
) -> None:
    home, who = station
    assert sell(home, who, 1) is None
    shutil.copyfile(home.journal, tmp_path / "copy")
    assert sell(home, who, 2) is None
    (tmp_path / "copy").replace(home.journal)
    with caplog.at_level(logging.ERROR):
        assert sell(home, who, 3) is ErrorCode.JOURNAL_OLDER
    assert [each.getMessage() for each in caplog.records] == ["journal: E412 JOURNAL_OLDER place=2"]
    memory = open_memory(home, who.enrolment)
    old, new = memory.branches()
    assert (old.head().seq, new.head().seq) == (2, 2)
    memory.close()


def test_the_second_witness_lies_apart_and_is_of_this_pairing(station: tuple[Home, Paired], tmp_path: Path) -> None:
    home, who = station
    near, far = witness_of(home, home.journal, who.enrolment).files
    assert near == home.folder / "journal.witness"
    assert far.parent == home.state == default_state()
    assert home.folder not in far.parents
    anew = replace(who.enrolment, first=bytes(32))
    assert witness_of(home, home.journal, anew).files[1] != far
    moved = replace(home, folder=tmp_path / "moved")
    assert witness_of(moved, moved.journal, who.enrolment).files[1] == far
    assert witness_of(home, home.plain_journal, who.enrolment).files != (near, far)


def test_a_folder_put_back_whole_is_older_than_the_second_witness(station: tuple[Home, Paired], tmp_path: Path) -> None:
    home, who = station
    sell(home, who, 1)
    shutil.copytree(home.folder, tmp_path / "copy")
    sell(home, who, 2)
    shutil.rmtree(home.folder)
    (tmp_path / "copy").rename(home.folder)
    assert sell(home, who, 3) is ErrorCode.JOURNAL_OLDER


def test_a_fork_begins_an_incarnation_that_says_so(station: tuple[Home, Paired]) -> None:
    home, who = station
    memory = open_memory(home, who.enrolment)
    memory.begin_anew()
    first, second = memory.branches()
    (entry,) = second.after(0, 10)
    body = decode(entry.raw, entry.kind).body
    assert isinstance(body, Opened)
    assert (body.cause, first.head().seq) == (Cause.FORKED, 1)
    memory.close()
