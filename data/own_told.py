"""What members told at this station about themselves, and were told, until the member book from head office counts it.

The rows follow from the journal (``data.derived``); a birthday lies in the table ``personal`` alone,
so one that was erased there is as if it had not been told.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from data.database import Database, Row
from data.member_rows import agreements_read, agreements_stored
from data.own_sales import Range
from station.enrolling import MemberEnrolled
from station.member import Member
from station.telling import MemberTold, read_beside

_TOLD = (
    "SELECT place, tastes, area, given, withdrawn, birth, document FROM own_told LEFT JOIN personal USING (place)"
    " WHERE member_id = ? ORDER BY place")
_SHOWN = "SELECT place FROM own_answer WHERE ask_id = ?"


def told_row(body: MemberTold | MemberEnrolled, place: int) -> Row:
    """Return the row of ``own_told`` that an entry makes: an enrolment tells everything."""
    if isinstance(body, MemberEnrolled):
        given = agreements_stored(each.agreement for each in body.consents)
        return place, body.member_id, json.dumps(body.tastes), body.area, given, 0, 1
    return (
        place, body.member_id, None if body.tastes is None else json.dumps(body.tastes), body.area,
        agreements_stored(each.agreement for each in body.given),
        agreements_stored(each.agreement for each in body.withdrawn), int(body.birth))


def with_told(database: Database, ranges: Callable[[], Sequence[Range]], member: Member) -> Member:
    """Return ``member`` with what they told in the places of ``ranges``, in order, and without the answers they were shown there."""
    rows = database.rows(_TOLD, (member.member_id,))
    shown = {ask_id: database.rows(_SHOWN, (ask_id,)) for ask_id in member.answers}
    counted = ranges() if rows or any(shown.values()) else ()

    def is_here(place: int) -> bool:
        return any(after < place and (through is None or place <= through) for after, through in counted)

    for place, tastes, area, given, withdrawn, birth, kept in rows:
        if is_here(place):
            told = member.told.after(
                None if tastes is None else tuple(json.loads(tastes)), area, agreements_read(given), agreements_read(withdrawn))
            member = replace(member, told=told, birth=read_beside(kept).birth if birth and kept else member.birth)
    left = tuple(ask_id for ask_id, places in shown.items() if not any(is_here(place) for (place,) in places))
    return replace(member, answers=left) if left != member.answers else member
