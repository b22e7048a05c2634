"""Messages of the downlink about what cards prove: head office's issuing keys, and the next answers of chips.

As ``sync.wire`` and ``sync.wire_feeds``. What the station receives checks cards and makes none: keys are
public, answers are hashes (``station.sun.answer``).
"""

from typing import Annotated, Literal

import msgspec

from sync.wire import API, Base64, Count, Message
from sync.wire_feeds import CardHash

ISSUER_KEYS_PATH = f"{API}/cards/keys"
ANSWERS_PATH = f"{API}/cards/answers"
MOST_ANSWERS = 256

KeyId = Annotated[int, msgspec.Meta(ge=1, le=0xFFFF)]
TapCounter = Annotated[int, msgspec.Meta(ge=0, le=0xFF_FFFF)]


class IssuerKeyLine(Message, frozen=True, kw_only=True):
    """One issuing key: raw Ed25519 ``public``, by the ``key_id`` that records and passes name.

    What it signed counts from ``from_us`` on and before ``until_us`` (µs since 1970 UTC, head office's
    clock; null: no end). Once ``withdrawn_us`` is set nothing it ever signed counts.
    """

    key_id: KeyId
    public: Base64
    from_us: Count
    until_us: Count | None
    withdrawn_us: Count | None


class IssuerKeyList(Message, frozen=True, kw_only=True):
    """All issuing keys there are, withdrawn ones too: the document that is signed. Every change raises ``version``."""

    form: Literal["card-station issuer keys 1"]
    version: Annotated[int, msgspec.Meta(ge=1)]
    keys: tuple[IssuerKeyLine, ...]


class SignedIssuerKeys(Message, frozen=True, kw_only=True):
    """The exact bytes of an ``IssuerKeyList`` and head office's detached Ed25519 signature over them."""

    document: Base64
    signature: Base64


class IssuerKeysAnswer(Message, frozen=True, kw_only=True):
    """The present list when its version is above the one asked after, else null; ``version`` is the present one.

    It never falls, and is 0 before the first list.
    """

    version: Count
    keys: SignedIssuerKeys | None


class AnswersChange(Message, frozen=True, kw_only=True):
    """The next answers of one card's chip, whole: they take the place of those held.

    ``counter`` is the highest that head office knows to be used, ``first`` the counter of the first of
    the ``answers`` (8 bytes each, one for each counter from there on). ``answers`` null: forget the card.
    """

    hash: CardHash
    counter: TapCounter
    first: TapCounter
    answers: Base64 | None


class AnswersPage(Message, frozen=True, kw_only=True):
    """A page of the answers of cards that were seen at, or issued by, the asking station's shop in 90 days."""

    cursor: str
    more: bool
    version: Count
    changes: tuple[AnswersChange, ...]
