"""Where in the journal the entries of a span of business dates lie."""

PLACES = (
    " FROM shift LEFT JOIN shift AS next ON next.number = shift.number + 1 CROSS JOIN {table}"
    " ON {table}.place > shift.place AND {table}.place < coalesce(next.place, 9223372036854775807)")
"""What was written between the opening of a shift and that of the next: only that is read of ``table``."""
