"""TLS of head office: a private authority, made once, and the certificate of the server under it.

``ca.key`` and ``ca.pem`` are the authority, which stations are given when they pair; ``server.pem``
is the server's private key and certificate in one file, so that one is never without the other.
The keys are P-256, which every TLS stack knows. Form after RFC 5280.
"""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from data.secret_file import write_secret

CA_KEY, CA_CERTIFICATE, SERVER = "ca.key", "ca.pem", "server.pem"
HOSTS = "hosts"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
CA_DAYS = 20 * 365
SERVER_DAYS = 397
RENEW_DAYS = 60
_EARLIER = timedelta(days=1)
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2; those of 1.3 are all good."""


def create(home: Path, now: datetime) -> None:
    """Make the authority in ``home`` if there is none, then the server's certificate if it needs one.

    Raises ``StationError`` 4xx when the disk refuses.
    """
    if not (home / CA_CERTIFICATE).exists():
        key = _new_key()
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"head office {now:%Y-%m-%d}")])
        certificate = (
            _builder(name, key, now, CA_DAYS).issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256()))
        write_secret(home / CA_KEY, _key_pem(key))
        write_secret(home / CA_CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
    renew(home, now)


def authority(home: Path) -> bytes:
    """Return the authority's certificate as PEM. Raises ``FileNotFoundError`` when it was never made."""
    return (home / CA_CERTIFICATE).read_bytes()


def names(home: Path) -> tuple[str, ...]:
    """Return by which names and addresses this head office is reached: loopback, and those in ``hosts``."""
    hosts = home / HOSTS
    return (*LOOPBACK, *(hosts.read_text("utf-8").split() if hosts.exists() else ()))


def renew(home: Path, now: datetime, *, force: bool = False) -> bool:
    """Make the server's certificate anew when it ends soon or does not fit; return whether it was made."""
    if force or not _fits(home, now):
        _issue(home, now)
        return True
    return False


def ends(home: Path) -> datetime:
    """Return when the server's certificate ends."""
    return _held(home).not_valid_after_utc


def context(home: Path) -> ssl.SSLContext:
    """Return TLS for the server: version 1.2 or newer, ciphers with forward secrecy."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(_CIPHERS)
    load(made, home)
    return made


def load(made: ssl.SSLContext, home: Path) -> None:
    """Let ``made`` show the certificate as it is on disk now, to all connections from now on."""
    made.load_cert_chain(home / SERVER)


def _fits(home: Path, now: datetime) -> bool:
    try:
        held = _held(home)
        ca = x509.load_pem_x509_certificate(authority(home))
        held.verify_directly_issued_by(ca)
        named = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:  # noqa: BLE001 - whatever is wrong with the file, a new one is made
        return False
    return set(named) == set(_alternatives(names(home))) and held.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)


def _held(home: Path) -> x509.Certificate:
    content = (home / SERVER).read_bytes()
    serialization.load_pem_private_key(content, None)
    return x509.load_pem_x509_certificate(content)


def _issue(home: Path, now: datetime) -> None:
    ca = x509.load_pem_x509_certificate(authority(home))
    ca_key = serialization.load_pem_private_key((home / CA_KEY).read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)  # noqa: S101 - made above
    key = _new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "head office")])
    certificate = (
        _builder(name, key, now, SERVER_DAYS).issuer_name(ca.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names(home))), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256()))
    write_secret(home / SERVER, _key_pem(key) + certificate.public_bytes(serialization.Encoding.PEM))


def _builder(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder().subject_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _EARLIER).not_valid_after(now.astimezone(UTC) + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs_certificates,
        crl_sign=signs_certificates, encipher_only=False, decipher_only=False)


def _alternatives(known: tuple[str, ...]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in dict.fromkeys(known):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name.strip("[]"))))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
