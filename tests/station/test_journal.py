"""Entries by themselves: chained, numbered on the receipt, and nothing personal in sight."""

import hashlib

import msgspec
import pytest

from station.card import CardStatus, CardTier, Medium, ProofKind
from station.card_life import CardChanged, CardIssued, CardReason, HolderAdded
from station.card_seen import CardSeen
from station.journal import (
    ENTRY_TYPES,
    GENESIS,
    Body,
    Cause,
    Checkpoint,
    Draft,
    Entry,
    EntryKind,
    Opened,
    Position,
    chain,
    receipt_number,
)
from station.matter import AnswersTold, AnswerTold
from station.people import SYSTEM
from station.shift import CashMoved, CashReason, Correction, CountReason, Reading, Shift, ShiftClosed
from station.staff_event import StaffDeed, StaffEvent
from station.telling import MemberTold
from station.tender import TenderKind
from station.told import Channel, Consent, Purpose
from station.totals import Tally, Total
from tests.fakes import CASHIER, NOON

TOTALS = (Total(Tally.TENDER, "CASH", 5),)


def test_a_hash_is_of_the_hash_before_and_the_bytes() -> None:
    assert chain(GENESIS, b"{}") == hashlib.sha256(bytes(32) + b"{}").digest()
    for size in (0, 31, 33):
        with pytest.raises(ValueError, match="32 bytes"):
            chain(bytes(size), b"{}")


def test_the_number_on_the_receipt_tells_incarnations_apart() -> None:
    assert receipt_number("12-1", Position("a3f9" + "0" * 28, 42)) == "12-1-000042-A3F9"
    assert receipt_number("12-1", Position("b0b0" + "0" * 28, 42)) == "12-1-000042-B0B0"


def test_every_kind_has_its_form() -> None:
    assert set(ENTRY_TYPES) == set(EntryKind)


@pytest.mark.parametrize(("kind", "body"), [
    (EntryKind.OPENED, Opened("0.1.0")),
    (EntryKind.OPENED, Opened("0.1.0", Cause.CLONED, Position("a3" * 16, 7), "b0" * 32)),
    (EntryKind.SHIFT_OPENED, Shift(1, "sara", "2026-11-22", 500)),
    (EntryKind.CASH_MOVED, CashMoved(1, -5, CashReason.BANK)),
    (EntryKind.READING, Reading(1, 1, 505, TOTALS)),
    (EntryKind.SHIFT_CLOSED, ShiftClosed(1, 1, 500, 505, CountReason.CHANGE_GIVEN, TOTALS)),
    (EntryKind.CORRECTION, Correction(2, 1, TenderKind.CASH, 5, CountReason.CHANGE_GIVEN)),
    (EntryKind.CHECKPOINT, Checkpoint(7, "b0" * 32, "a3" * 32)),
    (EntryKind.CARD_ISSUED, CardIssued(2**63 - 1, "m1", Medium.CHIP, "h1", 5)),
    (EntryKind.CARD_SEEN, CardSeen(
        2**63 - 1, ProofKind.SUN, 61, "641ad1fc30509ceb", CardTier.CHANGING_CODE, "CARD_REPLAYED")),
    (EntryKind.CARD_ISSUED, CardIssued(7, "m1", Medium.STRIPE)),
    (EntryKind.HOLDER_ADDED, HolderAdded("m1", "h1")),
    (EntryKind.ANSWERS_TOLD, AnswersTold("m1", (AnswerTold("a1", 5),))),
    (EntryKind.MEMBER_TOLD, MemberTold("m1", ("tea",), "", (Consent(Purpose.SERVICE, Channel.SMS, 5),), birth=True)),
    (EntryKind.STAFF, StaffEvent(StaffDeed.REFUSED, "sara", 5)),
    (EntryKind.STAFF, StaffEvent(StaffDeed.DRAWER_OPENED, "sara", note="change for the bakery")),
    (EntryKind.CARD_CHANGED, CardChanged(7, "m1", CardStatus.ACTIVE, CardStatus.LOST, CardReason.STOLEN)),
])
def test_an_entry_reads_back_as_it_was_written(kind: EntryKind, body: Body) -> None:
    entry = Entry(1, "12-1", "a3" * 16, 7, kind, NOON, CASHIER, SYSTEM, body, "c0" * 32)
    assert msgspec.json.decode(msgspec.json.encode(entry), type=ENTRY_TYPES[kind]) == entry


def test_what_is_personal_is_not_shown() -> None:
    assert "name" not in repr(Draft(EntryKind.OPENED, NOON, SYSTEM, Opened("0.1.0"), personal=b'{"name":"x"}'))
