"""Versions: the one order in which changes are fed.

A version is given out inside the transaction that makes the change, and its counter's row is locked
until that ends, so no change becomes visible behind a version that was already read.
"""

import secrets
from collections.abc import Mapping

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F

from headoffice.feeds.models import FeedVersion, Life

MEMBERS = "members"
SHELF = "shelf"
BLOCKS = "blocks"
STAFF = "staff"
ANSWERS = "answers"
MOST_IDS = 10_000
"""Of one question: SQLite takes 32 766 parameters."""


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


def begin_life() -> None:
    """Begin another life: head office starts, or its database was away, and may be an older backup of itself.

    The counters are written, not only locked: of two that begin one at a time, PostgreSQL refuses
    the one that does not see the other's, and it is asked again.
    """
    with transaction.atomic():
        FeedVersion.objects.update(version=F("version"))
        last = Life.objects.order_by("-number").first()
        Life.objects.create(
            number=last.number + 1 if last else 1, name=secrets.token_hex(16),
            since={each.feed: each.version for each in FeedVersion.objects.all()})


def life() -> str:
    """Return the name of the present life, "" before the first."""
    last = Life.objects.order_by("-number").first()
    return last.name if last else ""


def is_known(feed: str, version: int, of_life: str) -> bool:
    """Return whether a station that has all up to ``version`` of a life has nothing that head office does not know.

    To be called where the books are seen in one state. A restored head office meets versions of a
    future that it lost. From then on, in another life, it gives out only higher ones, so that they
    never fall for any station.
    """
    at, _ = FeedVersion.objects.get_or_create(feed=feed, defaults={"version": 0})
    if version > at.version:
        begin_life()
        FeedVersion.objects.filter(feed=feed).update(version=version)
    return _was_given(feed, version, of_life)


def _was_given(feed: str, version: int, of_life: str) -> bool:
    """Return whether ``version`` was given out in the life of that name, or before it."""
    mine = Life.objects.filter(name=of_life).first()
    if mine is None and of_life:
        return False
    following = Life.objects.filter(number__gt=mine.number if mine else 0).order_by("number").first()
    return following is None or version <= following.since.get(feed, 0)


def members_changed(cursor: CursorWrapper, visits: Mapping[str, str]) -> set[str]:
    """Put the members on top of their feed; the value is the day of a visit, or "" for none.

    Returns which of the ids the register knows.
    """
    known: dict[str, str] = {}
    ids = sorted(visits)
    for start in range(0, len(ids), MOST_IDS):
        part = ids[start:start + MOST_IDS]
        cursor.execute(
            f"SELECT id, last_visit FROM register_member WHERE id IN ({', '.join(['%s'] * len(part))})", part)  # noqa: S608 - places alone
        known.update(cursor.fetchall())
    if known:
        cursor.executemany("UPDATE register_member SET version = %s, last_visit = %s WHERE id = %s", [
            (version, max(last, visits[member]), member)
            for version, (member, last) in zip(take(cursor, MEMBERS, len(known)), sorted(known.items()), strict=True)])
    return known.keys() & visits.keys()
