"""Receipts of earlier purchases that somebody shows to be admitted: each of a sale to nobody, and each counted once."""

from data.database import Database
from data.derived import decode
from data.past_sales import PastSales
from station.enrol_desk import Evidence, evidence_of
from station.enrolling import MemberEnrolled
from station.errors import ErrorCode, StationError
from station.journal import EntryKind, Position, receipt_number
from station.past_sale import read_typed_receipt
from station.ports import Journal


class EnrolReceipts:
    """``station.enrol_desk.Receipts`` over a journal, for the thread of that."""

    def __init__(self, station: str, journal: Journal, database: Database) -> None:
        """Look in the journal of ``station``, which lies in ``database``."""
        self._station = station
        self._journal = journal
        self._database = database
        self._sales = PastSales(database)

    def evidence(self, text: str) -> Evidence:
        """Return what a receipt shows; as ``Receipts.evidence``."""
        wanted = read_typed_receipt(text)
        places = self._sales.places_of(wanted) if wanted and wanted.station in ("", self._station.upper()) else ()
        for place in places:
            entry = self._journal.sale(place)
            if entry.body.basket.member is None:
                name = Position(entry.incarnation, entry.seq)
                receipt = receipt_number(self._station, name)
                if self._was_counted(receipt):
                    raise StationError(ErrorCode.RECEIPT_USED)
                return evidence_of(receipt, entry.body, self._journal.returns_of(name))
        raise StationError(ErrorCode.SALE_UNKNOWN)

    def _was_counted(self, receipt: str) -> bool:
        """Return whether somebody was enrolled by it; only entries in which its number stands are read."""
        rows = self._database.rows(
            "SELECT raw FROM own_member JOIN entry USING (place) WHERE instr(raw, ?) > 0", (receipt.encode(),))
        bodies = (decode(raw, EntryKind.MEMBER_ENROLLED).body for (raw,) in rows)
        return any(receipt in body.admitted.receipts for body in bodies if isinstance(body, MemberEnrolled))
