"""Figures and dates as the console shows them, in the language of the page."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from persiantools.jdatetime import JalaliDate

from headoffice.clock import MICROSECONDS

PERSIAN = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")


def is_persian() -> bool:
    """Return whether the page is in Persian."""
    return get_language() == "fa"


def number(value: int) -> SafeString:
    """Return ``value`` grouped by thousands, kept left to right so that a minus stays in front."""
    return isolated(_digits(f"{value:,}"))


def decimal(text: str) -> SafeString:
    """Return a decimal such as "12.5" in the digits of the page."""
    return isolated(_digits(text))


def date(iso: str) -> SafeString:
    """Return a Gregorian ``YYYY-MM-DD`` as a Jalali date on Persian pages; "" stays "–"."""
    if not iso:
        return isolated("–")
    if is_persian():
        jalali = JalaliDate(datetime.fromisoformat(iso))  # type: ignore[no-untyped-call]
        iso = f"{jalali.year}/{jalali.month:02d}/{jalali.day:02d}"
    return isolated(_digits(iso))


def moment(utc_us: int, offset: int | None = None) -> SafeString:
    """Return a moment (µs since 1970 UTC) at ``offset`` minutes east of UTC, or at head office's place."""
    at = datetime.fromtimestamp(utc_us // MICROSECONDS, UTC)
    at = timezone.localtime(at) if offset is None else at + timedelta(minutes=offset)
    return format_html("{} {}", date(at.date().isoformat()), isolated(_digits(at.strftime("%H:%M"))))


def isolated(text: str) -> SafeString:
    """Return codes and phone numbers protected from the direction of the words around them."""
    return format_html('<bdi dir="ltr">{}</bdi>', text)


def _digits(text: str) -> str:
    return text.translate(PERSIAN) if is_persian() else text
