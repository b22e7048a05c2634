"""The block list: every card that was ever not active, of all members, in the order of the last change.

It is small and comes down first and whole, also to stations that keep only a part of the members.
"""

from headoffice.clock import now_us
from headoffice.feeds.paging import PAGE, listed
from headoffice.feeds.versions import BLOCKS
from headoffice.register.models import Card
from headoffice.transactions import one_state
from station.card import CardStatus
from sync.wire_feeds import BlocksPage, CardChange


def page(cursor: str, size: int = PAGE) -> BlocksPage:
    """Return at most ``size`` cards after ``cursor``; as ``headoffice.feeds.paging.listed``."""
    with one_state():
        found = listed(BLOCKS, Card.objects.all(), "block_version", cursor, size)
    return BlocksPage(
        cursor=found.cursor, more=found.more, version=found.version, taken_us=now_us(),
        changes=tuple(
            CardChange(hash=row.hash, member_id=row.member, status=CardStatus(row.status)) for row in found.rows))
