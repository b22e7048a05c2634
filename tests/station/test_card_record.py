"""The signed record: its bytes against an example laid out by hand, and every way it can be wrong."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bank_cards import Lane, is_bank_card, is_bank_track
from drivers.tracks import Track, track_data
from station import card_record
from station.card_bytes import checked_number
from station.card_record import (
    CardRecord,
    from_text,
    from_tracks,
    pack,
    signed_part,
    to_text,
    to_tracks,
    unpack,
)
from sync.ed25519 import Ed25519Verifier, sign_bytes
from tests.rigs.judged_cards import ISSUER, NUMBER, UID, record

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "card_proofs.json").read_text(encoding="utf-8"))
CHIP, PAPER = bytes.fromhex(VECTORS["record_of_a_chip"]), bytes.fromhex(VECTORS["record_without_a_chip"])

RECORDS = st.builds(
    CardRecord,
    st.integers(1, 0xFFFF), st.sampled_from(("", "2000-01-02", "2030-03-20", "2179-06-06")),
    st.sampled_from((0, 4, 7, 8, 10)).flatmap(lambda size: st.binary(min_size=size, max_size=size)).map(
        lambda uid: uid.hex().upper()),
    st.text("0123456789ABCXYZ", min_size=1, max_size=32), st.binary(min_size=64, max_size=64))


def test_a_record_of_a_chip_is_laid_out_as_described() -> None:
    found = unpack(CHIP)
    assert found == record()
    assert (found.key_id, found.expires, found.uid, found.number) == (1, "2030-03-20", UID, NUMBER)
    assert pack(found) == CHIP
    assert Ed25519Verifier(bytes.fromhex(VECTORS["issuer_public"])).verify(found.signature, signed_part(found))


def test_a_record_of_paper_is_a_code_and_two_tracks() -> None:
    found = unpack(PAPER)
    assert found == record(uid="")
    assert to_text(found) == VECTORS["code"]
    assert from_text(VECTORS["code"]) == found
    assert to_tracks(found) == (VECTORS["track_1"], VECTORS["track_3"])
    assert from_tracks(NUMBER, VECTORS["track_1"], VECTORS["track_3"]) == found


@given(RECORDS)
def test_whatever_a_record_says_comes_back(made: CardRecord) -> None:
    assert unpack(pack(made)) == made
    assert from_text(to_text(made)) == made


@given(RECORDS)
def test_tracks_hold_any_record_and_pass_the_bank_card_guard(made: CardRecord) -> None:
    made = replace(made, uid="")
    track_1, track_3 = to_tracks(made)
    assert from_tracks(made.number, track_1, track_3) == made
    for track, text in ((Track.ONE, track_1), (Track.THREE, track_3)):
        assert not is_bank_track(track_data(track, text.encode()))  # and it fits
    assert not is_bank_card(f"%{track_1}?+{track_3}?", Lane.STRIPE)


def test_a_record_without_a_day_never_ends() -> None:
    assert unpack(pack(record(expires=""))).expires == ""


@pytest.mark.parametrize(("change", "words"), [
    ({"key_id": 0}, "key id"), ({"key_id": 65_536}, "key id"),
    ({"expires": "2000-01-01"}, "expiry"), ({"expires": "2179-06-07"}, "expiry"), ({"expires": "tomorrow"}, "not a day"),
    ({"uid": "04DE"}, "UID"), ({"uid": "0"}, "fromhex"), ({"number": ""}, "number"), ({"number": "1" * 33}, "number"),
    ({"number": "12-3"}, "number"), ({"number": "۱۲۳"}, "number"), ({"signature": bytes(63)}, "signature"),
])
def test_what_the_form_cannot_hold_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pack(replace(record(), **change))


@pytest.mark.parametrize(("data", "words"), [
    (b"", "version"), (b"\2" + CHIP[1:], "version: 2"), (CHIP[:2], "key id"), (b"\1\0\0" + CHIP[3:], "key id"),
    (CHIP[:4], "expiry"), (CHIP[:5], "UID length"), (CHIP[:9], "UID: 7 bytes expected"),
    (CHIP[:5] + b"\3" + CHIP[6:], "UID: 3 bytes"), (CHIP[:13], "number length"), (CHIP[:20], "number: 16"),
    (PAPER[:6] + b"\0" + PAPER[-64:], "number"), (PAPER[:6] + b"\2\xff\xff" + PAPER[-64:], "not ASCII"),
    (CHIP[:-1], "signature"), (CHIP + b"\0", "1 bytes too many"),
])
def test_bytes_that_are_no_record_are_refused_by_field(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        unpack(data)


@pytest.mark.parametrize(("text", "words"), [
    ("CS1P" + VECTORS["code"][4:], "begin with CS1R"), ("", "begin"), ("CS1R", "version"),
    (VECTORS["code"].replace("C", "1", 2), "begin"), ("CS1R" + VECTORS["code"][4:-1] + "1", "base 32"),
    (VECTORS["code"][:-1] + "R", "bits too many"), (VECTORS["code"].lower(), "begin"), ("CS1R" + "A" * 9, "base 32"),
])
def test_text_that_is_no_record_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_text(text)


@pytest.mark.parametrize(("track_1", "track_3"), [
    ("", ""), (VECTORS["track_1"], ""), ("C" + VECTORS["track_1"][1:], VECTORS["track_3"]),
    (VECTORS["track_1"][:-1], VECTORS["track_3"]), (VECTORS["track_1"][:-1] + "7", VECTORS["track_3"]),
    ("R" + "Z" * 75, VECTORS["track_3"]), (VECTORS["track_1"], "0" + "9" * 58), (VECTORS["track_1"], "1" + VECTORS["track_3"][1:]),
])
def test_tracks_that_hold_no_record_are_refused(track_1: str, track_3: str) -> None:
    with pytest.raises(ValueError, match="no record"):
        from_tracks(NUMBER, track_1, track_3)


def test_a_stripe_has_no_chip() -> None:
    with pytest.raises(ValueError, match="no chip"):
        to_tracks(record())
    with pytest.raises(ValueError, match="number"):
        from_tracks("", VECTORS["track_1"], VECTORS["track_3"])


def test_a_signature_covers_every_field() -> None:
    good = record()
    verifier = Ed25519Verifier(bytes.fromhex(VECTORS["issuer_public"]))
    for change in ({"key_id": 2}, {"expires": ""}, {"uid": ""}, {"number": "1"}):
        assert not verifier.verify(good.signature, signed_part(replace(good, **change)))
    unlabelled = sign_bytes(ISSUER, signed_part(good)[len(card_record.SIGNED):])
    assert not verifier.verify(unlabelled, signed_part(good))


def test_nothing_of_a_card_is_shown() -> None:
    assert NUMBER not in repr(record())
    assert UID not in repr(record())
    with pytest.raises(ValueError, match="number") as caught:
        checked_number("12-34")
    assert "12-34" not in str(caught.value)
