"""Admission: whether someone may become a member, as a rule of the pack. Pure.

Requirements: "the club is not for everyone: admission is a rule", "membership rules fixed and
explicit, hard or easy". The answer names every condition that is not met, with its numbers.
"""

from dataclasses import dataclass
from enum import StrEnum

from station.people import Actor, Role
from station.sign_in import reaches

FEE_TAG = "membership-fee"
"""The tag of the good that is the fee: it is sold like any other, and its receipt shows that it was paid."""


class AdmissionCode(StrEnum):
    """Which condition of admission is not met."""

    CLOSED = "CLOSED"
    PURCHASE = "PURCHASE"
    SPENT = "SPENT"
    VISITS = "VISITS"
    REFERRER = "REFERRER"
    FEE = "FEE"
    APPROVAL = "APPROVAL"


@dataclass(frozen=True, slots=True)
class AdmissionPolicy:
    """What a new member must bring. Amounts in minor units; 0 and false ask for nothing.

    ``least_purchase`` is the sale at hand, ``least_spent`` and ``least_visits`` what earlier
    receipts show, ``fee`` what they show as paid for goods tagged ``FEE_TAG``. ``approved_by`` is
    the least role that must agree (None: nobody).
    """

    open: bool = True
    least_purchase: int = 0
    least_spent: int = 0
    least_visits: int = 0
    needs_referrer: bool = False
    fee: int = 0
    approved_by: Role | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative figure."""
        if min(self.least_purchase, self.least_spent, self.least_visits, self.fee) < 0:
            message = "a figure of the admission policy is negative"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Applicant:
    """What someone who asks to be admitted brings."""

    purchase: int = 0
    spent: int = 0
    visits: int = 0
    referred: bool = False
    fee_paid: int = 0
    approver: Actor | None = None


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A condition that is not met: ``have`` where ``need`` is asked (both 0 without figures)."""

    code: AdmissionCode
    have: int = 0
    need: int = 0


def shortcomings(policy: AdmissionPolicy, applicant: Applicant) -> tuple[Shortcoming, ...]:
    """Return why ``applicant`` is not admitted; nothing means admitted."""
    figures = (
        (AdmissionCode.PURCHASE, applicant.purchase, policy.least_purchase),
        (AdmissionCode.SPENT, applicant.spent, policy.least_spent),
        (AdmissionCode.VISITS, applicant.visits, policy.least_visits),
        (AdmissionCode.FEE, applicant.fee_paid, policy.fee))
    found = [] if policy.open else [Shortcoming(AdmissionCode.CLOSED)]
    found += [Shortcoming(code, have, need) for code, have, need in figures if have < need]
    if policy.needs_referrer and not applicant.referred:
        found.append(Shortcoming(AdmissionCode.REFERRER))
    if policy.approved_by and not _may_approve(policy.approved_by, applicant.approver):
        found.append(Shortcoming(AdmissionCode.APPROVAL))
    return tuple(found)


def _may_approve(least: Role, approver: Actor | None) -> bool:
    return approver is not None and reaches(approver.role, least)
