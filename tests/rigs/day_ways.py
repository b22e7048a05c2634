"""Two ways to work at the counter: by keyboard alone, and by mouse or finger alone. Scans come from readers in both."""

import time
from typing import Protocol

from station.text import Text
from tests.rigs.day_counter import DayCounter, Seen
from ui.format import Format
from ui.qt.letter_pad import ROWS

MOST_STEPS = 70
NEAR = 20
"""Pixels by which the middles of keys in one column, or in one row, may differ."""


class Way(Protocol):
    """How a person works; ``counter`` is what there is to be worked at. Names are msgids, or texts of the demo's own."""

    counter: DayCounter

    def type(self, text: str, pad: str = "") -> None:
        """Enter figures where they are expected now; ``pad`` is the button behind which a finger finds the digits."""
        ...

    def name(self, text: Text) -> None:
        """Enter a name into the next field."""
        ...

    def go_to(self, field: str) -> None:
        """Let the field called ``field`` be typed into."""
        ...

    def do(self, entry: str, key: str = "") -> None:
        """Do what stands in the menu as ``entry``, and is on ``key`` too."""
        ...

    def choose(self, name: str | Text) -> None:
        """Press a button or tick a box that shows."""
        ...

    def pick(self, name: str | Text) -> None:
        """Choose one of several, by which nothing is done yet."""
        ...

    def part(self, name: str) -> None:
        """Turn to the part of a page that is called ``name``; the keys are where the parts are chosen."""
        ...

    def turn_to(self, button: str, key: str) -> None:
        """Press a button that has a ``key`` of its own."""
        ...

    def remove(self) -> None:
        """Take the last line out of the basket."""
        ...

    def one_more(self) -> None:
        """Choose one piece of the line in hand."""
        ...

    def end_count(self, field: str) -> None:
        """Go where a count is handed in: its last ``field``."""
        ...

    def finish(self, button: str) -> None:
        """Go through all that is left to be filled in, and do it."""
        ...

    def enter(self, button: str) -> None:
        """Go on: Enter, or the button that says so."""
        ...

    def back(self, button: str = "Back") -> None:
        """Go one step back: Escape, or the button that says so."""
        ...

    def leave(self) -> None:
        """Close the program's window."""
        ...


class ByKeyboard:
    """Tab, arrows, Enter, Escape, Space, figures and the keys of the counter; never a letter but in a name."""

    def __init__(self, counter: DayCounter) -> None:
        """Work at ``counter``."""
        self.counter = counter

    def type(self, text: str, pad: str = "") -> None:
        """Type."""
        del pad
        self.counter.hands.type(text)

    def name(self, text: Text) -> None:
        """Go on to the next field and type: whatever these keys mean in the layout."""
        self.counter.hands.press("Return")
        self.counter.hands.type(text.en)

    def go_to(self, field: str) -> None:
        """Tab to it."""
        self._step_to(field, "Tab")

    def do(self, entry: str, key: str = "") -> None:
        """Press the key, or choose in the menu with the arrows."""
        if key:
            self.counter.hands.press(key)
            return
        self.counter.hands.press("F10")
        self.counter.until(lambda: self.counter.found(entry) is not None, f"{entry!r} in the menu")
        for _ in range(MOST_STEPS):
            held, wanted = self.counter.focus(), self.counter.found(entry)
            if held is None or wanted is None:
                continue
            if held.name == wanted.name:
                self.counter.hands.press("Return")
                return
            self.counter.hands.press(_arrow(held, wanted))
            self.counter.rest(lambda held=held: (now := self.counter.focus()) is not None and now.name != held.name)  # type: ignore[misc]
        self.counter.stuck(f"{entry!r} is not reached by the arrows")

    def choose(self, name: str | Text) -> None:
        """Tab to it and press Space."""
        self._step_to(name, "Tab")
        self.counter.hands.press("Space")

    def pick(self, name: str | Text) -> None:
        """Go through them with the arrow."""
        for _ in range(MOST_STEPS):
            if self._is_chosen(name):
                return
            self.counter.hands.press("Down")
            self.counter.rest(lambda: self._is_chosen(name))
        self.counter.stuck(f"{name!r} is not chosen by the arrow")

    def part(self, name: str) -> None:
        """Go to it with the arrows."""
        for _ in range(MOST_STEPS):
            held, wanted = self.counter.focus(), self.counter.found(name)
            if self._is_chosen(name):
                return
            if held and wanted:
                self.counter.hands.press(_arrow(held, wanted))
                self.counter.rest(lambda held=held: self.counter.focus() != held)  # type: ignore[misc]
        self.counter.stuck(f"{name!r} is not turned to by the arrows")

    def _is_chosen(self, name: str | Text) -> bool:
        found = self.counter.found(name)
        return found is not None and "checked" in found.states

    def turn_to(self, button: str, key: str) -> None:
        """Press its key."""
        del button
        self.counter.hands.press(key)

    def remove(self) -> None:
        """Press Delete."""
        self.counter.hands.press("Delete")

    def one_more(self) -> None:
        """Press plus."""
        self.counter.hands.press("+")

    def end_count(self, field: str) -> None:
        """Go up past the first field, to the last."""
        self._step_to(field, "Up")

    def finish(self, button: str) -> None:
        """Press Enter, which goes to the button, and there again."""
        self.counter.hands.press("Return")
        self.counter.until(lambda: (held := self.counter.focus()) is not None and self.counter.is_called(held, button), button)
        self.counter.hands.press("Return")

    def enter(self, button: str) -> None:
        """Press Enter."""
        del button
        self.counter.hands.press("Return")

    def back(self, button: str = "Back") -> None:
        """Press Escape."""
        del button
        self.counter.hands.press("Esc")

    def leave(self) -> None:
        """Press what every desktop closes windows with."""
        self.counter.hands.press("Alt+F4")

    def _step_to(self, name: str | Text, key: str) -> None:
        for _ in range(MOST_STEPS):
            held = self.counter.focus()
            if held is not None and self.counter.is_called(held, name):
                return
            self.counter.hands.press(key)
            self.counter.rest(lambda held=held: self.counter.focus() != held)  # type: ignore[misc]
        self.counter.stuck(f"{name!r} is not reached by {key}")


class ByMouse:
    """The pointer and nothing else: the pads on the screen for figures, the menu for everything."""

    def __init__(self, counter: DayCounter) -> None:
        """Work at ``counter``."""
        self.counter = counter

    def type(self, text: str, pad: str = "") -> None:
        """Touch the keys of the pad that shows, or of the one that is opened over the page."""
        style = Format(self.counter.words.language)
        if pad:
            self._touch_keys(pad, text, DIGITS)
            return
        self._touch(*(Text(style.digits(digit), style.digits(digit)) for digit in text))

    def _touch_keys(self, pad: str, text: str, rows: tuple[str, ...], *, has_cross: bool = False) -> None:
        """Touch keys of a popup where eyes find them, in even ``rows``: Qt tells no screen reader of such a window."""
        hands = self.counter.hands
        self._touch(pad)
        self.counter.until(lambda: hands.popup() is not None, "the pad")
        x, y, width, height = hands.popup() or (0, 0, 0, 0)
        for face in text:
            row = next(place for place, each in enumerate(rows) if face in each)
            across, keys = 2 * rows[row].index(face) + 1, 2 * len(rows[row])
            hands.click(x + width * across // keys, y + height * (2 * row + 1) // (2 * len(rows)))
        if has_cross:
            hands.click(x + width - IN_CORNER, y + height - IN_CORNER)
        else:  # a touch beside the pad puts it away
            hands.click(x - MARGIN, y - MARGIN)
        self.counter.until(lambda: hands.popup() is None, "the pad to go")

    def name(self, text: Text) -> None:
        """Touch the letters of the day's language."""
        language = self.counter.words.language
        self._touch_keys("Letters", text.in_language(language), (*ROWS[language], " "), has_cross=True)

    def go_to(self, field: str) -> None:
        """Touch it."""
        self._touch(field)

    def do(self, entry: str, key: str = "") -> None:
        """Touch it in the bar of keys, or in the menu."""
        if key and self.counter.found(entry):
            self._touch(entry)
            return
        self._touch("Menu")
        self._touch(entry)

    def choose(self, name: str | Text) -> None:
        """Touch it."""
        self._touch(name)

    def pick(self, name: str | Text) -> None:
        """Touch it."""
        self._touch(name)

    def part(self, name: str) -> None:
        """Touch it."""
        self._touch(name)

    def turn_to(self, button: str, key: str) -> None:
        """Touch it."""
        del key
        self._touch(button)

    def remove(self) -> None:
        """Touch the button."""
        self._touch("Remove")

    def one_more(self) -> None:
        """Touch the button."""
        self._touch("One more")

    def end_count(self, field: str) -> None:
        """Stay: the button is there all the time."""

    def finish(self, button: str) -> None:
        """Touch the button."""
        self._touch(button)

    def enter(self, button: str) -> None:
        """Touch the button."""
        self._touch(button)

    def back(self, button: str = "Back") -> None:
        """Touch the button."""
        self._touch(button)

    def leave(self) -> None:
        """Touch the cross that the window manager draws."""
        frame = next(each for each in self.counter.screen() if each.role == "frame")
        self.counter.hands.click(frame.box[0] + frame.box[2] - CROSS[0], frame.box[1] - CROSS[1])

    def _touch(self, *names: str | Text) -> None:
        """Touch what is called so, one after the other where all of it shows at once."""
        places = self._places(names)
        for place in places:
            self.counter.hands.click(*place)
            time.sleep(TOUCH_S)

    def _places(self, names: tuple[str | Text, ...]) -> list[tuple[int, int]]:
        """Find where to touch: what has only just opened may move yet, and eyes wait for it."""
        places: list[tuple[int, int]] = []
        before: list[object] = []

        def steady() -> bool:
            screen = self.counter.screen()
            seen = [found for name in names if (found := self.counter.found(name, screen))]
            places[:] = [each.middle for each in seen]
            now = [[each.box for each in screen if each.role in {"frame", "dialog"}], list(places)]
            before[:] = [*(each for each in before if each == now), now]
            return len(before) == LOOKS and len(seen) == len(names)

        self.counter.until(steady, f"{names!r} to touch")
        return places


LOOKS = 2
"""So many times the same is seen before it is touched."""
TOUCH_S = 0.05
MARGIN, IN_CORNER = 4, 32
DIGITS = ("789", "456", "123", "⌫0.")
"""The keys of the pad of digits that opens over a page, row by row."""
CROSS = 11, 9
"""How far the window manager's cross is from the right end of a window's upper edge."""


def _arrow(held: Seen, wanted: Seen) -> str:
    """Return the arrow that leads from one key of the menu towards another."""
    if abs(held.box[0] - wanted.box[0]) > NEAR:
        return "Right" if wanted.box[0] > held.box[0] else "Left"
    return "Down" if wanted.box[1] > held.box[1] else "Up"
