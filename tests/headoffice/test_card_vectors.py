"""Chip cards' cryptography against every vector published for it (``card_vectors.toml`` names the sources)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from headoffice.cardkeys import aes, ev1, ev2, sun
from headoffice.cardkeys.apdu import CardRefusedError, native
from station.errors import ErrorCode

VECTORS = tomllib.loads(Path(__file__).with_name("card_vectors.toml").read_text(encoding="ascii"))
FAULT = ErrorCode.WRITE_FAILED
X = bytes.fromhex


def of(kind: str, *, applied: bool = True) -> pytest.MarkDecorator:
    rows = [row for row in VECTORS[kind] if ("not_applied" not in row) is applied]
    return pytest.mark.parametrize("row", rows, ids=[row["source"] for row in rows])


@of("cmac")
def test_cmac(row: dict[str, Any]) -> None:
    assert aes.cmac(X(row["key"]), X(row["message"])) == X(row["mac"])


@of("cmac_subkeys")
def test_cmac_subkeys(row: dict[str, Any]) -> None:
    assert aes.subkeys(X(row["key"])) == (X(row["first"]), X(row["second"]))


@of("diversified")
def test_a_card_s_own_key(row: dict[str, Any]) -> None:
    assert aes.diversified(X(row["key"]), X(row["diversifier"]), to_32=row["to_32"]) == X(row["made"])


@pytest.mark.parametrize("length", [0, 32])
def test_a_diversifier_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="1 to 31"):
        aes.diversified(aes.ZERO, bytes(length))


@of("sun_encrypted")
def test_an_encrypted_tap(row: dict[str, Any]) -> None:
    file_key, uid, counter = X(row["file_key"]), X(row["uid"]), row["counter"]
    assert sun.open_picc_data(X(row["meta_key"]), X(row["picc_data"])) == (uid, counter)
    assert sun.is_good(file_key, uid, counter, X(row["mac"]), row["signed"].encode())
    assert not sun.is_good(file_key, uid, counter + 1, X(row["mac"]), row["signed"].encode())
    if "content" in row:
        assert sun.open_file(file_key, uid, counter, X(row["file_data"])) == X(row["content"])
    if "signing_key" in row:
        assert sun.mac_key(file_key, uid, counter) == X(row["signing_key"])


@of("sun_encrypted", applied=False)
def test_a_tap_in_lrp_mode_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="LRP mode is not offered"):
        sun.open_picc_data(X(row["meta_key"]), X(row["picc_data"]))


@pytest.mark.parametrize("sealed", ["EF963FF7828658A599F3041510671E89", "EF963FF7828658A599F3041510671E"])
def test_picc_data_that_are_none_are_refused(sealed: str) -> None:
    with pytest.raises(ValueError, match="PICCData"):
        sun.open_picc_data(aes.ZERO, X(sealed))


@of("sun_plain")
def test_a_plain_tap(row: dict[str, Any]) -> None:
    assert sun.is_good(X(row["file_key"]), X(row["uid"]), row["counter"], X(row["mac"])) is row["good"]


@of("ev2_first")
def test_authenticate_ev2_first(row: dict[str, Any]) -> None:
    assert ev2.first_command(row["number"]) == X(row["first"])
    proof = ev2.Authentication(X(row["key"]), X(row["ours"]), X(row["challenge"]))
    assert proof.command() == X(row["second"])
    session = proof.session(X(row["last"]))
    assert (session.transaction, session.counter) == (X(row["transaction"]), 0)
    assert (session.encryption, session.signing) == (X(row["encryption"]), X(row["signing"]))
    assert ev2.session_keys(X(row["key"]), X(row["ours"]), X(row["theirs"])) == (session.encryption, session.signing)


@of("ev2_keys")
def test_ev2_session_keys(row: dict[str, Any]) -> None:
    made = ev2.session_keys(X(row["key"]), X(row["ours"]), X(row["theirs"]))
    assert made == (X(row["encryption"]), X(row["signing"]))


@of("ev2_iv")
def test_ev2_iv(row: dict[str, Any]) -> None:
    session = ev2.Ev2Session(X(row["encryption"]), aes.ZERO, X(row["transaction"]), row["counter"])
    assert session.iv(X(row["label"])) == X(row["iv"])


def ev2_session(row: dict[str, Any]) -> ev2.Ev2Session:
    return ev2.Ev2Session(X(row["encryption"]), X(row["signing"]), X(row["transaction"]), row["counter"])


@of("ev2_full")
def test_an_encrypted_and_signed_command_and_its_answer(row: dict[str, Any]) -> None:
    session = ev2_session(row)
    assert session.full(row["command"], X(row["header"]), X(row["data"])) == X(row["apdu"])
    assert session.answer(X(row["answer"]), FAULT) == b""
    with pytest.raises(CardRefusedError) as caught:
        ev2_session(row).answer(bytes([X(row["answer"])[0] ^ 1]) + X(row["answer"])[1:], FAULT)
    assert (caught.value.code, caught.value.reason) == (ErrorCode.CARD_FORGED, "MAC")


@of("ev2_full")
@pytest.mark.parametrize("step", [-1, 1])
def test_an_answer_to_another_command_than_the_last_is_forged(row: dict[str, Any], step: int) -> None:
    session = ev2_session(row)
    session.counter = max(0, session.counter + step) if session.counter else 1
    with pytest.raises(CardRefusedError) as caught:
        session.answer(X(row["answer"]), FAULT)
    assert (caught.value.code, caught.value.reason) == (ErrorCode.CARD_FORGED, "MAC")


@of("ev2_change_key")
def test_change_key_after_ev2_first(row: dict[str, Any]) -> None:
    session = ev2_session(row)
    old = X(row["old"]) if "old" in row else None
    assert session.change_key(row["number"], X(row["new"]), old, row["version"]) == X(row["apdu"])
    if "answer" in row:
        assert session.answer(X(row["answer"]), FAULT) == b""


@of("ev1")
def test_authenticate_aes_and_change_key(row: dict[str, Any]) -> None:
    proof = ev1.Authentication(X(row["key"]), X(row["ours"]), X(row["challenge"]))
    assert proof.command() == native(0xAF, X(row["second"]))
    session = proof.session(X(row["last"]))
    assert session.key == ev1.session_key(X(row["ours"]), X(row["theirs"])) == X(row["session_key"])
    new, version = X(row["new"]), bytes([row["version"]])
    assert aes.crc(b"\xc4\0" + new + version)[::-1] == X(row["crc"])
    assert session.change_key(0, new, None, row["version"]) == native(0xC4, b"\0" + X(row["cryptogram"]))
