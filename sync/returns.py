"""Head office as the counter asks it about sales whose goods come back: briefly, and its rules only when they are proven."""

import base64
from collections.abc import Callable
from typing import Protocol

import msgspec

from station.elsewhere import SaleAsked, SaleTold
from station.errors import ErrorCode, StationError
from station.journal import Entry, EntryKind, Position
from station.pack import Pack
from station.ports import Verifier
from station.sale import Sale, SaleReturn
from sync.patience import Patience
from sync.pull import proven_pack
from sync.wire_feeds import SignedPack
from sync.wire_returns import ReturnAsked, ReturnDropped, ReturnTold, RulesAsked, TurnOver

_SALE = msgspec.json.Decoder(Entry[Sale])
_RETURN = msgspec.json.Decoder(Entry[SaleReturn])


class ReturnClient(Protocol):
    """The part of head office that knows the sales of all stations; its answers are awaited briefly."""

    def ask_return(self, asked: ReturnAsked) -> ReturnTold | None:
        """Ask for the turn at a sale; None when head office does not know it. Also raises RETURN_UNDER_WAY."""
        ...

    def drop_return(self, dropped: ReturnDropped) -> TurnOver:
        """Give the turn back."""
        ...

    def rules(self, asked: RulesAsked) -> SignedPack | None:
        """Return a rule pack, None for one that was never published."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class OnlineReturns:
    """``station.elsewhere.ReturnOffice``; after a silence it is offline for a while, so no till waits twice."""

    def __init__(self, client: ReturnClient, verifier: Verifier, clock: Callable[[], float]) -> None:
        """Ask ``client``; ``verifier`` proves rules, ``clock`` counts seconds and never goes back."""
        self._client = client
        self._verifier = verifier
        self._patience = Patience(clock)

    def ask(self, asked: SaleAsked, *, settle: bool) -> SaleTold | None:
        """Ask for the turn at a sale, None when it is not known. Raises ``StationError`` RETURN_UNDER_WAY or 5xx."""
        told = self._patience.asked(lambda: self._client.ask_return(ReturnAsked(
            return_id=asked.return_id, station=asked.station, incarnation=asked.incarnation.lower(), seq=asked.seq,
            sale_id=asked.sale_id, settle=settle)))
        if told is None:
            return None
        try:
            entry = _SALE.decode(base64.b64decode(told.entry, validate=True))
            returns = tuple(_RETURN.decode(base64.b64decode(each, validate=True)).body for each in told.returns)
        except ValueError:  # the text of the fault may quote the answer
            raise StationError(ErrorCode.ANSWER_INVALID, reason="sale") from None
        if not _answers(told, entry, asked):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="another sale")
        return SaleTold(asked, Position(told.incarnation, told.seq), entry, returns)

    def drop(self, asked: SaleAsked) -> None:
        """Give the turn back. Raises ``StationError`` 5xx."""
        self._patience.asked(lambda: self._client.drop_return(ReturnDropped(
            return_id=asked.return_id, station=asked.station, seq=asked.seq)))

    def pack(self, number: int) -> Pack:
        """Return the rules published as ``number``. Raises ``StationError`` PACK_MISSING, 5xx, or as ``sync.pull.proven_pack``."""
        signed = self._patience.asked(lambda: self._client.rules(RulesAsked(number=number)))
        if signed is None:
            raise StationError(ErrorCode.PACK_MISSING, number=number)
        pack = proven_pack(signed, self._verifier).pack
        if pack.number != number:
            raise StationError(ErrorCode.ANSWER_INVALID, pack=pack.number)
        return pack

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _answers(told: ReturnTold, entry: Entry[Sale], asked: SaleAsked) -> bool:
    """Return whether it is the sale that was asked for; of a copied journal only its digits can be compared."""
    return (
        told.return_id == asked.return_id and entry.kind is EntryKind.SALE and told.seq == entry.seq == asked.seq
        and entry.station.upper() == asked.station.upper() and entry.incarnation.startswith(asked.incarnation.lower())
        and asked.sale_id in ("", entry.body.sale_id))
