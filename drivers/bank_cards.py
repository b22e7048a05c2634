"""The bank-card guard: does this input hold a payment card's number? If so it is dropped, unread.

It runs before anything else looks at an input and wins over every club profile. Its answer is yes
or no: no digit, scheme or reason leaves it. Rules: ISO/IEC 7813 layouts (track 1 format B; track 2
number, expiry, service code), ISO 4909 for track 3, the ranges of ``drivers.bank_ranges``, Luhn.
A full number is recognised; half of one is not, so incomplete swipes have ``must_discard``.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum

from drivers.bank_ranges import HEAD_DIGITS, LONGEST, NEW_RANGES, PAYMENT_RIDS, SHORTEST, is_listed
from drivers.check_digits import ZERO, luhn_valid
from drivers.tracks import Track, TrackData, wipe


class Lane(Enum):
    """Where an input comes from, which decides how far suspicion goes.

    STRIPE: a swipe, as the reader sent it. BARCODE: a scanned code, or a field goods are looked up
    in; there numbers of up to 14 digits are article numbers. TEXT: anything a person types.
    """

    STRIPE = "STRIPE"
    BARCODE = "BARCODE"
    TEXT = "TEXT"


START_SENTINELS = "%;@+#&!"
DISCARD_DIGITS = 8
_SHORTEST_BARCODE = 15
_SHORTEST_AMONG_OTHERS = 14
_RID_BYTES = 5

_FORMAT_B = re.compile(rb"(?<![0-9A-Za-z])[Bb][0-9 ]{12,23}\^")
_FORMAT_B_BEGUN = re.compile(rb"%[Bb][0-9 ]{8}")
_TRACK_2 = re.compile(rb"(?<![0-9])[0-9]{12,19}[=D](?:[0-9]{2}(?:0[1-9]|1[0-2])|=)[125679]")
_TRACK_3 = re.compile(rb"[+#!][0-9]{14,21}=[0-9=]{20}")
_AFTER_NUMBER = re.compile(rb"[0-9]{2}(?:0[1-9]|1[0-2])[125679][024][0-7]")
"""Expiry and service code, where a keyboard layout has lost the separator before them."""
_DIGITS = re.compile(rb"[0-9]+")
_GAPS = frozenset((b" ", b"  ", b"   ", b"-", b".", b"/", b" - "))
_LONGER_THAN_GAP = 4
_PRINTED = ((4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4))
"""How card faces group their digits."""

_LIKENESS = dict(zip("٪×؟ک٫٬۔−", b"%^?;...-", strict=True))
"""What a Persian or Arabic keyboard makes of sentinels and separators, and punctuation of those scripts."""
_FRENCH_KEYS = dict(zip("&é\"'(-è_çà56m§", b"1234567890%^;?", strict=True))
_FRENCH_DIGITS = frozenset("éèçà")
_BY_CATEGORY = {"Zs": ord(" "), "Pd": ord("-")}
_OTHER = 0


def is_bank_card(raw: str | bytes | bytearray, lane: Lane, own: Sequence[bytes] = ()) -> bool:
    """Tell whether ``raw`` holds a payment card number, in any script's digits, grouped or not.

    Bytes are taken as UTF-8. Numbers that begin with one of ``own`` (digits of a prefix the club
    owns within the banks' ranges) are let through, unless laid out as a bank lays out a track.
    The working copy is wiped; ``raw`` stays the caller's.
    """
    return any(_holds_card(text, lane, tuple(own)) for text in _readings(raw))


def is_bank_track(track: TrackData, own: Sequence[bytes] = ()) -> bool:
    """Tell whether a decoded ``track`` is a payment card's."""
    sentinel = {Track.ONE: b"%", Track.TWO: b";", Track.THREE: b"+"}[track.track]
    text = bytearray(sentinel + track.data)
    found = is_bank_card(text, Lane.STRIPE, own)
    wipe(text)
    return found


def is_payment_aid(aid: bytes) -> bool:
    """Tell whether a chip's application id belongs to a payment scheme."""
    return aid[:_RID_BYTES] in PAYMENT_RIDS


def must_discard(burst: str | bytes | bytearray, starts: str = START_SENTINELS) -> bool:
    """Tell whether an incomplete ``burst`` may be half a bank card, and so is never replayed into a field.

    It is when it began with one of the sentinels ``starts`` and holds 8 digits or more.
    """
    for text in _readings(burst):
        begun = text.startswith(tuple(start.encode() for start in starts))
        digits = sum(map(_is_digit, text))
        wipe(text)
        if begun and digits >= DISCARD_DIGITS:
            return True
    return False


def _readings(raw: str | bytes | bytearray) -> Iterator[bytearray]:
    """Yield what ``raw`` may say, in ASCII: as it stands, less a parity bit, as garbled by a French keyboard."""
    if isinstance(raw, str):
        text = raw
    elif raw.isascii():
        yield bytearray(raw)
        return
    else:
        yield bytearray(byte & 0x7F for byte in raw)
        text = raw.decode("utf-8", "replace")
    yield bytearray(folded for character in text if (folded := _fold(character)) is not None)
    if not _FRENCH_DIGITS.isdisjoint(text):
        yield bytearray(map(_french, text))


def _fold(character: str) -> int | None:
    """Return the ASCII code that ``character`` is read as, None when it takes no room."""
    if character.isascii():
        return ord(character)
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return ZERO + digit
    category = unicodedata.category(character)
    if category == "Cf":
        return None
    return _LIKENESS.get(character, _BY_CATEGORY.get(category, _OTHER))


def _french(character: str) -> int:
    """Return the ASCII code of the key, on a US keyboard, that types ``character`` on a French one."""
    if character.isdecimal() or not character.isascii():
        return _FRENCH_KEYS.get(character, _OTHER)
    return _FRENCH_KEYS.get(character, ord(character))


def _holds_card(text: bytearray, lane: Lane, own: tuple[bytes, ...]) -> bool:
    try:
        if _FORMAT_B.search(text) or _TRACK_2.search(text):
            return True
        if lane is Lane.STRIPE and (_FORMAT_B_BEGUN.search(text) or _TRACK_3.search(text)):
            return True
        return any(_run_holds_card(text, run, lane, own) for run in _runs(text))
    finally:
        wipe(text)


def _runs(text: bytearray) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of digit groups, as spans, that one kind of gap joins; neighbours share a group."""
    run: list[tuple[int, int]] = []
    gap = b""
    for match in _DIGITS.finditer(text):
        span = match.span()
        between = bytes(text[run[-1][1]:min(span[0], run[-1][1] + _LONGER_THAN_GAP)]) if run else b""
        joins = between in _GAPS
        if not joins or (len(run) > 1 and between != gap):
            if run:
                yield run
            run = run[-1:] if joins else []
        run.append(span)
        gap = between
    if run:
        yield run


def _run_holds_card(text: bytearray, run: list[tuple[int, int]], lane: Lane, own: tuple[bytes, ...]) -> bool:
    shortest = _SHORTEST_BARCODE if lane is Lane.BARCODE else SHORTEST
    for start, end in _numbers(run):
        number = bytearray(byte for byte in text[start:end] if _is_digit(byte))
        found = len(number) >= shortest and not number.startswith(own) and _is_card(number, lane)
        wipe(number)
        if found:
            return True
    return False


def _numbers(run: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans within a run that may be one number: all of it, a long group, groups as printed on cards."""
    lengths = tuple(end - start for start, end in run)
    if len(run) == 1 or sum(lengths) <= LONGEST:
        yield run[0][0], run[-1][1]
    if len(run) > 1:
        yield from (span for span, length in zip(run, lengths, strict=True) if length >= _SHORTEST_AMONG_OTHERS)
    for printed in _PRINTED:
        for first in range(len(run) - len(printed) + 1):
            last = first + len(printed)
            if lengths[first:last] == printed:
                yield run[first][0], run[last - 1][1]


def _is_card(number: bytearray, lane: Lane) -> bool:
    if len(number) > LONGEST:
        return lane is not Lane.BARCODE and any(
            _AFTER_NUMBER.match(number, length) and _is_known(number[:length], lane)
            for length in range(SHORTEST, LONGEST + 1))
    return _is_known(number, lane)


def _is_known(number: bytearray, lane: Lane) -> bool:
    head, luhn = int(number[:HEAD_DIGITS]), luhn_valid(number)
    if lane is Lane.STRIPE and luhn and NEW_RANGES.low <= head <= NEW_RANGES.high:
        return True
    return is_listed(head, len(number), luhn=luhn)


def _is_digit(byte: int) -> bool:
    return ZERO <= byte <= ZERO + 9
