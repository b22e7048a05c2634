"""Returns of another station's sale that are not as they should be, and sales of copied journals: posted, flagged, named as they lie here."""

import base64
from dataclasses import replace
from typing import Any, cast

import msgspec
import pytest

from headoffice.console.models import DifferenceRow
from headoffice.intake.models import Incarnation, Quarantine
from headoffice.ledger.lines import Lines
from headoffice.returns.models import Turn
from station.errors import ErrorCode
from station.journal import Body, Entry, EntryKind, Position, receipt_number
from station.past_sale import read_receipt
from station.pricing import Engine
from station.returns import NOTHING, reversals, take_back, taxes_back
from station.sale import Elsewhere, ReturnedLine, Sale
from station.sale import SaleReturn as Back
from station.tender import Tender
from sync.wire_returns import ReturnTold
from tests.fakes import NOON
from tests.headoffice.test_at_the_counter import WHO
from tests.headoffice.test_intake_branches import Two, two
from tests.headoffice.test_returns import BACK, RULES, forge
from tests.headoffice.test_turns import ID, OTHER, Counter, asked, club, refused

__all__ = ["club", "two"]
"""Fixtures."""


def returned(sale: Entry[Sale], **facts: Any) -> Back:
    """An honest return of one piece of ``sale``, as another station could book it."""
    due = take_back(Engine(RULES), sale.body, (ReturnedLine(1, 1000),))
    back = Back(
        OTHER, sale.body.sale_id, sale.incarnation, sale.seq, NOON.date, 1, WHO, (ReturnedLine(1, 1000),), due.money,
        tuple(Tender(each.kind, amount, account=each.account) for each, amount in zip(sale.body.tenders, due.tenders, strict=True)),
        taxes_back(sale.body, (), due.remains), (), (), elsewhere=Elsewhere(sale.station, "12-1-000003-AB12", sale.body))
    points = tuple(reversals(OTHER, sale.body, NOTHING, due))
    return replace(back, points=points, **facts)


def test_a_forged_return_of_anothers_sale_is_posted_and_flagged_with_that_sale(club: tuple[Counter, Counter]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(2)
    ours.send()
    theirs.send()
    entry = ours.journal.sale(sold.place)
    forged = returned(entry, money=1)
    seq = forge(theirs, forged)
    unknown = forge(theirs, replace(
        forged, return_id=ID, points=(), elsewhere=Elsewhere("12-2", "12-2-000003-AB12", entry.body)))
    assert list(DifferenceRow.objects.order_by("seq").values_list("seq", "breach", "sale")) == [
        (seq, "RETURN", f"12-1/{sold.sale.sale_id}"), (unknown, "SALE_UNKNOWN", "")]
    # a sale cannot be gone over from what was tampered with
    tampered = forge(theirs, replace(returned(entry), return_id="01900000-0000-7000-8000-000000000003", tenders=(), points=()))
    assert tampered
    with refused(ErrorCode.ANSWER_INVALID):
        ours.returning.open(sold.place)
    assert not Turn.objects.exists()


@pytest.mark.parametrize("elsewhere", [
    {"station": "s" * 25}, {"receipt": "r" * 101}])
def test_names_no_station_can_have_are_set_aside(club: tuple[Counter, Counter], elsewhere: dict[str, Any]) -> None:
    ours, theirs = club
    sold = ours.sell_pieces(2)
    ours.send()
    theirs.send()
    back = returned(ours.journal.sale(sold.place))
    assert back.elsewhere
    seq = forge(theirs, replace(back, elsewhere=replace(back.elsewhere, **elsewhere)))
    assert [each.seq for each in Quarantine.objects.all()] == [seq]
    assert "longer than" in Quarantine.objects.get().reason


def test_of_a_copied_journal_the_sale_is_named_as_it_is_posted(two: Two) -> None:
    """Both copies printed the same number: the latest is meant, or the one whose id is known."""
    branch = two.second
    two.put(branch, branch.base + 1, len(branch.raws))
    seq = branch.base + 1
    row = Incarnation.objects.get(incarnation=branch.incarnation)
    raw = branch.raws[seq - 1]
    sold = msgspec.json.decode(raw, type=Entry[Sale])
    receipt = read_receipt(receipt_number("12-1", Position(sold.incarnation, seq)))
    assert receipt
    assert row.origin == sold.incarnation != row.incarnation
    told = asked(two.till, receipt, sale_id=sold.body.sale_id).read(ReturnTold)
    assert (told.incarnation, base64.b64decode(told.entry)) == (branch.incarnation, raw)


def test_a_return_of_a_sale_elsewhere_is_not_looked_for_in_the_own_past(two: Two) -> None:
    """It names the sale as it is posted already; a return of the own journal is followed back to the copy that sold."""
    branch = two.second
    two.put(branch, branch.base + 1, len(branch.raws))
    sold = msgspec.json.decode(branch.raws[branch.base], type=Entry[Sale])
    ours = replace(BACK, incarnation=sold.incarnation, seq=sold.seq)
    back = replace(ours, elsewhere=Elsewhere("12-1", "12-1-000003-AB12", sold.body))
    entry = cast("Entry[Body]", sold)
    posted = Lines("12-1").posted(branch.incarnation, [
        replace(entry, kind=EntryKind.RETURN, body=body, seq=sold.seq + 1) for body in (back, ours)])
    assert [each.body.incarnation for each in posted if each and isinstance(each.body, Back)] == [
        sold.incarnation, branch.incarnation]
