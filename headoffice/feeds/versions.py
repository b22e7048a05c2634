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
        "INSERT INTO feeds_feedversion (feed, version) VALUES (%s, %s)"
        " ON CONFLICT (feed) DO UPDATE SET version = feeds_feedversion.version + excluded.version"
        " RETURNING version", [feed, count])
    last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def last_version(feed: str) -> int:
    """Return the version given out last in ``feed``, 0 before the first."""
    last = FeedVersion.objects.filter(feed=feed).first()
    return last.version if last else 0


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
