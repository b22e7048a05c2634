"""Phone numbers as people type them, and the one form in which they are kept, searched and compared. Pure.

A number of Iran is kept as it is dialled there (``09121234567``), any other as its digits with the
country's code (``4915112345678``), as in ITU-T E.164 without the plus sign: none of those begins with 0.
"""

import unicodedata

COUNTRY = "98"
NATIONAL_DIGITS = 10
"""Digits of a number of Iran behind its leading 0."""

LEAST_DIGITS, MOST_DIGITS = 8, 15
"""Of a number with its country's code; the second is that of E.164."""


def phone_number(text: str) -> str:
    """Return the number that ``text`` is, "" when it is none.

    Digits may be of any script, with whatever between them; the country's code may stand there or
    not, after ``+``, ``00`` or nothing, with or without the 0 of the country itself behind it.
    """
    digits = "".join(str(unicodedata.digit(each)) for each in text if unicodedata.category(each) == "Nd")
    if any(each.isalpha() for each in text):
        return ""
    is_abroad = text.strip()[:1] in ("+", "\uff0b") or digits.startswith("00")
    digits = digits.removeprefix("00")
    for lead in (COUNTRY + "0", COUNTRY, *(() if is_abroad else ("0", ""))):
        if digits.startswith(lead) and len(digits) == len(lead) + NATIONAL_DIGITS and digits[len(lead)] != "0":
            return "0" + digits[len(lead):]
    is_whole = LEAST_DIGITS <= len(digits) <= MOST_DIGITS and not digits.startswith(("0", COUNTRY))
    return digits if is_whole else ""
