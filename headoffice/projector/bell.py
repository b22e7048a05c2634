"""The bell between the intake and the projector of one process. Between processes the projector's polling stands in."""

import threading

_rung = threading.Event()


def ring() -> None:
    """Tell the projector that there are new entries. Call it once their transaction is committed."""
    _rung.set()


def wait(most_s: float) -> bool:
    """Wait for a ring, at most ``most_s`` seconds; return whether there was one. Rings while nobody waits count as one."""
    rung = _rung.wait(most_s)
    _rung.clear()
    return rung
