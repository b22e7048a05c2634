"""Messages about entries that head office keeps and did not post. As ``sync.wire``.

The station is told which they are and why, and may ask for one to be tried again: for it was put
aside by an older program, or for want of something that head office has meanwhile.
"""

from station.put_aside import AsideCode
from sync.wire import API, Incarnation, Message, Seq

ASIDE_PATH = f"{API}/journal/aside"
RETRY_PATH = f"{API}/journal/aside/retry"
MOST_ASIDE = 500


class AsideEntry(Message, frozen=True, kw_only=True):
    """One of them, in which journal of the station, and the ``reason`` in head office's words."""

    incarnation: Incarnation
    seq: Seq
    code: AsideCode
    reason: str


class AsideList(Message, frozen=True, kw_only=True):
    """All that stand aside of the station's journals, at most 500, in order; ``more``: there are others."""

    entries: tuple[AsideEntry, ...]
    more: bool


class RetryAsked(Message, frozen=True, kw_only=True):
    """Try this entry again."""

    incarnation: Incarnation
    seq: Seq


class Retried(Message, frozen=True, kw_only=True):
    """What became of it: "" it is posted now, else the ``reason`` why it stays aside."""

    reason: str
