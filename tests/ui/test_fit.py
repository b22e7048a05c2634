"""Every screen in both languages at the sizes it must fit: nothing cut, nothing too small to touch, all of it named."""

import logging
import operator
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from tests.ui.screens import SCREENS
from tests.ui.stage import Stage
from ui.look import Look
from ui.qt import tokens
from ui.qt.labels import ElidedLabel
from ui.qt.scaling import wear
from ui.qt.window import Window

SIZES = {"1024x600": ((1024, 600), 100), "1366x768": ((1366, 768), 125), "1920x1080": ((1920, 1080), 150)}
OPERABLE = QAbstractButton | QLineEdit | QAbstractItemView | QPlainTextEdit
SEEN = 40
"""Pixels that must change when a widget takes the focus: less is not seen."""

SPARE = 10
"""Stops of Tab that nobody operates: pages that scroll."""

pytestmark = pytest.mark.usefixtures("qtbot")

Open = Callable[[str, Look, tuple[int, int]], QWidget]


@pytest.fixture
def open_screen(qapp: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Open]:
    """Open screens; everything is taken down afterwards, and no override of a Qt method may have failed."""
    stages: list[Stage] = []

    def show(name: str, look: Look, size: tuple[int, int]) -> QWidget:
        folder = tmp_path / str(len(stages))
        folder.mkdir()
        stages.append(Stage(folder, look, size))
        return SCREENS[name](stages[-1])

    yield show
    for each in stages:
        each.close()
    wear(Look(), [])
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def visible(top: QWidget) -> list[QWidget]:
    """Return what is seen of ``top``, its own dialogs left out."""
    return [each for each in top.findChildren(QWidget) if each.isVisible() and each.window() is top.window()]


def name_of(widget: QWidget) -> str:
    """Return how a failure names ``widget``."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__}#{widget.objectName()} {text[:40]!r} {widget.size().toTuple()} hint {widget.sizeHint().toTuple()}"


def cut(widget: QWidget) -> bool:
    """Tell whether the text of ``widget`` needs more room than it has."""
    wanted, given = widget.sizeHint(), widget.size()
    match widget:
        case QLabel():
            return not isinstance(widget, ElidedLabel) and label_cut(widget)
        case QAbstractButton():
            return bool(widget.text()) and (wanted.width() > given.width() or wanted.height() > given.height())
        case QLineEdit():
            room = given.width() - 2 * tokens.L - 4
            return widget.fontMetrics().horizontalAdvance(widget.placeholderText()) > room
        case _:
            return False


def label_cut(label: QLabel) -> bool:
    """Tell whether text or picture of ``label`` need more room than it has."""
    wanted, given = label.sizeHint(), label.size()
    if not label.pixmap().isNull():
        return label.pixmap().width() > given.width() or label.pixmap().height() > given.height()
    if label.wordWrap():
        return label.heightForWidth(given.width()) > given.height()
    return bool(label.text()) and (
        wanted.width() > given.width() or label.fontMetrics().height() > given.height() + 1)


def outside(widget: QWidget) -> bool:
    """Tell whether a part of ``widget`` lies beyond what holds it; what can be scrolled to does not."""
    above = widget.parentWidget()
    while above is not None and not widget.isWindow():
        if isinstance(above.parentWidget(), QAbstractScrollArea):
            return False
        if not above.rect().contains(QRect(widget.mapTo(above, QPoint(0, 0)), widget.size())):
            return True
        if above.isWindow():
            return False
        above = above.parentWidget()
    return False


def targets(top: QWidget) -> list[QWidget]:
    """Return what can be operated."""
    return [each for each in visible(top) if isinstance(each, OPERABLE) and not _inner(each)]


def _inner(widget: QWidget) -> bool:
    """Tell whether ``widget`` is a part of another one: a header, the button in a table's corner."""
    above = widget.parentWidget()
    return isinstance(above, QAbstractItemView) or widget.objectName().startswith("qt_") or (
        above is not None and isinstance(above.parentWidget(), QAbstractItemView))


def too_small(widget: QWidget) -> bool:
    """Tell whether a finger may miss ``widget``: WCAG 2.2 asks for 24 px, the house for 48."""
    if isinstance(widget, QAbstractItemView):
        model = widget.model()
        return any(0 < widget.visualRect(model.index(row, 0)).height() < tokens.BUTTON for row in range(model.rowCount()))
    return min(widget.width(), widget.height()) < tokens.BUTTON


def says(widget: QWidget) -> str:
    """Return what a screen reader calls ``widget``."""
    spoken = QAccessible.queryAccessibleInterface(widget)
    return spoken.text(QAccessible.Text.Name) if spoken else ""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_cut_and_all_can_be_touched(open_screen: Open, name: str, language: str, size: str) -> None:
    room, percent = SIZES[size]
    top = open_screen(name, Look(language, size=percent), room)
    if not name.startswith("customer"):
        assert top.width() <= room[0], (top.width(), top.minimumSizeHint())
        assert top.height() <= room[1], (top.height(), top.minimumSizeHint())
    seen = visible(top)
    assert [name_of(each) for each in seen if cut(each)] == []
    assert [name_of(each) for each in seen if isinstance(each, QLabel | OPERABLE) and outside(each)] == []
    if not name.startswith("customer"):  # nobody touches that one, and its size is not the cashier's
        assert [name_of(each) for each in targets(top) if too_small(each)] == []
    assert [name_of(each) for each in targets(top) if not says(each)] == []


@pytest.mark.parametrize("theme", ["light", "high"])
@pytest.mark.parametrize("name", SCREENS)
def test_the_focus_is_seen_wherever_it_is(open_screen: Open, name: str, theme: str) -> None:
    top = open_screen(name, Look("en", theme), (1024, 600))
    unseen = []
    for each in targets(top):
        if not each.isEnabled() or not each.focusPolicy() & Qt.FocusPolicy.TabFocus or each.focusProxy():
            continue
        top.setFocus()
        each.clearFocus()
        without = each.grab().toImage()
        each.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if each.hasFocus() and differing(without, each.grab().toImage()) < SEEN:
            unseen.append(name_of(each))
    assert unseen == []


def differing(one: QImage, other: QImage) -> int:
    """Return in how many pixels two pictures differ."""
    if one.size() != other.size():
        return one.width() * one.height()
    # Copied at once: what ``constBits`` returns does not keep its picture alive.
    alike = [each.convertToFormat(QImage.Format.Format_RGB32) for each in (one, other)]
    pixels = (memoryview(bytes(each.constBits())).cast("I") for each in alike)
    return sum(map(operator.ne, *pixels))


@pytest.mark.parametrize("name", [each for each in SCREENS if not each.startswith("customer")])
def test_tab_comes_round_to_all_that_can_be_operated(open_screen: Open, name: str) -> None:
    top = open_screen(name, Look("en"), (1024, 600))
    wanted = [each for each in targets(top) if each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus and not each.focusProxy()]
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        way = walk(top, key, len(wanted) + SPARE)
        assert way[0] is way[-1], [name_of(each) for each in way[-3:]]
        assert [name_of(each) for each in wanted if each not in way and not by_arrows(each, way)] == []


def walk(top: QWidget, key: Qt.Key, most: int) -> list[QWidget]:
    """Return what the keys go to, pressing ``key`` until it is the first again; after ``most`` steps somebody is lost."""
    way = [step(top.focusWidget() or top, key)]
    while len(way) < most and (len(way) == 1 or way[-1] is not way[0]):
        way.append(step(way[-1], key))
    return way


def step(held: QWidget, key: Qt.Key) -> QWidget:
    """Press ``key`` where the keys go, and return where they go then."""
    QTest.keyClick(held, key)
    return held.window().focusWidget() or held


def by_arrows(widget: QWidget, way: list[QWidget]) -> bool:
    """Tell whether arrows lead to ``widget``: Tab stops at one of those of which one is chosen."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and any(each in way for each in group.buttons())


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_size_changed_live_is_the_size_begun_with(open_screen: Open, language: str) -> None:
    room = SIZES["1920x1080"][0]  # a window that had to grow at 150 % would not become smaller by itself
    begun = open_screen("member", Look(language, size=125), room)
    wanted = {name_of(each) for each in targets(begun)}
    live = open_screen("member", Look(language), room)
    assert isinstance(live, Window)
    for percent in (150, 110, 125):
        live.change_look(Look(language, size=percent))
    QApplication.processEvents()
    assert {name_of(each) for each in targets(live)} == wanted
