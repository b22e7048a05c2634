"""What a key types on a US keyboard, by its scan code, whatever layout the machine is set to.

Keyboard-wedge readers and scanners play a US keyboard. Scan codes here are Linux evdev numbers
(``linux/input-event-codes.h``), which on the main block are those of scan code set 1.
"""

from collections.abc import Iterator

ENTER = "\r"
TAB = "\t"
MODIFIERS = frozenset({29, 42, 54, 56, 58, 69, 70, 97, 100, 125, 126})
"""Control, Shift, Alt and Meta, left and right, and the three locks."""

_X11_OFFSET = 8
_WINDOWS_EXTENDED = {0x11C: 96, 0x135: 98, 0x11D: 97, 0x138: 100, 0x145: 69, 0x15B: 125, 0x15C: 126}
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
_KEYPAD = ((55, "*"), (71, "789-456+1230."), (98, "/"), (96, ENTER))


def _typed() -> Iterator[tuple[tuple[int, bool], str]]:
    for first, plain, shifted in _ROWS:
        for place, pair in enumerate(zip(plain, shifted, strict=True)):
            yield (first + place, False), pair[0]
            yield (first + place, True), pair[1]
    for first, row in _KEYPAD:
        for place, character in enumerate(row):
            yield (first + place, False), character
            # Shift on the keypad undoes Num Lock: no reader means anything by it.
            yield (first + place, True), character
    yield (28, False), ENTER
    yield (15, False), TAB


CHARACTERS = dict(_typed())
"""The ASCII character by (scan code, whether Shift is held); ``ENTER`` and ``TAB`` among them."""


def from_native(code: int, platform: str) -> int:
    """Return the evdev number of Qt's native scan ``code`` on Qt's ``platform`` ("xcb", "windows", …).

    X11 and Wayland count from 8; Windows gives set 1 with bit 8 for extended keys. macOS has no
    scan codes, so there nothing is ever read.
    """
    if platform == "windows":
        return _WINDOWS_EXTENDED.get(code, code)
    return code - _X11_OFFSET
