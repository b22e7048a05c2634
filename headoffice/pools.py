"""The kinds of request, and how many of each one process takes at once."""

from collections.abc import Mapping
from enum import StrEnum

from sync import wire, wire_card_service, wire_returns, wire_spending
from sync.wire import API


class Pool(StrEnum):
    """A kind of request, with permits of its own."""

    UPLOADS = "uploads"
    SPENDING = "spending"
    CARDS = "cards"
    FEEDS = "feeds"
    CONSOLE = "console"


PERMITS: Mapping[Pool, int] = {Pool.UPLOADS: 8, Pool.SPENDING: 8, Pool.CARDS: 4, Pool.FEEDS: 8, Pool.CONSOLE: 8}
SPARE_THREADS = 4
THREADS = sum(PERMITS.values()) + SPARE_THREADS
RETRY_AFTER_S: Mapping[Pool, int] = {Pool.UPLOADS: 10, Pool.SPENDING: 1, Pool.CARDS: 1, Pool.FEEDS: 10, Pool.CONSOLE: 2}
"""What is said on average: from 1 to twice that, by chance, so that not all who are told come back at once."""

WATCHED = ("/healthz", "/readyz", "/metrics")
_POOLS = (
    (wire.JOURNAL_PATH, Pool.UPLOADS), (wire.HELLO_PATH, Pool.UPLOADS),
    (wire_spending.RESERVE_PATH.rpartition("/")[0], Pool.SPENDING),
    (wire_spending.ASK_PATH.rpartition("/")[0], Pool.SPENDING),
    (wire_returns.ASK_PATH.rpartition("/")[0], Pool.SPENDING),
    (wire_card_service.BEGIN_PATH.rpartition("/")[0], Pool.CARDS), (wire_card_service.SUN_PATH, Pool.CARDS),
    (wire_card_service.RECORD_PATH, Pool.CARDS),
    (API, Pool.FEEDS), ("", Pool.CONSOLE))


def pool_of(path: str) -> Pool | None:
    """Return the pool of a request for ``path``; None for those by which head office is watched."""
    if path in WATCHED:
        return None
    return next(pool for prefix, pool in _POOLS if path.startswith(prefix))
