"""Who became a member at this station, or was taken into a family, until the member book from head office brings them.

The rows follow from the journal (``data.derived``); who it is lies in the table ``personal`` alone,
so somebody who was erased there is a member or holder without a name here as well.
"""

from collections.abc import Sequence

from data.database import Database
from data.own_sales import Range
from station.card_life import Holder, new_holder
from station.enrolling import read_person
from station.member import Member

_ENROLLED = (
    "SELECT member_id, tier, document FROM own_member LEFT JOIN personal USING (place)"
    " WHERE own_member.place > ? AND own_member.place <= coalesce(?, 9223372036854775807) {} ORDER BY own_member.place")
_TAKEN_IN = (
    "SELECT holder_id, document FROM own_holder LEFT JOIN personal USING (place)"
    " WHERE own_holder.place > ? AND own_holder.place <= coalesce(?, 9223372036854775807) AND member_id = ?"
    " ORDER BY own_holder.place")
_ALL, _ONE = _ENROLLED.format(""), _ENROLLED.format("AND member_id = ?")


def enrolled(database: Database, ranges: Sequence[Range], member_id: str | None) -> tuple[Member, ...]:
    """Return who was enrolled in the places of ``ranges``, or (by ``member_id``) that one, in order."""
    return tuple(
        _member(*row) for each in ranges
        for row in (database.rows(_ALL, each) if member_id is None else database.rows(_ONE, (*each, member_id))))


def taken_in(database: Database, ranges: Sequence[Range], member_id: str) -> tuple[Holder, ...]:
    """Return who was taken into the account of a member in the places of ``ranges``, in order."""
    return tuple(
        new_holder(holder_id, read_person(kept).name if kept else "")
        for each in ranges for holder_id, kept in database.rows(_TAKEN_IN, (*each, member_id)))


def _member(member_id: str, tier: str, document: bytes | None) -> Member:
    if document is None:
        return Member(member_id, "", "", tier, 0)
    person = read_person(document)
    return Member(member_id, person.name, person.phone, tier, 0, birth=person.birth)
