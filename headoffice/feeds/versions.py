"""Versions: the one order in which changes are fed.

A version is given out inside the transaction that makes the change, and SQLite has one writer, so
no change becomes visible behind a version that was already read.
"""

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.models import FeedVersion

MEMBERS = "members"
SHELF = "shelf"


def take(cursor: CursorWrapper, feed: str, count: int) -> range:
    """Return the next ``count`` versions of ``feed``."""
    cursor.execute(
        "INSERT INTO feeds_feedversion (feed, version, lost_after, lost_until) VALUES (%s, %s, 0, 0)"
        " ON CONFLICT (feed) DO UPDATE SET version = feeds_feedversion.version + excluded.version"
        " RETURNING version", [feed, count])
    last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def last_version(feed: str) -> int:
    """Return the version given out last in ``feed``, 0 before the first."""
    last = FeedVersion.objects.filter(feed=feed).first()
    return last.version if last else 0


def is_known(feed: str, version: int) -> bool:
    """Return whether a station that has all up to ``version`` has nothing that head office does not know.

    A restored head office meets versions of a future that it lost. From then on it gives out only
    higher ones, so that they never fall for any station, and remembers which were lost.
    """
    at, _ = FeedVersion.objects.get_or_create(feed=feed, defaults={"version": 0})
    if version > at.version:
        at.lost_after = min(at.lost_after or at.version, at.version)
        at.lost_until = at.version = version
        at.save()
    return not at.lost_after < version <= at.lost_until


def members_changed(cursor: CursorWrapper, visits: Mapping[str, str]) -> set[str]:
    """Put the members on top of their feed; the value is the day of a visit, or "" for none.

    Returns which of the ids the register knows.
    """
    known: set[str] = set()
    if visits:
        for version, (member, visit) in zip(take(cursor, MEMBERS, len(visits)), sorted(visits.items()), strict=True):
            cursor.execute(
                "UPDATE register_member SET version = %s, last_visit = max(last_visit, %s) WHERE id = %s",
                [version, visit, member])
            if cursor.rowcount:
                known.add(member)
    return known
