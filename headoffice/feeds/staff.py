"""The staff feed: who works at a shop, in which role, and with which PIN, in the order of the last change."""

from headoffice.feeds.paging import PAGE, listed
from headoffice.feeds.versions import STAFF
from headoffice.register.models import Staff
from headoffice.transactions import one_state
from station.people import Role
from station.text import Text
from sync.wire_feeds import StaffChange, StaffPage


def page(shop: str, cursor: str, size: int = PAGE) -> StaffPage:
    """Return at most ``size`` changes for ``shop`` after ``cursor``; as ``headoffice.feeds.paging.listed``."""
    with one_state():
        found = listed(STAFF, Staff.objects.all(), "version", cursor, size)
    return StaffPage(
        cursor=found.cursor, more=found.more, version=found.version,
        changes=tuple(_change(row, shop) for row in found.rows))


def _change(row: Staff, shop: str) -> StaffChange:
    """Return ``row`` for ``shop``: of who does not work there, nothing but the id."""
    if row.gone or (row.shops and shop not in row.shops):
        return StaffChange(
            staff_id=row.id, role=None, name=Text("", ""), badge=None, pin="", must_change=False, resets=0, member_id="")
    return StaffChange(
        staff_id=row.id, role=Role(row.role), name=Text(row.name_fa, row.name_en), badge=row.badge, pin=row.pin,
        must_change=row.must_change, resets=row.resets, member_id=row.member)
