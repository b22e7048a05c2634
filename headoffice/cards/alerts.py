"""Alerts of copied cards, for people: looked at, and closed."""

from collections.abc import Iterator

from headoffice.cards.models import CloneAlert, Closed

Place = tuple[str, str, int]


def alerts(*, closed: bool) -> Iterator[dict[str, object]]:
    """Yield the alerts that are open, or all, in the order in which they were found; ``id`` names one for ``close``."""
    done = {(row.station, row.incarnation, row.seq) for row in Closed.objects.all()}
    for row in CloneAlert.objects.order_by("found_us", "station", "incarnation", "seq"):
        place = (row.station, row.incarnation, row.seq)
        if closed or place not in done:
            yield {
                "id": _text(place), "kind": row.kind, "card": row.card, "counter": row.counter, "at_us": row.at_us,
                "against": _text((row.other_station, row.other_incarnation, row.other_seq)) if row.other_station else None,
                "found_us": row.found_us, "closed": place in done}


def close(name: str, now_us: int) -> bool:
    """Close the alert called ``name``; return whether there is one. It stays closed when the books are made again."""
    station, _, rest = name.partition("/")
    incarnation, _, seq = rest.partition("/")
    found = CloneAlert.objects.filter(
        station=station, incarnation=incarnation, seq=int(seq) if seq.isdecimal() else 0).first()
    if found is None:
        return False
    Closed.objects.get_or_create(
        card=found.card, station=station, incarnation=incarnation, seq=found.seq, defaults={"closed_us": now_us})
    return True


def _text(place: Place) -> str:
    return "/".join(map(str, place))
