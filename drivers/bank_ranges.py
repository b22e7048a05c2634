"""Which numbers are bank cards': issuer ranges (ISO/IEC 7812), Iran's bank prefixes and chip RIDs.

Compiled from public tables that agree with each other; the schemes' own files are the authority
and are not public. Iran's (Shetab) list is the union of four public lists; banks have merged, but
their old prefixes stay in wallets for years.
"""

from collections.abc import Collection
from dataclasses import dataclass

HEAD_DIGITS = 6
SHORTEST = 12
LONGEST = 19


@dataclass(frozen=True, slots=True)
class BankRange:
    """Numbers of ``lengths`` digits whose first six lie in ``low`` to ``high``, both included.

    ``luhn`` says whether the check digit can be relied on; ``shared`` that loyalty programmes
    own issuer numbers within the range too, so that a club may name its own prefix there.
    """

    low: int
    high: int
    lengths: frozenset[int]
    luhn: bool = True
    shared: bool = False


def _span(first: str, last: str, *lengths: int, luhn: bool = True, shared: bool = False) -> BankRange:
    return BankRange(
        int(first.ljust(HEAD_DIGITS, "0")), int(last.ljust(HEAD_DIGITS, "9")), frozenset(lengths), luhn, shared)


INTERNATIONAL = (
    _span("4", "4", 13, 16, 18, 19),  # Visa
    _span("51", "55", 16), _span("2221", "2720", 16),  # Mastercard
    _span("34", "34", 15), _span("37", "37", 15),  # American Express
    _span("300", "305", *range(14, 20)), _span("3095", "3095", *range(14, 20)),  # Diners
    _span("36", "36", *range(14, 20)), _span("38", "39", *range(14, 20)),
    _span("3528", "3589", *range(16, 20)),  # JCB
    _span("6011", "6011", *range(16, 20)), _span("644", "649", *range(16, 20)),  # Discover
    _span("65", "65", *range(16, 20)),  # and RuPay, Troy
    # UnionPay's check digit does not always hold.
    _span("62", "62", *range(16, 20), luhn=False), _span("81", "81", *range(16, 20)),
    _span("50", "50", *range(12, 20), shared=True),  # Maestro and domestic debit
    _span("56", "59", *range(12, 20), shared=True), _span("6", "6", *range(12, 20), shared=True),
    _span("82", "82", 16), _span("508", "508", 16),  # RuPay
    _span("2200", "2205", *range(16, 20)),  # Mir
    _span("9792", "9792", 16),  # Troy
    _span("8600", "8600", 16), _span("9860", "9860", 16),  # Uzcard, Humo
    _span("9704", "9704", 16, 19),  # NAPAS
    _span("31", "31", 19),  # China T-Union
    _span("564456", "564456", 18, luhn=False),  # Afrigo
)

IRANIAN_PREFIXES = (
    # In all four lists.
    "502229", "502806", "502908", "502938", "504172", "504706", "505785", "585983", "589210", "589463",
    "603769", "603770", "603799", "606373", "610433", "621986", "622106", "627353", "627381", "627412",
    "627488", "627648", "627760", "627961", "628023", "636214", "636949", "639346", "639347", "639599",
    "639607",
    # In three.
    "502910", "505416", "505426", "507677", "585947", "606256", "639217", "639370", "991975",
    # In two.
    "207177", "505801", "627884", "628157", "636795", "639194",
    # In one.
    "170019", "581874", "636797", "903769",
)

IRANIAN = tuple(_span(prefix, prefix, 16, luhn=False) for prefix in IRANIAN_PREFIXES)
"""Iranian bank cards; a listed prefix on 16 digits counts even where the check digit is wrong."""

NEW_RANGES = _span("3", "6", *range(SHORTEST, LONGEST + 1), shared=True)
"""Whatever a stripe says under the banks' leading digits: catches ranges given out after this list."""

RANGES = (*IRANIAN, *INTERNATIONAL)
_BY_FIRST_DIGIT = tuple(
    tuple(known for known in RANGES if known.low // 10**5 <= digit <= known.high // 10**5) for digit in range(10))

PAYMENT_RIDS = frozenset(map(bytes.fromhex, (
    "A000000003",  # Visa
    "A000000004",  # Mastercard
    "A000000025",  # American Express
    "A000000065",  # JCB
    "A000000152",  # Discover
    "A000000277",  # Interac
    "A000000333",  # UnionPay
    "A000000524",  # RuPay
    "A000000658",  # Mir
    "A000000672",  # Troy
)))
"""The five bytes that begin the application ids of payment schemes (ISO/IEC 7816-5)."""


def is_listed(head: int, length: int, *, luhn: bool) -> bool:
    """Tell whether a number of ``length`` digits, its first six being ``head``, is a bank card's.

    ``luhn`` says whether its check digit holds.
    """
    return any(
        known.low <= head <= known.high and length in known.lengths and (luhn or not known.luhn)
        for known in _BY_FIRST_DIGIT[head // 10**5])


def touched(prefix: str, lengths: Collection[int]) -> tuple[BankRange, ...]:
    """Return the ranges that numbers of these ``lengths`` beginning with the digits ``prefix`` can fall into."""
    head = prefix[:HEAD_DIGITS]
    low, high = int(head.ljust(HEAD_DIGITS, "0")), int(head.ljust(HEAD_DIGITS, "9"))
    return tuple(
        known for known in (*RANGES, NEW_RANGES)
        if low <= known.high and known.low <= high and not known.lengths.isdisjoint(lengths))
