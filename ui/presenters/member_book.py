"""How far the member book goes, in words: for the top bar and for ``stationctl doctor``. No Qt."""

from datetime import UTC, datetime, timedelta, timezone

from station.clock import MICROSECONDS_PER_MINUTE, MINUTES_PER_DAY, Moment
from sync.state import BookState
from ui.format import Format
from ui.text import Words
from ui.views import Chip, Tone

OLD_US = MINUTES_PER_DAY * MICROSECONDS_PER_MINUTE
"""A book this old knows no card that was blocked since yesterday: the cashier is to see it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def book_line(book: BookState, offset: int, words: Words, style: Format) -> str:
    """Return one sentence: how many members, as of when and in which version; ``offset`` as of ``Moment``."""
    count = style.number(book.members)
    if book.stamp is None:
        return words("Members: {count}. The member book is not here whole yet.", count=count)
    return words(
        "Members: {count}, as of {moment}, version {version}.", count=count,
        moment=style.date_time(local(book.stamp.taken_us, offset)), version=style.number(book.stamp.version))


def book_chip(book: BookState, percent: int | None, now: Moment, words: Words, style: Format) -> Chip:
    """Return the patch of the top bar; ``percent`` of a new book have come down, None while none does.

    It warns while there is no whole book, and when the one in use is older than a day.
    """
    count, stamp = style.number(book.members), book.stamp
    lines = [book_line(book, now.offset, words, style)]
    is_old = stamp is None or now.utc_us - stamp.taken_us > OLD_US
    if is_old and stamp:
        lines.append(words("Cards that were blocked later are not known here."))
    if percent is not None:
        share = style.percent(str(percent))
        lines.append(words("A new member book is coming down: {percent} are here.", percent=share))
        text = words("Members: {count} · new book {percent}", count=count, percent=share)
    elif stamp is None:
        text = words("Members: {count} · not whole", count=count)
    else:
        text = words("Members: {count} · {moment}", count=count, moment=_when(local(stamp.taken_us, now.offset), now, style))
    return Chip(text, Tone.WARN if is_old else Tone.OK, "\n".join(lines))


def _when(then: Moment, now: Moment, style: Format) -> str:
    """Return the time of day for today, else the date."""
    return style.time(then.minute_of_day) if then.date == now.date else style.date(then.date)


def local(utc_us: int, offset: int) -> Moment:
    """Return the moment ``utc_us`` as a place ``offset`` minutes east of UTC sees it."""
    seen = (_EPOCH + timedelta(microseconds=utc_us)).astimezone(timezone(timedelta(minutes=offset)))
    return Moment(utc_us, offset, seen.date().isoformat())
