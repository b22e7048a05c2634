"""Head office as the station asks it what it put aside, and to try one entry again."""

from typing import Protocol

from station.errors import ErrorCode, StationError
from station.put_aside import AsideBook, PutAside
from sync.wire_aside import AsideList, Retried, RetryAsked


class AsideOffice(Protocol):
    """The part of head office that tells what it put aside."""

    def put_aside(self) -> AsideList:
        """Return what stands aside of this station's journals."""
        ...


class RetryOffice(Protocol):
    """The part of head office that tries again."""

    def retry(self, asked: RetryAsked) -> Retried | None:
        """Try an entry again; None when it does not stand aside (any more)."""
        ...


def aside_step(book: AsideBook, office: AsideOffice) -> bool:
    """Keep what stands aside now. Returns False: nothing waits after it. Raises ``StationError`` 4xx or 5xx."""
    told = office.put_aside()
    book.replace([PutAside(each.incarnation, each.seq, each.reason, each.code) for each in told.entries])
    return False


class Retrying:
    """Asks for one entry at a time, at once, and keeps what became of it."""

    def __init__(self, book: AsideBook, office: RetryOffice) -> None:
        """Ask ``office``, whose answers are awaited briefly."""
        self._book = book
        self._office = office

    def again(self, incarnation: str, seq: int) -> None:
        """Have an entry tried again. Raises ``StationError`` STILL_ASIDE (``reason``) when it stays, 4xx or 5xx."""
        tried = self._office.retry(RetryAsked(incarnation=incarnation, seq=seq))
        reason = tried.reason if tried else ""
        self._book.settled(incarnation, seq, reason)
        if reason:
            raise StationError(ErrorCode.STILL_ASIDE, reason=reason)
