"""No character on a screen comes from a font of the machine: the product's two have them all."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QRawFont, QTextLayout
from PySide6.QtWidgets import QApplication

from ui.qt import fonts, symbol_font
from ui.qt.symbol_font import GLYPHS

UI = Path(fonts.__file__).parents[1]
SOURCES = sorted((*UI.rglob("*.py"), *UI.rglob("*.po")), key=str)


def test_every_character_of_the_product_is_in_one_of_its_fonts(qapp: QApplication) -> None:
    assert qapp
    own = [QRawFont(str(fonts.FOLDER / "Vazirmatn-Regular.ttf"), 16), QRawFont(QByteArray(symbol_font.build()), 16)]
    used = {character for each in SOURCES for character in each.read_text(encoding="utf-8") if character.isprintable()}
    assert set(GLYPHS) <= used
    assert sorted(each for each in used if not any(font.supportsCharacter(ord(each)) for font in own)) == []


@pytest.mark.parametrize("symbol", GLYPHS)
def test_a_symbol_is_drawn_by_our_font(qapp: QApplication, symbol: str) -> None:
    fonts.prepare(qapp)
    layout = QTextLayout(f"{symbol} شیر", qapp.font())
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    assert {run.rawFont().familyName() for run in layout.glyphRuns()} == {fonts.FAMILY, symbol_font.FAMILY}
