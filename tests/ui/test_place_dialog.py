"""Asking where a file goes: names that every disk takes, places people know, and nothing replaced unasked."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.span import Span
from ui.export.file_name import MOST_NAME, dated, file_name
from ui.export.whole import write_whole
from ui.qt.place_dialog import LOOK_MS, PlaceDialog, Wish
from ui.qt.places import Place, lent, places
from ui.text import Words


@pytest.mark.parametrize(("typed", "name"), [
    ("sales", "sales"), ("  فروش آذر  ", "فروش آذر"), ("a/b\\c:d", "a-b-c-d"), ("what?*", "what-"), ("..", ""), ("report. ", "report"),
    ("CON", "CON-"), ("nul.txt", "nul.txt-"), ("console", "console"), ("a\x00\nb", "a-b"), ("", ""), ("x" * 300, "x" * MOST_NAME)])
def test_a_name_is_one_that_every_disk_takes(typed: str, name: str) -> None:
    assert file_name(typed) == name


@pytest.mark.parametrize(("span", "calendar", "name"), [
    (Span("2026-11-21", "2026-11-22"), Calendar.JALALI, "sales-1405-08-30-1405-09-01"),
    (Span("2026-11-22", "2026-11-22"), Calendar.GREGORIAN, "sales-2026-11-22"), (None, Calendar.JALALI, "sales")])
def test_a_name_tells_its_days(span: Span | None, calendar: Calendar, name: str) -> None:
    assert dated("sales", span, calendar) == name


MOUNTED = """\
/dev/sda1 / ext4 rw,relatime 0 0
/dev/sdb1 /media/omid/USB\\040STICK vfat rw,nosuid 0 0
/dev/sr0 /media/omid/DISC iso9660 ro,nosuid 0 0
server:/reports /mnt/reports nfs4 rw 0 0
/dev/sdc1 /run/media/omid/B exfat rw 0 0
proc /proc proc rw 0 0
"""


def test_sticks_and_shares_that_can_be_written_are_found(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTED, encoding="utf-8")
    assert list(lent(mounts)) == [Path("/media/omid/USB STICK"), Path("/mnt/reports"), Path("/run/media/omid/B")]


def test_where_no_list_of_mounts_is_the_system_is_asked(tmp_path: Path) -> None:
    assert all(each.is_absolute() for each in lent(tmp_path / "none"))
    assert Path("/") not in lent(tmp_path / "none")


def test_known_folders_are_offered_once_and_after_the_sticks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "Documents").mkdir()
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTED, encoding="utf-8")
    assert [(each.name, each.folder) for each in places(Words("fa"), mounts)] == [
        ("فلش: USB STICK", Path("/media/omid/USB STICK")), ("فلش: reports", Path("/mnt/reports")),
        ("فلش: B", Path("/run/media/omid/B")), ("اسناد", tmp_path / "Documents"), ("پوشهٔ شخصی", tmp_path)]


class Asked:
    """A dialog over two folders; ``went`` is where files were sent."""

    def __init__(self, qtbot: QtBot, folder: Path, name: str = "sales", language: str = "en") -> None:
        self.window, self.went = QWidget(), list[Path]()
        qtbot.addWidget(self.window)
        self.window.show()
        self.found = [Place("Documents", folder / "a"), Place("Stick: B", folder / "b")]
        for each in self.found:
            each.folder.mkdir()
        wish = Wish("Save the table", Words(language), name, "xlsx" if name else "")
        self.dialog = PlaceDialog(wish, self.went.append, self.window, self._look)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        self.dialog.open()

    def _look(self, _words: Words) -> Sequence[Place]:
        return tuple(self.found)

    def says(self) -> str:
        return self.dialog.problem.text()


@pytest.fixture
def asked(qtbot: QtBot, tmp_path: Path) -> Asked:
    return Asked(qtbot, tmp_path)


def test_enter_saves_under_the_suggested_name_in_the_first_place(asked: Asked, tmp_path: Path) -> None:
    assert asked.dialog.focusWidget() is asked.dialog.name
    QTest.keyClick(asked.dialog.name, Qt.Key.Key_Return)
    assert asked.went == [tmp_path / "a" / "sales.xlsx"]
    assert not asked.dialog.isVisible()


def test_escape_and_back_save_nothing(asked: Asked) -> None:
    QTest.keyClick(asked.dialog, Qt.Key.Key_Escape)
    assert (asked.went, asked.dialog.isVisible()) == ([], False)


def test_by_finger_alone_into_another_place(asked: Asked, tmp_path: Path) -> None:
    asked.dialog.keys[1].click()
    assert asked.dialog.folder.accessibleName().strip("\u200e") == str(tmp_path / "b")
    asked.dialog.save.click()
    assert asked.went == [tmp_path / "b" / "sales.xlsx"]


@pytest.mark.parametrize("typed", ["sales", "sales.xlsx"])
def test_a_file_that_is_there_is_replaced_only_when_it_was_said(asked: Asked, tmp_path: Path, typed: str) -> None:
    (tmp_path / "a" / "sales.xlsx").write_text("old", encoding="utf-8")
    dialog = asked.dialog
    dialog.name.setText(typed)
    dialog.save.click()
    assert (asked.went, dialog.save.text()) == ([], "Replace it  Enter")
    assert asked.says() == "\u200esales.xlsx\u200e is there already. Press once more to replace it."
    dialog.keys[1].click()  # said of another place, it does not count
    dialog.keys[0].click()
    assert (asked.says(), dialog.save.text()) == ("", "Save  Enter")
    dialog.save.click()
    assert asked.went == []
    dialog.save.click()
    assert asked.went == [tmp_path / "a" / "sales.xlsx"]


def test_without_a_name_or_a_place_it_says_what_is_missing(asked: Asked) -> None:
    asked.dialog.name.setText(" .. ")
    asked.dialog.save.click()
    assert (asked.went, asked.says()) == ([], "Type a name, and choose where.")


def test_a_whole_path_can_be_typed(asked: Asked, tmp_path: Path) -> None:
    asked.dialog.name.setText(f"{tmp_path}/of:the/year.xlsx")
    assert asked.dialog.folder.accessibleName().strip("\u200e") == f"{tmp_path}/of:the"
    asked.dialog.save.click()
    assert asked.went == [tmp_path / "of:the" / "year.xlsx"]


def test_a_path_that_no_disk_can_have_is_left_to_the_saving_to_refuse(asked: Asked) -> None:
    path = Path("/", "x" * 300, "sales.xlsx")
    asked.dialog.name.setText(str(path))
    asked.dialog.save.click()
    assert asked.went == [path]
    with pytest.raises(StationError) as refused:
        write_whole(path, b"")
    assert refused.value.code is ErrorCode.FILE_UNWRITABLE


def test_a_stick_that_is_put_in_or_pulled_out_is_seen(asked: Asked, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = asked.dialog
    dialog.keys[1].click()
    before = list(dialog.keys)
    qtbot.wait(LOOK_MS + 200)
    assert dialog.keys == before
    asked.found.insert(0, Place("Stick: C", tmp_path / "c"))
    qtbot.waitUntil(lambda: len(dialog.keys) == 3)
    assert [key.text() for key in dialog.keys if key.isChecked()] == ["Stick: B"]
    asked.found.pop()
    qtbot.waitUntil(lambda: len(dialog.keys) == 2)
    assert [key.text() for key in dialog.keys if key.isChecked()] == ["Stick: C"]
    asked.found.clear()
    qtbot.waitUntil(lambda: not dialog.keys)
    dialog.save.click()
    assert (asked.went, asked.says()) == ([], "Type a name, and choose where.")


def test_where_a_folder_is_wanted_there_is_no_name(qtbot: QtBot, tmp_path: Path) -> None:
    asked = Asked(qtbot, tmp_path, name="", language="fa")
    assert not asked.dialog.name.isVisible()
    assert asked.dialog.folder.accessibleName().strip("\u200e") == str(tmp_path / "a")
    QTest.keyClick(asked.dialog, Qt.Key.Key_Enter)
    assert asked.went == [tmp_path / "a"]
    QTest.keyClick(asked.dialog, Qt.Key.Key_A)


def test_it_ends_with_its_question(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PlaceDialog(Wish("Folder", Words("en")), lambda _path: None, window, lambda _words: [Place("Here", tmp_path)])
    with qtbot.waitSignal(dialog.destroyed):
        dialog.open()
        dialog.back.click()
