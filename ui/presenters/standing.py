"""Printer, clock and rules as the top bar tells them, and what of them is amiss: diagnostics judge by the same. No Qt."""

from dataclasses import dataclass

from drivers.printers.queue import PrinterState
from station.clock import Moment
from station.errors import StationError
from ui.format import Format
from ui.presenters.member_book import OLD_US, local
from ui.text import Words
from ui.views import Chip, Tone

SKEW_WARN_US, SKEW_ERROR_US = 60_000_000, 600_000_000
SLOW_PRINT_US = 10_000_000
"""A receipt takes a second or two; what waits for longer without a fault is told as well."""

_MINUTE_US = 60_000_000
_HOUR_US, _DAY_US = 60 * _MINUTE_US, 24 * 60 * _MINUTE_US
_FEW = 2
"""So many of the larger unit there are at least before it is told in it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The highest rule pack here, 0 without one, and as of when head office had no other (µs since 1970 UTC), None if it never said."""

    number: int
    as_of_us: int | None = None


def clock_tone(off_us: int) -> Tone:
    """Judge a clock that is ``off_us`` from head office's."""
    return Tone.OK if abs(off_us) < SKEW_WARN_US else Tone.WARN if abs(off_us) < SKEW_ERROR_US else Tone.ERROR


def is_old(taken_us: int | None, now: Moment) -> bool:
    """Tell whether what is as of ``taken_us`` is older than a day."""
    return taken_us is not None and now.utc_us - taken_us > OLD_US


def printer_chip(state: PrinterState, words: Words, style: Format, *, slow: bool) -> Chip:
    """Return how the printer stands; receipts that wait without a fault are told once they are ``slow``."""
    waiting = words("{count} to print", count=style.number(state.waiting))
    if state.error is not None:
        text = words("Printer: fault {code}", code=f"E{state.error.value}")
        return Chip(f"{text} · {waiting}" if state.waiting else text, Tone.ERROR, words.error(StationError(state.error)))
    if state.waiting and slow:
        return Chip(words("Printer: {waiting}", waiting=waiting), Tone.WARN)
    return Chip(words("Printer in order"), Tone.OK)


def clock_chip(ahead_us: int, words: Words, style: Format) -> Chip:
    """Return how this computer's clock stands: head office's is ``ahead_us`` ahead of it."""
    tone = clock_tone(ahead_us)
    if tone is Tone.OK:
        return Chip(words("Clock as head office's"), tone)
    span = _span(abs(ahead_us), words, style)
    hint = (words("This computer's clock is {span} behind head office's. Set it right.", span=span) if ahead_us > 0
            else words("This computer's clock is {span} ahead of head office's. Set it right.", span=span))
    return Chip(words("Clock {span} off", span=span), tone, hint)


def rules_chip(rules: Rules, now: Moment, words: Words, style: Format) -> Chip:
    """Return how old the club's rules are; they warn after a day without head office, as members do."""
    if not rules.number:
        return Chip(words("No club rules"), Tone.WARN, words("No rules have come down yet: nothing can be sold."))
    number = style.number(rules.number)
    if rules.as_of_us is None:
        return Chip(words("Club rules: number {number}", number=number), Tone.OK)
    hint = words("Club rules: number {number}, as of {moment}.", number=number,
                 moment=style.date_time(local(rules.as_of_us, now.offset)))
    if not is_old(rules.as_of_us, now):
        return Chip(hint, Tone.OK)
    span = _span(now.utc_us - rules.as_of_us, words, style)
    blind = words("What has changed since is not known here.")
    return Chip(words("Rules {span} old", span=span), Tone.WARN, f"{hint} {blind}")


def _span(long_us: int, words: Words, style: Format) -> str:
    """Return a stretch of time in the largest unit of which there are at least two."""
    if long_us >= _FEW * _DAY_US:
        return words("{count} days", count=style.number(long_us // _DAY_US))
    if long_us >= _FEW * _HOUR_US:
        return words("{count} h", count=style.number(long_us // _HOUR_US))
    return words("{count} min", count=style.number(long_us // _MINUTE_US))
