"""Admission: every condition that is not met is named with its figures. Requirement: admission is a rule of the pack."""

from dataclasses import replace

import pytest

from station.admission import AdmissionCode, AdmissionPolicy, Applicant, Shortcoming, shortcomings
from station.people import SYSTEM, Actor, Role

HARD = AdmissionPolicy(
    least_purchase=100, least_spent=500, least_visits=3, needs_referrer=True, fee=50, approved_by=Role.SENIOR)
WORTHY = Applicant(
    purchase=100, spent=500, visits=3, referred=True, fee_paid=50, approver=Actor("mina", Role.SENIOR))


def test_an_open_club_takes_everybody() -> None:
    assert shortcomings(AdmissionPolicy(), Applicant()) == ()


def test_who_brings_exactly_what_is_asked_is_admitted() -> None:
    assert shortcomings(HARD, WORTHY) == ()


@pytest.mark.parametrize(("change", "missing"), [
    ({"purchase": 99}, Shortcoming(AdmissionCode.PURCHASE, 99, 100)),
    ({"spent": 0}, Shortcoming(AdmissionCode.SPENT, 0, 500)),
    ({"visits": 2}, Shortcoming(AdmissionCode.VISITS, 2, 3)),
    ({"fee_paid": 49}, Shortcoming(AdmissionCode.FEE, 49, 50)),
    ({"referred": False}, Shortcoming(AdmissionCode.REFERRER)),
    ({"approver": None}, Shortcoming(AdmissionCode.APPROVAL)),
    ({"approver": Actor("sara", Role.CASHIER)}, Shortcoming(AdmissionCode.APPROVAL)),
    ({"approver": SYSTEM}, Shortcoming(AdmissionCode.APPROVAL)),
])
def test_what_is_missing_is_named(change: dict[str, object], missing: Shortcoming) -> None:
    assert shortcomings(HARD, replace(WORTHY, **change)) == (missing,)  # type: ignore[arg-type] # as named


def test_a_higher_role_may_approve_too() -> None:
    assert shortcomings(HARD, replace(WORTHY, approver=Actor("reza", Role.MANAGER))) == ()


def test_everything_that_is_missing_is_told_at_once() -> None:
    found = [each.code for each in shortcomings(replace(HARD, open=False), Applicant())]
    assert sorted(found) == sorted(AdmissionCode)


def test_a_closed_club_takes_nobody() -> None:
    assert shortcomings(AdmissionPolicy(open=False), WORTHY) == (Shortcoming(AdmissionCode.CLOSED),)


@pytest.mark.parametrize("figure", ["least_purchase", "least_spent", "least_visits", "fee"])
def test_no_figure_is_negative(figure: str) -> None:
    with pytest.raises(ValueError, match="negative"):
        AdmissionPolicy(**{figure: -1})  # type: ignore[arg-type] # as named
