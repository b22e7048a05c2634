"""Sales in which something was proven beside the card: what head office finds of the claim, and what it keeps."""

from dataclasses import replace
from typing import Any

from headoffice.audit.models import Difference
from headoffice.claims import service
from headoffice.claims.models import Claim
from headoffice.clock import MICROSECONDS
from headoffice.projector.rebuild import rebuild
from headoffice.stations.models import Station
from station.step_up import StepUp
from tests.headoffice.shop import Till, member, sale
from tests.headoffice.test_claims import (
    DAY_US,
    FIRST,
    NOBODY,
    NOW,
    PIN,
    THERE,
    answer,
    begin,
    fail,
    pinned,
)

__all__ = ["pinned"]
"""A fixture."""


def proven_claim(at: int = NOW) -> StepUp:
    claim = begin(at=at)
    judged = answer(claim, at=at)
    return StepUp(claim.claim_id, judged.member_id, PIN, at + 1_740 * MICROSECONDS)


def sold(step_up: StepUp, who: int = 0) -> Any:
    """A sale to a member that says what was proven beside the card."""
    made = sale(member(who))
    return replace(made, basket=replace(made.basket, step_up=step_up))


def audit(till: Till, *sales: Any) -> list[tuple[int, str, str]]:
    for each in sales:
        till.journal.append(each)
    till.put(1, len(till.journal.raws))
    return list(Difference.objects.order_by("seq").values_list("seq", "breach", "detail"))


def test_a_sale_with_a_good_claim_is_good_and_stays_so_in_a_rebuild(till: Till) -> None:
    good = sold(proven_claim())
    assert audit(till, good) == []
    assert rebuild().differing == ()
    assert Claim.objects.get().used_seq == 2


def test_claims_that_prove_nothing_for_the_sale_are_flagged(till: Till) -> None:
    once = proven_claim()
    tolerance_us = 600 * MICROSECONDS
    early = proven_claim(NOW + tolerance_us + 1)
    late = proven_claim(NOW - service.PROVEN_US - tolerance_us - 1)
    just = proven_claim(NOW - service.PROVEN_US - tolerance_us)
    opened = StepUp(begin().claim_id, FIRST, PIN, NOW)
    found = audit(
        till, sold(once), sold(once), sold(replace(once, claim_id="made-up")), sold(replace(proven_claim(), member_id="other")),
        sold(proven_claim(), who=1), sold(opened), sold(early), sold(late), sold(just))
    assert [(seq, breach) for seq, breach, _ in found] == [(seq, "CLAIM") for seq in (3, 4, 5, 6, 7, 8, 9)]
    assert found[0][2] == f"entry 2 of {till.journal.incarnation} used it"
    before = list(Difference.objects.order_by("seq").values_list())
    assert rebuild().differing == ()
    assert list(Difference.objects.order_by("seq").values_list()) == before


def test_another_stations_claim_proves_nothing_here(till: Till) -> None:
    Station.objects.create(id=THERE, shop="12", public_key=Till("x").public, paired_us=0)
    claim = begin(station=THERE)
    answer(claim, station=THERE)
    assert [each[2] for each in audit(till, sold(StepUp(claim.claim_id, FIRST, PIN, NOW)))] == ["the claim was never proven"]


def test_the_daily_job_forgets_what_is_over_and_no_claim_that_a_sale_may_still_name(till: Till) -> None:
    opened, proven, used = begin(), proven_claim(), proven_claim()
    audit(till, sold(used))
    fail(3, number=NOBODY)
    assert service.forget_old(NOW + service.OPEN_US) == 0
    assert service.forget_old(NOW + DAY_US) == 5  # the open claim, that of nobody, the counts of two phones and the station
    assert set(Claim.objects.values_list("claim_id", flat=True)) == {proven.claim_id, used.claim_id}
    assert service.forget_old(NOW + service.KEPT_US) == 1
    assert Claim.objects.get().claim_id == used.claim_id
    assert opened.claim_id not in Claim.objects.values_list("claim_id", flat=True)
