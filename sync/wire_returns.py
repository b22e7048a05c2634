"""Messages about goods that come back at another till than they were bought at. As ``sync.wire``; decision 0038.

A sale's goods are taken back by one station at a time: head office gives it the turn, under the UUIDv7
that the return will have. The same again keeps the turn; once it is to ``settle`` it lasts until the
RETURN entry of that id is posted, a day at most.
"""

from typing import Annotated

import msgspec

from sync.wire import API, Base64, Count, Incarnation, Message, Seq
from sync.wire_spending import Uuid7

ASK_PATH = f"{API}/returns/ask"
DROP_PATH = f"{API}/returns/drop"
RULES_PATH = f"{API}/returns/rules"

StationName = Annotated[str, msgspec.Meta(min_length=1, max_length=24, pattern=r"^[^\x00]*$")]
SaleId = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$", max_length=36)]


class ReturnAsked(Message, frozen=True, kw_only=True):
    """May goods of this receipt's sale come back here, and what is known of it? Asked when it is opened, and to settle.

    ``station`` (in any case), ``seq`` and ``incarnation``, its first digits at least, are the receipt's; ``sale_id``
    is "" where the sale is not at hand. With ``settle`` the return is about to be written.
    """

    return_id: Uuid7
    station: StationName
    incarnation: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{4,32}$", max_length=32)]
    seq: Seq
    sale_id: SaleId = ""
    settle: bool = False


class ReturnTold(Message, frozen=True, kw_only=True):
    """It is the asking station's turn, for ``seconds``. The sale is entry ``seq`` of ``incarnation`` here.

    ``entry`` and ``returns``, those posted of the sale so far, in order, are the exact bytes of the entries.
    Where a journal was copied, ``incarnation`` may be a branch, another than the entry itself names.
    """

    return_id: Uuid7
    incarnation: Incarnation
    seq: Seq
    entry: Base64
    returns: tuple[Base64, ...]
    seconds: Count

    def __repr__(self) -> str:
        return f"ReturnTold(return_id={self.return_id!r}, …)"


class ReturnDropped(Message, frozen=True, kw_only=True):
    """No return comes of the turn asked for as ``return_id``, at the sale of this receipt."""

    return_id: Uuid7
    station: StationName
    seq: Seq


class TurnOver(Message, frozen=True, kw_only=True):
    """Whether there was such a turn."""

    dropped: bool


class RulesAsked(Message, frozen=True, kw_only=True):
    """The query: the number of the rule pack of a sale."""

    number: Count
