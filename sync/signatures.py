"""Ed25519 keys (RFC 8032) and signed requests (HTTP message signatures, RFC 9421), profile of this protocol.

A request carries ``Content-Digest`` (RFC 9530, sha-256 over the body as sent, when there is one)
and one signature tagged ``card-station-v1`` over the method, the target URI and that digest, with
exactly the parameters created, keyid, alg, nonce and tag. That a nonce comes once is for the
server to remember; its memory need not be longer than ``MAX_AGE_S + MAX_SKEW_S``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import http_sf
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)
from requests import PreparedRequest

TAG = "card-station-v1"
LABEL = "station"
COVERED = ("@method", "@target-uri")
DIGEST = "content-digest"
PARAMETERS = frozenset({"created", "keyid", "alg", "nonce", "tag"})
MAX_AGE_S = 300
MAX_SKEW_S = 120


def new_key() -> bytes:
    """Return a fresh raw Ed25519 private key (32 bytes)."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(raw: bytes) -> bytes:
    """Return the raw public key (32 bytes) of the private key ``raw``; ``ValueError`` if it is none."""
    return Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()


def sign_bytes(raw: bytes, message: bytes) -> bytes:
    """Return the detached signature (64 bytes) of ``message`` by the private key ``raw``."""
    return Ed25519PrivateKey.from_private_bytes(raw).sign(message)


class Ed25519Verifier:
    """The ``station.ports.Verifier`` of one raw public key (32 bytes; ``ValueError`` if it is none)."""

    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(key)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether ``signature`` over ``message`` is good."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Verified:
    """What a good signature says: whose key, the nonce, and the signer's time (seconds since 1970)."""

    key_id: str
    nonce: str
    created: int


def sign(
    prepared: PreparedRequest, key: Ed25519PrivateKey | bytes, *, key_id: str, created: int, nonce: str,
) -> None:
    """Sign ``prepared`` in place: sets Content-Digest, Signature-Input and Signature.

    ``key`` may be raw (32 bytes), ``created`` is in seconds since 1970 UTC. Raises ``TypeError``
    when the body is a stream: what is signed must be what is sent.
    """
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    if body is not None and not isinstance(body, bytes):
        message = f"only a body of bytes can be signed, not {type(body).__name__}"
        raise TypeError(message)
    prepared.headers.pop("Content-Digest", None)
    private = Ed25519PrivateKey.from_private_bytes(key) if isinstance(key, bytes) else key
    resolver = MappingKeyResolver(public_keys={}, private_keys={key_id: private})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver).sign(
        prepared,
        key_id=key_id,
        created=datetime.fromtimestamp(created, UTC),
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED,
        body=body or None,
    )


def verify(
    method: str, url: str, headers: Mapping[str, str], body: bytes, key: bytes, *, now: int,
) -> Verified:
    """Return what the request's signature says after checking it against the raw public ``key``.

    ``url`` is the whole address the station used, ``body`` the bytes as sent, ``now`` the server's
    time in seconds since 1970 UTC. Raises ``ValueError`` with the reason when anything of the
    profile is missing, altered, too old or too far ahead, or when ``key`` is no key.
    """
    resolver = MappingKeyResolver(
        public_keys={key_id_of(headers): Ed25519PublicKey.from_public_bytes(key)}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    # The library only knows the machine's clock; the age is judged below, by the caller's.
    verifier.max_clock_skew = timedelta(days=36_500)
    try:
        [result] = verifier.verify(
            _Request(method, url, headers),
            max_age=None,
            expect_tag=TAG,
            require_components=(*COVERED, DIGEST) if body else COVERED,
            body=body,
        )
    except HTTPMessageSignaturesException as error:
        raise ValueError(str(error) or "the signature is not by this key over this request") from error
    said: dict[str, Any] = result.parameters
    if said.keys() != PARAMETERS:
        message = f"the signature's parameters are not {', '.join(sorted(PARAMETERS))}"
        raise ValueError(message)
    age = now - said["created"]
    if not -MAX_SKEW_S <= age <= MAX_AGE_S:
        message = f"the signature is {age} s old"
        raise ValueError(message)
    return Verified(said["keyid"], said["nonce"], said["created"])


def key_id_of(headers: Mapping[str, str]) -> str:
    """Return whose key a request claims to be signed with, unproven; ``ValueError`` when it does not say."""
    lines = [value for name, value in headers.items() if name.lower() == "signature-input"]
    parsed: Any = http_sf.parse(", ".join(lines).encode(), tltype="dictionary")
    ids = [parameters.get("keyid") for _, parameters in parsed.values() if parameters.get("tag") == TAG]
    if len(ids) != 1 or not isinstance(ids[0], str):
        message = f"not one signature with the tag {TAG} and a keyid"
        raise ValueError(message)
    return ids[0]


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as the library wants to see it."""

    method: str
    url: str
    headers: Mapping[str, str]
