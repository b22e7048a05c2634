"""A typing reader made of software: the program that presses keys.

Keys are synthesised by the XTEST extension, so that they come to the program under test as a
keyboard's do. Like every wedge reader it plays a US keyboard: which key types what it asks the X
server when it starts, while the layout is still US. The X server itself keeps the time between
keys, so that a busy machine does not stretch a burst.

Run ``python tests/rigs/wedge.py --display :99`` and write commands to its standard input, one a
line; each is answered by ``ok`` when the last key is done::

    type <gap> <hex>    press the keys of these ASCII characters, each ``gap`` ms after the last
    pause <ms>          let the next key wait
    quit                end (so does the end of the input)
"""

import argparse
import sys

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest


class Keys:
    """The keyboard that is played."""

    def __init__(self, name: str) -> None:
        """Learn the US layout of the display called ``name``."""
        self._display = Display(name)
        self._shift = self._display.keysym_to_keycode(XK.XK_Shift_L)
        special = {"\r": XK.XK_Return, "\t": XK.XK_Tab, "\b": XK.XK_BackSpace}
        self._keys = {
            chr(code): self._key(special.get(chr(code), code)) for code in (*range(0x20, 0x7F), *map(ord, special))}
        self._pause_ms = 0

    def _key(self, symbol: int) -> tuple[int, bool]:
        """Return the key and whether Shift is held with it."""
        return min((code, bool(level)) for code, level in self._display.keysym_to_keycodes(symbol) if level < 2)

    def pause(self, milliseconds: int) -> None:
        """Let the next key wait."""
        self._pause_ms = milliseconds

    def type(self, gap_ms: int, text: str) -> None:
        """Press and release the keys of ``text``; done when the last one is."""
        wait_ms = self._pause_ms
        for code, shift in map(self._keys.__getitem__, text):
            if shift:
                self._input(X.KeyPress, self._shift, wait_ms)
            self._input(X.KeyPress, code, 0 if shift else wait_ms)
            self._input(X.KeyRelease, code, 0)
            if shift:
                self._input(X.KeyRelease, self._shift, 0)
            wait_ms = gap_ms
        self._pause_ms = 0
        self._display.sync()

    def close(self) -> None:
        """Leave the display."""
        self._display.close()

    def _input(self, kind: int, code: int, delay_ms: int) -> None:
        xtest.fake_input(self._display, kind, code, delay_ms)


def main() -> None:
    """Obey standard input until ``quit`` or its end."""
    parser = argparse.ArgumentParser(description="A software wedge reader on an X display.")
    parser.add_argument("--display", required=True)
    keys = Keys(parser.parse_args().display)
    for line in sys.stdin:
        match line.split():
            case ["type", gap_ms, text]:
                keys.type(int(gap_ms), bytes.fromhex(text).decode("ascii"))
            case ["pause", milliseconds]:
                keys.pause(int(milliseconds))
            case ["quit"]:
                return
        sys.stdout.write("ok\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
