"""A new member: what the journal says of the enrolment, and what is personal of it and stays erasable beside the chain.

Requirements: a card is bound to the member, admission is a rule, SMS only where it was asked for,
growth by referral, tastes and area of residence are known.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from station.bonus import Birth
from station.card import CardStatus, Medium
from station.card_life import CardChanged, CardDeed, CardIssued, check_hash, deeds_of
from station.member import Member
from station.phone import phone_number
from station.telling import MOST_EMAIL, birth_read, birth_said, text_read
from station.told import Consent, check_codes

MOST_NAME = 100
MOST_RECEIPTS = 100


@dataclass(frozen=True, slots=True)
class Admitted:
    """What admitted the member: the figures of ``station.admission.Applicant``, judged by rule pack ``pack``.

    ``receipts`` are the numbers of those that showed what was ``spent`` before.
    """

    pack: int
    purchase: int = 0
    spent: int = 0
    visits: int = 0
    fee_paid: int = 0
    receipts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without a pack, on a negative figure, or for too many receipts."""
        figures = (self.purchase, self.spent, self.visits, self.fee_paid)
        if self.pack < 1 or min(figures) < 0 or len(self.receipts) > MOST_RECEIPTS:
            message = f"admitted by pack {self.pack}: expected a pack and figures that are not negative"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class MemberEnrolled:
    """Body of the entry by which somebody becomes member ``member_id``, on ``tier`` ("": a club without).

    ``card`` is the look-up hash of the first card, with its ``medium``; None for none yet.
    ``referrer`` is the member who invited them, "" for nobody; ``tastes`` and ``area`` are codes of
    the rule pack's texts. Names, phone and birthday are in the ``Person`` that the entry commits to.
    """

    member_id: str
    tier: str
    admitted: Admitted
    card: int | None = None
    medium: Medium | None = None
    consents: tuple[Consent, ...] = ()
    referrer: str = ""
    tastes: tuple[str, ...] = ()
    area: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for nobody, a member who invited himself, half a card, or too many codes."""
        if self.card is not None:
            check_hash(self.card)
        check_codes(self.tastes, self.area)
        agreed = {each.agreement for each in self.consents}
        if (not self.member_id or self.referrer == self.member_id or (self.card is None) != (self.medium is None)
                or len(agreed) != len(self.consents)):
            message = "a new member has an id, was invited by somebody else if by anybody, and agrees to each thing once"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Person:
    """Who the new member is. ``phone`` is as ``station.phone`` keeps it. All of it stays out of ``repr``."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(default="", repr=False)
    birth: Birth | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a phone that is kept otherwise, or a text that is too long."""
        if self.phone != phone_number(self.phone) or len(self.name) > MOST_NAME or len(self.email) > MOST_EMAIL:
            message = "a person has a phone in the form that is kept, and texts within bounds"
            raise ValueError(message)


def document(person: Person) -> bytes:
    """Return ``person`` as the JSON that an entry commits to (``Entry.personal``)."""
    said = {"name": person.name, "phone": person.phone, "email": person.email, "birth": birth_said(person.birth)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def read_person(raw: bytes) -> Person:
    """Return the person in the JSON ``raw``. Raises ``ValueError``, which names no value, when it is none."""
    try:
        said: dict[str, Any] = json.loads(raw)
        return Person(text_read(said["name"]), text_read(said["phone"]), text_read(said["email"]), birth_read(said["birth"]))
    except (ValueError, TypeError, LookupError, RecursionError):
        message = "what is kept of the person is not in the form of a person"
        raise ValueError(message) from None


def new_member(body: MemberEnrolled, person: Person | None) -> Member:
    """Return the member of an enrolment; ``person`` is None once that was erased."""
    return Member(
        body.member_id, person.name if person else "", person.phone if person else "", body.tier, 0,
        birth=person.birth if person else None)


CardBody = CardIssued | CardChanged | MemberEnrolled


def card_deeds(body: CardBody) -> tuple[CardDeed, ...]:
    """Return what an entry does to cards: also the first card of a new member is given out."""
    if not isinstance(body, MemberEnrolled):
        return deeds_of(body)
    return () if body.card is None else (CardDeed(body.card, body.member_id, CardStatus.ACTIVE, holder=""),)
