"""When Python looks for unreachable objects: between customers, not while one is being served.

A full search walks over all objects that live and stops everything meanwhile: with a large basket that is
several frames, the program's own modules the most of it. They are set aside once; the rest is
searched once a minute, as long as nothing lies in the basket.
"""

import gc
from collections.abc import Callable

PAUSE_S = 60
OFTEN = 700, 10
"""CPython's own thresholds of the two younger generations."""
SELDOM, USUAL = 200, 10
"""So many searches of the middle generation before a full one by itself: as long as a basket is served, as usual."""


class Tidying:
    """``tick`` is called every second on the screen's thread; ``idle`` tells whether nothing lies in the basket."""

    def __init__(self, idle: Callable[[], bool]) -> None:
        """Leave Python as it is until the first idle second."""
        self._idle = idle
        self._since: int | None = None

    def tick(self) -> None:
        """Search if it is time to."""
        if self._since is not None:
            self._since += 1
        if not self._idle() or (self._since is not None and self._since < PAUSE_S):
            return
        if self._since is None:
            gc.unfreeze()
        gc.collect()
        if self._since is None:
            gc.freeze()
            gc.set_threshold(*OFTEN, SELDOM)
        self._since = 0

    @staticmethod
    def close() -> None:
        """Leave it to Python again."""
        gc.unfreeze()
        gc.set_threshold(*OFTEN, USUAL)
