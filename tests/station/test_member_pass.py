"""The phone's code: its bytes against an example laid out by hand, and every way it can be wrong."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station import member_pass
from station.member_pass import Grant, MemberPass, granted_part, mark_of, moment_of, signed_part
from sync.ed25519 import Ed25519Verifier
from tests.fakes import NOON
from tests.rigs.judged_cards import NUMBER, PHONE, code, grant

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "card_proofs.json").read_text(encoding="utf-8"))
GRANT, PASS = bytes.fromhex(VECTORS["grant"]), bytes.fromhex(VECTORS["pass"])

GRANTS = st.builds(
    Grant, st.integers(1, 0xFFFF), st.sampled_from(("2000-01-02", "2030-03-20", "2179-06-06")),
    st.text("0123456789ABCXYZ", min_size=1, max_size=32), st.binary(min_size=32, max_size=32),
    st.binary(min_size=64, max_size=64))
PASSES = st.builds(MemberPass, GRANTS, st.integers(0, 2**32 - 1), st.binary(min_size=64, max_size=64))


def test_the_example_is_laid_out_as_described() -> None:
    assert member_pass.unpack_grant(GRANT) == grant()
    assert member_pass.pack_grant(grant()) == GRANT
    assert member_pass.unpack(PASS) == code(NOON)
    assert member_pass.pack(code(NOON)) == PASS
    assert member_pass.to_text(code(NOON)) == VECTORS["pass_code"]
    assert member_pass.from_text(VECTORS["pass_code"]) == code(NOON)
    assert mark_of(PASS) == VECTORS["pass_mark"]
    assert (moment_of(NOON.utc_us), code(NOON).utc_us) == (VECTORS["moment"], NOON.utc_us)


def test_both_signatures_hold() -> None:
    made = code(NOON)
    office, phone = (Ed25519Verifier(bytes.fromhex(VECTORS[name])) for name in ("issuer_public", "phone_public"))
    assert office.verify(made.grant.signature, granted_part(made.grant))
    assert phone.verify(made.signature, signed_part(made))
    for other in (replace(made, moment=made.moment + 1), replace(made, grant=replace(made.grant, key_id=2))):
        assert not phone.verify(made.signature, signed_part(other))


@given(PASSES)
def test_whatever_a_code_says_comes_back(made: MemberPass) -> None:
    assert member_pass.unpack(member_pass.pack(made)) == made
    assert member_pass.from_text(member_pass.to_text(made)) == made
    assert member_pass.unpack_grant(member_pass.pack_grant(made.grant)) == made.grant


@pytest.mark.parametrize(("change", "words"), [
    ({"key_id": 0}, "key id"), ({"not_after": ""}, "not after"), ({"not_after": "1999-12-31"}, "not after"),
    ({"number": "x"}, "number"), ({"phone_key": bytes(31)}, "phone's key"), ({"signature": b""}, "signature"),
])
def test_what_a_grant_cannot_hold_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        member_pass.pack_grant(replace(grant(), **change))


@pytest.mark.parametrize(("change", "words"), [
    ({"moment": -1}, "moment"), ({"moment": 2**32}, "moment"), ({"signature": bytes(65)}, "phone's signature"),
])
def test_what_a_code_cannot_hold_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        member_pass.pack(replace(code(NOON), **change))


@pytest.mark.parametrize(("data", "words"), [
    (b"", "version"), (b"\0" + PASS[1:], "version: 0"), (PASS[:3] + b"\0\0" + PASS[5:], "not after: 0"),
    (b"\1\0\0" + PASS[3:], "key id"), (PASS[:30], "phone's key"), (PASS[:60], "signature"), (PASS[:119], "moment"),
    (PASS[:-1], "phone's signature"), (PASS + b"\0", "too many"),
])
def test_bytes_that_are_no_code_are_refused_by_field(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        member_pass.unpack(data)


def test_a_grant_is_no_code_and_a_code_no_grant() -> None:
    with pytest.raises(ValueError, match="moment"):
        member_pass.unpack(GRANT)
    with pytest.raises(ValueError, match="too many"):
        member_pass.unpack_grant(PASS)
    with pytest.raises(ValueError, match="CS1P"):
        member_pass.from_text("CS1R" + VECTORS["pass_code"][4:])


def test_nothing_of_a_card_is_shown() -> None:
    assert NUMBER not in repr(code(NOON))
    assert PHONE.hex() not in repr(code(NOON))
