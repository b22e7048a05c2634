"""What other parts of head office do in the transaction that posts; each adds itself in its ``AppConfig.ready``.

All of them run again when the books are rebuilt, step by step, in the order and with the moments of
the first time: what they write must follow from the entries, from the step and from what a rebuild
keeps (all but the tables of ``headoffice.projector.digests``), never from a clock or from chance.
"""

from collections.abc import Callable, Sequence

from django.db.backends.utils import CursorWrapper

from headoffice.ledger.own import Kept
from headoffice.ledger.steps import Step
from station.journal import Body, Entry

AfterPosting = Callable[[CursorWrapper, Sequence[Entry[Body]], Step], None]
"""Gets all entries just projected, of every kind, in journal order; not those that were posted before.

An exception sets aside the entry it comes of, found by halving. Entries of a ledger that follow from
an entry are made with ``headoffice.ledger.own.state``, inside this step and with that entry's place.
"""

BEFORE_POSTING: list[AfterPosting] = []
"""Get the same entries, before the ledgers are written: what the ledgers and the audit ask for must be there."""

AFTER_POSTING: list[AfterPosting] = []

InARebuild = Callable[[CursorWrapper], None]
DROPPED: list[InARebuild] = []
"""Each drops the tables that its part made of entries (they stand in ``headoffice.projector.digests``), before all is made again."""

REBUILT: list[InARebuild] = []
"""Each tells the feeds of its part what is another now, once all is made again."""

KEPT_FROM_EXPIRY: list[Kept] = []
