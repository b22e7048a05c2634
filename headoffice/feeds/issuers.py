"""The list of issuing keys, signed as a whole: stations take none whose version is below the one they hold."""

import msgspec

from headoffice.api.answers import as_base64
from headoffice.cardkeys.issuers import IssuerList
from station.card_trust import IssuerKey
from sync.ed25519 import sign_bytes
from sync.wire_cards import IssuerKeyLine, IssuerKeyList, IssuerKeysAnswer, SignedIssuerKeys


def following(listed: IssuerList, after: int, office_key: bytes) -> IssuerKeysAnswer:
    """Return ``listed``, signed by the raw ``office_key``, when it is above version ``after``; otherwise its version alone."""
    if listed.version <= after:
        return IssuerKeysAnswer(version=listed.version, keys=None)
    document = msgspec.json.encode(IssuerKeyList(
        form="card-station issuer keys 1", version=listed.version, keys=tuple(map(_line, listed.keys))))
    return IssuerKeysAnswer(version=listed.version, keys=SignedIssuerKeys(
        document=as_base64(document), signature=as_base64(sign_bytes(office_key, document))))


def _line(key: IssuerKey) -> IssuerKeyLine:
    return IssuerKeyLine(
        key_id=key.key_id, public=as_base64(key.public), from_us=key.from_us, until_us=key.until_us,
        withdrawn_us=key.withdrawn_us)
