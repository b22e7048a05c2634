"""Pages of a feed whose rows carry their version: the same for goods, staff and the block list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec
from django.db.models import Model, QuerySet

from headoffice.feeds.cursor import seal, unseal
from headoffice.feeds.versions import is_known, last_version, life

PAGE = 1000
RowT = TypeVar("RowT", bound=Model)


class FeedPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a station stands: it has all changes up to ``version``, given out in the ``life`` of that name."""

    version: int
    life: str = ""


@dataclass(frozen=True, slots=True)
class Listed(Generic[RowT]):
    """The ``rows`` of a page, where the feed goes on, whether there are ``more``, and the last version given out."""

    rows: list[RowT]
    cursor: str
    more: bool
    version: int


def listed(feed: str, rows: "QuerySet[RowT]", column: str, cursor: str, size: int) -> Listed[RowT]:
    """Return at most ``size`` of ``rows`` after ``cursor`` ("" for the first), in order of their version in ``column``.

    To be called where the books are seen in one state. A cursor from a future that a restored head
    office does not know is answered from the beginning. Raises ``RefusalError`` INVALID on a cursor
    that was not made here for this feed.
    """
    place = unseal(cursor, FeedPlace, feed) if cursor else FeedPlace(0)
    version = place.version if is_known(feed, place.version, place.life) else 0
    following = list(rows.filter(**{f"{column}__gt": version}).order_by(column)[:size + 1])
    page = following[:size]
    reached = getattr(page[-1], column) if page else version
    return Listed(page, seal(FeedPlace(reached, life()), feed), len(following) > size, last_version(feed))
