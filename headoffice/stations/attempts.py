"""How often one address may try: a bound on guessing, in the memory of this process."""

import threading
from collections import OrderedDict, deque

MOST_ADDRESSES = 10_000


class Attempts:
    """At most ``most`` attempts of one address in any ``window_s`` seconds."""

    def __init__(self, most: int, window_s: int) -> None:
        self._most = most
        self._window_s = window_s
        self._lock = threading.Lock()
        self._made: OrderedDict[str, deque[int]] = OrderedDict()

    def wait_s(self, address: str, now_s: int) -> int:
        """Count an attempt of ``address`` and return 0, or return after how many seconds it may try again."""
        with self._lock:
            made = self._made.setdefault(address, deque(maxlen=self._most))
            self._made.move_to_end(address)
            if len(self._made) > MOST_ADDRESSES:
                self._made.popitem(last=False)
            if len(made) == self._most and (left := made[0] + self._window_s - now_s) > 0:
                return min(left, self._window_s)
            made.append(now_s)
            return 0
