"""Somebody's hands at a real X display: keys by their place on the keyboard, a pointer, a scanner that types.

All of it goes through the XTEST extension, so that it comes to the program as from devices. A key is named by what
a US keyboard has printed on it; what it means is the affair of the layout.
"""

import time
from pathlib import Path

from PySide6.QtGui import QImage
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from drivers.scan_codes import CHARACTERS
from tests.rigs.wedge import Keys

FIRST_KEYCODE = 8
"""X counts the kernel's key codes from here."""
PLACES = {
    "Esc": 1, "Backspace": 14, "Tab": 15, "Return": 28, "Ctrl": 29, "Shift": 42, "Alt": 56, "Space": 57,
    **{f"F{place}": 58 + place for place in range(1, 11)}, "F11": 87, "F12": 88,
    "Home": 102, "Up": 103, "PgUp": 104, "Left": 105, "Right": 106, "End": 107, "Down": 108, "PgDn": 109, "Delete": 111}
TYPED = {character: key for key, character in reversed(CHARACTERS.items())}
SCAN_GAP_MS, TYPING_GAP_MS = 4, 140
LEFT_BUTTON = 1


class Hands:
    """One person at the display called ``name``; made while its layout is US, which the scanner has learnt then."""

    def __init__(self, name: str) -> None:
        """Take keyboard, pointer and scanner."""
        self._display = Display(name)
        self._scanner = Keys(name)
        self._root = self._display.screen().root

    def press(self, chord: str) -> None:
        """Press a key, such as "F12", "Shift+F6" or "Alt+2"."""
        *held, key = chord.split("+") if len(chord) > 1 else [chord]
        codes = [PLACES[each] + FIRST_KEYCODE for each in held]
        if key in PLACES:
            codes.append(PLACES[key] + FIRST_KEYCODE)
        else:
            place, shift = TYPED[key.lower()]
            codes += [PLACES["Shift"] + FIRST_KEYCODE] * shift + [place + FIRST_KEYCODE]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def type(self, text: str) -> None:
        """Type ``text`` as fingers do, which is too slow for a scanner."""
        self._scanner.type(TYPING_GAP_MS, text)
        self._rest(len(text) * TYPING_GAP_MS)

    def scan(self, text: str) -> None:
        """Let the scanner, or the stripe reader, type ``text`` and Enter."""
        self._scanner.type(SCAN_GAP_MS, text + "\r")
        self._rest(len(text) * SCAN_GAP_MS)

    def click(self, x: int, y: int) -> None:
        """Touch the screen there."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self._display, kind, LEFT_BUTTON)
        self._display.sync()

    def popup(self) -> tuple[int, int, int, int] | None:
        """Return where the uppermost window is that no window manager frames: x, y, width, height."""
        for window in reversed(self._root.query_tree().children):
            attributes, place = window.get_attributes(), window.get_geometry()
            # The window manager has such windows too, of one pixel.
            if attributes.override_redirect and attributes.map_state == X.IsViewable and place.width > 1:
                return place.x, place.y, place.width, place.height
        return None

    def picture(self, file: Path) -> None:
        """Keep what the screen shows."""
        size = self._root.get_geometry()
        pixels = self._root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
        QImage(pixels.data, size.width, size.height, QImage.Format.Format_RGB32).save(str(file))

    def close(self) -> None:
        """Leave the display."""
        self._scanner.close()
        self._display.close()

    @staticmethod
    def _rest(milliseconds: int) -> None:
        """Wait until the server has let the last key go: it keeps the pauses, and tells nobody when they are over."""
        time.sleep(milliseconds / 1000)
