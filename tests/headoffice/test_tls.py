"""The authority and the certificate under it: what they hold, when they are made anew, who may read them."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from headoffice import tls

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "hosts").write_text("office.example\n10.1.2.3\n", "utf-8")
    tls.create(tmp_path, NOW)
    return tmp_path


def held(home: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((home / "server.pem").read_bytes())


@pytest.mark.parametrize("name", [
    x509.DNSName("localhost"), x509.DNSName("office.example"),
    *(x509.IPAddress(ip_address(text)) for text in ("127.0.0.1", "::1", "10.1.2.3")),
])
def test_the_certificate_stands_for_its_names_by_the_rules_of_the_web(home: Path, name: x509.DNSName | x509.IPAddress) -> None:
    ca = x509.load_pem_x509_certificate(tls.authority(home))
    for at, good in ((NOW, True), (NOW + timedelta(days=396), True), (NOW + timedelta(days=398), False)):
        verifier = PolicyBuilder().store(Store([ca])).time(at).build_server_verifier(name)
        if good:
            assert verifier.verify(held(home), [])[-1] == ca
        else:
            with pytest.raises(VerificationError):
                verifier.verify(held(home), [])


def test_only_the_owner_may_read_the_keys_and_they_are_of_a_kind_every_stack_knows(home: Path) -> None:
    for name in ("ca.key", "ca.pem", "server.pem"):
        assert (home / name).stat().st_mode & 0o777 == 0o600
    for name in ("ca.key", "server.pem"):
        key = load_pem_private_key((home / name).read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert key.curve.name == "secp256r1"


def test_it_is_renewed_before_it_ends_under_the_same_authority(home: Path) -> None:
    ca, first = tls.authority(home), held(home)
    for days, made in ((300, False), (397 - 59, True), (397 - 58, False)):
        assert tls.renew(home, NOW + timedelta(days=days)) is made
    assert tls.authority(home) == ca
    assert held(home).serial_number != first.serial_number
    assert tls.ends(home) == NOW + timedelta(days=2 * 397 - 59)
    tls.create(home, NOW + timedelta(days=400))
    assert tls.authority(home) == ca


def test_it_is_made_anew_when_the_names_change_or_it_is_damaged(home: Path) -> None:
    assert not tls.renew(home, NOW)
    (home / "hosts").write_text("other.example", "utf-8")
    assert tls.renew(home, NOW)
    assert not tls.renew(home, NOW)
    for content in (b"", b"-----BEGIN CERTIFICATE-----\n", (home / "ca.key").read_bytes() + tls.authority(home)):
        (home / "server.pem").write_bytes(content)
        assert tls.renew(home, NOW)
    assert tls.renew(home, NOW, force=True)


def test_an_authority_that_was_half_made_is_made(tmp_path: Path) -> None:
    tls.create(tmp_path, NOW)
    (tmp_path / "ca.pem").unlink()  # as a power cut after the key would leave it
    tls.create(tmp_path, NOW)
    held(tmp_path).verify_directly_issued_by(x509.load_pem_x509_certificate(tls.authority(tmp_path)))


def test_the_server_speaks_1_2_and_newer_with_forward_secrecy(home: Path) -> None:
    context = tls.context(home)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    names = [each["name"] for each in context.get_ciphers()]
    assert names
    assert all(name.startswith(("TLS_", "ECDHE-")) and ("GCM" in name or "CHACHA20" in name) for name in names)
