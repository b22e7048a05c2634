"""Keys that take the place of others: a station names its next one, head office's own hands over to its next."""

from django.db import transaction

from headoffice.refusal import refuse
from headoffice.register.models import PackDocument
from headoffice.stations.models import Station
from headoffice.stations.pairing import KEY_DAYS
from sync.ed25519 import Ed25519Verifier, decoded, key_text, public_key, sign_bytes
from sync.wire_trust import KeyChange, KeyTaken

KEY_BYTES = 32
SIGNATURE_BYTES = 64


def name_next(station: Station, change: KeyChange, now_us: int) -> KeyTaken:
    """Remember the key that ``station`` is to have next; the same one again changes nothing.

    Raises ``RefusalError`` INVALID when it is no key, or its private half is not at the station.
    """
    try:
        key, proof = decoded(change.public_key, KEY_BYTES), decoded(change.proof, SIGNATURE_BYTES)
        proven = Ed25519Verifier(key).verify(proof, key_text(station.id, key))
    except ValueError:
        proven = False
    if not proven:
        refuse("not a raw Ed25519 key with a signature of its own")
    if key != bytes(station.public_key):
        Station.objects.filter(id=station.id).update(next_key=key, key_us=now_us)
    return KeyTaken(since_us=now_us, key_days=KEY_DAYS)


def sign_packs(key: bytes) -> int:
    """Sign the published packs by head office's raw private ``key`` where they are not; return how many were."""
    verifier = Ed25519Verifier(public_key(key))
    count = 0
    with transaction.atomic():
        for pack in PackDocument.objects.all():
            document = bytes(pack.document)
            if not verifier.verify(bytes(pack.signature), document):
                PackDocument.objects.filter(number=pack.number).update(signature=sign_bytes(key, document))
                count += 1
    return count
