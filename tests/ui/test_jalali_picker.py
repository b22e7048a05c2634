"""The choice of days: the calendar by keyboard alone, by tap, by typing and by preset, in both languages."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station.span import Preset, Span
from ui.format import Format
from ui.qt.jalali_picker import RangePicker
from ui.qt.tokens import DARK, LIGHT
from ui.text import Words

TODAY = "2026-11-22"  # Sunday, 1 Azar 1405
ONE_DAY = Span(TODAY, TODAY)
Key = Qt.Key


class Chooser:
    """An open picker and what was picked."""

    def __init__(self, qtbot: QtBot, language: str = "fa", span: Span = ONE_DAY) -> None:
        self.picker = RangePicker(Words(language), Format(language), LIGHT)
        qtbot.addWidget(self.picker)
        self.picked: list[Span] = []
        self.picker.picked.connect(self.picked.append)
        self.picker.start(span, TODAY)
        QApplication.processEvents()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.picker.month, key)

    def heads(self) -> list[str]:
        table = self.picker.month
        return [item.text() for column in range(7) if (item := table.horizontalHeaderItem(column))]

    def texts(self) -> list[str]:
        table = self.picker.month
        return [item.text() for row in range(6) for column in range(7) if (item := table.item(row, column))]

    def type(self, first: str, last: str) -> None:
        for field, text in zip(self.picker.fields, (first, last), strict=True):
            field.setText(text)
            field.textEdited.emit(text)


@pytest.fixture
def fa(qtbot: QtBot) -> Chooser:
    return Chooser(qtbot)


@pytest.fixture
def en(qtbot: QtBot) -> Chooser:
    return Chooser(qtbot, "en")


def test_saturday_comes_first_and_friday_is_marked(fa: Chooser) -> None:
    assert fa.heads() == ["ش", "ی", "د", "س", "چ", "پ", "ج"]
    friday = fa.picker.month.horizontalHeaderItem(6)
    assert friday
    assert friday.foreground().color() == QColor(LIGHT.error)


def test_the_first_column_stands_at_the_right_in_persian(fa: Chooser) -> None:
    table = fa.picker.month
    assert table.columnViewportPosition(0) > table.columnViewportPosition(6)


def test_english_has_the_same_weeks_in_gregorian_months(en: Chooser) -> None:
    assert en.heads() == ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"]
    assert en.picker.title.text() == "Nov 2026"
    assert en.texts()[:3] == ["31", "1", "2"]


def test_the_leap_year_1403_has_a_thirtieth_of_esfand(qtbot: QtBot) -> None:
    chooser = Chooser(qtbot, "fa", Span("2025-03-20", "2025-03-20"))
    assert chooser.picker.title.text() == "اسفند ۱۴۰۳"
    texts = chooser.texts()
    first = texts.index("۱")
    assert texts[first:first + 31] == [Format("fa").number(number) for number in range(1, 31)] + ["۱"]
    chooser.press(Key.Key_End)
    assert chooser.picker.month.day == "2025-03-20"
    chooser.press(Key.Key_PageDown)
    assert chooser.picker.title.text() == "فروردین ۱۴۰۴"


@pytest.mark.parametrize(("language", "key", "day"), [
    ("fa", Key.Key_Left, "2026-11-23"), ("fa", Key.Key_Right, "2026-11-21"),
    ("en", Key.Key_Left, "2026-11-21"), ("en", Key.Key_Right, "2026-11-23"),
    ("fa", Key.Key_Down, "2026-11-29"), ("fa", Key.Key_Up, "2026-11-15"),
    ("fa", Key.Key_PageUp, "2026-10-23"), ("en", Key.Key_PageUp, "2026-10-22"),
    ("fa", Key.Key_Home, "2026-11-22"), ("en", Key.Key_Home, "2026-11-01"), ("fa", Key.Key_End, "2026-12-21"),
])
def test_keys_move_in_reading_order(qtbot: QtBot, language: str, key: Qt.Key, day: str) -> None:
    chooser = Chooser(qtbot, language)
    chooser.press(key)
    assert chooser.picker.month.day == day


def test_a_span_is_chosen_by_keyboard_alone(fa: Chooser) -> None:
    fa.press(Key.Key_Up, Key.Key_Return, Key.Key_Up, Key.Key_Space)  # backwards: the days are put in order
    assert fa.picker.span == Span("2026-11-08", "2026-11-15")
    assert [field.text() for field in fa.picker.fields] == ["۱۴۰۵/۰۸/۱۷", "۱۴۰۵/۰۸/۲۴"]
    QTest.keyClick(fa.picker.accept_button, Key.Key_Space)
    assert fa.picked == [Span("2026-11-08", "2026-11-15")]


def test_the_third_choice_begins_anew(fa: Chooser) -> None:
    fa.press(Key.Key_Return, Key.Key_Right, Key.Key_Return, Key.Key_Right, Key.Key_Return)
    assert fa.picker.span == Span("2026-11-20", "2026-11-20")


def test_a_tap_chooses_also_in_the_month_beside(fa: Chooser) -> None:
    table = fa.picker.month
    item = table.item(5, 6)
    assert item
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(item).center())
    assert fa.picker.span == Span("2027-01-01", "2027-01-01")
    assert fa.picker.title.text() == "دی ۱۴۰۵"


@pytest.mark.parametrize(("which", "span"), [
    (Preset.TODAY, Span(TODAY, TODAY)), (Preset.YESTERDAY, Span("2026-11-21", "2026-11-21")),
    (Preset.THIS_WEEK, Span("2026-11-21", TODAY)), (Preset.THIS_MONTH, Span(TODAY, TODAY))])
def test_presets_are_one_press(fa: Chooser, which: Preset, span: Span) -> None:
    fa.picker.presets[which].click()
    assert fa.picked == [span]
    assert fa.picker.isHidden()


def test_days_are_typed_in_any_digits(fa: Chooser) -> None:
    fa.type("۱۴۰۵/۰۸/۰۱", "1405/8/30")
    assert fa.picker.span == Span("2026-10-23", "2026-11-21")
    assert fa.picker.said.text().endswith("۳۰ روز")
    QTest.keyClick(fa.picker.fields[1], Key.Key_Return)
    assert fa.picked == [Span("2026-10-23", "2026-11-21")]


@pytest.mark.parametrize(("first", "last"), [
    ("1405/08/31", "1405/09/01"), ("1405/09/02", "1405/09/01"), ("", "1405/09/01"), ("1390/01/01", "1405/09/01")])
def test_what_is_no_span_cannot_be_shown(fa: Chooser, first: str, last: str) -> None:
    fa.type(first, last)
    assert fa.picker.span is None
    assert not fa.picker.accept_button.isEnabled()
    assert "۱۴۰۵/۰۹/۰۱" in fa.picker.said.text()
    assert any(field.property("fault") for field in fa.picker.fields)
    QTest.keyClick(fa.picker.fields[1], Key.Key_Return)
    assert fa.picked == []


def test_more_than_five_years_are_refused_with_a_sentence(fa: Chooser) -> None:
    fa.press(Key.Key_Return)
    fa.picker.month.go_to("2020-11-22")
    fa.press(Key.Key_Return)
    assert fa.picker.span == Span(TODAY, TODAY)
    assert fa.picker.said.text() == "بیش از پنج سال یک‌جا نشان داده نمی‌شود."


def test_language_and_theme_change_live_and_keep_the_span(fa: Chooser) -> None:
    fa.type("1405/08/01", "1405/08/30")
    fa.picker.set_words(Words("en"), Format("en"))
    fa.picker.set_theme(DARK)
    assert fa.picker.span == Span("2026-10-23", "2026-11-21")
    assert [field.text() for field in fa.picker.fields] == ["2026-10-23", "2026-11-21"]
    assert fa.picker.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert fa.picker.said.text() == "23 Oct 2026 to 21 Nov 2026 · 30 days"


def test_the_ends_of_the_span_are_strong_and_fridays_red(fa: Chooser) -> None:
    fa.picker.month.go_to("2026-11-15")
    fa.picker.month.show_span(Span("2026-11-09", "2026-11-11"))
    table = fa.picker.month
    image = table.viewport().grab().toImage()

    def colours(day: str) -> set[str]:
        for row in range(6):
            for column in range(7):
                item = table.item(row, column)
                if item and item.data(Qt.ItemDataRole.UserRole) == day:
                    box = table.visualItemRect(item).adjusted(4, 4, -4, -4)
                    return {image.pixelColor(x, y).name().upper() for x in range(box.left(), box.right())
                            for y in range(box.top(), box.bottom())}
        return set()

    assert LIGHT.primary in colours("2026-11-09")
    assert LIGHT.selection in colours("2026-11-10")
    assert LIGHT.error in colours("2026-11-13")
    assert LIGHT.error not in colours("2026-11-14")


def test_every_target_is_large_enough_and_the_dialog_fits_a_small_screen(fa: Chooser) -> None:
    table = fa.picker.month
    assert (table.columnWidth(0), table.rowHeight(0)) >= (48, 48)
    for each in (*fa.picker.presets.values(), fa.picker.earlier, fa.picker.later, fa.picker.accept_button, *fa.picker.fields):
        assert each.height() >= 48
        assert each.width() >= 48
    assert fa.picker.height() <= 560
    assert fa.picker.width() <= 1000


def test_each_day_is_named_for_those_who_do_not_see_it(en: Chooser) -> None:
    table = en.picker.month
    item = table.item(0, 1)
    assert item
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Sun 1 Nov 2026"
    assert table.accessibleName() == "Days of the month"
    assert en.picker.earlier.accessibleName() == "Month before"
