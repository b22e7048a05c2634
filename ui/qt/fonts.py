"""The product's typeface: Vazirmatn, which covers Persian and Latin, loaded from the package.

The few symbols it lacks come from a small font of our own, so that no machine's fonts make a difference.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from ui.qt import symbol_font, tokens

FAMILY = "Vazirmatn"
FOLDER = Path(__file__).parent / "assets" / "fonts"
STYLES = ("Regular", "Medium", "SemiBold", "Bold")


@dataclass(frozen=True, slots=True)
class Fonts:
    """The ``family`` in use; ``missing`` when the system's own had to stand in for Vazirmatn."""

    family: str
    missing: bool


def prepare(app: QApplication, folder: Path = FOLDER) -> Fonts:
    """Load the typeface from ``folder`` and make it, unhinted, the font of ``app``.

    To be called before the first widget is made. The four static files are used because the one
    variable file registers as a single style.
    """
    app.setStyle("Fusion")
    missing = not _load(folder)
    font = QFont(app.font() if missing else FAMILY)
    font.setFamilies([font.family(), symbol_font.FAMILY])
    font.setPixelSize(tokens.BODY)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)
    return Fonts(font.family(), missing)


@cache
def _load(folder: Path) -> bool:
    """Load the files once in a process: Qt keeps each copy, and every look-up goes through all of them."""
    loaded = [QFontDatabase.addApplicationFont(str(folder / f"{FAMILY}-{style}.ttf")) for style in STYLES]
    QFontDatabase.addApplicationFontFromData(symbol_font.build())
    return -1 not in loaded


def figures(font: QFont, weight: int | None = None) -> QFont:
    """Return ``font`` with digits of one width (OpenType ``tnum``): Persian ones are proportional."""
    even = QFont(font)
    even.setFeature(QFont.Tag("tnum"), 1)
    if weight is not None:
        even.setWeight(QFont.Weight(weight))
    return even
