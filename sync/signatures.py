"""Signed requests (HTTP message signatures, RFC 9421) and signed answers; the keys are Ed25519 (``sync.ed25519``).

A request carries ``Content-Digest`` (RFC 9530, sha-256 over the body as sent, when there is one)
and one signature tagged ``card-station-v1`` over the method, the target URI and that digest, with
exactly the parameters created, keyid, alg, nonce and tag. The nonce is the ``Server-Nonce`` of any
earlier answer, a full stop and chance: the first part says that the request is of these minutes,
whatever either clock shows, and the server lets the whole come once.

An answer to a signed request carries ``Office-Signature``, by head office's key over ``answer_text``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)

if TYPE_CHECKING:
    from requests import PreparedRequest

TAG = "card-station-v1"
LABEL = "station"
COVERED = ("@method", "@target-uri")
DIGEST = "content-digest"
PARAMETERS = frozenset({"created", "keyid", "alg", "nonce", "tag"})
SERVER_TIME = "Server-Time-Us"
SERVER_NONCE = "Server-Nonce"
OFFICE_SIGNATURE = "Office-Signature"
OFFICE_KEY = "Office-Key"
NONCE_JOINT = "."


@dataclass(frozen=True, slots=True)
class Asked:
    """The request an answer belongs to: whose it is, method, target (path and query) and the signature's nonce."""

    key_id: str
    method: str
    target: str
    nonce: str


def answer_text(asked: Asked, status: int, server_time: str, body: bytes) -> bytes:
    """Return what head office signs of an answer to ``asked``: lines of UTF-8, joined by line feeds.

    A label, the request's keyid, method, target and nonce, the status, the text of Server-Time-Us,
    and the SHA-256 (lower-case hexadecimal) of the body after any Content-Encoding was undone.
    """
    return "\n".join((
        "card-station answer 1", asked.key_id, asked.method, asked.target, asked.nonce, str(status),
        server_time, hashlib.sha256(body).hexdigest())).encode()


@dataclass(frozen=True, slots=True)
class Verified:
    """What a good signature says: whose key, the nonce, and the signer's time (seconds since 1970)."""

    key_id: str
    nonce: str
    created: int


def sign(
    prepared: "PreparedRequest", key: Ed25519PrivateKey | bytes, *, key_id: str, created: int, nonce: str,
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


def verify(method: str, url: str, headers: Mapping[str, str], body: bytes, key: bytes) -> Verified:
    """Return what the request's signature says after checking it against the raw public ``key``.

    ``url`` is the whole address the station used, ``body`` the bytes as sent. Whether the nonce is
    of these minutes and new is for the caller to judge. Raises ``ValueError`` with the reason when
    anything of the profile is missing or altered, or when ``key`` is no key.
    """
    resolver = MappingKeyResolver(
        public_keys={claim_of(headers).key_id: Ed25519PublicKey.from_public_bytes(key)}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    # Clocks in shops are wrong; the server's nonce says how fresh the request is.
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
    return Verified(said["keyid"], said["nonce"], said["created"])


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of its signature, unproven: whose key, and the nonce."""

    key_id: str
    nonce: str


def claim_of(headers: Mapping[str, str]) -> Claim:
    """Return whose key and which nonce a request claims, unproven; ``ValueError`` when it does not say."""
    return _claim(", ".join(value for name, value in headers.items() if name.lower() == "signature-input"))


@lru_cache(maxsize=256)
def _claim(line: str) -> Claim:
    parsed: Any = http_sf.parse(line.encode(), tltype="dictionary")
    ours = [parameters for _, parameters in parsed.values() if parameters.get("tag") == TAG]
    said = [(each.get("keyid"), each.get("nonce")) for each in ours]
    if len(said) != 1 or not all(isinstance(each, str) for each in said[0]):
        message = f"not one signature with the tag {TAG}, a keyid and a nonce"
        raise ValueError(message)
    return Claim(*said[0])


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as the library wants to see it."""

    method: str
    url: str
    headers: Mapping[str, str]
