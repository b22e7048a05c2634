"""Which tools the counter has: one line for each, given what the program around the window has."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.printers.queue import PrintQueue
from station.counter import Counter, World
from ui.format import Format
from ui.presenters.at_till import AtTill
from ui.qt.tool import Maker
from ui.text import Words
from ui.wiring import Home, Memory, Paired


@dataclass(frozen=True, slots=True)
class Parts:
    """What tools are made of, beside the till that the window gives them.

    ``printer`` returns the print queue, which starts after the window was made; ``wake`` tells the sync that
    there is something to send; ``speak`` returns the present language; ``home`` is None in programs
    without a folder of their own.
    """

    counter: Counter
    world: World
    memory: Memory
    at_till: AtTill
    paired: Paired
    home: Home | None
    printer: Callable[[], PrintQueue]
    wake: Callable[[], None]
    speak: Callable[[], tuple[Words, Format]]


def toolbox(parts: Parts) -> tuple[Maker, ...]:  # noqa: ARG001 - the first tool uses it
    """Return the makers of all tools, in the order of their keys."""
    return ()
