"""Finding a member by what a cashier types: a phone, its last four digits, a name, or a name with them.

Names are compared folded, because one name is written in many ways: with the Arabic or the Persian
yeh and kaf, with or without the hamza, the madda and the vowel marks, with a space, a joining mark
or nothing between its parts.
"""

import unicodedata
from dataclasses import dataclass

from station.phone import phone_number

MOST_FOUND = 20
"""How many members a search returns at most: a screen's worth, and no way to browse the club."""

LAST_DIGITS = 4
LEAST_LETTERS = 2
MOST_WORDS = 8

_SAME_LETTER = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی",
    "ك": "ک", "ڪ": "ک", "ڭ": "ک",
    "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه",
    "ٱ": "ا",
}
"""Letters that are one for a reader. Those with a hamza or a madda come apart before (Unicode, NFKD)."""

_BETWEEN_WORDS = frozenset("\u200c")  # the zero-width non-joiner, which NFKD keeps
_NOTHING = frozenset("ـء")  # the tatweel, and a hamza that stands alone


class _Folding(dict[int, str | None]):
    """What each character becomes, worked out when it is first met: a text, a space, or None for nothing."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        self[code] = folded = _fold_character(character)
        return folded


def _fold_character(character: str) -> str | None:
    if character in _SAME_LETTER:
        return _SAME_LETTER[character]
    if character in _BETWEEN_WORDS:
        return " "
    category = unicodedata.category(character)
    if character in _NOTHING or category in ("Mn", "Me", "Cf"):  # vowel marks, and marks of direction
        return None
    if category == "Nd":
        return str(unicodedata.digit(character))
    return character if character.isalnum() else " "


_FOLDING = _Folding()


def fold(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` as they are compared: «علي‌رضا كريمي» is علی, رضا, کریمی.

    Compatibility forms and accents come apart (Unicode, NFKD) and the marks are dropped; Latin
    letters lose their case; digits of any script become ASCII; what is neither letter nor digit
    parts words.
    """
    return tuple(unicodedata.normalize("NFKD", text).casefold().translate(_FOLDING).split())


def starts(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the name written together from each of its ``words`` on, once around.

    What is typed finds the name when one of these begins with it, so a name is found from any of
    its words on, and whether or not there is a space in it. Words after the eighth begin nothing.
    """
    joined = "".join(words)
    found, length = [], 0
    for word in words[:MOST_WORDS]:
        found.append(joined[length:] + joined[:length])
        length += len(word)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search asks for: ``words`` folded, and ``digits``: a whole phone, or its last four.

    ``is_empty`` says that it is too little to search for: there is then nothing in either.
    """

    words: tuple[str, ...] = ()
    digits: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be found by it."""
        return not self.words and not self.digits

    @property
    def joined(self) -> str:
        """The words written together."""
        return "".join(self.words)

    def matches(self, name: str, phone: str) -> bool:
        """Whether a member of this ``name`` and ``phone`` (national form, ASCII digits) is wanted.

        Each word must begin at a word of the name, in any order, or all of them written together.
        """
        return not self.is_empty and self._is_phone(phone) and self._is_name(starts(fold(name)))

    def _is_phone(self, phone: str) -> bool:
        return phone.endswith(self.digits) if len(self.digits) <= LAST_DIGITS else phone == self.digits

    def _is_name(self, begun: tuple[str, ...]) -> bool:
        if not self.words:
            return True
        return any(start.startswith(self.joined) for start in begun) or all(
            any(start.startswith(word) for start in begun) for word in self.words)


def wanted(text: str) -> Wanted:
    """Return what ``text`` asks for.

    Digits are a phone, with or without the country's code, or its last four; fewer than four
    digits, or a single letter, ask for nothing.
    """
    words = fold(text)
    names = tuple(word for word in words if not word.isdecimal())
    digits = "".join(word for word in words if word.isdecimal())
    if len(digits) > LAST_DIGITS:
        digits = phone_number(f"+{digits}" if "+" in text else digits) or digits
    is_short = 0 < len("".join(names)) < LEAST_LETTERS or 0 < len(digits) < LAST_DIGITS
    return Wanted() if is_short else Wanted(names, digits)
