"""Messages about what only head office can do with cards: speak with a chip, check a tap, sign a record. As ``sync.wire``.

A card is named by its look-up value (``station.card_hash``). Its number travels only where it is to be written
or signed. Bytes for a chip and its answers are whole APDUs.
"""

from typing import Annotated

import msgspec

from station.card_task import CardPurpose, Outcome, Technology
from sync.wire import API, Base64, Message
from sync.wire_feeds import CardHash

BEGIN_PATH = f"{API}/cards/chip/begin"
GO_ON_PATH = f"{API}/cards/chip/go-on"
SUN_PATH = f"{API}/cards/sun"
RECORD_PATH = f"{API}/cards/record"
MOST_COMMANDS = 16

ChipUid = Annotated[str, msgspec.Meta(pattern="^[0-9A-F]{14}$")]
RecordUid = Annotated[str, msgspec.Meta(pattern="^([0-9A-F]{2}){0,10}$")]
Number = Annotated[str, msgspec.Meta(pattern="^[0-9A-Z]{0,32}$")]
MemberId = Annotated[str, msgspec.Meta(max_length=36, pattern="^[ -~]*$")]
Day = Annotated[str, msgspec.Meta(pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
SessionName = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Apdu = Annotated[str, msgspec.Meta(max_length=360, pattern="^[A-Za-z0-9+/]*={0,2}$")]


class CardBegin(Message, frozen=True, kw_only=True):
    """Begin ``purpose`` with the chip ``uid`` of ``card``; ``number`` and ``member`` as in ``station.card_task.CardTask``.

    ``number`` is left out for AUTHENTICATE.
    """

    purpose: CardPurpose
    technology: Technology
    uid: ChipUid
    card: CardHash
    number: Number = ""
    member: MemberId = ""


class CardGoOn(Message, frozen=True, kw_only=True):
    """What the chip answered to the last commands, in their order."""

    session: SessionName
    answers: Annotated[tuple[Apdu, ...], msgspec.Meta(max_length=MOST_COMMANDS)]


class ServiceVerdict(Message, frozen=True, kw_only=True):
    """How it ended (``station.card_task.Verdict``); ``refusal`` is the number of a ``station.errors.ErrorCode``, 0 for none."""

    outcome: Outcome
    refusal: Annotated[int, msgspec.Meta(ge=0, le=999)] = 0
    reason: Annotated[str, msgspec.Meta(max_length=32)] = ""


class CardStepTold(Message, frozen=True, kw_only=True):
    """Either ``commands`` for the chip or the ``verdict``."""

    session: str
    commands: tuple[Apdu, ...] = ()
    verdict: ServiceVerdict | None = None


class SunAsked(Message, frozen=True, kw_only=True):
    """Is this tap of ``card`` genuine, and new? ``content`` is that of a SUN proof (18 or 24 bytes)."""

    card: CardHash
    content: Annotated[str, msgspec.Meta(min_length=24, max_length=32, pattern="^[A-Za-z0-9+/]*={0,2}$")]


class RecordAsked(Message, frozen=True, kw_only=True):
    """Sign the record of card ``number`` on the chip ``uid`` ("": without one), good through ``expires`` ("": always)."""

    number: Annotated[str, msgspec.Meta(pattern="^[0-9A-Z]{1,32}$")]
    uid: RecordUid
    expires: Day


class RecordSigned(Message, frozen=True, kw_only=True):
    """A packed ``station.card_record``."""

    record: Base64
