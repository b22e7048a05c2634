"""Numbers, money and dates as people write them, in Persian and in English. No Qt.

Persian uses the digits U+06F0 to U+06F9, the group mark U+066C, the decimal mark U+066B, the
percent sign U+066A and the Jalali calendar; English uses ASCII and the Gregorian calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from persiantools.jdatetime import JalaliDate

from station.clock import Moment
from station.money import THOUSAND

RIALS_PER_TOMAN = 10
FRIDAY = 4
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_ASCII = "0123456789"
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)
_TO_PERSIAN = str.maketrans(_ASCII + ",.", _PERSIAN + "٬٫")
_DIGITS_TO_PERSIAN = str.maketrans(_ASCII, _PERSIAN)
_NBSP = "\u00a0"
_LRM, _RLM = "\u200e", "\u200f"
_MINUS = "\u2212"
# Without the first mark the second would make the whole label run from the left; isolates are
# no way out, since the product's font lacks them.
_MINUS_RTL = f"{_RLM}{_LRM}{_MINUS}"
_PHONE_LENGTH = 11

_JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
    "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_FA = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Unit(Enum):
    """What money is shown in; the value is how many rials one is."""

    RIAL = 1
    TOMAN = RIALS_PER_TOMAN


_UNIT_NAMES = {
    ("fa", Unit.TOMAN): "تومان", ("fa", Unit.RIAL): "ریال",
    ("en", Unit.TOMAN): "toman", ("en", Unit.RIAL): "rial",
}


def fold_digits(text: str) -> str:
    """Return ``text`` with Persian and Arabic digits as ASCII ones: input is folded before it is read."""
    return text.translate(_TO_ASCII)


def in_order(code: str) -> str:
    """Return a number with dashes, a file's name or the like so that its parts keep their order in a line that runs from the right."""
    return f"{_LRM}{code}{_LRM}"


@dataclass(frozen=True, slots=True)
class Format:
    """The way of writing of one ``language`` ("fa" or "en"), with money in ``unit``.

    Amounts are ints of rials. ``amount`` always writes in ``unit``, so a column of amounts is in
    one unit whatever is in it; ``fitting`` picks the unit in which a whole basket or report is
    written without a fraction; ``money`` names the unit it used.
    """

    language: str
    unit: Unit = Unit.TOMAN

    def fitting(self, amounts: Iterable[int]) -> "Format":
        """Return this format when its unit divides all ``amounts``, else the same in rials."""
        whole = all(amount % self.unit.value == 0 for amount in amounts)
        return self if whole else Format(self.language, Unit.RIAL)

    @property
    def unit_name(self) -> str:
        """The name of ``unit``, for the head of a column."""
        return _UNIT_NAMES[self.language, self.unit]

    def number(self, number: int) -> str:
        """Return a whole number with its thousands grouped."""
        return self._signed(f"{abs(number):,}", negative=number < 0)

    def amount(self, minor: int) -> str:
        """Return ``minor`` rials in ``unit``, without naming it; a single rial is 0.1 toman."""
        whole, part = divmod(abs(minor), self.unit.value)
        return self._signed(f"{whole:,}.{part}" if part else f"{whole:,}", negative=minor < 0)

    def money(self, minor: int) -> str:
        """Return ``minor`` rials with the unit named: in rials where ``unit`` would need a fraction."""
        fit = self.fitting((minor,))
        return f"{fit.amount(minor)}{_NBSP}{fit.unit_name}"

    def quantity(self, thousandths: int) -> str:
        """Return a quantity: pieces as a whole number, anything else with three decimals."""
        whole, part = divmod(abs(thousandths), THOUSAND)
        return self._signed(f"{whole:,}.{part:03}" if part else f"{whole:,}", negative=thousandths < 0)

    def percent(self, text: str) -> str:
        """Return the percentage ``text``, a decimal string such as "12.5" or "-3".

        In Persian a mark keeps the sign after the figure in reading order wherever it stands; by
        UAX #9 alone it would change sides with the letters before it (rules W2 and W5).
        """
        figure = self._signed(text.removeprefix("-"), negative=text.startswith("-"))
        return f"{figure}{_RLM}٪" if self._persian else f"{figure}%"

    def points(self, points: int) -> str:
        """Return a number of points, named."""
        word = "امتیاز" if self._persian else ("point" if abs(points) == 1 else "points")
        return f"{self.number(points)}{_NBSP}{word}"

    def date(self, iso: str) -> str:
        """Return the local Gregorian date ``iso`` (YYYY-MM-DD): «۱ آذر ۱۴۰۵», "22 Nov 2026"."""
        day = date.fromisoformat(iso)
        if self._persian:
            jalali = _jalali(day)
            return self.digits(f"{jalali.day} {_JALALI_MONTHS[jalali.month - 1]} {jalali.year}")
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def day(self, iso: str) -> str:
        """Return the day of the month of ``iso`` in the language's calendar."""
        day = date.fromisoformat(iso)
        return self.digits(str(_jalali(day).day if self._persian else day.day))

    def weekday(self, iso: str) -> str:
        """Return the name of the day: «یکشنبه», "Sun"."""
        index = date.fromisoformat(iso).weekday()
        return _WEEKDAYS_FA[index] if self._persian else _WEEKDAYS[index]

    def weekday_short(self, iso: str) -> str:
        """Return what stands under a bar: the first letter in Persian, three letters in English."""
        name = self.weekday(iso)
        return name[0] if self._persian else name

    def time(self, minute_of_day: int) -> str:
        """Return local minutes since midnight as «۱۴:۰۵»."""
        return self.digits(f"{minute_of_day // 60:02}:{minute_of_day % 60:02}")

    def date_time(self, moment: Moment) -> str:
        """Return the moment as the place saw it: «یکشنبه ۱ آذر ۱۴۰۵، ۱۴:۰۵»."""
        comma = "،" if self._persian else ","
        return (f"{self.weekday(moment.date)} {self.date(moment.date)}{comma} "
                f"{self.time(moment.minute_of_day)}")

    def phone(self, text: str) -> str:
        """Return a mobile number in groups of 4, 3 and 4; any other text only with its digits written.

        The groups are held by no-break spaces, which the bidirectional algorithm (UAX #9, W4)
        counts to the number: they keep their order in a right-to-left line.
        """
        plain = fold_digits(text)
        if len(plain) == _PHONE_LENGTH and plain.isdigit():
            plain = _NBSP.join((plain[:4], plain[4:7], plain[7:]))
        return self.digits(plain)

    def digits(self, text: str) -> str:
        """Return ``text`` with its digits, of whatever script, in those of the language."""
        folded = fold_digits(text)
        return folded.translate(_DIGITS_TO_PERSIAN) if self._persian else folded

    @property
    def _persian(self) -> bool:
        return self.language == "fa"

    def _signed(self, ascii_figure: str, *, negative: bool) -> str:
        """Return an unsigned ASCII figure in the language's marks, with the sign where it belongs."""
        if self._persian:
            return (_MINUS_RTL if negative else "") + ascii_figure.translate(_TO_PERSIAN)
        return (_MINUS if negative else "") + ascii_figure


def _jalali(day: date) -> JalaliDate:
    jalali: JalaliDate = JalaliDate.to_jalali(day)  # type: ignore[no-untyped-call]
    return jalali


def is_friday(iso: str) -> bool:
    """Return whether ``iso`` (YYYY-MM-DD) is a Friday, the day of rest."""
    return date.fromisoformat(iso).weekday() == FRIDAY
