"""Whether what is kept of cards' codes follows from the journals, for ``headoffice verify``."""

from collections.abc import Iterator

from django.db.backends.utils import CursorWrapper

from headoffice.cards.seen import REFUSED
from headoffice.cards.windows import FORGOTTEN
from station.card import CardTier, ProofKind

_NOT_KEPT = """
SELECT entry.station, entry.incarnation, entry.seq FROM intake_entry AS entry
JOIN intake_incarnation AS journal ON journal.station = entry.station AND journal.incarnation = entry.incarnation
LEFT JOIN cards_seen AS seen
    ON seen.station = entry.station AND seen.incarnation = entry.incarnation AND seen.seq = entry.seq
LEFT JOIN intake_quarantine AS aside
    ON aside.station = entry.station AND aside.incarnation = entry.incarnation AND aside.seq = entry.seq
WHERE entry.kind = 'CARD_SEEN' AND entry.seq <= journal.projected AND aside.seq IS NULL AND seen.seq IS NULL
ORDER BY 1, 2, 3
"""
_NOT_SENT = """
SELECT seen.station, seen.incarnation, seen.seq FROM cards_seen AS seen LEFT JOIN intake_entry AS entry
    ON seen.station = entry.station AND seen.incarnation = entry.incarnation AND seen.seq = entry.seq
    AND entry.kind = 'CARD_SEEN'
WHERE entry.seq IS NULL ORDER BY 1, 2, 3
"""
_FAR = """
SELECT coalesce(seen.card, standing.card), coalesce(seen.kind, standing.kind) FROM (
    SELECT card, kind, max(CASE WHEN tier >= %s THEN counter ELSE -1 END) AS counter, max(counter) AS top, max(at_us) AS latest_us
    FROM cards_seen WHERE refused = '' AND kind IN (%s, %s) GROUP BY card, kind
) AS seen FULL JOIN cards_standing AS standing ON standing.card = seen.card AND standing.kind = seen.kind
WHERE seen.card IS NULL OR standing.card IS NULL OR seen.counter <> standing.counter OR seen.top <> standing.top
    OR seen.latest_us <> standing.latest_us
ORDER BY 1, 2
"""
_UNNOTICED = """
SELECT seen.station, seen.incarnation, seen.seq FROM cards_seen AS seen LEFT JOIN cards_clonealert AS alert
    ON alert.card = seen.card AND alert.station = seen.station AND alert.incarnation = seen.incarnation AND alert.seq = seen.seq
WHERE seen.refused IN (%s, %s) AND alert.seq IS NULL ORDER BY 1, 2, 3
"""
_UNFOUNDED = """
SELECT alert.station, alert.incarnation, alert.seq FROM cards_clonealert AS alert LEFT JOIN cards_seen AS seen
    ON alert.card = seen.card AND alert.station = seen.station AND alert.incarnation = seen.incarnation AND alert.seq = seen.seq
WHERE seen.seq IS NULL ORDER BY 1, 2, 3
"""
_BEHIND = """
SELECT * FROM (
    SELECT told.card, told.shop, told.counter AS told,
        CASE WHEN standing.counter > chip.counter THEN standing.counter ELSE chip.counter END AS counter
    FROM cards_window AS told JOIN cards_chip AS chip ON chip.card = told.card
    LEFT JOIN cards_standing AS standing ON standing.card = told.card AND standing.kind = %s
) AS each WHERE told <> %s AND told <> counter ORDER BY card, shop
"""


def differences(cursor: CursorWrapper) -> Iterator[str]:
    """Yield what is wrong, a sentence each, inside the caller's transaction, which sees one state of the books."""
    sun, noticed = ProofKind.SUN.value, sorted(REFUSED)
    for question, values, words in (
            (_NOT_KEPT, [], "its code is not kept"), (_NOT_SENT, [], "a code is kept of it that it does not hold"),
            (_UNNOTICED, noticed, "a refused code raised no alert"), (_UNFOUNDED, [], "an alert of a code that is not kept")):
        cursor.execute(question, values)
        for station, incarnation, seq in cursor.fetchall():
            yield f"entry {seq} of {station}/{incarnation}: {words}"
    cursor.execute(_FAR, [int(CardTier.CHANGING_CODE), sun, ProofKind.PASS.value])
    for card, kind in cursor.fetchall():
        yield f"card {card}: its {kind} codes have not come as far as is kept of them"
    cursor.execute(_BEHIND, [sun, FORGOTTEN])
    for card, shop, told, counter in cursor.fetchall():
        yield f"card {card}: shop {shop} was told counter {told} of {counter}"
