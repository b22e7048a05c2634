"""Sealed to head office, locked under the database key: opened by the right key alone, in the form that is written down."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from data.sealed import lock, new_recovery_key, recovery_public, seal, unlock, unseal

KEY = bytes(range(32))
PRIVATE = bytes(range(32, 64))
PUBLIC = recovery_public(PRIVATE)


def test_what_is_sealed_is_opened_by_the_private_half_alone() -> None:
    sealed = seal(KEY, PUBLIC)
    assert unseal(sealed, PRIVATE) == KEY
    assert KEY not in sealed
    with pytest.raises(ValueError, match="belongs to another key"):
        unseal(sealed, new_recovery_key())


def test_each_sealing_is_another() -> None:
    assert len({seal(KEY, PUBLIC) for _ in range(5)}) == 5


def test_the_form_is_the_one_written_down() -> None:
    # Read as the module's docstring says: letters, ephemeral public key, nonce, AES-256-GCM; another program could.
    sealed = seal(KEY, PUBLIC)
    letters, ephemeral, nonce, cipher = sealed[:4], sealed[4:36], sealed[36:48], sealed[48:]
    assert (letters, len(sealed)) == (b"CSS1", 96)
    shared = X25519PrivateKey.from_private_bytes(PRIVATE).exchange(X25519PublicKey.from_public_bytes(ephemeral))
    key = HKDF(SHA256(), 32, ephemeral + PUBLIC, b"card-station CSS1").derive(shared)
    assert AESGCM(key).decrypt(nonce, cipher, b"CSS1") == KEY
    locked = lock(b"who", KEY)
    key = HKDF(SHA256(), 32, b"", b"card-station CSL1").derive(KEY)
    assert AESGCM(key).decrypt(locked[4:16], locked[16:], b"CSL1") == b"who"


@pytest.mark.parametrize("place", [0, 3, 4, 35, 36, 47, 48, 95])
def test_no_byte_of_a_sealed_key_may_change(place: int) -> None:
    sealed = bytearray(seal(KEY, PUBLIC))
    sealed[place] ^= 1
    with pytest.raises(ValueError, match=r"not a sealed|another key"):
        unseal(bytes(sealed), PRIVATE)


@pytest.mark.parametrize("sealed", [b"", b"CSS1", bytes(96), b"CSS1" + bytes(91), b"CSS1" + bytes(93)])
def test_what_is_no_sealed_key_is_refused(sealed: bytes) -> None:
    with pytest.raises(ValueError, match="not a sealed database key"):
        unseal(sealed, PRIVATE)


def test_a_key_nobody_may_seal_to_is_refused() -> None:
    # All zeros is a point of small order (RFC 7748, section 6.1): the shared secret would be known to all.
    with pytest.raises(ValueError, match="shared key"):
        seal(KEY, bytes(32))
    with pytest.raises(ValueError, match="32 bytes"):
        seal(KEY, b"short")


@given(st.binary(max_size=300))
def test_what_is_locked_comes_out_as_it_went_in(content: bytes) -> None:
    assert unlock(lock(content, KEY), KEY) == content


@pytest.mark.parametrize("locked", [b"", b"CSL1", b"CSL1" + bytes(40), b"CSS1" + lock(b"who", KEY)[4:], lock(b"who", PRIVATE)],
                         ids=["nothing", "the mark alone", "zeroes", "the mark of a sealed key", "of another key"])
def test_what_another_key_locked_stays_shut(locked: bytes) -> None:
    with pytest.raises(ValueError):
        unlock(locked, KEY)
