"""What a card proves: every rule, with real Ed25519 signatures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from station.card import CardTier, Medium, Proof, ProofKind, Tap
from station.card_record import CardRecord
from station.card_seen import CardSeen
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.member_pass import mark_of, moment_of, pack
from station.people import SYSTEM
from station.proving import ForgedReason, ProofNote, Proven
from station.sun import answer
from tests.fakes import NOON
from tests.rigs.judged_cards import (
    EXPIRES,
    ISSUER,
    KEY_ID,
    NUMBER,
    OTHER_NUMBER,
    OTHER_UID,
    PHONE,
    PUBLIC,
    SECOND_US,
    UID,
    Trust,
    as_code,
    card_hash,
    code,
    grant,
    of_phone,
    of_record,
    of_tap,
    on_chip,
    record,
    tapped,
    window,
)

CARD = card_hash(NUMBER)
LAST_DAY, DAY_AFTER = Moment(NOON.utc_us, NOON.offset, EXPIRES), Moment(NOON.utc_us, NOON.offset, "2030-03-21")


def refusal(proven: Proven) -> tuple[ErrorCode, dict[str, Any]] | None:
    return (proven.refusal.code, proven.refusal.detail) if proven.refusal else None


def forged(reason: ForgedReason) -> tuple[ErrorCode, dict[str, Any]]:
    return ErrorCode.CARD_FORGED, {"reason": reason.value}


def test_a_number_alone_asks_nobody() -> None:
    trust = Trust()
    assert trust.prover().prove(on_chip(), NOON) == Proven(CardTier.NUMBER)
    assert trust.prover().prove(replace(on_chip(), tier=CardTier.SHARED_SECRET), NOON) == Proven(CardTier.SHARED_SECRET)
    assert trust.looked == 0


@pytest.mark.parametrize(("tap", "now"), [
    (on_chip(of_record(record())), NOON), (as_code(of_record(record(uid=""))), NOON),
    (replace(as_code(of_record(record(uid=""))), medium=Medium.STRIPE), NOON),
    (replace(on_chip(of_record(record())), medium=Medium.NFC_UID), NOON),
    (on_chip(of_record(record())), LAST_DAY), (on_chip(of_record(record(expires=""))), DAY_AFTER),
])
def test_a_good_record_is_an_issued_card(tap: Tap, now: Moment) -> None:
    assert Trust().prover().prove(tap, now) == Proven(CardTier.ISSUED)


@pytest.mark.parametrize(("tap", "reason"), [
    (on_chip(of_record(record(number=OTHER_NUMBER))), ForgedReason.NUMBER),
    (on_chip(of_record(record()), uid=OTHER_UID), ForgedReason.UID),
    (on_chip(of_record(record(uid=""))), ForgedReason.UID),
    (on_chip(of_record(record(uid="")), uid=""), ForgedReason.UID),
    (as_code(of_record(record())), ForgedReason.UID),
    (replace(as_code(of_record(record())), medium=Medium.STRIPE), ForgedReason.UID),
    (replace(as_code(of_record(record())), uid=UID), ForgedReason.UID),
    (on_chip(of_record(record(key=PHONE))), ForgedReason.SIGNATURE),
    (on_chip(of_record(replace(record(), expires=""))), ForgedReason.SIGNATURE),
])
def test_a_record_that_does_not_fit_is_forged(tap: Tap, reason: ForgedReason) -> None:
    proven = Trust().prover().prove(tap, NOON)
    assert refusal(proven) == forged(reason)
    assert (proven.tier, proven.seen) == (CardTier.NUMBER, ())


def test_a_record_out_of_date_is_refused() -> None:
    assert refusal(Trust().prover().prove(on_chip(of_record(record())), DAY_AFTER)) == (ErrorCode.CARD_OUT_OF_DATE, {})


@pytest.mark.parametrize(("keys", "note"), [
    ({}, ProofNote.KEY_UNKNOWN),
    ({2: replace(PUBLIC, key_id=2)}, ProofNote.KEY_UNKNOWN),
    ({KEY_ID: replace(PUBLIC, withdrawn_us=NOON.utc_us - 1)}, ProofNote.KEY_WITHDRAWN),
    ({KEY_ID: replace(PUBLIC, withdrawn_us=NOON.utc_us + 1)}, ProofNote.KEY_WITHDRAWN),
    ({KEY_ID: replace(PUBLIC, from_us=NOON.utc_us + 1)}, ProofNote.KEY_NOT_IN_FORCE),
    ({KEY_ID: replace(PUBLIC, until_us=NOON.utc_us)}, ProofNote.KEY_NOT_IN_FORCE),
])
def test_without_a_key_in_force_a_signature_proves_nothing(keys: dict[int, Any], note: ProofNote) -> None:
    prover = Trust(keys).prover()
    assert prover.prove(on_chip(of_record(record(key=PHONE))), NOON) == Proven(CardTier.NUMBER, (note,))
    phone = prover.prove(as_code(of_phone(code())), NOON)
    assert (phone.tier, phone.notes, phone.refusal) == (CardTier.NUMBER, (note,), None)
    assert [each.is_taken for each in phone.seen] == [False]


@pytest.mark.parametrize("key", [
    replace(PUBLIC, from_us=NOON.utc_us), replace(PUBLIC, until_us=NOON.utc_us + 1)])
def test_a_key_is_in_force_from_its_first_moment_to_its_last(key: Any) -> None:
    assert Trust({KEY_ID: key}).prover().prove(on_chip(of_record(record())), NOON).tier is CardTier.ISSUED


def test_a_reader_that_tells_no_uid_leaves_the_record_unchecked() -> None:
    proven = Trust().prover().prove(on_chip(of_record(record()), uid=""), NOON)
    assert proven == Proven(CardTier.NUMBER, (ProofNote.NOT_CHECKED,))


def test_a_fresh_tap_is_known_by_its_answer() -> None:
    trust = Trust(windows={CARD: window(60)})
    proven = trust.prover().prove(on_chip(of_tap(tapped(61))), NOON)
    assert (proven.tier, proven.notes, proven.refusal) == (CardTier.CHANGING_CODE, (), None)
    assert proven.seen == (CardSeen(
        CARD, ProofKind.SUN, 61, answer(tapped(61)).hex(), CardTier.CHANGING_CODE),)


@pytest.mark.parametrize(("tap", "wanted"), [
    (on_chip(of_tap(tapped(59))), (ErrorCode.CARD_REPLAYED, {})),
    (on_chip(of_tap(tapped(60))), (ErrorCode.CARD_REPLAYED, {})),
    (on_chip(of_tap(replace(tapped(61), mac=bytes(8)))), forged(ForgedReason.MAC)),
    (on_chip(of_tap(replace(tapped(61), uid=OTHER_UID))), forged(ForgedReason.UID)),
    (on_chip(of_tap(tapped(61, OTHER_UID)), uid=OTHER_UID), forged(ForgedReason.MAC)),
    (on_chip(of_tap(tapped(61)), uid=OTHER_UID), forged(ForgedReason.UID)),
    (as_code(of_tap(tapped(61))), forged(ForgedReason.UID)),
    (replace(as_code(of_tap(tapped(61))), medium=Medium.BARCODE), forged(ForgedReason.UID)),
])
def test_a_tap_that_is_old_or_does_not_fit_is_refused_and_written_down(
    tap: Tap, wanted: tuple[ErrorCode, dict[str, Any]],
) -> None:
    trust = Trust(windows={CARD: window(61, known=60)})
    proven = trust.prover().prove(tap, NOON)
    assert refusal(proven) == wanted
    [seen] = proven.seen
    assert (seen.card, seen.refused, seen.tier, seen.is_taken) == (CARD, wanted[0].name, CardTier.NUMBER, False)


@pytest.mark.parametrize("windows", [
    {}, {CARD: window(1, 32)}, {CARD: window(70, known=5)}, {card_hash(OTHER_NUMBER): window(60)}])
def test_outside_the_window_a_tap_is_not_checked(windows: dict[int, Any]) -> None:
    proven = Trust(windows=windows).prover().prove(on_chip(of_tap(tapped(61))), NOON)
    assert (proven.tier, proven.notes, proven.refusal) == (CardTier.NUMBER, (ProofNote.NOT_CHECKED,), None)
    assert [(each.counter, each.is_taken) for each in proven.seen] == [(61, False)]


@pytest.mark.parametrize("uid", ["", "08A1B2C3"])
def test_a_chip_whose_own_uid_is_not_told_proves_itself_by_its_code(uid: str) -> None:
    trust = Trust(windows={CARD: window(60)})
    assert trust.prover().prove(on_chip(of_tap(tapped(61)), uid=uid), NOON).tier is CardTier.CHANGING_CODE


def test_what_head_office_proved_is_not_judged_again() -> None:
    trust = Trust(windows={CARD: window(60, known=70)})
    proven = trust.prover().prove(replace(on_chip(of_tap(tapped(61))), tier=CardTier.CHANGING_CODE), NOON)
    assert (proven.tier, proven.refusal) == (CardTier.CHANGING_CODE, None)
    assert [(each.counter, each.is_taken) for each in proven.seen] == [(61, True)]


def test_of_a_chip_that_head_office_asked_a_code_adds_nothing() -> None:
    trust = Trust(windows={CARD: window(60, known=70)})
    asked = replace(on_chip(of_tap(replace(tapped(61), mac=bytes(8)))), tier=CardTier.SHARED_SECRET)
    assert trust.prover().prove(asked, NOON) == Proven(CardTier.SHARED_SECRET)
    assert trust.looked == 0


def test_the_encrypted_form_waits_for_head_office() -> None:
    sealed = on_chip(Proof(ProofKind.SUN, bytes(24)))
    assert Trust().prover().prove(sealed, NOON) == Proven(CardTier.NUMBER, (ProofNote.NOT_CHECKED,))
    assert Trust().prover().prove(replace(sealed, tier=CardTier.CHANGING_CODE), NOON) == Proven(CardTier.CHANGING_CODE)


def test_a_secret_is_head_offices_to_judge() -> None:
    asked = on_chip(Proof(ProofKind.SECRET, b"anything"))
    assert Trust().prover().prove(asked, NOON) == Proven(CardTier.NUMBER, (ProofNote.NOT_CHECKED,))
    proven = Trust().prover().prove(replace(asked, tier=CardTier.SHARED_SECRET), NOON)
    assert proven == Proven(CardTier.SHARED_SECRET)


@pytest.mark.parametrize("seconds", [-60, 0, 30])
def test_a_phones_code_is_good_for_its_minute(seconds: int) -> None:
    made = code(NOON, seconds)
    proven = Trust().prover().prove(as_code(of_phone(made)), NOON)
    assert proven == Proven(CardTier.CHANGING_CODE, (), (CardSeen(
        CARD, ProofKind.PASS, moment_of(NOON.utc_us) + seconds, mark_of(pack(made)), CardTier.CHANGING_CODE),))


@pytest.mark.parametrize(("tap", "now", "wanted"), [
    (as_code(of_phone(code(NOON, -61))), NOON, (ErrorCode.PASS_OUT_OF_TIME, {})),
    (as_code(of_phone(code(NOON, 31))), NOON, (ErrorCode.PASS_OUT_OF_TIME, {})),
    (as_code(of_phone(code(NOON, -60))), Moment(NOON.utc_us + 1, 0, NOON.date), (ErrorCode.PASS_OUT_OF_TIME, {})),
    (as_code(of_phone(code())), DAY_AFTER, (ErrorCode.CARD_OUT_OF_DATE, {})),
    (as_code(of_phone(code()), number=OTHER_NUMBER), NOON, forged(ForgedReason.NUMBER)),
    (as_code(of_phone(code(given=grant(key=PHONE)))), NOON, forged(ForgedReason.SIGNATURE)),
    (as_code(of_phone(code(key=ISSUER))), NOON, forged(ForgedReason.SIGNATURE)),
    (as_code(of_phone(replace(code(), moment=code().moment + 1))), NOON, forged(ForgedReason.SIGNATURE)),
])
def test_a_phones_code_that_does_not_hold_is_refused_and_written_down(
    tap: Tap, now: Moment, wanted: tuple[ErrorCode, dict[str, Any]],
) -> None:
    proven = Trust().prover().prove(tap, now)
    assert refusal(proven) == wanted
    [seen] = proven.seen
    assert (seen.card, seen.refused, seen.is_taken) == (card_hash(tap.number), wanted[0].name, False)


def test_a_phones_code_is_taken_once() -> None:
    drafts: list[Draft] = []
    prover, tap = Trust(drafts=drafts).prover(), as_code(of_phone(code()))
    first = prover.prove(tap, NOON)
    drafts.extend(Draft(EntryKind.CARD_SEEN, NOON, SYSTEM, seen) for seen in first.seen)
    again = prover.prove(tap, NOON)
    assert refusal(again) == (ErrorCode.CARD_REPLAYED, {})
    assert [each.refused for each in again.seen] == ["CARD_REPLAYED"]
    later = Moment(NOON.utc_us + 20 * SECOND_US, NOON.offset, NOON.date)
    assert prover.prove(as_code(of_phone(code(later))), later).tier is CardTier.CHANGING_CODE


def test_of_several_proofs_the_best_counts() -> None:
    trust = Trust(windows={CARD: window(60)})
    both = on_chip(of_record(record()), of_tap(tapped(61)))
    assert trust.prover().prove(both, NOON).tier is CardTier.CHANGING_CODE
    trust.windows.clear()
    proven = trust.prover().prove(both, NOON)
    assert (proven.tier, proven.notes) == (CardTier.ISSUED, (ProofNote.NOT_CHECKED,))
    trust.keys.clear()
    proven = trust.prover().prove(both, NOON)
    assert (proven.tier, proven.notes) == (CardTier.NUMBER, (ProofNote.KEY_UNKNOWN, ProofNote.NOT_CHECKED))


def test_a_note_that_lowers_nothing_is_not_told() -> None:
    trust = Trust({}, {CARD: window(60)})
    assert trust.prover().prove(on_chip(of_record(record()), of_tap(tapped(61))), NOON).notes == ()


@pytest.mark.parametrize("proofs", [
    (of_record(record()), of_tap(tapped(60))), (of_tap(tapped(60)), of_record(record()))])
def test_one_wrong_proof_refuses_the_card(proofs: tuple[Proof, ...]) -> None:
    trust = Trust(windows={CARD: window(61, known=60)})
    assert refusal(trust.prover().prove(on_chip(*proofs), NOON)) == (ErrorCode.CARD_REPLAYED, {})


@pytest.mark.parametrize("proof", [
    Proof(ProofKind.RECORD, b""), Proof(ProofKind.SUN, bytes(17)), Proof(ProofKind.PASS, b"\1")])
def test_a_proof_of_another_form_is_unreadable(proof: Proof) -> None:
    proven = Trust().prover().prove(on_chip(proof), NOON)
    assert refusal(proven) == (ErrorCode.CARD_UNREADABLE, {"proof": proof.kind.value})
    assert proven.seen == ()


def test_no_card_number_is_in_what_was_proven() -> None:
    cards: list[Callable[[], Tap]] = [
        lambda: on_chip(of_record(record(number=OTHER_NUMBER))), lambda: on_chip(of_tap(tapped(1))),
        lambda: as_code(of_phone(code()))]
    for card in cards:
        proven = Trust().prover().prove(card(), NOON)
        assert NUMBER not in repr(proven)
        assert NUMBER not in str(proven.refusal)
        assert NUMBER not in repr(card())


def test_a_record_may_name_any_key_and_a_fault_of_the_store_is_not_swallowed() -> None:
    class Broken(Trust):
        def key(self, key_id: int) -> Any:
            raise StationError(ErrorCode.DATABASE_CORRUPT, key=key_id)

    with pytest.raises(StationError) as caught:
        Broken().prover().prove(on_chip(of_record(CardRecord(9, "", UID, NUMBER))), NOON)
    assert caught.value.code is ErrorCode.DATABASE_CORRUPT
