"""Calling a parser that may refuse: with a code of a card, and without a number in what it says."""

from collections.abc import Callable

from drivers.port import CARD_FAULTS
from station.errors import ErrorCode, StationError

_STATUS_DIGITS = 4


def refused(
    work: Callable[..., object], *given: object, codes: frozenset[ErrorCode] = CARD_FAULTS,
) -> ErrorCode | None:
    """Return why ``work(*given)`` was refused, None when it was not; it is one of ``codes`` and shows no number."""
    fault = _fault(work, *given)
    if fault is None:
        return None
    assert fault.code in codes, fault.code
    shown = [str(detail) for detail in fault.detail.values() if not isinstance(detail, int)]
    assert not any(sum(map(str.isdigit, each)) > _STATUS_DIGITS for each in shown), "a number is shown"
    return fault.code


def _fault(work: Callable[..., object], *given: object) -> StationError | None:
    try:
        work(*given)
    except StationError as fault:
        return fault
    return None
