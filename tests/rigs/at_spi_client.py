"""What a screen reader hears of a program: for ``accessible.Listener``. Runs under Debian's own Python, which has pyatspi.

Commands on standard input, one a line, each answered by one line of JSON: ``tree <application>`` (nested
``[role, name, children]`` of what is showing), ``table <application>`` (the first table as rows, its heads first),
``press <application>/<words>`` (presses the showing button whose name begins so), ``focus <application>`` (role and
name of what has the focus in the active window), ``screen <application>`` (what is showing, as a flat list of
``[role, name, text, [x, y, width, height], [state, ...]]``: where on the screen, and whether it has the focus, is enabled,
checked, chosen).
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pyatspi
from gi.repository import GLib  # type: ignore[import-not-found] # Debian's own, as pyatspi

DEEPEST = 40
STATES = {
    "focused": pyatspi.STATE_FOCUSED, "enabled": pyatspi.STATE_ENABLED, "checked": pyatspi.STATE_CHECKED,
    "selected": pyatspi.STATE_SELECTED, "active": pyatspi.STATE_ACTIVE}
WRITTEN = {pyatspi.ROLE_TEXT, pyatspi.ROLE_ENTRY}


def application(name: str) -> Any:
    desktop = pyatspi.Registry.getDesktop(0)
    return next((each for each in desktop if each is not None and each.name == name), None)


def showing(node: Any) -> bool:
    return bool(node.getState().contains(pyatspi.STATE_SHOWING))


def tree(node: Any, depth: int = 0) -> list[Any]:
    children = [tree(each, depth + 1) for each in node if each is not None and showing(each)] if depth < DEEPEST else []
    return [node.getRoleName(), node.name, children]


def walk(node: Any, wanted: Callable[[Any], bool], depth: int = 0) -> Iterator[Any]:
    for each in node if depth < DEEPEST else ():
        if each is not None:
            if showing(each) and wanted(each):
                yield each
            yield from walk(each, wanted, depth + 1)


def table(root: Any) -> list[list[str]]:
    found = next(walk(root, lambda each: each.getRole() == pyatspi.ROLE_TABLE)).queryTable()
    columns = range(found.nColumns)
    heads = [found.getColumnHeader(column).name for column in columns]
    return [heads] + [[found.getAccessibleAt(row, column).name for column in columns] for row in range(found.nRows)]


def press(root: Any, words: str) -> str:
    button = next(walk(root, lambda each: each.getRole() == pyatspi.ROLE_PUSH_BUTTON and each.name.startswith(words)))
    actions = button.queryAction()
    names = [actions.getName(place).casefold() for place in range(actions.nActions)]
    actions.doAction(names.index("press"))
    return str(button.name)


def focus(root: Any) -> list[str]:
    window = next(each for each in root if each is not None and each.getState().contains(pyatspi.STATE_ACTIVE))
    found = next(walk(window, lambda each: each.getState().contains(pyatspi.STATE_FOCUSED)), None)
    return [found.getRoleName(), found.name] if found is not None else []


def screen(root: Any) -> list[Any]:
    """Tell of all windows, the one that takes the keys last: it lies over the others."""
    windows = [each for each in root if each is not None and showing(each)]
    windows.sort(key=lambda each: bool(each.getState().contains(pyatspi.STATE_ACTIVE)))
    return [told(each) for window in windows for each in (window, *shown(window))]


def shown(node: Any, depth: int = 0) -> Iterator[Any]:
    """Walk over what shows below ``node``; the cells of a hidden table say that they do, so the way down counts."""
    for each in node if depth < DEEPEST else ():
        if each is not None and showing(each):
            yield each
            yield from shown(each, depth + 1)


def told(node: Any) -> list[Any]:
    states = node.getState()
    held = [name for name, state in STATES.items() if states.contains(state)]
    box, written = (0, 0, 0, 0), ""
    # A row of a list may be without a place of its own.
    with suppress(NotImplementedError):
        found = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        box = found.x, found.y, found.width, found.height
    if node.getRole() in WRITTEN:
        text = node.queryText()
        written = text.getText(0, text.characterCount)
    return [node.getRoleName(), node.name, written, box, held]


def obey(command: str, rest: str) -> Any:
    name, _, words = rest.partition("/")
    root = application(name)
    if root is None:
        return None
    if command == "press":
        return press(root, words)
    asked: dict[str, Callable[[Any], Any]] = {"tree": tree, "table": table, "focus": focus, "screen": screen}
    return asked[command](root)


def main() -> None:
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        try:
            answer = obey(command, rest)
        # What is drawn anew while it is walked over is asked for once more.
        except (LookupError, StopIteration, AttributeError, NotImplementedError, GLib.GError) as fault:
            answer = {"fault": repr(fault)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
