"""Every screen beside its picture in ``pictures/``; where they differ, both are written to ``build/pictures``."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.ui import pictures
from tests.ui.pictures import FEW, FOLDER, Picture, all_pictures, difference, draw, keep

BUILD = Path(__file__).parents[2] / "build" / "pictures"
MOST_BYTES = 18 * 1024
"""What a picture takes on average: each change of one stays in the history for ever."""


@pytest.fixture(autouse=True)
def _application(qapp: QApplication, qtbot: object) -> None:
    assert qapp
    assert qtbot


@pytest.mark.parametrize("picture", all_pictures(), ids=str)
def test_a_screen_looks_as_in_its_picture(picture: Picture) -> None:
    image = draw(picture)
    kept = QImage(str(picture.file))
    assert not kept.isNull(), "make pictures draws it; look at it before you commit it"
    far, where = difference(image, kept)
    if far > FEW:
        BUILD.mkdir(parents=True, exist_ok=True)
        image.save(str(BUILD / picture.file.name))
        where.save(str(BUILD / f"{picture}-difference.png"))
    assert far <= FEW, f"see {BUILD / picture.file.name}; if it is right so, make pictures"


def test_each_picture_is_of_a_screen_and_all_are_small() -> None:
    kept = set(FOLDER.glob("*.png"))
    assert kept == {each.file for each in all_pictures()}
    assert sum(each.stat().st_size for each in kept) < len(kept) * MOST_BYTES


def drawn(tmp_path: Path) -> tuple[QImage, QImage]:
    """Return a screen as it is drawn, and as it is kept."""
    image = draw(Picture("basket", "fa", "light"))
    keep(image, tmp_path / "kept.png")
    return image, QImage(str(tmp_path / "kept.png"))


def test_what_is_drawn_twice_is_the_same_to_the_bit(tmp_path: Path) -> None:
    image, kept = drawn(tmp_path)
    assert difference(draw(Picture("basket", "fa", "light")), kept)[0] == 0
    assert image == draw(Picture("basket", "fa", "light"))


@pytest.mark.parametrize("paint", [
    lambda painter: painter.fillRect(500, 300, 12, 12, QColor("black")),
    lambda painter: painter.drawText(500, 300, "7"),
    lambda painter: painter.fillRect(0, 590, 1024, 1, QColor("#b0b0b0")),
], ids=["a blot", "a digit", "a line"])
def test_a_small_difference_is_found(tmp_path: Path, paint: object) -> None:
    image, kept = drawn(tmp_path)
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    assert callable(paint)
    paint(painter)
    painter.end()
    assert difference(image, kept)[0] > FEW


def test_a_shade_that_another_machine_rounds_otherwise_is_none(tmp_path: Path) -> None:
    image, kept = drawn(tmp_path)
    lighter = QPainter(image)
    lighter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    lighter.fillRect(image.rect(), QColor(3, 3, 3))
    lighter.end()
    assert difference(image, kept)[0] <= FEW


def test_another_size_is_another_picture(tmp_path: Path) -> None:
    image, kept = drawn(tmp_path)
    assert difference(image.scaled(800, 600, Qt.AspectRatioMode.IgnoreAspectRatio), kept)[0] > FEW


def test_pictures_are_drawn_by_name_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    (tmp_path / "no-such-screen.png").write_bytes(b"old")
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    pictures.redraw(["empty"])
    assert {each.name for each in tmp_path.iterdir()} == {each.file.name for each in all_pictures(["empty"])}
