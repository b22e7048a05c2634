"""The ways the counter can look, and what they are called. No Qt."""

from ui.format import Unit
from ui.text import mark

THEME_NAMES = {"light": mark("Light colours"), "dark": mark("Dark colours"), "high": mark("High contrast")}
SIZE_NAMES = {100: mark("Usual size"), 110: mark("A little larger, 110 %"), 125: mark("Larger, 125 %"), 150: mark("Largest, 150 %")}
UNIT_NAMES = {Unit.TOMAN: mark("Money in toman"), Unit.RIAL: mark("Money in rial")}
MOTION_NAMES = {True: mark("With movement"), False: mark("Without movement")}
