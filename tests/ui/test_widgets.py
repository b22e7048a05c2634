"""The window's small parts: figures on their side, shortened names, a model that never raises, fonts."""

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.qt import fonts
from ui.qt.basket import BasketModel
from ui.qt.labels import LEFT, RIGHT, ElidedLabel, NumberLabel, Side


def columns(widget: QWidget) -> list[int]:
    """The columns of a widget that hold ink darker than half."""
    image = widget.grab().toImage()
    return [x for x in range(image.width())
            if any(image.pixelColor(x, y).lightness() < 160 for y in range(image.height()))]


@pytest.mark.parametrize(("direction", "sides"), [
    (Qt.LayoutDirection.LeftToRight, (LEFT, RIGHT, RIGHT)),
    (Qt.LayoutDirection.RightToLeft, (RIGHT, LEFT, RIGHT))])
def test_figures_keep_their_side(
    qtbot: QtBot, direction: Qt.LayoutDirection, sides: tuple[Qt.AlignmentFlag, ...],
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    labels = [NumberLabel(side, "sum", parent) for side in (Side.START, Side.END, Side.COLUMN)]
    parent.setLayoutDirection(direction)
    assert tuple(label.alignment() for label in labels) == sides


def test_a_phone_stands_at_the_right_in_persian(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label = NumberLabel(Side.START, "caption", parent)
    label.setText("۰۹۱۲ ۳۴۵ ۶۷۸۹")
    label.resize(400, 40)
    ink = columns(label)
    assert min(ink) > 200
    assert 400 - max(ink) < 8


def test_a_long_name_is_shortened_and_kept_whole_for_readers(qtbot: QtBot) -> None:
    label = ElidedLabel("memberName")
    qtbot.addWidget(label)
    label.resize(120, 30)
    label.show()
    label.say("سید محمدحسین طباطبایی نژاد اصفهانی")
    assert label.text().endswith("…")
    assert label.accessibleName() == "سید محمدحسین طباطبایی نژاد اصفهانی"
    label.resize(600, 30)
    assert label.text() == label.accessibleName()


def test_a_model_that_is_asked_nonsense_answers_nothing_and_says_so(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture,
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    model = BasketModel(parent)
    assert model.data(QModelIndex()) is None
    assert "BasketModel.data" in caplog.text


def test_a_missing_typeface_is_noticed(qapp: QApplication, tmp_path: Path) -> None:
    assert fonts.prepare(qapp, tmp_path).missing
    assert fonts.prepare(qapp) == fonts.Fonts(fonts.FAMILY, missing=False)
