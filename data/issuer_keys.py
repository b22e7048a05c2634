"""Head office's issuing keys, in ``journal.db``: the list as it was signed, proven again whenever it is read."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from data.database import Database, Row
from station.card_trust import IssuerKey, keys_by_id
from station.errors import ErrorCode, StationError
from station.ports import Verifier

FEED = "issuer keys"
Read = Callable[[bytes, bytes], Sequence[IssuerKey]]


class IssuerKeyStore:
    """``station.card_trust.IssuerKeys`` and ``IssuerKeyReplica``."""

    def __init__(self, database: Database, read: Read) -> None:
        """Work on an open ``journal.db``.

        ``read(document, signature)`` returns the keys of a list that is head office's, and raises
        ``ValueError`` for any other: that list then holds no key.
        """
        self._database = database
        self._read = read
        self._told: Row | None = None
        self._keys: Mapping[int, IssuerKey] = {}

    def key(self, key_id: int) -> IssuerKey | None:
        """Return the key with this id, or None."""
        self._load()
        return self._keys.get(key_id)

    def version(self, verifier: Verifier) -> int:
        """Return the version of the list held, 0 when there is none that ``verifier`` proves.

        So a list is asked for anew once head office signs with another key.
        """
        row = self._database.row("SELECT version, document, signature FROM issuer_keys")
        return row[0] if row and verifier.verify(row[2], row[1]) else 0

    def install(self, version: int, document: bytes, signature: bytes) -> None:
        """Keep a list whose signature was checked by the caller.

        Raises ``StationError`` FEED_OLDER when its version is below that of the one kept here.
        """
        with self._database.writing():
            row = self._database.row("SELECT version FROM issuer_keys")
            if row and version < row[0]:
                raise StationError(ErrorCode.FEED_OLDER, feed=FEED, offered=version, held=row[0])
            self._database.execute("INSERT OR REPLACE INTO issuer_keys VALUES (1, ?, ?, ?)", (version, document, signature))

    def _load(self) -> None:
        """Read the list when it is another than the one read last."""
        told = self._database.row("SELECT version, signature FROM issuer_keys")
        if told == self._told:
            return
        self._told, self._keys = told, {}
        row = self._database.row("SELECT document, signature FROM issuer_keys")
        if row is None:
            return
        with suppress(ValueError):
            self._keys = keys_by_id(self._read(*row))
