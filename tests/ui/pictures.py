"""Pictures of every screen, in both languages and all themes, and how far a screen is from its picture.

``python -m tests.ui.pictures`` (``make pictures``) draws them anew into ``tests/ui/pictures/``; look at what
changed before you commit it. A picture has at most 256 colours, chosen for it, which keeps the files small.
"""

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QApplication

from tests.ui.screens import SCREENS
from tests.ui.stage import Stage
from ui.look import Look
from ui.qt.scaling import wear

FOLDER = Path(__file__).with_name("pictures")
LANGUAGES, THEMES = ("fa", "en"), ("light", "dark", "high")
SIZE = 1024, 600
COLOURS = 256
FLAT = 24
"""How many of the most frequent colours are kept as they are: those of grounds, frames and whole letters."""
ALIKE = 12
"""How far a channel of two other colours may be apart that are kept as one."""
NEAR = 32
"""How far a channel of a pixel, 0 to 255, may be off: another machine rounds the edges of letters otherwise."""
FEW = 60
"""How many channels of pixels may be further off; a changed letter has more."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Which screen in which look."""

    screen: str
    language: str
    theme: str

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.screen}-{self.language}-{self.theme}.png"

    def __str__(self) -> str:
        """Return its name."""
        return self.file.stem


def all_pictures(screens: Sequence[str] = tuple(SCREENS)) -> list[Picture]:
    """Return every picture there is of ``screens``."""
    return [Picture(screen, language, theme) for screen in screens for language in LANGUAGES for theme in THEMES]


def draw(picture: Picture) -> QImage:
    """Return what the screen looks like, its caret not blinking."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), Look(picture.language, picture.theme, motion=False), SIZE)
        try:
            return SCREENS[picture.screen](stage).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        finally:
            stage.close()
            wear(Look(), [])


def keep(image: QImage, file: Path) -> None:
    """Write ``image`` with few colours: the most frequent ones, and of the others that are alike only the first."""
    table: list[int] = []
    for colour, _ in Counter(memoryview(bytes(image.constBits())).cast("I")).most_common():
        if len(table) < FLAT or (len(table) < COLOURS and not any(_alike(colour, other) for other in table)):
            table.append(colour)
    reduced = image.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.AvoidDither)
    writer = QImageWriter(str(file))
    writer.setQuality(0)  # of a PNG: as small as can be
    if not writer.write(reduced):
        message = f"{file}: {writer.errorString()}"
        raise OSError(message)


def difference(image: QImage, picture: QImage) -> tuple[int, QImage]:
    """Return how many channels of pixels of ``image`` are not near the kept ``picture``, and where they are."""
    if image.size() != picture.size():
        return image.width() * image.height(), image
    unlike = image.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(unlike)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, picture.convertToFormat(QImage.Format.Format_RGB32))
    painter.end()
    channels = bytes(unlike.constBits())
    far = bytes(value > NEAR for value in range(256))
    # The fourth channel of a pixel means nothing.
    return sum(channels[place::4].translate(far).count(1) for place in range(3)), unlike


def _alike(one: int, other: int) -> bool:
    return all(abs((one >> shift & 255) - (other >> shift & 255)) <= ALIKE for shift in (0, 8, 16))


def redraw(screens: Sequence[str] = ()) -> None:
    """Draw the pictures of ``screens`` anew, of all when none is named; what is no screen any more goes."""
    FOLDER.mkdir(exist_ok=True)
    for picture in all_pictures(screens or tuple(SCREENS)):
        keep(draw(picture), picture.file)
    for old in set(FOLDER.glob("*.png")) - {each.file for each in all_pictures()}:
        old.unlink()


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the screens anew.")
    parser.add_argument("screens", nargs="*", metavar="SCREEN", help=", ".join(SCREENS))
    named = parser.parse_args().screens
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication([])
    assert application
    redraw(named)


if __name__ == "__main__":
    main()
